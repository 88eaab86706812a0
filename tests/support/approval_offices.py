"""An agency with levels for tests of approval: a minister, a deputy, a bureau, a division, a team, an audit department.

``Office`` collects directory rows and answers the picture of them, without a database; its rows also feed a replica.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from google.protobuf.message import Message

from approval.main import KINDS
from approval.ports.directory import Directory, View
from approval.translate import directory as kinds
from chassis.replica import Replica, ReplicaRow
from chassis.snapshot import Dated
from onnara.directory.v1 import events_pb2 as directory
from support.approval_lines import HOME, SINCE, SUBMITTED, official

AGENCY, BUREAU, DIVISION, TEAM, AUDIT = "1900000", "T300000", "T310000", "T310105", "T390000"
# name: (unit, level, position, roles)
POSTS = {
    "minister": (AGENCY, 1, "장관", ["approver"]),
    "deputy": (AGENCY, 2, "차관", ["approver"]),
    "director": (BUREAU, 4, "국장", ["approver"]),
    "head": (DIVISION, 5, "과장", ["approver"]),
    "leader": (TEAM, 6, "팀장", ["reviewer"]),
    "clerk": (TEAM, 7, "주무관", ["drafter"]),
    "auditor": (AUDIT, 5, "감사관", ["approver"]),
}


@dataclass(frozen=True)
class Rule:
    """A rule of delegated decision as ``domain`` asks for it."""

    title: str = "별표 1 제3호"
    level: int = 5
    audit: bool = False


@dataclass
class Office:
    """Directory rows of the agency and what is added to them."""

    now: datetime = SUBMITTED
    rows: list[ReplicaRow] = field(default_factory=list)
    _given: int = 0

    def __post_init__(self) -> None:
        names = {BUREAU: "도로국", DIVISION: "도로과", TEAM: "도로정책팀", AUDIT: "감사담당관실"}
        parents = {BUREAU: AGENCY, DIVISION: BUREAU, TEAM: DIVISION, AUDIT: AGENCY}
        self.add(kinds.UNIT, HOME, directory.UnitData(unit_id=HOME, code=AGENCY, agency_id=HOME, is_agency=True))
        for code, name in names.items():
            unit = directory.UnitData(unit_id=code, code=code, name=name, agency_id=HOME, parent_code=parents[code])
            self.add(kinds.UNIT, code, unit)
        for name, (unit, level, position, roles) in POSTS.items():
            self.post(name, unit, level, position=position, roles=roles)

    def add(self, kind: str, identity: str, payload: Message, valid_to: date | None = None) -> None:
        self.rows.append(
            ReplicaRow(kind, identity, SINCE, valid_to, 1000 + len(self.rows), payload.SerializeToString())
        )

    def post(self, name: str, unit: str, level: int, **changes: Any) -> None:
        """Somebody in a post; a name that is known gets a further one."""
        identity = official(name)
        self.add(kinds.OFFICIAL, identity, directory.OfficialData(official_id=identity, name=name, agency_id=HOME))
        data = directory.AppointmentData(
            appointment_id=f"appointment-{name}-{unit}",
            official_id=identity,
            agency_id=HOME,
            department_code=unit,
            level=level,
            **changes,
        )
        self.add(kinds.APPOINTMENT, data.appointment_id, data)

    def leave(self, name: str) -> None:
        """Somebody's posts end today."""
        for row in [row for row in self.rows if row.id.startswith(f"appointment-{name}-")]:
            data = directory.AppointmentData.FromString(row.payload)
            self.add(kinds.APPOINTMENT, row.id, data, valid_to=self.now.date())

    def absent(self, name: str, deputy: str = "", *, begins: timedelta = timedelta(), **changes: Any) -> None:
        """Somebody is away for a day."""
        values = {"reason": "leave", "starts_at": self.now + begins, "ends_at": self.now + begins + timedelta(days=1)}
        data = directory.AbsenceData(
            absence_id=f"absence-{name}-{deputy}",
            official_id=official(name),
            agency_id=HOME,
            deputy_official_id=official(deputy) if deputy else "",
            **(values | changes),
        )
        self.add(kinds.ABSENCE, data.absence_id, data)

    def rule(self, level: int, *, task: str = "", kind: int = 0, **changes: Any) -> None:
        """A rule of delegated decision."""
        identity = f"rule-{task}-{kind}"
        title = f"위임전결규정 별표 1 {identity}"
        data = directory.DelegationRuleData(
            rule_id=identity, agency_id=HOME, title=title, level=level, task_code=task, document_kind=kind, **changes
        )
        self.add(kinds.DELEGATION_RULE, identity, data)

    def passkey(self, name: str, identity: str, public_key: bytes, valid_to: date | None = None) -> None:
        data = directory.PasskeyData(passkey_id=identity, official_id=official(name), public_key=public_key)
        self.add(kinds.PASSKEY, identity, data, valid_to)

    def strength(self, number: int) -> None:
        """How the agency wants decisions proven."""
        unit = directory.UnitData(unit_id=HOME, code=AGENCY, agency_id=HOME, is_agency=True, decision_strength=number)
        self.add(kinds.UNIT, HOME, unit)

    def join(self, rows: list[ReplicaRow]) -> None:
        """Adds all of this to another directory's rows; what was given over before is not given twice."""
        for row in self.rows[self._given :]:
            rows.append(replace(row, version=len(rows) + 1))
        self._given = len(self.rows)

    def view(self, now: datetime | None = None) -> View:
        """The picture of the rows, as a replica would have it."""
        replica = Replica(None, None, kinds.DECODE)
        Directory(replica, KINDS, "Asia/Seoul")
        rows = [
            Dated(row.kind, row.id, row.valid_from, row.valid_to, row.version, kinds.DECODE[row.kind](row.payload))
            for row in self.rows
        ]
        return View(replica.snapshot.with_rows(rows, replica._plans), KINDS, "Asia/Seoul", now or self.now)
