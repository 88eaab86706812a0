"""Approval lines as people see them: a row per step, and the signature cells of the finished paper form."""

from dataclasses import dataclass

from gateway.i18n import Reader
from gateway.views.words import MODE, OUTCOME, ROLE, STRENGTH, Badge, badge, word
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.common.v1 import actor_pb2
from onnara.exchange.v1 import official_document_pb2 as pb

DONE = {
    pb.STEP_OUTCOME_SUBMITTED,
    pb.STEP_OUTCOME_APPROVED,
    pb.STEP_OUTCOME_AGREED,
    pb.STEP_OUTCOME_DISAGREED,
    pb.STEP_OUTCOME_PASSED,
    pb.STEP_OUTCOME_READ,
}
_OPEN = {pb.STEP_OUTCOME_UNSPECIFIED, pb.STEP_OUTCOME_PENDING, pb.STEP_OUTCOME_HELD}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step. mark: 전결, 대결. remark: opinion exists, or why the step was skipped."""

    order: int
    role: str
    name: str
    position: str
    department: str
    mark: str
    outcome: Badge
    opinion: str
    acted_at: str
    skip_reason: str
    asserted_by: str
    is_current: bool
    is_done: bool
    is_open: bool
    may_skip: bool
    acted_by: str
    strength: str
    kind: str
    sub_steps: list["StepRow"]
    department_code: str


@dataclass(frozen=True, slots=True)
class SignatureCell:
    """One cell of the 결문: rank over signature. with_opinion: "(의견 있음)" stands after the rank (시행규칙 6③)."""

    label: str
    position: str
    mark: str
    name: str
    day: str
    with_opinion: bool


def rows(reader: Reader, steps: list[pb.ApprovalStep], current_order: int) -> list[StepRow]:
    """All steps in order."""
    return [_row(reader, step, current_order) for step in sorted(steps, key=lambda s: s.order)]


def _row(reader: Reader, step: pb.ApprovalStep, current_order: int) -> StepRow:
    done = step.outcome in DONE
    name = step.person.name or step.person.department or step.department_code
    return StepRow(
        order=step.order,
        role=word(reader, ROLE, step.role),
        name=name,
        position=step.person.position,
        department=step.person.department if step.person.department != name else "",
        mark=word(reader, MODE, step.mode) if step.mode in MODE else "",
        outcome=badge(reader, OUTCOME, step.outcome or pb.STEP_OUTCOME_PENDING),
        opinion=step.opinion,
        acted_at=reader.moment(step.acted_at),
        skip_reason=step.skip_reason,
        asserted_by=step.asserted_by,
        is_current=step.order == current_order,
        is_done=done,
        is_open=step.outcome in {pb.STEP_OUTCOME_UNSPECIFIED, pb.STEP_OUTCOME_PENDING},
        may_skip=step.role == pb.STEP_ROLE_REVIEW
        and step.outcome in {pb.STEP_OUTCOME_UNSPECIFIED, pb.STEP_OUTCOME_PENDING},
        acted_by=" ".join(part for part in (step.acted_by.position, step.acted_by.name) if part),
        strength=word(reader, STRENGTH, step.strength) if step.strength == actor_pb2.AUTH_STRENGTH_PASSKEY else "",
        kind=reader.text("step-kind:cooperate-department") if step.mode == pb.STEP_MODE_DEPARTMENT else "",
        sub_steps=[_row(reader, each, 0) for each in step.sub_steps],
        department_code=step.department_code,
    )


def signature_cells(reader: Reader, steps: list[pb.ApprovalStep]) -> list[SignatureCell]:
    """Cells as 시행규칙 7 has them: nobody who neither signed nor carries 전결 has one; the approver's shows the date.

    A delegated matter decided by a deputy has two: the delegated approver's with 전결, the deputy's with 대결 and the name.
    """
    cells = []
    for step in sorted(steps, key=lambda s: s.order):
        skipped = step.outcome == pb.STEP_OUTCOME_SKIPPED
        if step.role == pb.STEP_ROLE_AFTER or not (step.outcome in DONE or skipped):
            continue
        decides = step.role == pb.STEP_ROLE_DECIDE
        label = word(reader, ROLE, step.role)
        if step.mode == pb.STEP_MODE_ACTING_FOR_DELEGATED:
            delegate = step.person.position if step.HasField("acted_by") else ""
            cells.append(SignatureCell(label, delegate, reader.text("mark:delegated"), "", "", with_opinion=False))
        # 대결: the deputy signs; without a record of who that was, the step's own person stands there.
        signer = step.acted_by if step.HasField("acted_by") else step.person
        local = reader.local(step.acted_at)
        cells.append(
            SignatureCell(
                label=label,
                position=signer.position,
                mark=word(reader, MODE, step.mode) if step.mode in MODE else "",
                name=step.skip_reason if skipped else signer.name,
                day=reader.day(local.date()) if decides and local else "",
                with_opinion=bool(step.opinion) and not decides,
            )
        )
    return cells


def waits_for(line: approval_pb.Line, official_id: str) -> pb.ApprovalStep | None:
    """The step whose turn it is: the official's own where several are waited for side by side, else the first."""
    open_steps = [step for step in sorted(line.steps, key=lambda s: s.order) if step.order >= line.current_order > 0]
    turns = [step for step in open_steps if step.order == line.current_order]
    for step in open_steps[1:]:
        if step.mode != pb.STEP_MODE_PARALLEL or turns[0].mode != pb.STEP_MODE_PARALLEL:
            break
        turns += [step] if step.outcome in _OPEN else []
    mine = (step for step in turns if step.person.official_id == official_id)
    return next(mine, turns[0] if turns else None)
