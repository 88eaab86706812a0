"""Approvals that carry over to a new line of the same text (재기안): who has signed exactly this need not sign it again.

Never decisions: the final approver decides on what is before them now (행정업무규정 10①).
"""

from collections.abc import Sequence
from dataclasses import replace

from approval.domain.line import ENDED, Line
from approval.domain.step import DONE, Outcome, Role, Step


def carried_over(steps: Sequence[Step], former: Line, agency_id: str, manifest_hash: bytes) -> tuple[Step, ...]:
    """Steps of a new line with what the same persons in the same roles had signed of the same text.

    former: ended without a decision, of the same agency and drafter; else nothing carries over.
    """
    if former.status not in ENDED or former.agency_id != agency_id or not _same_drafter(steps, former):
        return tuple(steps)
    done = {_key(step): step for step in former.steps if _holds(step, manifest_hash)}
    return tuple(_carried(step, done.get(_key(step))) for step in steps)


def _same_drafter(steps: Sequence[Step], former: Line) -> bool:
    drafter = next((step for step in steps if step.role is Role.DRAFT), None)
    return bool(drafter and former.drafter and drafter.official_id == former.drafter.official_id != "")


def _key(step: Step) -> tuple[Role, str]:
    return step.role, f"department:{step.department_code}" if step.asks_department else step.official_id


def _holds(step: Step, manifest_hash: bytes) -> bool:
    return (
        step.role in {Role.REVIEW, Role.COOPERATE, Role.AUDIT}
        and step.outcome in DONE
        and not step.asserted_by
        and step.manifest_hash == manifest_hash
    )


def _carried(step: Step, done: Step | None) -> Step:
    if done is None or step.outcome is not Outcome.PENDING:
        return step
    # Nobody has acted on it in the new line, so there nothing is taken back: neither by the department's officials.
    inner = tuple(replace(each, at_version=0) for each in done.sub_steps)
    return replace(done, order=step.order, mode=step.mode, at_version=0, sub_steps=inner)
