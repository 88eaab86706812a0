"""Working time: the vectors of the rules in force, and properties that hold for any calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.worktime import Calendar

SEOUL = ZoneInfo("Asia/Seoul")
# Days off on weekdays (관공서의 공휴일에 관한 규정); 2024-12 has only Christmas.
HOLIDAYS = frozenset(
    date.fromisoformat(text)
    for text in [
        "2024-12-25",
        "2026-01-01",
        "2026-02-16",
        "2026-02-17",
        "2026-02-18",
        "2026-03-02",
        "2026-05-01",
        "2026-05-05",
        "2026-05-25",
        "2026-06-03",
        "2026-07-17",
        "2026-08-17",
        "2026-09-24",
        "2026-09-25",
        "2026-10-05",
        "2026-10-09",
        "2026-12-25",
    ]
)
OFFICE = Calendar(HOLIDAYS, SEOUL)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("days", "accepted", "due"),
    [
        (7, "2024-12-06", "2024-12-16"),
        (14, "2026-04-29", "2026-05-20"),
        (7, "2026-05-02", "2026-05-13"),
        (7, "2026-09-21", "2026-10-01"),
    ],
)
def test_periods_of_days(days: int, accepted: str, due: str) -> None:
    start, end = date.fromisoformat(accepted), date.fromisoformat(due)
    assert OFFICE.add_working_days(start, days, first_day_counted=True) == end
    assert OFFICE.end_of_day(end) == seoul(due) + timedelta(days=1)
    assert OFFICE.working_days_between(start, end) == days


@pytest.mark.parametrize(
    ("hours", "accepted", "due"),
    [
        (40, "2026-04-30T15:00", "2026-05-11T15:00"),
        (3, "2026-07-16T16:30", "2026-07-20T10:30"),
        (8, "2026-07-16T16:30", "2026-07-20T16:30"),
        # A period that fills the day ends when the office closes, not when it opens again.
        (8, "2026-07-16T09:00", "2026-07-16T18:00"),
        (3, "2026-07-16T09:00", "2026-07-16T12:00"),
        # Outside working time counting begins with the next opening; lunch is not working time.
        (1, "2026-07-18T03:00", "2026-07-20T10:00"),
        (1, "2026-07-16T12:30", "2026-07-16T14:00"),
        (0, "2026-07-17T10:00", "2026-07-20T09:00"),
        (1.5, "2026-07-16T11:30", "2026-07-16T14:00"),
    ],
)
def test_periods_of_hours(hours: float, accepted: str, due: str) -> None:
    assert OFFICE.add_working_hours(seoul(accepted), hours) == seoul(due)
    assert OFFICE.working_time_between(seoul(accepted), seoul(due)) == timedelta(hours=hours)


def test_first_day_not_counted() -> None:
    assert OFFICE.add_working_days(date(2026, 4, 30), 1, first_day_counted=False) == date(2026, 5, 4)
    assert OFFICE.add_working_days(date(2026, 5, 2), 1, first_day_counted=False) == date(2026, 5, 4)
    assert OFFICE.add_working_days(date(2026, 5, 1), 0, first_day_counted=False) == date(2026, 5, 4)


def test_reminder_before_a_deadline() -> None:
    assert OFFICE.working_days_before(date(2026, 5, 20), 3) == date(2026, 5, 15)
    assert OFFICE.working_days_before(date(2026, 5, 6), 1) == date(2026, 5, 4)


def test_the_day_is_the_offices_day() -> None:
    # 15:00 UTC on 31 December is next year in Seoul.
    assert OFFICE.day_of(datetime(2026, 12, 31, 15, tzinfo=UTC)) == date(2027, 1, 1)
    answer = OFFICE.add_working_hours(datetime(2026, 7, 16, 7, 30, tzinfo=UTC), 3)
    assert (answer.hour, answer.tzinfo) == (10, SEOUL)


def test_what_it_refuses() -> None:
    with pytest.raises(ValueError, match="zone"):
        OFFICE.add_working_hours(datetime(2026, 7, 16, 9), 1)
    with pytest.raises(ValueError, match="negative"):
        OFFICE.add_working_hours(seoul("2026-07-16T09:00"), -1)
    with pytest.raises(ValueError, match="count back"):
        OFFICE.add_working_days(date(2026, 7, 16), -1, first_day_counted=True)
    with pytest.raises(ValueError, match="count on"):
        OFFICE.working_days_before(date(2026, 7, 16), -1)
    with pytest.raises(ValueError, match="working day"):
        Calendar(frozenset(), SEOUL, weekend=frozenset(range(7)))
    with pytest.raises(ValueError, match="order"):
        Calendar(frozenset(), SEOUL, day_start=time(13))


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
calendars = st.builds(
    Calendar,
    st.frozensets(days, max_size=40),
    st.sampled_from([SEOUL, UTC]),
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))


def counted(calendar: Calendar, first: date, last: date) -> int:
    span = range((last - first).days + 1)
    return sum(calendar.is_working_day(first + timedelta(days=offset)) for offset in span)


@given(calendars, days, days)
def test_days_between_is_what_counting_gives(calendar: Calendar, first: date, last: date) -> None:
    assume(abs((last - first).days) < 400)
    assert calendar.working_days_between(first, last) == counted(calendar, first, last)


@given(calendars, days, st.integers(1, 60), st.booleans())
def test_adding_and_counting_agree(calendar: Calendar, start: date, n: int, first_day_counted: bool) -> None:
    due = calendar.add_working_days(start, n, first_day_counted=first_day_counted)
    begin = start if first_day_counted else start + timedelta(days=1)
    assert calendar.is_working_day(due)
    assert calendar.working_days_between(begin, due) == n
    assert calendar.working_days_before(due, n - 1) == calendar.next_working_day(begin)


@given(calendars, moments, st.integers(0, 100 * 60))
def test_time_added_is_the_time_between(calendar: Calendar, moment: datetime, minutes: int) -> None:
    due = calendar.add_working_hours(moment, minutes / 60)
    assert abs(calendar.working_time_between(moment, due) - timedelta(minutes=minutes)) < timedelta(milliseconds=1)
    assert due >= moment
    assert calendar.is_working_day(due.date())


@given(calendars, moments, st.integers(0, 40), st.integers(0, 40))
def test_time_can_be_added_in_parts(calendar: Calendar, moment: datetime, first: int, then: int) -> None:
    at_once = calendar.add_working_hours(moment, first + then)
    in_parts = calendar.add_working_hours(calendar.add_working_hours(moment, first), then)
    # The end of one half day and the begin of the next are the same point of working time.
    assert calendar.working_time_between(at_once, in_parts) == timedelta(0)
    assert in_parts >= at_once
