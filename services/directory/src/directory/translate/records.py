"""Between records, their rows in the database and the messages that replicas keep. No decision is made here."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from directory.domain.records import (
    Absence,
    Appointment,
    ClientSystem,
    DelegationRule,
    ExternalIdentity,
    Kind,
    Official,
    Passkey,
    Post,
    Record,
    Task,
    TokenKey,
    Unit,
)
from onnara.directory.v1 import events_pb2 as events

_MESSAGES: Mapping[type, type[Message]] = {
    Unit: events.UnitData,
    Official: events.OfficialData,
    Appointment: events.AppointmentData,
    ExternalIdentity: events.ExternalIdentityData,
    ClientSystem: events.ClientSystemData,
    Task: events.TaskData,
    TokenKey: events.TokenKeyData,
    DelegationRule: events.DelegationRuleData,
    Absence: events.AbsenceData,
    Passkey: events.PasskeyData,
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
        case datetime():
            return timestamp(value)
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


def official(found: Mapping[str, Any]) -> Official:
    """An official from its row."""
    return Official(**{name: found[name] for name in _FIELDS[Official]})


def post(found: Mapping[str, Any]) -> Post:
    """A post from its row."""
    values = {name: found[name] for name in _FIELDS[Post]}
    return Post(**{**values, "roles": tuple(values["roles"])})


def task(found: Mapping[str, Any]) -> Task:
    """A unit task from its row."""
    values = {name: found[name] for name in _FIELDS[Task]}
    return Task(**{**values, "department_codes": tuple(values["department_codes"])})


def delegation_rule(found: Mapping[str, Any]) -> DelegationRule:
    """A rule from its row."""
    return DelegationRule(**{name: found[name] for name in _FIELDS[DelegationRule]})


def absence(found: Mapping[str, Any]) -> Absence:
    """An absence from its row."""
    return Absence(**{name: found[name] for name in _FIELDS[Absence]})


def passkey(found: Mapping[str, Any]) -> Passkey:
    """A passkey from its row."""
    return Passkey(**{name: found[name] for name in _FIELDS[Passkey]})


def timestamp(moment: datetime) -> Timestamp:
    """A moment as it travels."""
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


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
