"""Proposed lines: superiors up to the rule's level, the agency's own words for how they decide, kept steps of today."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval.domain.delegation import check
from approval.domain.proposing import (
    Away,
    Candidate,
    Origin,
    Proposal,
    absences,
    best_first,
    by_rule,
    refreshed,
    skeleton,
)
from approval.domain.step import Mode, Outcome, Role
from chassis.errors import Problem
from support.approval_lines import SUBMITTED, official, step, usual_steps
from support.approval_offices import Rule

AUDIT = ("T390000", "감사담당관실")


def someone(name: str, level: int, *, decides: bool = True) -> Candidate:
    return Candidate(official(name), name, f"{name}'s post", "과", "T310101", level, decides)


CLERK = someone("clerk", 7, decides=False)
SUPERIORS = (someone("leader", 6, decides=False), someone("head", 5), someone("director", 4), someone("minister", 1))


def shown(proposal: Proposal) -> list[tuple[str, str, str]]:
    return [(step.role.value, step.mode.value, step.name) for step in proposal.steps]


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def test_superiors_review_until_the_level_of_the_rule() -> None:
    proposal = by_rule(CLERK, SUPERIORS, Rule(level=4), None)
    assert shown(proposal) == [
        ("review", "normal", "leader"),
        ("review", "normal", "head"),
        ("decide", "delegated", "director"),
    ]
    assert [step.order for step in proposal.steps] == [1, 2, 3]
    assert (proposal.problems, proposal.origin, proposal.name) == ((), Origin.RULE, "별표 1 제3호")


def test_the_head_of_the_agency_decides_in_their_own_name() -> None:
    assert shown(by_rule(CLERK, SUPERIORS, Rule(level=1), None))[-1] == ("decide", "own", "minister")


def test_without_a_rule_the_nearest_approver_decides() -> None:
    assert shown(by_rule(CLERK, SUPERIORS, None, None)) == [
        ("review", "normal", "leader"),
        ("decide", "delegated", "head"),
    ]
    nobody = [replace(each, may_decide=False) for each in SUPERIORS]
    assert shown(by_rule(CLERK, nobody, None, None))[-1] == ("decide", "own", "minister")


def test_who_has_the_level_decides_alone() -> None:
    assert shown(by_rule(SUPERIORS[1], SUPERIORS[2:], Rule(level=5), None)) == [("decide", "sole", "head")]


def test_a_level_nobody_has_is_a_problem() -> None:
    proposal = by_rule(CLERK, SUPERIORS, Rule(level=3), None)
    assert codes(proposal.problems) == ["approver-not-found"]
    assert shown(proposal) == [("review", "normal", name) for name in ("leader", "head", "director")]
    assert codes(by_rule(CLERK, (), None, None).problems) == ["approver-not-found"]


def test_audit_stands_before_the_decision() -> None:
    proposal = by_rule(CLERK, SUPERIORS, Rule(level=5, audit=True), AUDIT)
    audit = proposal.steps[-2]
    assert (audit.role, audit.mode, audit.department_code, audit.official_id) == (
        Role.AUDIT, Mode.DEPARTMENT, "T390000", "",
    )  # fmt: skip
    without = by_rule(CLERK, SUPERIORS, Rule(level=5, audit=True), None)
    assert codes(without.problems) == ["audit-department-unknown"]


@given(
    st.lists(st.integers(1, 7), unique=True, min_size=1),
    st.integers(1, 7),
    st.booleans(),
    st.integers(1, 7),
)
def test_a_proposal_without_problems_passes_the_rule_it_was_made_by(levels, wanted, audit, own) -> None:
    chain = [someone(f"level {level}", level) for level in sorted(levels, reverse=True) if level < own]
    rule = Rule(level=wanted, audit=audit)
    proposal = by_rule(someone("drafter", own), chain, rule, AUDIT)
    by_id = {each.official_id: each.level for each in (*chain, someone("drafter", own))}
    if not proposal.problems:
        assert check(proposal.steps, lambda step: by_id[step.official_id], rule) == ()
        assert proposal.steps[-1].role is Role.DECIDE
    else:
        assert wanted not in by_id.values()


def test_kept_steps_have_nothing_of_the_day() -> None:
    steps = [
        replace(each, outcome=Outcome.APPROVED, opinion="의견", acted_at=SUBMITTED, manifest_hash=b"x", skip_reason="x")
        for each in usual_steps()
    ]
    steps[1] = replace(steps[1], mode=Mode.SKIPPED)
    steps[5] = replace(steps[5], mode=Mode.ACTING_FOR_DELEGATED)
    kept = skeleton(steps)
    assert [(each.order, each.role, each.mode, each.name) for each in kept] == [
        (1, Role.REVIEW, Mode.NORMAL, "reviewer"),
        (2, Role.COOPERATE, Mode.PARALLEL, "partner"),
        (3, Role.COOPERATE, Mode.PARALLEL, "colleague"),
        (4, Role.AUDIT, Mode.PERSON, "auditor"),
        (5, Role.DECIDE, Mode.DELEGATED, "chief"),
        (6, Role.AFTER, Mode.INFORM, "reader"),
    ]
    assert {(each.outcome, each.opinion, each.acted_at, each.skip_reason) for each in kept} == {
        (Outcome.PENDING, "", None, "")
    }
    assert skeleton(kept) == kept


def test_who_has_left_is_dropped_and_named() -> None:
    department = step(
        2, Role.COOPERATE, "", Mode.DEPARTMENT, official_id="", department_code="T1", department="옛 이름"
    )
    closed = replace(department, order=3, department_code="T2", department="폐지과")
    steps = [step(1, Role.REVIEW, "leader"), department, closed, step(4, Role.DECIDE, "head", Mode.OWN)]
    people = {each.official_id: each for each in SUPERIORS if each.name != "leader"}
    fresh, problems = refreshed(steps, people.get, {"T1": "새 이름"}.get)
    assert [(each.order, each.name or each.department) for each in fresh] == [(1, "새 이름"), (2, "head")]
    assert fresh[1].position == "head's post"
    assert [(problem.code, problem.params) for problem in problems] == [
        ("official-gone", {"name": "leader", "order": "1"}),
        ("department-unknown", {"name": "폐지과", "order": "3", "code": "T2"}),
    ]


@pytest.mark.parametrize(
    ("until", "text"), [(None, ""), (datetime(2026, 5, 12, tzinfo=UTC), "2026-05-12T00:00:00+00:00")]
)
def test_who_is_away_is_said_with_the_deputy(until, text) -> None:
    away = {official("reviewer"): Away("leave", until, "leader")}
    [problem] = absences(usual_steps(), away)
    assert (problem.code, problem.field) == ("official-absent", "steps[1]")
    assert problem.params == {"name": "reviewer", "reason": "leave", "until": text, "deputy": "leader"}


def test_the_best_come_first() -> None:
    wrong = (Problem("official-gone"),)
    offered = [
        Proposal(Origin.RULE, "rule", ()),
        Proposal(Origin.TEMPLATE, "b", (), wrong),
        Proposal(Origin.LAST_USED, "", (), wrong),
        Proposal(Origin.TEMPLATE, "a", ()),
    ]
    assert [(each.origin.name, each.name) for each in best_first(offered)] == [
        ("TEMPLATE", "a"), ("RULE", "rule"), ("LAST_USED", ""), ("TEMPLATE", "b"),
    ]  # fmt: skip
    good = Proposal(Origin.LAST_USED, "", ())
    assert best_first([*offered, good])[0] is good
