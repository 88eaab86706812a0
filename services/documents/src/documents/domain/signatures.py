"""Signature cells of a document (행정업무규정 시행규칙 7): steps of a line -> ``cells_of`` -> what is printed, in order.

The approver's cell shows the day. 전결 and 대결 stand before the signature of whoever decided; for the 대결 of a delegated
matter the delegated approver's cell says 전결 and the acting person's 대결. Whoever neither signs nor carries 전결 has no cell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

DELEGATED, ACTING, ACTING_FOR_DELEGATED, SOLE, SKIPPED = (
    "delegated",
    "acting",
    "acting-for-delegated",
    "sole",
    "skipped",
)
DONE, PENDING, LEFT_OUT = "done", "pending", "left-out"
WITH_OPINION = "(의견 있음)"
_SIGNING = {"draft": "기안", "review": "검토", "decide": "결재"}
_HELPING = {"cooperate": "협조", "audit": "감사"}
_BY_DELEGATION, _IN_PLACE = "전결", "대결"


@dataclass(frozen=True, slots=True)
class Signer:
    """A step as far as its cell needs it. role: draft, review, cooperate, audit, decide, after. acted_by: the deputy."""

    role: str
    mode: str
    outcome: str
    position: str
    name: str
    day: date | None = None
    time: str = ""
    opinion: bool = False
    skip_reason: str = ""
    acted_by: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. kind: 기안, 검토, 결재, 전결, 대결, 협조, 감사. sign: name or reason; day and time only where they are shown."""

    kind: str
    position: str
    mark: str
    sign: str
    day: date | None = None
    time: str = ""
    opinion: bool = False
    acted_on: date | None = None


def cells_of(steps: Sequence[Signer]) -> tuple[list[Cell], list[Cell]]:
    """Cells of the line and of those who cooperated. While nobody has decided, those whose turn comes have empty cells."""
    decided = any(step.role == "decide" and step.outcome == DONE for step in steps)
    shown = [step for step in steps if step.outcome == DONE or (not decided and step.outcome == PENDING)]
    skipped = [step for step in steps if step.outcome == LEFT_OUT or (step.mode == SKIPPED and step not in shown)]
    line = [cell for step in steps if step.role in _SIGNING for cell in _cells(step, step in shown, step in skipped)]
    helping = [cell for step in steps if step.role in _HELPING for cell in _cells(step, step in shown, step in skipped)]
    return line, helping


def _cells(step: Signer, shown: bool, skipped: bool) -> Iterator[Cell]:
    kind = (_SIGNING | _HELPING)[step.role]
    if skipped:
        yield Cell(kind, step.position, "", step.skip_reason or "공석")
    elif shown and step.outcome == PENDING:
        yield Cell(kind, step.position, "", "")
    elif shown:
        yield from _signed(step, kind)


def _signed(step: Signer, kind: str) -> Iterator[Cell]:
    deciding = step.role == "decide"
    position, name = step.acted_by or (step.position, step.name)
    mark = ""
    if step.acted_by or step.mode in {ACTING, ACTING_FOR_DELEGATED}:
        mark = _IN_PLACE
    elif deciding and step.mode in {DELEGATED, SOLE}:
        mark = _BY_DELEGATION
    if deciding and step.mode == ACTING_FOR_DELEGATED and step.acted_by:
        yield Cell(_BY_DELEGATION, step.position, _BY_DELEGATION, "")
    yield Cell(
        mark if deciding and mark else kind,
        position,
        mark,
        name,
        step.day if deciding else None,
        step.time,
        step.opinion,
        step.day,
    )
