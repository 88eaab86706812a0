"""Joint drafts (공동기안): another agency's head decides behind the lead's, and sees that line only."""

from dataclasses import replace
from uuid import uuid4

import pytest

from approval.domain.step import Mode, Outcome, Role
from approval.translate import directory as kinds
from chassis import db
from chassis.errors import ConflictError, ForbiddenError, NotFoundError
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import events_pb2 as events
from onnara.directory.v1.events_pb2 import AppointmentData
from onnara.exchange.v1 import official_document_pb2 as doc
from support.approval_lines import ABROAD, HOME, MANIFEST, SUBMITTED, official, person, short_steps, step, submission

ABROAD_CHIEF = person("chief", ABROAD, appointment_id=f"appointment-chief-{ABROAD}")
ABROAD_READER = person("reader", ABROAD, appointment_id=f"appointment-reader-{ABROAD}")


def joint_steps():
    """Drafter, lead approver, head of the other agency."""
    foreign = {"official_id": official("chief", ABROAD), "agency_id": ABROAD}
    return [
        step(1, Role.DRAFT, "drafter", outcome=Outcome.SUBMITTED, acted_at=SUBMITTED),
        step(2, Role.DECIDE, "chief", Mode.OWN),
        step(3, Role.DECIDE, "chief", Mode.JOINT, **foreign),
    ]


async def opened(approval):
    content = submission(joint_steps(), joint_agency_ids=(ABROAD,))
    await approval.submit(content)
    return content


async def act(approval, content, version, who, action=pb.ACTION_APPROVE, **changes):
    request = pb.DecideRequest(
        request_id=uuid4().hex, line_id=str(content.line_id), expected_version=version, manifest_hash=MANIFEST,
        action=action, **changes,
    )  # fmt: skip
    return await approval.call("Decide", request, who)


async def pending(approval, who) -> list[str]:
    return [line.line_id for line in (await approval.call("ListPending", pb.ListPendingRequest(), who)).lines]


async def test_the_line_is_decided_when_the_last_agency_has_decided(approval) -> None:
    content = await opened(approval)
    assert await pending(approval, ABROAD_CHIEF) == []
    lead = await act(approval, content, 1, "chief")
    assert lead.status == events.LINE_STATUS_IN_PATH
    # The lead's head has decided: that cannot be taken back.
    assert pb.ACTION_WITHDRAW not in (await approval.line(content.line_id)).allowed
    assert await pending(approval, ABROAD_CHIEF) == [str(content.line_id)]
    final = await act(approval, content, 2, ABROAD_CHIEF)
    assert final.status == events.LINE_STATUS_DECIDED
    line = (await approval.call("GetLine", pb.GetLineRequest(line_id=str(content.line_id)), ABROAD_CHIEF)).line
    assert (line.agency_id, line.steps[2].agency_id, line.steps[2].mode) == (HOME, ABROAD, doc.STEP_MODE_JOINT)
    history = pb.GetLineHistoryRequest(document_id=str(content.document_id))
    for who in ("drafter", ABROAD_CHIEF):
        entries = (await approval.call("GetLineHistory", history, who)).entries
        assert [entry.act for entry in entries] == ["open", "approve", "approve"]
    # The acts of the other agency stand in the lead's journal, nowhere else.
    rows = await approval.events()
    assert {row["agency_id"] for row in rows} == {HOME}
    assert rows[-1]["actor"]["agency_id"] == ABROAD


async def test_the_other_agency_may_hold_and_return(approval) -> None:
    content = await opened(approval)
    with pytest.raises(ForbiddenError, match="not-your-turn"):
        await act(approval, content, 1, ABROAD_CHIEF)
    await act(approval, content, 1, "chief")
    await act(approval, content, 2, ABROAD_CHIEF, pb.ACTION_HOLD, opinion="검토 중")
    await act(approval, content, 3, ABROAD_CHIEF, pb.ACTION_RESUME)
    back = await act(approval, content, 4, ABROAD_CHIEF, pb.ACTION_RETURN, opinion="수정", return_to=2)
    assert back.status == events.LINE_STATUS_IN_PATH
    assert await pending(approval, "chief") == [str(content.line_id)]
    await act(approval, content, 5, "chief")
    returned = await act(approval, content, 6, ABROAD_CHIEF, pb.ACTION_RETURN, opinion="반대")
    assert returned.status == events.LINE_STATUS_RETURNED
    counts = await approval.call("CountBoxes", pb.CountBoxesRequest(), "drafter")
    assert counts.returned == 1


async def test_nobody_else_of_the_other_agency_finds_the_line(approval) -> None:
    content, own = await opened(approval), submission(short_steps())
    await approval.submit(own)
    await act(approval, content, 1, "chief")
    for line_id in (content.line_id, own.line_id):
        with pytest.raises(NotFoundError):
            await approval.call("GetLine", pb.GetLineRequest(line_id=str(line_id)), ABROAD_READER)
    with pytest.raises(NotFoundError):
        await act(approval, own, 1, ABROAD_CHIEF)
    # The same person with a token of another agency is somebody else.
    impostor = person("chief", ABROAD, official_id=official("chief"))
    with pytest.raises(NotFoundError, match="line-unknown"):
        await act(approval, content, 2, impostor)
    keeper = person("keeper", ABROAD, roles=frozenset({"records"}))
    with pytest.raises(NotFoundError):
        await approval.call("GetLine", pb.GetLineRequest(line_id=str(content.line_id)), keeper)


async def test_the_database_lets_the_other_agency_at_that_line_only(approval, approval_database) -> None:
    content, own = await opened(approval), submission(short_steps())
    await approval.submit(own)
    await act(approval, content, 1, "chief")
    rpc = await db.open_pool(approval_database.url("rpc"), size=1)
    try:
        async with rpc.acquire() as connection, connection.transaction():
            await connection.execute("SELECT set_config('app.agency', $1, true)", ABROAD)
            assert await connection.fetchval("SELECT array_agg(id) FROM line") == [content.line_id]
            boxes = await connection.fetch("SELECT line_id, official_id FROM box")
            assert [tuple(row) for row in boxes] == [(content.line_id, official("chief", ABROAD))]
            assert await connection.fetchval("SELECT count(*) FROM journal") == 0
    finally:
        await rpc.close()


async def test_agencies_and_decisions_must_fit(approval) -> None:
    steps = joint_steps()
    stranger = step(2, Role.COOPERATE, "chief", official_id=official("chief", ABROAD), agency_id=ABROAD)
    for wrong, joint, code in [
        (steps, (), "joint-agency-unknown"),
        (steps[:2], (ABROAD,), "joint-step-missing"),
        # Only the decision is another agency's; who co-operates is of the lead's own.
        ([steps[0], stranger, replace(steps[1], order=3)], (), "step-official-unknown"),
        ([steps[0], step(2, Role.DECIDE, "chief", Mode.JOINT, agency_id=ABROAD), step(3, Role.DECIDE, "chief")],
         (ABROAD,), "joint-step-not-behind"),
    ]:  # fmt: skip
        await approval.submit(submission(wrong, joint_agency_ids=joint))
        refused = events.LineRefused.FromString((await approval.events())[-1]["payload"])
        assert code in [error.code for error in refused.errors]


async def test_another_agency_decides_by_its_head_or_next_to_it(approval, government) -> None:
    for name, level, refused in (("clerk", 7, True), ("director", 5, True), ("bureau", 4, False), ("mayor", 1, False)):
        identity = official(name, ABROAD)
        government.add_official(name, ABROAD)
        post = AppointmentData(
            appointment_id=f"appointment-{name}-{ABROAD}", official_id=identity, agency_id=ABROAD, level=level
        )
        government.add(kinds.APPOINTMENT, post.appointment_id, post)
        await approval.parts.replica.catch_up()
        steps = [*joint_steps()[:2], step(3, Role.DECIDE, name, Mode.JOINT, official_id=identity, agency_id=ABROAD)]
        await approval.submit(submission(steps, joint_agency_ids=(ABROAD,)))
        payload = (await approval.events())[-1]["payload"]
        codes = [error.code for error in events.LineRefused.FromString(payload).errors] if refused else []
        assert codes == ["joint-step-not-head"] * refused
        assert len((await approval.call("ListPending", pb.ListPendingRequest(), "chief")).lines) == (level < 5) + (
            level < 4
        )


async def test_of_two_agencies_racing_each_decides_once(approval) -> None:
    content = await opened(approval)
    await act(approval, content, 1, "chief")
    with pytest.raises(ConflictError, match="line-moved-on"):
        await act(approval, content, 1, ABROAD_CHIEF)
    await act(approval, content, 2, ABROAD_CHIEF)
    with pytest.raises(ConflictError, match="line-closed"):
        await act(approval, content, 3, "chief")
