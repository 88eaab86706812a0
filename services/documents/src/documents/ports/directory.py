"""The directory as documents asks it, on the replica: one immutable picture per batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chassis.replica import Replica
from chassis.snapshot import Snapshot
from documents.domain.deadline import Deadlines
from documents.domain.submission import Person

STAFF = 7
"""Level of a post that heads nothing, as AppointmentData.level counts."""
DIVISION = 5
"""Level of the head of a division (과장), as AppointmentData.level counts."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Names of the replica's kinds that documents reads."""

    unit: str
    official: str
    appointment: str
    external_identity: str
    client_system: str
    task: str
    token_key: str
    absence: str


class Directory:
    """Questions to a replica. time_zone: IANA zone of agencies that name none."""

    def __init__(self, replica: Replica, kinds: Kinds, time_zone: str, deadlines: Deadlines | None = None) -> None:
        self._replica = replica
        self._kinds = kinds
        self._time_zone = time_zone
        self._deadlines = deadlines or Deadlines()
        replica.index("unit_code", kinds.unit, lambda unit: unit.code)
        replica.index("external", kinds.external_identity, lambda known: (known.system, known.external_id))
        replica.index("client", kinds.client_system, lambda client: client.system)
        replica.index("task_code", kinds.task, lambda task: task.code)
        replica.index("posts", kinds.appointment, lambda post: (post.official_id, post.agency_id))
        replica.index("department_posts", kinds.appointment, lambda post: post.department_code)
        replica.index("absences", kinds.absence, lambda absence: (absence.official_id, absence.agency_id))
        replica.index("children", kinds.unit, lambda unit: unit.parent_code)

    def view(self, now: datetime) -> "View":
        """The directory as it is now."""
        day = now.astimezone(ZoneInfo(self._time_zone)).date()
        return View(self._replica.snapshot, self._kinds, self._time_zone, day, self._deadlines, now)

    def is_known(self, today: date) -> bool:
        """True once there is a key that tokens can be verified with: before that nobody can be served."""
        return bool(self._replica.snapshot.all(self._kinds.token_key, today))

    def find_key(self, key_id: str, today: date) -> bytes | None:
        """Public key that tokens are verified with, while it is live."""
        found = self._replica.snapshot.at(self._kinds.token_key, key_id, today)
        return bytes(found.public_key) if found else None


@dataclass(frozen=True, slots=True)
class View:
    """One picture of the directory on one day. Answers within a batch are remembered."""

    snapshot: Snapshot
    kinds: Kinds
    time_zone: str
    day: date
    # What the installation allows receivers, with its holidays.
    deadlines: Deadlines = field(default_factory=Deadlines)
    # The moment it is looked at; None: nobody is asked whether he is away.
    now: datetime | None = None
    _units: dict[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """Version of the directory that submissions are judged by."""
        return self.snapshot.version

    def unit(self, code: str) -> Any | None:
        """The unit that bears a code today."""
        if code not in self._units:
            found = self.snapshot.find("unit_code", code, self.day)
            self._units[code] = found[0] if found else None
        return self._units[code]

    def agency(self, agency_id: str) -> Any | None:
        """The agency with a stable id."""
        return self.snapshot.at(self.kinds.unit, agency_id, self.day)

    def zone(self, agency_id: str) -> str:
        """IANA time zone of an agency."""
        agency = self.agency(agency_id)
        return (agency.time_zone if agency else "") or self.time_zone

    def successors(self, code: str) -> Sequence[str] | None:
        """Codes that have followed a code that is no longer borne; None when it was never known."""
        known = self.snapshot.ever("unit_code", code)
        return list(known[-1].successor_codes) if known else None

    def may_speak(self, system: str, agency_id: str) -> bool:
        """Whether a system may speak for an agency."""
        return any(agency_id in client.agency_ids for client in self.snapshot.find("client", system, self.day))

    def official(self, system: str, person: Person, agency_id: str) -> str:
        """Id of the official behind a legacy id or our own, when active in the agency; empty when not."""
        official_id = person.official_id
        if not official_id:
            found = self.snapshot.find("external", (system, person.external_id), self.day)
            official_id = str(found[0].official_id) if found else ""
        return official_id if official_id and self.snapshot.find("posts", (official_id, agency_id), self.day) else ""

    def agency_of(self, official_id: str) -> str:
        """Stable id of the agency an official is of; empty for somebody unknown."""
        official = self.snapshot.at(self.kinds.official, official_id, self.day)
        return str(official.agency_id) if official else ""

    def department_of(self, official_id: str, agency_id: str) -> str:
        """Code of the department of an official's first post in the agency; empty when there is none."""
        posts = self.snapshot.find("posts", (official_id, agency_id), self.day)
        return str(posts[0].department_code) if posts else ""

    def position_of(self, official_id: str, agency_id: str) -> tuple[str, str, str]:
        """Name, position and department name of an official, as a signature cell shows them."""
        official = self.snapshot.at(self.kinds.official, official_id, self.day)
        posts = self.snapshot.find("posts", (official_id, agency_id), self.day)
        unit = self.unit(posts[0].department_code) if posts else None
        return (
            str(official.name) if official else "",
            str(posts[0].position) if posts else "",
            str(unit.name) if unit else "",
        )

    def level_of(self, official_id: str, agency_id: str) -> int:
        """Level of the highest post of an official in the agency, 1 (head of agency) to 7 (staff); 0: unknown."""
        posts = self.snapshot.find("posts", (official_id, agency_id), self.day)
        return min((int(post.level) for post in posts if post.level), default=0)

    def head_of(self, department_code: str) -> frozenset[str]:
        """Officials who head a department (처리과의 장): those at the level of a division's head, whoever else sits there.

        Without one, the highest known level above staff; where no level is known, the department's approvers. A bureau's
        director seated in a division decides much there, yet the division is headed by its 과장 (행정업무규정 3).
        """
        posts = self.snapshot.find("department_posts", department_code, self.day) if department_code else []
        levels = {int(post.level) for post in posts if 0 < post.level < STAFF}
        if not levels:
            return frozenset(str(post.official_id) for post in posts if not post.level and "approver" in post.roles)
        head = DIVISION if DIVISION in levels else min(levels)
        return frozenset(str(post.official_id) for post in posts if post.level == head)

    def division_of(self, department_code: str) -> frozenset[str]:
        """Codes of the department's parent and of everything below it, in the department's own agency."""
        department = self.unit(department_code)
        if department is None:
            return frozenset()
        parent = self.unit(department.parent_code) if department.parent_code else None
        if parent is None or parent.agency_id != department.agency_id or parent.is_agency:
            return self._below(department_code, department.agency_id)
        return self._below(department.parent_code, department.agency_id)

    def _below(self, code: str, agency_id: str) -> frozenset[str]:
        found, open_ = {code}, [code]
        while open_:
            for unit in self.snapshot.find("children", open_.pop(), self.day):
                if unit.agency_id == agency_id and unit.code not in found:
                    found.add(unit.code)
                    open_.append(unit.code)
        return frozenset(found)

    def document_department(self, agency_id: str) -> str:
        """Code of the department that receives for the whole agency (문서과); empty when it has none of its own."""
        agency = self.agency(agency_id)
        return str(agency.document_department_code) if agency else ""

    def works_in(self, official_id: str, agency_id: str, department_code: str) -> bool:
        """Whether an official has a post in a department of the agency."""
        posts = self.snapshot.find("posts", (official_id, agency_id), self.day)
        return any(post.department_code == department_code for post in posts)

    def deputy_of(self, official_id: str, agency_id: str) -> str:
        """Official who acts for one who is away at this moment (대결, 행정업무규정 10③); empty: nobody, or not away."""
        if self.now is None or not official_id:
            return ""
        for absence in self.snapshot.find("absences", (official_id, agency_id), self.day):
            began = absence.starts_at.ToDatetime(UTC) <= self.now
            over = absence.HasField("ends_at") and absence.ends_at.ToDatetime(UTC) <= self.now
            if began and not over and absence.deputy_official_id != official_id:
                return str(absence.deputy_official_id)
        return ""

    def may_file(self, task_code: str, department_code: str) -> bool | None:
        """Whether a department files under a unit task; None when the task is unknown."""
        tasks = self.snapshot.find("task_code", task_code, self.day)
        return any(department_code in task.department_codes for task in tasks) if tasks else None

    def retention(self, task_code: str) -> int:
        """Retention period of a unit task, as Retention numbers it; 0: none is known."""
        task = self.task(task_code)
        return int(task.retention) if task else 0

    def tasks_of(self, department_code: str) -> Sequence[Any]:
        """Unit tasks a department files under, by name."""
        found = (
            task for task in self.snapshot.all(self.kinds.task, self.day) if department_code in task.department_codes
        )
        return sorted(found, key=lambda task: (task.name, task.code))

    def task(self, code: str) -> Any | None:
        """The unit task of a code."""
        tasks = self.snapshot.find("task_code", code, self.day)
        return tasks[0] if tasks else None
