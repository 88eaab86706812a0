"""Raw bytes go when their retention has ended, never while somebody may still need them, and the journal says so."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.canonical.retention import ENDLESS, YEARS, ended_before
from adapters.contract import Item
from adapters.runtime import rawbytes, removal
from chassis.clock import FrozenClock
from chassis.errors import NotFoundError
from chassis.uow import Database
from onnara.adapters.v1.events_pb2 import RawBytesRemoved
from support.runtime import AGENCY, Runtime, make_batch


@given(st.sampled_from(sorted(YEARS)), st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(0, 20_000))
def test_a_term_runs_from_the_first_of_january_after(word: str, came: date, later: int) -> None:
    today = came + timedelta(days=later)
    ended = came < (ended_before(word, today) or date.min)
    assert ended == (today >= date(came.year + YEARS[word] + 1, 1, 1))


@pytest.mark.parametrize("word", [*ENDLESS, "", "RETENTION_UNSPECIFIED", "for ever"])
def test_what_is_permanent_or_not_understood_is_kept(word: str) -> None:
    assert ended_before(word, date(9000, 1, 1)) is None


async def take(runtime: Runtime, *names: str, data: bytes | None = None) -> None:
    for number, name in enumerate(names):
        runtime.drop(name, data or make_batch(2, first=1 + 10 * number))
    intake = runtime.intake()
    for _ in range(2):
        await intake.scan_once()


async def age(runtime: Runtime, years: int, where: str = "true") -> None:
    await runtime.database.pool.execute(
        f"UPDATE intake_file SET taken_at = taken_at - interval '{years} years' WHERE {where}"
    )


async def settle(runtime: Runtime, where: str = "true") -> None:
    await runtime.database.pool.execute(f"UPDATE record SET state = 'registered' WHERE {where}")


async def removed(runtime: Runtime) -> list[str]:
    """One turn; names of the files whose bytes are gone."""
    async with runtime.database.transaction() as unit:
        await removal.remove_batch(unit, runtime.blobs)
    rows = await runtime.database.pool.fetch("SELECT name, agency_id, sha256, raw_removed_at FROM intake_file")
    for row in rows:
        kept = await rawbytes.is_kept(runtime.blobs, row["agency_id"], row["sha256"])
        assert kept or row["raw_removed_at"], row["name"]
    return sorted(row["name"] for row in rows if row["raw_removed_at"])


async def test_bytes_stay_until_their_term_ends_and_all_is_settled(runtime: Runtime) -> None:
    await take(runtime, "A.DAT", "B.DAT", "C.DAT")
    await settle(runtime, "file_id <> (SELECT id FROM intake_file WHERE name = 'B.DAT')")
    assert await removed(runtime) == []
    await age(runtime, 5, "name <> 'C.DAT'")
    assert await removed(runtime) == []
    await age(runtime, 1, "name <> 'C.DAT'")
    assert await removed(runtime) == ["A.DAT"]
    for state in ("quarantined", "returned", "in-flight"):
        await runtime.database.pool.execute(
            "UPDATE record SET state = $1 WHERE ordinal = (SELECT max(ordinal) FROM record r WHERE r.file_id = record.file_id)"
            " AND file_id = (SELECT id FROM intake_file WHERE name = 'B.DAT')",
            state,
        )
        assert await removed(runtime) == ["A.DAT"]
    await settle(runtime)
    assert await removed(runtime) == ["A.DAT", "B.DAT"]
    rows = await runtime.database.pool.fetch(
        "SELECT payload FROM journal WHERE type LIKE '%RawBytesRemoved' ORDER BY seq"
    )
    events = [RawBytesRemoved.FromString(row["payload"]) for row in rows]
    assert [(each.name, each.retention, len(each.sha256)) for each in events] == [
        ("A.DAT", "RETENTION_5_YEARS", 32),
        ("B.DAT", "RETENTION_5_YEARS", 32),
    ]
    with pytest.raises(NotFoundError, match="blob-missing"):
        await rawbytes.parts_of(
            runtime.blobs,
            {"agency_id": AGENCY, "sha256": events[0].sha256, "file_name": "A.DAT", "part": "A.DAT"},
        )


async def test_bytes_another_file_has_too_stay_for_it(runtime: Runtime) -> None:
    await take(runtime, "A.DAT", "B.DAT", data=make_batch(2))
    await settle(runtime)
    await age(runtime, 9, "name = 'A.DAT'")
    assert await removed(runtime) == ["A.DAT"]
    row = await runtime.database.pool.fetchrow("SELECT agency_id, sha256 FROM intake_file WHERE name = 'B.DAT'")
    assert await rawbytes.is_kept(runtime.blobs, row["agency_id"], row["sha256"])
    await age(runtime, 9)
    assert await removed(runtime) == ["A.DAT", "B.DAT"]
    assert not await rawbytes.is_kept(runtime.blobs, row["agency_id"], row["sha256"])


async def test_an_attachment_with_the_same_bytes_is_never_touched(runtime: Runtime) -> None:
    item = Item("d", {"exchange.xml": b"<a/>", "attach.hwp": b"the contract"})
    attached = await runtime.blobs.put(AGENCY, b"the contract")
    sha256 = await rawbytes.keep(runtime.blobs, AGENCY, item)
    other = await rawbytes.keep(runtime.blobs, AGENCY, Item("e", {**item.parts, "x": b""}))
    row = {"agency_id": AGENCY, "sha256": sha256, "file_name": "d", "part": ""}
    assert await rawbytes.parts_of(runtime.blobs, row) == item.parts
    assert await rawbytes.part_of(runtime.blobs, row | {"part": "attach.hwp"}) == b"the contract"
    for _ in range(2):
        await rawbytes.remove(runtime.blobs, AGENCY, sha256)
    assert not await rawbytes.is_kept(runtime.blobs, AGENCY, sha256)
    assert await runtime.blobs.get(AGENCY, attached.sha256) == b"the contract"
    assert await rawbytes.part_of(runtime.blobs, row | {"sha256": other, "part": "attach.hwp"}) == b"the contract"


async def test_the_turn_comes_every_night_and_sets_the_next(runtime: Runtime) -> None:
    await take(runtime, "A.DAT")
    await settle(runtime)
    await age(runtime, 9)
    clock = FrozenClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    database = Database(runtime.database.pool, clock)
    for _ in range(2):
        await removal.start(database)
    night = removal.scheduler(database, runtime.blobs)
    assert await night.fire_due() == 0
    clock.advance(timedelta(hours=9))
    assert await night.fire_due() == 1
    due = [row["due_at"] for row in await runtime.database.pool.fetch("SELECT due_at FROM timer WHERE done_at IS NULL")]
    assert due == [datetime(2026, 11, 24, 18, tzinfo=UTC)]
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM intake_file WHERE raw_removed_at IS NULL") == 0
    assert await asyncio.wait_for(night.fire_due(), 5) == 0
