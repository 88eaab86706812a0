"""Lines to begin with: the directory's superiors, kept templates, what was used last -> proposals, best first.

Every proposal is judged as it would be at submission, by the same code, so that nobody is offered a line that is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from approval.domain.proposing import (
    Away,
    Candidate,
    Origin,
    Proposal,
    absences,
    best_first,
    by_rule,
    named,
    refreshed,
)
from approval.domain.step import Step
from approval.domain.templates import Template
from approval.ports.directory import View
from approval.ports.people import Person
from chassis.errors import Problem

AUDIT_DEPARTMENT = "감사"
APPROVER = "approver"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line is for: an official in one capacity drafts a document of a kind, for a task."""

    official_id: str
    agency_id: str
    department_code: str
    kind: int
    task_code: str


Judge = Callable[[Sequence[Step]], Sequence[Problem]]
"""Everything that submission would have against some steps."""


def propose(
    view: View, wanted: Wanted, templates: Sequence[Template], used: Sequence[Step], judge: Judge
) -> list[Proposal]:
    """All proposals. templates: those the caller sees. used: what the caller used last for kind and task."""
    fitting = [template for template in templates if template.fits(wanted.kind, wanted.task_code)]
    kept = [
        _kept(view, wanted, template.steps, Proposal(Origin.TEMPLATE, template.name, (), (), str(template.id)))
        for template in sorted(fitting, key=lambda each: (not each.task_code, not each.kind, each.name))
    ]
    last = [_kept(view, wanted, used, Proposal(Origin.LAST_USED, "", ()))] if used else []
    ruled = _ruled(view, wanted)
    return best_first([_judged(each, view, wanted, judge) for each in (*last, *kept, *([ruled] if ruled else []))])


def _ruled(view: View, wanted: Wanted) -> Proposal | None:
    drafter = view.official(wanted.official_id, wanted.agency_id, wanted.department_code)
    if drafter is None:
        return None
    superiors = view.superiors(wanted.official_id, wanted.agency_id, wanted.department_code)
    rule = view.rule_for(wanted.agency_id, wanted.kind, wanted.task_code)
    audit = view.department_named(AUDIT_DEPARTMENT, wanted.agency_id) if rule and rule.audit else None
    return by_rule(_candidate(drafter), [_candidate(each) for each in superiors], rule, audit)


def _kept(view: View, wanted: Wanted, steps: Sequence[Step], proposal: Proposal) -> Proposal:
    fresh, problems = refreshed(steps, *_today(view, wanted.agency_id))
    return replace(proposal, steps=fresh, problems=problems)


def with_names(view: View, template: Template) -> Template:
    """The template with the names, posts and departments of today."""
    return replace(template, steps=named(template.steps, *_today(view, template.agency_id)))


def _today(view: View, agency_id: str) -> tuple[Callable[[str], Candidate | None], Callable[[str], str]]:
    def official(official_id: str) -> Candidate | None:
        found = view.official(official_id, agency_id)
        return _candidate(found) if found else None

    return official, lambda code: view.department_name(code, agency_id)


def _judged(proposal: Proposal, view: View, wanted: Wanted, judge: Judge) -> Proposal:
    """With what submission would say, and with who is away."""
    found = absences(proposal.steps, _away(proposal.steps, view, wanted.agency_id))
    said = {problem.code for problem in proposal.problems}
    # That nobody was found to decide is said once.
    judged = [] if said & {"approver-not-found"} else judge(proposal.steps)
    return replace(proposal, problems=(*proposal.problems, *judged, *found))


def _away(steps: Sequence[Step], view: View, agency_id: str) -> dict[str, Away]:
    found = {}
    for step in steps:
        absence = view.absence_of(step.official_id, agency_id) if step.official_id else None
        if absence:
            deputy = view.official(absence.deputy_official_id, agency_id)
            found[step.official_id] = Away(absence.reason, absence.until, deputy.name if deputy else "")
    return found


def _candidate(person: Person) -> Candidate:
    return Candidate(
        person.official_id,
        person.name,
        person.position,
        person.department,
        person.department_code,
        person.level,
        APPROVER in person.roles,
    )
