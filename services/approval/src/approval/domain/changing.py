"""Changing the steps of a running line: inserting, removing, moving what nobody has acted on.

Orders in the changes are those of the line as it was seen; afterwards steps are numbered anew. Nothing is put before a step
that is done: what was signed was signed in that order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from approval.domain import machine
from approval.domain.deciding import Acted, moved_on, unreadable
from approval.domain.line import Line
from approval.domain.machine import Act, Place
from approval.domain.opening import shape
from approval.domain.people import Signer, is_drafter, own_turn, relations
from approval.domain.step import Outcome, Role, Step, usual_mode
from chassis.errors import ConflictError, ForbiddenError, InvalidError, Problem, RefusalError

CHANGING = "행정업무규정 9·10"
MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Insert:
    """Puts a step before the one with an order; one more than the last: behind all."""

    before: int
    step: Step


@dataclass(frozen=True, slots=True)
class Remove:
    """Takes a step out."""

    order: int


@dataclass(frozen=True, slots=True)
class Move:
    """Takes a step to before another."""

    order: int
    before: int


Change: TypeAlias = Insert | Remove | Move
Check: TypeAlias = Callable[[Sequence[Step]], Sequence[Problem]]


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes that take effect together or not at all, and why."""

    changes: tuple[Change, ...]
    reason: str
    signer: Signer


def change(line: Line, expected_version: int, wanted: Changes, check: Check) -> Acted | RefusalError:
    """The line with its steps changed. check: what persons and rules have against the steps as they would be."""
    refusal = moved_on(line, expected_version) or unreadable(wanted.reason, "reason") or _not_theirs(line, wanted)
    if refusal:
        return refusal
    steps = _applied(line, wanted)
    if isinstance(steps, RefusalError):
        return steps
    numbered = tuple(replace(step, order=order) for order, step in enumerate(steps, 1))
    refusal = _against(line, numbered, check)
    if refusal:
        return refusal
    after = replace(line, steps=numbered, version=line.version + 1, last_actor=wanted.signer.name)
    return Acted(after, 0)


def may_change(line: Line, signer: Signer) -> bool:
    """True when the signer may change steps nobody has acted on."""
    row = machine.row(Act.CHANGE, line.status, Place.NOWHERE)
    return row is not None and bool(row.who & relations(line, signer))


def _not_theirs(line: Line, wanted: Changes) -> RefusalError | None:
    if not wanted.changes:
        return InvalidError("changes-missing", field="changes")
    row = machine.row(Act.CHANGE, line.status, Place.NOWHERE)
    if row is None:
        return ConflictError("line-held", params={"action": Act.CHANGE.value, "role": ""}, field="changes")
    if not row.who & relations(line, wanted.signer):
        return ForbiddenError("change-not-yours", source=CHANGING)
    return None


def _applied(line: Line, wanted: Changes) -> list[Step] | RefusalError:
    steps = list(line.steps)
    own = own_turn(line, wanted.signer)
    kept = own[0].step if own and not is_drafter(line, wanted.signer) else None
    for index, each in enumerate(wanted.changes):
        refusal = _apply(line, steps, each, kept, f"changes[{index}]")
        if refusal:
            return refusal
    return steps


def _apply(line: Line, steps: list[Step], each: Change, kept: Step | None, field: str) -> RefusalError | None:
    """Carries out one change on the list."""
    if isinstance(each, Insert):
        return _put(line, steps, each.before, _fresh(each.step), field)
    step = _movable(line, steps, each.order, kept, field)
    if isinstance(step, RefusalError):
        return step
    if isinstance(each, Move) and each.before == each.order:
        return None
    steps.remove(step)
    return _put(line, steps, each.before, step, field) if isinstance(each, Move) else None


def _put(line: Line, steps: list[Step], before: int, step: Step, field: str) -> RefusalError | None:
    at = _place(line, steps, before)
    if at is None or any(not behind.is_open and behind.in_path for behind in steps[at:]):
        return InvalidError("place-not-free", params={"before": before}, field=field, source=CHANGING)
    steps.insert(at, step)
    return None


def _movable(line: Line, steps: list[Step], order: int, kept: Step | None, field: str) -> Step | RefusalError:
    step = line.step(order)
    if step is None or step not in steps:
        return InvalidError("step-unknown", params={"order": order}, field=field)
    params = {"order": order, "name": step.name or step.department}
    if step.role is Role.DRAFT or not step.is_untouched:
        return ConflictError("step-acted-on", params=params, field=field, source=CHANGING)
    if step.role is Role.AFTER and any(s.report_after and s.official_id == step.official_id for s in line.steps):
        # Who was away must read what a deputy decided for them (10③).
        return ConflictError("confirmation-owed", params=params, field=field, source="행정업무규정 10③")
    if kept is not None and step is not kept and step.role is Role.DECIDE:
        # Who decides was named by the drafter, whose document it is; others on the way only see to their own part.
        return ForbiddenError("change-not-yours", params=params, field=field, source=CHANGING)
    if step is kept:
        # Taking oneself out of the line would be skipping without being absent.
        return ForbiddenError("own-step-stays", params=params, field=field, source=CHANGING)
    return step


def _place(line: Line, steps: list[Step], before: int) -> int | None:
    """Where something comes to stand; None when there is no such place."""
    if before == line.steps[-1].order + 1:
        return len(steps)
    target = line.step(before)
    return steps.index(target) if target is not None and target in steps else None


def _fresh(step: Step) -> Step:
    """An inserted step as it stands before anybody acts."""
    return Step(
        0,
        step.role,
        usual_mode(step.role, step.mode),
        official_id=step.official_id,
        name=step.name,
        position=step.position,
        department=step.department,
        organisation=step.organisation,
        department_code=step.department_code,
        agency_id=step.agency_id if step.is_joint else "",
    )


def _against(line: Line, steps: Sequence[Step], check: Check) -> RefusalError | None:
    problems = [*shape(steps, line.joint), *check(steps)]
    if len(steps) > MOST_STEPS:
        problems.append(Problem("line-too-long", {"most": str(MOST_STEPS)}, field="changes"))
    drafts = [step for step in steps if step.role is Role.DRAFT and step.outcome is Outcome.PENDING]
    if drafts:
        problems.append(Problem("step-decided-elsewhere", field="changes"))
    if not problems:
        return None
    first, *more = problems
    return InvalidError(first.code, params=first.params, field=first.field, source=first.source, more=tuple(more))
