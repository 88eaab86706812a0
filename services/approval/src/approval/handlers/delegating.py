"""Steps of a line x the directory -> what the agency's rules of delegated decision have against it.

One place for lines that are opened, for lines that are only checked, and for lines that are proposed.
"""

from collections.abc import Sequence

from approval.domain.delegation import check
from approval.domain.step import Mode, Step
from approval.ports.directory import View
from chassis.errors import Problem

_ACTING = frozenset({Mode.ACTING, Mode.ACTING_FOR_DELEGATED})


def line_problems(steps: Sequence[Step], agency_id: str, kind: int, task_code: str, view: View) -> tuple[Problem, ...]:
    """Every way in which a line departs from the rule for its kind of document and task; none without a rule.

    kind: number of the contract's DocumentKind. Somebody the directory does not know is left to the check of persons.
    """
    rule = view.rule_for(agency_id, kind, task_code)
    if rule is None:
        return ()
    return check(steps, lambda step: _level(step, agency_id, view, rule.level), rule)


def _level(step: Step, agency_id: str, view: View, wanted: int) -> int:
    if not view.is_official(step.official_id, agency_id):
        return wanted
    if step.mode in _ACTING:
        # The deputy stands in the cell already: it is the level of the absent approver that counts.
        levels = [view.level_of(one, agency_id) for one in view.stands_in_for(step.official_id, agency_id)]
        if wanted in levels:
            return wanted
    return view.level_of(step.official_id, agency_id)
