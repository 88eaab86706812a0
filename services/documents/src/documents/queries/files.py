"""Files people may attach, read under row-level security: their own, and those of documents they may read."""

from collections.abc import Sequence

from chassis.uow import UnitOfWork

_HELD = """
SELECT w.sha256 FROM unnest($1::bytea[]) AS w(sha256)
WHERE EXISTS (
    SELECT FROM brought_file b WHERE b.sha256 = w.sha256 AND b.official_id = $2 AND b.agency_id = $3
) OR EXISTS (SELECT FROM attached_file a WHERE a.sha256 = w.sha256)
"""


async def held(unit: UnitOfWork, official_id: str, agency_id: str, hashes: Sequence[bytes]) -> frozenset[bytes]:
    """Those of the files that the caller has brought, or that stand in a document the caller may read."""
    rows = await unit.fetch(_HELD, list(hashes), official_id, agency_id) if hashes else []
    return frozenset(bytes(row["sha256"]) for row in rows)
