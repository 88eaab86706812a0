"""Acts on one line that are no decisions: passing over somebody absent, changing steps, taking a step up for a department.

lock the line -> what the domain makes of it -> line, boxes, journal. Whom the line does not concern finds none.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from approval.domain.deciding import Acted
from approval.domain.line import Line
from approval.domain.opening import UNKNOWN, UNKNOWN_DEPARTMENT
from approval.domain.people import Signer, concerns
from approval.domain.skipping import CELL_WORDS
from approval.domain.step import Step
from approval.handlers.checking import is_known
from approval.handlers.deciding import record
from approval.handlers.delegating import line_problems
from approval.handlers.stored import lock_lines, save_lines
from approval.ports.directory import View
from approval.ports.watch import LineWatch
from approval.translate.lines import Told
from chassis.actor import Actor
from chassis.errors import NotFoundError, Problem, RefusalError
from chassis.uow import UnitOfWork

ABSENT = "부재"


@dataclass(frozen=True, slots=True)
class Alteration:
    """What is done with a line, and why. act: word of the contract."""

    line_id: UUID
    act: str
    reason: str
    carry_out: Callable[[Line], Acted | RefusalError]


async def alter(unit: UnitOfWork, wanted: Alteration, signer: Signer, actor: Actor, watch: LineWatch) -> Line:
    """The line after it. Raises the refusal, NotFoundError line-unknown."""
    locked = await lock_lines(unit, [(wanted.line_id, "")], "")
    line = locked.lines.get(wanted.line_id)
    if line is None or not concerns(line, signer):
        raise NotFoundError("line-unknown", field="line_id")
    acted = wanted.carry_out(line)
    if isinstance(acted, RefusalError):
        raise acted
    save_lines(unit, [(line, acted.line)])
    record(unit, acted.line, Told(wanted.act, acted.order, wanted.reason.strip()), actor)
    unit.after_commit.append(lambda: watch.changed([line.id, line.document_id]))
    return acted.line


def absence_in_words(line: Line, order: int, view: View) -> str:
    """Why the person of a step is away, as the cell will say it; empty when no absence is registered."""
    step = line.step(order)
    absence = view.absence_of(step.official_id, line.agency_of(step)) if step else None
    return (absence.note.strip() or CELL_WORDS.get(absence.reason, ABSENT)) if absence else ""


def named(step: Step, agency_id: str, view: View) -> Step:
    """The step with the name, post and department that the directory has for its person. agency_id: of the line."""
    agency_id = step.agency_id if step.is_joint else agency_id
    person = view.official(step.official_id, agency_id)
    if person:
        return replace(
            step,
            name=person.name,
            position=person.position,
            department=person.department,
            department_code=person.department_code,
        )
    return replace(step, department=view.department_name(step.department_code, agency_id) or step.department)


def against(line: Line, steps: tuple[Step, ...], view: View) -> list[Problem]:
    """What persons and rules of delegated decision have against steps that were changed."""
    known = {_who(step) for step in line.steps}
    found = [
        Problem(
            UNKNOWN if step.official_id or not step.asks_department else UNKNOWN_DEPARTMENT,
            {"order": str(step.order), "name": step.name},
            field="changes",
        )
        for step in steps
        if step.is_open and _who(step) not in known and not is_known(step, line.agency_id, view)
    ]
    return [*found, *line_problems(steps, line.agency_id, line.kind, line.task_code, view)]


def _who(step: Step) -> tuple[str, str]:
    """Official and department that a step names."""
    return step.official_id, step.department_code if step.asks_department else ""
