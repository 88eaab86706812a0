"""Date patterns of fixed-width fields: YYYY YY MM DD hh mm ss and literal characters. Text to date and back."""

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

_TOKENS: Final = re.compile(r"YYYY|YY|MM|DD|hh|mm|ss")
_NAMES: Final = {"YYYY": "year", "YY": "year", "MM": "month", "DD": "day", "hh": "hour", "mm": "minute", "ss": "second"}
_FORMATS: Final = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d", "hh": "%H", "mm": "%M", "ss": "%S"}


@lru_cache(maxsize=256)
def parser(pattern: str, pivot: int | None) -> Callable[[str], dt.date]:
    """Make a function that reads text of the pattern; it raises ValueError for anything else.

    The result is a datetime when the pattern has hh, else a date; both without zone, as the file means local time.
    `pivot`: two-digit years below it are 20xx, others 19xx; centuries are never guessed without one.
    """
    places = {_NAMES[match.group()]: slice(match.start(), match.end()) for match in _TOKENS.finditer(pattern)}
    shape = re.compile(_regex(pattern), re.ASCII)
    two_digits = "YYYY" not in pattern
    whole = "hh" in pattern

    if pattern == "YYYYMMDD":
        return _plain
    if pattern == "YYYYMMDDhhmmss":
        return _plain_time

    def read(text: str) -> dt.date:
        if shape.fullmatch(text) is None:
            raise ValueError(text)
        parts = {name: int(text[place]) for name, place in places.items()}
        if two_digits:
            parts["year"] += 2000 if pivot is not None and parts["year"] < pivot else 1900
        day = parts.get("day", 1)
        if not whole:
            return dt.date(parts["year"], parts["month"], day)
        clock = (parts["hour"], parts.get("minute", 0), parts.get("second", 0))
        return dt.datetime(parts["year"], parts["month"], day, *clock)  # noqa: DTZ001  # local by the file's meaning

    return read


def _plain(text: str) -> dt.date:
    """Read the commonest pattern with the fewest calls."""
    if len(text) != 8 or not text.isdigit():
        raise ValueError(text)
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _plain_time(text: str) -> dt.datetime:
    if len(text) != 14 or not text.isdigit():
        raise ValueError(text)
    clock = (int(text[8:10]), int(text[10:12]), int(text[12:]))
    return dt.datetime(int(text[:4]), int(text[4:6]), int(text[6:8]), *clock)  # noqa: DTZ001  # local by the file's meaning


@lru_cache(maxsize=256)
def writer(pattern: str) -> Callable[[dt.date], str]:
    """Make a function that writes a date or datetime by the pattern."""
    form = _TOKENS.sub(lambda match: _FORMATS[match.group()], pattern.replace("%", "%%"))
    has_year = "YYYY" in pattern

    def write(value: dt.date) -> str:
        # strftime does not fill years below 1000 on every platform.
        return value.strftime(form.replace("%Y", f"{value.year:04d}") if has_year else form)

    return write


def _regex(pattern: str) -> str:
    out, end = [], 0
    for match in _TOKENS.finditer(pattern):
        out.append(re.escape(pattern[end : match.start()]) + f"[0-9]{{{len(match.group())}}}")
        end = match.end()
    return "".join(out) + re.escape(pattern[end:])
