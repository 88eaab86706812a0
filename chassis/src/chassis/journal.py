"""Reading the journal: by aggregate for a history, and by a safe position for readers that must miss nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from chassis.db import Connection

# Transactions still running have ids at or above xmin of the snapshot: what lies below can no longer change.
_AFTER = """
SELECT xid::text::bigint AS xid, seq, id, type, aggregate_id, aggregate_version, actor, occurred_at, payload
FROM journal
WHERE (xid, seq) > ($1::text::xid8, $2::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xid, seq LIMIT $3
"""
_OF_AGGREGATES = """
SELECT seq, id, type, aggregate_id, aggregate_version, actor, occurred_at, payload
FROM journal WHERE aggregate_id = ANY ($1::uuid[]) ORDER BY seq
"""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Transaction and sequence of the last entry seen; (0, 0) is the beginning."""

    transaction: int = 0
    seq: int = 0


async def read_after(connection: Connection, position: Position, limit: int) -> list[asyncpg.Record]:
    """Entries after a position, in an order in which nothing can appear behind the reader."""
    rows: list[asyncpg.Record] = await connection.fetch(_AFTER, str(position.transaction), position.seq, limit)
    return rows


async def history(connection: Connection, aggregates: Sequence[UUID]) -> list[asyncpg.Record]:
    """Entries of some aggregates, oldest first."""
    rows: list[asyncpg.Record] = await connection.fetch(_OF_AGGREGATES, list(aggregates))
    return rows
