"""What makes a line possible: one final step behind all others, known officials, somebody's turn."""

from dataclasses import replace

import pytest

from approval.domain.line import Box, Line, Status, boxes, turns
from approval.domain.opening import open_line
from approval.domain.step import Mode, Outcome, Role
from support.approval_lines import SUBMITTED, short_steps, step, submission, usual_steps


def opened(steps=(), **changes) -> Line:
    line = open_line(submission(steps, **changes), "journey", bool)
    assert isinstance(line, Line), line
    return line


def problems(steps, **changes) -> list[str]:
    found = open_line(replace(submission(), steps=tuple(steps), **changes), "journey", bool)
    assert isinstance(found, tuple)
    return [problem.code for problem in found]


def test_the_first_step_behind_the_draft_has_its_turn() -> None:
    line = opened()
    assert (line.status, line.version, line.last_actor) == (Status.IN_PATH, 1, "drafter")
    assert [step.name for step in line.turns] == ["reviewer"]
    assert boxes(line) == {
        line.steps[0].official_id: Box.ACTED,
        line.steps[1].official_id: Box.PENDING,
    }


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], ["final-step-missing"]),
        (usual_steps()[:5], ["final-step-missing"]),
        ([*short_steps(), step(3, Role.REVIEW, "reviewer")], ["final-step-not-last"]),
        ([*short_steps(), step(3, Role.DECIDE, "reviewer")], ["final-step-not-last"]),
        ([*short_steps(), step(2, Role.AFTER, "reader")], ["step-order-invalid"]),
        ([step(0, Role.DECIDE, "chief")], ["step-order-invalid"]),
        ([step(1, Role.DECIDE, "chief", official_id="")], ["step-official-unknown"]),
        ([step(1, Role.DECIDE, "chief", outcome=Outcome.SKIPPED, skip_reason="공석")], ["final-step-skipped"]),
        (
            [step(1, Role.REVIEW, "reviewer", outcome=Outcome.SKIPPED), step(2, Role.DECIDE, "chief")],
            ["skip-reason-missing"],
        ),
        (
            [step(1, Role.REVIEW, "reviewer", outcome=Outcome.APPROVED), step(2, Role.DECIDE, "chief")],
            ["step-decided-elsewhere"],
        ),
        ([step(1, Role.DECIDE, "chief", outcome=Outcome.APPROVED, asserted_by="legacy")], ["no-pending-step"]),
    ],
)
def test_lines_that_cannot_be(steps, expected) -> None:
    assert problems(steps) == expected


def test_nobody_is_made_to_have_drafted() -> None:
    for forged in (
        step(2, Role.DRAFT, "reviewer"),
        step(2, Role.DRAFT, "reviewer", outcome=Outcome.SUBMITTED, acted_at=SUBMITTED),
        step(2, Role.DRAFT, "reviewer", outcome=Outcome.APPROVED),
    ):
        steps = [short_steps()[0], forged, replace(short_steps()[1], order=3)]
        assert problems(steps) == ["step-decided-elsewhere"]
        # What another system asserts stays its assertion.
        opened([steps[0], replace(forged, outcome=Outcome.SUBMITTED, asserted_by="legacy"), steps[2]])


def test_a_decision_needs_a_manifest() -> None:
    assert problems(short_steps(), manifest_hash=b"") == ["manifest-missing"]


def test_an_unknown_official_is_named_by_place_and_after_steps_are_not_asked_about() -> None:
    steps = (*usual_steps()[:6], step(7, Role.AFTER, "reader", official_id="stranger"))
    known = {each.official_id for each in steps[:5]}
    found = open_line(submission(steps), "journey", lambda each: each.official_id in known)
    assert isinstance(found, tuple)
    assert [(problem.code, problem.field) for problem in found] == [
        ("step-official-unknown", "steps[5].person.official_id")
    ]


def test_steps_are_taken_in_their_order_and_skipped_ones_passed_over() -> None:
    away = step(2, Role.REVIEW, "reviewer", Mode.SKIPPED, outcome=Outcome.SKIPPED, skip_reason="출장")
    line = opened([step(3, Role.DECIDE, "chief"), away, step(4, Role.AFTER, "reader"), short_steps()[0]])
    assert [each.order for each in line.steps] == [1, 2, 3, 4]
    assert [each.name for each in line.turns] == ["chief"]
    assert away.official_id not in boxes(line)


def test_submitting_is_the_drafters_act() -> None:
    line = opened([step(1, Role.DRAFT, "drafter"), step(2, Role.DECIDE, "chief")])
    draft = line.steps[0]
    assert (draft.outcome, draft.acted_at, draft.manifest_hash) == (Outcome.SUBMITTED, SUBMITTED, line.manifest_hash)


def test_a_hold_elsewhere_does_not_hold_our_line() -> None:
    held = step(1, Role.DECIDE, "chief", outcome=Outcome.HELD, asserted_by="legacy", opinion="확인 중")
    [mine] = opened([held]).turns
    assert (mine.outcome, mine.asserted_by, mine.opinion) == (Outcome.PENDING, "", "확인 중")


def test_one_person_may_draft_and_decide() -> None:
    """1인결재."""
    draft = step(1, Role.DRAFT, "chief", outcome=Outcome.SUBMITTED)
    line = opened([draft, step(2, Role.DECIDE, "chief", Mode.SOLE)])
    assert boxes(line) == {draft.official_id: Box.PENDING}


@pytest.mark.parametrize(
    ("done", "expected"),
    [((), ["a", "b"]), (("a",), ["b"]), (("a", "b"), ["c"]), (("a", "b", "c"), ["d", "e"])],
)
def test_neighbours_in_parallel_have_their_turn_together(done, expected) -> None:
    modes = {"a": Mode.PARALLEL, "b": Mode.PARALLEL, "c": Mode.SERIAL, "d": Mode.PARALLEL, "e": Mode.PARALLEL}
    steps = [
        step(order, Role.COOPERATE, name, mode, outcome=Outcome.AGREED if name in done else Outcome.PENDING)
        for order, (name, mode) in enumerate(modes.items(), start=1)
    ]
    assert [each.name for each in turns([*steps, step(6, Role.DECIDE, "chief")])] == expected
