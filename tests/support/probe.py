"""A small service, `probe`, on real servers: it counts the effects of messages and gives out numbers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, Uuid

from chassis.envelope import Incoming
from chassis.messaging import Outcome, Subscription
from chassis.messaging.broker import Broker
from chassis.uow import Database, UnitOfWork
from onnara.approval.v1.events_pb2 import LineRefused

MIGRATIONS = Path(__file__).parents[1] / "chassis" / "probe"
METADATA = MetaData()
EFFECT = Table("effect", METADATA, Column("message_id", Uuid), Column("series", Text), Column("number", BigInteger))
ACTOR = {"system": "tests"}
_TAKE = """
INSERT INTO series (key, n) SELECT * FROM unnest($1::text[], $2::bigint[]) AS v(key, k) ORDER BY key
ON CONFLICT (key) DO UPDATE SET n = series.n + excluded.n RETURNING key, n
"""

Handle = Callable[[UnitOfWork, Sequence[Incoming[LineRefused]]], Awaitable[Sequence[Outcome]]]


@dataclass
class Probe:
    """The service under test: a database and the handlers that tests put in."""

    database: Database
    broker: Broker

    async def publish(self, count: int, *, document: str = "") -> list[UUID]:
        """Commits `count` events; the relay publishes them."""
        ids = []
        async with self.database.transaction() as unit:
            for number in range(count):
                event = LineRefused(line_id=str(number), document_id=document)
                ids.append(
                    unit.record(event, aggregate_id=uuid4(), version=1, agency_id="a1", actor=ACTOR, correlation_id="c")
                )
        return ids

    async def effects(self) -> list[UUID]:
        return [
            row["message_id"] for row in await self.database.pool.fetch("SELECT message_id FROM effect ORDER BY id")
        ]


def subscription(handle: Handle, batch: int = 100) -> Subscription[LineRefused, LineRefused]:
    return Subscription(LineRefused, lambda message: message, handle, batch)


async def count_effects(unit: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
    for message in batch:
        unit.insert(EFFECT, {"message_id": message.id, "series": None, "number": None})
    return [None] * len(batch)


async def take_numbers(unit: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
    """Gives each message a number of the series named by its document id; the hot rows are taken last and in order."""
    wanted: dict[str, list[UUID]] = {}
    for message in batch:
        wanted.setdefault(message.content.document_id, []).append(message.id)
    keys = sorted(wanted)
    last = dict(await unit.fetch(_TAKE, keys, [len(wanted[key]) for key in keys]))
    for key in keys:
        for offset, message_id in enumerate(reversed(wanted[key])):
            unit.insert(EFFECT, {"message_id": message_id, "series": key, "number": last[key] - offset})
    return [None] * len(batch)


def wrap(count: int) -> list[Incoming[bytes]]:
    return [
        Incoming(
            uuid4(),
            LineRefused.DESCRIPTOR.full_name,
            "a1",
            ACTOR,
            "c",
            datetime.now(UTC),
            LineRefused(line_id=str(n)).SerializeToString(),
        )
        for n in range(count)
    ]
