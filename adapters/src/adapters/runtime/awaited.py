"""Messages of services that are not there yet, or not running: their queues stand from the start, so that nothing is lost.

record in flight -> outbox -> durable queue of the service -> confirmed by the broker -> settled, and its sender told (ARRIVED).
A message whose parcel is gone has been confirmed by a majority of the queue's copies: the relay removes none before.
"""

import asyncio
from typing import Final

import structlog
from prometheus_client import Gauge

from adapters.formats.findings import repair
from adapters.runtime.endpoints import Endpoints
from adapters.runtime.handlers import ONCE, outgoing
from adapters.runtime.kinds import AWAITED, PETITION_STATUS
from adapters.runtime.tables import OUTGOING, RECORD
from adapters.runtime.troubles import Troubles
from chassis import db
from chassis.envelope import Incoming
from chassis.messaging import Broker
from chassis.messaging import broker as amqp
from chassis.uow import Database, UnitOfWork
from chassis.wakeup import WakeUp
from onnara.exchange.v1.petitions_pb2 import PETITION_STATUS_ARRIVED, PetitionStatusReported

log = structlog.get_logger(__name__)

SECONDS: Final = 2.0
BATCH: Final = 500
# How long the board goes on showing it when this process cannot look.
_SHOWN_SECONDS: Final = 30.0
QUEUED: Final = "queued"
WAITING = Gauge("onnara_awaited_waiting", "Messages that wait for a service that has not answered them.", ["endpoint"])
_CONFIRMED: Final = """
SELECT r.id, r.endpoint, r.agency_id, r.natural_key FROM record r
WHERE r.kind = 'petition' AND r.state = 'in-flight'
    AND NOT EXISTS (SELECT FROM parcel p WHERE p.correlation_id = r.id::text)
ORDER BY r.id LIMIT $1 FOR UPDATE OF r SKIP LOCKED
"""
_QUEUED: Final = f"""
SELECT endpoint, count(*) AS count FROM record
WHERE kind = 'petition' AND state = 'settled' AND stage = '{QUEUED}' GROUP BY endpoint
"""


async def declare(broker: Broker) -> None:
    """Makes the queues exactly as their service will; harmless when they are there. Raises BROKER_ERRORS."""
    async with amqp.connection(broker, "adapters.awaited") as connection:
        channel = await connection.channel(publisher_confirms=False)
        await amqp.declare_exchanges(broker, channel)
        for service, forms in AWAITED.items():
            await amqp.declare_dead_queue(broker, channel, service)
            for form in forms:
                await amqp.declare_queue(broker, channel, service, form.DESCRIPTOR.full_name)


async def settle_confirmed(unit: UnitOfWork, endpoints: Endpoints) -> int:
    """Settles records whose message lies in its queue for certain, and tells their senders; answers how many."""
    rows = await unit.fetch(_CONFIRMED, BATCH)
    for row in rows:
        change = {"id": row["id"], "state": "settled", "stage": QUEUED, "changed_at": unit.now}
        unit.update(RECORD, change)
        endpoint = endpoints.by_name.get(row["endpoint"])
        if endpoint is None or not endpoint.writes:
            continue
        key = row["natural_key"]
        told = PetitionStatusReported(
            agency_id=row["agency_id"],
            portal_number=key.partition("/")[0],
            status=PETITION_STATUS_ARRIVED,
            confirms=key,
        )
        told.happened_at.FromDatetime(unit.now)
        actor = {"system": f"adapters/{endpoint.name}"}
        cause = Incoming(row["id"], "", row["agency_id"], actor, str(row["id"]), unit.now, told)
        name = f"{endpoint.name}:{key}:arrived"
        unit.insert(OUTGOING, outgoing(PETITION_STATUS, name, told, endpoint, cause, unit), conflict=ONCE)
    return len(rows)


class Awaited:
    """Keeps the queues there, settles what they hold, and shows how much waits in them."""

    def __init__(
        self, broker: Broker, database: Database, endpoints: Endpoints, troubles: Troubles, going_out: WakeUp
    ) -> None:
        """going_out: woken when a sender is to be told."""
        self._broker = broker
        self._database = database
        self._endpoints = endpoints
        self._troubles = troubles
        self._going_out = going_out

    async def run(self) -> None:
        """Runs until cancelled; outlives broker and database."""
        declared = False
        while True:
            try:
                if not declared:
                    await declare(self._broker)
                    declared = True
                await self.look_once()
            except (*amqp.BROKER_ERRORS, *db.SERVER_ERRORS) as error:
                log.warning("awaited-interrupted", error=type(error).__name__)
            await asyncio.sleep(SECONDS)

    async def look_once(self) -> None:
        """Settles what is confirmed, and counts what waits."""
        settled = BATCH
        while settled == BATCH:
            async with self._database.transaction() as unit:
                settled = await settle_confirmed(unit, self._endpoints)
            if settled:
                self._going_out.set()
        for row in await self._database.pool.fetch(_QUEUED):
            self._show(row["endpoint"], row["count"])

    def _show(self, endpoint: str, count: int) -> None:
        WAITING.labels(endpoint).set(count)
        finding = repair("petitions-waiting", count=str(count))
        known = self._troubles.of(endpoint)
        # What keeps petitions from coming in weighs more.
        if known is None or known["code"] == finding.code:
            self._troubles.note(endpoint, finding, seconds=_SHOWN_SECONDS)
