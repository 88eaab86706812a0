"""A line that was sent back to an earlier step: whoever had decided on the text before it changed decides again."""

import hashlib
from dataclasses import replace

from approval.domain.deciding import Acted, Action, Decision, decide
from approval.domain.line import Line, Status
from approval.domain.manifests import Edit
from approval.domain.opening import open_line
from approval.domain.people import Signer
from approval.domain.step import Mode, Outcome, Role
from support.approval_lines import ABROAD, DEPARTMENT, HOME, MANIFEST, SUBMITTED, official, step, submission

CHANGED = hashlib.sha256(b"changed").digest()


def signer(name: str, agency_id: str) -> Signer:
    return Signer(official(name, agency_id), "", name, "과장", DEPARTMENT, "", "password", agency_id)


def act(line: Line, name: str, action: Action = Action.APPROVE, agency_id: str = HOME, **changes) -> Line:
    edits = [Edit(CHANGED, MANIFEST, official(name, agency_id), "고친 제목", 1, True)]
    wanted = Decision(line.id, line.version, line.manifest_hash, action, "의견", signer(name, agency_id), SUBMITTED, 1)
    result = decide(line, replace(wanted, **changes), edits)
    assert isinstance(result, Acted), result
    return result.line


def joint_line() -> Line:
    """Drafter, two reviewers, one who co-operates, the lead's head; the other agency's head sent it back to the first."""
    steps = [
        step(1, Role.DRAFT, "drafter", outcome=Outcome.SUBMITTED),
        step(2, Role.REVIEW, "reviewer"),
        step(3, Role.COOPERATE, "partner", Mode.SERIAL),
        step(4, Role.DECIDE, "chief", Mode.OWN),
        step(5, Role.DECIDE, "chief", Mode.JOINT, official_id=official("chief", ABROAD), agency_id=ABROAD),
    ]
    line = open_line(submission(steps, joint_agency_ids=(ABROAD,)), "journey", lambda _: True)
    assert isinstance(line, Line)
    for name in ("reviewer", "partner", "chief"):
        line = act(line, name)
    return act(line, "chief", Action.RETURN, ABROAD, return_to=2)


def test_nothing_is_decided_on_a_text_that_the_lead_has_not_decided_on() -> None:
    line = act(joint_line(), "reviewer", manifest_hash=CHANGED)
    assert [each.order for each in line.turns] == [4]
    assert [each.outcome for each in line.steps[2:]] == [Outcome.AGREED, Outcome.PENDING, Outcome.PENDING]
    assert [each.opinion for each in line.steps[1:4]] == ["의견\n의견", "의견", "의견"]
    line = act(act(line, "chief"), "chief", agency_id=ABROAD)
    assert line.status is Status.DECIDED
    # Whoever co-operated keeps what they signed; decisions are all on one text.
    assert [each.manifest_hash for each in line.steps[1:]] == [CHANGED, MANIFEST, CHANGED, CHANGED]


def test_those_between_keep_what_they_signed_when_the_text_stays() -> None:
    line = act(joint_line(), "reviewer")
    assert [each.order for each in line.turns] == [5]
    assert [each.outcome for each in line.steps[2:4]] == [Outcome.AGREED, Outcome.APPROVED]
