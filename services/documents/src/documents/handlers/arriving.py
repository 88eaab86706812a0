"""Documents of other agencies come in: a card of our own in 배부대기, and word to the adapter that it is stored (4.4, row 1)."""

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Incoming
from chassis.errors import InvalidError, Problem
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from documents.domain import body
from documents.domain.manifest import hash_of
from documents.domain.state import State
from documents.handlers.submitting import new_row, show
from documents.ports.directory import View
from documents.tables import DOCUMENT, VERSION
from documents.translate import content, events
from onnara.documents.v1.events_pb2 import DocumentReceived
from onnara.exchange.v1.events_pb2 import ArrivalStored, DocumentArrived

_KNOWN = "SELECT origin_key, id FROM document WHERE origin_key = ANY ($1::text[])"


async def store_arrivals(unit: UnitOfWork, batch: Sequence[Incoming[DocumentArrived]], view: View) -> Sequence[Outcome]:
    """Stores arrived documents once; what is not for an agency served here goes back into quarantine."""
    keys = [content.origin_key(message.content.origin) for message in batch]
    known = {row["origin_key"]: row["id"] for row in await unit.fetch(_KNOWN, keys)}
    outcomes: list[Outcome] = []
    for message, key in zip(batch, keys, strict=True):
        if key in known:
            outcomes.append(None)
            continue
        problems = _problems(message.content, view)
        if problems:
            first, *rest = problems
            answer = events.refused(message.content.origin, "documents", problems)
            _record(unit, message, message.id, answer, message.agency_id)
            outcomes.append(InvalidError(first.code, params=first.params, field=first.field, more=tuple(rest)))
            continue
        known[key] = _store(unit, message, key, view)
        outcomes.append(None)
    return outcomes


def _problems(arrived: DocumentArrived, view: View) -> list[Problem]:
    receiver = view.unit(arrived.receiver_code)
    agency = view.agency(receiver.agency_id) if receiver else None
    problems = []
    if agency is None or not agency.served_here:
        problems.append(Problem("receiver-not-here", {"code": arrived.receiver_code}, "receiver_code", "기관코드"))
    if not arrived.document.title.strip():
        problems.append(Problem("title-missing", {}, "document.title"))
    return problems + body.problems_of(arrived.document.body)


def _store(unit: UnitOfWork, message: Incoming[DocumentArrived], key: str, view: View) -> Any:
    arrived = message.content
    document, receiver = arrived.document, view.unit(arrived.receiver_code)
    agency_id = receiver.agency_id if receiver else ""
    row = new_row(unit, document, agency_id, message.correlation_id)
    row.update(
        state=State.ARRIVED,
        department_code=arrived.receiver_code,
        department_name=receiver.name if receiver else "",
        drafter_name=document.sender.agency.name,
        manifest_hash=hash_of(content.manifest_of(document).canonical()),
        origin=arrived.origin.SerializeToString(),
        origin_key=key,
        origin_revision=arrived.origin.revision,
    )
    unit.insert(DOCUMENT, row)
    unit.insert(
        VERSION,
        {
            "document_id": row["id"],
            "number": 1,
            "title": document.title,
            "body": document.body,
            "author_name": document.sender.agency.name,
            "manifest_hash": row["manifest_hash"],
            "created_at": unit.now,
        },
    )
    for token in dict.fromkeys((f"agency:{agency_id}", f"department:{arrived.receiver_code}")):
        show(unit, row["id"], token, agency_id)
    received = DocumentReceived(
        document_id=str(row["id"]),
        version=1,
        sender_code=document.sender.department.code or document.sender.agency.code,
        receiver_code=arrived.receiver_code,
        sender_document_id=document.document_id,
        manifest_hash=row["manifest_hash"],
    )
    _record(unit, message, row["id"], received, agency_id)
    stored = ArrivalStored(origin=arrived.origin, document_id=str(row["id"]))
    stored.stored_at.FromDatetime(unit.now)
    _record(unit, message, row["id"], stored, agency_id)
    return row["id"]


def _record(unit: UnitOfWork, message: Incoming[Any], aggregate_id: Any, event: Any, agency_id: str) -> None:
    unit.record(
        event,
        aggregate_id=aggregate_id,
        version=1,
        agency_id=agency_id,
        actor=message.actor,
        correlation_id=message.correlation_id,
    )
