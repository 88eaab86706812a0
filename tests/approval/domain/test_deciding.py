"""Acting on a line: what each role may do, and what is kept of it."""

from dataclasses import replace

import pytest

from approval.domain.deciding import MOST_OPINION, Acted, Action, Decision, decide
from approval.domain.line import Box, Line, Status, boxes
from approval.domain.opening import open_line
from approval.domain.people import Signer
from approval.domain.step import Mode, Outcome, Role
from chassis.errors import RefusalError
from support.approval_lines import DEPARTMENT, HOME, MANIFEST, SUBMITTED, official, step, submission


def signer(name: str) -> Signer:
    return Signer(
        official(name), f"appointment-{name}", f"{name} 님", "서기관", DEPARTMENT, "도로정책과", "passkey", HOME
    )


def line_of(role: Role, mode: Mode = Mode.NORMAL) -> Line:
    """A line in which the official `me` has the turn in a role."""
    steps = [step(1, role, "me", mode)]
    if role is not Role.DECIDE:
        steps.append(step(2, Role.DECIDE, "chief"))
    opened = open_line(submission(steps), "journey", bool)
    assert isinstance(opened, Line)
    return opened


def act(line: Line, action: Action, opinion: str = "", name: str = "me", **changes) -> Line | str:
    """The line after, or the code of the refusal."""
    wanted = Decision(line.id, line.version, MANIFEST, action, opinion, signer(name), SUBMITTED, 17)
    result = decide(line, replace(wanted, **changes))
    if isinstance(result, RefusalError):
        return result.code
    assert isinstance(result, Acted)
    return result.line


APPROVED = {
    Role.REVIEW: Outcome.APPROVED,
    Role.COOPERATE: Outcome.AGREED,
    Role.AUDIT: Outcome.PASSED,
    Role.DECIDE: Outcome.APPROVED,
}


@pytest.mark.parametrize(("role", "outcome"), APPROVED.items())
def test_approving_means_what_the_role_says(role, outcome) -> None:
    after = act(line_of(role), Action.APPROVE, " 의견 ")
    assert isinstance(after, Line)
    signed = after.steps[0]
    assert (signed.outcome, signed.opinion, signed.acted_at) == (outcome, "의견", SUBMITTED)
    assert (signed.name, signed.position, signed.department) == ("me 님", "서기관", "도로정책과")
    assert (signed.appointment_id, signed.department_code, signed.strength) == ("appointment-me", DEPARTMENT, "passkey")
    assert (signed.manifest_hash, signed.directory_version) == (MANIFEST, 17)
    assert after.version == 2
    assert after.status is (Status.DECIDED if role is Role.DECIDE else Status.IN_PATH)
    assert (after.decided_at is None) is (role is not Role.DECIDE)


@pytest.mark.parametrize("role", APPROVED)
def test_everybody_may_send_back_with_an_opinion(role) -> None:
    assert act(line_of(role), Action.RETURN) == "opinion-missing"
    after = act(line_of(role), Action.RETURN, "근거 없음")
    assert isinstance(after, Line)
    assert (after.status, after.steps[0].outcome, after.decided_at) == (Status.RETURNED, Outcome.RETURNED, None)
    assert act(after, Action.APPROVE) == "line-closed"
    assert boxes(after) == {}


@pytest.mark.parametrize("role", APPROVED)
def test_only_reviewers_and_approvers_hold(role) -> None:
    after = act(line_of(role), Action.HOLD, "확인 중")
    if role in {Role.COOPERATE, Role.AUDIT}:
        assert after == "action-not-for-role"
        return
    assert isinstance(after, Line)
    assert (after.status, boxes(after)[official("me")]) == (Status.HELD, Box.HELD)
    assert act(after, Action.APPROVE) == "line-held"
    assert act(after, Action.RETURN, "반려") == "line-held"
    assert act(after, Action.RESUME, name="somebody") == "not-your-turn"
    resumed = act(after, Action.RESUME)
    assert isinstance(resumed, Line)
    again = resumed.steps[0]
    assert (resumed.status, again.outcome, again.opinion) == (Status.IN_PATH, Outcome.PENDING, "확인 중")
    assert (again.acted_at, again.manifest_hash) == (None, b"")


def test_those_who_cooperate_may_disagree_and_the_line_goes_on() -> None:
    assert act(line_of(Role.COOPERATE), Action.DISAGREE) == "opinion-missing"
    after = act(line_of(Role.COOPERATE), Action.DISAGREE, "소관 아님")
    assert isinstance(after, Line)
    assert after.steps[0].outcome is Outcome.DISAGREED
    assert [each.name for each in after.turns] == ["chief"]
    assert act(line_of(Role.REVIEW), Action.DISAGREE, "반대") == "action-not-for-role"


def test_refusals() -> None:
    line = line_of(Role.REVIEW)
    assert act(line, Action.APPROVE, name="chief") == "not-your-turn"
    assert act(line, Action.APPROVE, expected_version=2) == "line-moved-on"
    assert act(line, Action.APPROVE, manifest_hash=b"") == "manifest-changed"
    assert act(line, Action.RESUME) == "line-not-held"
    assert act(line, Action.APPROVE, "가" * (MOST_OPINION + 1)) == "opinion-too-long"
    assert act(line, Action.APPROVE, "nul\0") == "nul-inside"
    nobody = replace(signer("me"), official_id="")
    assert act(line, Action.APPROVE, signer=nobody) == "not-your-turn"
