"""The service over gRPC and PostgreSQL: one line from submission to decision, turns, boxes, waiting, the journal."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from approval.translate import directory as kinds
from chassis.actor import TokenSigner, system_actor
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, TransientError
from chassis.ids import uuid7
from chassis.rpc import bearer
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import events_pb2 as events
from onnara.approval.v1.approval_service_pb2_grpc import ApprovalServiceStub
from onnara.common.v1.actor_pb2 import AUTH_STRENGTH_PASSWORD
from onnara.directory.v1.events_pb2 import AppointmentData, TokenKeyData
from onnara.exchange.v1 import official_document_pb2 as doc
from support.approval_lines import ABROAD, HOME, MANIFEST, person, short_steps, submission

APPROVE, RETURN, HOLD, RESUME = pb.ACTION_APPROVE, pb.ACTION_RETURN, pb.ACTION_HOLD, pb.ACTION_RESUME


def decision(line_id, version, action=APPROVE, opinion="", **changes) -> pb.DecideRequest:
    values = {
        "request_id": uuid4().hex,
        "line_id": str(line_id),
        "expected_version": version,
        "manifest_hash": MANIFEST,
        "action": action,
        "opinion": opinion,
        **changes,
    }
    return pb.DecideRequest(**values)


async def pending(approval, who: str) -> list[str]:
    answer = await approval.call("ListPending", pb.ListPendingRequest(), who)
    return [line.line_id for line in answer.lines]


async def counts(approval, who: str) -> tuple[int, int, int, int]:
    found = await approval.call("CountBoxes", pb.CountBoxesRequest(), who)
    return found.pending, found.held, found.in_progress, found.returned


async def test_a_line_from_submission_to_decision(approval) -> None:
    content = submission()
    line_id = str(content.line_id)
    await approval.submit(content)
    assert await pending(approval, "reviewer") == [line_id]
    assert await counts(approval, "drafter") == (0, 0, 1, 0)

    approval.clock.advance(timedelta(minutes=1))
    answer = await approval.call("Decide", decision(line_id, 1, opinion="좋습니다"), "reviewer")
    assert (answer.version, answer.status) == (2, events.LINE_STATUS_IN_PATH)
    assert await counts(approval, "reviewer") == (0, 0, 1, 0)
    # Both who cooperate in parallel have their turn; the audit waits for both.
    assert await pending(approval, "partner") == await pending(approval, "colleague") == [line_id]
    await approval.call("Decide", decision(line_id, 2), "colleague")
    assert await pending(approval, "auditor") == []
    await approval.call("Decide", decision(line_id, 3), "partner")
    await approval.call("Decide", decision(line_id, 4), "auditor")
    approval.clock.advance(timedelta(minutes=1))
    final = await approval.call("Decide", decision(line_id, 5), "chief")
    assert (final.version, final.status) == (6, events.LINE_STATUS_DECIDED)

    line = await approval.line(line_id)
    assert line.decided_at.ToDatetime(approval.clock.now().tzinfo) == approval.clock.now()
    assert [step.outcome for step in line.steps] == [
        doc.STEP_OUTCOME_SUBMITTED,
        doc.STEP_OUTCOME_APPROVED,
        doc.STEP_OUTCOME_AGREED,
        doc.STEP_OUTCOME_AGREED,
        doc.STEP_OUTCOME_PASSED,
        doc.STEP_OUTCOME_APPROVED,
        doc.STEP_OUTCOME_PENDING,
    ]
    reviewed = line.steps[1]
    assert (reviewed.opinion, reviewed.manifest_hash) == ("좋습니다", MANIFEST)
    assert (reviewed.person.position, reviewed.person.department) == ("position of reviewer", "도로정책과")
    assert line.current_order == 0
    for who in ("drafter", "reviewer", "partner", "colleague", "auditor", "chief", "reader"):
        assert await counts(approval, who) == (0, 0, 0, 0)


async def test_every_act_is_told_with_the_whole_line(approval) -> None:
    content = submission(short_steps())
    await approval.submit(content)
    await approval.call("Decide", decision(content.line_id, 1), "chief")
    opened, changed = await approval.events()
    assert opened["type"] == "onnara.approval.v1.LineOpened"
    event = events.LineChanged.FromString(changed["payload"])
    assert (event.version, event.acted_order, event.status) == (2, 2, events.LINE_STATUS_DECIDED)
    assert event.decided_at.ToDatetime(approval.clock.now().tzinfo) == approval.clock.now()
    assert event.actor.official_id == person("chief").official_id
    assert event.actor.strength == AUTH_STRENGTH_PASSWORD
    assert len(event.steps) == 2
    assert changed["correlation_id"] == f"journey-{content.document_id}"
    # Opening is history only; acting is published.
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM outbox") == 1
    stored = await approval.parts.worker.pool.fetchval("SELECT steps -> 1 FROM line")
    version = approval.parts.replica.snapshot.version
    assert version > 0
    assert (stored["directory_version"], stored["strength"], stored["appointment_id"]) == (
        version, "password", "appointment-chief",
    )  # fmt: skip


async def test_holding_stops_everybody_until_the_same_official_goes_on(approval) -> None:
    content = submission()
    line_id = content.line_id
    await approval.submit(content)
    with pytest.raises(InvalidError, match="opinion-missing"):
        await approval.call("Decide", decision(line_id, 1, HOLD), "reviewer")
    held = await approval.call("Decide", decision(line_id, 1, HOLD, "법무 확인"), "reviewer")
    assert held.status == events.LINE_STATUS_HELD
    assert await counts(approval, "reviewer") == (0, 1, 0, 0)
    with pytest.raises(ConflictError, match="line-held"):
        await approval.call("Decide", decision(line_id, 2), "reviewer")
    with pytest.raises(ForbiddenError, match="not-your-turn"):
        await approval.call("Decide", decision(line_id, 2, RESUME), "chief")
    resumed = await approval.call("Decide", decision(line_id, 2, RESUME), "reviewer")
    assert resumed.status == events.LINE_STATUS_IN_PATH
    await approval.call("Decide", decision(line_id, 3, opinion="확인함"), "reviewer")
    assert (await approval.line(line_id)).steps[1].opinion == "법무 확인\n확인함"


async def test_returning_needs_an_opinion_and_ends_the_line(approval) -> None:
    content = submission()
    await approval.submit(content)
    with pytest.raises(InvalidError, match="opinion-missing"):
        await approval.call("Decide", decision(content.line_id, 1, RETURN, "  "), "reviewer")
    answer = await approval.call("Decide", decision(content.line_id, 1, RETURN, "근거 보완"), "reviewer")
    assert answer.status == events.LINE_STATUS_RETURNED
    assert await counts(approval, "drafter") == (0, 0, 0, 1)
    assert await counts(approval, "reviewer") == (0, 0, 0, 0)
    with pytest.raises(ConflictError, match="line-closed"):
        await approval.call("Decide", decision(content.line_id, 2), "reviewer")
    # Submitted again: a new line, and the drafter's box of returned documents is empty.
    again = submission(document_id=content.document_id, submitted_at=approval.clock.now())
    await approval.submit(again)
    assert await counts(approval, "drafter") == (0, 0, 1, 0)
    found = await approval.call("GetLine", pb.GetLineRequest(document_id=str(content.document_id)))
    assert found.line.line_id == str(again.line_id)


async def test_refusals_name_what_happened(approval) -> None:
    content = submission()
    await approval.submit(content)
    with pytest.raises(ForbiddenError, match="not-your-turn") as refused:
        await approval.call("Decide", decision(content.line_id, 1), "chief")
    assert refused.value.problems[0].params == {"waits_for": "reviewer"}
    with pytest.raises(ConflictError, match="manifest-changed"):
        await approval.call("Decide", decision(content.line_id, 1, manifest_hash=b"x" * 32), "reviewer")
    await approval.call("Decide", decision(content.line_id, 1), "reviewer")
    with pytest.raises(ConflictError, match="line-moved-on") as moved:
        await approval.call("Decide", decision(content.line_id, 1), "reviewer")
    assert moved.value.problems[0].params == {"version": "2", "actor": "reviewer", "status": "in-path"}
    with pytest.raises(InvalidError, match="action-unknown"):
        await approval.call("Decide", decision(content.line_id, 2, pb.ACTION_UNSPECIFIED), "partner")
    with pytest.raises(InvalidError, match="id-invalid"):
        await approval.call("Decide", decision("no-id", 2), "partner")
    with pytest.raises(NotFoundError, match="line-unknown"):
        await approval.call("Decide", decision(uuid7(), 1), "partner")
    with pytest.raises(ForbiddenError, match="person-missing"):
        await approval.call("Decide", decision(content.line_id, 2), system_actor("adapters", "agency-home"))


async def test_a_capacity_that_has_ended_does_not_sign(approval, government) -> None:
    content = submission()
    await approval.submit(content)
    appointment = AppointmentData(
        appointment_id="appointment-reviewer", official_id=person("reviewer").official_id, agency_id=HOME
    )
    government.add(kinds.APPOINTMENT, "appointment-reviewer", appointment, approval.clock.now().date())
    await approval.parts.replica.catch_up()
    with pytest.raises(ForbiddenError, match="capacity-ended"):
        await approval.call("Decide", decision(content.line_id, 1), "reviewer")
    # A capacity our copy of the directory has not heard of yet may be new: the token vouches for it.
    newer = person("reviewer", appointment_id="appointment-new")
    assert (await approval.call("Decide", decision(content.line_id, 1), newer)).version == 2


async def test_keys_live_by_the_day_of_the_country(approval, government) -> None:
    """Published for the 12th in Seoul, where it is already morning; in UTC it is still the 11th."""
    approval.clock.advance(timedelta(hours=16))
    fresh = TokenSigner("key-of-today", bytes(32))
    payload = TokenKeyData(key_id=fresh.key_id, public_key=fresh.public_key)
    government.add(kinds.TOKEN_KEY, fresh.key_id, payload, valid_from=date(2026, 5, 12))
    await approval.parts.replica.catch_up()
    token = fresh.issue(person("chief"), "onnara", approval.clock.now())
    stub = ApprovalServiceStub(approval.connection)
    assert (await stub.CountBoxes(pb.CountBoxesRequest(), metadata=bearer(token))).pending == 0


async def test_repeating_a_request_repeats_its_answer(approval) -> None:
    content, other = submission(short_steps()), submission(short_steps())
    await approval.submit(content, other)
    request = decision(content.line_id, 1)
    first = await approval.call("Decide", request)
    assert await approval.call("Decide", request) == first
    request.line_id = str(other.line_id)
    with pytest.raises(ConflictError, match="request-id-reused"):
        await approval.call("Decide", request)


async def test_twenty_race_and_one_wins(approval) -> None:
    content = submission(short_steps())
    await approval.submit(content)
    requests = [decision(content.line_id, 1, opinion=str(number)) for number in range(20)]
    results = await asyncio.gather(*(approval.call("Decide", request) for request in requests), return_exceptions=True)
    won = [result for result in results if isinstance(result, pb.DecideResponse)]
    lost = [result for result in results if isinstance(result, ConflictError)]
    assert (len(won), len(lost)) == (1, 19)
    assert {error.code for error in lost} == {"line-moved-on"}
    assert [row["aggregate_version"] for row in await approval.events()] == [1, 2]


async def test_twenty_repetitions_at_once_get_one_answer(approval) -> None:
    content = submission(short_steps())
    await approval.submit(content)
    request = decision(content.line_id, 1)
    answers = await asyncio.gather(*(approval.call("Decide", request) for _ in range(20)))
    assert {answer.SerializeToString() for answer in answers} == {answers[0].SerializeToString()}
    assert [row["aggregate_version"] for row in await approval.events()] == [1, 2]


async def test_pages_follow_each_other_without_gaps(approval) -> None:
    lines = [
        submission(short_steps(), submitted_at=submission().submitted_at + timedelta(seconds=number // 3))
        for number in range(25)
    ]
    await approval.submit(*lines)
    seen, token = [], ""
    while True:
        request = pb.ListPendingRequest(page_size=7, page_token=token)
        page = await approval.call("ListPending", request)
        seen += [line.line_id for line in page.lines]
        token = page.next_page_token
        if not token:
            break
    expected = sorted(lines, key=lambda line: (line.submitted_at, line.line_id))
    assert seen == [str(line.line_id) for line in expected]
    with pytest.raises(InvalidError, match="page-token-invalid"):
        await approval.call("ListPending", pb.ListPendingRequest(page_token="no token"))


async def test_another_agency_sees_and_changes_nothing(approval) -> None:
    content = submission(short_steps())
    await approval.submit(content)
    stranger = person("chief", ABROAD, official_id=person("chief").official_id)
    with pytest.raises(NotFoundError):
        await approval.call("GetLine", pb.GetLineRequest(line_id=str(content.line_id)), stranger)
    with pytest.raises(NotFoundError):
        await approval.call("Decide", decision(content.line_id, 1), stranger)
    assert (await approval.call("ListPending", pb.ListPendingRequest(), stranger)).lines == []
    assert (await approval.call("CountBoxes", pb.CountBoxesRequest(), stranger)).pending == 0


async def test_a_reader_waits_for_the_version_it_has_heard_of(approval) -> None:
    content = submission(short_steps())
    wanted = pb.GetLineRequest(document_id=str(content.document_id), at_least_version=2)
    waiting = asyncio.create_task(approval.call("GetLine", wanted, timeout=10))
    await asyncio.sleep(0.05)
    await approval.submit(content)
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await approval.call("Decide", decision(content.line_id, 1))
    assert (await asyncio.wait_for(waiting, 0.2)).line.version == 2
    wanted.at_least_version = 3
    with pytest.raises(TransientError, match="line-not-there-yet"):
        await approval.call("GetLine", wanted, timeout=0.4)
    with pytest.raises(NotFoundError, match="line-unknown"):
        await approval.call("GetLine", pb.GetLineRequest(line_id=str(uuid7())))


async def test_the_journal_is_read_by_those_who_keep_records(approval) -> None:
    lines = [submission(short_steps()) for _ in range(3)]
    await approval.submit(*lines)
    keeper = person("reader", roles=frozenset({"records"}))
    entries, request = [], pb.ReadJournalRequest(page_size=2)
    async with asyncio.timeout(30):
        # Entries are shown once nothing older on the server can commit any more; other databases count too.
        while len(entries) < 3:
            page = (await approval.call("ReadJournal", request, keeper)).entries
            assert len(page) <= 2
            entries += page
            if page:
                request.after.CopyFrom(page[-1].position)
            else:
                await asyncio.sleep(0.02)
    assert {entry.aggregate_id for entry in entries} == {str(line.line_id) for line in lines}
    assert len(entries) == 3
    opened = events.LineOpened.FromString(entries[0].payload)
    assert (opened.version, entries[0].actor.name) == (1, "drafter")
    abroad = person("reader", ABROAD, roles=frozenset({"records"}))
    assert (await approval.call("ReadJournal", pb.ReadJournalRequest(), abroad)).entries == []
    with pytest.raises(ForbiddenError, match="role-missing"):
        await approval.call("ReadJournal", pb.ReadJournalRequest(), "chief")
