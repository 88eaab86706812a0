"""Until when an acceptance is expected, and after what time silence is trouble: working days by the agency's calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chassis.worktime import Calendar


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What an installation allows. acceptance_days: working days. arrival_minutes: until the receiver's relay has spoken.

    confirm_days: working days between two reminders of a decision that was taken in somebody's absence.
    """

    acceptance_days: int = 3
    arrival_minutes: int = 60
    holidays: frozenset[date] = frozenset()
    confirm_days: int = 3

    def due_at(self, zone: str, sent_at: datetime) -> datetime:
        """End of the last working day on which a copy sent at a moment may be accepted. zone: IANA, of the agency."""
        return self._end_of(zone, sent_at, self.acceptance_days)

    def confirm_at(self, zone: str, decided_at: datetime) -> datetime:
        """When to remind of a decision that its absent approver has not read yet (행정업무규정 10③). zone: of the agency."""
        return self._end_of(zone, decided_at, self.confirm_days)

    def _end_of(self, zone: str, moment: datetime, days: int) -> datetime:
        calendar = Calendar(self.holidays, ZoneInfo(zone))
        return calendar.end_of_day(calendar.add_working_days(calendar.day_of(moment), days, first_day_counted=False))

    def look_at(self, sent_at: datetime) -> datetime:
        """When the clock looks at a copy for the first time."""
        return sent_at + timedelta(minutes=self.arrival_minutes)
