"""An item is taken once, each record is accounted for, and nothing that cannot be read is lost."""

import asyncio
import dataclasses
from typing import Any

import pytest

from adapters import catalogue
from adapters.contract import Item
from adapters.runtime import handlers
from adapters.runtime.decoding import Decoder, decode_item
from adapters.runtime.transports import folders
from chassis.ids import uuid7
from support.runtime import Runtime, make_batch


async def take_all(runtime: Runtime) -> None:
    intake = runtime.intake()
    await intake.scan_once()
    await intake.scan_once()


async def test_a_file_is_taken_once_however_often_it_comes(runtime: Runtime) -> None:
    data = make_batch(5)
    for _ in range(2):
        runtime.drop("A.DAT", data)
        await take_all(runtime)
    assert await runtime.states() == {"in-flight": 5}
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM parcel") == 5
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM outbox") == 5
    assert sorted(path.name for path in (runtime.folder / "mpb-budget" / "taken").iterdir()) == ["A.DAT", "A.DAT.2"]


async def test_killed_between_commit_and_move_the_file_is_only_moved(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime.drop("A.DAT", make_batch(3))
    intake = runtime.intake()
    await intake.scan_once()
    with monkeypatch.context() as patch:
        patch.setattr(folders, "move", lambda *_: None)
        await intake.scan_once()
    await take_all(runtime)
    assert await runtime.states() == {"in-flight": 3}
    assert list((runtime.folder / "mpb-budget" / "in").iterdir()) == []


async def test_two_replicas_scanning_one_folder_take_it_once(runtime: Runtime) -> None:
    runtime.drop("A.DAT", make_batch(20))
    one, two = runtime.intake(), runtime.intake()
    await asyncio.gather(one.scan_once(), two.scan_once())
    await asyncio.gather(one.scan_once(), two.scan_once(), return_exceptions=True)
    assert await runtime.states() == {"in-flight": 20}
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM parcel") == 20


async def test_a_record_that_came_before_is_a_double_and_accounted_for(runtime: Runtime) -> None:
    runtime.drop("A.DAT", make_batch(4))
    await take_all(runtime)
    runtime.drop("B.DAT", make_batch(6, first=3))
    await take_all(runtime)
    assert await runtime.states() == {"in-flight": 8, "quarantined": 2}
    reasons = await runtime.database.pool.fetch("SELECT reasons FROM record WHERE state = 'quarantined'")
    assert {row["reasons"][-1]["code"] for row in reasons} == {"record-doubled"}
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM parcel") == 8


@pytest.mark.parametrize("data", [b"", b"\x00" * 50, b"not a batch at all", bytes(range(256)) * 20])
async def test_what_cannot_be_read_is_one_record_in_quarantine_and_moved_to_the_error_folder(
    runtime: Runtime, data: bytes
) -> None:
    runtime.drop("JUNK.DAT", data)
    await take_all(runtime)
    states = await runtime.states()
    assert set(states) == {"quarantined"}
    assert await runtime.database.pool.fetchval("SELECT sum(record_count) FROM intake_file") == sum(states.values())
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM parcel") == 0
    left = await runtime.database.pool.fetchval("SELECT count(*) FROM record WHERE reasons = '[]'")
    assert left == 0


async def test_a_bad_record_does_not_stop_the_rest(runtime: Runtime) -> None:
    lines = make_batch(5).split(b"\r\n")
    lines[3] = lines[3][:200]
    runtime.drop("C.DAT", b"\r\n".join(lines))
    await take_all(runtime)
    states = await runtime.states()
    assert states["in-flight"] == 4
    assert states["quarantined"] == 1
    [row] = await runtime.database.pool.fetch("SELECT byte_offset, reasons FROM record WHERE state = 'quarantined'")
    assert row["byte_offset"] == sum(len(line) + 2 for line in lines[:3])
    assert row["reasons"][0]["severity"] == "reject"


async def test_a_half_written_file_waits(runtime: Runtime) -> None:
    data = make_batch(3)
    path = runtime.drop("SLOW.DAT", data[:500])
    intake = runtime.intake()
    await intake.scan_once()
    path.write_bytes(data)
    await intake.scan_once()
    assert await runtime.states() == {}
    await intake.scan_once()
    assert await runtime.states() == {"in-flight": 3}


async def test_a_worker_that_hangs_or_dies_costs_one_item(runtime: Runtime) -> None:
    slow = Decoder(seconds=0.0001)
    try:
        hung = await slow.decode("mpb_budget", Item("A", {"A": make_batch(2000)}))
    finally:
        slow.close()
    assert hung.unreadable
    assert [finding.code for finding in hung.findings] == ["decode-timeout"]
    again = await runtime.decoder.decode("mpb_budget", Item("A", {"A": make_batch(3)}))
    assert len(again.records) == 3


async def test_a_refusal_by_a_service_returns_into_quarantine(runtime: Runtime) -> None:
    from chassis.envelope import Incoming
    from onnara.exchange.v1.events_pb2 import RequestRefused

    runtime.drop("A.DAT", make_batch(2))
    await take_all(runtime)
    record = await runtime.database.pool.fetchval("SELECT id FROM record ORDER BY ordinal LIMIT 1")
    refusal = RequestRefused(stage="documents")
    refusal.origin.record_id, refusal.origin.revision = str(record), 1
    refusal.errors.add(code="unknown-official", params={"external_id": "MPB99999"}, field="document.steps[1]")
    async with runtime.database.transaction() as unit:
        message = Incoming(uuid7(), "t", "a", {}, "c", unit.now, refusal)
        assert list(await handlers.refuse_requests(unit, [message])) == [None]
    assert await runtime.states() == {"in-flight": 1, "quarantined": 1}
    row = await runtime.database.pool.fetchrow("SELECT stage, reasons FROM record WHERE id = $1", record)
    assert (row["stage"], row["reasons"][0]["code"]) == ("documents", "unknown-official")


def test_an_adapter_that_counts_two_records_as_one_is_refused_once_and_not_for_ever(monkeypatch: Any) -> None:
    whole = catalogue.load("mpb_budget").decode(Item("A", {"A": make_batch(2)}))
    twice = dataclasses.replace(whole, records=[whole.records[0], whole.records[0]])
    monkeypatch.setattr(type(catalogue.load("mpb_budget")), "decode", lambda self, item: twice)
    result = decode_item("mpb_budget", Item("A", {"A": make_batch(2)}))
    assert (result.unreadable, [finding.code for finding in result.findings]) == (True, ["decode-failed"])
