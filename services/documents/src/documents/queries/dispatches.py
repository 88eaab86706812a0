"""What people see of sending, read under row-level security: the department's board, ledgers, the register of seals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from chassis.uow import UnitOfWork
from documents.domain.state import REGISTERED, State

ON_ITS_WAY = REGISTERED - {State.FILED} | {State.TRANSFERRING, State.TRANSFERRED_AWAY}
"""States of a document that is, was or would have been sent; of a received one that was sent on (이송)."""

# The states stand in the text: only so does the planner see that the partial index holds them.
_BOARD = """
SELECT d.*, r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on
FROM document d LEFT JOIN registration r ON r.document_id = d.id
WHERE d.department_code = $1 AND d.id < $2
AND d.state IN ('send-wait', 'seal-review', 'seal-rejected', 'send-held', 'sending', 'sent', 'sent-partial')
ORDER BY d.id DESC LIMIT $3
"""
_TO_SETTLE = """
SELECT d.*, r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on
FROM document d LEFT JOIN registration r ON r.document_id = d.id
WHERE d.department_code = $1 AND d.id < $2
AND d.id IN (SELECT document_id FROM delivery WHERE agency_id = $4 AND needs_person)
ORDER BY d.id DESC LIMIT $3
"""
_DELIVERIES = "SELECT * FROM delivery WHERE document_id = ANY ($1::uuid[]) ORDER BY document_id, position"
_EVENTS = "SELECT * FROM delivery_event WHERE document_id = ANY ($1::uuid[]) ORDER BY happened_at, step"
_ACTS = "SELECT * FROM delivery_act WHERE document_id = ANY ($1::uuid[]) ORDER BY id"
_ADDITIONS = "SELECT * FROM recipient_addition WHERE document_id = $1 ORDER BY id"
_NOTES = "SELECT * FROM dispatch_note WHERE document_id = $1 ORDER BY id"
_IMPRINT = "SELECT * FROM seal_imprint WHERE document_id = $1"
_LEDGER = """
SELECT * FROM seal_imprint
WHERE agency_id = $1 AND series = $2 AND year = $3 AND number < $4 AND ($5::text = '' OR department_code = $5)
ORDER BY number DESC LIMIT $6
"""
_SEALS = """
SELECT * FROM seal WHERE agency_id = $1 AND ($2 OR disposed_at IS NULL) ORDER BY name, registered_at
"""


class Copies:
    """Copies of some documents with what was told of them and done with them."""

    def __init__(
        self, rows: Sequence[asyncpg.Record], events: Sequence[asyncpg.Record], acts: Sequence[asyncpg.Record]
    ) -> None:
        self.by_document: dict[UUID, list[asyncpg.Record]] = {}
        self.events: dict[UUID, list[asyncpg.Record]] = {}
        self.acts: dict[UUID, list[asyncpg.Record]] = {}
        for row in rows:
            self.by_document.setdefault(row["document_id"], []).append(row)
        for event in events:
            self.events.setdefault(event["delivery_id"], []).append(event)
        for act in acts:
            self.acts.setdefault(act["delivery_id"], []).append(act)


@dataclass(frozen=True, slots=True)
class Sending:
    """All of one document's sending: copies, recipients added or asked for, notes, the entry in the ledger."""

    copies: Copies
    additions: Sequence[asyncpg.Record]
    notes: Sequence[asyncpg.Record]
    imprint: asyncpg.Record | None


async def copies_of(unit: UnitOfWork, document_ids: Sequence[UUID]) -> Copies:
    """Three statements, whatever the number of documents; one when nothing was sent."""
    wanted = list(document_ids)
    rows = await unit.fetch(_DELIVERIES, wanted) if wanted else []
    if not rows:
        return Copies((), (), ())
    return Copies(rows, await unit.fetch(_EVENTS, wanted), await unit.fetch(_ACTS, wanted))


async def board(
    unit: UnitOfWork, agency_id: str, department_code: str, before: UUID, limit: int, *, to_settle: bool
) -> Sequence[asyncpg.Record]:
    """Documents of a department on their way, newest first."""
    if to_settle:
        return await unit.fetch(_TO_SETTLE, department_code, before, limit, agency_id)
    return await unit.fetch(_BOARD, department_code, before, limit)


async def sending_of(unit: UnitOfWork, row: Mapping[str, Any]) -> Sending:
    """What belongs to sending one document; no statement for what is not on its way out."""
    if row["state"] not in ON_ITS_WAY:
        return Sending(Copies((), (), ()), (), (), None)
    additions = await unit.fetch(_ADDITIONS, row["id"])
    notes = await unit.fetch(_NOTES, row["id"])
    entries = await unit.fetch(_IMPRINT, row["id"])
    return Sending(await copies_of(unit, [row["id"]]), additions, notes, entries[0] if entries else None)


async def ledger(
    unit: UnitOfWork, agency_id: str, department_code: str, series: str, year: int, before: int, limit: int
) -> Sequence[Mapping[str, object]]:
    """A ledger, highest number first. department_code: empty for the whole agency."""
    return await unit.fetch(_LEDGER, agency_id, series, year, before, department_code, limit)


async def seals(unit: UnitOfWork, agency_id: str, *, disposed: bool) -> Sequence[asyncpg.Record]:
    """Seals of an agency by name."""
    return await unit.fetch(_SEALS, agency_id, disposed)
