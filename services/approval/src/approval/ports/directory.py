"""The directory as approval asks it: who is an active official, whether a capacity has ended, names, keys.

replica (dated rows in memory) -> ``Directory.view(now)``, one immutable picture for one decision -> answers.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chassis.replica import Replica
from chassis.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Kinds:
    """Names of the replica's kinds that approval reads."""

    unit: str
    official: str
    appointment: str
    token_key: str


class Directory:
    """Questions to a replica. time_zone: IANA zone of agencies that name none."""

    def __init__(self, replica: Replica, kinds: Kinds, time_zone: str) -> None:
        self._replica = replica
        self._kinds = kinds
        self._time_zone = time_zone
        self._zone = ZoneInfo(time_zone)
        replica.index("appointment_of", kinds.appointment, _holder)
        replica.index("unit_code", kinds.unit, lambda unit: unit.code)

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


def _holder(appointment: Any) -> Hashable:
    return appointment.official_id, appointment.agency_id


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
        """Name of a department today; empty when unknown."""
        found = self.snapshot.find("unit_code", code, self._day(agency_id))
        return str(found[0].name) if found else ""

    def _day(self, agency_id: str) -> date:
        day = self._days.get(agency_id)
        if day is None:
            history = self.snapshot.history(self.kinds.unit, agency_id)
            zone = (history[0].content.time_zone if history else "") or self.time_zone
            day = self._days[agency_id] = self.now.astimezone(ZoneInfo(zone)).date()
        return day
