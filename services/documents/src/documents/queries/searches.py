"""Searching: ids from the index outside row-level security, rows under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from chassis.uow import UnitOfWork
from documents.domain.searching import Wanted, after
from documents.queries.boxes import SUMMARIES

# The first statement answers ids that the caller may read; titles are read under the caller's own policies.
_SEARCH = f"""
WITH hit AS MATERIALIZED (SELECT search_documents($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS id)
{SUMMARIES.replace("WHERE d.id = ANY ($1::uuid[])", "WHERE $1 AND d.id IN (SELECT id FROM hit) ORDER BY d.id DESC")}
"""


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for; empty texts: anything. Days: ISO 8601. zone: IANA, of the caller's agency."""

    wanted: Wanted
    number: str = ""
    from_day: str = ""
    to_day: str = ""
    department_code: str = ""
    state: str = ""
    zone: str = "Asia/Seoul"


async def search(unit: UnitOfWork, wanted: Search, below: UUID, limit: int) -> Sequence[asyncpg.Record]:
    """Documents the caller may read that match everything, newest first."""
    return await unit.fetch(
        _SEARCH,
        True,
        wanted.wanted.grams,
        wanted.wanted.patterns,
        wanted.wanted.person,
        wanted.number,
        after(wanted.number),
        wanted.from_day,
        wanted.to_day,
        wanted.department_code,
        wanted.state,
        wanted.zone,
        below,
        limit,
    )
