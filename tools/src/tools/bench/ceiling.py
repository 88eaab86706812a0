"""What this machine can do without us: raw aio-pika and asyncpg, confirmed publish, consume, commit in batches.

Publisher and consumer are two processes, as in the suite, and work at the same time; the rate is that of messages gone
all the way. A document takes several hops through the suite; the ceiling of a journey is this rate divided by 5.
"""

import asyncio
import multiprocessing
import os
import time
from uuid import uuid4

import aio_pika
import asyncpg
from aio_pika.abc import AbstractIncomingMessage

MESSAGES = 30_000
IN_FLIGHT = 200
BATCH = 100
BODY = os.urandom(700)
JOURNEY_HOPS = 5


async def _publish(url: str, queue: str, count: int) -> None:
    connection = await aio_pika.connect(url)
    channel = await connection.channel(publisher_confirms=True)
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def one() -> None:
        async with gate:
            message = aio_pika.Message(BODY, message_id=uuid4().hex, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
            await channel.default_exchange.publish(message, queue)

    await asyncio.gather(*(one() for _ in range(count)))
    await connection.close()


def _publisher(url: str, queue: str, count: int) -> None:
    asyncio.run(_publish(url, queue, count))


async def _consume(rabbit: str, postgres: str, queue: str, count: int) -> None:
    database = await asyncpg.connect(postgres)
    connection = await aio_pika.connect(rabbit)
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=2 * BATCH)
    source = await channel.get_queue(queue)
    arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
    await source.consume(arrived.put)
    done = 0
    while done < count:
        batch = [await arrived.get()]
        while len(batch) < BATCH and not arrived.empty():
            batch.append(arrived.get_nowait())
        async with database.transaction():
            await database.execute(
                "INSERT INTO ceiling SELECT * FROM unnest($1::text[], $2::bytea[])",
                [message.message_id for message in batch],
                [message.body for message in batch],
            )
        await batch[-1].ack(multiple=True)
        done += len(batch)
    await connection.close()
    await database.close()


async def measure(rabbit: str, postgres: str, count: int = MESSAGES) -> float:
    """Messages per second, publisher and consumer together."""
    queue = f"ceiling-{uuid4().hex[:8]}"
    connection = await aio_pika.connect(rabbit)
    channel = await connection.channel()
    await channel.declare_queue(queue, durable=True, arguments={"x-queue-type": "quorum"})
    database = await asyncpg.connect(postgres)
    await database.execute(
        "DROP TABLE IF EXISTS ceiling; CREATE TABLE ceiling (id text PRIMARY KEY, body bytea NOT NULL)"
    )
    publisher = multiprocessing.get_context("spawn").Process(target=_publisher, args=(rabbit, queue, count))
    publisher.start()
    while (await channel.declare_queue(queue, passive=True)).declaration_result.message_count == 0:  # noqa: ASYNC110 - the broker tells only when asked
        await asyncio.sleep(0.005)
    started = time.perf_counter()
    await _consume(rabbit, postgres, queue, count)
    rate = count / (time.perf_counter() - started)
    await asyncio.to_thread(publisher.join)
    await channel.queue_delete(queue)
    await connection.close()
    await database.execute("DROP TABLE ceiling")
    await database.close()
    return rate
