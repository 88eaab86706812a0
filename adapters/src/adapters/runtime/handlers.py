"""What events from the services do to records and outgoing items. Set-based: one read and one write per table and batch."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from adapters.runtime.accounting import STATE_OF_STATUS, reasons_of_errors, wants_result
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.kinds import LEAVING
from adapters.runtime.tables import OUTGOING, RECORD
from chassis.envelope import Incoming
from chassis.errors import NotFoundError
from chassis.ids import uuid7
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from onnara.exchange.v1.events_pb2 import (
    ArrivalStored,
    DeliveryReported,
    DeliveryStep,
    DispatchRequested,
    RequestRefused,
    ResultReported,
    Transmission,
)

_RECORDS = """
SELECT id, endpoint, agency_id, state, stage, reasons, revision, document_id, result_version
FROM record WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE
"""
ARRIVE_ACKS = "SELECT key, payload, endpoint, agency_id, sender_code, receiver_code FROM outgoing WHERE kind = 'ack' AND key = ANY ($1::text[])"
# A newer snapshot replaces an older one that has not gone out, and follows one that has.
NEWEST_WINS = """(kind, key) DO UPDATE SET version = excluded.version, payload = excluded.payload, state = 'waiting',
attempts = 0, next_attempt_at = excluded.next_attempt_at, problems = excluded.problems
WHERE outgoing.version < excluded.version"""
ONCE = "(kind, key) DO NOTHING"


async def refuse_requests(unit: UnitOfWork, batch: Sequence[Incoming[RequestRefused]]) -> Sequence[Outcome]:
    """A service refused records that decoded: they return into quarantine with its reasons."""
    rows = await _records(unit, [message.content.origin.record_id for message in batch])
    outcomes: list[Outcome] = []
    for message in batch:
        origin = message.content.origin
        row = rows.get(origin.record_id)
        if row is None or row["revision"] != origin.revision:
            outcomes.append(NotFoundError("record-unknown", params={"record": origin.record_id}))
            continue
        row.update(state="quarantined", stage=message.content.stage, reasons=reasons_of_errors(message.content.errors))
        outcomes.append(None)
    _write(unit, rows)
    return outcomes


async def report_results(
    unit: UnitOfWork, endpoints: Endpoints, batch: Sequence[Incoming[ResultReported]]
) -> Sequence[Outcome]:
    """A request has come further: accounts for its record, and tells the asking system if it wants to know."""
    rows = await _records(unit, [message.content.origin.record_id for message in batch])
    newest: dict[str, Incoming[ResultReported]] = {}
    outcomes: list[Outcome] = []
    for message in batch:
        report = message.content
        row = rows.get(report.origin.record_id)
        if row is None:
            outcomes.append(NotFoundError("record-unknown", params={"record": report.origin.record_id}))
            continue
        outcomes.append(None)
        if report.version > row["result_version"]:
            row.update(
                state=STATE_OF_STATUS[report.status],
                stage="",
                document_id=report.document_id,
                result_version=report.version,
            )
            newest[report.origin.record_id] = message
    for record_id, message in newest.items():
        endpoint = endpoints.by_name.get(rows[record_id]["endpoint"])
        report = message.content
        if endpoint and endpoint.writes and wants_result(report.origin.notification, report.status):
            row = outgoing("result", record_id, report, endpoint, message, unit, version=report.version)
            unit.insert(OUTGOING, row, conflict=NEWEST_WINS)
    _write(unit, rows)
    return outcomes


async def store_arrivals(
    unit: UnitOfWork, endpoints: Endpoints, batch: Sequence[Incoming[ArrivalStored]]
) -> Sequence[Outcome]:
    """Documents has stored an arrived document: its record is settled, and its sender is told that it was received."""
    rows = await _records(unit, [message.content.origin.record_id for message in batch])
    keys = [f"{message.content.origin.record_id}:arrive" for message in batch]
    acks = {row["key"]: row for row in await unit.fetch(ARRIVE_ACKS, keys)}
    outcomes: list[Outcome] = []
    for message, key in zip(batch, keys, strict=True):
        stored = message.content
        row = rows.get(stored.origin.record_id)
        if row is None:
            outcomes.append(NotFoundError("record-unknown", params={"record": stored.origin.record_id}))
            continue
        outcomes.append(None)
        row.update(state="registered", document_id=stored.document_id)
        ack = acks.get(key)
        endpoint = endpoints.by_name.get(ack["endpoint"]) if ack else None
        if ack and endpoint:
            report = DeliveryReported.FromString(ack["payload"])
            report.step = DeliveryStep.DELIVERY_STEP_RECEIVED
            report.happened_at.FromDatetime(unit.now)
            codes = (ack["sender_code"], ack["receiver_code"])
            unit.insert(
                OUTGOING,
                outgoing("ack", f"{stored.origin.record_id}:receive", report, endpoint, message, unit, codes=codes),
                conflict=ONCE,
            )
    _write(unit, rows)
    return outcomes


async def dispatch_documents(
    unit: UnitOfWork, endpoints: Endpoints, batch: Sequence[Incoming[DispatchRequested]]
) -> Sequence[Outcome]:
    """Registered documents go out: one outgoing item per recipient, or a failure report where nobody delivers."""
    for message in batch:
        request = message.content
        for delivery in request.deliveries:
            endpoint = endpoints.delivering_to(delivery.receiver_code)
            if endpoint is None or not endpoint.writes:
                _report_no_route(unit, message, delivery.receiver_code)
                continue
            one = DispatchRequested(
                document=request.document,
                agency_id=request.agency_id,
                deliveries=[delivery],
                clerk_department=request.clerk_department,
                clerk_name=request.clerk_name,
                transferred_by=request.transferred_by if request.HasField("transferred_by") else None,
            )
            sender = one.transferred_by if one.HasField("transferred_by") else request.document.sender
            key = f"{delivery.delivery_id}:{delivery.transmission}"
            if delivery.transmission != Transmission.TRANSMISSION_SEND:
                key = f"{key}:{message.id}"  # sent once, but sent again as often as somebody wants
            codes = (sender.department.code or sender.agency.code, delivery.receiver_code)
            unit.insert(OUTGOING, outgoing("dispatch", key, one, endpoint, message, unit, codes=codes), conflict=ONCE)
    return [None] * len(batch)


async def take_parcels(
    unit: UnitOfWork, endpoints: Endpoints, owner_of: Callable[[str], str], batch: Sequence[Incoming[Message]]
) -> Sequence[Outcome]:
    """Parcels for an agency's own systems: an outgoing item at the endpoint that takes them, or word that nobody does.

    owner_of: stable id of the agency a code belongs to.
    """
    for message in batch:
        row = LEAVING[type(message.content)]
        name = message.content.DESCRIPTOR.name
        endpoint = endpoints.taking(name, message.agency_id, owner_of)
        if endpoint is None:
            by = message.agency_id, message.actor, message.correlation_id
            report_undelivered(unit, message.content, "no-route", *by)
            continue
        item = outgoing(row.kind, row.key(message.content), message.content, endpoint, message, unit)
        unit.insert(OUTGOING, item, conflict=ONCE)
    return [None] * len(batch)


def report_undelivered(
    unit: UnitOfWork, content: Message, code: str, agency_id: str, actor: Mapping[str, Any], correlation_id: str
) -> None:
    """Tells the service a parcel came from that it was not delivered."""
    told = LEAVING[type(content)].undelivered(content, code, unit.now)
    unit.send(told, agency_id=agency_id, actor=actor, correlation_id=correlation_id)


def outgoing(
    kind: str,
    key: str,
    content: Message,
    endpoint: Endpoint,
    cause: Incoming[Any],
    unit: UnitOfWork,
    *,
    version: int = 1,
    codes: tuple[str, str] = ("", ""),
) -> dict[str, Any]:
    """A row of the outgoing table, due at once."""
    return {
        "id": uuid7(),
        "kind": kind,
        "key": key,
        "version": version,
        "endpoint": endpoint.name,
        "agency_id": cause.agency_id,
        "type": content.DESCRIPTOR.full_name,
        "payload": content.SerializeToString(deterministic=True),
        "actor": cause.actor,
        "correlation_id": cause.correlation_id,
        "sender_code": codes[0],
        "receiver_code": codes[1],
        "state": "waiting",
        "attempts": 0,
        "next_attempt_at": unit.now,
        "name": "",
        "sent_at": None,
        "problems": [],
        "created_at": unit.now,
    }


def _report_no_route(unit: UnitOfWork, message: Incoming[DispatchRequested], receiver_code: str) -> None:
    report = DeliveryReported(
        document_id=message.content.document.document_id,
        receiver_code=receiver_code,
        step=DeliveryStep.DELIVERY_STEP_FAILED,
        reason="no-route",
        report_id=f"no-route:{message.id}:{receiver_code}",
    )
    report.happened_at.FromDatetime(unit.now)
    unit.record(
        report,
        aggregate_id=message.id,
        version=1,
        agency_id=message.agency_id,
        actor=message.actor,
        correlation_id=message.correlation_id,
    )


async def _records(unit: UnitOfWork, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    wanted = [UUID(record_id) for record_id in set(ids) if _is_uuid(record_id)]
    return {str(row["id"]): dict(row) for row in await unit.fetch(_RECORDS, wanted)}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _write(unit: UnitOfWork, rows: Mapping[str, dict[str, Any]]) -> None:
    for row in rows.values():
        unit.update(
            RECORD,
            {
                "id": row["id"],
                "state": row["state"],
                "stage": row["stage"],
                "reasons": row["reasons"],
                "document_id": row["document_id"],
                "result_version": row["result_version"],
                "changed_at": unit.now,
            },
        )
