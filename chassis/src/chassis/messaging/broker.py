"""Connection, exchange and queues; the wire form of a message."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import aio_pika
import aiormq
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractQueue
from aio_pika.connection import Connection, make_url
from aiormq.abc import AbstractChannel as WireChannel
from aiormq.abc import DeliveredMessage

from chassis.envelope import Incoming

# A message that took its consumer down this often goes to the dead queue and from there into the parked table.
DELIVERY_LIMIT = 50
PUBLISH_DEADLINE = 30.0
CONNECT_DEADLINE = 10.0
# Seconds; a broker that is silent for two of them is gone.
HEARTBEAT = 15

# Everything that means "the broker is away", to be answered by connecting again.
BROKER_ERRORS = (
    aiormq.exceptions.AMQPError,
    aio_pika.exceptions.AMQPError,
    ConnectionError,
    OSError,
    TimeoutError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Broker:
    """Address of the broker, and the prefix of exchanges and queues that lets several installations share it."""

    url: str
    namespace: str = "onnara"

    @property
    def exchange(self) -> str:
        """The one topic exchange."""
        return self.namespace

    @property
    def dead_exchange(self) -> str:
        """Where the broker puts what it gave up on."""
        return f"{self.namespace}.dead"

    def queue(self, service: str, name: str) -> str:
        """Name of a service's queue."""
        return f"{service}.{name}" if self.namespace == "onnara" else f"{self.namespace}.{service}.{name}"


@contextlib.asynccontextmanager
async def connection(broker: Broker, name: str) -> AsyncIterator[AbstractConnection]:
    """A plain connection that is closed whatever happens; whoever holds it opens another when it breaks."""
    # Made before it is connected: one that cannot connect must be closed, too, or it warns of itself much later.
    opened = Connection(make_url(broker.url, heartbeat=HEARTBEAT), client_properties={"connection_name": name})
    try:
        await opened.connect(timeout=CONNECT_DEADLINE)
        yield opened
    finally:
        with contextlib.suppress(*BROKER_ERRORS, asyncio.CancelledError):
            await asyncio.wait_for(opened.close(), 5)


async def declare_exchanges(broker: Broker, channel: AbstractChannel) -> None:
    """Declares what publishers and consumers both need; harmless when it exists."""
    await channel.declare_exchange(broker.exchange, aio_pika.ExchangeType.TOPIC, durable=True)
    await channel.declare_exchange(broker.dead_exchange, aio_pika.ExchangeType.DIRECT, durable=True)


async def declare_queue(broker: Broker, channel: AbstractChannel, service: str, routing_key: str) -> AbstractQueue:
    """A quorum queue bound to one message type. Its dead letters go to the service's dead queue, at least once."""
    queue = await channel.declare_queue(
        broker.queue(service, routing_key),
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": broker.dead_exchange,
            "x-dead-letter-routing-key": service,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )
    await queue.bind(broker.exchange, routing_key)
    return queue


async def declare_dead_queue(broker: Broker, channel: AbstractChannel, service: str) -> AbstractQueue:
    """Where messages end that the broker gave up on; a consumer moves them into the parked table."""
    queue = await channel.declare_queue(
        broker.queue(service, "dead"), durable=True, arguments={"x-queue-type": "quorum"}
    )
    await queue.bind(broker.dead_exchange, service)
    return queue


async def wire(channel: AbstractChannel) -> WireChannel:
    """The protocol channel beneath: publishing and acknowledging without a wrapper object per message."""
    return await channel.get_underlay_channel()


def foreign(delivered: DeliveredMessage, consumer: str) -> Incoming[bytes]:
    """An envelope for a message that came without one, so that it can be parked: its id is made from its bytes."""
    identity = UUID(bytes=hashlib.sha256(delivered.body).digest()[:16])
    return Incoming(identity, consumer, "", {"system": "unknown"}, "", datetime.now(UTC), delivered.body)
