"""Days and times the host writes as numbers: 20260506103000, 20260506, 0 for none. Numbers to canonical and back."""

import datetime as dt
from decimal import Decimal
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from adapters.canonical import moments
from adapters.formats.koreantime import KST


def read_moment(number: Any) -> dt.datetime | None:
    """Read fourteen digits as Korean time; None for none. Raises ValueError for what is no time of a document."""
    if not number:
        return None
    text = f"{number:014d}"
    day, clock = dt.date(int(text[:4]), int(text[4:6]), int(text[6:8])), (int(text[8:10]), int(text[10:12]))
    if not moments.is_plausible(day):
        raise ValueError(text)
    return dt.datetime(day.year, day.month, day.day, *clock, int(text[12:]), tzinfo=KST)


def write_moment(moment: Timestamp) -> int:
    """Write a canonical moment to the second."""
    return int(f"{moments.korean(moment):%Y%m%d%H%M%S}")


def read_day(number: Any) -> str:
    """Read eight digits as a canonical day; empty for none. Raises ValueError for what is no day of a document."""
    if not number:
        return ""
    day = dt.date(number // 10000, number // 100 % 100, number % 100)
    if not moments.is_plausible(day):
        raise ValueError(number)
    return day.isoformat()


def write_day(day: str) -> int:
    """Write a canonical day. Raises ValueError when it is none."""
    found = moments.read_day(day) if day else None
    if day and found is None:
        raise ValueError(day)
    return int(f"{found:%Y%m%d}") if found else 0


def shown(number: int | Decimal) -> str:
    """A number as an official reads it: 1,234,567."""
    return f"{number:,}"
