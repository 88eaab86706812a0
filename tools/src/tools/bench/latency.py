"""Published -> handled: an event is committed by one process part, relayed through RabbitMQ and handled by another, at 200/s."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

import asyncpg

from chassis import db, migrate
from chassis.clock import SystemClock
from chassis.envelope import Incoming
from chassis.messaging import Broker, Consumers, Outcome, Relay, Subscription
from chassis.uow import Database, UnitOfWork
from onnara.approval.v1.events_pb2 import LineRefused
from tools.bench.figure import percentile

RATE = 200
SECONDS = 15
WARM_UP = 2


async def measure(rabbit: str, postgres: str, seconds: float = SECONDS) -> tuple[float, float]:
    """Milliseconds at the 50th and 99th percentile, from before the publisher's commit to the handler's batch."""
    name = f"onnara_bench_latency_{secrets.token_hex(3)}"
    await migrate.provision(postgres, "bench", database=name)
    owner = await asyncpg.connect(migrate.role_url(postgres, "bench", "owner", database=name))
    for statement in migrate.chassis_schema("bench"):
        await owner.execute(statement)
    await owner.close()
    pool = await db.open_pool(migrate.role_url(postgres, "bench", "worker", database=name))
    try:
        samples = await _run(Database(pool, SystemClock()), Broker(rabbit, name), seconds)
    finally:
        await pool.close()
        admin = await asyncpg.connect(postgres)
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()
    return percentile(samples, 0.5), percentile(samples, 0.99)


async def _run(database: Database, broker: Broker, seconds: float) -> list[float]:
    sent: dict[UUID, float] = {}
    samples: list[float] = []
    all_handled = asyncio.Event()

    async def handle(_: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
        now = time.perf_counter()
        samples.extend((now - sent[message.id]) * 1000 for message in batch if message.id in sent)
        if len(samples) >= int(RATE * seconds):
            all_handled.set()
        return [None] * len(batch)

    consumers = Consumers("bench", database, broker, [Subscription(LineRefused, lambda message: message, handle)])
    parts = [consumers.run(), Relay("bench", database.pool, broker, database.wake_up).run()]
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        await consumers.ready.wait()
        await _publish(database, {}, WARM_UP)
        await asyncio.sleep(0.5)
        await _publish(database, sent, seconds)
        async with asyncio.timeout(30):
            await all_handled.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return samples


async def _publish(database: Database, sent: dict[UUID, float], seconds: float) -> None:
    """Commits one event after the other at a steady rate; the clock starts before the commit."""
    start = time.perf_counter()
    for number in range(int(RATE * seconds)):
        await asyncio.sleep(max(0.0, start + number / RATE - time.perf_counter()))
        begun = time.perf_counter()
        async with database.transaction() as unit:
            event = LineRefused(line_id=str(number))
            identity = unit.record(
                event, aggregate_id=uuid4(), version=1, agency_id="a", actor={"system": "bench"}, correlation_id="c"
            )
            sent[identity] = begun
