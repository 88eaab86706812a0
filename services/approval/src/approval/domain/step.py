"""Steps of an approval line: role x mode x outcome, the person, and what the person did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person does in a line."""

    DRAFT = "draft"  # 기안
    REVIEW = "review"  # 검토
    COOPERATE = "cooperate"  # 협조
    AUDIT = "audit"  # 감사
    DECIDE = "decide"  # 결재
    AFTER = "after"  # 후열, 통보, 공람


class Mode(StrEnum):
    """How it is done."""

    UNSPECIFIED = ""
    NORMAL = "normal"
    SKIPPED = "skipped"
    SERIAL = "serial"
    PARALLEL = "parallel"
    DEPARTMENT = "department"
    PERSON = "person"
    OWN = "own"
    DELEGATED = "delegated"  # 전결
    ACTING = "acting"  # 대결
    ACTING_FOR_DELEGATED = "acting-for-delegated"  # 전대결
    SOLE = "sole"  # 1인결재
    CONFIRM = "confirm"  # 후열
    INFORM = "inform"  # 통보, 공람
    JOINT = "joint"  # decision of another agency's head on a joint draft (공동기안)


class Outcome(StrEnum):
    """What came of it."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    RETURNED = "returned"
    HELD = "held"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    PASSED = "passed"
    STOPPED = "stopped"
    READ = "read"
    SKIPPED = "skipped"


OPEN = frozenset({Outcome.PENDING, Outcome.HELD})
"""Outcomes of steps that still have to be acted on."""


DONE = frozenset({Outcome.APPROVED, Outcome.AGREED, Outcome.DISAGREED, Outcome.PASSED})
"""Outcomes by which a step lets the line go on, signed by somebody."""

APPROVED: Mapping[Role, Outcome] = {
    Role.REVIEW: Outcome.APPROVED,
    Role.COOPERATE: Outcome.AGREED,
    Role.AUDIT: Outcome.PASSED,
    Role.DECIDE: Outcome.APPROVED,
}
"""What approving means in each role. A drafter has acted by submitting."""

_DECIDED = frozenset({Outcome.PENDING, Outcome.APPROVED, Outcome.RETURNED, Outcome.HELD, Outcome.STOPPED})
_COOPERATED = frozenset({Outcome.PENDING, Outcome.AGREED, Outcome.DISAGREED, Outcome.RETURNED})
_AUDITED = frozenset({Outcome.PENDING, Outcome.PASSED, Outcome.RETURNED})
_AFTERWARDS = frozenset({Outcome.PENDING, Outcome.READ})

CANONICAL: Mapping[tuple[Role, Mode], frozenset[Outcome]] = {
    (Role.DRAFT, Mode.NORMAL): frozenset({Outcome.SUBMITTED, Outcome.WITHDRAWN}),
    (Role.REVIEW, Mode.NORMAL): frozenset({Outcome.PENDING, Outcome.APPROVED, Outcome.RETURNED, Outcome.HELD}),
    (Role.REVIEW, Mode.SKIPPED): frozenset({Outcome.SKIPPED}),
    (Role.COOPERATE, Mode.SERIAL): _COOPERATED,
    (Role.COOPERATE, Mode.PARALLEL): _COOPERATED,
    (Role.COOPERATE, Mode.DEPARTMENT): _COOPERATED,
    (Role.AUDIT, Mode.PERSON): _AUDITED,
    (Role.AUDIT, Mode.DEPARTMENT): _AUDITED,
    (Role.DECIDE, Mode.OWN): _DECIDED,
    (Role.DECIDE, Mode.DELEGATED): _DECIDED,
    (Role.DECIDE, Mode.ACTING): _DECIDED,
    (Role.DECIDE, Mode.ACTING_FOR_DELEGATED): _DECIDED,
    (Role.DECIDE, Mode.SOLE): _DECIDED,
    (Role.DECIDE, Mode.JOINT): _DECIDED,
    (Role.AFTER, Mode.CONFIRM): _AFTERWARDS,
    (Role.AFTER, Mode.INFORM): _AFTERWARDS,
}
"""Every combination of role, mode and outcome that a step of ours may have; what other systems assert stays as they said it."""

_USUAL: Mapping[Role, Mode] = {
    Role.DRAFT: Mode.NORMAL,
    Role.REVIEW: Mode.NORMAL,
    Role.COOPERATE: Mode.SERIAL,
    Role.AUDIT: Mode.PERSON,
    Role.DECIDE: Mode.OWN,
    Role.AFTER: Mode.INFORM,
}


def usual_mode(role: Role, mode: Mode) -> Mode:
    """The mode, or what is usual for the role where it says nothing or something the role does not know."""
    if mode is Mode.SKIPPED:
        return _USUAL[role]
    return mode if (role, mode) in CANONICAL else _USUAL[role]


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who acted when it was not the person of the step (대결, 행정업무규정 10③); as the signature cell shows them."""

    official_id: str
    name: str = ""
    position: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    order: from 1, unique in its line. department: as shown; department_code: 7 characters, at the time of acting, or of the
    department that is asked. acted_at: UTC. asserted_by: system that says the step was done there; empty for our own
    decisions. manifest_hash: what was decided on. strength: how the actor proved who they are. directory_version: what the
    decision was judged by. agency_id: of the person, empty for the line's own. acted_by: the deputy who acted for the person.
    sub_steps: the small line of a department that was asked. report_after: the absent approver must be told. at_version:
    version of the line that the last act on the step made, 0 when nobody has acted on it in this line.
    """

    order: int
    role: Role
    mode: Mode = Mode.UNSPECIFIED
    outcome: Outcome = Outcome.PENDING
    official_id: str = ""
    external_id: str = ""
    name: str = ""
    position: str = ""
    department: str = ""
    organisation: str = ""
    opinion: str = ""
    acted_at: datetime | None = None
    skip_reason: str = ""
    asserted_by: str = ""
    manifest_hash: bytes = b""
    appointment_id: str = ""
    department_code: str = ""
    strength: str = ""
    directory_version: int = 0
    agency_id: str = ""
    acted_by: Deputy | None = None
    sub_steps: "tuple[Step, ...]" = ()
    report_after: bool = False
    at_version: int = 0

    @property
    def is_open(self) -> bool:
        """True while somebody still has to act."""
        return self.outcome in OPEN

    @property
    def in_path(self) -> bool:
        """True for steps the decision waits for; 후열, 통보 and 공람 come after it."""
        return self.role is not Role.AFTER

    @property
    def is_parallel(self) -> bool:
        """True for cooperation in parallel (병렬협조)."""
        return self.role is Role.COOPERATE and self.mode is Mode.PARALLEL

    @property
    def asks_department(self) -> bool:
        """True for a step addressed to a department (부서협조, 부서감사)."""
        return self.mode is Mode.DEPARTMENT and bool(self.department_code)

    @property
    def is_joint(self) -> bool:
        """True for the decision of another agency on a joint draft (공동기안)."""
        return self.role is Role.DECIDE and self.mode is Mode.JOINT

    @property
    def actor_id(self) -> str:
        """Official who acted: the deputy, or the person."""
        return self.acted_by.official_id if self.acted_by else self.official_id

    @property
    def is_untouched(self) -> bool:
        """True while nobody has acted on it or said anything."""
        return self.outcome is Outcome.PENDING and not (self.at_version or self.opinion or self.sub_steps)


def joined(earlier: str, later: str) -> str:
    """Two opinions of one step, oldest first: the comment of a hold is not lost when the decision follows."""
    return f"{earlier}\n{later}" if earlier and later else earlier or later
