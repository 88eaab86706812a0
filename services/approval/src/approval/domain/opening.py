"""Opening a line: a submitted document -> a line whose first step has its turn, or every reason why there can be none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from approval.domain.line import Line, Status, turns
from approval.domain.step import Outcome, Role, Step
from chassis.errors import Problem

FINAL = "행정업무규정 10①"
SKIPPING = "행정업무규정 9③"
HASH_BYTES = 32
UNKNOWN = "step-official-unknown"


@dataclass(frozen=True, slots=True)
class Submission:
    """A document that goes into its line.

    steps: officials resolved; those done in a legacy system carry asserted_by. directory_version: what documents judged by.
    kind: number of the contract's DocumentKind. joint_agency_ids: other agencies of a joint draft (공동기안), in order.
    """

    line_id: UUID
    document_id: UUID
    agency_id: str
    department_code: str
    title: str
    manifest_hash: bytes
    steps: tuple[Step, ...]
    submitted_at: datetime
    attachment_count: int
    has_recipients: bool
    directory_version: int = 0
    kind: int = 0
    task_code: str = ""
    joint_agency_ids: tuple[str, ...] = ()


def open_line(
    submission: Submission, correlation_id: str, is_official: Callable[[str], bool]
) -> Line | tuple[Problem, ...]:
    """The line, or all its problems.

    is_official: whether an id names an active official of the agency. Steps asserted by a legacy system stay its
    assertions: they are not checked against our directory and carry no manifest of ours.
    """
    steps = tuple(sorted((_kept(step, submission) for step in submission.steps), key=lambda step: step.order))
    problems = [*_shape(steps), *_each(submission.steps, is_official)]
    if len(submission.manifest_hash) != HASH_BYTES:
        problems.append(Problem("manifest-missing", field="manifest_hash"))
    if not problems and not turns(steps):
        problems.append(Problem("no-pending-step", field="steps"))
    if problems:
        return tuple(problems)
    return Line(
        id=submission.line_id,
        document_id=submission.document_id,
        agency_id=submission.agency_id,
        department_code=submission.department_code,
        title=submission.title,
        status=Status.IN_PATH,
        version=1,
        manifest_hash=submission.manifest_hash,
        steps=steps,
        submitted_at=submission.submitted_at,
        decided_at=None,
        correlation_id=correlation_id,
        last_actor=next((step.name for step in steps if step.role is Role.DRAFT), ""),
        attachment_count=submission.attachment_count,
        has_recipients=submission.has_recipients,
        kind=submission.kind,
        task_code=submission.task_code,
    )


def _kept(step: Step, submission: Submission) -> Step:
    """The step as the line keeps it."""
    if step.role is Role.DRAFT and step.is_open:
        # Submitting is the drafter's act: the draft step is done by it.
        return replace(
            step,
            outcome=Outcome.SUBMITTED,
            acted_at=step.acted_at or submission.submitted_at,
            manifest_hash=b"" if step.asserted_by else submission.manifest_hash,
        )
    if step.is_open:
        # Nothing was done yet, so nothing is asserted; a hold elsewhere does not hold our line.
        if step.outcome is Outcome.PENDING and not (step.acted_at or step.asserted_by or step.manifest_hash):
            return step
        return replace(step, outcome=Outcome.PENDING, acted_at=None, asserted_by="", manifest_hash=b"")
    if step.asserted_by:
        return replace(step, manifest_hash=b"") if step.manifest_hash else step
    if step.outcome is Outcome.SUBMITTED:
        return replace(step, manifest_hash=step.manifest_hash or submission.manifest_hash)
    return step


def _shape(steps: Sequence[Step]) -> list[Problem]:
    """Exactly one final step, behind all others that it waits for."""
    problems = []
    orders = [step.order for step in steps]
    if orders and (len(set(orders)) != len(orders) or orders[0] < 1):
        problems.append(Problem("step-order-invalid", field="steps"))
    path = [step for step in steps if step.in_path]
    finals = [step for step in path if step.role is Role.DECIDE]
    if not finals:
        problems.append(Problem("final-step-missing", field="steps", source=FINAL))
    elif finals[0] is not path[-1]:
        problems.append(
            Problem("final-step-not-last", {"order": str(finals[0].order)}, field="steps", source=FINAL),
        )
    return problems


def _each(steps: Sequence[Step], is_official: Callable[[str], bool]) -> list[Problem]:
    problems = []
    for index, step in enumerate(steps):
        problem = _problem(step, f"steps[{index}]", is_official)
        if problem:
            problems.append(problem)
    return problems


def _problem(step: Step, field: str, is_official: Callable[[str], bool]) -> Problem | None:
    """What is wrong with one step."""
    params = {"order": str(step.order), "name": step.name}
    if not step.in_path or step.role is Role.DRAFT:
        return None
    if step.is_open:
        if is_official(step.official_id):
            return None
        return Problem(UNKNOWN, params, field=f"{field}.person.official_id")
    if step.outcome is Outcome.SKIPPED:
        if step.role is Role.DECIDE:
            return Problem("final-step-skipped", params, field=f"{field}.outcome", source=SKIPPING)
        if not step.skip_reason.strip():
            return Problem("skip-reason-missing", params, field=f"{field}.skip_reason", source=SKIPPING)
        return None
    if not step.asserted_by:
        # Only the line itself may say that somebody here has decided.
        return Problem("step-decided-elsewhere", params, field=f"{field}.outcome")
    return None
