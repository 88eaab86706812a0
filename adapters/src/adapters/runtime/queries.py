"""What the interoperability pages show, read from records, files and outgoing items under row-level security."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from chassis.uow import UnitOfWork

# Settled acknowledgements count as registered: they have reached the end of their way.
_TOTALS = """
count(*) AS received,
count(*) FILTER (WHERE state IN ('registered', 'settled')) AS registered,
count(*) FILTER (WHERE state = 'quarantined') AS quarantined,
count(*) FILTER (WHERE state IN ('in-flight', 'returned')) AS in_flight,
count(*) FILTER (WHERE state = 'returned') AS returned
"""
_ENDPOINT_TOTALS = f"SELECT endpoint, {_TOTALS}, max(changed_at) AS last FROM record GROUP BY endpoint"
_ENDPOINT_OUTGOING = """
SELECT endpoint, count(*) FILTER (WHERE state = 'sent') AS delivered, count(*) FILTER (WHERE state = 'waiting') AS waiting,
    max(sent_at) AS last,
    (array_agg(problems ORDER BY created_at DESC) FILTER (WHERE problems <> '[]'))[1] AS problems
FROM outgoing GROUP BY endpoint
"""
_FILES = """
SELECT id, endpoint, name, size, sha256, taken_at, record_count, findings FROM intake_file
WHERE ($1 = '' OR endpoint = $1) AND (taken_at, id) < ($2, $3) ORDER BY taken_at DESC, id DESC LIMIT $4
"""
_FILE_TOTALS = f"SELECT file_id, {_TOTALS} FROM record WHERE file_id = ANY ($1::uuid[]) GROUP BY file_id"
_QUARANTINE = """
SELECT r.id, r.file_id, f.name AS file_name, r.endpoint, r.ordinal, r.byte_offset, r.stage, r.reasons, r.changed_at, r.natural_key,
    f.adapter
FROM record r JOIN intake_file f ON f.id = r.file_id
WHERE r.state = 'quarantined' AND ($1 = '' OR r.endpoint = $1) AND ($2::uuid IS NULL OR r.file_id = $2)
AND (r.changed_at, r.id) < ($3, $4) ORDER BY r.changed_at DESC, r.id DESC LIMIT $5
"""
_RECORD = """
SELECT r.*, f.name AS file_name, f.sha256, f.adapter, f.mapping_version FROM record r JOIN intake_file f ON f.id = r.file_id
WHERE r.id = $1
"""


_RECORDS_OF = """
SELECT r.*, f.name AS file_name, f.sha256, f.adapter, f.mapping_version FROM record r JOIN intake_file f ON f.id = r.file_id
WHERE r.file_id = $1 ORDER BY r.ordinal
"""


async def records_of(unit: UnitOfWork, file_id: UUID) -> Sequence[asyncpg.Record]:
    """All records of a file with it, in order; none when it does not exist or is another agency's."""
    return await unit.fetch(_RECORDS_OF, file_id)


async def endpoint_totals(unit: UnitOfWork) -> tuple[Mapping[str, asyncpg.Record], Mapping[str, asyncpg.Record]]:
    """Sums over records and over outgoing items, by endpoint."""
    records = {row["endpoint"]: row for row in await unit.fetch(_ENDPOINT_TOTALS)}
    going = {row["endpoint"]: row for row in await unit.fetch(_ENDPOINT_OUTGOING)}
    return records, going


async def files(
    unit: UnitOfWork, endpoint: str, before: tuple[Any, UUID], limit: int
) -> tuple[Sequence[asyncpg.Record], Mapping[UUID, asyncpg.Record]]:
    """A page of files, newest first, and the sums over the records of each."""
    rows = await unit.fetch(_FILES, endpoint, *before, limit)
    totals = {row["file_id"]: row for row in await unit.fetch(_FILE_TOTALS, [row["id"] for row in rows])}
    return rows, totals


async def quarantine(
    unit: UnitOfWork, endpoint: str, file_id: UUID | None, before: tuple[Any, UUID], limit: int
) -> Sequence[asyncpg.Record]:
    """A page of quarantined records, newest first."""
    return await unit.fetch(_QUARANTINE, endpoint, file_id, *before, limit)


async def record(unit: UnitOfWork, record_id: UUID) -> asyncpg.Record | None:
    """One record with its file; None when it does not exist or is another agency's."""
    rows = await unit.fetch(_RECORD, record_id)
    return rows[0] if rows else None
