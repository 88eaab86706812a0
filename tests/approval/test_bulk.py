"""Deciding many at once: an outcome for each, the same statements for 1, 10 and 500, doubles inside one call."""

from uuid import uuid4

import pytest

from approval.domain.deciding import Action, Decision
from approval.domain.people import Signer
from approval.domain.step import Mode, Outcome, Role
from approval.handlers.deciding import Item, decide_lines
from approval.ports.watch import LineWatch
from chassis.errors import InvalidError
from chassis.ids import uuid7
from chassis.testing.statements import counted_pool
from chassis.uow import Database
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import events_pb2 as events
from support.approval_lines import ABROAD, MANIFEST, official, person, short_steps, step, submission

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK")


def item(line_id: object, version: int = 1, **changes: object) -> pb.BulkItem:
    values = {
        "request_id": uuid4().hex,
        "line_id": str(line_id),
        "expected_version": version,
        "manifest_hash": MANIFEST,
        **changes,
    }
    return pb.BulkItem(**values)


async def decide(approval, items, action=pb.ACTION_APPROVE, opinion="") -> list[pb.BulkOutcome]:
    request = pb.DecideInBulkRequest(items=items, action=action, opinion=opinion)
    return list((await approval.call("DecideInBulk", request)).outcomes)


async def test_each_of_500_gets_its_own_outcome(approval) -> None:
    mine = [submission(short_steps()) for _ in range(300)]
    stale = [submission(short_steps()) for _ in range(50)]
    swapped = [submission(short_steps()) for _ in range(50)]
    not_yet = [submission() for _ in range(50)]
    foreign = [
        submission([step(1, Role.DECIDE, "chief", official_id=official("chief", ABROAD))], agency_id=ABROAD)
        for _ in range(25)
    ]
    await approval.submit(*mine, *stale, *swapped, *not_yet, *foreign)
    items = [
        *(item(each.line_id) for each in mine),
        *(item(each.line_id, 9) for each in stale),
        *(item(each.line_id, manifest_hash=b"y" * 32) for each in swapped),
        *(item(each.line_id) for each in not_yet),
        *(item(each.line_id) for each in foreign),
        *(item(uuid7()) for _ in range(24)),
        item("not an id"),
    ]
    outcomes = await decide(approval, items)
    assert [outcome.line_id for outcome in outcomes] == [each.line_id for each in items]
    codes = [outcome.error.code for outcome in outcomes]
    assert codes == (
        [""] * 300
        + ["line-moved-on"] * 50
        + ["manifest-changed"] * 50
        + ["not-your-turn"] * 50
        + ["line-unknown"] * 49
        + ["id-invalid"]
    )
    assert {(o.version, o.status) for o in outcomes[:300]} == {(2, events.LINE_STATUS_DECIDED)}
    statuses = await approval.parts.worker.pool.fetch("SELECT status, count(*) FROM line GROUP BY 1 ORDER BY 1")
    assert dict(statuses) == {"decided": 300, "in-path": 175}
    # Again: those that were carried out repeat their answers, the others are judged anew.
    assert await decide(approval, items) == outcomes
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM journal WHERE type LIKE '%Changed'") == 300


async def test_doubles_inside_one_call(approval) -> None:
    twice = submission([step(1, Role.REVIEW, "chief"), step(2, Role.DECIDE, "chief", Mode.OWN)])
    once, other = submission(short_steps()), submission(short_steps())
    await approval.submit(twice, once, other)
    same = item(once.line_id)
    outcomes = await decide(
        approval,
        [
            same,
            same,
            item(once.line_id),
            item(other.line_id, request_id=same.request_id),
            item(twice.line_id, 1),
            item(twice.line_id, 2),
            item(twice.line_id, 3),
            item(other.line_id, 5, request_id=""),
            item(other.line_id, 1, request_id=""),
        ],
    )
    found = [(outcome.version, outcome.error.code) for outcome in outcomes]
    assert found == [
        (2, ""),
        (2, ""),
        (0, "line-moved-on"),
        (0, "request-id-reused"),
        (2, ""),
        (3, ""),
        (0, "line-closed"),
        (0, "line-moved-on"),
        (2, ""),
    ]
    rows = await approval.parts.worker.pool.fetch(
        "SELECT aggregate_version FROM journal WHERE aggregate_id = $1 ORDER BY seq", twice.line_id
    )
    assert [row[0] for row in rows] == [1, 2, 3]


async def test_an_item_may_be_repeated_alone(approval) -> None:
    content = submission(short_steps())
    await approval.submit(content)
    wanted = item(content.line_id)
    [outcome] = await decide(approval, [wanted])
    alone = pb.DecideRequest(
        request_id=wanted.request_id, line_id=wanted.line_id, expected_version=1, manifest_hash=MANIFEST, action=1
    )
    assert (await approval.call("Decide", alone)).version == outcome.version == 2


async def test_returning_many_with_one_opinion(approval) -> None:
    lines = [submission(short_steps()) for _ in range(3)]
    await approval.submit(*lines)
    refused = await decide(approval, [item(each.line_id) for each in lines], pb.ACTION_RETURN)
    assert {outcome.error.code for outcome in refused} == {"opinion-missing"}
    done = await decide(approval, [item(each.line_id) for each in lines], pb.ACTION_RETURN, "일괄 반려")
    assert {outcome.status for outcome in done} == {events.LINE_STATUS_RETURNED}
    for size in (0, 501):
        with pytest.raises(InvalidError, match="bulk-size"):
            await decide(approval, [item(uuid7())] * size)


async def test_statements_are_the_same_for_1_10_and_500(approval, approval_database, frozen_clock) -> None:
    chief = person("chief")
    signer = Signer(
        chief.official_id, chief.appointment_id, chief.name, chief.position, chief.department_code, "", "password",
        chief.agency_id,
    )  # fmt: skip
    seen = {}
    async with counted_pool(approval_database.url("rpc")) as (pool, texts):
        database = Database(pool, frozen_clock)
        for size in (2, 1, 10, 500):
            lines = [submission(short_steps()) for _ in range(size)]
            await approval.submit(*lines)
            items = [
                Item(
                    uuid4().hex, Decision(each.line_id, 1, MANIFEST, Action.APPROVE, "", signer, frozen_clock.now(), 1)
                )
                for each in lines
            ]
            texts.clear()
            async with database.transaction(agency_id=chief.agency_id) as unit:
                results = await decide_lines(unit, items, chief, LineWatch())
            assert {type(result) for result in results} == {pb.DecideResponse}
            seen[size] = [text for text in texts if not text.startswith(_FRAME)]
    assert seen[1] == seen[10] == seen[500]
    # Lock with the answers given before; in one lines, boxes, answers, journal with outbox.
    assert len(seen[1]) == 2, seen[1]
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM line WHERE status = 'decided'") == 513
    assert Outcome.APPROVED.value in await approval.parts.worker.pool.fetchval("SELECT steps::text FROM line LIMIT 1")
