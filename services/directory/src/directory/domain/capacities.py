"""In which capacities a person may act on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from directory.domain.records import Appointment, holds

# Where an agency works that names no zone of its own.
TIME_ZONE = "Asia/Seoul"


@dataclass(frozen=True, slots=True)
class Capacity:
    """An appointment with the names an edge shows. version: of the directory, when the appointment was last changed."""

    appointment: Appointment
    department_name: str
    agency_name: str
    time_zone: str
    version: int


def day_in(time_zone: str, now: datetime) -> date:
    """The day it is where an agency works (IANA name)."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def days_of(time_zone: str, moment: datetime) -> tuple[date, date]:
    """The earliest and the latest of the days a service may count at a moment: UTC's, and that where the agency works."""
    days = (moment.astimezone(UTC).date(), day_in(time_zone, moment))
    return min(days), max(days)


def live(capacities: Iterable[Capacity], now: datetime) -> list[Capacity]:
    """Capacities that hold today, where the agency works; in a steady order."""
    found = [capacity for capacity in capacities if holds(capacity.appointment, day_in(capacity.time_zone, now))]
    return sorted(
        found, key=lambda capacity: (capacity.appointment.valid_from, capacity.appointment.appointment_id.int)
    )


def chosen(capacities: Iterable[Capacity], appointment_id: UUID, now: datetime) -> Capacity | None:
    """The live capacity of an appointment; None when it is somebody else's or no longer holds."""
    return next((c for c in live(capacities, now) if c.appointment.appointment_id == appointment_id), None)
