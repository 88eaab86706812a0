"""Days and times of cells by declared forms: text -> day or moment and back, remembered, as a batch repeats its days.

A form is made of YYYY YY MM M DD D hh mm ss and any other characters: `YYYY. M. D.`, `YYMMDD`, `YYYY년 M월 D일`, `YYYYMMDDhhmm`.
A form `serial` is a day number of a spreadsheet that lost its format (1 = 1900-01-01). Two-digit years need a pivot.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from adapters.canonical.moments import is_plausible

_TOKENS: Final = re.compile(r"YYYY|YY|MM|M|DD|D|hh|mm|ss")
_WIDTHS: Final = {"YYYY": "[0-9]{4}", "M": "[0-9]{1,2}", "D": "[0-9]{1,2}"}
SERIAL: Final = "serial"
_SERIAL: Final = re.compile(r"[0-9]{4,6}", re.ASCII)
# A spreadsheet believes in 29 February 1900; days behind it are one off.
_SERIAL_ZERO: Final = dt.date(1899, 12, 30)
# 단기: years of the Dangun era were official from 1948 to 1961 (연호에 관한 법률).
_DANGI: Final = 2333

Parser = Callable[[str], dt.date]


def parser(forms: Sequence[str], pivot: int | None, *, dangi: bool = False) -> Parser:
    """Make a function that reads text of one of the forms, the first that fits; it raises ValueError for other text.

    Args:
        forms: as above; with hh among them the result is a datetime without zone, as the file means local time.
        pivot: two-digit years below it are 20xx, others 19xx.
        dangi: years are of the Dangun era (서기 = 단기 - 2333).

    Raises:
        ValueError: a form has a two-digit year and there is no pivot.

    """
    if pivot is None and any("YY" in form.replace("YYYY", "") for form in forms):
        raise ValueError("a two-digit year needs a pivot")
    readers = [_serial if form == SERIAL else _one(form, pivot, dangi=dangi) for form in forms]

    @lru_cache(maxsize=8192)
    def read(text: str) -> dt.date:
        for reader in readers:
            found = reader(text)
            if found is not None:
                if not is_plausible(found):
                    break
                return found
        raise ValueError(text)

    return read


def writer(form: str, *, dangi: bool = False) -> Callable[[dt.date], str]:
    """Make a function that writes a date or datetime by a form."""
    if form == SERIAL:
        return lambda value: str((dt.date(value.year, value.month, value.day) - _SERIAL_ZERO).days)
    parts: list[tuple[str, str]] = []
    end = 0
    for match in _TOKENS.finditer(form):
        parts.append((form[end : match.start()], match.group()))
        end = match.end()
    rest = form[end:]

    @lru_cache(maxsize=8192)
    def write(value: dt.date) -> str:
        return "".join(before + _said(token, value, dangi=dangi) for before, token in parts) + rest

    return write


def _said(token: str, value: dt.date, *, dangi: bool) -> str:
    year = value.year + (_DANGI if dangi else 0)
    hour, minute, second = (value.hour, value.minute, value.second) if isinstance(value, dt.datetime) else (0, 0, 0)
    number = {
        "YYYY": year, "YY": year % 100, "MM": value.month, "M": value.month, "DD": value.day, "D": value.day,
        "hh": hour, "mm": minute, "ss": second,
    }[token]  # fmt: skip
    return f"{number:0{len(token)}d}"


def _one(form: str, pivot: int | None, *, dangi: bool) -> Callable[[str], dt.date | None]:
    tokens = [match.group() for match in _TOKENS.finditer(form)]
    literal = _TOKENS.split(form)
    pattern = re.escape(literal[0]) + "".join(
        f"({_WIDTHS.get(token, '[0-9]{2}')}){re.escape(after)}"
        for token, after in zip(tokens, literal[1:], strict=True)
    )
    shape = re.compile(pattern, re.ASCII).fullmatch
    keys = [token[0] if token not in {"mm", "ss", "hh"} else token for token in tokens]
    whole = "hh" in keys

    def read(text: str) -> dt.date | None:
        match = shape(text)
        if match is None:
            return None
        found = dict(zip(keys, map(int, match.groups()), strict=True))
        year = found.get("Y", 0)
        if "YY" in tokens:
            year += 2000 if pivot is not None and year < pivot else 1900
        year -= _DANGI if dangi else 0
        try:
            if not whole:
                return dt.date(year, found.get("M", 1), found.get("D", 1))
            clock = (found["hh"], found.get("mm", 0), found.get("ss", 0))
            return dt.datetime(year, found.get("M", 1), found.get("D", 1), *clock)  # noqa: DTZ001  # local by the file's meaning
        except ValueError:
            return None

    return read


def _serial(text: str) -> dt.date | None:
    if _SERIAL.fullmatch(text) is None:
        return None
    return _SERIAL_ZERO + dt.timedelta(days=int(text))
