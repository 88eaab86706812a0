"""Delegated decision (위임전결): who may decide what, by the agency's published rules.

(steps, level of each official, rule) -> every problem. The rule fixes the level of the final approver: deciding above it or
below it is misuse of the system and a case for discipline (행정업무규정 10②, 67).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from approval.domain.step import Outcome, Role, Step
from chassis.errors import Problem

DELEGATION = "행정업무규정 10②·67"
AUDIT_RULE = "위임전결규정 일상감사"
ABOVE, BELOW, UNKNOWN_LEVEL = "approver-above-rule", "approver-below-rule", "approver-level-unknown"
AUDIT_MISSING, AUDIT_FORBIDDEN = "audit-step-missing", "audit-step-forbidden"
CODES = frozenset({ABOVE, BELOW, UNKNOWN_LEVEL, AUDIT_MISSING, AUDIT_FORBIDDEN})
"""What ``check`` may find. It depends on the directory: a copy that is behind may find what is not so."""

JOINT = "joint"
"""Mode of another agency's decision on a joint draft (공동기안): that agency's rules are its own."""
HEAD = 1
"""Level of the head of the agency; a smaller one is a higher post."""


class DelegationRule(Protocol):
    """What is asked of a rule. level: of the post that decides. audit: an audit step is obligatory, else forbidden."""

    @property
    def title(self) -> str:
        """As cited."""

    @property
    def level(self) -> int:
        """1 the head of the agency, 7 staff."""

    @property
    def audit(self) -> bool:
        """일상감사."""


def check(steps: Sequence[Step], level_of: Callable[[Step], int], rule: DelegationRule | None) -> tuple[Problem, ...]:
    """All that the rule has against a line; without a rule nothing.

    level_of: level of the post of the official a step names; the approver's, whoever acts for them (10③): a deputy does not
    change the level. 0: unknown. What another system asserts was decided under its own rules, and is not judged.
    """
    if rule is None:
        return ()
    final = final_step(steps)
    problems = []
    if final is not None and not _was_done_elsewhere(final):
        problems += _level(final, level_of(final), rule, steps.index(final))
    return (*problems, *_audit(steps, rule))


def final_step(steps: Iterable[Step]) -> Step | None:
    """The agency's own decision; on a joint draft the other agencies' heads come behind it (공동기안)."""
    decisions = (step for step in steps if step.role is Role.DECIDE and step.mode.value != JOINT)
    return max(decisions, key=lambda step: step.order, default=None)


def _was_done_elsewhere(step: Step) -> bool:
    return bool(step.asserted_by) and not step.is_open


def _level(final: Step, found: int, rule: DelegationRule, index: int) -> list[Problem]:
    if rule.level in {0, found}:
        return []
    code = UNKNOWN_LEVEL if found == 0 else ABOVE if found < rule.level else BELOW
    params = {"rule": rule.title, "wanted": str(rule.level), "found": str(found), "name": final.name}
    return [Problem(code, params, field=f"steps[{index}].person.official_id", source=DELEGATION)]


def _audit(steps: Sequence[Step], rule: DelegationRule) -> list[Problem]:
    audits = [step for step in steps if step.role is Role.AUDIT]
    params = {"rule": rule.title}
    if rule.audit and not any(step.outcome is not Outcome.SKIPPED for step in audits):
        return [Problem(AUDIT_MISSING, params, field="steps", source=AUDIT_RULE)]
    if not rule.audit:
        return [
            Problem(AUDIT_FORBIDDEN, params, field=f"steps[{steps.index(step)}]", source=AUDIT_RULE)
            for step in audits
            if not _was_done_elsewhere(step)
        ]
    return []
