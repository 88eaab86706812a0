"""An approval line: its steps in order, whose turn it is, and in whose boxes it lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from approval.domain.step import OPEN, Outcome, Role, Step


class Status(StrEnum):
    """Where a line stands."""

    IN_PATH = "in-path"
    HELD = "held"  # 보류
    RETURNED = "returned"  # 반려
    DECIDED = "decided"  # 결재


CLOSED = frozenset({Status.RETURNED, Status.DECIDED})


_NOT_ACTED = OPEN | {Outcome.SKIPPED}


class Box(StrEnum):
    """Box of an official in which an open line lies."""

    PENDING = "pending"  # 결재대기
    HELD = "held"  # 보류
    ACTED = "acted"  # 진행
    RETURNED = "returned"  # 반려


@dataclass(frozen=True, slots=True)
class Line:
    """One line. version: 1 when opened, then one more with each action. last_actor: name of who acted last.

    manifest_hash: SHA-256 of what is decided on. steps: in order. decided_at: moment of the final decision, UTC.
    kind: number of the contract's DocumentKind.
    """

    id: UUID
    document_id: UUID
    agency_id: str
    department_code: str
    title: str
    status: Status
    version: int
    manifest_hash: bytes
    steps: tuple[Step, ...]
    submitted_at: datetime
    decided_at: datetime | None
    correlation_id: str
    last_actor: str
    attachment_count: int
    has_recipients: bool
    kind: int = 0
    task_code: str = ""

    @property
    def is_closed(self) -> bool:
        """True when nobody acts any more."""
        return self.status in CLOSED

    @property
    def turns(self) -> tuple[Step, ...]:
        """Steps whose turn it is; none once the line is closed."""
        return () if self.is_closed else turns(self.steps)


def turns(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Open steps of the first group that has any. steps: in order.

    A group is one step, or neighbours that cooperate in parallel: all of them have their turn, and whoever comes behind
    waits for all (행정업무규정 9②).
    """
    waiting: list[Step] = []
    for step in steps:
        if step.role is Role.AFTER:
            continue
        if waiting and not step.is_parallel:
            break
        if step.outcome in OPEN:
            waiting.append(step)
            if not step.is_parallel:
                break
    return tuple(waiting)


def boxes(line: Line) -> dict[str, Box]:
    """The box of each official in which the line lies. A turn comes before what the same person did earlier."""
    match line.status:
        case Status.DECIDED:
            return {}
        case Status.RETURNED:
            return {
                step.official_id: Box.RETURNED for step in line.steps if step.role is Role.DRAFT and step.official_id
            }
        case _:
            return _open_boxes(line)


def _open_boxes(line: Line) -> dict[str, Box]:
    found = {
        step.official_id: Box.ACTED
        for step in line.steps
        if step.official_id and step.outcome not in _NOT_ACTED and step.role is not Role.AFTER
    }
    for step in line.turns:
        found[step.official_id] = Box.HELD if step.outcome is Outcome.HELD else Box.PENDING
    return found
