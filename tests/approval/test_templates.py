"""Kept lines: one's own and the department's; who may see, change and remove which."""

from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from approval.domain.step import Mode, Role
from approval.translate import directory as kinds
from approval.translate.steps import step_message
from chassis.actor import system_actor
from chassis.errors import ForbiddenError, InvalidError, NotFoundError
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.directory.v1.events_pb2 import OfficialData
from onnara.exchange.v1 import official_document_pb2 as doc
from support.approval_lines import ABROAD, HOME, official, person, step, submission, usual_steps

LINE = (step(1, Role.REVIEW, "reviewer"), step(2, Role.DECIDE, "chief", Mode.OWN))
CLERK = person("partner", roles=frozenset({"clerk"}))
DRAFTER = person("drafter", roles=frozenset({"drafter"}))
ELSEWHERE = person("chief", department_code="T999999", roles=frozenset({"approver"}))


async def save(approval, who=DRAFTER, steps=LINE, request_id="", **changes) -> pb.LineTemplate:
    values = {"name": "늘 쓰는 결재선", "steps": [step_message(each) for each in steps]} | changes
    request = pb.SaveTemplateRequest(request_id=request_id, template=pb.LineTemplate(**values))
    return (await approval.call("SaveTemplate", request, who)).template


async def names(approval, who=DRAFTER) -> list[str]:
    answer = await approval.call("ListTemplates", pb.ListTemplatesRequest(), who)
    return [template.name for template in answer.templates]


async def delete(approval, template, who=DRAFTER) -> None:
    await approval.call("DeleteTemplate", pb.DeleteTemplateRequest(template_id=template.template_id), who)


@pytest_asyncio.fixture
async def shared(approval) -> pb.LineTemplate:
    return await save(approval, CLERK, name="과 결재선", shared=True)


async def test_ones_own_are_ones_own(approval) -> None:
    second = await save(approval, name="나", kind=doc.DOCUMENT_KIND_DIRECTIVE, task_code="A")
    first = await save(approval, name=" 가 ", steps=usual_steps())
    assert await names(approval) == ["가", "나"]
    assert (second.kind, second.task_code, second.shared) == (doc.DOCUMENT_KIND_DIRECTIVE, "A", False)
    # The drafter's step is not part of it.
    assert [each.role for each in first.steps][:2] == [doc.STEP_ROLE_REVIEW, doc.STEP_ROLE_COOPERATE]
    assert [each.order for each in first.steps] == [1, 2, 3, 4, 5, 6]
    for other in (CLERK, person("drafter", ABROAD)):
        assert await names(approval, other) == []
        with pytest.raises(NotFoundError, match="template-unknown"):
            await delete(approval, first, other)
        with pytest.raises(NotFoundError, match="template-unknown"):
            await save(approval, other, template_id=first.template_id)
    await save(approval, template_id=first.template_id, name="다", task_code="B")
    assert await names(approval) == ["나", "다"]
    await delete(approval, second)
    assert await names(approval) == ["다"]
    with pytest.raises(NotFoundError, match="template-unknown"):
        await delete(approval, second)


async def test_names_and_posts_are_those_of_today(approval, government) -> None:
    unnamed = [replace(each, name="", order=0) for each in LINE]
    saved = await save(approval, steps=[*unnamed, step(0, Role.AFTER, "stranger", Mode.INFORM)])
    assert [(each.order, each.person.name) for each in saved.steps] == [(1, "reviewer"), (2, "chief"), (3, "stranger")]
    renamed = OfficialData(official_id=official("chief"), name="새 이름", agency_id=HOME)
    government.add(kinds.OFFICIAL, official("chief"), renamed)
    await approval.parts.replica.catch_up()
    [shown] = (await approval.call("ListTemplates", pb.ListTemplatesRequest(), DRAFTER)).templates
    assert [each.person.name for each in shown.steps] == ["reviewer", "새 이름", "stranger"]


async def test_the_departments_are_seen_by_the_department(approval, shared) -> None:
    assert await names(approval) == await names(approval, CLERK) == ["과 결재선"]
    assert await names(approval, ELSEWHERE) == await names(approval, person("drafter", ABROAD)) == []
    with pytest.raises(ForbiddenError, match="role-missing"):
        await delete(approval, shared)
    with pytest.raises(ForbiddenError, match="role-missing"):
        await save(approval, template_id=shared.template_id, name="내 것", shared=False)
    with pytest.raises(NotFoundError, match="template-unknown"):
        await delete(approval, shared, ELSEWHERE)


async def test_an_approver_or_a_clerk_keeps_them(approval, shared) -> None:
    approver = person("chief", roles=frozenset({"approver"}))
    await save(approval, approver, template_id=shared.template_id, name="고친 것", shared=True)
    assert await names(approval) == ["고친 것"]
    await delete(approval, shared, approver)
    assert await names(approval) == []
    with pytest.raises(ForbiddenError, match="role-missing"):
        await save(approval, shared=True)


async def test_a_repeated_request_saves_once(approval) -> None:
    request_id = uuid4().hex
    first = await save(approval, request_id=request_id)
    assert await save(approval, request_id=request_id) == first
    assert len(await names(approval)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "template-name-missing"),
        ({"name": "x" * 201}, "template-name-too-long"),
        ({"name": "a\0b"}, "nul-inside"),
        ({"steps": []}, "template-steps"),
        ({"steps": [step_message(LINE[0])] * 101}, "template-steps"),
        ({"steps": [doc.ApprovalStep(order=1)]}, "step-kind-unknown"),
        ({"template_id": "x"}, "id-invalid"),
    ],
)
async def test_what_is_no_template_is_refused(approval, changes, code) -> None:
    values = {"name": "결재선", "steps": [step_message(each) for each in LINE]} | changes
    with pytest.raises(InvalidError, match=code):
        await approval.call("SaveTemplate", pb.SaveTemplateRequest(template=pb.LineTemplate(**values)), DRAFTER)


async def test_systems_keep_no_templates(approval) -> None:
    with pytest.raises(ForbiddenError, match="person-missing"):
        await names(approval, system_actor("adapters", "agency-home"))


async def test_kept_lines_stay_in_their_agency_even_without_a_question(approval, shared) -> None:
    await approval.submit(submission())
    pool = approval.parts.rpc.pool
    for table in ("line_template", "last_used"):
        count = f"SELECT count(*) FROM {table}"
        assert await pool.fetchval(count) == 0
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT set_config('app.agency', 'agency-home', true)")
            assert await connection.fetchval(count) == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("DELETE FROM last_used")
