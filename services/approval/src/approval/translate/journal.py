"""Journal rows -> messages, and positions both ways."""

from collections.abc import Iterable, Mapping
from typing import Any

from approval.translate.lines import actor_message
from chassis.actor import Actor
from chassis.journal import Position
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.common.v1 import journal_pb2
from onnara.common.v1.actor_pb2 import Actor as ActorMessage


def position_of(message: journal_pb2.JournalPosition) -> Position:
    """Where a reader stands."""
    return Position(message.transaction, message.seq)


def journal_page(rows: Iterable[Mapping[str, Any]]) -> pb.ReadJournalResponse:
    """A page of entries."""
    return pb.ReadJournalResponse(entries=[_entry(row) for row in rows])


def _entry(row: Mapping[str, Any]) -> journal_pb2.JournalEntry:
    return journal_pb2.JournalEntry(
        position=journal_pb2.JournalPosition(transaction=row["xid"], seq=row["seq"]),
        id=str(row["id"]),
        type=row["type"],
        aggregate_id=str(row["aggregate_id"]),
        aggregate_version=row["aggregate_version"],
        actor=actor_of(row["actor"]),
        occurred_at=row["occurred_at"],
        payload=row["payload"] or b"",
    )


def actor_of(stored: Mapping[str, Any]) -> ActorMessage:
    """Who acted, as a row keeps it."""
    try:
        return actor_message(Actor.from_dict(stored))
    except ValueError:
        # Written by another release, or by a system that names no strength: what is known of it.
        return ActorMessage(system=str(stored.get("system", "")), official_id=str(stored.get("official_id", "")))
