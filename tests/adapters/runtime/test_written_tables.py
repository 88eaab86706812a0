"""Answers as rows of a local government's table: one row a state, the same again changes nothing, what is refused is told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from adapters import catalogue
from adapters.contract import Item, Outgoing
from adapters.runtime.transports.contract import Handed, TransportError
from adapters.runtime.transports.writtentable import TableTarget
from onnara.exchange.v1.events_pb2 import RequestStatus, ResultReported
from support.their_tables import TheirDatabase

NONE = "해당없음"
READ = "SELECT * FROM sgg.tb_appr_rslt ORDER BY req_no, state_cd"


@pytest_asyncio.fixture
async def target(theirs: TheirDatabase) -> AsyncIterator[TableTarget]:
    found = theirs.endpoint().transport.target()
    assert isinstance(found, TableTarget)
    yield found
    await found.close()


def answer(status: int, at: str = "2026-11-24T06:00:00Z", opinion: str = "", **registration: Any) -> Item:
    message = ResultReported(status=status, title="결재 요청")
    message.origin.natural_key, message.origin.notification = "R-1", 2
    message.reported_at.FromJsonString(at)
    if opinion:
        message.steps.add(opinion=opinion)
    for name, value in registration.items():
        setattr(message.registration, name, value)
    result = catalogue.load("local_administration").encode([Outgoing(message)])
    assert not result.rejected
    return result.items[0]


WAITING = RequestStatus.REQUEST_STATUS_IN_PROGRESS
REGISTERED = RequestStatus.REQUEST_STATUS_REGISTERED


async def test_each_state_is_a_row_with_their_words_for_nothing(theirs: TheirDatabase, target: TableTarget) -> None:
    number = {"department_code": "5710178", "year": 2026, "serial": 41, "text": "자치행정과-41", "date": "2026-11-24"}
    assert await target.put([answer(WAITING), answer(REGISTERED, opinion="좋습니다.\n끝.", **number)]) == Handed()
    rows = [tuple(row) for row in await theirs.connection.fetch(READ)]
    key, at = "R-1".ljust(20), datetime(2026, 11, 24, 15)  # their column has no zone
    assert rows == [
        (key, "10", at, "-1     ", "9999", -1, NONE, "99991231", None, "결재 요청", "N"),
        (key, "90", at, "5710178", "2026", 41, "자치행정과-41", "20261124", "좋습니다.\n끝.", "결재 요청", "N"),
    ]


async def test_the_same_again_changes_nothing_they_noted(theirs: TheirDatabase, target: TableTarget) -> None:
    for _ in range(2):
        assert await target.put([answer(WAITING)]) == Handed()
        await theirs.connection.execute("UPDATE sgg.tb_appr_rslt SET proc_yn = 'Y'")
    assert await target.put([answer(WAITING, "2026-11-24T07:00:00Z")]) == Handed()
    [row] = await theirs.connection.fetch(READ)
    assert (row["proc_yn"], row["rslt_dtm"].hour) == ("Y", 16)


async def test_a_row_that_somebody_puts_there_in_between_is_replaced(
    theirs: TheirDatabase, target: TableTarget
) -> None:
    program = await theirs.second()
    busy = program.transaction()
    await busy.start()
    await program.execute(
        "INSERT INTO sgg.tb_appr_rslt VALUES ('R-1', '10', now(), '', '', 0, '', '', NULL, '먼저', 'N')"
    )
    putting = asyncio.create_task(target.put([answer(WAITING)]))
    while not await theirs.connection.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        await asyncio.sleep(0.01)
    await busy.commit()
    await program.close()
    assert await putting == Handed()
    assert [row["titl"] for row in await theirs.connection.fetch(READ)] == ["결재 요청"]


async def test_what_their_rules_refuse_is_tried_again_and_what_never_fits_is_not(
    theirs: TheirDatabase, target: TableTarget
) -> None:
    await theirs.connection.execute(
        "CREATE FUNCTION sgg.closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.state_cd = '10' THEN "
        "RAISE EXCEPTION '마감 중입니다'; END IF; RETURN new; END $$;"
        "CREATE TRIGGER closed BEFORE INSERT ON sgg.tb_appr_rslt FOR EACH ROW EXECUTE FUNCTION sgg.closed();"
        "ALTER TABLE sgg.tb_appr_rslt ADD CONSTRAINT no_answer CHECK (state_cd <> '90')"
    )
    handed = await target.put([answer(WAITING), answer(REGISTERED)])
    assert (handed.failed, list(handed.refused)) == ({0: "마감 중입니다"}, [1])
    assert "no_answer" in handed.refused[1]
    await theirs.connection.execute("ALTER TABLE sgg.tb_appr_rslt DROP CONSTRAINT no_answer")
    assert (await target.put([answer(WAITING), answer(REGISTERED)])).refused == {}
    assert [row["state_cd"] for row in await theirs.connection.fetch(READ)] == ["90"]


async def test_a_column_that_is_gone_is_named_and_everything_waits(theirs: TheirDatabase, target: TableTarget) -> None:
    await theirs.connection.execute("ALTER TABLE sgg.tb_appr_rslt RENAME opn TO opinion")
    with pytest.raises(
        TransportError, match=r"tb_appr_rslt: there is no column 'OPN' \(there are req_no, .*have it added"
    ):
        await target.put([answer(WAITING)])
    await theirs.connection.execute("ALTER TABLE sgg.tb_appr_rslt RENAME opinion TO opn")
    assert await target.put([answer(WAITING)]) == Handed()


@pytest.mark.parametrize("data", [b"{", b"[1]", msgspec.json.encode({"REQ_NO": "R-1", "TB_APPR_LINE": [{}]})])
async def test_what_is_no_row_is_refused(target: TableTarget, data: bytes) -> None:
    handed = await target.put([Item("x", {"x": data})])
    assert handed.refused[0].startswith("not a row that can be written")
