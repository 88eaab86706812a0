"""The wire form: a frame holds one or several events of one type, whatever was there when the relay looked.

A message of the broker costs far more than its bytes: publishing, routing, replication and acknowledgement are per
message. So events that wait together travel together, and the inbox still counts each by its own id. Nobody waits to
fill a frame but for 2 ms among commits that follow each other closely: at low load each holds one event.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

from chassis.envelope import Incoming

CONTENT_TYPE = "application/vnd.onnara.frame+msgpack"
MOST_EVENTS = 64
MOST_BYTES = 256 * 1024


class _Event(msgspec.Struct, array_like=True):
    """One event as it lies in a frame. Fields are only ever appended."""

    id: bytes
    agency_id: str
    actor: dict[str, Any]
    correlation_id: str
    occurred_at: datetime
    payload: bytes


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[_Event])


def groups(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Journal and parcel rows in frames: one type each, bounded in number and bytes, order kept within a type."""
    open_frames: dict[str, tuple[list[Mapping[str, Any]], int]] = {}
    for row in rows:
        frame, size = open_frames.get(row["type"], ([], 0))
        length = len(row["payload"])
        if frame and (len(frame) >= MOST_EVENTS or size + length > MOST_BYTES):
            yield frame
            frame, size = [], 0
        frame.append(row)
        open_frames[row["type"]] = (frame, size + length)
    for frame, _ in open_frames.values():
        yield frame


def pack(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Bytes of a frame."""
    return _ENCODER.encode(
        [
            _Event(r["id"].bytes, r["agency_id"], r["actor"], r["correlation_id"], r["occurred_at"], r["payload"])
            for r in rows
        ]
    )


def properties(event_type: str) -> Basic.Properties:
    """AMQP properties of a frame."""
    return Basic.Properties(message_type=event_type, content_type=CONTENT_TYPE, delivery_mode=2)


def unpack(body: bytes, event_type: str | None, content_type: str | None) -> list[Incoming[bytes]]:
    """Events of a frame. Raises ValueError when it is none of ours."""
    if content_type != CONTENT_TYPE or not event_type:
        raise ValueError("not a frame of ours")
    try:
        events = _DECODER.decode(body)
        return [
            Incoming(
                UUID(bytes=event.id),
                event_type,
                event.agency_id,
                event.actor,
                event.correlation_id,
                event.occurred_at.astimezone(UTC),
                event.payload,
            )
            for event in events
        ]
    except (msgspec.DecodeError, msgspec.ValidationError, TypeError) as error:
        raise ValueError("a frame that cannot be read") from error


def events_in(message: DeliveredMessage) -> int:
    """How many events a delivered frame holds, without decoding it; 1 for what is no frame."""
    body = message.body
    first = body[0] if body else 0
    if first & 0xF0 == 0x90:
        return first & 0x0F
    return int.from_bytes(body[1:3]) if first == 0xDC else 1
