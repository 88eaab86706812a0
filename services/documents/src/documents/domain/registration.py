"""Registration: number, class and file. 공공기록물법 시행령 20③, 시행규칙 4-5: department code + serial of the year.

The year and the day are those of the decision, in the agency's time zone: 15:00 UTC on 31 December is next year in Seoul.
Orders and notices bear a further number of their agency and kind (행정업무규정 시행규칙 8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
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


class Kind(IntEnum):
    """Kinds of official documents (행정업무규정 4)."""

    GENERAL = 1  # 일반문서
    LEGISLATION = 2  # 법규문서
    STANDING_ORDER = 3  # 훈령
    ESTABLISHED_RULE = 4  # 예규
    DIRECTIVE = 5  # 지시
    DAILY_ORDER = 6  # 일일명령
    PUBLIC_NOTICE = 7  # 공고
    PETITION = 8  # 민원문서
    KEPT = 9  # 비치문서


RUNNING, YEARLY, DATED = "running", "yearly", "dated"
"""누년 일련번호; 연도별 일련번호 without the year; with the year (연도표시)."""
SPECIAL: Mapping[Kind, tuple[str, str]] = {
    Kind.LEGISLATION: ("법규", RUNNING),
    Kind.STANDING_ORDER: ("훈령", RUNNING),
    Kind.ESTABLISHED_RULE: ("예규", RUNNING),
    Kind.DIRECTIVE: ("지시", DATED),
    Kind.DAILY_ORDER: ("일일명령", YEARLY),
    Kind.PUBLIC_NOTICE: ("공고", DATED),
}
"""Kinds that bear a further number: its name and how its series runs (시행규칙 8)."""

SpecialSeries = tuple[str, int, int]
"""Agency, kind and year; year 0: the series never begins anew."""


def special_series_of(agency_id: str, kind: int, year: int) -> SpecialSeries | None:
    """The series a document of a kind takes its further number from; None: it bears none. year: of the decision."""
    if kind not in SPECIAL:
        return None
    runs = SPECIAL[Kind(kind)][1]
    return agency_id, kind, 0 if runs == RUNNING else year


def special_text(kind: int, year: int, serial: int) -> str:
    """As printed: 훈령 제12호, 공고 2026-12. year: of the decision."""
    name, runs = SPECIAL[Kind(kind)]
    return f"{name} {year}-{serial}" if runs == DATED else f"{name} 제{serial}호"
