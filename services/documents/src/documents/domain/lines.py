"""The line as a submission asks for it: one final decision, last; on a joint draft the other agencies' heads behind it.

행정업무규정 10①, 8③: the lead agency's head decides first, then the others, each once.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from chassis.errors import Problem

DRAFT, REVIEW, DECIDE, AFTER = "draft", "review", "decide", "after"
FINAL = "행정업무규정 10①"
JOINT = "행정업무규정 8③"


@dataclass(frozen=True, slots=True)
class Person:
    """An official in a line, known by our id or by a legacy system's."""

    official_id: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as far as the rules look at it. done: already acted on in a legacy system."""

    role: str
    person: Person
    done: bool = False
    # False: a role, mode or outcome this release does not know.
    known: bool = True
    # Agency of the person when it is not the document's own (공동기안).
    agency_id: str = ""
    # Department that is asked; who answers for it is found there (부서협조).
    department_code: str = ""

    @property
    def asks_department(self) -> bool:
        """True for a step that a department takes up, whoever it will be there."""
        return bool(self.department_code) and not (self.person.official_id or self.person.external_id)


def check_path(steps: Sequence[Step], joint: AbstractSet[str], problems: list[Problem]) -> None:
    """Adds what is wrong with a line. joint: ids of the other agencies of the draft; steps of our own name none."""
    for number, step in enumerate(steps):
        if not step.known:
            problems.append(Problem("step-kind-unknown", {}, f"document.steps[{number}].role"))
    in_path = [step for step in steps if step.role != AFTER]
    own = [step for step in in_path if not step.agency_id]
    if not steps or steps[0].role not in {DRAFT, DECIDE}:
        problems.append(Problem("draft-step-missing", {}, "document.steps", "행정업무규정 8"))
    _check_final(own, problems)
    _check_joint(steps, joint, problems)
    if any(step.agency_id for step in in_path[: len(own)]) and own:
        problems.append(Problem("joint-step-too-early", {}, "document.steps", JOINT))


def _check_final(own: Sequence[Step], problems: list[Problem]) -> None:
    finals = [step for step in own if step.role == DECIDE]
    if not finals:
        problems.append(Problem("final-step-missing", {}, "document.steps", FINAL))
    elif len(finals) > 1:
        problems.append(Problem("final-step-doubled", {"count": str(len(finals))}, "document.steps", FINAL))
    elif own[-1] is not finals[0]:
        problems.append(Problem("final-step-not-last", {}, "document.steps", FINAL))
    elif finals[0].done:
        problems.append(Problem("final-step-decided", {}, "document.steps", FINAL))


def _check_joint(steps: Sequence[Step], joint: AbstractSet[str], problems: list[Problem]) -> None:
    for number, step in enumerate(steps):
        if step.agency_id and step.agency_id not in joint:
            place = f"document.steps[{number}].agency_id"
            problems.append(Problem("step-agency-not-joint", {"agency": step.agency_id}, place, JOINT))
    for agency in sorted(joint):
        decisions = sum(step.agency_id == agency and step.role == DECIDE for step in steps)
        if decisions != 1:
            params = {"agency": agency, "count": str(decisions)}
            problems.append(Problem("joint-decision-missing", params, "document.steps", JOINT))
