"""Departments that are asked (부서협조): a box of the department, a small line of its own, one answer."""

from uuid import uuid4

import pytest
import pytest_asyncio

from approval.domain.step import Mode, Outcome, Role
from approval.translate import directory as kinds
from chassis.errors import ConflictError, ForbiddenError, InvalidError
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import events_pb2 as events
from onnara.directory.v1 import events_pb2 as directory
from onnara.exchange.v1 import official_document_pb2 as doc
from support.approval_lines import HOME, MANIFEST, SUBMITTED, official, person, step, submission

FINANCE = "T399999"
INSIDERS = {
    name: person(name, department_code=FINANCE, roles=frozenset({role}))
    for name, role in {"clerk": "clerk", "reviewer2": "reviewer", "director": "approver", "guest": "drafter"}.items()
}


@pytest_asyncio.fixture
async def asked(approval, government):
    """A line in which the finance department is asked, and its officials."""
    unit = directory.UnitData(unit_id=FINANCE, code=FINANCE, name="재정과", agency_id=HOME)
    government.add(kinds.UNIT, FINANCE, unit)
    for name in INSIDERS:
        identity = official(name)
        government.add(
            kinds.OFFICIAL, identity, directory.OfficialData(official_id=identity, name=name, agency_id=HOME)
        )
        post = directory.AppointmentData(
            appointment_id=f"appointment-{name}", official_id=identity, agency_id=HOME, department_code=FINANCE,
            position="주무관",
        )  # fmt: skip
        government.add(kinds.APPOINTMENT, post.appointment_id, post)
    await approval.parts.replica.catch_up()
    content = submission(
        [
            step(1, Role.DRAFT, "drafter", outcome=Outcome.SUBMITTED, acted_at=SUBMITTED),
            step(2, Role.COOPERATE, "", Mode.DEPARTMENT, official_id="", department_code=FINANCE, department="재정과"),
            step(3, Role.DECIDE, "chief", Mode.OWN),
        ]
    )
    await approval.submit(content)
    return content


def inner(*names: str) -> list[doc.ApprovalStep]:
    roles = [doc.STEP_ROLE_REVIEW] * (len(names) - 1) + [doc.STEP_ROLE_DECIDE]
    return [
        doc.ApprovalStep(
            role=role, person=doc.StepPerson(official_id=official(name)), outcome=doc.STEP_OUTCOME_APPROVED
        )
        for role, name in zip(roles, names, strict=True)
    ]


async def take_up(approval, content, who, *names, version=1, order=2):
    request = pb.TakeUpStepRequest(
        request_id=uuid4().hex, line_id=str(content.line_id), expected_version=version, order=order, steps=inner(*names)
    )
    return (await approval.call("TakeUpStep", request, INSIDERS.get(who, who))).line


async def act(approval, content, version, who, action=pb.ACTION_APPROVE, **changes):
    request = pb.DecideRequest(
        request_id=uuid4().hex, line_id=str(content.line_id), expected_version=version, manifest_hash=MANIFEST,
        action=action, **changes,
    )  # fmt: skip
    return await approval.call("Decide", request, INSIDERS.get(who, who))


async def counts(approval, who) -> tuple[int, int]:
    found = await approval.call("CountBoxes", pb.CountBoxesRequest(), INSIDERS[who])
    return found.department, found.pending


async def test_the_last_official_answers_for_the_department(approval, asked) -> None:
    assert await counts(approval, "clerk") == (1, 0)
    box = await approval.call("ListBox", pb.ListBoxRequest(box=pb.LINE_BOX_DEPARTMENT), INSIDERS["clerk"])
    assert [line.line_id for line in box.lines] == [str(asked.line_id)]
    line = await take_up(approval, asked, "clerk", "reviewer2", "director")
    first, last = line.steps[1].sub_steps
    # Whatever the request says about them: nobody has acted yet.
    assert (first.outcome, first.person.name, last.person.position) == (doc.STEP_OUTCOME_PENDING, "reviewer2", "주무관")
    assert await counts(approval, "clerk") == (0, 0)
    assert await counts(approval, "reviewer2") == (0, 1)
    with pytest.raises(ForbiddenError, match="not-your-turn"):
        await act(approval, asked, 2, "director")
    with pytest.raises(InvalidError, match="action-not-for-role"):
        await act(approval, asked, 2, "reviewer2", pb.ACTION_RETURN, opinion="반려")
    await act(approval, asked, 2, "reviewer2", opinion="예산 있음")
    await act(approval, asked, 3, "director", pb.ACTION_DISAGREE, opinion="시기 부적절")
    step_ = (await approval.line(asked.line_id)).steps[1]
    assert (step_.outcome, step_.opinion) == (doc.STEP_OUTCOME_DISAGREED, "시기 부적절")
    assert [each.opinion for each in step_.sub_steps] == ["예산 있음", "시기 부적절"]
    assert (step_.person.official_id, step_.department_code) == (official("director"), FINANCE)
    # The department's answer is taken back by who gave it.
    await act(approval, asked, 4, "director", pb.ACTION_WITHDRAW)
    assert await counts(approval, "director") == (0, 1)
    await act(approval, asked, 5, "director")
    assert (await act(approval, asked, 6, "chief")).status == events.LINE_STATUS_DECIDED


async def test_who_may_take_it_up_and_with_whom(approval, asked) -> None:
    with pytest.raises(ForbiddenError, match="department-not-yours"):
        await take_up(approval, asked, "guest", "director")
    with pytest.raises(ForbiddenError, match="department-not-yours"):
        await take_up(approval, asked, "chief", "director")
    with pytest.raises(InvalidError, match="not-of-department"):
        await take_up(approval, asked, "clerk", "chief")
    request = pb.TakeUpStepRequest(line_id=str(asked.line_id), expected_version=1, order=2)
    with pytest.raises(InvalidError, match="inner-line-invalid"):
        await approval.call("TakeUpStep", request, INSIDERS["clerk"])
    with pytest.raises(InvalidError, match="step-unknown"):
        await take_up(approval, asked, "clerk", "director", order=9)
    await take_up(approval, asked, "clerk", "reviewer2", "director")
    # Until somebody has acted it may be handed out anew.
    await take_up(approval, asked, "clerk", "clerk", "director", version=2)
    await act(approval, asked, 3, "clerk")
    with pytest.raises(ConflictError, match="step-acted-on"):
        await take_up(approval, asked, "clerk", "director", version=4)


async def test_an_unknown_department_is_refused(approval) -> None:
    steps = [
        step(1, Role.COOPERATE, "", Mode.DEPARTMENT, official_id="", department_code="T000000"),
        step(2, Role.DECIDE, "chief"),
    ]
    await approval.submit(submission(steps))
    refused = events.LineRefused.FromString((await approval.events())[-1]["payload"])
    assert [error.code for error in refused.errors] == ["step-department-unknown"]
