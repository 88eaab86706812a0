"""A local government's tables in a real database: what waits is taken once, whatever they lock, change, break or refuse."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import structlog

from adapters import catalogue
from adapters.runtime.transports import polledtable
from adapters.runtime.transports.contract import TransportError
from adapters.runtime.transports.polledtable import TableSource
from support.runtime import Runtime
from support.their_tables import TheirDatabase, intake_of, source_of


@pytest_asyncio.fixture
async def source(theirs: TheirDatabase) -> AsyncIterator[TableSource]:
    found = source_of(theirs)
    yield found
    await found.close()


async def test_a_request_is_taken_with_its_lines_by_the_rights_that_readme_asks_for(
    runtime: Runtime, theirs: TheirDatabase
) -> None:
    await theirs.ask("R-2", at="2026-11-23 10:00:00")
    await theirs.ask("R-1")
    found = source_of(theirs)
    first, second = await found.names()
    assert (first, second) == ("sgg.tb_appr_req-R-1.json", "sgg.tb_appr_req-R-2.json")
    item = await found.read(first)
    assert item is not None
    await found.close()
    row = json.loads(item.parts[first])
    assert (row["req_no"], row["amt"], row["due_dt"], "send_yn" in row, "chg_dtm" in row) == (
        "R-1".ljust(20), "-1", "9999-12-31", False, False,
    )  # fmt: skip
    assert [line["line_seq"] for line in row["tb_appr_line"]] == ["1 ", "2 ", "3 "]
    decoded = catalogue.load("local_administration").decode(item)
    [record] = decoded.records
    assert record.message is not None
    assert (decoded.findings, record.findings) == ((), ())
    assert [step.person.external_id for step in record.message.document.steps] == ["CJ000101", "CJ000102", "CJ000103"]

    intake = intake_of(runtime, theirs)
    assert await intake.scan_once() == 2
    assert await intake.scan_once() == 0
    assert (await runtime.states(), await theirs.states()) == ({"in-flight": 2}, {"R-1": "Y", "R-2": "Y"})


async def test_lines_are_found_though_their_key_is_stored_without_blanks(
    theirs: TheirDatabase, source: TableSource
) -> None:
    await theirs.connection.execute(
        "ALTER TABLE sgg.tb_appr_line DROP CONSTRAINT tb_appr_line_req_no_fkey, ALTER req_no TYPE varchar(20)"
    )
    for number in ("R-1", "R-2"):
        await theirs.ask(number)
    for name in await source.names():
        item = await source.read(name)
        assert item is not None
        lines = json.loads(item.parts[name])["tb_appr_line"]
        assert [(line["req_no"], line["line_seq"]) for line in lines] == [
            (name[16:19], "1 "), (name[16:19], "2 "), (name[16:19], "3 "),
        ]  # fmt: skip


async def test_what_is_not_committed_is_unseen_and_what_is_locked_is_not_waited_for(
    runtime: Runtime, theirs: TheirDatabase
) -> None:
    await theirs.ask("R-1")
    await theirs.ask("R-2")
    program = await theirs.second()
    busy = program.transaction()
    await busy.start()
    await program.execute("UPDATE sgg.tb_appr_req SET titl = titl WHERE req_no = 'R-1'")
    await program.execute(
        "INSERT INTO sgg.tb_appr_req (req_no, sgg_cd, dept_cd, biz_gb, open_gb, line_cnt) VALUES ('R-3', '1', '1', '1', '1', 0)"
    )
    intake, begun = intake_of(runtime, theirs), time.monotonic()
    assert await intake.scan_once() == 1
    assert time.monotonic() - begun < 1.5
    assert await theirs.states() == {"R-1": "N", "R-2": "Y"}
    await busy.rollback()
    await program.close()
    assert await intake.scan_once() == 1
    assert (await runtime.states(), await theirs.states()) == ({"in-flight": 2}, {"R-1": "Y", "R-2": "Y"})


async def test_a_row_that_was_locked_after_it_was_read_comes_again(theirs: TheirDatabase, source: TableSource) -> None:
    await theirs.ask("R-1")
    [name] = await source.names()
    assert await source.read(name)
    program = await theirs.second()
    busy = program.transaction()
    await busy.start()
    await program.execute("UPDATE sgg.tb_appr_req SET titl = titl WHERE req_no = 'R-1'")
    assert await source.read(name) is None
    await source.put_away(name, unreadable=False)
    await busy.rollback()
    await program.close()
    assert await theirs.states() == {"R-1": "N"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sgg.tb_appr_req SET titl = '고친 제목' WHERE req_no = 'R-1'",
        "UPDATE sgg.tb_appr_line SET sign_id = 'CJ000109' WHERE req_no = 'R-1' AND line_seq = '2'",
    ],
)
async def test_a_row_they_changed_since_it_was_read_is_not_marked(
    theirs: TheirDatabase, source: TableSource, change: str
) -> None:
    await theirs.ask("R-1")
    [name] = await source.names()
    before = await source.read(name)
    await theirs.connection.execute(change)
    await source.put_away(name, unreadable=False)
    assert await theirs.states() == {"R-1": "N"}
    [name] = await source.names()
    assert await source.read(name) not in (None, before)
    await theirs.connection.execute("UPDATE sgg.tb_appr_req SET chg_dtm = now()")
    await source.put_away(name, unreadable=False)
    assert await theirs.states() == {"R-1": "Y"}


async def test_columns_that_come_and_go_meanwhile_are_read_and_missed(
    theirs: TheirDatabase, source: TableSource
) -> None:
    await theirs.ask("R-1")
    [name] = await source.names()
    assert await source.read(name)
    await theirs.connection.execute("ALTER TABLE sgg.tb_appr_req ADD etc_cn varchar(9) DEFAULT '메모'")
    [name] = await source.names()
    item = await source.read(name)
    assert item is not None
    assert json.loads(item.parts[name])["etc_cn"] == "메모"
    await theirs.connection.execute("ALTER TABLE sgg.tb_appr_req RENAME titl TO title")
    with pytest.raises(TransportError, match="titl does not exist"):
        await source.read(name)
    with pytest.raises(TransportError, match="there is no column 'titl'"):
        await source.names()


async def test_header_and_lines_are_of_one_moment(theirs: TheirDatabase, source: TableSource) -> None:
    await theirs.ask("R-1", lines=3)
    [name] = await source.names()
    program = await theirs.second()
    busy = program.transaction()
    await busy.start()
    await program.execute("LOCK TABLE sgg.tb_appr_line IN ACCESS EXCLUSIVE MODE")
    await program.execute("DELETE FROM sgg.tb_appr_line WHERE line_seq = '3'")
    reading = asyncio.create_task(source.read(name))
    while not await theirs.connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        await asyncio.sleep(0.01)
    await busy.commit()
    await program.close()
    item = await reading
    assert item is not None
    assert len(json.loads(item.parts[name])["tb_appr_line"]) == 3


async def test_lines_that_are_still_to_come_are_waited_for_but_not_for_ever(
    runtime: Runtime, theirs: TheirDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polledtable, "RETRY_SECONDS", 0.0)
    await theirs.ask("R-1", lines=1)
    intake = intake_of(runtime, theirs)
    await intake.scan_once()
    assert (await runtime.states(), await theirs.states()) == ({}, {"R-1": "N"})
    await theirs.add_lines("R-1", 2, begin=1)
    await intake.scan_once()
    assert (await runtime.states(), await theirs.states()) == ({"in-flight": 1}, {"R-1": "Y"})

    monkeypatch.setattr(polledtable, "PATIENCE_SECONDS", 0.0)
    await theirs.ask("R-2", lines=1)
    await intake.scan_once()
    reasons = await runtime.database.pool.fetchval("SELECT reasons FROM record WHERE state = 'quarantined'")
    assert [reason["code"] for reason in reasons] == ["lines-differ"]
    assert await theirs.states() == {"R-1": "Y", "R-2": "Y"}


async def test_many_rows_are_asked_for_in_bounded_batches(theirs: TheirDatabase) -> None:
    await theirs.connection.execute(
        "INSERT INTO sgg.tb_appr_req (req_no, sgg_cd, dept_cd, biz_gb, open_gb, line_cnt) "
        "SELECT lpad(n::text, 6, '0'), '1', '1', '1', '1', 0 FROM generate_series(1, 5000) AS n"
    )
    found = source_of(theirs, batch=30)
    names = await found.names()
    assert names == [f"sgg.tb_appr_req-{number:06d}.json" for number in range(1, 31)]
    await found.close()


async def test_a_row_that_is_no_request_is_marked_as_failed(runtime: Runtime, theirs: TheirDatabase) -> None:
    await theirs.ask("R-1")
    lines = polledtable.LineTable("sgg.tb_appr_rslt", {"req_no": "req_no"})
    with structlog.testing.capture_logs():
        await intake_of(runtime, theirs, lines=(lines,)).scan_once()
    assert (await runtime.states(), await theirs.states()) == ({"quarantined": 1}, {"R-1": "E"})
