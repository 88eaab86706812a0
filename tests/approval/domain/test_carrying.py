"""What carries over to a new line: signatures of the same persons on the same text, and nothing else."""

from dataclasses import replace

import pytest

from approval.domain.carrying import carried_over
from approval.domain.line import Line, Status
from approval.domain.opening import open_line
from approval.domain.step import Mode, Outcome, Role
from support.approval_lines import MANIFEST, SUBMITTED, step, submission, usual_steps

SIGNED = {"acted_at": SUBMITTED, "manifest_hash": MANIFEST, "opinion": "의견", "at_version": 3}


def former(**changes) -> Line:
    """A line that all but the auditor and the approver have signed, and which ended."""
    opened = open_line(submission(), "journey", lambda _: True)
    assert isinstance(opened, Line)
    outcomes = {2: Outcome.APPROVED, 3: Outcome.AGREED, 4: Outcome.DISAGREED}
    steps = tuple(
        replace(each, outcome=outcomes[each.order], **SIGNED) if each.order in outcomes else each
        for each in opened.steps
    )
    return replace(opened, steps=steps, status=Status.RETURNED, **changes)


def carried(line: Line, steps=None, manifest: bytes = MANIFEST) -> list[tuple[Outcome, str]]:
    found = carried_over(steps or usual_steps(), line, submission().agency_id, manifest)
    return [(each.outcome, each.opinion) for each in found if each.role is not Role.DRAFT and each.in_path]


NONE = [(Outcome.PENDING, "")] * 5


def test_signatures_on_the_same_text_stay_with_their_opinions() -> None:
    signed = [(Outcome.APPROVED, "의견"), (Outcome.AGREED, "의견"), (Outcome.DISAGREED, "의견")]
    assert carried(former()) == [*signed, *NONE[3:]]
    # Nobody of the new line has acted: there is nothing to take back.
    assert {each.at_version for each in carried_over(usual_steps(), former(), submission().agency_id, MANIFEST)} == {0}


@pytest.mark.parametrize(
    "line",
    [
        former(agency_id="agency-abroad"),
        replace(former(), status=Status.IN_PATH),
        replace(former(), status=Status.DECIDED),
        replace(former(), steps=(step(1, Role.DRAFT, "somebody"), *former().steps[1:])),
        replace(former(), steps=former().steps[1:]),
    ],
)
def test_nothing_carries_over_from_other_lines(line) -> None:
    assert carried(line) == NONE


def test_nothing_carries_over_to_other_texts_persons_or_roles() -> None:
    assert carried(former(), manifest=b"x" * 32) == NONE
    steps = list(usual_steps())
    steps[1] = step(2, Role.REVIEW, "somebody")
    steps[2] = step(3, Role.AUDIT, "partner", Mode.PERSON)
    assert carried(former(), steps)[:2] == NONE[:2]


def test_a_decision_is_made_anew() -> None:
    line = former()
    final = replace(line.steps[5], outcome=Outcome.APPROVED, **SIGNED)
    line = replace(line, steps=(*line.steps[:5], final))
    assert carried(line)[-1] == (Outcome.PENDING, "")


def test_nobody_of_a_department_takes_back_what_carried_over() -> None:
    asked = step(2, Role.COOPERATE, "inside", Mode.DEPARTMENT, department_code="T399999")
    inner = step(1, Role.DECIDE, "inside", Mode.OWN, outcome=Outcome.APPROVED, **SIGNED)
    steps = (usual_steps()[0], asked, step(3, Role.DECIDE, "chief"))
    done = replace(asked, outcome=Outcome.AGREED, sub_steps=(inner,), **SIGNED)
    line = former()
    line = replace(line, steps=(line.steps[0], done, line.steps[5]))
    [_, kept, _] = carried_over(steps, line, submission().agency_id, MANIFEST)
    assert (kept.outcome, kept.at_version) == (Outcome.AGREED, 0)
    assert [(each.outcome, each.at_version) for each in kept.sub_steps] == [(Outcome.APPROVED, 0)]
