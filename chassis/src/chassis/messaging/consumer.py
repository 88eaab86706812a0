"""Consumers under supervision: a queue per message type, batches of what is there, acknowledged after the commit.

Client libraries leave consumers dead after some broker restarts, so nothing is trusted to come back by itself: when a
connection or channel closes, or messages wait while none arrives, everything is torn down and set up again.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import structlog
from aio_pika.abc import AbstractConnection
from aiormq.abc import AbstractChannel as WireChannel
from aiormq.abc import DeliveredMessage

from chassis import db
from chassis.envelope import Incoming
from chassis.errors import InvalidError, TransientError
from chassis.messaging import broker as amqp
from chassis.messaging.broker import Broker
from chassis.messaging.frame import events_in, unpack
from chassis.messaging.inbox import Inbox, Subscription, Waiting, park
from chassis.uow import Database

log = structlog.get_logger(__name__)

WATCH_SECONDS = 5.0
STALLED_SECONDS = 20.0
LONGEST_PAUSE = 5.0


class Consumers:
    """All subscriptions of one service, on one connection."""

    def __init__(
        self, service: str, database: Database, broker: Broker, subscriptions: Sequence[Subscription[Any, Any]]
    ) -> None:
        self._service = service
        self._database = database
        self._inbox = Inbox(database)
        self._broker = broker
        self._subscriptions = tuple(subscriptions)
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Runs until cancelled; outlives broker and database."""
        pause = 0.2
        while True:
            started = time.monotonic()
            try:
                await self._run_connected()
            except (*amqp.BROKER_ERRORS, *db.SERVER_ERRORS, TransientError) as error:
                self.ready.clear()
                log.warning("consumers-interrupted", service=self._service, error=type(error).__name__, pause=pause)
            except BaseExceptionGroup as group:
                self.ready.clear()
                if group.subgroup(asyncio.CancelledError):
                    raise
                names = sorted({type(error).__name__ for error in group.exceptions})
                log.warning("consumers-interrupted", service=self._service, error=names, pause=pause)
            if time.monotonic() - started > STALLED_SECONDS:
                pause = 0.2
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _run_connected(self) -> None:
        async with amqp.connection(self._broker, f"{self._service}.consumers") as connection:
            setup = await connection.channel(publisher_confirms=False)
            await amqp.declare_exchanges(self._broker, setup)
            queues = [QueueConsumer(self._broker, self._service, s, self._inbox) for s in self._subscriptions]
            async with asyncio.TaskGroup() as tasks:
                for queue in queues:
                    await queue.start(connection)
                    tasks.create_task(queue.work())
                tasks.create_task(self._drain_dead(connection))
                tasks.create_task(self._watch(connection, queues))
                self.ready.set()

    async def _watch(self, connection: AbstractConnection, queues: Sequence["QueueConsumer"]) -> None:
        """Raises when the connection is gone or a queue holds messages that do not come."""
        setup = await connection.channel(publisher_confirms=False)
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if connection.is_closed:
                raise ConnectionError("connection closed")
            for queue in queues:
                state = await setup.declare_queue(queue.name, passive=True)
                if queue.stalled(state.declaration_result.message_count or 0):
                    raise ConnectionError(f"{queue.name} stalled")

    async def _drain_dead(self, connection: AbstractConnection) -> None:
        """Moves messages that the broker gave up on into the parked table."""
        channel = await connection.channel(publisher_confirms=False)
        await channel.set_qos(prefetch_count=10)
        queue = await amqp.declare_dead_queue(self._broker, channel, self._service)
        async with queue.iterator() as messages:
            async for message in messages:
                error = TransientError("delivery-limit", params={"limit": amqp.DELIVERY_LIMIT})
                events = unpack(message.body, message.type, message.content_type)
                async with self._database.transaction() as unit:
                    await park(unit, message.type or "", [Waiting(event, error, attempts=6) for event in events])
                await message.ack()


class QueueConsumer:
    """One queue: collects what is there, hands it to the inbox, acknowledges."""

    def __init__(self, broker: Broker, service: str, subscription: Subscription[Any, Any], inbox: Inbox) -> None:
        self.name = broker.queue(service, subscription.name)
        self._broker = broker
        self._service = service
        self._subscription = subscription
        self._inbox = inbox
        self._arrived: asyncio.Queue[DeliveredMessage] = asyncio.Queue()
        self._wire: WireChannel | None = None
        self._last = time.monotonic()
        self._busy = False

    async def start(self, connection: AbstractConnection) -> None:
        """Declares the queue and begins to consume."""
        channel = await connection.channel(publisher_confirms=False)
        await channel.set_qos(prefetch_count=self._subscription.batch)
        await amqp.declare_queue(self._broker, channel, self._service, self._subscription.name)
        self._wire = await amqp.wire(channel)
        await self._wire.basic_consume(self.name, self._take)

    def stalled(self, waiting: int) -> bool:
        """True when messages wait in the broker, none is being worked on, and none has come for a while."""
        return waiting > 0 and not self._busy and time.monotonic() - self._last > STALLED_SECONDS

    async def _take(self, message: DeliveredMessage) -> None:
        self._last = time.monotonic()
        self._arrived.put_nowait(message)

    async def work(self) -> None:
        """Handles batches one after the other until the channel closes or is cancelled."""
        if self._wire is None:
            raise RuntimeError("start first")
        while True:
            batch = await self._next_batch(self._wire)
            self._busy = True
            try:
                await self._handle(batch)
            finally:
                self._busy = False
                self._last = time.monotonic()
            # Deliveries of a channel are numbered in order and handled in order: one frame answers the whole batch.
            await self._wire.basic_ack(batch[-1].delivery_tag or 0, multiple=True)

    async def _next_batch(self, wire: WireChannel) -> list[DeliveredMessage]:
        """Waits for one message and takes what else is already there; never waits to fill a batch."""
        while self._arrived.empty():
            if wire.is_closed:
                raise ConnectionError("channel closed")
            try:
                async with asyncio.timeout(1.0):
                    batch = [await self._arrived.get()]
                break
            except TimeoutError:
                continue
        else:
            batch = [self._arrived.get_nowait()]
        # A frame is never cut apart, so a batch may exceed its size by what its last frame holds.
        size = events_in(batch[0])
        while size < self._subscription.batch and not self._arrived.empty():
            batch.append(self._arrived.get_nowait())
            size += events_in(batch[-1])
        return batch

    async def _handle(self, batch: Sequence[DeliveredMessage]) -> None:
        messages: list[Incoming[bytes]] = []
        strangers: list[Incoming[bytes]] = []
        for delivered in batch:
            try:
                header = delivered.header.properties
                messages += unpack(delivered.body, header.message_type, header.content_type)
            except ValueError:
                strangers.append(amqp.foreign(delivered, self._subscription.name))
        if strangers:
            await self._inbox.set_aside(self._subscription, strangers, InvalidError("foreign-message"))
        if not messages:
            return
        pause = 0.1
        while True:
            try:
                await self._inbox.handle(self._subscription, messages)
            except (TransientError, *db.SERVER_AWAY) as error:
                # Nothing is wrong with the messages: keep them unacknowledged and try again.
                log.warning("batch-delayed", queue=self.name, error=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return
