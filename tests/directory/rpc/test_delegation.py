"""Rules of delegated decision over gRPC: kept by the agency's administrator, read by its people, copied by services."""

from datetime import timedelta

import pytest

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from directory import queries
from directory.domain.records import Kind
from directory.seed import seed
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1 import events_pb2 as events

RULES = {rule.task_code: rule for rule in seed().rules}
NEW = events.DelegationRuleData(title="행정자치부 위임전결규정 별표 1 제5호", task_code="ZA010301", level=5)


async def put(running, rule: events.DelegationRuleData, valid_from: str = "", login: str = "mogaha.kang"):
    request = pb.PutDelegationRuleRequest(rule=rule, valid_from=valid_from)
    return (await running.stub.PutDelegationRule(request, metadata=await running.of(login))).entry


async def end(running, rule_id: str, valid_to: str = "", login: str = "mogaha.kang") -> None:
    request = pb.EndDelegationRuleRequest(rule_id=rule_id, valid_to=valid_to)
    await running.stub.EndDelegationRule(request, metadata=await running.of(login))


async def listed(running, login: str = "mogaha.kim", task: str = "") -> list[tuple[str, int, str, str]]:
    request = pb.ListDelegationRulesRequest(task_code=task)
    answer = await running.stub.ListDelegationRules(request, metadata=await running.of(login))
    return [(entry.rule.task_code, entry.rule.level, entry.valid_from, entry.valid_to) for entry in answer.rules]


async def test_the_seeded_rules_are_read_by_the_agency_alone(running):
    assert [(task, level) for task, level, _, _ in await listed(running)] == [
        ("ZA010101", 4), ("ZA010102", 2), ("ZA010201", 4), ("ZA010202", 5),
    ]  # fmt: skip
    assert await listed(running, "mpb.kim") == []
    await put(running, events.DelegationRuleData(title="제6호", level=5))
    assert [(task, level) for task, level, _, _ in await listed(running, task="ZA010101")] == [("ZA010101", 4), ("", 5)]


async def test_a_change_ends_the_old_and_begins_the_new_for_replicas_too(running):
    old = RULES["ZA010101"]
    changed = events.DelegationRuleData(rule_id=str(old.rule_id), title=old.title, task_code="ZA010101", level=5)
    entry = await put(running, changed, "2026-05-20")
    assert (entry.rule.rule_id, entry.valid_from, entry.valid_to) == (str(old.rule_id), "2026-05-20", "")
    assert await listed(running, task="ZA010101") == [
        ("ZA010101", 4, "2020-01-01", "2026-05-20"),
        ("ZA010101", 5, "2026-05-20", ""),
    ]
    page = await queries.changes_after(running.parts.worker.pool, 0, 5000)
    rows = [row for row in page.rows if row["kind"] == Kind.DELEGATION_RULE and row["id"] == str(old.rule_id)]
    assert [events.DelegationRuleData.FromString(row["payload"]).level for row in rows] == [4, 5]
    actor = await running.parts.worker.pool.fetchval("SELECT actor FROM journal ORDER BY seq DESC LIMIT 1")
    assert actor["official_id"] == str(next(o.official_id for o in seed().officials if o.login == "mogaha.kang"))


async def test_a_list_says_who_changed_a_rule_last(running):
    await put(running, NEW)
    answer = await running.stub.ListDelegationRules(
        pb.ListDelegationRulesRequest(), metadata=await running.of("mogaha.kim")
    )
    by = {entry.rule.task_code: (entry.changed_by, entry.changed_at.ToDatetime()) for entry in answer.rules}
    keeper = next(o.name for o in seed().officials if o.login == "mogaha.kang")
    assert by["ZA010301"] == (keeper, running.clock.now().replace(tzinfo=None))
    assert by["ZA010101"][0] == "", "what the set-up brought is nobody's change"


async def test_an_ended_rule_is_gone_on_its_day(running):
    entry = await put(running, NEW)
    with pytest.raises(InvalidError, match="day-in-past"):
        await end(running, entry.rule.rule_id, "2026-05-10")
    await end(running, entry.rule.rule_id, "2026-05-13")
    assert ("ZA010301", 5, "2026-05-11", "2026-05-13") in await listed(running)
    running.clock.advance(timedelta(days=2))
    assert "ZA010301" not in {task for task, *_ in await listed(running)}
    with pytest.raises(ConflictError, match="delegation-rule-ended"):
        await end(running, entry.rule.rule_id)


async def test_only_the_agencys_administrator_and_only_its_own_rules(running):
    for login in ("mogaha.yoon", "mogaha.choi"):
        with pytest.raises(ForbiddenError, match="role-missing"):
            await put(running, NEW, login=login)
    rule_id = str(RULES["ZA010101"].rule_id)
    with pytest.raises(NotFoundError, match="delegation-rule-unknown"):
        await end(running, rule_id, login="mpb.kang")
    renewed = events.DelegationRuleData(rule_id=rule_id, title="남의 것", level=7)
    with pytest.raises(NotFoundError, match="delegation-rule-unknown"):
        await put(running, renewed, login="mpb.kang")
    with pytest.raises(InvalidError, match="task-unknown-here"):
        await put(running, NEW, login="mpb.kang")
    with pytest.raises(NotFoundError, match="delegation-rule-unknown"):
        await end(running, "nothing")


async def test_two_rules_about_one_matter_are_refused(running):
    with pytest.raises(ConflictError, match="delegation-rule-doubled"):
        await put(running, events.DelegationRuleData(title="또", task_code="ZA010101", level=3))
    with pytest.raises(InvalidError, match="day-malformed"):
        await put(running, NEW, "내일")
