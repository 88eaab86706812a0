"""Reading: the card, its history, the journal."""

import time
from typing import Any
from uuid import UUID

from chassis import journal
from chassis.actor import Actor
from chassis.errors import ForbiddenError, NotFoundError, TransientError
from chassis.rpc import current_call
from documents import queries
from documents.handlers.reading import note_reading
from documents.handlers.relations import relations_of
from documents.queries import dispatches
from documents.queries.drafting import drafting_of
from documents.queries.receipts import receipt_of
from documents.queries.reviews import changes
from documents.rpc.calls import Calls, Context, identity
from documents.translate import views
from documents.translate.dispatch import put_sending
from documents.translate.drafting import put_co_drafters, put_drafting
from documents.translate.history import history_entry
from documents.translate.readers import put_readers, right_of
from documents.translate.receipts import put_receipt
from onnara.common.v1.journal_pb2 import JournalEntry, JournalPosition
from onnara.documents.v1 import documents_service_pb2 as pb

POLL_SECONDS = 0.2
# Room for the answer to travel before the caller's own deadline ends the call.
SPARE_SECONDS = 0.1
# The history holds what everybody in the agency did.
JOURNAL_ROLES = frozenset({"records", "operator"})
MOST_ENTRIES, USUAL_ENTRIES = 1_000, 500


class Reading(Calls):
    """What the caller may see."""

    async def GetDocument(self, request: pb.GetDocumentRequest, context: Context) -> pb.GetDocumentResponse:
        """The card. Opening it is recorded, and so is a refused attempt; unless it is opened its text stays closed."""
        actor, document_id = current_call().actor, identity(request.document_id)
        if request.at_least_line_version:
            await self._follow(actor, document_id, request.at_least_line_version)
        # A card and its copies are of one moment, however busy the relay is.
        async with self._reading(actor, snapshot=True) as unit:
            card = await queries.card(unit, document_id)
            sending = await dispatches.sending_of(unit, card.row) if card else None
            receipt = await receipt_of(unit, card.row) if card else None
            drafting = await drafting_of(unit, card.row) if card else None
        if request.open:
            agency_id, right = (card.row["agency_id"], right_of(card.row["bases"])) if card else ("", "")
            await note_reading(self._worker, document_id, actor, agency_id, self._view(), right=right)
        if card is None:
            raise NotFoundError("document-unknown", params={"document": request.document_id}, field="document_id")
        found = relations_of(card.row, actor, self._view())
        shown = views.document(card.row, card.versions)
        put_drafting(shown, card.row, drafting, found)
        put_co_drafters(shown, card.row, self._view())
        put_sending(shown, card.row, sending, found)
        put_receipt(shown, card.row, receipt, found)
        put_readers(shown, card, found)
        return pb.GetDocumentResponse(document=shown if request.open else views.closed(shown))

    async def GetHistory(self, request: pb.GetHistoryRequest, context: Context) -> pb.GetHistoryResponse:
        """Everything that happened to a document."""
        actor, document_id = current_call().actor, identity(request.document_id)
        async with self._reading(actor) as unit:
            if await queries.line_version(unit, document_id) is None:
                raise NotFoundError("document-unknown", params={"document": request.document_id}, field="document_id")
            rows = await queries.history(unit, document_id)
            changed = await changes(unit, document_id)
        return pb.GetHistoryResponse(entries=[history_entry(row, changed) for row in rows])

    async def ReadJournal(self, request: pb.ReadJournalRequest, context: Context) -> pb.ReadJournalResponse:
        """The decision history after a position, for systems and operators."""
        actor = current_call().actor
        if not actor.is_system and not actor.roles & JOURNAL_ROLES:
            raise ForbiddenError("role-missing", params={"roles": ", ".join(sorted(JOURNAL_ROLES))})
        if not actor.agency_id:
            raise ForbiddenError("agency-missing")
        limit = min(request.page_size, MOST_ENTRIES) if request.page_size > 0 else USUAL_ENTRIES
        after = journal.Position(request.after.transaction, request.after.seq)
        async with self._reading(actor) as unit:
            rows = await journal.read_after(unit.connection, after, limit)
        return pb.ReadJournalResponse(entries=[_entry(row) for row in rows])

    async def _follow(self, actor: Actor, document_id: UUID, wanted: int) -> None:
        """Waits until the card has followed its line, so that a caller reads what it has just decided."""
        seconds = (current_call().deadline - self._rpc.clock.now()).total_seconds() - SPARE_SECONDS
        until = time.monotonic() + seconds
        while True:
            async with self._reading(actor) as unit:
                version = await queries.line_version(unit, document_id)
            if version is None or version >= wanted:
                return
            left = until - time.monotonic()
            if left <= 0:
                raise TransientError("card-behind-line", params={"seen": version, "wanted": wanted})
            await self._watch.wait(min(POLL_SECONDS, left))


def _entry(row: Any) -> JournalEntry:
    entry = JournalEntry(
        position=JournalPosition(transaction=row["xid"], seq=row["seq"]),
        id=str(row["id"]),
        type=row["type"],
        aggregate_id=str(row["aggregate_id"]),
        aggregate_version=row["aggregate_version"],
        actor=views.actor(row["actor"]),
        payload=row["payload"] or b"",
    )
    entry.occurred_at.FromDatetime(row["occurred_at"])
    return entry
