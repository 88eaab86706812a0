"""Parts that die or are away: nothing is lost, nothing is doubled, and officials go on deciding."""

import asyncio
import signal
from datetime import UTC, datetime

import asyncpg
import pytest

from chassis.errors import ConflictError
from onnara.approval.v1.approval_service_pb2 import Action
from tools.demo.input import TITLE, drop_budget_batch, drop_enara_request
from tools.demo.officials import Official, approving, services_of
from tools.demo.story import files_of
from tools.suite import Suite

RECORDS = 300


async def registered(suite: Suite, file_name: str) -> int:
    async with services_of(suite) as services:
        files = await files_of(services, "mpb.kang", "mpb-budget")
        [file] = [file for file in files if file.name == file_name]
        assert file.reconciled
        return file.totals.registered


async def test_exactly_one_of_20_racing_decisions_wins(suite: Suite) -> None:
    drop_enara_request(suite, datetime.now(UTC))
    async with services_of(suite) as services:
        reviewer = await Official.sign_in(services, "mogaha.lee")
        line = await reviewer.wait_for(TITLE)
        outcomes = await asyncio.gather(
            *(reviewer.decide(line, Action.ACTION_APPROVE) for _ in range(20)), return_exceptions=True
        )
        lost = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert len(lost) == 19
        assert {type(outcome) for outcome in lost} == {ConflictError}


async def test_what_was_not_shown_cannot_be_decided(suite: Suite) -> None:
    drop_enara_request(suite, datetime.now(UTC))
    async with services_of(suite) as services:
        reviewer = await Official.sign_in(services, "mogaha.lee")
        line = await reviewer.wait_for(TITLE)
        line.manifest_hash = bytes(32)
        with pytest.raises(ConflictError, match="manifest-changed"):
            await reviewer.decide(line, Action.ACTION_APPROVE)


async def test_services_killed_while_a_batch_is_under_way_lose_and_double_nothing(suite: Suite) -> None:
    name = "KILLED.DAT"
    drop_budget_batch(suite, name, RECORDS, {}, seed=77)
    for part in ("adapters", "documents", "approval"):
        await asyncio.sleep(0.5)
        await asyncio.to_thread(suite.stop, part, signal.SIGKILL)
        await asyncio.to_thread(suite.start, part)
    async with services_of(suite) as services:
        reviewer = await Official.sign_in(services, "mpb.lee")
        approver = await Official.sign_in(services, "mpb.park")
        async with approving(reviewer, approver), asyncio.timeout(90):
            while await registered(suite, name) < RECORDS:
                await asyncio.sleep(0.2)
    documents = await asyncpg.connect(suite.database_url("documents"))
    try:
        await documents.execute("SET row_security = off")
        rows = await documents.fetch(
            "SELECT count(*) AS n, count(DISTINCT serial) AS d, min(serial) AS low, max(serial) AS high"
            " FROM registration WHERE department_code = 'Z090101'"
        )
        assert rows[0]["n"] == rows[0]["d"] == rows[0]["high"] - rows[0]["low"] + 1
    finally:
        await documents.close()


async def test_officials_go_on_deciding_while_the_directory_is_down(suite: Suite) -> None:
    drop_enara_request(suite, datetime.now(UTC))
    async with services_of(suite) as services:
        reviewer = await Official.sign_in(services, "mogaha.lee")
        line = await reviewer.wait_for(TITLE)
        authority = await reviewer.authority()
        await asyncio.to_thread(suite.stop, "directory", signal.SIGKILL)
        try:
            answer = await reviewer.decide_in_bulk([line], authority)
            assert not answer.outcomes[0].HasField("error")
        finally:
            await asyncio.to_thread(suite.start, "directory")
