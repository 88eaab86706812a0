"""What stands in a step after somebody acted on it, or after it was opened again.

The person of a step stays who was named; when a deputy acts, both names are kept, and a decision says so in its mode
(대결, 전대결; 행정업무규정 10③). Opinions are only ever added to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from approval.domain.people import Signer
from approval.domain.step import APPROVED, DONE, Deputy, Mode, Outcome, Role, Step, joined

_BY_DEPUTY: Mapping[Mode, Mode] = {
    Mode.OWN: Mode.ACTING,
    Mode.SOLE: Mode.ACTING,
    Mode.DELEGATED: Mode.ACTING_FOR_DELEGATED,
}
_IN_PERSON: Mapping[Mode, Mode] = {Mode.ACTING: Mode.OWN, Mode.ACTING_FOR_DELEGATED: Mode.DELEGATED}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who acted, for whom, on what, when. version: of the line after the act. acting_for: empty: for oneself."""

    signer: Signer
    acting_for: str
    at: datetime
    manifest_hash: bytes
    directory_version: int
    version: int


def signed(step: Step, outcome: Outcome, opinion: str, signature: Signature) -> Step:
    """The step with what was done, by whom in which capacity, on what, and judged by which directory."""
    signer = signature.signer
    after = replace(
        step,
        outcome=outcome,
        opinion=joined(step.opinion, opinion),
        acted_at=signature.at,
        manifest_hash=signature.manifest_hash,
        appointment_id=signer.appointment_id,
        strength=signer.strength,
        directory_version=signature.directory_version,
        at_version=signature.version,
    )
    if signature.acting_for:
        return _by_deputy(after, signer)
    return replace(
        after,
        name=signer.name,
        position=signer.position,
        department=signer.department or step.department,
        department_code=signer.department_code,
        acted_by=None,
    )


def _by_deputy(step: Step, signer: Signer) -> Step:
    deputy = Deputy(signer.official_id, signer.name, signer.position, signer.department)
    if step.role is not Role.DECIDE or step.outcome is Outcome.HELD:
        return replace(step, acted_by=deputy)
    # What the absent approver has not decided must be reported to them afterwards.
    return replace(
        step,
        acted_by=deputy,
        mode=_BY_DEPUTY.get(step.mode, step.mode),
        report_after=step.outcome is Outcome.APPROVED,
    )


def reopened(step: Step, opinion: str, at_version: int) -> Step:
    """The step pending again: only what was said stays. Who did what and when is in the journal."""
    mode = _IN_PERSON.get(step.mode, step.mode) if step.acted_by else step.mode
    return replace(
        step,
        outcome=Outcome.PENDING,
        mode=mode,
        opinion=joined(step.opinion, opinion),
        acted_at=None,
        manifest_hash=b"",
        acted_by=None,
        report_after=False,
        strength="",
        at_version=at_version,
    )


def reopened_last(step: Step, opinion: str, at_version: int) -> Step:
    """The same for a step that may belong to a department: its last official answers again."""
    if step.sub_steps:
        *before, last = step.sub_steps
        step = replace(step, sub_steps=(*before, reopened(last, "", at_version)))
    return reopened(step, opinion, at_version)


def decided_anew(steps: tuple[Step, ...], order: int, manifest_hash: bytes) -> tuple[Step, ...]:
    """Decisions behind the step with an order opened again where they were made on another text than it stands at now.

    Only on a joint draft that was sent back are there any: the lead's head has decided, and not on this (6①, 8③). Who
    reviewed or co-operated keeps what they signed; whether they should see the text again is for whoever sends it back.
    """
    return tuple(
        reopened(step, "", step.at_version) if step.order > order and _decided_other(step, manifest_hash) else step
        for step in steps
    )


def _decided_other(step: Step, manifest_hash: bytes) -> bool:
    made = step.role is Role.DECIDE and step.outcome in DONE and not step.asserted_by
    return made and step.manifest_hash != manifest_hash


def answered(step: Step, inner: Step, outcome: Outcome, opinion: str, signature: Signature) -> Step:
    """A department's step after one of its officials acted; outcome: of the whole, pending before the last has acted."""
    inners = tuple(inner if each.order == inner.order else each for each in step.sub_steps)
    if outcome is Outcome.PENDING:
        return replace(step, sub_steps=inners, opinion=joined(step.opinion, opinion), at_version=signature.version)
    return replace(
        step,
        sub_steps=inners,
        outcome=outcome,
        opinion=joined(step.opinion, opinion),
        acted_at=signature.at,
        manifest_hash=signature.manifest_hash,
        official_id=inner.official_id,
        name=inner.name,
        position=inner.position,
        acted_by=inner.acted_by,
        strength=signature.signer.strength,
        directory_version=signature.directory_version,
        at_version=signature.version,
    )


def approving(step: Step) -> Outcome:
    """What approving means in the role of a step."""
    return APPROVED[step.role]


def told_afterwards(steps: tuple[Step, ...], decided: Step) -> tuple[Step, ...]:
    """Steps with one for the absent approver to read what a deputy decided (후열), unless there is one."""
    is_there = any(s.role is Role.AFTER and s.official_id == decided.official_id for s in steps)
    if not decided.report_after or is_there:
        return steps
    last = max(step.order for step in steps)
    confirming = Step(
        last + 1,
        Role.AFTER,
        Mode.CONFIRM,
        official_id=decided.official_id,
        name=decided.name,
        position=decided.position,
        department=decided.department,
        department_code=decided.department_code,
        agency_id=decided.agency_id,
    )
    return (*steps, confirming)
