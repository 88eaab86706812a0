"""Passing over an absent reviewer (행정업무규정 9③): the reason stands in the signature cell, nobody signs for them.

Only reviewers: who co-operates or audits is asked for something nobody else can give, and without the final approver there is
no decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from approval.domain import machine
from approval.domain.deciding import Acted, moved_on, unreadable
from approval.domain.line import Line
from approval.domain.machine import Act, Place, Who
from approval.domain.people import Signer, comes_next, relations
from approval.domain.step import Mode, Outcome, Role, Step
from chassis.errors import ConflictError, ForbiddenError, InvalidError, RefusalError

SKIPPING = "행정업무규정 9③"

CELL_WORDS: Mapping[str, str] = {
    "leave": "휴가",
    "trip": "출장",
    "training": "교육",
    "vacancy": "공석",
}
"""What stands in the cell for a registered reason when its owner wrote nothing."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Which reviewer, and why. absent_for: the registered absence in words, empty: not absent. reason: instead of it."""

    order: int
    reason: str
    absent_for: str
    signer: Signer


def skip(line: Line, expected_version: int, wanted: Skip) -> Acted | RefusalError:
    """The line without waiting for the reviewer."""
    refusal = moved_on(line, expected_version) or unreadable(wanted.reason, "reason")
    step = line.step(wanted.order)
    if refusal is None:
        refusal = _not_skippable(step, wanted) or _not_theirs(line, wanted)
    if refusal or step is None:
        return refusal or _unknown(wanted.order)
    row = machine.row(Act.SKIP, line.status, Place.REVIEW)
    skipped = replace(
        step, mode=Mode.SKIPPED, outcome=Outcome.SKIPPED, skip_reason=wanted.reason.strip() or wanted.absent_for
    )
    after = replace(
        line,
        steps=tuple(skipped if each is step else each for each in line.steps),
        status=row.target if row else line.status,
        version=line.version + 1,
        last_actor=wanted.signer.name,
    )
    return Acted(after, step.order)


def _unknown(order: int) -> InvalidError:
    return InvalidError("step-unknown", params={"order": order}, field="order")


def _not_skippable(step: Step | None, wanted: Skip) -> RefusalError | None:
    if step is None:
        return _unknown(wanted.order)
    params = {"order": step.order, "name": step.name}
    if step.role is Role.DECIDE:
        return InvalidError("final-step-skipped", params=params, field="order", source=SKIPPING)
    if step.role is not Role.REVIEW:
        return InvalidError("skip-not-for-role", params=params, field="order", source=SKIPPING)
    if step.outcome is not Outcome.PENDING:
        return ConflictError("step-acted-on", params=params, field="order", source=SKIPPING)
    if not wanted.absent_for:
        return ConflictError("not-absent", params=params, field="order", source=SKIPPING)
    return None


def _not_theirs(line: Line, wanted: Skip) -> RefusalError | None:
    found = relations(line, wanted.signer)
    if comes_next(line, wanted.signer, wanted.order):
        found.add(Who.NEXT)
    row = machine.row(Act.SKIP, line.status, Place.REVIEW)
    if row is None:
        return ConflictError("line-held", params={"action": Act.SKIP.value, "role": Role.REVIEW.value}, field="order")
    if not row.who & found:
        return ForbiddenError("skip-not-yours", source=SKIPPING)
    return None
