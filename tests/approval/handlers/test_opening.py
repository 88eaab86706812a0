"""Opening lines from submissions: doubles, refusals told to documents, asserted steps, statements, isolation."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from approval.domain.step import Mode, Outcome, Role
from chassis import db
from chassis.messaging.inbox import Inbox
from chassis.messaging.parked import ParkedMessages
from chassis.testing.statements import counted_pool
from chassis.uow import Database
from onnara.approval.v1.events_pb2 import LineRefused
from onnara.directory.v1.events_pb2 import TaskData
from support.approval_lines import (
    ABROAD,
    HOME,
    SUBMITTED,
    incoming,
    official,
    short_steps,
    step,
    submission,
    usual_steps,
)


async def statuses(approval) -> list[tuple[str, str]]:
    rows = await approval.parts.worker.pool.fetch("SELECT type, aggregate_id FROM journal ORDER BY seq")
    return [(row["type"].rpartition(".")[2], str(row["aggregate_id"])) for row in rows]


async def test_doubles_change_nothing(approval) -> None:
    content = submission()
    await approval.submit(content, content)
    await approval.submit(content)
    assert await statuses(approval) == [("LineOpened", str(content.line_id))]


async def test_two_replicas_open_the_same_lines_at_once(approval) -> None:
    lines = [submission(short_steps()) for _ in range(50)]
    inbox, opening = Inbox(approval.parts.worker), approval.parts.subscriptions[0]
    batches = [[incoming(each) for each in order] for order in (lines, lines[::-1], lines[25:] + lines[:25])]
    await asyncio.gather(*(inbox.handle(opening, batch) for batch in batches))
    assert len(await statuses(approval)) == 50
    count = "SELECT (SELECT count(*) FROM line), (SELECT count(*) FROM box), (SELECT count(*) FROM parked)"
    assert tuple(await approval.parts.worker.pool.fetchrow(count)) == (50, 100, 0)


async def test_a_line_that_cannot_be_is_refused_with_all_reasons(approval) -> None:
    steps = [*usual_steps()[:2], step(3, Role.COOPERATE, "nobody", official_id="stranger")]
    content = submission(steps)
    good = submission()
    await approval.submit(content, good)
    refused, _ = await approval.events()
    event = LineRefused.FromString(refused["payload"])
    assert (event.line_id, event.document_id) == (str(content.line_id), str(content.document_id))
    found = [(error.code, error.field) for error in event.errors]
    assert found == [("final-step-missing", "steps"), ("step-official-unknown", "steps[2].person.official_id")]
    stored = await approval.parts.worker.pool.fetchval("SELECT refusal FROM inbox WHERE refusal IS NOT NULL")
    assert [problem["code"] for problem in stored] == [code for code, _ in found]
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM line") == 1


async def test_a_document_has_one_living_line(approval) -> None:
    content = submission()
    await approval.submit(content)
    await approval.submit(submission(document_id=content.document_id))
    assert [kind for kind, _ in await statuses(approval)] == ["LineOpened", "LineRefused"]


async def test_officials_of_another_agency_have_no_turn_here(approval) -> None:
    steps = [step(1, Role.DECIDE, "chief", official_id=official("chief", ABROAD))]
    await approval.submit(submission(steps, agency_id=HOME))
    assert [kind for kind, _ in await statuses(approval)] == ["LineRefused"]


async def test_an_official_the_copy_has_not_heard_of_is_waited_for(approval, government) -> None:
    steps = [step(1, Role.DECIDE, "newcomer")]
    content = submission(steps, directory_version=len(government.rows) + 2)
    await approval.submit(content)
    assert await statuses(approval) == []
    government.add_official("newcomer", HOME)
    await approval.parts.replica.catch_up()
    approval.clock.advance(timedelta(seconds=2))
    assert await ParkedMessages(approval.parts.worker, approval.parts.subscriptions).retry_due() == 1
    assert await statuses(approval) == [("LineOpened", str(content.line_id))]
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM parked") == 0


async def test_nobody_is_waited_for_once_the_copy_is_as_new(approval, government) -> None:
    """The newest change is of a kind approval does not ask about; the copy is up to date all the same."""
    government.add("REPLICA_KIND_TASK", "T0000001", TaskData(code="T0000001"))
    await approval.parts.replica.catch_up()
    content = submission([step(1, Role.DECIDE, "newcomer")], directory_version=len(government.rows))
    await approval.submit(content)
    assert [kind for kind, _ in await statuses(approval)] == ["LineRefused"]


async def test_what_a_legacy_system_asserts_stays_its_assertion(approval) -> None:
    asserted = {"asserted_by": "ADM131000040", "official_id": "", "external_id": "kimdy"}
    content = submission(
        [
            step(1, Role.DRAFT, "김도윤", outcome=Outcome.SUBMITTED, acted_at=SUBMITTED, **asserted),
            step(2, Role.REVIEW, "이서진", outcome=Outcome.APPROVED, opinion="이상 없음", **asserted),
            step(3, Role.DECIDE, "chief", Mode.OWN),
        ]
    )
    await approval.submit(content)
    line = await approval.line(content.line_id)
    assert line.current_order == 3
    reviewed = line.steps[1]
    assert (reviewed.asserted_by, reviewed.opinion, reviewed.manifest_hash) == ("ADM131000040", "이상 없음", b"")
    boxes = await approval.parts.worker.pool.fetch("SELECT official_id, kind FROM box")
    assert [tuple(row) for row in boxes] == [(official("chief"), "pending")]


async def test_unreadable_submissions_wait_for_a_person(approval) -> None:
    broken = incoming(submission())
    await Inbox(approval.parts.worker).handle(approval.parts.subscriptions[0], [replace(broken, content=b"\xff")])
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM parked WHERE next_attempt_at IS NULL") == 1


async def test_statements_are_the_same_for_1_10_and_100(approval, approval_database, frozen_clock) -> None:
    seen = {}
    async with counted_pool(approval_database.url("worker")) as (pool, texts):
        inbox = Inbox(Database(pool, frozen_clock))
        for size in (2, 1, 10, 100):
            batch = [incoming(submission()) for _ in range(size)]
            texts.clear()
            await inbox.handle(approval.parts.subscriptions[0], batch)
            seen[size] = [text for text in texts if not text.startswith(("BEGIN", "COMMIT"))]
    assert seen[1] == seen[10] == seen[100]
    # Inbox, what is known, lines with boxes, and in one what was used last and the journal.
    assert len(seen[1]) == 4


async def test_people_touch_only_lines_of_their_agency(approval, approval_database) -> None:
    home = submission()
    abroad = submission([step(1, Role.DECIDE, "chief", official_id=official("chief", ABROAD))], agency_id=ABROAD)
    await approval.submit(home, abroad)
    rpc = await db.open_pool(approval_database.url("rpc"), size=1)
    try:
        for table in ("line", "box"):
            assert await rpc.fetchval(f"SELECT count(*) FROM {table}") == 0
        async with rpc.acquire() as connection, connection.transaction():
            await connection.execute("SELECT set_config('app.agency', $1, true)", ABROAD)
            assert await connection.fetchval("SELECT array_agg(id) FROM line") == [abroad.line_id]
            assert await connection.fetchval("SELECT array_agg(DISTINCT line_id) FROM box") == [abroad.line_id]
            assert await connection.execute("UPDATE line SET title = 'x'") == "UPDATE 1"
            assert await connection.execute("DELETE FROM box WHERE line_id = $1", home.line_id) == "DELETE 0"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("UPDATE line SET agency_id = $1", HOME)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await rpc.execute("DELETE FROM line")
    finally:
        await rpc.close()
