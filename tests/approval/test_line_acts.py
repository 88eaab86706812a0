"""A line as people work with it over gRPC: taking back, stopping, sending back, deputies, skipping, changing, history, boxes."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from approval.domain.step import Mode, Role
from approval.translate import directory as kinds
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from chassis.testing.statements import counted_pool
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import events_pb2 as events
from onnara.directory.v1.events_pb2 import AbsenceData, UnitData
from onnara.exchange.v1 import official_document_pb2 as doc
from support.approval_lines import ABROAD, HOME, MANIFEST, official, person, short_steps, step, submission, usual_steps

APPROVE, RETURN, HOLD = pb.ACTION_APPROVE, pb.ACTION_RETURN, pb.ACTION_HOLD
WITHDRAW, STOP = pb.ACTION_WITHDRAW, pb.ACTION_STOP
CHIEF = person("chief").official_id


async def act(approval, content, version, who, action=APPROVE, **changes) -> pb.DecideResponse:
    values = {
        "request_id": uuid4().hex,
        "line_id": str(content.line_id),
        "expected_version": version,
        "manifest_hash": MANIFEST,
        "action": action,
    }
    return await approval.call("Decide", pb.DecideRequest(**(values | changes)), who)


async def opened(approval, steps=(), **changes):
    content = submission(steps, **changes)
    await approval.submit(content)
    return content


async def seen(approval, content, who="chief") -> pb.Line:
    return (await approval.call("GetLine", pb.GetLineRequest(line_id=str(content.line_id)), who)).line


@pytest_asyncio.fixture
async def away(approval, government):
    """Registers somebody's absence."""

    async def register(name: str, deputy: str = "", **changes) -> None:
        now = approval.clock.now()
        data = AbsenceData(
            absence_id=f"absence-{name}", official_id=official(name), agency_id=HOME,
            deputy_official_id=official(deputy) if deputy else "", starts_at=now, ends_at=now + timedelta(days=1),
            **{"reason": "trip", **changes},
        )  # fmt: skip
        government.add(kinds.ABSENCE, data.absence_id, data)
        await approval.parts.replica.catch_up()

    return register


async def test_what_was_done_last_is_taken_back_until_the_next_has_acted(approval) -> None:
    content = await opened(approval)
    await act(approval, content, 1, "reviewer", opinion="좋습니다")
    assert pb.ACTION_WITHDRAW in (await seen(approval, content, "reviewer")).allowed
    back = await act(approval, content, 2, "reviewer", WITHDRAW, opinion="다시 봅니다")
    assert (back.version, back.status) == (3, events.LINE_STATUS_IN_PATH)
    line = await seen(approval, content, "reviewer")
    assert (line.current_order, line.steps[1].opinion) == (2, "좋습니다\n다시 봅니다")
    await act(approval, content, 3, "reviewer")
    await act(approval, content, 4, "partner")
    with pytest.raises(ConflictError, match="next-has-acted"):
        await act(approval, content, 5, "reviewer", WITHDRAW)
    # Who co-operates beside another is not in their way.
    await act(approval, content, 5, "colleague")
    assert (await act(approval, content, 6, "partner", WITHDRAW)).version == 7
    with pytest.raises(ForbiddenError, match="nothing-to-withdraw"):
        await act(approval, content, 7, "chief", WITHDRAW)


async def test_the_drafter_takes_the_document_back_and_submits_it_again(approval) -> None:
    content = await opened(approval, short_steps())
    answer = await act(approval, content, 1, "drafter", WITHDRAW)
    assert answer.status == events.LINE_STATUS_WITHDRAWN
    assert (await approval.call("ListPending", pb.ListPendingRequest())).lines == []
    assert (await seen(approval, content)).steps[0].outcome == doc.STEP_OUTCOME_WITHDRAWN
    again = await opened(approval, short_steps(), document_id=content.document_id)
    await act(approval, again, 1, "chief")
    with pytest.raises(ConflictError, match="line-closed"):
        await act(approval, again, 2, "chief", WITHDRAW)


async def test_a_line_is_stopped_by_the_drafter_or_the_records_officer_with_a_reason(approval) -> None:
    content, other = await opened(approval), await opened(approval)
    with pytest.raises(InvalidError, match="opinion-missing"):
        await act(approval, content, 1, "drafter", STOP)
    with pytest.raises(ForbiddenError, match="stop-not-yours"):
        await act(approval, content, 1, "chief", STOP, opinion="그만")
    answer = await act(approval, content, 1, "drafter", STOP, opinion="사업 취소")
    assert answer.status == events.LINE_STATUS_STOPPED
    await act(approval, other, 1, "reviewer", HOLD, opinion="확인")
    keeper = person("keeper", roles=frozenset({"records"}))
    assert (await act(approval, other, 2, keeper, STOP, opinion="중복")).status == events.LINE_STATUS_STOPPED
    last = (await approval.events())[-1]
    event = events.LineChanged.FromString(last["payload"])
    assert (event.act, event.opinion) == ("stop", "중복")


async def test_sent_back_to_an_earlier_step_the_line_goes_on_where_it_was(approval) -> None:
    content = await opened(approval)
    for version, who in enumerate(["reviewer", "partner", "colleague", "auditor"], 1):
        await act(approval, content, version, who, opinion=f"{who} 의견")
    with pytest.raises(InvalidError, match="return-target-invalid"):
        await act(approval, content, 5, "chief", RETURN, opinion="?", return_to=6)
    back = await act(approval, content, 5, "chief", RETURN, opinion="검토 보완", return_to=2)
    assert back.status == events.LINE_STATUS_IN_PATH
    line = await seen(approval, content, "reviewer")
    assert (line.current_order, line.steps[1].opinion) == (2, "reviewer 의견")
    assert (line.steps[2].outcome, line.steps[5].opinion) == (doc.STEP_OUTCOME_AGREED, "검토 보완")
    await act(approval, content, 6, "reviewer", opinion="보완함")
    assert (await seen(approval, content)).current_order == 6
    assert (await act(approval, content, 7, "chief")).status == events.LINE_STATUS_DECIDED
    history = await approval.call("GetLineHistory", pb.GetLineHistoryRequest(document_id=str(content.document_id)))
    assert [entry.act for entry in history.entries] == ["open", *["approve"] * 4, "return", "approve", "approve"]
    returned = history.entries[5]
    assert (returned.returned_to, returned.opinion, returned.actor.name) == (2, "검토 보완", "chief")


async def test_a_deputy_decides_and_the_absent_approver_is_told_afterwards(approval, away) -> None:
    content = await opened(approval, short_steps())
    with pytest.raises(NotFoundError, match="line-unknown"):
        await act(approval, content, 1, "partner", acting_for=CHIEF)
    await away("chief", "partner")
    answer = await approval.call("ListPending", pb.ListPendingRequest(), "partner")
    [line] = answer.lines
    assert (line.acting_for, list(line.allowed)) == (CHIEF, [APPROVE, RETURN, HOLD])
    counts = await approval.call("CountBoxes", pb.CountBoxesRequest(), "partner")
    assert (counts.pending, counts.acting) == (0, 1)
    with pytest.raises(ForbiddenError, match="not-your-turn"):
        await act(approval, content, 1, "partner")
    assert (await act(approval, content, 1, "partner", acting_for=CHIEF)).status == events.LINE_STATUS_DECIDED
    _, decided, told = (await seen(approval, content, "partner")).steps
    assert (decided.person.official_id, decided.acted_by.name) == (CHIEF, "partner")
    assert (decided.mode, decided.report_after) == (doc.STEP_MODE_ACTING_FOR_DELEGATED, True)
    assert (told.role, told.mode, told.person.official_id) == (doc.STEP_ROLE_AFTER, doc.STEP_MODE_CONFIRM, CHIEF)
    assert (await approval.events())[-1]["actor"]["acting_for"] == CHIEF


@pytest.mark.parametrize("mode", [Mode.ACTING, Mode.ACTING_FOR_DELEGATED])
async def test_a_deputy_named_in_place_of_the_absent_is_their_deputy(approval, away, mode) -> None:
    drafting = usual_steps()[0]
    stepped = step(2, Role.DECIDE, "partner", mode)
    nobody_away = await opened(approval, [drafting, stepped])
    own = doc.STEP_MODE_OWN if mode is Mode.ACTING else doc.STEP_MODE_DELEGATED
    # Without an absence there is no deputy: whoever is named decides for themselves.
    line = await seen(approval, nobody_away, "partner")
    assert (line.steps[1].mode, line.steps[1].person.name) == (own, "partner")
    await away("chief", "partner")
    content = await opened(approval, [drafting, stepped])
    line = await seen(approval, content, "partner")
    assert (line.steps[1].mode, line.steps[1].person.official_id, line.acting_for) == (own, CHIEF, CHIEF)
    assert (await act(approval, content, 1, "partner", acting_for=CHIEF)).status == events.LINE_STATUS_DECIDED
    decided, told = (await seen(approval, content)).steps[1:]
    assert (decided.person.name, decided.acted_by.name, decided.report_after) == ("chief", "partner", True)
    assert told.person.official_id == CHIEF


async def test_of_a_deputy_and_the_approver_racing_one_decides(approval, away) -> None:
    content = await opened(approval, short_steps())
    await away("chief", "partner")
    results = await asyncio.gather(
        *(act(approval, content, 1, "partner", acting_for=CHIEF) for _ in range(5)),
        *(act(approval, content, 1, "chief") for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, pb.DecideResponse) for result in results) == 1
    assert {result.code for result in results if isinstance(result, ConflictError)} == {"line-moved-on"}


async def test_pages_hold_the_turns_of_those_stood_in_for_in_one_order(approval, away) -> None:
    moment = submission().submitted_at
    lines = []
    for number in range(9):
        steps = [step(1, Role.COOPERATE, "partner", Mode.PARALLEL), step(2, Role.COOPERATE, "chief", Mode.PARALLEL)]
        steps = [[steps[0]], [steps[1]], steps][number % 3]
        content = submission(
            [*steps, step(9, Role.DECIDE, "auditor")], submitted_at=moment + timedelta(seconds=number // 2)
        )
        lines.append(content)
    await approval.submit(*lines)
    await away("chief", "partner")
    found, token = [], ""
    while not found or token:
        page = await approval.call("ListPending", pb.ListPendingRequest(page_size=2, page_token=token), "partner")
        found += [(line.line_id, line.acting_for) for line in page.lines]
        token = page.next_page_token
    ordered = sorted(lines, key=lambda each: (each.submitted_at, each.line_id))
    own = {str(each.line_id): any(s.name == "partner" for s in each.steps) for each in ordered}
    assert found == [(line_id, "" if mine else CHIEF) for line_id, mine in own.items()]
    box = await approval.call("ListBox", pb.ListBoxRequest(box=pb.LINE_BOX_PENDING, page_size=500), "partner")
    assert [line.line_id for line in box.lines] == list(own)[::-1]


async def test_only_an_absent_reviewer_is_passed_over(approval, away) -> None:
    content = await opened(approval)

    async def skip(order, who="drafter", **changes):
        request = pb.SkipStepRequest(
            request_id=uuid4().hex, line_id=str(content.line_id), expected_version=1, order=order, **changes
        )
        return await approval.call("SkipStep", request, who)

    with pytest.raises(ConflictError, match="not-absent"):
        await skip(2)
    for name in ("reviewer", "chief", "partner"):
        await away(name)
    with pytest.raises(InvalidError, match="final-step-skipped"):
        await skip(6)
    with pytest.raises(InvalidError, match="skip-not-for-role"):
        await skip(3)
    with pytest.raises(ForbiddenError, match="skip-not-yours"):
        await skip(2, "auditor")
    with pytest.raises(NotFoundError, match="line-unknown"):
        await skip(2, "stranger")
    line = (await skip(2, "partner")).line
    assert (line.steps[1].mode, line.steps[1].skip_reason) == (doc.STEP_MODE_SKIPPED, "출장")
    assert (line.version, line.current_order) == (2, 3)
    assert (await approval.call("CountBoxes", pb.CountBoxesRequest(), "reviewer")).pending == 0


async def test_steps_to_come_are_inserted_moved_and_removed_together(approval) -> None:
    content = await opened(approval)
    await act(approval, content, 1, "reviewer")

    async def change(*changes, who="drafter", version=2):
        request = pb.ChangeLineRequest(
            request_id=uuid4().hex,
            line_id=str(content.line_id),
            expected_version=version,
            changes=changes,
            reason="추가",
        )
        return await approval.call("ChangeLine", request, who)

    def insert(before, name, role=doc.STEP_ROLE_REVIEW) -> pb.StepChange:
        new = doc.ApprovalStep(role=role, person=doc.StepPerson(official_id=official(name)))
        return pb.StepChange(insert=pb.InsertStep(before=before, step=new))

    for wrong, code in [
        ([insert(2, "reader")], "place-not-free"),
        ([pb.StepChange(remove=2)], "step-acted-on"),
        ([pb.StepChange(remove=6)], "final-step-missing"),
        ([insert(6, "nobody")], "step-official-unknown"),
        ([insert(7, "reader")], "final-step-not-last"),
    ]:
        with pytest.raises((InvalidError, ConflictError), match=code):
            await change(*wrong)
    with pytest.raises(ForbiddenError, match="change-not-yours"):
        await change(pb.StepChange(remove=5), who="auditor")
    with pytest.raises(ForbiddenError, match="own-step-stays"):
        await change(pb.StepChange(remove=3), who="partner")
    moved = pb.StepChange(move=pb.MoveStep(order=5, before=3))
    line = (await change(insert(6, "reader"), moved, pb.StepChange(remove=4), who="partner")).line
    assert [each.person.name for each in line.steps] == [
        "drafter", "reviewer", "auditor", "partner", "reader", "chief", "reader",
    ]  # fmt: skip
    assert [each.order for each in line.steps] == list(range(1, 8))
    assert (line.version, line.current_order, line.may_change) == (3, 3, False)
    pending = [
        len((await approval.call("ListPending", pb.ListPendingRequest(), who)).lines)
        for who in ("auditor", "partner", "colleague")
    ]
    assert pending == [1, 0, 0]
    event = events.LineChanged.FromString((await approval.events())[-1]["payload"])
    assert (event.act, event.opinion, event.version) == ("change", "추가", 3)


def change_of(content, *changes, version=1) -> pb.ChangeLineRequest:
    return pb.ChangeLineRequest(
        request_id=uuid4().hex, line_id=str(content.line_id), expected_version=version, changes=changes, reason="추가"
    )


def insert_of(before, role=doc.STEP_ROLE_REVIEW, **values) -> pb.StepChange:
    return pb.StepChange(insert=pb.InsertStep(before=before, step=doc.ApprovalStep(role=role, **values)))


async def test_a_change_repeated_while_it_is_made_is_answered_like_the_first(approval) -> None:
    content = await opened(approval)
    wanted = change_of(content, pb.StepChange(remove=5))
    answers = await asyncio.gather(*(approval.call("ChangeLine", wanted, "drafter") for _ in range(6)))
    assert {answer.line.version for answer in answers} == {2}
    assert len(await approval.events()) == 2
    # An answer about one line is never taken for one about another.
    other = await opened(approval)
    elsewhere = pb.ChangeLineRequest(request_id=wanted.request_id, line_id=str(other.line_id), expected_version=1)
    with pytest.raises(ConflictError, match="request-id-reused"):
        await approval.call("ChangeLine", elsewhere, "drafter")


async def test_nobody_and_departments_elsewhere_are_not_inserted(approval, government) -> None:
    for code, agency_id in (("T399999", HOME), ("T499999", ABROAD)):
        unit = UnitData(unit_id=code, code=code, name="재정과", agency_id=agency_id)
        government.add(kinds.UNIT, code, unit)
    await approval.parts.replica.catch_up()
    asked = step(2, Role.COOPERATE, "", Mode.DEPARTMENT, official_id="", department_code="T399999")
    content = await opened(approval, [usual_steps()[0], asked, step(3, Role.DECIDE, "chief")])
    asking = {"role": doc.STEP_ROLE_COOPERATE, "mode": doc.STEP_MODE_DEPARTMENT}
    for wrong in (
        insert_of(3),
        insert_of(3, **asking, department_code="T000000"),
        insert_of(3, **asking, department_code="T499999"),
    ):
        with pytest.raises(InvalidError, match="-unknown"):
            await approval.call("ChangeLine", change_of(content, wrong), "drafter")
    elsewhere = step(2, Role.COOPERATE, "", Mode.DEPARTMENT, official_id="", department_code="T499999")
    await opened(approval, [usual_steps()[0], elsewhere, step(3, Role.DECIDE, "chief")])
    refused = events.LineRefused.FromString((await approval.events())[-1]["payload"])
    assert [error.code for error in refused.errors] == ["step-department-unknown"]


async def test_who_decides_is_changed_by_the_drafter_only(approval) -> None:
    content = await opened(approval)
    person_of = {"person": doc.StepPerson(official_id=official("reviewer"))}
    taking_over = [pb.StepChange(remove=6), insert_of(7, doc.STEP_ROLE_DECIDE, **person_of)]
    with pytest.raises(ForbiddenError, match="change-not-yours"):
        await approval.call("ChangeLine", change_of(content, *taking_over), "reviewer")
    assert (await approval.call("ChangeLine", change_of(content, *taking_over), "drafter")).line.version == 2


async def test_a_line_is_there_for_those_it_concerns(approval, away) -> None:
    content = await opened(approval, usual_steps()[:3] + usual_steps()[5:6])
    history = pb.GetLineHistoryRequest(document_id=str(content.document_id))
    for who in ("drafter", "reviewer", "partner", "chief", person("x", roles=frozenset({"records"}))):
        assert (await seen(approval, content, who)).version == 1
        assert len((await approval.call("GetLineHistory", history, who)).entries) == 1
    for who in ("colleague", "auditor", person("x", roles=frozenset({"approver"}))):
        with pytest.raises(NotFoundError):
            await seen(approval, content, who)
        with pytest.raises(NotFoundError):
            await approval.call("GetLineHistory", history, who)
    await away("chief", "colleague")
    assert (await seen(approval, content, "colleague")).version == 1


async def test_what_the_reader_may_do_stands_with_the_line(approval) -> None:
    content = await opened(approval)
    expected = {
        "reviewer": [APPROVE, RETURN, HOLD],
        "drafter": [WITHDRAW, STOP],
        "chief": [],
        "partner": [],
    }
    for who, actions in expected.items():
        line = await seen(approval, content, who)
        assert (list(line.allowed), line.may_change) == (actions, who in {"reviewer", "drafter"})
    await act(approval, content, 1, "reviewer")
    assert list((await seen(approval, content, "partner")).allowed) == [APPROVE, pb.ACTION_DISAGREE, RETURN]


async def test_approvals_of_the_same_text_carry_over_to_the_next_line(approval) -> None:
    content = await opened(approval)
    await act(approval, content, 1, "reviewer", opinion="이상 없음")
    await act(approval, content, 2, "partner")
    await act(approval, content, 3, "drafter", STOP, opinion="수신자 정정")
    again = await opened(
        approval, document_id=content.document_id, submitted_at=approval.clock.now(), carry_over=content.line_id
    )
    line = await seen(approval, again, "colleague")
    assert [each.outcome for each in line.steps[1:4]] == [
        doc.STEP_OUTCOME_APPROVED, doc.STEP_OUTCOME_AGREED, doc.STEP_OUTCOME_PENDING,
    ]  # fmt: skip
    assert (line.steps[1].opinion, line.current_order) == ("이상 없음", 4)


async def test_taking_back_costs_what_deciding_costs(approval, approval_database, monkeypatch) -> None:
    content = await opened(approval)
    async with counted_pool(approval_database.url("rpc")) as (pool, texts):
        monkeypatch.setattr(approval.parts.rpc, "pool", pool)
        costs = []
        for version, action in enumerate([APPROVE, WITHDRAW, APPROVE, WITHDRAW], 1):
            texts.clear()
            await act(approval, content, version, "reviewer", action)
            costs.append(len([text for text in texts if not text.startswith(("BEGIN", "COMMIT"))]))
    # The first one on a connection also asks for the types of the columns.
    assert costs[1:] == [2, 2, 2]
