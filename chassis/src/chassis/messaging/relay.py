"""From the outbox to the broker: lease, publish with confirm, delete, each in a short transaction of its own."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiormq
import structlog
from aio_pika.exceptions import AMQPError
from aiormq.abc import AbstractChannel as WireChannel

from chassis import db
from chassis.db import Pool
from chassis.envelope import must_route
from chassis.messaging import broker as amqp
from chassis.messaging.broker import Broker
from chassis.messaging.frame import groups, pack, properties
from chassis.wakeup import WakeUp

log = structlog.get_logger(__name__)

BATCH = 500
POLL_SECONDS = 1.0
LEASE_SECONDS = 60
# Commits that follow each other faster than BUSY are awaited for a moment: a round of the relay and all that it sets off
# behind the broker costs the same for one event as for ten. A commit by itself goes out at once.
BUSY_SECONDS = 0.005
LINGER_SECONDS = 0.002
# An unroutable message is an alarm; it stays and is tried again this much later.
UNROUTED_PAUSE_SECONDS = 10

_LEASE = f"""
UPDATE outbox SET leased_until = clock_timestamp() + interval '{LEASE_SECONDS} seconds', attempts = attempts + 1
WHERE id IN (
    SELECT id FROM outbox WHERE leased_until < clock_timestamp() ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
)
RETURNING id, kind, seq
"""
_COLUMNS = "seq, id, type, agency_id, actor, correlation_id, occurred_at, payload"
_READ = {
    "j": f"SELECT 'j' AS kind, {_COLUMNS} FROM journal WHERE seq = ANY ($1::bigint[]) ORDER BY seq",
    "p": f"SELECT 'p' AS kind, {_COLUMNS} FROM parcel WHERE seq = ANY ($1::bigint[]) ORDER BY seq",
}
_DONE = """
WITH gone AS (DELETE FROM parcel WHERE seq = ANY ($2::bigint[]))
DELETE FROM outbox WHERE id = ANY ($1::bigint[])
"""
_POSTPONE = (
    "UPDATE outbox SET leased_until = clock_timestamp() + $2 * interval '1 second' WHERE id = ANY ($1::bigint[])"
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A leased row of the outbox."""

    id: int
    kind: str
    seq: int


class Relay:
    """Publishes what commits have left in the outbox, woken by them, polling as a net. Many relays may run at once."""

    def __init__(self, service: str, pool: Pool, broker: Broker, wake_up: WakeUp) -> None:
        self._service = service
        self._pool = pool
        self._broker = broker
        self._wake_up = wake_up

    async def run(self) -> None:
        """Runs until cancelled; outlives broker and database."""
        pause = 0.2
        while True:
            try:
                async with amqp.connection(self._broker, f"{self._service}.relay") as connection:
                    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
                    await amqp.declare_exchanges(self._broker, channel)
                    wire = await amqp.wire(channel)
                    pause = 0.2
                    while True:
                        if await self.publish_once(wire) < BATCH:
                            await self._rest()
            except (*amqp.BROKER_ERRORS, *db.SERVER_ERRORS) as error:
                log.warning("relay-interrupted", service=self._service, error=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _rest(self) -> None:
        """Waits for a commit, and for those right behind it when there are many."""
        since = time.monotonic()
        await self._wake_up.wait(POLL_SECONDS)
        if time.monotonic() - since < BUSY_SECONDS:
            await asyncio.sleep(LINGER_SECONDS)

    async def publish_once(self, wire: WireChannel) -> int:
        """Publishes at most one batch; answers how many pointers it took."""
        pointers = {(row["kind"], row["seq"]): Pointer(*row) for row in await self._pool.fetch(_LEASE, BATCH)}
        if not pointers:
            return 0
        frames = list(groups(await self._read(list(pointers.values()))))
        results = await asyncio.gather(*(self._publish(wire, frame) for frame in frames), return_exceptions=True)
        settled = [
            (pointers[row["kind"], row["seq"]], result)
            for frame, result in zip(frames, results, strict=True)
            for row in frame
        ]
        await self._settle(settled)
        return len(pointers)

    async def _read(self, pointers: Sequence[Pointer]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for kind in sorted({pointer.kind for pointer in pointers}):
            found += await self._pool.fetch(_READ[kind], [p.seq for p in pointers if p.kind == kind])
        return found

    async def _publish(self, wire: WireChannel, frame: Sequence[Mapping[str, Any]]) -> None:
        event_type = frame[0]["type"]
        await wire.basic_publish(
            pack(frame),
            exchange=self._broker.exchange,
            routing_key=event_type,
            properties=properties(event_type),
            mandatory=must_route(event_type),
            timeout=amqp.PUBLISH_DEADLINE,
            # Draining the socket per message would halve the rate; the confirm is awaited anyway.
            wait=False,  # type: ignore[call-arg]
        )

    async def _settle(self, settled: Sequence[tuple[Pointer, BaseException | None]]) -> None:
        done = [pointer for pointer, error in settled if error is None]
        if done:
            await self._pool.execute(_DONE, [p.id for p in done], [p.seq for p in done if p.kind == "p"])
        unrouted = [pointer.id for pointer, error in settled if isinstance(error, aiormq.exceptions.DeliveryError)]
        if unrouted:
            log.error("message-unrouted", service=self._service, count=len(unrouted))
            await self._pool.execute(_POSTPONE, unrouted, float(UNROUTED_PAUSE_SECONDS))
        failed = [
            (pointer.id, error)
            for pointer, error in settled
            if error is not None and not isinstance(error, aiormq.exceptions.DeliveryError)
        ]
        if failed:
            # The lease is given back at once: the broker is away, and when it is back nobody should wait a minute.
            await self._pool.execute(_POSTPONE, [identity for identity, _ in failed], 0.0)
            raise next((e for _, e in failed if isinstance(e, AMQPError | OSError)), failed[0][1])
