"""The directory as approval asks it: who is an official, of which level, under whom, away or not, by which rules, keys.

replica (dated rows in memory) -> ``Directory.view(now)``, one immutable picture for one decision -> answers.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from approval.ports.people import (
    STAFF,
    STRENGTHS,
    Absence,
    Passkey,
    Person,
    Rule,
    above,
    absence_of,
    best,
    passkey_of,
    rule_of,
)
from chassis.replica import Replica
from chassis.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Kinds:
    """Names of the replica's kinds that approval reads."""

    unit: str
    official: str
    appointment: str
    token_key: str
    delegation_rule: str
    absence: str
    passkey: str


class Directory:
    """Questions to a replica. time_zone: IANA zone of agencies that name none."""

    def __init__(self, replica: Replica, kinds: Kinds, time_zone: str) -> None:
        self._replica = replica
        self._kinds = kinds
        self._time_zone = time_zone
        self._zone = ZoneInfo(time_zone)
        replica.index("appointment_of", kinds.appointment, _holder)
        replica.index("posts_of_unit", kinds.appointment, lambda post: (post.department_code, post.agency_id))
        replica.index("unit_code", kinds.unit, lambda unit: unit.code)
        replica.index("units_of", kinds.unit, lambda unit: unit.agency_id)
        replica.index("rules_of", kinds.delegation_rule, lambda rule: (rule.agency_id, rule.task_code))
        replica.index("absence_of", kinds.absence, _holder)
        replica.index("deputy_in", kinds.absence, _deputy)
        replica.index("passkeys_of", kinds.passkey, lambda passkey: passkey.official_id)

    def view(self, now: datetime) -> "View":
        """The directory as it is now."""
        return View(self._replica.snapshot, self._kinds, self._time_zone, now)

    def is_known(self, today: date) -> bool:
        """True once there is a key that tokens can be verified with: before that nobody can be served."""
        return bool(self._replica.snapshot.all(self._kinds.token_key, today))

    def find_key(self, key_id: str, now: datetime) -> bytes | None:
        """Public key that tokens are verified with, while it is live."""
        today = now.astimezone(self._zone).date()
        found = self._replica.snapshot.at(self._kinds.token_key, key_id, today)
        return bytes(found.public_key) if found else None


def _holder(row: Any) -> Hashable:
    return row.official_id, row.agency_id


def _deputy(absence: Any) -> Hashable | None:
    return (absence.deputy_official_id, absence.agency_id) if absence.deputy_official_id else None


@dataclass(frozen=True, slots=True)
class View:
    """One picture of the directory at one moment; days are those of the agency asked about."""

    snapshot: Snapshot
    kinds: Kinds
    time_zone: str
    now: datetime
    _days: dict[str, date] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """Version of the directory that decisions are judged by."""
        return self.snapshot.version

    def is_official(self, official_id: str, agency_id: str) -> bool:
        """True for an official who holds a post in the agency today."""
        day = self._day(agency_id)
        return bool(
            official_id
            and self.snapshot.at(self.kinds.official, official_id, day)
            and self.snapshot.find("appointment_of", (official_id, agency_id), day)
        )

    def has_ended(self, appointment_id: str, agency_id: str) -> bool:
        """True when a capacity is known and does not hold today. An unknown one may be newer than our copy."""
        known = self.snapshot.history(self.kinds.appointment, appointment_id)
        return bool(known) and self.snapshot.at(self.kinds.appointment, appointment_id, self._day(agency_id)) is None

    def department_name(self, code: str, agency_id: str) -> str:
        """Name of a department of the agency today; empty when unknown, or another's."""
        found = self.snapshot.find("unit_code", code, self._day(agency_id))
        return next((str(unit.name) for unit in found if agency_id in {unit.agency_id, unit.unit_id}), "")

    def department_named(self, part: str, agency_id: str) -> tuple[str, str] | None:
        """Code and name of the agency's department whose name holds a word; the first by code. None: no such."""
        found = self.snapshot.find("units_of", agency_id, self._day(agency_id))
        fitting = sorted((unit.code, unit.name) for unit in found if part in unit.name and not unit.is_agency)
        return fitting[0] if fitting else None

    def official(self, official_id: str, agency_id: str, department_code: str = "") -> Person | None:
        """The official as the agency has them today; None for somebody without a post in it.

        department_code: of the post acted in, whose level and position are meant; empty: of the best.
        """
        posts = self._posts(official_id, agency_id)
        if not posts or not self.is_official(official_id, agency_id):
            return None
        here = [post for post in posts if post.department_code == department_code] or posts
        return self._person(best(here), posts)

    def level_of(self, official_id: str, agency_id: str) -> int:
        """Smallest known level of the official's posts in the agency today; 0: unknown."""
        return min((post.level for post in self._posts(official_id, agency_id) if post.level), default=0)

    def heads(self, department_code: str, agency_id: str) -> tuple[Person, ...]:
        """Who leads the department, the unit above it, and so on up to the head of the agency. Units nobody leads are left out."""
        led = (above(posts, STAFF + 1)[-1:] for posts in self._upwards(department_code, agency_id))
        return tuple(self._person(post, [post]) for posts in led for post in posts)

    def superiors(self, official_id: str, agency_id: str, department_code: str = "") -> tuple[Person, ...]:
        """Those above the official, nearest first: each of a higher level than the one before, up to the agency's head.

        department_code: of the post acted in; empty: of the best. Posts of unknown level are nobody's superior.
        """
        mine = self._posts(official_id, agency_id)
        here = [post for post in mine if post.department_code == department_code] or mine
        if not here:
            return ()
        post = best(here)
        level, chain = post.level or STAFF, []
        for posts in self._upwards(post.department_code, agency_id):
            for superior in above((each for each in posts if each.official_id != official_id), level):
                chain.append(self._person(superior, [superior]))
                level = superior.level
        return tuple(chain)

    def absence_of(self, official_id: str, agency_id: str) -> Absence | None:
        """The absence that is on at this very moment, of several the one that began last."""
        rows = self._absences("absence_of", official_id, agency_id)
        last = max(rows, key=lambda row: (row.starts_at.ToNanoseconds(), row.absence_id), default=None)
        return absence_of(last, _moment(last, "ends_at")) if last else None

    def stands_in_for(self, official_id: str, agency_id: str) -> tuple[str, ...]:
        """Officials who are away and have registered this one as deputy, unless the deputy is away too (대결)."""
        rows = self._absences("deputy_in", official_id, agency_id)
        if not rows or self.absence_of(official_id, agency_id) or not self.is_official(official_id, agency_id):
            return ()
        away = {row.official_id for row in rows if row.official_id != official_id}
        return tuple(sorted(one for one in away if self._is_deputy(official_id, one, agency_id)))

    def rule_for(self, agency_id: str, kind: int, task_code: str) -> Rule | None:
        """The most particular rule of the agency: task and kind, then task, then kind, then any; the first by id."""
        fitting = [
            rule
            for task in {task_code, ""}
            for rule in self.snapshot.find("rules_of", (agency_id, task), self._day(agency_id))
            if rule.document_kind in {0, kind}
        ]
        found = min(fitting, key=lambda r: (not r.task_code, not r.document_kind, r.rule_id), default=None)
        return rule_of(found) if found else None

    def departments_of(self, official_id: str, agency_id: str) -> frozenset[str]:
        """Codes of the departments the official holds posts in today."""
        return frozenset(post.department_code for post in self._posts(official_id, agency_id))

    def decision_strength(self, agency_id: str) -> str:
        """Proof the agency requires of decisions: passkey, password, or empty when it says nothing."""
        agency = self.snapshot.at(self.kinds.unit, agency_id, self._day(agency_id))
        return STRENGTHS.get(agency.decision_strength, "") if agency else ""

    def passkey(self, passkey_id: str) -> Passkey | None:
        """A passkey that is registered today."""
        found = self.snapshot.at(self.kinds.passkey, passkey_id, self._day(""))
        return passkey_of(found) if found else None

    def passkeys_of(self, official_id: str) -> tuple[Passkey, ...]:
        """The official's passkeys, by id."""
        found = self.snapshot.find("passkeys_of", official_id, self._day(""))
        return tuple(sorted(map(passkey_of, found), key=lambda passkey: passkey.passkey_id))

    def _posts(self, official_id: str, agency_id: str) -> list[Any]:
        return self.snapshot.find("appointment_of", (official_id, agency_id), self._day(agency_id))

    def _person(self, post: Any, posts: list[Any]) -> Person:
        official = self.snapshot.at(self.kinds.official, post.official_id, self._day(post.agency_id))
        return Person(
            official_id=post.official_id,
            name=official.name if official else "",
            appointment_id=post.appointment_id,
            position=post.position,
            department_code=post.department_code,
            department=self.department_name(post.department_code, post.agency_id),
            roles=frozenset(role for each in posts for role in each.roles),
            level=post.level,
        )

    def _upwards(self, department_code: str, agency_id: str) -> Iterator[list[Any]]:
        """Posts of active officials in a unit, in its parent, and so on; the agency itself is the last."""
        day, seen, code = self._day(agency_id), set[str](), department_code
        while code and code not in seen:
            seen.add(code)
            posts = self.snapshot.find("posts_of_unit", (code, agency_id), day)
            yield [post for post in posts if self.snapshot.at(self.kinds.official, post.official_id, day)]
            units = self.snapshot.find("unit_code", code, day)
            code = "" if not units or units[0].is_agency else units[0].parent_code

    def _absences(self, index: str, official_id: str, agency_id: str) -> list[Any]:
        """Absences under a key of an index that are on now: by the moment, the day of the row only bounds it."""
        found = self.snapshot.find(index, (official_id, agency_id), self._day(agency_id))
        return [row for row in found if _is_on(row, self.now)]

    def _is_deputy(self, official_id: str, absent_id: str, agency_id: str) -> bool:
        absence = self.absence_of(absent_id, agency_id)
        return absence is not None and absence.deputy_official_id == official_id

    def _day(self, agency_id: str) -> date:
        day = self._days.get(agency_id)
        if day is None:
            history = self.snapshot.history(self.kinds.unit, agency_id)
            zone = (history[0].content.time_zone if history else "") or self.time_zone
            day = self._days[agency_id] = self.now.astimezone(ZoneInfo(zone)).date()
        return day


def _is_on(absence: Any, now: datetime) -> bool:
    start, end = _moment(absence, "starts_at"), _moment(absence, "ends_at")
    return (start is None or start <= now) and (end is None or now < end)


def _moment(absence: Any, name: str) -> datetime | None:
    return getattr(absence, name).ToDatetime(UTC) if absence.HasField(name) else None
