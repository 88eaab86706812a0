"""One cell's bytes to text, by the letter of its column. Numbers keep their digits, days become ISO, bytes hexadecimal."""

import datetime as dt
import math
import re
import struct
from decimal import Decimal
from typing import Final

_NUMBER: Final = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LOGICAL: Final = {**dict.fromkeys(b"TtYy", "true"), **dict.fromkeys(b"FfNn", "false")}
# Julian day number (at noon) less Python's ordinal: 2451545 is 2000-01-01.
_JULIAN: Final = 1721425


def number(raw: bytes) -> str | None:
    """Read N and F. Raises ValueError, also for the asterisks that mark a number too long for its column."""
    text = raw.strip(b" \0")
    if not text:
        return None
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(raw)
    return text.decode("ascii")


def day(raw: bytes) -> str | None:
    """Read D, eight digits. Raises ValueError."""
    text = raw.strip(b" \0")
    if not text.strip(b"0"):
        return None
    if len(text) != 8 or not text.isdigit():
        raise ValueError(raw)
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()


def logical(raw: bytes) -> str | None:
    """Read L. Raises ValueError."""
    if not raw.strip(b" ?\0"):
        return None
    if len(raw) != 1 or raw[0] not in _LOGICAL:
        raise ValueError(raw)
    return _LOGICAL[raw[0]]


def moment(raw: bytes) -> str | None:
    """Read T and @: Julian day and milliseconds, local time. Raises ValueError."""
    if not raw.strip(b" \0"):
        return None
    days, milliseconds = _unpack("<ii", raw)
    if not 0 < days - _JULIAN <= dt.date.max.toordinal() or not 0 <= milliseconds <= 86_400_000:
        raise ValueError(raw)
    # FoxPro keeps whole seconds but writes them a millisecond off now and then.
    seconds = min((milliseconds + 500) // 1000, 86_399)
    date = dt.date.fromordinal(days - _JULIAN)
    return f"{date.isoformat()}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def integer(raw: bytes) -> str | None:
    """Read I and +. Raises ValueError."""
    return str(_unpack("<i", raw)[0])


def money(raw: bytes) -> str | None:
    """Read Y: ten-thousandths. Raises ValueError."""
    return str(Decimal(int(_unpack("<q", raw)[0])).scaleb(-4))


def double(raw: bytes) -> str | None:
    """Read B of Visual FoxPro and O. Raises ValueError."""
    value = float(_unpack("<d", raw)[0])
    if not math.isfinite(value):
        raise ValueError(raw)
    return repr(value)


def _unpack(form: str, raw: bytes) -> tuple[int, ...]:
    if len(raw) != struct.calcsize(form):
        raise ValueError(raw)
    return struct.unpack(form, raw)
