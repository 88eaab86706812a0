"""A registered document on its way out, locked, with who acts and what he is to it: what every act on sending begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from chassis.actor import Actor
from chassis.errors import ConflictError, NotFoundError, RefusalError
from chassis.uow import UnitOfWork
from documents.domain import dispatching
from documents.domain.dispatching import Facts
from documents.domain.state import State
from documents.domain.transition import moved
from documents.handlers.relations import relations
from documents.ports.directory import View
from documents.tables import DOCUMENT
from documents.translate.dispatch import kind_of
from onnara.documents.v1.events_pb2 import DispatchProgressed
from onnara.exchange.v1.official_document_pb2 import OfficialDocument

_LOAD = """
SELECT d.*, r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on,
    EXISTS (SELECT FROM seal_imprint i WHERE i.document_id = d.id) AS sealed,
    EXISTS (SELECT FROM recipient_addition a WHERE a.document_id = d.id AND a.state = 'asked') AS asked
FROM document d LEFT JOIN registration r ON r.document_id = d.id WHERE d.id = $1 FOR UPDATE OF d
"""


@dataclass(slots=True)
class Outgoing:
    """One document and one caller in one transaction. document: without body and steps."""

    unit: UnitOfWork
    row: dict[str, Any]
    document: OfficialDocument
    facts: Facts
    relations: frozenset[str]
    actor: Actor
    view: View
    correlation_id: str

    def moved(self, act: str) -> State:
        """State after an act of the caller; raises ForbiddenError act-not-yours or ConflictError act-not-now."""
        found = moved(dispatching.TABLE, State(self.row["state"]), act, self.relations)
        if isinstance(found, RefusalError):
            raise found
        return found

    def keep(
        self, state: State, act: str, *, ledger_number: int = 0, codes: Sequence[str] = (), content: bytes = b""
    ) -> int:
        """Writes what an act made of the document and records it; answers the version. content: when it has changed."""
        row = self.row
        row.update(state=state, version=row["version"] + 1, changed_at=self.unit.now)
        changed = {name: row[name] for name in ("id", "state", "version", "changed_at")}
        if content:
            row["content"] = changed["content"] = content
        self.unit.update(DOCUMENT, changed)
        event = DispatchProgressed(
            document_id=str(row["id"]),
            version=row["version"],
            state=state,
            act=act,
            ledger_number=ledger_number,
            recipient_codes=codes,
        )
        self.record(event)
        return int(row["version"])

    def record(self, event: Message) -> None:
        """Writes an event about the document into the journal, in the caller's name."""
        self.unit.record(
            event,
            aggregate_id=self.row["id"],
            version=self.row["version"],
            agency_id=self.row["agency_id"],
            actor=self.actor.to_dict(),
            correlation_id=self.correlation_id,
        )


async def open_outgoing(
    unit: UnitOfWork,
    document_id: UUID,
    actor: Actor,
    view: View,
    correlation_id: str,
    expected_version: int | None = None,
) -> Outgoing:
    """Locks the document for an act. Raises NotFoundError document-unknown, ConflictError document-moved-on."""
    rows = await unit.fetch(_LOAD, document_id)
    if not rows:
        raise NotFoundError("document-unknown", params={"document": document_id}, field="document_id")
    row = dict(rows[0])
    if expected_version is not None and row["version"] != expected_version:
        raise ConflictError("document-moved-on", params={"state": row["state"], "version": row["version"]})
    document = OfficialDocument.FromString(row["content"])
    facts = Facts(kind_of(document.seal), row.pop("sealed"), row.pop("asked"))
    found = await relations(unit, row, actor, view)
    return Outgoing(unit, row, document, facts, found, actor, view, correlation_id)
