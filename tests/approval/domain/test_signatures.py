"""Signature cells: 전결, 대결, absent reviewers, opinions; nobody without a signature has a cell."""

from datetime import timedelta

import pytest

from approval.domain.signatures import Cell, cells
from approval.domain.step import Deputy, Mode, Outcome, Role
from support.approval_lines import SUBMITTED, step

DRAFT = step(1, Role.DRAFT, "drafter", outcome=Outcome.SUBMITTED, acted_at=SUBMITTED)
DEPUTY = Deputy("deputy", "박대리", "국장")
DONE = {"outcome": Outcome.APPROVED, "acted_at": SUBMITTED + timedelta(hours=1)}


def decided(mode: Mode, **changes):
    return step(3, Role.DECIDE, "chief", mode, position="과장", **(DONE | changes))


def shown(*steps) -> list[tuple[str, str, bool]]:
    return [(cell.label, cell.name, cell.decided_at is not None) for cell in cells(steps)]


@pytest.mark.parametrize(
    ("final", "expected"),
    [
        (decided(Mode.OWN), [("", "chief", True)]),
        (decided(Mode.DELEGATED), [("전결", "chief", True)]),
        # The absent approver neither signs nor carries 전결: no cell.
        (decided(Mode.ACTING, acted_by=DEPUTY), [("대결", "박대리", True)]),
        (decided(Mode.ACTING_FOR_DELEGATED, acted_by=DEPUTY), [("전결", "chief", False), ("대결", "박대리", True)]),
        (decided(Mode.ACTING), [("대결", "chief", True)]),
        (decided(Mode.OWN, outcome=Outcome.PENDING, acted_at=None), []),
        (decided(Mode.OWN, outcome=Outcome.RETURNED), []),
    ],
)
def test_the_cell_of_whoever_decides(final, expected) -> None:
    assert shown(DRAFT, final) == [("", "drafter", False), *expected]


def test_only_whoever_signed_has_a_cell_and_an_absent_reviewer_the_reason() -> None:
    steps = [
        decided(Mode.OWN, opinion="신속히"),
        step(2, Role.REVIEW, "reviewer", Mode.SKIPPED, outcome=Outcome.SKIPPED, skip_reason="출장"),
        step(4, Role.AFTER, "reader", Mode.INFORM, outcome=Outcome.READ),
        DRAFT,
    ]
    draft, absent, final = cells(steps)
    assert absent == Cell(Role.REVIEW, "", "reviewer", "", False, skip_reason="출장")
    assert (final.position, final.mark, draft.mark) == ("과장", "(의견 있음)", "")
    assert draft.decided_at is absent.decided_at is None


def test_one_person_who_drafts_and_decides_has_one_cell() -> None:
    own = step(2, Role.DECIDE, "drafter", Mode.SOLE, **DONE)
    assert shown(DRAFT, own) == [("전결", "drafter", True)]


def test_a_reviewer_s_deputy_signs_with_their_own_name() -> None:
    review = step(2, Role.REVIEW, "reviewer", acted_by=DEPUTY, **DONE)
    assert shown(DRAFT, review) == [("", "drafter", False), ("", "박대리", False)]
