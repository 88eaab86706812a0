"""Lines to begin with, over gRPC: by rule, from templates, as last used; checked as submission would judge them."""

from dataclasses import replace

import pytest
import pytest_asyncio

from approval.domain.step import Mode, Outcome, Role
from approval.translate.steps import step_message
from chassis.messaging.inbox import Inbox
from chassis.testing.statements import counted_pool
from chassis.uow import Database
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1.events_pb2 import LineRefused
from onnara.common.v1.actor_pb2 import AUTH_STRENGTH_PASSKEY
from onnara.exchange.v1 import official_document_pb2 as doc
from support.approval_lines import SUBMITTED, incoming, official, person, step, submission
from support.approval_offices import TEAM, Office

GENERAL = doc.DOCUMENT_KIND_GENERAL
RULE, TEMPLATE, LAST = pb.PROPOSAL_KIND_RULE, pb.PROPOSAL_KIND_TEMPLATE, pb.PROPOSAL_KIND_LAST_USED
CLERK = person("clerk", department_code=TEAM, roles=frozenset({"drafter"}))
DRAFT = step(1, Role.DRAFT, "clerk", outcome=Outcome.SUBMITTED, acted_at=SUBMITTED)
LINE = (step(2, Role.REVIEW, "leader"), step(3, Role.DECIDE, "head", Mode.DELEGATED))


@pytest_asyncio.fixture
async def office(approval, government) -> Office:
    office = Office()
    office.rule(5, task="A")
    await tell(approval, government, office)
    return office


async def tell(approval, government, office) -> None:
    office.join(government.rows)
    await approval.parts.replica.catch_up()


async def proposals(approval, task="A", who=CLERK) -> pb.ProposeLineResponse:
    return await approval.call("ProposeLine", pb.ProposeLineRequest(kind=GENERAL, task_code=task), who)


async def check(approval, steps, task="A", who=CLERK) -> list[tuple[str, str]]:
    request = pb.CheckLineRequest(kind=GENERAL, task_code=task, steps=[step_message(each) for each in steps])
    return [(problem.code, problem.field) for problem in (await approval.call("CheckLine", request, who)).problems]


async def save(approval, who=CLERK, steps=LINE, request_id="", **changes) -> pb.LineTemplate:
    template = pb.LineTemplate(**({"name": "늘 쓰는 결재선", "steps": [step_message(s) for s in steps]} | changes))
    request = pb.SaveTemplateRequest(request_id=request_id, template=template)
    return (await approval.call("SaveTemplate", request, who)).template


def shown(proposal) -> list[str]:
    return [each.person.name or each.person.department for each in proposal.steps]


def codes(proposal) -> list[str]:
    return [problem.code for problem in proposal.problems]


async def test_the_rule_says_who_decides(approval, office) -> None:
    found = await proposals(approval)
    [proposal] = found.proposals
    assert (proposal.kind, proposal.name, shown(proposal), codes(proposal)) == (
        RULE,
        found.rule,
        ["leader", "head"],
        [],
    )
    assert (found.level, found.audit, found.required_strength) == (5, False, 0)
    assert proposal.steps[1].mode == doc.STEP_MODE_DELEGATED
    assert proposal.steps[1].person.position == "과장"
    # Without a rule the nearest approver; what is proposed would be taken.
    other = await proposals(approval, "B")
    assert (other.level, other.rule, shown(other.proposals[0])) == (0, "", ["leader", "head"])


async def test_audit_and_proof_as_the_rule_wants_them(approval, government, office) -> None:
    office.rule(4, task="계약", audit=True, decision_strength=AUTH_STRENGTH_PASSKEY)
    await tell(approval, government, office)
    found = await proposals(approval, "계약")
    assert (found.audit, found.required_strength) == (True, AUTH_STRENGTH_PASSKEY)
    [proposal] = found.proposals
    assert shown(proposal) == ["leader", "head", "감사담당관실", "director"]
    assert proposal.steps[2].mode == doc.STEP_MODE_DEPARTMENT


async def test_who_is_away_is_marked(approval, government, office) -> None:
    office.absent("head", "leader")
    await tell(approval, government, office)
    [proposal] = (await proposals(approval)).proposals
    assert codes(proposal) == ["official-absent"]
    assert dict(proposal.problems[0].params) == {
        "name": "head", "reason": "leave", "until": "2026-05-12T00:30:00+00:00", "deputy": "leader",
    }  # fmt: skip
    assert proposal.problems[0].field == "steps[1]"


async def test_what_was_used_last_comes_first(approval, government, office) -> None:
    longer = (DRAFT, LINE[0], step(3, Role.COOPERATE, "director"), step(4, Role.DECIDE, "head", Mode.DELEGATED))
    await approval.submit(submission((DRAFT, *LINE), kind=GENERAL, task_code="A"))
    newer = submission(longer, kind=GENERAL, task_code="A", submitted_at=SUBMITTED.replace(hour=5))
    await approval.submit(newer)
    # Older than what is known: it came late.
    await approval.submit(
        submission((DRAFT, *LINE), kind=GENERAL, task_code="A", submitted_at=SUBMITTED.replace(hour=4))
    )
    found = (await proposals(approval)).proposals
    assert [(each.kind, shown(each)) for each in found] == [
        (LAST, ["leader", "director", "head"]),
        (RULE, ["leader", "head"]),
    ]
    assert [each.order for each in found[0].steps] == [1, 2, 3]
    assert {each.outcome for each in found[0].steps} == {doc.STEP_OUTCOME_PENDING}
    assert [each.kind for each in (await proposals(approval, "B")).proposals] == [RULE]
    # Somebody leaves: dropped and named, and no longer the best.
    office.leave("director")
    await tell(approval, government, office)
    rule, last = (await proposals(approval)).proposals
    assert (rule.kind, last.kind, codes(last), shown(last)) == (RULE, LAST, ["official-gone"], ["leader", "head"])


async def test_lines_drafted_elsewhere_are_nobodys_habit(approval, office) -> None:
    asserted = step(1, Role.DRAFT, "clerk", outcome=Outcome.SUBMITTED, acted_at=SUBMITTED, asserted_by="ADM131000040")
    await approval.submit(submission((asserted, *LINE), task_code="A"))
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM line") == 1
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM last_used") == 0


async def test_a_batch_remembers_each_drafters_last(approval, approval_database, frozen_clock, office) -> None:
    later = SUBMITTED.replace(hour=6)
    drafts = {name: step(1, Role.DRAFT, name, outcome=Outcome.SUBMITTED) for name in ("clerk", "leader")}
    batch = [
        submission((draft, LINE[1]), kind=GENERAL, task_code=task, submitted_at=moment)
        for moment in (later, SUBMITTED)
        for task in ("A", "B")
        for draft in drafts.values()
    ]
    async with counted_pool(approval_database.url("worker")) as (pool, texts):
        await Inbox(Database(pool, frozen_clock)).handle(
            approval.parts.subscriptions[0], [incoming(each) for each in batch]
        )
        assert len([text for text in texts if "last_used" in text]) == 1
    rows = await approval.parts.worker.pool.fetch("SELECT official_id, task_code, used_at FROM last_used")
    assert {tuple(row) for row in rows} == {(official(n), t, later) for n in drafts for t in ("A", "B")}


async def test_a_line_is_checked_as_submission_judges_it(approval, office) -> None:
    assert await check(approval, LINE) == []
    strange = step(3, Role.COOPERATE, "stranger")
    above = [LINE[0], strange, step(4, Role.DECIDE, "minister", Mode.OWN)]
    assert await check(approval, above) == [
        ("step-official-unknown", "steps[1].person.official_id"),
        ("approver-above-rule", "steps[2].person.official_id"),
    ]
    assert await check(approval, [LINE[0]]) == [("final-step-missing", "steps")]
    assert await check(approval, [*LINE, step(4, Role.AUDIT, "auditor", Mode.PERSON)]) == [
        ("final-step-not-last", "steps"),
        ("audit-step-forbidden", "steps[2]"),
    ]
    assert await check(approval, [replace(each, order=0) for each in LINE]) == []
    assert await check(approval, []) == [("final-step-missing", "steps")]
    # Nothing was stored, and the same is said at submission.
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM journal") == 0
    await approval.submit(submission((DRAFT, *above), kind=GENERAL, task_code="A"))
    [refused] = await approval.events()
    event = LineRefused.FromString(refused["payload"])
    assert [problem.code for problem in event.errors] == ["step-official-unknown", "approver-above-rule"]
    params = event.errors[1].params
    assert (params["wanted"], params["found"], params["name"]) == ("5", "1", "minister")


async def test_a_rule_the_copy_has_not_heard_of_is_waited_for(approval, government, office) -> None:
    """Documents has seen a newer directory: the rule that refuses the line may be gone there."""
    content = submission(
        (DRAFT, step(2, Role.DECIDE, "director")), task_code="A", directory_version=len(government.rows) + 1
    )
    await approval.submit(content)
    assert await approval.parts.worker.pool.fetchval("SELECT count(*) FROM parked") == 1


@pytest.mark.parametrize("kind", [0, GENERAL])
async def test_templates_are_offered_where_they_fit(approval, office, kind) -> None:
    wide = [*LINE[:1], step(3, Role.DECIDE, "director", Mode.DELEGATED)]
    await save(approval, name="아무 데나", kind=kind)
    await save(approval, name="과제용", task_code="A")
    await save(approval, name="다른 과제", task_code="B", steps=wide)
    await save(approval, name="고시", kind=doc.DOCUMENT_KIND_PUBLIC_NOTICE)
    found = (await proposals(approval)).proposals
    assert [(each.kind, each.name) for each in found[:2]] == [(TEMPLATE, "과제용"), (TEMPLATE, "아무 데나")]
    assert [each.kind for each in found[2:]] == [RULE]
    assert all(each.template_id for each in found[:2])


async def test_a_template_against_the_rule_says_so(approval, office) -> None:
    await save(approval, steps=[step(1, Role.DECIDE, "director", Mode.DELEGATED)])
    rule, template = (await proposals(approval)).proposals
    assert (rule.kind, template.kind, codes(template)) == (RULE, TEMPLATE, ["approver-above-rule"])
