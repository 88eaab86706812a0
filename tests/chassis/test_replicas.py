"""Three replicas of a consumer share number series without deadlock and without a gap."""

import asyncio
import random

from chassis import db
from chassis.clock import SystemClock
from chassis.messaging import Consumers, Relay
from chassis.testing.servers import ServiceDatabase
from chassis.uow import Database
from support.probe import Probe, subscription, take_numbers

MESSAGES = 3000
SERIES = 7


async def test_three_replicas_number_without_gap(probe: Probe, probe_database: ServiceDatabase) -> None:
    pools = [await db.open_pool(probe_database.url("worker"), size=4) for _ in range(3)]
    replicas = [
        Consumers("probe", Database(pool, SystemClock()), probe.broker, [subscription(take_numbers, 40)])
        for pool in pools
    ]
    relay = Relay("probe", probe.database.pool, probe.broker, probe.database.wake_up)
    tasks = [asyncio.create_task(part.run()) for part in (*replicas, relay)]
    order = random.Random(7)
    try:
        await asyncio.gather(*(replica.ready.wait() for replica in replicas))
        async with asyncio.timeout(60):
            for _ in range(MESSAGES // 10):
                await probe.publish(10, document=f"series-{order.randrange(SERIES)}")
            while await probe.database.pool.fetchval("SELECT count(*) FROM effect") < MESSAGES:
                await asyncio.sleep(0.05)
        rows = await probe.database.pool.fetch(
            "SELECT series, count(*) AS n, count(DISTINCT number) AS d, min(number) AS low, max(number) AS high"
            " FROM effect GROUP BY series"
        )
        assert sum(row["n"] for row in rows) == MESSAGES
        for row in rows:
            assert (row["low"], row["high"], row["d"]) == (1, row["n"], row["n"])
        assert await probe.database.pool.fetchval("SELECT count(*) FROM parked") == 0
        deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert await probe.database.pool.fetchval(deadlocks) == 0
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for pool in pools:
            await pool.close()
