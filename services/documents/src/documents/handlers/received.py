"""A received document, locked, with who acts and what he is to it: what every act on it begins and ends with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from chassis.actor import Actor
from chassis.errors import ConflictError, InvalidError, NotFoundError, RefusalError
from chassis.uow import UnitOfWork
from documents.domain import receiving
from documents.domain.registration import Number
from documents.domain.state import State
from documents.domain.transition import moved
from documents.handlers.cards import show
from documents.handlers.relations import relations
from documents.ports.directory import View
from documents.tables import DOCUMENT, RECEIPT
from documents.translate import receipts
from onnara.exchange.v1.official_document_pb2 import Unit

_CARD = "SELECT * FROM document WHERE id = $1 FOR UPDATE"
_RECEIPT = "SELECT * FROM receipt WHERE document_id = $1"


@dataclass(frozen=True, slots=True)
class Asked:
    """What every act names: the document and the version its caller has seen."""

    document_id: UUID
    expected_version: int
    actor: Actor
    correlation_id: str


@dataclass(slots=True)
class Received:
    """One received document and one caller in one transaction."""

    unit: UnitOfWork
    row: dict[str, Any]
    receipt: Mapping[str, Any]
    relations: frozenset[str]
    actor: Actor
    view: View
    correlation_id: str

    def moved(self, act: str) -> State:
        """State after an act of the caller; raises ForbiddenError act-not-yours or ConflictError act-not-now."""
        found = moved(receiving.TABLE, State(self.row["state"]), act, self.relations)
        if isinstance(found, RefusalError):
            raise found
        return found

    def place(self, department_code: str) -> None:
        """Lays the document with a department, which sees it from now on."""
        unit = self.view.unit(department_code)
        self.row.update(department_code=department_code, department_name=unit.name if unit else "")
        show(self.unit, self.row["id"], f"department:{department_code}", self.row["agency_id"])

    def keep(
        self,
        state: State,
        act: str,
        *,
        official_id: str = "",
        number: Number | None = None,
        receipt: Mapping[str, Any] | None = None,
    ) -> int:
        """Writes what an act made of the document and records it; answers the version. receipt: columns that change."""
        row = self.row
        row.update(state=state, version=row["version"] + 1, changed_at=self.unit.now)
        self.unit.update(DOCUMENT, {name: row[name] for name in _KEPT})
        if receipt:
            self.unit.update(RECEIPT, {"document_id": row["id"], **receipt}, key=("document_id",))
        self.record(receipts.progressed(row, act, official_id=official_id, number=number))
        return int(row["version"])

    def tell_sender(
        self, step: int, *, reason: str = "", number: Number | None = None, passed_to: Unit | None = None
    ) -> None:
        """Reports an act to the adapter the document came through; to be called behind ``keep``."""
        found = self.view.agency(self.row["agency_id"])
        agency = Unit(code=found.code, name=found.name) if found else Unit()
        report = receipts.reported(
            self.row, step, self.actor.name, self.unit.now, agency=agency, reason=reason, number=number
        )
        if passed_to is not None:
            report.passed_to.CopyFrom(passed_to)
        self.record(report)

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


_KEPT = (
    "id", "state", "version", "changed_at", "department_code", "department_name", "in_charge_id", "file_code", "retention",
)  # fmt: skip


async def open_received(unit: UnitOfWork, asked: Asked, act: str, view: View) -> tuple[Received, State]:
    """Locks the document for an act of the caller; answers it with the state the act leads to.

    Raises NotFoundError document-unknown, ForbiddenError act-not-yours, ConflictError act-not-now or document-moved-on.
    """
    rows = await unit.fetch(_CARD, asked.document_id)
    found = await unit.fetch(_RECEIPT, asked.document_id) if rows else []
    if not found:
        raise NotFoundError("document-unknown", params={"document": asked.document_id}, field="document_id")
    row = dict(rows[0])
    relation = await relations(unit, row, asked.actor, view)
    case = Received(unit, row, found[0], relation, asked.actor, view, asked.correlation_id)
    state = case.moved(act)
    if row["version"] != asked.expected_version:
        raise ConflictError("document-moved-on", params={"state": row["state"], "version": row["version"]})
    return case, state


def checked_text(text: str, field: str) -> str:
    """A text as a column takes it; raises InvalidError nul-inside."""
    if "\x00" in text:
        raise InvalidError("nul-inside", field=field)
    return text.strip()
