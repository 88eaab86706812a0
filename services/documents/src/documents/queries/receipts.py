"""Reading what became of a received document."""

import asyncpg

from chassis.uow import UnitOfWork
from documents.domain.state import RECEIVED, State

_RECEIPT = "SELECT * FROM receipt WHERE document_id = $1"


async def receipt_of(unit: UnitOfWork, row: asyncpg.Record) -> asyncpg.Record | None:
    """What is kept beside a received card; None, and no statement, for a document of our own."""
    if State(row["state"]) not in RECEIVED:
        return None
    rows = await unit.fetch(_RECEIPT, row["id"])
    return rows[0] if rows else None
