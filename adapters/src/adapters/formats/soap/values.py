"""Leaves of SOAP messages <-> texts of rows, by the declared type; what xsi:type claims is not asked.

Moments become `YYYY-MM-DD hh:mm:ss` of Korean time and days `YYYY-MM-DD`, whatever zone they came in; a moment without a zone
means Korean time. Numbers lose exponents and empty fractions. What does not look like its type is left as it stands: the
manifest may know another form of it.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from adapters.formats.koreantime import KST
from adapters.formats.soap.model import Typed

_MOMENT: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,30}(?:\.\d{0,12})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_WRITTEN: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)", re.ASCII)
# More than any amount has: an exponent makes much of little.
_MOST_DIGITS: Final = 18
_LAST_HOUR: Final = 24


def _moment(text: str) -> dt.datetime | None:
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(each) for each in match.groups()[:6])
    try:
        begun = dt.datetime(year, month, day, hour % _LAST_HOUR, minute, second, tzinfo=_zone(match[7]))
        # 24:00:00 is the first moment of the next day (XML Schema 2, 3.2.7).
        late = dt.timedelta(days=1) if hour == _LAST_HOUR and not minute and not second else dt.timedelta()
        return (begun + late).astimezone(KST) if hour < _LAST_HOUR or late else None
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> dt.tzinfo:
    if not text:
        return KST
    if text == "Z":
        return dt.UTC
    offset = dt.timedelta(hours=int(text[1:3]), minutes=int(text[4:]))
    return dt.timezone(-offset if text[0] == "-" else offset)


def _read_moment(text: str) -> str:
    found = _moment(text)
    return f"{found:%Y-%m-%d %H:%M:%S}" if found else text


def _read_day(text: str) -> str:
    match = _DAY.fullmatch(text)
    if match is not None:
        return match[1]
    # Toolkits without a type for days send midnight, in whatever zone the machine believes to be in.
    found = _moment(text)
    return f"{found:%Y-%m-%d}" if found else text


def _read_number(text: str) -> str:
    if _NUMBER.fullmatch(text) is None:
        return text
    number = Decimal(text)
    if number.adjusted() > _MOST_DIGITS:
        return text
    return str(int(number)) if number == number.to_integral_value() else format(number.normalize(), "f")


def _read_truth(text: str) -> str:
    return {"1": "true", "0": "false"}.get(text, text)


_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "dateTime": _read_moment,
    "date": _read_day,
    "decimal": _read_number,
    "long": _read_number,
    "int": _read_number,
    "boolean": _read_truth,
}
_FITTING: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "dateTime": (_WRITTEN, "date-invalid"),
    "date": (re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), "date-invalid"),
    "decimal": (re.compile(r"-?\d+(?:\.\d+)?", re.ASCII), "amount-invalid"),
    "long": (re.compile(r"-?\d+", re.ASCII), "digits-invalid"),
    "int": (re.compile(r"-?\d+", re.ASCII), "digits-invalid"),
    "boolean": (re.compile("true|false"), "code-unknown"),
}
TYPES: Final = frozenset({"string", *_READERS})


def read_leaf(text: str, kind: str) -> str:
    """Give a leaf's text as rows have it; texts keep their blanks, others have none around them."""
    reader = _READERS.get(kind)
    return text if reader is None else reader(text.strip())


def fault_of(text: str, kind: str) -> str:
    """Give the code of what is wrong with a leaf's text as rows have it; empty when it is of its type."""
    shape, code = _FITTING.get(kind, (None, ""))
    return "" if shape is None or shape.fullmatch(text) else code


def written_leaf(value: object, kind: str) -> Typed:
    """Give a row's value as a leaf of its type."""
    text = str(value)
    if kind == "dateTime" and (match := _WRITTEN.fullmatch(text)):
        text = f"{match[1]}T{match[2]}+09:00"
    return Typed(text, kind)
