"""Holidays as data: the file that comes with the product, and what an installation adds (days set by the cabinet, 임시공휴일).

TOML file, one list of ISO 8601 days a year -> ``holidays`` -> ``worktime.Calendar``. ``main`` reads it once.
"""

import tomllib
from datetime import date
from importlib import resources
from pathlib import Path


def holidays(more: Path | None = None) -> frozenset[date]:
    """Days off beside the weekend that are known. more: a file of the same form whose days count too.

    Raises OSError for a file that is not there and ValueError for one that holds something else than days.
    """
    days = _days(resources.files("chassis").joinpath("data/holidays_kr.toml").read_text(encoding="utf-8"))
    return days | _days(more.read_text(encoding="utf-8")) if more else days


def _days(text: str) -> frozenset[date]:
    listed = tomllib.loads(text)
    found = set()
    for year, days in listed.items():
        for each in days:
            day = date.fromisoformat(str(each))
            if str(day.year) != year:
                raise ValueError(f"{day} stands under {year}")
            found.add(day)
    return frozenset(found)
