"""Acknowledgements move copies: each is stored once, the state of a copy is the maximum of what was seen."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from chassis.envelope import Incoming
from chassis.errors import InvalidError, NotFoundError, TransientError
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from documents.domain.delivery import STEPS
from documents.domain.receiving import AWAY
from documents.handlers.carried import note_forwarded, note_transferred, tell_accepted
from documents.handlers.copies import keep_copy, load_copies, stand
from documents.tables import DELIVERY_EVENT, DOCUMENT
from documents.translate.content import uuid_or_none
from onnara.documents.v1.events_pb2 import DeliveryChanged
from onnara.exchange.v1.events_pb2 import DeliveryReported, DeliveryStep

# carries: the received document that goes on with this one (경유).
_DOCUMENTS = """
SELECT d.id, d.state, d.version, d.agency_id, d.department_code, d.correlation_id,
    (SELECT r.document_id FROM receipt r WHERE r.forward_id = d.id) AS carries
FROM document d WHERE d.id = ANY ($1::uuid[]) ORDER BY d.id FOR UPDATE OF d
"""
_STEPS: Mapping[int, str] = {
    number: short for name, number in DeliveryStep.items() if (short := name.removeprefix("DELIVERY_STEP_")) in STEPS
}


async def record_reports(unit: UnitOfWork, batch: Sequence[Incoming[DeliveryReported]]) -> Sequence[Outcome]:
    """Stores reports and moves copies and documents accordingly."""
    wanted = {found for message in batch if (found := uuid_or_none(message.content.document_id))}
    documents = {row["id"]: dict(row) for row in await unit.fetch(_DOCUMENTS, list(wanted))}
    copies = await load_copies(unit, list(documents))
    moved: dict[UUID, dict[str, Any]] = {}
    accepted: dict[UUID, tuple[DeliveryReported, str]] = {}
    outcomes: list[Outcome] = []
    for message in batch:
        document_id = uuid_or_none(message.content.document_id)
        copy = _copy_of(message.content, copies.get(document_id, []) if document_id else [])
        outcomes.append(_judge(message.content, document_id, documents, copy))
        if outcomes[-1] is None and copy is not None and _store(unit, message, documents[copy["document_id"]], copy):
            moved[copy["id"]] = copy
            if copy["state"] == "ACCEPTED" and documents[copy["document_id"]]["state"] in AWAY:
                accepted[copy["document_id"]] = message.content, copy["receiver_name"]
    await tell_accepted(unit, accepted)
    _move(unit, documents, copies, moved)
    changed = {copy["document_id"] for copy in moved.values()}
    await note_forwarded(unit, {document_id: documents[document_id] for document_id in changed}, copies)
    return outcomes


def _judge(
    report: DeliveryReported,
    document_id: UUID | None,
    documents: Mapping[UUID, Any],
    copy: Mapping[str, Any] | None,
) -> Outcome:
    if report.step not in _STEPS:
        return InvalidError("delivery-step-unknown", params={"step": report.step}, field="step")
    if document_id is None:
        return NotFoundError("document-unknown", params={"document": report.document_id}, field="document_id")
    if document_id not in documents:
        return TransientError("document-not-there-yet", params={"document": report.document_id})
    if copy is None:
        return NotFoundError("delivery-unknown", params={"receiver": report.receiver_code}, field="receiver_code")
    return None


def _copy_of(report: DeliveryReported, copies: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The copy a report is about: by the unit that was addressed, else by its agency, else the only one there is."""
    for code in (report.receiver_code, report.reporter.code, report.reporter_agency.code):
        for copy in copies:
            if code and copy["receiver_code"] == code:
                return copy
    return copies[0] if len(copies) == 1 else None


def _store(
    unit: UnitOfWork, message: Incoming[DeliveryReported], document: dict[str, Any], copy: dict[str, Any]
) -> bool:
    """Keeps a report that was not seen before; True when it moves the copy."""
    report = message.content
    report_id = _plain(report.report_id) or str(message.id)
    if report_id in copy["reports"]:
        return False
    step = _STEPS[report.step]
    copy["reports"].append(report_id)
    copy["steps"].append(step)
    unit.insert(
        DELIVERY_EVENT,
        {
            "report_id": report_id,
            "delivery_id": copy["id"],
            "document_id": copy["document_id"],
            "agency_id": copy["agency_id"],
            "step": step,
            "happened_at": report.happened_at.ToDatetime(UTC)
            if report.HasField("happened_at")
            else message.occurred_at,
            "recorded_at": unit.now,
            "department": _plain(report.department),
            "person": _plain(report.person),
            "reason": _plain(report.reason),
            "file_name": _plain(report.file_name),
            "passed_to": _plain(report.passed_to.name or report.passed_to.code),
        },
    )
    if not stand(copy):
        return False
    document["version"] += 1
    event = DeliveryChanged(
        document_id=str(copy["document_id"]),
        delivery_id=str(copy["id"]),
        receiver_code=copy["receiver_code"],
        state=copy["state"],
        report_id=report_id,
    )
    unit.record(
        event,
        aggregate_id=copy["document_id"],
        version=document["version"],
        agency_id=copy["agency_id"],
        actor=message.actor,
        correlation_id=message.correlation_id,
    )
    return True


def _move(
    unit: UnitOfWork,
    documents: Mapping[UUID, dict[str, Any]],
    copies: Mapping[UUID, Sequence[Mapping[str, Any]]],
    moved: Mapping[UUID, Mapping[str, Any]],
) -> None:
    for copy in moved.values():
        keep_copy(unit, copy)
    for document_id in {copy["document_id"] for copy in moved.values()}:
        document = documents[document_id]
        state = note_transferred(unit, document, copies[document_id])
        changed = {"id": document_id, "state": state, "version": document["version"], "changed_at": unit.now}
        unit.update(DOCUMENT, changed)


def _plain(text: str) -> str:
    """The reporter's words as PostgreSQL takes them."""
    return text.replace("\x00", "")
