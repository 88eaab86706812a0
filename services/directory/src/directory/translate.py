"""Between records, their rows in the database and the contract's messages. No decision is made here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.actor import Actor
from directory.domain.capacities import Capacity
from directory.domain.records import (
    Appointment,
    ClientSystem,
    ExternalIdentity,
    Kind,
    Official,
    Post,
    Record,
    Task,
    TokenKey,
    Unit,
)
from onnara.common.v1 import actor_pb2
from onnara.directory.v1 import directory_service_pb2 as service
from onnara.directory.v1 import events_pb2 as events

_MESSAGES: Mapping[type, type[Message]] = {
    Unit: events.UnitData,
    Official: events.OfficialData,
    Appointment: events.AppointmentData,
    ExternalIdentity: events.ExternalIdentityData,
    ClientSystem: events.ClientSystemData,
    Task: events.TaskData,
    TokenKey: events.TokenKeyData,
}


_FIELDS: Mapping[type, tuple[str, ...]] = {kind: tuple(f.name for f in fields(kind)) for kind in (*_MESSAGES, Post)}
_SHARED: Mapping[type, tuple[str, ...]] = {
    kind: tuple(name for name in _FIELDS[kind] if name in wire.DESCRIPTOR.fields_by_name)
    for kind, wire in _MESSAGES.items()
}


def payload(record: Record) -> bytes:
    """The record as replicas keep it; its days stand beside it, not in it."""
    return message(record).SerializeToString(deterministic=True)


def message(record: Record) -> Message:
    """The record as its ...Data message."""
    values = {name: _wire(getattr(record, name)) for name in _SHARED[type(record)]}
    return _MESSAGES[type(record)](**values)


def _wire(value: Any) -> Any:
    match value:
        case UUID():
            return str(value)
        case tuple():
            return [_wire(entry) for entry in value]
        case _:
            return value


def row(record: Record | Post) -> dict[str, Any]:
    """The record as a row of its table: lists as jsonb."""
    return {name: _column(getattr(record, name)) for name in _FIELDS[type(record)]}


def _column(value: Any) -> Any:
    return [_wire(entry) for entry in value] if isinstance(value, tuple) else value


def unit(found: Mapping[str, Any]) -> Unit:
    """A unit from its row."""
    values = {name: found[name] for name in _FIELDS[Unit]}
    return Unit(**{**values, "successor_codes": tuple(values["successor_codes"])})


def appointment(found: Mapping[str, Any]) -> Appointment:
    """An appointment from its row."""
    values = {name: found[name] for name in _FIELDS[Appointment]}
    return Appointment(**{**values, "roles": tuple(values["roles"])})


def unit_message(found: Unit) -> events.UnitData:
    """A unit for an answer."""
    return events.UnitData.FromString(payload(found))


def directory_row(
    kind: int, identity: str, *, valid_from: date, valid_to: date | None, version: int, data: bytes
) -> events.DirectoryRow:
    """A row of the change log as it travels."""
    return events.DirectoryRow(
        kind=events.ReplicaKind.ValueType(Kind(kind)),
        id=identity,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat() if valid_to else "",
        version=version,
        payload=data,
    )


def changed(rows: Sequence[events.DirectoryRow]) -> events.DirectoryChanged:
    """The event of one transaction, or of a part of a large one."""
    return events.DirectoryChanged(rows=rows)


def capacity(found: Capacity) -> service.Capacity:
    """A capacity for the one who signs in."""
    held = found.appointment
    return service.Capacity(
        appointment_id=str(held.appointment_id),
        position=held.position,
        department_code=held.department_code,
        department_name=found.department_name,
        agency_id=str(held.agency_id),
        agency_name=found.agency_name,
        roles=held.roles,
    )


def changes(latest: int, rows: Iterable[Mapping[str, Any]]) -> service.ListChangesResponse:
    """A page of the change log."""
    return service.ListChangesResponse(
        latest=latest,
        rows=[
            directory_row(
                row["kind"],
                row["id"],
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
                version=row["version"],
                data=row["payload"],
            )
            for row in rows
        ],
    )


def found_unit(found: Unit, successors: Iterable[Unit]) -> service.GetUnitResponse:
    """A unit with its days and its successors."""
    return service.GetUnitResponse(
        unit=unit_message(found),
        valid_from=found.valid_from.isoformat(),
        valid_to=found.valid_to.isoformat() if found.valid_to else "",
        successors=[unit_message(successor) for successor in successors],
    )


def units(found: Iterable[Unit]) -> service.SearchUnitsResponse:
    """Units in the order they were found."""
    return service.SearchUnitsResponse(units=[unit_message(entry) for entry in found])


_ENTRY = ("name", "position", "department_code", "department_name", "roles")


def officials(rows: Iterable[Mapping[str, Any]]) -> service.ListOfficialsResponse:
    """Officials in their posts."""
    return service.ListOfficialsResponse(
        officials=[
            service.OfficialEntry(official_id=str(found["official_id"]), **{name: found[name] for name in _ENTRY})
            for found in rows
        ]
    )


_STRENGTHS = {
    "password": actor_pb2.AUTH_STRENGTH_PASSWORD,
    "passkey": actor_pb2.AUTH_STRENGTH_PASSKEY,
    "system": actor_pb2.AUTH_STRENGTH_SYSTEM,
}
_ACTOR_TEXTS = (
    "official_id", "appointment_id", "post_id", "agency_id", "department_code", "name", "position", "acting_for", "system",
)  # fmt: skip


def actor_message(actor: Actor) -> actor_pb2.Actor:
    """The actor for an answer."""
    texts = {name: getattr(actor, name) for name in _ACTOR_TEXTS}
    return actor_pb2.Actor(**texts, strength=_STRENGTHS[actor.strength])


def actor(official_id: UUID, name: str, held: Appointment) -> Actor:
    """An official in one capacity, as tokens say it."""
    return Actor(
        official_id=str(official_id),
        appointment_id=str(held.appointment_id),
        post_id=str(held.post_id),
        agency_id=str(held.agency_id),
        department_code=held.department_code,
        name=name,
        position=held.position,
        roles=frozenset(held.roles),
    )


def signed_in(
    token: str, expires_at: datetime, official_id: UUID, name: str, capacities: Iterable[Capacity]
) -> service.SignInResponse:
    """A new session."""
    return service.SignInResponse(
        session_token=token,
        expires_at=_timestamp(expires_at),
        official_id=str(official_id),
        name=name,
        capacities=[capacity(held) for held in capacities],
    )


def token(text: str, expires_at: datetime, acting: Actor) -> service.IssueTokenResponse:
    """A new actor token."""
    return service.IssueTokenResponse(
        actor_token=text, expires_at=_timestamp(expires_at), actor=actor_message(acting), roles=sorted(acting.roles)
    )


def _timestamp(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
