"""The change log: complete under concurrent writers, silent when nothing changed, the same statements for any number."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from chassis.testing.statements import counted_pool
from chassis.uow import Database
from directory import queries
from directory.domain.records import Kind, Official, unit_id
from directory.handlers.change_records import change_records
from directory.seed import seed
from onnara.directory.v1 import events_pb2 as events


async def write(database, records) -> int:
    async with database.transaction() as unit:
        return await change_records(unit, records, correlation_id="test")


async def test_readers_that_follow_versions_miss_nothing_while_others_write(directory, unit_of):
    writers, batches = 6, 15
    done = asyncio.Event()

    async def writer(number: int) -> None:
        for batch in range(batches):
            start = (number * batches + batch) * 3
            await write(directory.worker, [unit_of(start + place) for place in range(3)])

    async def reader() -> list[int]:
        seen: list[int] = []
        while True:
            ended = done.is_set()
            page = await queries.changes_after(directory.worker.pool, seen[-1] if seen else 0, 7)
            seen += [row["version"] for row in page.rows]
            if ended and not page.rows:
                return seen

    reading = asyncio.create_task(reader())
    await asyncio.gather(*(writer(number) for number in range(writers)))
    done.set()
    total = writers * batches * 3
    assert await reading == list(range(1, total + 1))


async def test_a_rollback_leaves_no_gap(directory, unit_of):
    async def fail() -> None:
        async with directory.worker.transaction() as unit:
            await change_records(unit, [unit_of(1)], correlation_id="test")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await write(directory.worker, [unit_of(2)]) == 1
    page = await queries.changes_after(directory.worker.pool, 0, 0)
    assert [row["version"] for row in page.rows] == [1]
    assert page.latest == 1


async def test_the_same_again_changes_nothing_and_a_change_moves_to_the_end(directory, unit_of):
    records = [unit_of(number) for number in range(10)]
    assert await write(directory.worker, records) == 10
    assert await write(directory.worker, records) == 0
    renamed = replace(records[3], name="새 이름")
    assert await write(directory.worker, [*records[:3], renamed]) == 1
    page = await queries.changes_after(directory.worker.pool, 0, 0)
    assert len(page.rows) == 10
    assert page.rows[-1]["id"] == str(renamed.unit_id)
    assert events.UnitData.FromString(page.rows[-1]["payload"]).name == "새 이름"
    assert page.rows[-1]["version"] == page.latest == 11


async def test_every_kind_of_the_seed_is_in_the_log_and_announced(seeded):
    page = await queries.changes_after(seeded.worker.pool, 0, 5000)
    assert {row["kind"] for row in page.rows} == {int(kind) for kind in Kind} - {
        Kind.TOKEN_KEY,
        Kind.ABSENCE,
        Kind.PASSKEY,
    }
    assert len(page.rows) == len(seed().records())
    announced = await seeded.worker.pool.fetch("SELECT payload FROM journal ORDER BY seq")
    rows = [row for entry in announced for row in events.DirectoryChanged.FromString(entry["payload"]).rows]
    assert [row.version for row in rows] == [row["version"] for row in page.rows]
    assert [row.payload for row in rows] == [row["payload"] for row in page.rows]
    assert await seeded.worker.pool.fetchval("SELECT count(*) FROM outbox") == len(announced)


async def test_statements_do_not_grow_with_the_number_of_records(directory, unit_of):
    person = Official(unit_id("person"), "홍길동", unit_id("T000000"), "hong", date(2020, 1, 1))
    async with counted_pool(directory.server.url("worker")) as (pool, texts):
        database = Database(pool, directory.clock)
        await write(database, [unit_of(900_000), person])
        counts = []
        for start, size in ((0, 1), (1000, 10), (2000, 100)):
            texts.clear()
            changed = replace(person, name=f"홍길동{size}")
            await write(database, [changed, *(unit_of(start + place) for place in range(size))])
            counts.append(len(texts))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 10
