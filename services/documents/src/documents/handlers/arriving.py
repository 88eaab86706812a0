"""Documents of other agencies come in: a card with the document department or the department, and word that it is stored."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from chassis.envelope import Incoming
from chassis.errors import Problem
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from chassis.worktime import Calendar
from documents.domain import body, receiving
from documents.domain.state import State
from documents.domain.visibility import Basis
from documents.handlers.cards import keep_text, lock_keys, manifest_hash, new_row, refusal_of, show
from documents.handlers.readers import make_findable
from documents.ports.directory import View
from documents.tables import DOCUMENT, RECEIPT
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
    state, office = _place(receiver, view)
    place = view.unit(office) or receiver
    row = new_row(unit, document, agency_id, message.correlation_id)
    row.update(
        state=state,
        department_code=office,
        department_name=place.name if place else "",
        drafter_name=document.sender.agency.name,
        manifest_hash=manifest_hash(document),
        origin=arrived.origin.SerializeToString(),
        origin_key=key,
        origin_revision=arrived.origin.revision,
    )
    unit.insert(DOCUMENT, row)
    unit.insert(RECEIPT, _receipt(unit, row, arrived.receiver_code, view))
    keep_text(unit, row, document)
    for token in tokens_of(state, office, agency_id, view):
        show(unit, row["id"], token, agency_id)
    show(unit, row["id"], f"records:{agency_id}", agency_id, Basis.RECORDS)
    make_findable(unit, row, document)
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


def _place(receiver: Any, view: View) -> tuple[State, str]:
    """State and department of a new card."""
    office = view.document_department(receiver.agency_id)
    state = receiving.arrived_at(receiver.code, is_agency=receiver.is_agency, document_department=office)
    return (state, office or receiver.code) if state == State.ARRIVED else (state, receiver.code)


def tokens_of(state: State, department_code: str, agency_id: str, view: View) -> Sequence[str]:
    """Who has to see a document before it is accepted.

    The department it lies with; where the agency has no document department, any of its clerks distributes.
    """
    if state == State.TO_ACCEPT or view.document_department(agency_id):
        return [f"department:{department_code}"]
    return list(dict.fromkeys((f"agency:{agency_id}", f"department:{department_code}")))


def _receipt(unit: UnitOfWork, row: dict[str, Any], receiver_code: str, view: View) -> dict[str, Any]:
    calendar = Calendar(view.deadlines.holidays, ZoneInfo(view.zone(row["agency_id"])))
    return {
        "document_id": row["id"],
        "agency_id": row["agency_id"],
        "receiver_code": receiver_code,
        "arrived_at": unit.now,
        "handed_over_at": receiving.handed_over_at(unit.now, calendar),
    }


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
