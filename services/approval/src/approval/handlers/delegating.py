"""Steps of a line x the directory -> what the agency's rules of delegated decision have against it.

One place for lines that are opened, for lines that are only checked, and for lines that are proposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from approval.domain.delegation import check
from approval.domain.opening import JOINT
from approval.domain.step import Mode, Step
from approval.ports.directory import View
from chassis.errors import Problem

NEXT_TO_HEAD = 4
"""Lowest level (bureau) whose officials the directory shows to other agencies for drafting together."""
_IN_PERSON: Mapping[Mode, Mode] = {Mode.ACTING: Mode.OWN, Mode.ACTING_FOR_DELEGATED: Mode.DELEGATED}


def mandated(steps: Sequence[Step], agency_id: str, view: View) -> tuple[Step, ...]:
    """Steps in which a deputy named as the one who decides (대결) gives way to the absent approver they act for.

    The deputy has the turn all the same, and both names are kept (10③). Who acts for nobody, or for several of whom none
    can be told to be meant, decides for themselves.
    """
    return tuple(_mandated(step, agency_id, view) for step in steps)


def _mandated(step: Step, agency_id: str, view: View) -> Step:
    if step.mode not in _IN_PERSON or not step.is_open:
        return step
    absent = view.stands_in_for(step.official_id, agency_id)
    person = view.official(absent[0], agency_id) if len(absent) == 1 else None
    step = replace(step, mode=_IN_PERSON[step.mode])
    if person is None:
        return step
    return replace(
        step,
        official_id=person.official_id,
        external_id="",
        name=person.name,
        position=person.position,
        department=person.department,
        department_code=person.department_code,
    )


def line_problems(steps: Sequence[Step], agency_id: str, kind: int, task_code: str, view: View) -> tuple[Problem, ...]:
    """Every way in which a line departs from the rule for its kind of document and task; without a rule only joint ones.

    kind: number of the contract's DocumentKind. Somebody the directory does not know is left to the check of persons.
    """
    rule = view.rule_for(agency_id, kind, task_code)
    joint = _joint_problems(steps, view)
    if rule is None:
        return joint
    return *joint, *check(steps, lambda step: _level(step, agency_id, view, rule.level), rule)


def _joint_problems(steps: Sequence[Step], view: View) -> tuple[Problem, ...]:
    """Other agencies decide on a joint draft by their heads or those next to them, never by whoever happens to work there.

    Posts whose level the directory does not know are let through; how far a head has delegated is that agency's own rule.
    """
    found = []
    for index, step in enumerate(steps):
        level = view.level_of(step.official_id, step.agency_id) if step.is_joint and step.is_open else 0
        if level > NEXT_TO_HEAD:
            params = {"name": step.name, "found": str(level), "least": str(NEXT_TO_HEAD)}
            field = f"steps[{index}].person.official_id"
            found.append(Problem("joint-step-not-head", params, field=field, source=JOINT))
    return tuple(found)


def _level(step: Step, agency_id: str, view: View, wanted: int) -> int:
    known = view.is_official(step.official_id, agency_id)
    return view.level_of(step.official_id, agency_id) if known else wanted
