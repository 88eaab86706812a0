"""What the directory says of officials, absences, rules and passkeys, in approval's own words.

directory rows (contents of the replica) -> these values -> handlers and ``domain``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# Numbers of the contract's AuthStrength; a system's strength is no way for a person to decide.
STRENGTHS = {1: "password", 2: "passkey"}
STAFF = 7
"""Lowest level of a post (담당). Smaller is higher, 1 is the head of the agency, 0 is unknown."""


@dataclass(frozen=True, slots=True)
class Person:
    """An official of an agency today.

    position, department, level, appointment_id: of the best post held (smallest known level). roles: of all posts.
    """

    official_id: str
    name: str
    appointment_id: str
    position: str
    department_code: str
    department: str
    roles: frozenset[str]
    level: int


@dataclass(frozen=True, slots=True)
class Absence:
    """An official is away. reason: leave, trip, training, vacancy or other. deputy_official_id: empty when nobody acts."""

    absence_id: str
    official_id: str
    reason: str
    note: str
    deputy_official_id: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the rules of delegated decision (위임전결규정, 행정업무규정 10②).

    level: of the post that decides. audit: an audit step is obligatory, else forbidden. strength: proof required of a
    decision; empty: as the agency has it.
    """

    rule_id: str
    title: str
    level: int
    audit: bool
    strength: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A registered passkey. passkey_id: credential id, base64url without padding. public_key: COSE key."""

    passkey_id: str
    official_id: str
    public_key: bytes


def rule_of(data: Any) -> Rule:
    """The rule of a directory row."""
    return Rule(data.rule_id, data.title, data.level, data.audit, STRENGTHS.get(data.decision_strength, ""))


def absence_of(data: Any, until: datetime | None) -> Absence:
    """The absence of a directory row."""
    return Absence(data.absence_id, data.official_id, data.reason, data.note, data.deputy_official_id, until)


def passkey_of(data: Any) -> Passkey:
    """The passkey of a directory row."""
    return Passkey(data.passkey_id, data.official_id, bytes(data.public_key))


def best(appointments: Iterable[Any]) -> Any:
    """The post by which somebody ranks: of the smallest known level, then by id, so that every process agrees."""
    return min(appointments, key=lambda post: (post.level or STAFF + 1, post.appointment_id))


def above(posts: Iterable[Any], level: int) -> list[Any]:
    """Posts of one unit that lie above a level, from below: one for each level.

    Of a level that several hold only the unit's highest counts, by id: who of three team leaders is somebody's own, the
    directory does not say.
    """
    by_level: dict[int, list[Any]] = {}
    for post in posts:
        if 0 < post.level < level:
            by_level.setdefault(post.level, []).append(post)
    top = min(by_level, default=0)
    return [
        best(found)
        for rank, found in sorted(by_level.items(), reverse=True)
        if rank == top or len({post.official_id for post in found}) == 1
    ]
