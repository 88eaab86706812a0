"""What has changed is published, in parts, and nobody has to listen."""

import asyncio

from chassis.messaging.consumer import Consumers
from chassis.messaging.inbox import Subscription
from chassis.messaging.relay import Relay
from directory.handlers.change_records import ROWS_PER_EVENT, change_records
from directory.seed import seed
from onnara.directory.v1 import events_pb2 as events


async def emptied(directory) -> None:
    async with asyncio.timeout(20):
        while await directory.worker.pool.fetchval("SELECT count(*) FROM outbox"):
            await asyncio.sleep(0.05)


async def test_changes_reach_those_who_listen_and_silence_is_no_alarm(seeded, broker, unit_of):
    relay = asyncio.create_task(Relay("directory", seeded.worker.pool, broker, seeded.worker.wake_up).run())
    heard: list[events.DirectoryRow] = []

    async def hear(unit, batch):
        for message in batch:
            heard.extend(message.content.rows)
        return [None] * len(batch)

    subscription = Subscription(events.DirectoryChanged, lambda message: message, hear)
    consumers = Consumers("directory", seeded.worker, broker, [subscription])
    listening = None
    try:
        await emptied(seeded)
        assert heard == []
        listening = asyncio.create_task(consumers.run())
        async with asyncio.timeout(20):
            await consumers.ready.wait()
        many = [unit_of(number) for number in range(ROWS_PER_EVENT + 1)]
        async with seeded.worker.transaction() as unit:
            await change_records(unit, many, correlation_id="test")
        async with asyncio.timeout(20):
            while len(heard) < len(many):
                await asyncio.sleep(0.05)
    finally:
        for task in filter(None, (relay, listening)):
            task.cancel()
        await asyncio.gather(*filter(None, (relay, listening)), return_exceptions=True)
    first = len(seed().records()) + 1
    assert sorted(row.version for row in heard) == list(range(first, first + len(many)))
