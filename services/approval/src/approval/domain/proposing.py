"""Lines to begin with: by the rules of delegated decision, or kept steps brought up to date.

superiors and rule -> the line they make; kept steps and today's officials -> what is left of them. What stands in the way of
a proposal is said with it, never hidden: the drafter decides what to do about it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from approval.domain.delegation import DELEGATION, HEAD, JOINT, DelegationRule
from approval.domain.step import Mode, Outcome, Role, Step
from chassis.errors import Problem

ABSENT, GONE = "official-absent", "official-gone"
NOBODY, NO_AUDIT, NO_DEPARTMENT = "approver-not-found", "audit-department-unknown", "department-unknown"
ABSENCE = "행정업무규정 10③"


class Origin(IntEnum):
    """Where a proposal comes from, best first."""

    LAST_USED = 1
    TEMPLATE = 2
    RULE = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may stand in a line. level: of the post, 0 unknown. may_decide: named as an approver."""

    official_id: str
    name: str
    position: str
    department: str
    department_code: str
    level: int
    may_decide: bool = False


@dataclass(frozen=True, slots=True)
class Away:
    """That an official is away now. until: UTC, None without an end. deputy: name, empty when nobody acts."""

    reason: str
    until: datetime | None
    deputy: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line without the drafter's step, orders from 1, and what is wrong with it. name: of the template or the rule."""

    origin: Origin
    name: str
    steps: tuple[Step, ...]
    problems: tuple[Problem, ...] = ()
    template_id: str = ""


def by_rule(
    drafter: Candidate,
    superiors: Sequence[Candidate],
    rule: DelegationRule | None,
    audit_department: tuple[str, str] | None,
) -> Proposal:
    """The superiors up to whoever decides: at the rule's level, or the nearest approver where there is no rule.

    superiors: nearest first. audit_department: code and name, None when the agency has none. A drafter of the rule's own
    level decides alone (1인결재).
    """
    name = rule.title if rule else ""
    alone = rule is not None and drafter.level == rule.level
    path = [_step(Role.DECIDE, Mode.SOLE, drafter)] if alone else _path(superiors, rule)
    problems = [] if path and path[-1].role is Role.DECIDE else [_nobody(rule)]
    if rule and rule.audit:
        if audit_department is None:
            problems.append(Problem(NO_AUDIT, {"rule": name}, field="steps", source=DELEGATION))
        else:
            code, title = audit_department
            audit = Step(0, Role.AUDIT, Mode.DEPARTMENT, department=title, department_code=code)
            path = [*path[:-1], audit, *path[-1:]]
    return Proposal(Origin.RULE, name, numbered(path), tuple(problems))


def _path(superiors: Sequence[Candidate], rule: DelegationRule | None) -> list[Step]:
    """Reviewers and whoever decides; reviewers alone when nobody may decide."""
    final = _deciding(superiors, rule)
    if final is None:
        below = [each for each in superiors if rule and each.level > rule.level]
        return [_step(Role.REVIEW, Mode.NORMAL, each) for each in below]
    # The head of the agency decides by right; everybody else because the head has delegated it (전결).
    mode = Mode.OWN if superiors[final].level == HEAD else Mode.DELEGATED
    reviewers = [_step(Role.REVIEW, Mode.NORMAL, each) for each in superiors[:final]]
    return [*reviewers, _step(Role.DECIDE, mode, superiors[final])]


def _deciding(superiors: Sequence[Candidate], rule: DelegationRule | None) -> int | None:
    if rule:
        return next((at for at, each in enumerate(superiors) if each.level == rule.level), None)
    nearest = next((at for at, each in enumerate(superiors) if each.may_decide), None)
    # Where the directory names no approvers the agency's head decides (10①).
    return nearest if nearest is not None else next((at for at, s in enumerate(superiors) if s.level == HEAD), None)


def _nobody(rule: DelegationRule | None) -> Problem:
    params = {"rule": rule.title if rule else "", "wanted": str(rule.level if rule else HEAD)}
    return Problem(NOBODY, params, field="steps", source=DELEGATION)


def _step(role: Role, mode: Mode, person: Candidate) -> Step:
    return Step(
        0,
        role,
        mode,
        official_id=person.official_id,
        name=person.name,
        position=person.position,
        department=person.department,
        department_code=person.department_code,
    )


def skeleton(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Steps without the drafter's and without what was done: what is kept of a line for the next one.

    Other agencies' decisions are left out: with whom a draft is made jointly is chosen for each document (공동기안).
    """
    bare = [
        replace(
            Step(step.order, step.role, _undone(step.mode), official_id=step.official_id, name=step.name),
            position=step.position,
            department=step.department,
            department_code=step.department_code,
        )
        for step in steps
        if step.role is not Role.DRAFT and step.mode.value != JOINT
    ]
    return numbered(bare)


def _undone(mode: Mode) -> Mode:
    """The mode without what came of it: who was skipped or stood in is a matter of that day."""
    again = {
        Mode.SKIPPED: Mode.NORMAL,
        Mode.ACTING: Mode.OWN,
        Mode.ACTING_FOR_DELEGATED: Mode.DELEGATED,
    }
    return again.get(mode, mode)


def named(
    steps: Sequence[Step], official: Callable[[str], Candidate | None], department: Callable[[str], str]
) -> tuple[Step, ...]:
    """Kept steps with the names and posts of today; those of whom the directory knows nothing stay as they were."""
    return tuple(_fresh(step, official, department) or step for step in steps)


def _fresh(step: Step, official: Callable[[str], Candidate | None], department: Callable[[str], str]) -> Step | None:
    """The step as of today; None for an official or a department that is no more."""
    if not step.official_id:
        title = department(step.department_code)
        return replace(step, department=title) if title else None
    person = official(step.official_id)
    return replace(step, **{key: getattr(person, key) for key in _OF_A_PERSON}) if person else None


def refreshed(
    steps: Sequence[Step],
    official: Callable[[str], Candidate | None],
    department: Callable[[str], str],
) -> tuple[tuple[Step, ...], tuple[Problem, ...]]:
    """Kept steps with today's officials and departments; who has left is dropped, and named in a problem.

    official: by id, None for somebody without a post here. department: name by code, empty when unknown.
    """
    kept, problems = [], []
    for index, step in enumerate(steps):
        fresh = _fresh(step, official, department)
        params = {"name": step.name or step.department, "order": str(step.order)}
        if fresh:
            kept.append(fresh)
        elif step.official_id:
            problems.append(Problem(GONE, params, field=f"steps[{index}]"))
        else:
            params["code"] = step.department_code
            problems.append(Problem(NO_DEPARTMENT, params, field=f"steps[{index}].department_code"))
    return numbered(kept), tuple(problems)


_OF_A_PERSON = ("name", "position", "department", "department_code")


def absences(steps: Sequence[Step], away: Mapping[str, Away]) -> tuple[Problem, ...]:
    """A problem for each official of a line who is away: why, until when, and who acts meanwhile."""
    found = []
    for index, step in enumerate(steps):
        absence = away.get(step.official_id)
        if absence and step.outcome is Outcome.PENDING and step.role is not Role.DRAFT:
            params = {
                "name": step.name,
                "reason": absence.reason,
                "until": absence.until.isoformat() if absence.until else "",
                "deputy": absence.deputy,
            }
            found.append(Problem(ABSENT, params, field=f"steps[{index}]", source=ABSENCE))
    return tuple(found)


def numbered(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps with orders from 1."""
    return tuple(replace(step, order=order) for order, step in enumerate(steps, 1))


def best_first(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Those with nothing wrong before the others; then last used, templates, rule."""
    return sorted(proposals, key=lambda proposal: (bool(proposal.problems), proposal.origin))
