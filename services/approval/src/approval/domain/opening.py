"""Opening a line: a submitted document -> a line whose first step has its turn, or every reason why there can be none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from approval.domain import machine
from approval.domain.carrying import carried_over
from approval.domain.line import Line, Status, turns
from approval.domain.machine import Act, Place
from approval.domain.step import Mode, Outcome, Role, Step, usual_mode
from chassis.errors import Problem

FINAL = "행정업무규정 10①"
JOINT = "행정업무규정 8③"
CO_OPERATION = "행정업무규정 9②"
SKIPPING = "행정업무규정 9③"
HASH_BYTES = 32
UNKNOWN = "step-official-unknown"
UNKNOWN_DEPARTMENT = "step-department-unknown"


@dataclass(frozen=True, slots=True)
class Submission:
    """A document that goes into its line.

    steps: officials resolved; those done in a legacy system carry asserted_by. directory_version: what documents judged by.
    kind: number of the contract's DocumentKind. joint_agency_ids: other agencies of a joint draft (공동기안), in order.
    carry_over: former line whose approvals stay where the text is the same (재기안).
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
    carry_over: UUID | None = None


def open_line(
    submission: Submission, correlation_id: str, is_known: Callable[[Step], bool], former: Line | None = None
) -> Line | tuple[Problem, ...]:
    """The line, or all its problems.

    is_known: whether a step names an active official of its agency, or a department of it. former: the line of carry_over.
    Steps asserted by a legacy system stay its assertions: they are not checked against our directory and carry no manifest of
    ours.
    """
    steps = _kept_steps(submission, former)
    problems = [*shape(steps, submission.joint_agency_ids), *_each(submission.steps, is_known)]
    if len(submission.manifest_hash) != HASH_BYTES:
        problems.append(Problem("manifest-missing", field="manifest_hash"))
    if not problems and not turns(steps):
        problems.append(Problem("no-pending-step", field="steps"))
    if problems:
        return tuple(problems)
    row = machine.row(Act.OPEN, None, Place.DRAFT)
    return Line(
        id=submission.line_id,
        document_id=submission.document_id,
        agency_id=submission.agency_id,
        department_code=submission.department_code,
        title=submission.title,
        status=row.target if row else Status.IN_PATH,
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
        joint=submission.joint_agency_ids,
    )


def _kept_steps(submission: Submission, former: Line | None) -> tuple[Step, ...]:
    """Steps in order as the line keeps them, with what carries over."""
    steps = sorted((_kept(step, submission) for step in submission.steps), key=lambda step: step.order)
    drafter = next((step.official_id for step in steps if step.role is Role.DRAFT), "")
    moded = [_moded(step, drafter, submission.agency_id) for step in steps]
    if former is None:
        return tuple(moded)
    return carried_over(moded, former, submission.agency_id, submission.manifest_hash)


def _moded(step: Step, drafter: str, agency_id: str) -> Step:
    """The step in a mode its role has. What another system asserts stays as it said it."""
    if step.asserted_by:
        return step
    if step.outcome is Outcome.SKIPPED:
        return step if step.mode is Mode.SKIPPED else replace(step, mode=Mode.SKIPPED)
    mode = usual_mode(step.role, step.mode)
    if step.role is Role.DECIDE and mode is not Mode.JOINT:
        alone = bool(drafter) and step.official_id == drafter
        if alone and mode in {Mode.OWN, Mode.DELEGATED}:
            mode = Mode.SOLE
        elif mode is Mode.SOLE and not alone:
            mode = Mode.OWN
    other = step.agency_id if mode is Mode.JOINT and step.agency_id != agency_id else ""
    if mode is step.mode and other == step.agency_id:
        return step
    return replace(step, mode=mode, agency_id=other)


def _kept(step: Step, submission: Submission) -> Step:
    """The step as the line keeps it."""
    if step.role is Role.DRAFT and step.is_open:
        # Submitting is the drafter's act: the draft step is done by it.
        return replace(
            step,
            outcome=Outcome.SUBMITTED,
            acted_at=step.acted_at or submission.submitted_at,
            manifest_hash=b"" if step.asserted_by else submission.manifest_hash,
            at_version=1,
        )
    if step.is_open:
        # Nothing was done yet, so nothing is asserted; a hold elsewhere does not hold our line.
        return replace(
            step,
            outcome=Outcome.PENDING,
            acted_at=None,
            asserted_by="",
            manifest_hash=b"",
            acted_by=None,
            sub_steps=(),
            report_after=False,
        )
    if step.outcome is Outcome.SUBMITTED:
        manifest = b"" if step.asserted_by else step.manifest_hash or submission.manifest_hash
        return replace(step, manifest_hash=manifest, at_version=1)
    return replace(step, manifest_hash=b"") if step.asserted_by else step


def shape(steps: Sequence[Step], joint: Sequence[str] = ()) -> list[Problem]:
    """Exactly one final step, behind all others that it waits for; decisions of other agencies behind it. steps: in order.

    joint: agencies of a joint draft; each of them decides, and nobody else.
    """
    problems = []
    orders = [step.order for step in steps]
    if orders and (len(set(orders)) != len(orders) or orders[0] < 1):
        problems.append(Problem("step-order-invalid", field="steps"))
    path = [step for step in steps if step.in_path]
    own = [step for step in path if not step.is_joint]
    finals = [step for step in own if step.role is Role.DECIDE]
    if not finals:
        problems.append(Problem("final-step-missing", field="steps", source=FINAL))
    elif finals[0] is not own[-1]:
        problems.append(
            Problem("final-step-not-last", {"order": str(finals[0].order)}, field="steps", source=FINAL),
        )
    return [*problems, *_joint(path, joint)]


def _joint(path: Sequence[Step], joint: Sequence[str]) -> list[Problem]:
    """Each agency of a joint draft decides once, behind the lead (행정업무규정 8③)."""
    problems = []
    deciding = [step for step in path if step.is_joint]
    behind = path[len(path) - len(deciding) :]
    if any(not step.is_joint for step in behind):
        problems.append(Problem("joint-step-not-behind", field="steps", source=JOINT))
    agencies = [step.agency_id for step in deciding]
    for step in deciding:
        if step.agency_id not in joint:
            params = {"order": str(step.order), "name": step.name}
            problems.append(Problem("joint-agency-unknown", params, field="steps", source=JOINT))
    missing = [agency_id for agency_id in joint if agencies.count(agency_id) != 1]
    problems += [Problem("joint-step-missing", {"agency": each}, field="steps", source=JOINT) for each in missing]
    return problems


def _each(steps: Sequence[Step], is_known: Callable[[Step], bool]) -> list[Problem]:
    problems = []
    drafter = next((step for step in steps if step.role is Role.DRAFT), None)
    for index, step in enumerate(steps):
        problem = _forged(step, drafter, f"steps[{index}]") or _problem(step, f"steps[{index}]", is_known)
        if problem:
            problems.append(problem)
    return problems


def _forged(step: Step, drafter: Step | None, field: str) -> Problem | None:
    """Only whoever submits signs by it: nobody else of ours is made to have drafted, and drafting is all it says."""
    if step.role is not Role.DRAFT or step.asserted_by:
        return None
    if step is drafter and (step.is_open or step.outcome is Outcome.SUBMITTED):
        return None
    return Problem("step-decided-elsewhere", {"order": str(step.order), "name": step.name}, field=f"{field}.outcome")


def _problem(step: Step, field: str, is_known: Callable[[Step], bool]) -> Problem | None:
    """What is wrong with one step."""
    params = {"order": str(step.order), "name": step.name}
    if not step.in_path or step.role is Role.DRAFT:
        return None
    if step.is_open:
        if step.asks_department and not step.official_id:
            known = is_known(step)
            return None if known else Problem(UNKNOWN_DEPARTMENT, params, f"{field}.department_code", CO_OPERATION)
        if step.official_id and is_known(step):
            return None
        return Problem(UNKNOWN, params, field=f"{field}.person.official_id")
    if step.outcome is Outcome.SKIPPED:
        if step.role is Role.DECIDE:
            return Problem("final-step-skipped", params, field=f"{field}.outcome", source=SKIPPING)
        if step.role is not Role.REVIEW and not step.asserted_by:
            return Problem("skip-not-for-role", params, field=f"{field}.outcome", source=SKIPPING)
        if not step.skip_reason.strip():
            return Problem("skip-reason-missing", params, field=f"{field}.skip_reason", source=SKIPPING)
        return None
    if not step.asserted_by:
        # Only the line itself may say that somebody here has decided.
        return Problem("step-decided-elsewhere", params, field=f"{field}.outcome")
    return None
