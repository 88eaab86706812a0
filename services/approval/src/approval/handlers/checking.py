"""A submission -> the line it opens, or every reason why there can be none: its shape, its people, the rules.

One place for lines that are opened, checked before submission, and proposed, so that all three say the same.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from approval.domain.delegation import CODES
from approval.domain.line import Line
from approval.domain.opening import HASH_BYTES, UNKNOWN, UNKNOWN_DEPARTMENT, Submission, open_line
from approval.domain.step import Step
from approval.handlers.delegating import line_problems, mandated
from approval.ports.directory import View
from chassis.errors import Problem

MAY_CHANGE = CODES | {UNKNOWN, UNKNOWN_DEPARTMENT, "joint-step-not-head"}
"""Problems that a newer copy of the directory may not have."""


def judge(
    submission: Submission, correlation_id: str, view: View, former: Line | None = None
) -> Line | tuple[Problem, ...]:
    """The line, or all its problems. former: line whose approvals carry over."""
    agency_id = submission.agency_id
    submission = replace(submission, steps=mandated(submission.steps, agency_id, view))
    judged = open_line(submission, correlation_id, lambda step: is_known(step, agency_id, view), former)
    found = line_problems(submission.steps, agency_id, submission.kind, submission.task_code, view)
    if isinstance(judged, Line):
        rule = view.rule_for(agency_id, submission.kind, submission.task_code)
        return found or (replace(judged, rule=rule.title) if rule else judged)
    return (*judged, *found)


def is_known(step: Step, agency_id: str, view: View) -> bool:
    """True when a step names an official of its agency, or asks a department there is. agency_id: of the line.

    Only decisions on joint drafts are another agency's (행정업무규정 8③); co-operation stays inside the agency (9②).
    """
    if step.is_joint:
        agency_id = step.agency_id
    if step.asks_department and not step.official_id:
        return bool(view.department_name(step.department_code, agency_id))
    return view.is_official(step.official_id, agency_id)


def check_line(
    steps: Sequence[Step], agency_id: str, kind: int, task_code: str, view: View, joint_agency_ids: Sequence[str] = ()
) -> tuple[Problem, ...]:
    """What submission would have against steps, without the drafter's; fields count from the first of them."""
    nobody, now = UUID(int=0), datetime.now(UTC)
    submission = Submission(
        line_id=nobody,
        document_id=nobody,
        agency_id=agency_id,
        department_code="",
        title="",
        manifest_hash=bytes(HASH_BYTES),
        steps=tuple(steps),
        submitted_at=now,
        attachment_count=0,
        has_recipients=False,
        kind=kind,
        task_code=task_code,
        joint_agency_ids=tuple(joint_agency_ids),
    )
    judged = judge(submission, "", view)
    return () if isinstance(judged, Line) else judged
