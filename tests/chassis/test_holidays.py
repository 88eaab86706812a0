"""The days that come with the product, and those an installation adds."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from chassis.holidays import holidays
from chassis.worktime import Calendar

SEOUL = ZoneInfo("Asia/Seoul")
# 2026, weekdays only: substitutes and the local elections are in, 6 June on a Saturday has none.
OFF = "01-01 02-16 02-17 02-18 03-02 05-01 05-05 05-25 06-03 07-17 08-17 09-24 09-25 10-05 10-09 12-25"  # fmt: skip


def test_weekdays_off_in_2026() -> None:
    off = sorted(day for day in holidays() if day.year == 2026 and day.weekday() < 5)
    assert [day.isoformat()[5:] for day in off] == OFF.split()


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [("2026-04-29", 14, "2026-05-20"), ("2026-05-02", 7, "2026-05-13"), ("2026-09-21", 7, "2026-10-01")],
)
def test_periods_over_holidays(start: str, days: int, due: str) -> None:
    calendar = Calendar(holidays(), SEOUL)
    assert calendar.add_working_days(date.fromisoformat(start), days, first_day_counted=True).isoformat() == due


def test_every_year_of_the_file_is_whole() -> None:
    by_year = {year: [day for day in holidays() if day.year == year] for year in {day.year for day in holidays()}}
    assert all(len(days) >= 15 for days in by_year.values())
    assert set(by_year) == {2026, 2027}


def test_an_installation_adds_days(tmp_path) -> None:
    file = tmp_path / "more.toml"
    file.write_text('2026 = ["2026-08-14"]', encoding="utf-8")
    assert holidays(file) - holidays() == {date(2026, 8, 14)}


@pytest.mark.parametrize("text", ['2026 = ["2027-01-01"]', '2026 = ["soon"]'])
def test_a_file_with_something_else_is_refused(tmp_path, text: str) -> None:
    file = tmp_path / "more.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"2027|soon"):
        holidays(file)
