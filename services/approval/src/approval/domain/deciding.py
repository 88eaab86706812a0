"""Acting on one's step: (line, decision) -> the line after it, or why not.

What is possible where stands in ``machine``; here is what comes of it. The order of the checks is that of usefulness to the
person refused: what has changed since they looked comes first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from approval.domain import machine
from approval.domain.line import Line, Status, Turn
from approval.domain.machine import Act, Place
from approval.domain.manifests import EDITING, Edit, edit_of
from approval.domain.people import Signer, turn_for
from approval.domain.signing import (
    Signature,
    answered,
    approving,
    decided_anew,
    reopened,
    reopened_last,
    signed,
    told_afterwards,
)
from approval.domain.step import DONE, Outcome, Role, Step
from approval.domain.stopping import stop
from approval.domain.withdrawing import withdraw
from chassis.errors import ConflictError, ForbiddenError, InvalidError, RefusalError

PATH = "행정업무규정 9·10"
OPINION = "행정업무규정 9"
DEPUTY = "행정업무규정 10③"
MOST_OPINION = 4_000


class Action(StrEnum):
    """What an official does with their step, or with what they did."""

    APPROVE = "approve"  # 승인, 결재
    DISAGREE = "disagree"  # 합의(반대)
    RETURN = "return"  # 반려, 재검토
    HOLD = "hold"  # 보류
    RESUME = "resume"
    WITHDRAW = "withdraw"  # 회수
    STOP = "stop"  # 중단


@dataclass(frozen=True, slots=True)
class Decision:
    """One act, naming exactly what it is about. at: UTC. directory_version: what it is judged by.

    return_to: with RETURN the order of the step that gets its turn again, 0 the drafter. acting_for: official whose deputy
    the signer is (대결); empty: for oneself.
    """

    line_id: UUID
    expected_version: int
    manifest_hash: bytes
    action: Action
    opinion: str
    signer: Signer
    at: datetime
    directory_version: int
    return_to: int = 0
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class Acted:
    """The line after an act, and the order of the step that was acted on. returned_to: order of the step opened again."""

    line: Line
    order: int
    returned_to: int = 0


_ACTS: Mapping[Action, Act] = {action: Act(action.value) for action in Action}
# Sending back, holding, disagreeing and stopping without a word would leave the drafter guessing.
_NEED_OPINION = frozenset({Action.RETURN, Action.HOLD, Action.DISAGREE, Action.STOP})
# Who co-operates or audits may comment, not edit; another agency cannot change what the lead has decided on.
_MAY_EDIT = frozenset({Place.REVIEW, Place.DECIDE, Place.FINAL})


def decide(line: Line, decision: Decision, edits: Sequence[Edit] = ()) -> Acted | RefusalError:
    """Carries out one decision. edits: texts the signer has stored for this line."""
    refusal = moved_on(line, decision.expected_version) or unreadable(decision.opinion)
    if refusal or (refusal := _speechless(decision)):
        return refusal
    if decision.action in {Action.WITHDRAW, Action.STOP}:
        return _taken_back_or_stopped(line, decision)
    return _on_turn(line, decision, edits)


def moved_on(line: Line, expected_version: int) -> RefusalError | None:
    """Refuses what is about an older version, or about a line nobody acts on any more."""
    if expected_version != line.version:
        params = {"version": line.version, "actor": line.last_actor, "status": line.status.value}
        return ConflictError("line-moved-on", params=params, field="expected_version")
    if line.is_closed:
        return ConflictError("line-closed", params={"status": line.status.value, "actor": line.last_actor})
    return None


def unreadable(text: str, field: str = "opinion") -> RefusalError | None:
    """Refuses texts that are too long or cannot be stored."""
    if len(text) > MOST_OPINION:
        return InvalidError("opinion-too-long", params={"most": MOST_OPINION}, field=field)
    if "\0" in text:
        return InvalidError("nul-inside", field=field)
    return None


def _speechless(decision: Decision) -> RefusalError | None:
    if decision.action in _NEED_OPINION and not decision.opinion.strip():
        params = {"action": decision.action.value}
        return InvalidError("opinion-missing", params=params, field="opinion", source=OPINION)
    return None


def _taken_back_or_stopped(line: Line, decision: Decision) -> Acted | RefusalError:
    if decision.manifest_hash != line.manifest_hash:
        return _changed()
    undo = withdraw if decision.action is Action.WITHDRAW else stop
    result = undo(line, decision.signer, decision.opinion.strip())
    return result if isinstance(result, RefusalError) else Acted(*result)


def _on_turn(line: Line, decision: Decision, edits: Sequence[Edit]) -> Acted | RefusalError:
    signer, acting_for = decision.signer, decision.acting_for
    if acting_for and acting_for not in signer.stands_in_for:
        # Nobody is their own deputy; who is away, or no longer registered, is nobody's.
        return ForbiddenError("no-mandate", params={"official": acting_for}, field="acting_for", source=DEPUTY)
    turn = turn_for(line, signer, acting_for or signer.official_id)
    if turn is None:
        waits_for = ", ".join(each.waits_for.name or each.step.department for each in line.waiting)
        return ForbiddenError("not-your-turn", params={"waits_for": waits_for}, source=PATH)
    target = _target(line, turn, decision)
    if isinstance(target, RefusalError):
        return target
    act = Act.SEND_BACK if target else _ACTS[decision.action]
    place = machine.place_of(line.steps, turn)
    row = machine.row(act, line.status, place)
    if row is None:
        return _not_possible(line, decision, turn, machine.is_known(act, place))
    changed = _with_text(line, decision, turn, place, edits)
    if isinstance(changed, RefusalError):
        return changed
    if changed.manifest_hash != line.manifest_hash:
        changed = replace(changed, steps=decided_anew(changed.steps, turn.step.order, changed.manifest_hash))
    return _Acting(changed, turn, decision, row.target).after(act, target)


def _target(line: Line, turn: Turn, decision: Decision) -> Step | RefusalError | None:
    """The step that gets its turn again; None: none, or the drafter's."""
    if decision.action is not Action.RETURN or not decision.return_to:
        return None
    step = line.step(decision.return_to)
    if step and step.role is Role.DRAFT:
        return None
    if step is None or step.order >= turn.step.order or step.outcome not in DONE or step.asserted_by:
        params = {"order": decision.return_to}
        return InvalidError("return-target-invalid", params=params, field="return_to", source=PATH)
    return step


def _not_possible(line: Line, decision: Decision, turn: Turn, known: bool) -> RefusalError:
    params = {"action": decision.action.value, "role": turn.step.role.value}
    if not known:
        return InvalidError("action-not-for-role", params=params, field="action", source=PATH)
    code = "line-held" if line.status is Status.HELD else "line-not-held"
    return ConflictError(code, params=params, field="action")


def _changed() -> ConflictError:
    return ConflictError("manifest-changed", field="manifest_hash")


def _with_text(line: Line, decision: Decision, turn: Turn, place: Place, edits: Sequence[Edit]) -> Line | RefusalError:
    """The line with the text that is signed: what it stands at, or what the signer has made of that."""
    if decision.manifest_hash == line.manifest_hash:
        return line
    edit = edit_of(edits, decision.signer.official_id, line.manifest_hash, decision.manifest_hash)
    if edit is None or decision.action is not Action.APPROVE:
        return _changed()
    if place not in _MAY_EDIT or turn.step.is_joint:
        params = {"action": "edit", "role": turn.step.role.value}
        return InvalidError("action-not-for-role", params=params, field="manifest_hash", source=EDITING)
    return replace(
        line,
        manifest_hash=edit.manifest_hash,
        title=edit.title,
        attachment_count=edit.attachment_count,
        has_recipients=edit.has_recipients,
    )


@dataclass(frozen=True, slots=True)
class _Acting:
    """One possible act: what it makes of the step, of the steps, of the line."""

    line: Line
    turn: Turn
    decision: Decision
    status: Status

    def after(self, act: Act, target: Step | None) -> Acted:
        """The line after it. target: step that gets its turn again."""
        mine = self._mine(act)
        steps = tuple(mine if step is self.turn.step else step for step in self.line.steps)
        if target:
            again = reopened_last(target, "", target.at_version or 1)
            steps = tuple(again if step is target else step for step in steps)
        if act is Act.APPROVE and self.turn.step.role is Role.DECIDE:
            steps = told_afterwards(steps, mine)
        after = replace(
            self.line,
            steps=steps,
            status=self.status,
            version=self._version,
            decided_at=self.decision.at if self.status is Status.DECIDED else None,
            last_actor=self.decision.signer.name,
        )
        return Acted(after, mine.order, target.order if target else 0)

    @property
    def _version(self) -> int:
        return self.line.version + 1

    def _mine(self, act: Act) -> Step:
        """The step that is acted on, after the act."""
        step, inner, opinion = self.turn.step, self.turn.inner, self.decision.opinion.strip()
        decision = self.decision
        signature = Signature(
            decision.signer,
            decision.acting_for,
            decision.at,
            decision.manifest_hash,
            decision.directory_version,
            self._version,
        )
        if act in {Act.RESUME, Act.SEND_BACK}:
            if inner:
                waiting = reopened(inner, opinion, self._version)
                return answered(step, waiting, Outcome.PENDING, opinion, signature)
            return reopened(step, opinion, self._version)
        outcome = _OUTCOMES.get(act, approving)(step)
        if inner is None:
            return signed(step, outcome, opinion, signature)
        if not self.turn.is_last:
            return answered(step, signed(inner, Outcome.APPROVED, opinion, signature), Outcome.PENDING, "", signature)
        # Inside the department its last official has decided, whatever the answer is.
        own = Outcome.RETURNED if act is Act.RETURN else Outcome.APPROVED
        return answered(step, signed(inner, own, opinion, signature), outcome, opinion, signature)


_OUTCOMES: Mapping[Act, Callable[[Step], Outcome]] = {
    Act.DISAGREE: lambda _: Outcome.DISAGREED,
    Act.RETURN: lambda _: Outcome.RETURNED,
    Act.HOLD: lambda _: Outcome.HELD,
}
