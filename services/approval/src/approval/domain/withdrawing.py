"""Taking back what one did last, while the next has not acted (회수): the step is pending again, a drafter's line is over.

What was said stays: opinions are kept in the step, and the act in the journal. Never the final approver: with the decision
the document has come into being (행정업무규정 6①).
"""

from dataclasses import replace

from approval.domain import machine
from approval.domain.line import Line, Status, Turn, entries
from approval.domain.machine import Act, Place
from approval.domain.people import Signer
from approval.domain.signing import reopened, reopened_last
from approval.domain.step import DONE, Outcome, Role, Step, joined
from chassis.errors import ConflictError, ForbiddenError, InvalidError, RefusalError

WITHDRAWAL = "행정업무규정 8·9·10"
_ACTED = DONE | {Outcome.SUBMITTED}


def withdraw(line: Line, signer: Signer, opinion: str) -> tuple[Line, int] | RefusalError:
    """The line without the signer's last act, and the order of the step."""
    found = withdrawable(line, signer)
    if isinstance(found, RefusalError):
        return found
    row = machine.row(Act.WITHDRAW, line.status, _place(line, found))
    status = row.target if row else line.status
    again = _again(found, opinion)
    steps = tuple(again if step.order == found.step.order else step for step in line.steps)
    after = replace(line, steps=steps, status=status, version=line.version + 1, last_actor=signer.name)
    return after, found.step.order


def withdrawable(line: Line, signer: Signer) -> Turn | RefusalError:
    """What the signer may take back: their last act, when nobody behind has acted since."""
    mine = [entry for entry in entries(line) if _is_theirs(line, entry, signer)]
    if not mine:
        return ForbiddenError("nothing-to-withdraw", source=WITHDRAWAL)
    last = max(mine, key=lambda entry: entry.waits_for.at_version)
    place = _place(line, last)
    if not machine.is_known(Act.WITHDRAW, place):
        params = {"action": Act.WITHDRAW.value, "role": last.step.role.value}
        return InvalidError("action-not-for-role", params=params, field="action", source=WITHDRAWAL)
    later = next((e.waits_for for e in entries(line) if _stands_in_the_way(line, last, e)), None)
    if later or machine.row(Act.WITHDRAW, line.status, place) is None:
        params = {"actor": _name(later) if later else line.last_actor}
        return ConflictError("next-has-acted", params=params, field="action", source=WITHDRAWAL)
    return last


def _is_theirs(line: Line, entry: Turn, signer: Signer) -> bool:
    step = entry.waits_for
    return (
        step.at_version > 0
        and step.outcome in _ACTED
        and bool(step.actor_id)
        and step.actor_id == signer.official_id
        and line.agency_of(entry.step) == signer.agency_id
    )


def _stands_in_the_way(line: Line, mine: Turn, other: Turn) -> bool:
    """True when somebody else acted later, unless side by side with the withdrawer (병렬협조)."""
    if other.waits_for.at_version <= mine.waits_for.at_version:
        return False
    return not (mine.step.is_parallel and other.step.order in _neighbours(line, mine.step))


def _neighbours(line: Line, step: Step) -> set[int]:
    """Orders of the steps that had their turn together with a parallel one."""
    group: list[int] = []
    for each in (each for each in line.steps if each.in_path):
        if each.is_parallel:
            group.append(each.order)
            continue
        if step.order in group:
            break
        group = []
    return set(group)


def _place(line: Line, entry: Turn) -> Place:
    if entry.step.role is Role.DRAFT:
        return Place.DRAFT
    return machine.place_of(line.steps, entry)


def _again(found: Turn, opinion: str) -> Step:
    """The step after its act was taken back."""
    step = found.step
    if step.role is Role.DRAFT:
        return replace(step, outcome=Outcome.WITHDRAWN, opinion=joined(step.opinion, opinion))
    if found.inner is None:
        return reopened(step, opinion, 0)
    if found.is_last:
        return reopened_last(step, opinion, step.sub_steps[-2].at_version if len(step.sub_steps) > 1 else 0)
    inner = reopened(found.inner, opinion, 0)
    return replace(step, sub_steps=tuple(inner if each is found.inner else each for each in step.sub_steps))


def _name(step: Step) -> str:
    return step.acted_by.name if step.acted_by else step.name


def may_withdraw(line: Line, signer: Signer) -> bool:
    """True when the signer has something to take back."""
    return line.status is Status.IN_PATH and not isinstance(withdrawable(line, signer), RefusalError)
