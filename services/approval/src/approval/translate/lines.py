"""Lines: row <-> domain, domain -> messages; submissions and decisions: messages -> domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, TypeAlias
from uuid import UUID

from approval.domain.allowing import NOTHING, Allowed
from approval.domain.deciding import Action
from approval.domain.line import Line, Status
from approval.domain.opening import Submission
from approval.translate.steps import STRENGTHS, step_message, step_of, steps_of_row, stored_steps, timestamp
from chassis.actor import Actor
from chassis.errors import InvalidError, Problem, RefusalError
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import events_pb2 as events
from onnara.common.v1 import actor_pb2
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.documents.v1.events_pb2 import DocumentSubmitted

STATUSES: Mapping[Status, int] = {
    Status.IN_PATH: events.LINE_STATUS_IN_PATH,
    Status.HELD: events.LINE_STATUS_HELD,
    Status.RETURNED: events.LINE_STATUS_RETURNED,
    Status.DECIDED: events.LINE_STATUS_DECIDED,
    Status.STOPPED: events.LINE_STATUS_STOPPED,
    Status.WITHDRAWN: events.LINE_STATUS_WITHDRAWN,
}
# Made from the contract, so that an action added to it is understood as soon as the domain has a word for it.
_ACTIONS: Mapping[int, Action] = {
    value.number: Action[word]
    for value in pb.Action.DESCRIPTOR.values
    if (word := value.name.removeprefix("ACTION_")) in Action.__members__
}
ACTIONS = {action: number for number, action in _ACTIONS.items()}
Answer: TypeAlias = pb.DecideResponse


@dataclass(frozen=True, slots=True)
class Told:
    """What was done, as others are told. act: a word of the contract. order: of the step that was acted on."""

    act: str
    order: int
    opinion: str = ""
    returned_to: int = 0


def submission_of(message: DocumentSubmitted) -> Submission:
    """The submission of an event. Raises InvalidError for ids or steps that cannot be read."""
    return Submission(
        line_id=uuid_of(message.line_id, "line_id"),
        document_id=uuid_of(message.document_id, "document_id"),
        agency_id=message.agency_id,
        department_code=message.department_code,
        title=message.title,
        manifest_hash=message.manifest_hash,
        steps=tuple(step_of(step, f"steps[{index}]") for index, step in enumerate(message.steps)),
        submitted_at=message.submitted_at.ToDatetime(UTC),
        attachment_count=message.attachment_count,
        has_recipients=message.has_recipients,
        directory_version=message.directory_version,
        kind=message.kind,
        task_code=message.task_code,
        joint_agency_ids=tuple(message.joint_agency_ids),
        carry_over=uuid_of(message.carry_over_line_id, "carry_over_line_id") if message.carry_over_line_id else None,
    )


def uuid_of(text: str, field: str) -> UUID:
    """The id; raises InvalidError id-invalid."""
    try:
        return UUID(text)
    except ValueError:
        raise InvalidError("id-invalid", params={"value": text[:40]}, field=field) from None


def action_of(number: int) -> Action:
    """The action of a request; raises InvalidError action-unknown."""
    if number not in _ACTIONS:
        raise InvalidError("action-unknown", params={"action": number}, field="action")
    return _ACTIONS[number]


def line_of(row: Mapping[str, Any]) -> Line:
    """The line of a row."""
    return Line(
        row["id"], row["document_id"], row["agency_id"], row["department_code"], row["title"], Status(row["status"]),
        row["version"], row["manifest_hash"], steps_of_row(row["steps"]), row["submitted_at"], row["decided_at"],
        row["correlation_id"], row["last_actor"], row["attachment_count"], row["has_recipients"],
        row["kind"], row["task_code"], row["rule"], tuple(row["joint"]),
    )  # fmt: skip


def line_row(line: Line) -> dict[str, Any]:
    """The line as its row."""
    return {
        "id": line.id,
        "document_id": line.document_id,
        "agency_id": line.agency_id,
        "department_code": line.department_code,
        "title": line.title,
        "status": line.status.value,
        "version": line.version,
        "manifest_hash": line.manifest_hash,
        "steps": stored_steps(line.steps),
        "submitted_at": line.submitted_at,
        "decided_at": line.decided_at,
        "correlation_id": line.correlation_id,
        "last_actor": line.last_actor,
        "attachment_count": line.attachment_count,
        "has_recipients": line.has_recipients,
        "kind": line.kind,
        "task_code": line.task_code,
        "rule": line.rule,
        "joint": list(line.joint),
    }


def line_message(line: Line, allowed: Allowed = NOTHING, strength: str = "") -> pb.Line:
    """The line as shown to somebody. allowed: what they may do; strength: how their decision must be proven."""
    turns = line.turns
    return pb.Line(
        line_id=str(line.id),
        document_id=str(line.document_id),
        title=line.title,
        version=line.version,
        status=STATUSES[line.status],  # type: ignore[arg-type]
        manifest_hash=line.manifest_hash,
        steps=[step_message(step) for step in line.steps],
        submitted_at=timestamp(line.submitted_at),
        decided_at=timestamp(line.decided_at),
        current_order=turns[0].order if turns else 0,
        department_code=line.department_code,
        attachment_count=line.attachment_count,
        has_recipients=line.has_recipients,
        agency_id=line.agency_id,
        kind=line.kind,  # type: ignore[arg-type]
        task_code=line.task_code,
        allowed=[ACTIONS[action] for action in allowed.actions],  # type: ignore[misc]
        may_change=allowed.may_change,
        acting_for=allowed.acting_for,
        required_strength=STRENGTHS[strength],
        rule=line.rule,
    )


def line_opened(line: Line) -> events.LineOpened:
    """The event of a new line."""
    return events.LineOpened(
        line_id=str(line.id),
        version=line.version,
        document_id=str(line.document_id),
        manifest_hash=line.manifest_hash,
        steps=[step_message(step) for step in line.steps],
    )


def line_changed(line: Line, told: Told, actor: actor_pb2.Actor) -> events.LineChanged:
    """The event of an act: the whole line as it is now."""
    return events.LineChanged(
        line_id=str(line.id),
        version=line.version,
        document_id=str(line.document_id),
        status=STATUSES[line.status],  # type: ignore[arg-type]
        manifest_hash=line.manifest_hash,
        steps=[step_message(step) for step in line.steps],
        acted_order=told.order,
        decided_at=timestamp(line.decided_at),
        actor=actor,
        act=told.act,
        opinion=told.opinion,
        returned_to=told.returned_to,
    )


def line_refused(submission: Submission, problems: Sequence[Problem]) -> events.LineRefused:
    """The event of a submission that cannot have a line."""
    return events.LineRefused(
        line_id=str(submission.line_id),
        document_id=str(submission.document_id),
        errors=[error_message(problem) for problem in problems],
    )


def error_message(problem: Problem) -> ErrorDetail:
    """A problem as data."""
    return ErrorDetail(code=problem.code, params=problem.params, field=problem.field, source=problem.source)


def decided(line: Line) -> pb.DecideResponse:
    """The answer to a decision."""
    return pb.DecideResponse(line_id=str(line.id), version=line.version, status=STATUSES[line.status])  # type: ignore[arg-type]


def outcome_message(line_id: str, result: pb.DecideResponse | RefusalError) -> pb.BulkOutcome:
    """What became of one item of many."""
    if isinstance(result, RefusalError):
        return pb.BulkOutcome(line_id=line_id, error=error_message(result.problems[0]))
    return pb.BulkOutcome(line_id=line_id, version=result.version, status=result.status)


def answer_of(stored: bytes) -> pb.DecideResponse:
    """An answer given before."""
    return pb.DecideResponse.FromString(stored)


def actor_message(actor: Actor) -> actor_pb2.Actor:
    """Who acts, as provenance."""
    return actor_pb2.Actor(
        official_id=actor.official_id,
        appointment_id=actor.appointment_id,
        post_id=actor.post_id,
        agency_id=actor.agency_id,
        department_code=actor.department_code,
        name=actor.name,
        position=actor.position,
        acting_for=actor.acting_for,
        strength=STRENGTHS[actor.strength],
        system=actor.system,
    )
