"""Until when an acceptance is expected, and after what time silence is trouble: working days by the agency's calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chassis.worktime import Calendar


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What an installation allows. acceptance_days: working days. arrival_minutes: until the receiver's relay has spoken."""

    acceptance_days: int = 3
    arrival_minutes: int = 60
    holidays: frozenset[date] = frozenset()

    def due_at(self, zone: str, sent_at: datetime) -> datetime:
        """End of the last working day on which a copy sent at a moment may be accepted. zone: IANA, of the agency."""
        calendar = Calendar(self.holidays, ZoneInfo(zone))
        day = calendar.add_working_days(calendar.day_of(sent_at), self.acceptance_days, first_day_counted=False)
        return calendar.end_of_day(day)

    def look_at(self, sent_at: datetime) -> datetime:
        """When the clock looks at a copy for the first time."""
        return sent_at + timedelta(minutes=self.arrival_minutes)
