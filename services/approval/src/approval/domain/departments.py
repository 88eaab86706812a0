"""A department that was asked takes its step up (부서협조, 부서감사) with a small line of its own.

Its officials act one after the other inside the step; the last one answers for the department.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from approval.domain import machine
from approval.domain.deciding import Acted, moved_on
from approval.domain.line import Line
from approval.domain.machine import Act, Place
from approval.domain.people import Signer, is_of_department
from approval.domain.step import Mode, Role, Step
from chassis.errors import ConflictError, ForbiddenError, InvalidError, RefusalError

CO_OPERATION = "행정업무규정 9②"
MOST_INNER = 20


def take_up(
    line: Line,
    expected_version: int,
    order: int,
    steps: Sequence[Step],
    signer: Signer,
    is_member: Callable[[str, str], bool],
) -> Acted | RefusalError:
    """The line with the department's officials in the step. steps: reviewers, then the one who decides; persons filled in.

    is_member: whether an official holds a post in a department. Until one of them has acted it may be taken up anew.
    """
    refusal = moved_on(line, expected_version)
    step = line.step(order)
    if refusal or step is None:
        return refusal or InvalidError("step-unknown", params={"order": order}, field="order")
    refusal = _not_now(line, step, signer) or _wrong(step, steps, is_member)
    if refusal:
        return refusal
    inner = tuple(_fresh(number, each) for number, each in enumerate(steps, 1))
    last = inner[-1]
    taken = replace(step, sub_steps=inner, official_id=last.official_id, name=last.name, position=last.position)
    row = machine.row(Act.TAKE_UP, line.status, Place.ASKED)
    after = replace(
        line,
        status=row.target if row else line.status,
        steps=tuple(taken if each is step else each for each in line.steps),
        version=line.version + 1,
        last_actor=signer.name,
    )
    return Acted(after, order)


def _fresh(number: int, step: Step) -> Step:
    return Step(
        number,
        step.role,
        Mode.OWN if step.role is Role.DECIDE else Mode.NORMAL,
        official_id=step.official_id,
        name=step.name,
        position=step.position,
        department=step.department,
    )


def _has_begun(step: Step) -> bool:
    return any(not each.is_untouched for each in step.sub_steps) or not step.is_open


def _not_now(line: Line, step: Step, signer: Signer) -> RefusalError | None:
    params = {"order": step.order, "name": step.department or step.name}
    if not step.asks_department:
        return InvalidError("step-asks-nobody", params=params, field="order", source=CO_OPERATION)
    if not is_of_department(line, step, signer):
        return ForbiddenError("department-not-yours", params=params, field="order", source=CO_OPERATION)
    if step not in line.turns:
        waits_for = ", ".join(each.waits_for.name or each.step.department for each in line.waiting)
        return ForbiddenError("not-your-turn", params={"waits_for": waits_for}, source=CO_OPERATION)
    if _has_begun(step):
        return ConflictError("step-acted-on", params=params, field="order", source=CO_OPERATION)
    return None


def _wrong(step: Step, steps: Sequence[Step], is_member: Callable[[str, str], bool]) -> RefusalError | None:
    roles = [each.role for each in steps]
    if not 0 < len(steps) <= MOST_INNER or roles[-1:] != [Role.DECIDE] or set(roles[:-1]) - {Role.REVIEW}:
        return InvalidError("inner-line-invalid", params={"most": MOST_INNER}, field="steps", source=CO_OPERATION)
    for index, each in enumerate(steps):
        if not is_member(each.official_id, step.department_code):
            params = {"name": each.name or each.official_id, "department": step.department or step.department_code}
            field = f"steps[{index}].person.official_id"
            return InvalidError("not-of-department", params=params, field=field, source=CO_OPERATION)
    return None
