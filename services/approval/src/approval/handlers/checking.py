"""A submission -> the line it opens, or every reason why there can be none: its shape, its people, the rules.

One place for lines that are opened, checked before submission, and proposed, so that all three say the same.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from approval.domain.delegation import CODES
from approval.domain.line import Line
from approval.domain.opening import HASH_BYTES, UNKNOWN, Submission, open_line
from approval.domain.step import Step
from approval.handlers.delegating import line_problems
from approval.ports.directory import View
from chassis.errors import Problem

MAY_CHANGE = CODES | {UNKNOWN}
"""Problems that a newer copy of the directory may not have."""


def judge(submission: Submission, correlation_id: str, view: View) -> Line | tuple[Problem, ...]:
    """The line, or all its problems."""
    agency_id = submission.agency_id
    judged = open_line(submission, correlation_id, lambda official: view.is_official(official, agency_id))
    found = line_problems(submission.steps, agency_id, submission.kind, submission.task_code, view)
    if isinstance(judged, Line):
        return found or judged
    return (*judged, *found)


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
