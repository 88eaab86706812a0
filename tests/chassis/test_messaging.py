"""Every message takes effect once: through doubles, refusals, failures, waiting, and what cannot be read."""

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.connection import Connection

from chassis.clock import SystemClock
from chassis.envelope import Incoming
from chassis.errors import InvalidError, TransientError
from chassis.messaging import Consumers, Outcome, Relay, relay
from chassis.messaging import broker as amqp
from chassis.messaging.inbox import Inbox, Waiting, park
from chassis.messaging.parked import ParkedMessages
from chassis.testing.servers import ServiceDatabase
from chassis.testing.statements import counted_pool
from chassis.uow import Database, UnitOfWork
from onnara.approval.v1.events_pb2 import LineRefused
from support.probe import ACTOR, Handle, Probe, count_effects, subscription, wrap


@asynccontextmanager
async def running(probe: Probe, handle: Handle, *, batch: int = 100) -> AsyncIterator[None]:
    consumers = Consumers("probe", probe.database, probe.broker, [subscription(handle, batch)])
    relay = Relay("probe", probe.database.pool, probe.broker, probe.database.wake_up)
    tasks = [asyncio.create_task(consumers.run()), asyncio.create_task(relay.run())]
    try:
        await asyncio.wait_for(consumers.ready.wait(), 20)
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(probe: Probe, statement: str, expected: object, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while (found := await probe.database.pool.fetchval(statement)) != expected:
            await asyncio.sleep(0.02)
    assert found == expected


async def test_published_events_arrive_and_take_effect_once(probe: Probe) -> None:
    async with running(probe, count_effects):
        ids = await probe.publish(350)
        await until(probe, "SELECT count(*) FROM effect", 350)
    assert sorted(await probe.effects()) == sorted(ids)
    assert await probe.database.pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_message_delivered_twice_takes_effect_once(probe: Probe) -> None:
    inbox, batch = Inbox(probe.database), wrap(10)
    await inbox.handle(subscription(count_effects), [*batch, *batch[:3]])
    await inbox.handle(subscription(count_effects), batch)
    assert len(await probe.effects()) == 10


async def test_a_refusal_is_stored_and_the_rest_goes_on(probe: Probe) -> None:
    async def refuse_odd(unit: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
        odd = [int(m.content.line_id) % 2 for m in batch]
        await count_effects(unit, [m for m, refused in zip(batch, odd, strict=True) if not refused])
        return [
            InvalidError("odd", params={"n": m.content.line_id}, field="line_id") if r else None
            for m, r in zip(batch, odd, strict=True)
        ]

    await Inbox(probe.database).handle(subscription(refuse_odd), wrap(10))
    assert len(await probe.effects()) == 5
    refusals = [
        row["refusal"] for row in await probe.database.pool.fetch("SELECT refusal FROM inbox WHERE refusal IS NOT NULL")
    ]
    assert len(refusals) == 5
    assert refusals[0][0]["code"] == "odd"
    assert refusals[0][0]["field"] == "line_id"


async def test_one_failing_message_is_parked_and_99_succeed(probe: Probe) -> None:
    async def fail_on_42(unit: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
        if any(m.content.line_id == "42" for m in batch):
            raise ZeroDivisionError
        return await count_effects(unit, batch)

    await Inbox(probe.database).handle(subscription(fail_on_42), wrap(100))
    assert len(await probe.effects()) == 99
    [parked] = await ParkedMessages(probe.database, []).listed("a1")
    assert parked["problems"] == [
        {"code": "internal", "params": {"type": "ZeroDivisionError"}, "field": "", "source": ""}
    ]
    assert parked["next_attempt_at"] is None
    assert await ParkedMessages(probe.database, []).listed("another") == []


async def test_a_message_that_came_too_early_is_tried_again_until_it_fits(probe: Probe) -> None:
    missing = True

    async def wait_for_it(unit: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
        if missing:
            return [TransientError("document-not-there-yet")] * len(batch)
        return await count_effects(unit, batch)

    known = [subscription(wait_for_it)]
    await Inbox(probe.database).handle(known[0], wrap(3))
    parked = ParkedMessages(probe.database, known)
    assert [row["attempts"] for row in await parked.listed()] == [1, 1, 1]
    await probe.database.pool.execute("UPDATE parked SET next_attempt_at = now()")
    assert await parked.retry_due() == 3
    assert [row["attempts"] for row in await parked.listed()] == [2, 2, 2]
    missing = False
    await probe.database.pool.execute("UPDATE parked SET next_attempt_at = now()")
    await parked.retry_due()
    assert len(await probe.effects()) == 3
    assert await parked.listed() == []


async def test_a_parked_message_that_cannot_be_tried_now_keeps_no_other_waiting(probe: Probe) -> None:
    first, *others = wrap(3)

    async def away_for_one(unit: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
        if any(message.id == first.id for message in batch):
            raise TransientError("directory-away")
        return await count_effects(unit, batch)

    known = [subscription(away_for_one)]
    async with probe.database.transaction() as unit:
        waiting = [Waiting(message, TransientError("document-not-there-yet")) for message in (first, *others)]
        await park(unit, known[0].name, waiting)
    await probe.database.pool.execute("UPDATE parked SET next_attempt_at = now()")
    parked = ParkedMessages(probe.database, known)
    assert await parked.retry_due() == 3
    assert len(await probe.effects()) == 2
    [left] = await parked.listed()
    assert (left["message_id"], left["attempts"]) == (first.id, 2)
    assert left["problems"][0]["code"] == "directory-away"


async def test_what_cannot_be_decoded_is_parked_fixed_and_replayed(probe: Probe) -> None:
    [good, bad] = wrap(2)
    bad = Incoming(bad.id, bad.type, bad.agency_id, bad.actor, bad.correlation_id, bad.occurred_at, b"\xff\xff\xff")
    known = [subscription(count_effects)]
    await Inbox(probe.database).handle(known[0], [good, bad])
    parked = ParkedMessages(probe.database, known)
    [row] = await parked.listed()
    await parked.fix(row["id"], LineRefused(line_id="mended").SerializeToString())
    await parked.replay(row["id"])
    await parked.retry_due()
    assert await parked.listed() == []
    assert sorted(await probe.effects()) == sorted([good.id, bad.id])


async def test_a_stranger_s_message_is_kept_for_a_person(probe: Probe) -> None:
    async with running(probe, count_effects):
        async with amqp.connection(probe.broker, "stranger") as connection:
            channel = await connection.channel()
            exchange = await channel.get_exchange(probe.broker.exchange)
            await exchange.publish(aio_pika.Message(b"hello"), LineRefused.DESCRIPTOR.full_name)
        await probe.publish(1)
        await until(probe, "SELECT count(*) FROM effect", 1)
        await until(probe, "SELECT count(*) FROM parked", 1)


async def test_an_event_nobody_is_bound_to_stays_in_the_outbox(probe: Probe) -> None:
    """No queue is declared: the publish comes back, is an alarm, and nothing is lost."""
    relay = asyncio.create_task(Relay("probe", probe.database.pool, probe.broker, probe.database.wake_up).run())
    try:
        await probe.publish(2)
        await until(
            probe, "SELECT count(*) FROM outbox WHERE attempts > 0 AND leased_until < now() + interval '15 seconds'", 2
        )
        async with running(probe, count_effects):
            await probe.database.pool.execute("UPDATE outbox SET leased_until = now()")
            probe.database.wake_up.set()
            await until(probe, "SELECT count(*) FROM effect", 2)
    finally:
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)


async def test_statements_per_batch_are_equal_at_1_10_and_100(probe_database: ServiceDatabase) -> None:
    async def record_and_count(unit: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
        for message in batch:
            event = LineRefused(line_id=message.content.line_id)
            unit.record(event, aggregate_id=uuid4(), version=1, agency_id="a1", actor=ACTOR, correlation_id="c")
        return await count_effects(unit, batch)

    seen: dict[int, list[str]] = {}
    async with counted_pool(probe_database.url("worker")) as (pool, texts):
        inbox = Inbox(Database(pool, SystemClock()))
        await inbox.handle(subscription(record_and_count), wrap(1))
        for size in (1, 10, 100):
            texts.clear()
            await inbox.handle(subscription(record_and_count), wrap(size))
            seen[size] = list(texts)
    assert seen[1] == seen[10] == seen[100]
    # BEGIN, claim, state, journal with outbox, COMMIT
    assert len(seen[1]) == 5


@pytest.mark.parametrize(("busy", "waits"), [(0.0, False), (3600.0, True)])
async def test_the_relay_lingers_only_among_commits_that_follow_each_other(probe, monkeypatch, busy, waits) -> None:
    """A commit by itself goes out at once; right behind another it takes those that come with it along."""
    monkeypatch.setattr(relay, "LINGER_SECONDS", 3600)
    monkeypatch.setattr(relay, "BUSY_SECONDS", busy)
    resting = asyncio.create_task(Relay("probe", probe.database.pool, probe.broker, probe.database.wake_up)._rest())
    await asyncio.sleep(0)
    probe.database.wake_up.set()
    done, _ = await asyncio.wait([resting], timeout=0.5 if waits else 30)
    assert bool(done) is not waits
    resting.cancel()


async def test_a_connection_that_fails_is_closed() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(amqp.BROKER_ERRORS) as failed:
            async with amqp.connection(amqp.Broker(f"amqp://guest:guest@127.0.0.1:{port}/"), "test"):
                raise AssertionError
    # Left open, it would warn of itself whenever it is swept up. The error still holds it.
    assert failed
    made = [each for each in gc.get_objects() if isinstance(each, Connection) and each.url.port == port]
    assert [each.is_closed for each in made] == [True]
