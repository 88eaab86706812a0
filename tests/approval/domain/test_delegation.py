"""Delegation rules: the level of the final approver, neither above nor below; audit steps where they are wanted only."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval.domain.delegation import check
from approval.domain.step import Mode, Outcome, Role
from approval.handlers.delegating import line_problems, mandated
from support.approval_lines import HOME, step
from support.approval_offices import Office, Rule

LEVELS = st.integers(min_value=1, max_value=7)


DRAFT = step(1, Role.DRAFT, "clerk", outcome=Outcome.SUBMITTED)
REVIEW = step(2, Role.REVIEW, "leader")
AUDITING = step(3, Role.AUDIT, "auditor", Mode.PERSON)
FINAL = step(4, Role.DECIDE, "head", Mode.DELEGATED)


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


@given(LEVELS, LEVELS)
def test_only_the_level_of_the_rule_decides(wanted, found) -> None:
    problems = check([DRAFT, REVIEW, FINAL], lambda _: found, Rule(level=wanted))
    expected = [] if found == wanted else ["approver-above-rule" if found < wanted else "approver-below-rule"]
    assert codes(problems) == expected
    for problem in problems:
        assert problem.params == {
            "rule": "별표 1 제3호", "wanted": str(wanted), "found": str(found), "name": "head",
        }  # fmt: skip
        assert (problem.field, problem.source) == ("steps[2].person.official_id", "행정업무규정 10②·67")


def test_without_a_rule_nothing_is_checked() -> None:
    assert check([FINAL], lambda _: 1, None) == ()


def test_an_unknown_level_is_said_to_be_unknown() -> None:
    assert codes(check([FINAL], lambda _: 0, Rule())) == ["approver-level-unknown"]


def test_what_another_system_decided_is_not_judged() -> None:
    elsewhere = replace(FINAL, asserted_by="ADM131000040", outcome=Outcome.APPROVED)
    assert check([elsewhere], lambda _: 1, Rule()) == ()
    # Asserted, but still to be done here: its own people are judged like everybody.
    assert codes(check([replace(elsewhere, outcome=Outcome.PENDING)], lambda _: 1, Rule())) == ["approver-above-rule"]


@pytest.mark.parametrize(
    ("audit", "steps", "expected"),
    [
        (True, [FINAL], ["audit-step-missing"]),
        (True, [AUDITING, FINAL], []),
        (True, [replace(AUDITING, outcome=Outcome.SKIPPED), FINAL], ["audit-step-missing"]),
        (False, [FINAL], []),
        (False, [AUDITING, FINAL], ["audit-step-forbidden"]),
        (False, [replace(AUDITING, asserted_by="x", outcome=Outcome.PASSED), FINAL], []),
    ],
)
def test_audit_steps_where_the_rule_wants_them_and_nowhere_else(audit, steps, expected) -> None:
    assert codes(check(steps, lambda _: 5, Rule(audit=audit))) == expected


def test_the_directory_says_the_level() -> None:
    office = Office()
    office.rule(5, task="A", kind=1)
    view = office.view()
    assert line_problems([FINAL], HOME, 1, "A", view) == ()
    above = replace(FINAL, official_id=step(1, Role.DECIDE, "minister").official_id)
    assert codes(line_problems([above], HOME, 1, "A", view)) == ["approver-above-rule"]
    assert line_problems([above], HOME, 1, "B", view) == ()
    # Strangers are reported as such, not as of a wrong level.
    assert line_problems([replace(FINAL, official_id="stranger")], HOME, 1, "A", view) == ()


def test_a_deputy_does_not_change_the_level() -> None:
    office = Office()
    office.rule(5)
    deputy = step(4, Role.DECIDE, "leader", Mode.ACTING)
    assert codes(line_problems(mandated([deputy], HOME, office.view()), HOME, 1, "A", office.view())) == [
        "approver-below-rule"
    ]
    office.absent("head", "leader")
    [named] = mandated([deputy], HOME, office.view())
    assert (named.official_id, named.mode) == (FINAL.official_id, Mode.OWN)
    assert line_problems([named], HOME, 1, "A", office.view()) == ()
    # The approver is named, whether away or not.
    assert line_problems([FINAL], HOME, 1, "A", office.view()) == ()
    assert codes(line_problems([replace(deputy, mode=Mode.OWN)], HOME, 1, "A", office.view())) == [
        "approver-below-rule"
    ]
