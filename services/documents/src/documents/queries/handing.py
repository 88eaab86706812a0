"""Hand-overs of records as the records officer sees them, and the years of the departments."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from chassis.uow import UnitOfWork
from documents.queries.boxes import FIELDS

_YEARS = "SELECT * FROM record_years($1)"
# Of transfers each record counts once: as its newest hand-over left it.
_STANDING = """
SELECT department_code, year, state, count(*) AS n FROM (
    SELECT DISTINCT ON (e.document_id) t.department_code, t.year, e.state
    FROM record_transfer t JOIN record_transfer_entry e ON e.transfer_id = t.id
    WHERE t.agency_id = $1 AND t.kind = 'transfer' AND ($2 = 0 OR t.year = $2)
    ORDER BY e.document_id, t.id DESC
) AS newest GROUP BY 1, 2, 3
"""
_REPORTS = """
SELECT DISTINCT ON (department_code, year) department_code, year, state FROM record_transfer
WHERE agency_id = $1 AND kind = 'production-report' AND ($2 = 0 OR year = $2) ORDER BY department_code, year, id DESC
"""
_EXTENSIONS = """
SELECT DISTINCT ON (department_code, year) department_code, year, until_year FROM transfer_extension
WHERE agency_id = $1 AND ($2 = 0 OR year = $2) ORDER BY department_code, year, id DESC
"""
_LIST = """
SELECT * FROM record_transfer WHERE agency_id = $1 AND ($2 = '' OR department_code = $2) AND id < $3
ORDER BY id DESC LIMIT $4
"""
_ONE = "SELECT * FROM record_transfer WHERE id = $1"
_ENTRIES = f"""{FIELDS}, '' AS reason, e.state AS entry_state, e.faults AS entry_faults, e.file_code AS entry_file,
    e.position, e.faults = '[]' AS faultless
FROM record_transfer_entry e JOIN document d ON d.id = e.document_id
LEFT JOIN registration r ON r.document_id = d.id
WHERE e.transfer_id = $1 AND (e.faults = '[]', e.position) > ($2, $3) ORDER BY e.faults = '[]', e.position LIMIT $4
"""

Rows = Sequence[asyncpg.Record]


async def years(unit: UnitOfWork, agency_id: str, year: int) -> tuple[Rows, Rows, Rows, Rows]:
    """Years of the departments, where their records stand, their newest reports and extensions. year 0: all."""
    return (
        await unit.fetch(_YEARS, year),
        await unit.fetch(_STANDING, agency_id, year),
        await unit.fetch(_REPORTS, agency_id, year),
        await unit.fetch(_EXTENSIONS, agency_id, year),
    )


async def hand_overs(unit: UnitOfWork, agency_id: str, department_code: str, below: UUID, limit: int) -> Rows:
    """Newest first. department_code: empty for all."""
    return await unit.fetch(_LIST, agency_id, department_code, below, limit)


async def hand_over(unit: UnitOfWork, transfer_id: UUID) -> asyncpg.Record | None:
    """One of them; None when there is none, or it is not the caller's to see."""
    rows = await unit.fetch(_ONE, transfer_id)
    return rows[0] if rows else None


async def entries(unit: UnitOfWork, transfer_id: UUID, after: tuple[bool, int], limit: int) -> Rows:
    """Its records, those with faults first. after: whether the last one had none, and its position."""
    return await unit.fetch(_ENTRIES, transfer_id, *after, limit)
