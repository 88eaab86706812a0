"""Rows of uploads and of files that were brought, one owner's at a time under row-level security."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.uow import Database, UnitOfWork

_LIVE = (
    "SELECT * FROM upload WHERE official_id = $1 AND agency_id = $2 AND expires_at > $3 ORDER BY begun_at FOR UPDATE"
)
# One after the other: each sees what the one before has begun.
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('uploads|' || $1 || '|' || $2, 0))"
_TAKEN = """
SELECT coalesce(
    (SELECT sum(size) FROM brought_file WHERE official_id = $1 AND agency_id = $2 AND brought_at > $3), 0
) + coalesce(
    (SELECT sum(size) FROM upload WHERE official_id = $1 AND agency_id = $2 AND finished IS NULL AND begun_at > $3), 0
) AS bytes
"""
_BRING = """
INSERT INTO brought_file (official_id, agency_id, sha256, size, brought_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""
_ONE = "SELECT * FROM upload WHERE id = $1 AND expires_at > $2"
_NEW = """
INSERT INTO upload (id, agency_id, official_id, name, raw_name, media_type, size, sha256, fingerprint, arrived, pieces, begun_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '[]', $10, $11)
"""
# Whoever is second finds that the upload has moved on, and looks again where it stands.
_ADVANCE = """
UPDATE upload SET arrived = $3, pieces = pieces || $4::jsonb, expires_at = $5
WHERE id = $1 AND arrived = $2 AND finished IS NULL RETURNING id
"""
_FINISH = "UPDATE upload SET finished = $2, pieces = '[]' WHERE id = $1"
_DELETE = "DELETE FROM upload WHERE id = $1 RETURNING agency_id"
_EXPIRED = "SELECT id, agency_id FROM upload WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2"
_FORGET = "DELETE FROM upload WHERE id = ANY ($1::uuid[]) AND expires_at <= $2"


async def live(unit: UnitOfWork, official_id: str, agency_id: str) -> Sequence[asyncpg.Record]:
    """Uploads of an owner that have not expired."""
    return await unit.fetch(_LIVE, official_id, agency_id, unit.now)


async def taken(unit: UnitOfWork, official_id: str, agency_id: str, since: datetime) -> int:
    """Bytes an owner has brought, or begun to bring, since a moment; holds the owner until the commit."""
    await unit.connection.execute(_ALONE, agency_id, official_id)
    rows = await unit.fetch(_TAKEN, official_id, agency_id, since)
    return int(rows[0]["bytes"])


async def bring(unit: UnitOfWork, official_id: str, agency_id: str, sha256: bytes, size: int) -> None:
    """Notes a file that an owner has brought; the same one again changes nothing."""
    await unit.connection.execute(_BRING, official_id, agency_id, sha256, size, unit.now)


async def find(unit: UnitOfWork, upload_id: UUID) -> asyncpg.Record | None:
    """An upload of the caller's; None when there is none, or it has expired."""
    rows = await unit.fetch(_ONE, upload_id, unit.now)
    return rows[0] if rows else None


async def add(
    unit: UnitOfWork,
    upload_id: UUID,
    owner: tuple[str, str],
    names: tuple[str, str, str],
    size: int,
    marks: tuple[bytes, str],
    expires_at: datetime,
) -> None:
    """Opens an upload. owner: agency and official. names: name, raw name, media type as announced. marks: hash, fingerprint."""
    await unit.connection.execute(_NEW, upload_id, *owner, *names, size, *marks, unit.now, expires_at)


async def advance(unit: UnitOfWork, upload_id: UUID, before: int, after: int, piece: str, expires_at: datetime) -> bool:
    """Notes that a piece has arrived; False when the upload no longer stood at ``before``."""
    return bool(await unit.fetch(_ADVANCE, upload_id, before, after, [piece], expires_at))


async def finish(unit: UnitOfWork, upload_id: UUID, attachment: bytes) -> None:
    """Notes what became of it."""
    await unit.connection.execute(_FINISH, upload_id, attachment)


async def delete(unit: UnitOfWork, upload_id: UUID) -> bool:
    """Forgets an upload; False when the caller has none of that id."""
    return bool(await unit.fetch(_DELETE, upload_id))


async def expired(database: Database, limit: int) -> Sequence[asyncpg.Record]:
    """Uploads nobody has finished in time, under the worker role."""
    rows: Sequence[asyncpg.Record] = await database.pool.fetch(_EXPIRED, database.clock.now(), limit)
    return rows


async def forget(database: Database, uploads: Sequence[UUID]) -> None:
    """Removes rows of expired uploads, under the worker role."""
    await database.pool.execute(_FORGET, list(uploads), database.clock.now())
