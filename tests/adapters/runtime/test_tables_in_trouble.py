"""Another system's database in trouble: killed in between, down, changed, slow, or with rules of its own. Nothing twice, nothing lost."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.contract import Item
from adapters.formats.messages import render
from adapters.runtime.transports.contract import ItemError, TransportError
from adapters.runtime.transports.polledtable import TableSource
from adapters.runtime.troubles import Troubles
from support.runtime import AGENCY, Runtime
from support.their_tables import TheirDatabase, documented, intake_of, source_of


@pytest_asyncio.fixture
async def source(theirs: TheirDatabase) -> AsyncIterator[TableSource]:
    found = source_of(theirs)
    yield found
    await found.close()


KILLED = """
import asyncio, sys
from pathlib import Path
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import read_endpoints
from adapters.runtime.intake import Intake
from chassis import db
from chassis.blobs import Blobs
from chassis.clock import SystemClock
from chassis.uow import Database

async def main(folder: Path, url: str, agency: str) -> None:
    [endpoint] = read_endpoints(folder / "endpoints.toml", folder).all
    pool = await db.open_pool(url, size=2)
    intake = Intake(endpoint, Database(pool, SystemClock()), Blobs((folder / "blobs").as_uri()), Decoder(), lambda _: agency)
    await intake.scan_once()

asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
"""


async def test_killed_between_our_commit_and_their_mark_there_is_one_effect(
    runtime: Runtime, theirs: TheirDatabase, tmp_path: Path
) -> None:
    await theirs.ask("R-1")
    slow = "CREATE FUNCTION sgg.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN new; END $$;"
    trigger = "CREATE TRIGGER slow BEFORE UPDATE ON sgg.tb_appr_req FOR EACH ROW EXECUTE FUNCTION sgg.slow()"
    await theirs.connection.execute(slow + trigger)
    (tmp_path / "endpoints.toml").write_text(documented().replace("keys/local-administration", theirs.name), "utf-8")
    url = runtime.database_address.url("worker")
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(tmp_path), url, AGENCY)
    async with asyncio.timeout(20):
        while not await runtime.states():
            await asyncio.sleep(0.02)
        while not await theirs.connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        ):
            await asyncio.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL
    assert (await runtime.states(), await theirs.states()) == ({"in-flight": 1}, {"R-1": "N"})
    # Their server would notice after its sleep that nobody listens any more; here it is told.
    await theirs.hang_up()
    await theirs.connection.execute("DROP TRIGGER slow ON sgg.tb_appr_req")
    assert await intake_of(runtime, theirs).scan_once() == 1
    assert (await runtime.states(), await theirs.states()) == ({"in-flight": 1}, {"R-1": "Y"})


async def test_while_their_database_is_down_the_board_tells_and_then_it_goes_on(
    runtime: Runtime, theirs: TheirDatabase
) -> None:
    troubles = Troubles()
    intake = intake_of(runtime, theirs, troubles)
    running = asyncio.create_task(intake.run())

    async def until(wanted: bool) -> None:
        async with asyncio.timeout(10):
            while (troubles.of("local-administration") is not None) is not wanted:
                await asyncio.sleep(0.02)

    await theirs.ask("R-1")
    async with asyncio.timeout(10):
        while await theirs.states() != {"R-1": "Y"}:
            await asyncio.sleep(0.02)
    await theirs.close_doors(closed=True)
    await until(True)
    reason = troubles.of("local-administration")
    assert reason is not None
    assert (reason["code"], reason["params"]["folder"]) == ("transport-failed", "sgg.tb_appr_req")
    await theirs.ask("R-2")
    await theirs.close_doors(closed=False)
    await until(False)
    async with asyncio.timeout(10):
        while await theirs.states() != {"R-1": "Y", "R-2": "Y"}:
            await asyncio.sleep(0.02)
    running.cancel()
    assert await runtime.states() == {"in-flight": 2}


async def all_of(source: TableSource) -> list[Item | None]:
    return [await source.read(name) for name in await source.names()]


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (
            "ALTER TABLE sgg.tb_appr_req RENAME titl TO title",
            "sgg.tb_appr_req: there is no column 'titl'.*have it added",
        ),
        ("ALTER TABLE sgg.tb_appr_req RENAME send_yn TO sent", "sgg.tb_appr_req: there is no column 'send_yn'"),
        ("ALTER TABLE sgg.tb_appr_line RENAME req_no TO no", "sgg.tb_appr_line: there is no column 'req_no'"),
        ("ALTER TABLE sgg.tb_appr_req RENAME TO tb_req", "there is no such table: check its name"),
        ("REVOKE UPDATE (send_yn) ON sgg.tb_appr_req FROM {role}", "permission denied for table tb_appr_req"),
        ("REVOKE SELECT ON sgg.tb_appr_line FROM {role}", "permission denied for table tb_appr_line"),
        ("ALTER ROLE {role} PASSWORD 'other'", "password authentication failed"),
    ],
)
async def test_what_their_side_lacks_is_named_and_nothing_is_taken(
    theirs: TheirDatabase, source: TableSource, break_it: str, told: str
) -> None:
    await theirs.ask("R-1")
    await theirs.connection.execute(break_it.format(role=theirs.role))
    with pytest.raises(TransportError, match=told) as raised:
        await all_of(source)
    assert not isinstance(raised.value, ItemError)
    assert render(raised.value.finding, "ko") != render(raised.value.finding, "en")


async def test_a_table_that_does_not_answer_is_left_after_the_time_that_is_set(
    theirs: TheirDatabase, source: TableSource
) -> None:
    program = await theirs.second()
    busy = program.transaction()
    await busy.start()
    await program.execute("LOCK TABLE sgg.tb_appr_req IN ACCESS EXCLUSIVE MODE")
    with pytest.raises(TransportError, match="no answer within 2 seconds"):
        await source.names()
    await busy.rollback()
    await program.close()
    assert await source.names() == []


REFUSALS = {
    "told": "IF new.titl LIKE '%잠김' THEN RAISE EXCEPTION '마감된 요청입니다'; END IF; RETURN new;",
    "silent": "IF new.titl LIKE '%잠김' THEN RETURN NULL; END IF; RETURN new;",
}


@pytest.mark.parametrize(("kind", "said"), [("told", "마감된 요청입니다"), ("silent", "send_yn stayed as it was")])
async def test_a_row_whose_mark_is_refused_keeps_no_other_waiting(
    runtime: Runtime, theirs: TheirDatabase, monkeypatch: pytest.MonkeyPatch, kind: str, said: str
) -> None:
    await theirs.connection.execute(
        f"CREATE FUNCTION sgg.closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {REFUSALS[kind]} END $$;"
        "CREATE TRIGGER closed BEFORE UPDATE ON sgg.tb_appr_req FOR EACH ROW EXECUTE FUNCTION sgg.closed()"
    )
    await theirs.ask("R-1", title="1분기 잠김")
    await theirs.ask("R-2")
    troubles = Troubles()
    intake = intake_of(runtime, theirs, troubles, batch=1)
    for _ in range(3):
        await intake.scan_once()
    assert (await runtime.states(), await theirs.states()) == ({"in-flight": 2}, {"R-1": "N", "R-2": "Y"})
    reason = troubles.of("local-administration")
    assert reason is not None
    assert (reason["code"], reason["field"]) == ("their-row-unmarked", "send_yn")
    assert said in reason["params"]["reason"]
    # It is tried again after a while, and has its one effect still.
    await theirs.connection.execute("DROP TRIGGER closed ON sgg.tb_appr_req")
    again = intake_of(runtime, theirs)
    await again.scan_once()
    assert (await runtime.states(), await theirs.states()) == ({"in-flight": 2}, {"R-1": "Y", "R-2": "Y"})


async def test_among_many_only_the_row_that_is_refused_and_the_one_that_is_locked_stay(
    runtime: Runtime, theirs: TheirDatabase
) -> None:
    await theirs.connection.execute(
        f"CREATE FUNCTION sgg.closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {REFUSALS['told']} END $$;"
        "CREATE TRIGGER closed BEFORE UPDATE ON sgg.tb_appr_req FOR EACH ROW EXECUTE FUNCTION sgg.closed()"
    )
    for number in range(25):
        await theirs.ask(f"R-{number:02d}", title="1분기 잠김" if number == 7 else "요청")
    program = await theirs.second()
    busy = program.transaction()
    await busy.start()
    await program.execute("SELECT FROM sgg.tb_appr_req WHERE req_no = 'R-11' FOR UPDATE")
    intake = intake_of(runtime, theirs, key=("req_no", "sgg_cd"))
    for _ in range(2):
        await intake.scan_once()
    assert {number for number, state in (await theirs.states()).items() if state == "N"} == {"R-07", "R-11"}
    await busy.rollback()
    await program.close()
    await intake.scan_once()
    assert {number for number, state in (await theirs.states()).items() if state == "N"} == {"R-07"}
    assert await runtime.states() == {"in-flight": 25}
