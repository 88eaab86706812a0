"""Documents of other agencies come in: a card of our own in 배부대기, and word to the adapter that it is stored (4.4, row 1)."""

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Incoming
from chassis.errors import Problem
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from documents.domain import body
from documents.domain.state import State
from documents.handlers.cards import keep_text, lock_keys, manifest_hash, new_row, refusal_of, show
from documents.ports.directory import View
from documents.tables import DOCUMENT
from documents.translate import content, events
from onnara.documents.v1.events_pb2 import DocumentReceived
from onnara.exchange.v1.events_pb2 import ArrivalStored, DocumentArrived

_HASH_BYTES = 32
_KNOWN = "SELECT origin_key, id FROM document WHERE origin_key = ANY ($1::text[])"


async def store_arrivals(unit: UnitOfWork, batch: Sequence[Incoming[DocumentArrived]], view: View) -> Sequence[Outcome]:
    """Stores arrived documents once; what is not for an agency served here goes back into quarantine."""
    keys = [content.origin_key(message.content.origin) for message in batch]
    askable = [key for key in keys if "\x00" not in key]
    await lock_keys(unit, askable)
    known = {row["origin_key"]: row["id"] for row in await unit.fetch(_KNOWN, askable)}
    outcomes: list[Outcome] = []
    for message, key in zip(batch, keys, strict=True):
        if key in known:
            _say_stored(unit, message, known[key], view)  # once more: who asks again has not heard it
            outcomes.append(None)
            continue
        problems = _problems(message.content, view)
        if problems:
            answer = events.refused(message.content.origin, "documents", problems)
            _record(unit, message, message.id, answer, message.agency_id)
            outcomes.append(refusal_of(problems))
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
    texts = content.texts_of(arrived.document, arrived.origin)
    problems += [Problem("nul-inside", {}, place) for place, text in texts if "\x00" in text]
    for number, file in enumerate(arrived.document.attachments):
        if len(file.sha256) != _HASH_BYTES:
            problems.append(Problem("attachment-hash-missing", {}, f"document.attachments[{number}].sha256"))
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
        manifest_hash=manifest_hash(document),
        origin=arrived.origin.SerializeToString(),
        origin_key=key,
        origin_revision=arrived.origin.revision,
    )
    unit.insert(DOCUMENT, row)
    keep_text(unit, row, document)
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
    _say_stored(unit, message, row["id"], view)
    return row["id"]


def _say_stored(unit: UnitOfWork, message: Incoming[DocumentArrived], document_id: Any, view: View) -> None:
    receiver = view.unit(message.content.receiver_code)
    stored = ArrivalStored(origin=message.content.origin, document_id=str(document_id))
    stored.stored_at.FromDatetime(unit.now)
    _record(unit, message, document_id, stored, receiver.agency_id if receiver else message.agency_id)


def _record(unit: UnitOfWork, message: Incoming[Any], aggregate_id: Any, event: Any, agency_id: str) -> None:
    unit.record(
        event,
        aggregate_id=aggregate_id,
        version=1,
        agency_id=agency_id,
        actor=message.actor,
        correlation_id=message.correlation_id,
    )
