"""Registered documents whose disclosure or retention is looked at in a year, and changes of registration data."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg

from chassis.uow import UnitOfWork
from documents.queries.boxes import FIELDS

_ENTRY = f"""{FIELDS}, d.content AS whole, d.retention, r.retained_until, '' AS reason,
    (SELECT v.reviewed_at FROM review v WHERE v.document_id = d.id AND v.kind = $1 AND v.year = $2) AS reviewed_at
FROM registration r JOIN document d ON d.id = r.document_id
WHERE r.agency_id = $3 AND NOT r.cancelled
"""
_DISCLOSURE = f"""{_ENTRY} AND r.disclosure IN (2, 3) AND r.year <= $2
    AND (r.year, r.serial, r.document_id) > ($4, $5, $6) ORDER BY r.year, r.serial, r.document_id LIMIT $7"""
_RETENTION = f"""{_ENTRY} AND r.retained_until < make_date($2, 1, 1)
    AND (r.retained_until, r.serial, r.document_id) > ($4, $5, $6)
    ORDER BY r.retained_until, r.serial, r.document_id LIMIT $7"""
_CHANGES = "SELECT * FROM registration_change WHERE document_id = $1"


async def reviews(
    unit: UnitOfWork, agency_id: str, kind: str, year: int, after: tuple[int | date, int, UUID], limit: int
) -> Sequence[asyncpg.Record]:
    """Entries of a year, oldest number first. after: the last one's year or last day, serial and id."""
    statement = _DISCLOSURE if kind == "disclosure" else _RETENTION
    return await unit.fetch(statement, kind, year, agency_id, *after, limit)


async def changes(unit: UnitOfWork, document_id: UUID) -> dict[int, asyncpg.Record]:
    """Changes of registration data by the card's version after them."""
    return {row["version"]: row for row in await unit.fetch(_CHANGES, document_id)}
