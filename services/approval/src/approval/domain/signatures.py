"""The signature cells of a document (결재란): steps -> cells, by 행정업무규정 시행규칙 7.

1. The approver's cell shows the date too. 2. 전결: "전결" stands with the signature of whoever decides. 3. 대결: "대결" with the
signature of whoever acts. 4. 대결 of a delegated matter: the delegated approver's cell shows "전결", that of whoever acts "대결"
and the signature. 5. No cells for those who neither sign nor carry "전결". A reviewer who was skipped has a cell with the reason
(행정업무규정 9③); "(의견 있음)" stands behind the rank of whoever said something (시행규칙 6④).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from approval.domain.step import DONE, Mode, Outcome, Role, Step

DELEGATED, ACTING = "전결", "대결"
OPINION_MARK = "(의견 있음)"
_SIGNED = DONE | {Outcome.SUBMITTED}
_CARRY_DELEGATED = frozenset({Mode.DELEGATED, Mode.SOLE})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. label: '', "전결" or "대결". signed: a name stands in it; else label or reason only.

    decided_at: UTC, in the cell of whoever decided only. mark: "(의견 있음)" or empty.
    """

    role: Role
    label: str
    name: str
    position: str
    signed: bool
    decided_at: datetime | None = None
    skip_reason: str = ""
    mark: str = ""
    agency_id: str = ""


def cells(steps: Sequence[Step]) -> tuple[Cell, ...]:
    """Cells in the order of the steps: reviewers, those who co-operate and decide; not who reads afterwards."""
    decider = next((s.official_id for s in steps if s.role is Role.DECIDE and s.mode is Mode.SOLE), "")
    found: list[Cell] = []
    for step in sorted(steps, key=lambda each: each.order):
        if step.role is Role.DRAFT and decider and step.official_id == decider:
            # 1인결재: one person, one cell.
            continue
        found.extend(_of(step))
    return tuple(found)


def _of(step: Step) -> Iterator[Cell]:
    if not step.in_path:
        return
    if step.outcome is Outcome.SKIPPED:
        yield Cell(step.role, "", step.name, step.position, False, skip_reason=step.skip_reason)
        return
    if step.outcome not in _SIGNED:
        return
    if step.role is not Role.DECIDE:
        yield _signature(step, "")
        return
    if step.mode is Mode.ACTING_FOR_DELEGATED and step.acted_by:
        yield Cell(step.role, DELEGATED, step.name, step.position, False, agency_id=step.agency_id)
    yield _signature(step, _label(step))


def _label(step: Step) -> str:
    if step.acted_by or step.mode in {Mode.ACTING, Mode.ACTING_FOR_DELEGATED}:
        return ACTING
    return DELEGATED if step.mode in _CARRY_DELEGATED else ""


def _signature(step: Step, label: str) -> Cell:
    """The cell of whoever signed: the deputy, where one acted."""
    name, position = step.name, step.position
    if step.acted_by:
        name, position = step.acted_by.name, step.acted_by.position
    return Cell(
        step.role,
        label,
        name,
        position,
        True,
        decided_at=step.acted_at if step.role is Role.DECIDE else None,
        mark=OPINION_MARK if step.opinion else "",
        agency_id=step.agency_id,
    )
