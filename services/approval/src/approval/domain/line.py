"""An approval line: its steps in order, whose turn it is, and in whose boxes it lies."""

from collections.abc import Iterator, Sequence
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
    STOPPED = "stopped"  # 중단
    WITHDRAWN = "withdrawn"  # 회수: a draft again


ENDED = frozenset({Status.RETURNED, Status.STOPPED, Status.WITHDRAWN})
"""Closed without a decision: the document may get a new line."""

CLOSED = ENDED | {Status.DECIDED}

_NOT_ACTED = OPEN | {Outcome.SKIPPED, Outcome.WITHDRAWN}


class Box(StrEnum):
    """Box of an official in which an open line lies."""

    PENDING = "pending"  # 결재대기
    HELD = "held"  # 보류
    ACTED = "acted"  # 진행
    RETURNED = "returned"  # 반려


@dataclass(frozen=True, slots=True)
class Turn:
    """A step that waits for somebody. inner: the step of the asked department's own small line, None outside of one."""

    step: Step
    inner: Step | None = None

    @property
    def waits_for(self) -> Step:
        """The step whose person has to act."""
        return self.inner or self.step

    @property
    def is_asked(self) -> bool:
        """True while the department that is asked has not taken the step up."""
        return self.inner is None and self.step.asks_department and not self.step.official_id

    @property
    def is_last(self) -> bool:
        """True when acting answers the step: also for the department's last official, who answers for all of it."""
        return self.inner is None or self.inner is self.step.sub_steps[-1]

    @property
    def holder(self) -> str:
        """In whose box it lies: an official, or ``department:<code>``."""
        return department_token(self.step.department_code) if self.is_asked else self.waits_for.official_id


@dataclass(frozen=True, slots=True)
class Line:
    """One line. version: 1 when opened, then one more with each act. last_actor: name of who acted last.

    manifest_hash: SHA-256 of what is decided on. steps: in order. decided_at: moment of the final decision, UTC.
    kind: number of the contract's DocumentKind. rule: title of the rule of delegated decision it was judged by.
    joint: other agencies that decide (공동기안).
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
    rule: str = ""
    joint: tuple[str, ...] = ()

    @property
    def is_closed(self) -> bool:
        """True when nobody acts any more."""
        return self.status in CLOSED

    @property
    def turns(self) -> tuple[Step, ...]:
        """Steps whose turn it is; none once the line is closed."""
        return () if self.is_closed else turns(self.steps)

    @property
    def waiting(self) -> tuple[Turn, ...]:
        """The same with the officials inside departments that were asked."""
        return tuple(turn_of(step) for step in self.turns)

    @property
    def drafter(self) -> Step | None:
        """The drafter's step; None when a legacy system names none."""
        return next((step for step in self.steps if step.role is Role.DRAFT), None)

    def step(self, order: int) -> Step | None:
        """The step with an order."""
        return next((step for step in self.steps if step.order == order), None)

    def agency_of(self, step: Step) -> str:
        """Agency of a step's person."""
        return step.agency_id or self.agency_id


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


def turn_of(step: Step) -> Turn:
    """The turn at a step: inside a department it is that of the first who has not acted."""
    return Turn(step, next((inner for inner in step.sub_steps if inner.is_open), None))


def department_token(code: str) -> str:
    """Stands for a department where a box belongs to nobody in particular."""
    return f"department:{code}"


def entries(line: Line) -> Iterator[Turn]:
    """Every step with a person: those inside departments in place of the departments' own."""
    for step in line.steps:
        if step.sub_steps:
            yield from (Turn(step, inner) for inner in step.sub_steps)
        else:
            yield Turn(step)


def boxes(line: Line) -> dict[str, Box]:
    """The box of each official in which the line lies. A turn comes before what the same person did earlier."""
    match line.status:
        case Status.RETURNED:
            drafter = line.drafter
            return {drafter.official_id: Box.RETURNED} if drafter and drafter.official_id else {}
        case Status.DECIDED | Status.STOPPED | Status.WITHDRAWN:
            return {}
        case _:
            return _open_boxes(line)


def _open_boxes(line: Line) -> dict[str, Box]:
    # Twice for every decision, so without a Turn for each step.
    found = {
        each.actor_id: Box.ACTED
        for step in line.steps
        if step.role is not Role.AFTER
        for each in step.sub_steps or (step,)
        if each.outcome not in _NOT_ACTED and each.actor_id
    }
    for turn in line.waiting:
        found[turn.holder] = Box.HELD if turn.waits_for.outcome is Outcome.HELD else Box.PENDING
    return found


def box_agencies(line: Line) -> dict[str, str]:
    """Agency of each official that is not of the line's own agency."""
    return {step.actor_id: step.agency_id for step in line.steps if step.agency_id} | {
        step.official_id: step.agency_id for step in line.steps if step.agency_id
    }
