"""Steps of an approval line: role x mode x outcome, the person, and what the person did."""

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


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    order: from 1, unique in its line. department: as shown; department_code: 7 characters, at the time of acting.
    acted_at: UTC. asserted_by: system that says the step was done there; empty for our own decisions. manifest_hash: what
    was decided on. strength: how the actor proved who they are. directory_version: what the decision was judged by.
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


def joined(earlier: str, later: str) -> str:
    """Two opinions of one step, oldest first: the comment of a hold is not lost when the decision follows."""
    return f"{earlier}\n{later}" if earlier and later else earlier or later
