"""Working days and working hours: pure arithmetic on calendar data, standard library only.

Holidays are data with validity (관공서의 공휴일에 관한 규정), handed in by whoever keeps the calendar; nothing here knows a
single one. All moments are aware; answers are in the calendar's zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an office works.

    holidays: days off beside the weekend, substitutes included. zone: where its clock hangs. weekend: 0 is Monday.
    Hours 09:00 to 18:00 with lunch from 12 to 13 (민원처리법 시행령, local ordinance may differ). Raises ValueError when
    there is no working day in a week or the hours are not in order.
    """

    holidays: frozenset[date]
    zone: tzinfo
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    day_start: time = time(9)
    day_end: time = time(18)
    lunch_start: time = time(12)
    lunch_end: time = time(13)

    def __post_init__(self) -> None:
        if self.weekend >= frozenset(range(7)):
            raise ValueError("a week without a working day")
        if not self.day_start < self.lunch_start <= self.lunch_end < self.day_end:
            raise ValueError("hours out of order")

    def is_working_day(self, day: date) -> bool:
        """True unless the day is on a weekend or a holiday."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """The day itself when it is one, else the first that follows."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, start: date, n: int, *, first_day_counted: bool) -> date:
        """Last day of a period of ``n`` working days; the period ends with that day (24:00, see ``end_of_day``).

        first_day_counted: the day of start is day 1 when it is a working day, else the first working day after it is
        (민원처리법 19②: periods of 6 days and more). Otherwise counting begins with the day after start. ``n`` = 0 answers
        the next working day from start on.
        """
        if n < 0:
            raise ValueError("count back with working_days_before")
        if n == 0:
            return self.next_working_day(start)
        day = self.next_working_day(start if first_day_counted else start + _DAY)
        for _ in range(n - 1):
            day = self.next_working_day(day + _DAY)
        return day

    def working_days_before(self, day: date, n: int) -> date:
        """The working day that lies ``n`` working days before ``day``: a reminder three days ahead."""
        if n < 0:
            raise ValueError("count on with add_working_days")
        while n:
            day -= _DAY
            n -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Number of working days from first to last, both counted; 0 when last lies before first."""
        span = (last - first).days + 1
        if span <= 0:
            return 0
        weeks, rest = divmod(span, 7)
        days = weeks * (7 - len(self.weekend))
        days += sum((first.weekday() + offset) % 7 not in self.weekend for offset in range(rest))
        return days - sum(first <= day <= last and day.weekday() not in self.weekend for day in self.holidays)

    def add_working_hours(self, moment: datetime, hours: float) -> datetime:
        """The moment at which ``hours`` of working time have passed. A period that fills a day ends at its closing hour.

        moment: aware; outside working time it counts from the next opening. Periods of 5 days and less are counted
        thus, 8 hours a day (민원처리법 19①).
        """
        left = timedelta(hours=hours)
        if left < _NOTHING:
            raise ValueError("hours cannot be negative")
        for start, end in self._intervals(self._local(moment)):
            if left <= end - start:
                return self._aware(start + left)
            left -= end - start
        raise OverflowError("beyond the calendar")

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from start to end; zero when end lies before start."""
        last = self._local(end)
        total = _NOTHING
        for opens, closes in self._intervals(self._local(start)):
            if opens >= last:
                break
            total += min(closes, last) - opens
        return total

    def end_of_day(self, day: date) -> datetime:
        """24:00 of a day, which is 00:00 of the next: when a period of days runs out."""
        return datetime.combine(day + _DAY, time(0), self.zone)

    def day_of(self, moment: datetime) -> date:
        """The day a moment falls on where the office is."""
        return self._local(moment).date()

    def _intervals(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working time from a local moment on, as half days that are not empty."""
        day = moment.date()
        while True:
            if self.is_working_day(day):
                for opens, closes in ((self.day_start, self.lunch_start), (self.lunch_end, self.day_end)):
                    start, end = max(datetime.combine(day, opens), moment), datetime.combine(day, closes)
                    if start < end:
                        yield start, end
            day += _DAY

    def _local(self, moment: datetime) -> datetime:
        """Wall clock of the office, without zone: an hour of work is an hour on that clock."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def _aware(self, wall_clock: datetime) -> datetime:
        return wall_clock.replace(tzinfo=self.zone)
