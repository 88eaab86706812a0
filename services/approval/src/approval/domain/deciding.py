"""Acting on a line: (line, decision) -> the line after it, or why not. Nothing else changes a line.

The order of the checks is that of usefulness to the person refused: what has changed since they looked comes first.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from approval.domain.line import Line, Status, turns
from approval.domain.step import Outcome, Role, Step, joined
from chassis.errors import ConflictError, ForbiddenError, InvalidError, RefusalError

PATH = "행정업무규정 9·10"
OPINION = "행정업무규정 9"
MOST_OPINION = 4_000


class Action(StrEnum):
    """What an official does with their step."""

    APPROVE = "approve"  # 승인, 결재
    DISAGREE = "disagree"  # 합의(반대)
    RETURN = "return"  # 반려
    HOLD = "hold"  # 보류
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who acts, in which capacity, as the signature cell will show it; taken from the verified token."""

    official_id: str
    appointment_id: str
    name: str
    position: str
    department_code: str
    department: str
    strength: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One act, naming exactly what it is about. at: UTC. directory_version: what it is judged by."""

    line_id: UUID
    expected_version: int
    manifest_hash: bytes
    action: Action
    opinion: str
    signer: Signer
    at: datetime
    directory_version: int


@dataclass(frozen=True, slots=True)
class Acted:
    """The line after an act, and the order of the step that was acted on."""

    line: Line
    order: int


# What approving means in each role. A drafter has acted by submitting.
_APPROVED = {
    Role.REVIEW: Outcome.APPROVED,
    Role.COOPERATE: Outcome.AGREED,
    Role.AUDIT: Outcome.PASSED,
    Role.DECIDE: Outcome.APPROVED,
}
# Those who cooperate or audit may be waited for, but cannot stop the clock for everybody.
_MAY_HOLD = frozenset({Role.REVIEW, Role.DECIDE})


def decide(line: Line, decision: Decision) -> Acted | RefusalError:
    """Carries out one decision."""
    refusal = _stale(line, decision) or _unreadable(decision)
    if refusal:
        return refusal
    mine = next((step for step in line.turns if step.official_id == decision.signer.official_id), None)
    if mine is None or not decision.signer.official_id:
        waits_for = ", ".join(step.name for step in line.turns)
        return ForbiddenError("not-your-turn", params={"waits_for": waits_for}, source=PATH)
    refusal = _inapplicable(mine, decision)
    return refusal or _acted(line, mine, decision)


def _stale(line: Line, decision: Decision) -> RefusalError | None:
    if decision.expected_version != line.version:
        params = {"version": line.version, "actor": line.last_actor, "status": line.status.value}
        return ConflictError("line-moved-on", params=params, field="expected_version")
    if line.is_closed:
        return ConflictError("line-closed", params={"status": line.status.value, "actor": line.last_actor})
    if decision.manifest_hash != line.manifest_hash:
        return ConflictError("manifest-changed", field="manifest_hash")
    return None


def _unreadable(decision: Decision) -> RefusalError | None:
    if len(decision.opinion) > MOST_OPINION:
        return InvalidError("opinion-too-long", params={"most": MOST_OPINION}, field="opinion")
    if "\0" in decision.opinion:
        return InvalidError("nul-inside", field="opinion")
    if decision.action in {Action.RETURN, Action.HOLD, Action.DISAGREE} and not decision.opinion.strip():
        # Sending back, holding and disagreeing without a word would leave the drafter guessing.
        return InvalidError(
            "opinion-missing", params={"action": decision.action.value}, field="opinion", source=OPINION
        )
    return None


def _inapplicable(mine: Step, decision: Decision) -> RefusalError | None:
    """Refuses what the state or the role of the step does not allow."""
    params = {"action": decision.action.value, "role": mine.role.value}
    held = mine.outcome is Outcome.HELD
    if held and decision.action is not Action.RESUME:
        return ConflictError("line-held", params=params, field="action")
    if not held and decision.action is Action.RESUME:
        return ConflictError("line-not-held", params=params, field="action")
    if decision.action is Action.HOLD and mine.role not in _MAY_HOLD:
        return InvalidError("action-not-for-role", params=params, field="action", source=PATH)
    if decision.action is Action.DISAGREE and mine.role is not Role.COOPERATE:
        return InvalidError("action-not-for-role", params=params, field="action", source="행정업무규정 9②④")
    return None


def _acted(line: Line, mine: Step, decision: Decision) -> Acted:
    signed = _signed(mine, decision)
    steps = tuple(signed if step is mine else step for step in line.steps)
    status = _status(signed, steps)
    after = replace(
        line,
        steps=steps,
        status=status,
        version=line.version + 1,
        decided_at=decision.at if status is Status.DECIDED else None,
        last_actor=decision.signer.name,
    )
    return Acted(after, mine.order)


def _signed(mine: Step, decision: Decision) -> Step:
    """The step with what was done, by whom in which capacity, on what, and judged by which directory."""
    signer = decision.signer
    opinion = joined(mine.opinion, decision.opinion.strip())
    if decision.action is Action.RESUME:
        # Pending again: only what was said stays. Who held and resumed when is in the journal.
        return replace(mine, outcome=Outcome.PENDING, opinion=opinion, acted_at=None, manifest_hash=b"")
    return replace(
        mine,
        outcome=_outcome(mine, decision.action),
        opinion=opinion,
        acted_at=decision.at,
        manifest_hash=decision.manifest_hash,
        name=signer.name,
        position=signer.position,
        department=signer.department or mine.department,
        appointment_id=signer.appointment_id,
        department_code=signer.department_code,
        strength=signer.strength,
        directory_version=decision.directory_version,
    )


def _outcome(mine: Step, action: Action) -> Outcome:
    match action:
        case Action.APPROVE:
            return _APPROVED[mine.role]
        case Action.DISAGREE:
            return Outcome.DISAGREED
        case Action.RETURN:
            return Outcome.RETURNED
        case _:
            return Outcome.HELD


def _status(signed: Step, steps: tuple[Step, ...]) -> Status:
    if signed.outcome is Outcome.RETURNED:
        return Status.RETURNED
    if signed.outcome is Outcome.HELD:
        return Status.HELD
    return Status.IN_PATH if turns(steps) else Status.DECIDED
