"""What people see of a produced document beside its card: who wrote which version, and what is decided with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from chassis.uow import UnitOfWork

_AUTHORS = """
SELECT v.number, v.author_position, v.role, v.base_number, v.effective, r.department_code AS reg_department, r.year,
    r.serial, r.text AS reg_number, r.date AS registered_on
FROM document_version v
LEFT JOIN version_registration r ON r.document_id = v.document_id AND r.number = v.number
WHERE v.document_id = $1
"""
_COMPANIONS = """
SELECT d.*, r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on
FROM document d LEFT JOIN registration r ON r.document_id = d.id
WHERE d.line_id = $1 AND d.id <> $2 ORDER BY d.place
"""


@dataclass(frozen=True, slots=True)
class Drafting:
    """authors: by number of the version."""

    authors: Mapping[int, asyncpg.Record]
    companions: Sequence[asyncpg.Record]


async def drafting_of(unit: UnitOfWork, row: Mapping[str, Any]) -> Drafting:
    """Authors of the versions, and the other documents of the line (일괄기안)."""
    authors = {each["number"]: each for each in await unit.fetch(_AUTHORS, row["id"])}
    companions = await unit.fetch(_COMPANIONS, row["line_id"], row["id"]) if row["line_id"] else []
    return Drafting(authors, companions)
