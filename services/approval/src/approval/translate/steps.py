"""Steps: message <-> domain <-> stored JSON. Numbers of the contract's enums on one side, the field's words on the other."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

from approval.domain.step import Deputy, Mode, Outcome, Role, Step
from chassis.errors import InvalidError
from onnara.common.v1 import actor_pb2
from onnara.exchange.v1 import official_document_pb2 as pb

E = TypeVar("E", Role, Mode, Outcome)


def _numbered(words: type[E], prefix: str, wire: Any) -> dict[E, int]:
    return {word: wire.Value(prefix + (word.name if word else "UNSPECIFIED")) for word in words}


ROLES = _numbered(Role, "STEP_ROLE_", pb.StepRole)
MODES = _numbered(Mode, "STEP_MODE_", pb.StepMode)
OUTCOMES = _numbered(Outcome, "STEP_OUTCOME_", pb.StepOutcome)
_ROLE_OF = {number: role for role, number in ROLES.items()}
_MODE_OF = {number: mode for mode, number in MODES.items()}
# A step nobody has said anything about has not been acted on.
_OUTCOME_OF = {number: outcome for outcome, number in OUTCOMES.items()} | {0: Outcome.PENDING}

STRENGTHS: Mapping[str, Any] = {
    "": actor_pb2.AUTH_STRENGTH_UNSPECIFIED,
    "password": actor_pb2.AUTH_STRENGTH_PASSWORD,
    "passkey": actor_pb2.AUTH_STRENGTH_PASSKEY,
    "system": actor_pb2.AUTH_STRENGTH_SYSTEM,
}
_STRENGTH_OF = {number: word for word, number in STRENGTHS.items()}

_NAMES = tuple(field.name for field in fields(Step))
# All values in one call: a line is written with every act.
_values = attrgetter(*_NAMES)


def step_of(message: pb.ApprovalStep, field: str) -> Step:
    """The step of a message. Raises InvalidError for a role, mode or outcome this release does not know."""
    role, mode, outcome = (
        _ROLE_OF.get(message.role),
        _MODE_OF.get(message.mode),
        _OUTCOME_OF.get(message.outcome),
    )
    if role is None or mode is None or outcome is None:
        params = {"role": message.role, "mode": message.mode, "outcome": message.outcome}
        raise InvalidError("step-kind-unknown", params=params, field=field)
    person = message.person
    return Step(
        order=message.order,
        role=role,
        mode=mode,
        outcome=outcome,
        official_id=person.official_id,
        external_id=person.external_id,
        name=person.name,
        position=person.position,
        department=person.department,
        organisation=person.organisation,
        opinion=message.opinion,
        acted_at=message.acted_at.ToDatetime(UTC) if message.HasField("acted_at") else None,
        skip_reason=message.skip_reason,
        asserted_by=message.asserted_by,
        manifest_hash=message.manifest_hash,
        department_code=message.department_code,
        strength=_STRENGTH_OF.get(message.strength, ""),
        agency_id=message.agency_id,
        acted_by=_deputy_of(message.acted_by) if message.HasField("acted_by") else None,
        sub_steps=tuple(step_of(inner, f"{field}.sub_steps[{at}]") for at, inner in enumerate(message.sub_steps)),
        report_after=message.report_after,
    )


def _deputy_of(person: pb.StepPerson) -> Deputy:
    return Deputy(person.official_id, person.name, person.position, person.department)


def timestamp(moment: datetime | None) -> Any:
    """A moment for a timestamp field. Protobuf takes datetimes as they are; its type stubs do not say so."""
    return moment


def step_message(step: Step) -> pb.ApprovalStep:
    """The step as others see it. A department's code is told where a department was asked."""
    message = pb.ApprovalStep(
        order=step.order,
        role=ROLES[step.role],  # type: ignore[arg-type]
        mode=MODES[step.mode],  # type: ignore[arg-type]
        outcome=OUTCOMES[step.outcome],  # type: ignore[arg-type]
        person=pb.StepPerson(
            official_id=step.official_id,
            external_id=step.external_id,
            name=step.name,
            position=step.position,
            department=step.department,
            organisation=step.organisation,
        ),
        opinion=step.opinion,
        acted_at=timestamp(step.acted_at),
        skip_reason=step.skip_reason,
        asserted_by=step.asserted_by,
        manifest_hash=step.manifest_hash,
        strength=STRENGTHS.get(step.strength, 0),
        agency_id=step.agency_id,
        report_after=step.report_after,
    )
    if step.mode is Mode.DEPARTMENT:
        message.department_code = step.department_code
        message.sub_steps.extend(step_message(inner) for inner in step.sub_steps)
    if step.acted_by:
        message.acted_by.CopyFrom(_deputy_message(step.acted_by))
    return message


def _deputy_message(deputy: Deputy) -> pb.StepPerson:
    return pb.StepPerson(
        official_id=deputy.official_id, name=deputy.name, position=deputy.position, department=deputy.department
    )


def stored_steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as the line's row keeps them; empty values are left out."""
    return [_stored(step) for step in steps]


def _stored(step: Step) -> dict[str, Any]:
    kept = {name: value for name, value in zip(_NAMES, _values(step), strict=True) if value}
    if step.sub_steps:
        kept["sub_steps"] = stored_steps(step.sub_steps)
    return kept


def steps_of_row(stored: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps of a line's row."""
    return msgspec.convert(stored, tuple[Step, ...])
