"""Days and times between the texts of Korean formats and the canonical timestamps. Texts mean Korean civil time."""

import datetime as dt
import re
from functools import lru_cache
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from adapters.formats.koreantime import KST

_DAY: Final = re.compile(r"(\d{4})\s*[.\-/년]\s*(\d{1,2})\s*[.\-/월]\s*(\d{1,2})\s*[.일]?\s*(?:\([^)]*\))?", re.ASCII)
_PLAIN: Final = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?", re.ASCII)
# Years a document can be of; what lies outside is a sentinel (9999), another era (4294) or damage, never a day.
FIRST_YEAR, LAST_YEAR = 1900, 2199
_LAST: Final = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def read_day(text: str) -> dt.date | None:
    """Read `2026.05.06`, `2026-05-06`, `2026. 5. 6.(수)`, `2026년 5월 6일` or `20260506`; None when it is no day."""
    match = _DAY.fullmatch(text.strip()) or _PLAIN.fullmatch(text.strip())
    if match is None:
        return None
    try:
        day = dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return day if is_plausible(day) else None


def is_plausible(day: dt.date) -> bool:
    """Tell whether a document can be of this day."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def read_moment(day: str, clock: str = "") -> dt.datetime | None:
    """Read a day and a time of it; without a time, midnight. None when either is wrong."""
    found = read_day(day)
    if found is None:
        return None
    if not clock.strip():
        return dt.datetime(found.year, found.month, found.day, tzinfo=KST)
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        return None
    try:
        return dt.datetime(
            found.year, found.month, found.day, int(match[1]), int(match[2]), int(match[3] or 0), tzinfo=KST
        )
    except ValueError:
        return None


def read_stamp(text: str) -> dt.datetime | None:
    """Read `2026-05-06 10:15:00` (seconds may lack, parts of a second are dropped) or a day alone."""
    day, _, clock = text.strip().partition(" ") if " " in text.strip() else text.strip().partition("T")
    return read_moment(day, clock.partition(".")[0])


@lru_cache(maxsize=4096)
def seconds_of_day(day: dt.date) -> int:
    """Seconds since 1970 of the Korean midnight a day begins with."""
    return (dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) - _EPOCH).days * 86400 - 9 * 3600


def korean(moment: Timestamp) -> dt.datetime:
    """Give a canonical timestamp as Korean time; one beyond the calendar as the calendar's last day."""
    utc = moment.ToDatetime(tzinfo=dt.UTC)
    return utc.astimezone(KST) if utc < _LAST else _LAST.replace(tzinfo=KST)
