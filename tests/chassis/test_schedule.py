"""Timers fire once, in time, with their effect or not at all."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import MetaData

from chassis import db, schedule
from chassis.clock import FrozenClock
from chassis.errors import TransientError
from chassis.schedule import PAUSES, Scheduler, Timer, schedule_table
from chassis.testing.servers import ServiceDatabase
from chassis.wakeup import WakeUp

HOUR = timedelta(hours=1)
KEEP = "INSERT INTO series (key, n) VALUES ($1, 1) ON CONFLICT (key) DO UPDATE SET n = series.n + 1"


@pytest_asyncio.fixture
async def pool(probe_database: ServiceDatabase) -> AsyncIterator[db.Pool]:
    opened = await db.open_pool(probe_database.url("worker"), size=8)
    yield opened
    await opened.close()


async def keep(connection: db.Connection, timer: Timer) -> None:
    """An effect that can be counted."""
    await connection.execute(KEEP, timer.key)


async def fired(pool: db.Pool) -> Counter[str]:
    return Counter({record["key"]: record["n"] for record in await pool.fetch("SELECT key, n FROM series")})


async def test_a_timer_waits_until_it_is_due(pool: db.Pool, frozen_clock: FrozenClock) -> None:
    seen: list[Timer] = []

    async def note(_: db.Connection, timer: Timer) -> None:
        seen.append(timer)

    timer = Timer("reminder", "line-1", frozen_clock.now() + HOUR, {"line": "1", "기한": ["3일"]})
    await schedule.add(pool, [timer])
    scheduler = Scheduler(pool, frozen_clock, {"reminder": note})
    assert await scheduler.fire_due() == 0
    frozen_clock.advance(HOUR)
    assert await scheduler.fire_due() == 1
    assert seen == [timer]
    assert await scheduler.fire_due() == 0
    assert await pool.fetchval("SELECT done_at FROM timer") == frozen_clock.now()


async def test_a_rollback_takes_the_timer_with_it(pool: db.Pool, frozen_clock: FrozenClock) -> None:
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await schedule.add(connection, [Timer("reminder", "1", frozen_clock.now())])
        await transaction.rollback()
    assert await pool.fetchval("SELECT count(*) FROM timer") == 0


async def test_setting_again_moves_and_never_rings_twice(pool: db.Pool, frozen_clock: FrozenClock) -> None:
    now = frozen_clock.now()
    scheduler = Scheduler(pool, frozen_clock, {"reminder": keep})
    await schedule.add(
        pool, [Timer("reminder", "1", now), Timer("reminder", "1", now + HOUR), Timer("other", "1", now)]
    )
    await schedule.add(pool, [])
    assert await scheduler.fire_due() == 0, "moved, and the other kind is left to who knows it"
    await schedule.add(pool, [Timer("reminder", "1", now)])
    assert await scheduler.fire_due() == 1
    await schedule.add(pool, [Timer("reminder", "1", now)])
    assert await scheduler.fire_due() == 0
    assert await fired(pool) == {"1": 1}


async def test_cancelled_timers_do_not_ring(pool: db.Pool, frozen_clock: FrozenClock) -> None:
    now = frozen_clock.now()
    await schedule.add(pool, [Timer("reminder", key, now) for key in "123"])
    await schedule.cancel(pool, "reminder", ["1", "3", "never set"])
    await schedule.cancel(pool, "other", ["2"])
    await Scheduler(pool, frozen_clock, {"reminder": keep}).fire_due()
    assert await fired(pool) == {"2": 1}
    await schedule.cancel(pool, "reminder", ["2"])
    assert await pool.fetchval("SELECT count(*) FROM timer") == 1
    await schedule.prune(pool, now)
    assert await pool.fetchval("SELECT count(*) FROM timer") == 1
    await schedule.prune(pool, now + HOUR)
    assert await pool.fetchval("SELECT count(*) FROM timer") == 0


async def test_what_fired_long_ago_is_forgotten_and_what_waits_is_not(pool: db.Pool, frozen_clock: FrozenClock) -> None:
    now = frozen_clock.now()
    await schedule.add(pool, [Timer("reminder", "fired", now), Timer("other", "waits", now)])
    scheduler = Scheduler(pool, frozen_clock, {"reminder": keep})
    await scheduler.fire_due()
    frozen_clock.advance(schedule.KEPT)
    await scheduler.forget()
    assert await pool.fetchval("SELECT count(*) FROM timer") == 2
    frozen_clock.advance(timedelta(seconds=1))
    await scheduler.forget()
    assert [row["key"] for row in await pool.fetch("SELECT key FROM timer")] == ["waits"]


async def test_three_schedulers_fire_each_timer_once(pool: db.Pool, frozen_clock: FrozenClock) -> None:
    keys = [f"{number:03}" for number in range(90)]
    await schedule.add(pool, [Timer("reminder", key, frozen_clock.now()) for key in keys])

    async def slowly(connection: db.Connection, timer: Timer) -> None:
        await asyncio.sleep(0.001)
        await keep(connection, timer)

    schedulers = [Scheduler(pool, frozen_clock, {"reminder": slowly}) for _ in range(3)]
    tried = await asyncio.gather(*(scheduler.fire_due() for scheduler in schedulers))
    assert await fired(pool) == dict.fromkeys(keys, 1)
    assert sum(tried) == 90
    assert min(tried) > 0, "they share the work"


async def test_a_failed_effect_leaves_nothing_and_comes_back_later(pool: db.Pool, frozen_clock: FrozenClock) -> None:
    seen: list[tuple[int, datetime]] = []

    async def fail_three_times(connection: db.Connection, timer: Timer) -> None:
        await keep(connection, timer)
        seen.append((timer.attempts, frozen_clock.now()))
        if timer.attempts < 3:
            raise TransientError("broker-away")

    begin = frozen_clock.now()
    await schedule.add(pool, [Timer("nightly", "1", begin), Timer("reminder", "2", begin)])
    scheduler = Scheduler(pool, frozen_clock, {"nightly": fail_three_times, "reminder": keep})
    assert await scheduler.fire_due() == 2
    assert await fired(pool) == {"2": 1}, "the failed one left nothing and held up nobody"
    for pause in PAUSES[:3]:
        frozen_clock.advance(pause - timedelta(seconds=1))
        assert await scheduler.fire_due() == 0
        frozen_clock.advance(timedelta(seconds=1))
        assert await scheduler.fire_due() == 1
    assert await fired(pool) == {"1": 1, "2": 1}
    assert seen == [(attempt, begin + sum(PAUSES[:attempt], timedelta())) for attempt in range(4)]


async def test_pauses_stop_growing(pool: db.Pool, frozen_clock: FrozenClock) -> None:
    async def fail(_: db.Connection, __: Timer) -> None:
        raise KeyError

    await schedule.add(pool, [Timer("nightly", "1", frozen_clock.now())])
    scheduler = Scheduler(pool, frozen_clock, {"nightly": fail})
    for _ in range(len(PAUSES) + 3):
        assert await scheduler.fire_due() == 1
        frozen_clock.advance(PAUSES[-1])
    assert await pool.fetchval("SELECT attempts FROM timer") == len(PAUSES) + 3


async def test_an_effect_that_hangs_is_ended(
    pool: db.Pool, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "EFFECT_SECONDS", 0.1)

    async def hang(connection: db.Connection, timer: Timer) -> None:
        await keep(connection, timer)
        await connection.execute("SELECT pg_sleep(30)")

    await schedule.add(pool, [Timer("nightly", "1", frozen_clock.now())])
    assert await Scheduler(pool, frozen_clock, {"nightly": hang}).fire_due() == 1
    assert await fired(pool) == {}
    assert await pool.fetchval("SELECT attempts FROM timer") == 1


async def test_a_killed_connection_leaves_the_timer_for_the_next_round(
    pool: db.Pool, frozen_clock: FrozenClock
) -> None:
    killed = 0

    async def die_once(connection: db.Connection, timer: Timer) -> None:
        nonlocal killed
        await keep(connection, timer)
        killed += 1
        if killed == 1:
            await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    woken = asyncio.Event()
    wake_up = WakeUp()
    await schedule.add(pool, [Timer("reminder", "1", frozen_clock.now())])
    scheduler = Scheduler(pool, frozen_clock, {"reminder": die_once}, after_commit=woken.set, wake_up=wake_up)
    running = asyncio.create_task(scheduler.run())
    while not killed:
        await asyncio.sleep(0.01)
    wake_up.set()
    async with asyncio.timeout(5):
        await woken.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await fired(pool) == {"1": 1}
    assert killed == 2


async def test_the_description_is_the_table(pool: db.Pool) -> None:
    described = {column.name: column.nullable for column in schedule_table(MetaData()).columns}
    found = await pool.fetch(
        "SELECT column_name, is_nullable = 'YES' AS nullable FROM information_schema.columns WHERE table_name = 'timer'"
    )
    assert described == {record["column_name"]: record["nullable"] for record in found}
