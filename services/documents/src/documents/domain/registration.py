"""Registration: number, class and file. 공공기록물법 시행령 20③, 시행규칙 4-5: department code + serial of the year.

The year and the day are those of the decision, in the agency's time zone: 15:00 UTC on 31 December is next year in Seoul.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Number:
    """생산등록번호. text: 처리과명-일련번호, as printed. date: ISO 8601 day."""

    department_code: str
    year: int
    serial: int
    text: str
    date: str


def series_of(department_code: str, decided_at: datetime, zone: str) -> tuple[str, int]:
    """Department and year whose series the number is taken from."""
    return department_code, decided_at.astimezone(ZoneInfo(zone)).year


def number_of(department_code: str, department_name: str, serial: int, decided_at: datetime, zone: str) -> Number:
    """The number for a serial that was taken from its series."""
    day = decided_at.astimezone(ZoneInfo(zone)).date()
    return Number(department_code, day.year, serial, f"{department_name}-{serial}", day.isoformat())


def file_code(department_code: str, task_code: str, year: int) -> str:
    """기록물철: department 7 + unit task 8 + year 4 + serial 6; one open file per unit task and year."""
    return f"{department_code}{task_code}{year:04d}000001"


def assign(last: Mapping[tuple[str, int], int], counts: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    """First serial of each series, from the last one taken and how many were taken."""
    return {series: last[series] - count + 1 for series, count in counts.items()}
