"""Amounts with their signs: bytes of digits to numbers and back. Host systems punch the sign over the last digit."""

import re
from decimal import Decimal
from typing import Final

from adapters.formats.fixedwidth.layout import Field

_PLUS: Final = b"{ABCDEFGHI"
_MINUS: Final = b"}JKLMNOPQR"
_MARKED: Final = re.compile(r"[△▲\-]\s*([0-9][0-9,]*)", re.ASCII)
# The last byte of an amount with its sign over it: the sign and the digit.
PUNCHED: Final = {
    **{byte: (1, b"%d" % digit) for digit, byte in enumerate(_PLUS)},
    **{byte: (-1, b"%d" % digit) for digit, byte in enumerate(_MINUS)},
}


def read_amount(raw: bytes, field: Field) -> int | Decimal:
    """Read trimmed bytes, not empty, as the field's kind of number. Raises ValueError."""
    sign, digits = 1, raw
    if field.sign == "overpunch":
        if (punched := PUNCHED.get(raw[-1])) is not None:
            sign, digits = punched[0], raw[:-1] + punched[1]
    elif field.sign == "leading" and raw[:1] in {b"-", b"+"}:
        sign, digits = (-1 if raw[:1] == b"-" else 1), raw[1:].lstrip(b" ")
    elif field.sign == "trailing" and raw[-1:] in {b"-", b"+"}:
        sign, digits = (-1 if raw[-1:] == b"-" else 1), raw[:-1].rstrip(b" ")
    if not digits.isdigit():
        raise ValueError(raw)
    number = sign * int(digits)
    return Decimal(number).scaleb(-field.scale) if field.scale else number


def marked_amount(raw: str) -> int | None:
    """Read `△1,200` or `-1200` as the negative amount it stands for; None when it is something else."""
    match = _MARKED.fullmatch(raw.strip())
    return -int(match[1].replace(",", "")) if match else None


def write_amount(value: int | Decimal, field: Field) -> bytes:
    """Write a number into exactly the field's width. Raises ValueError when it does not fit or loses digits."""
    scaled = Decimal(value).scaleb(field.scale)
    whole = int(scaled)
    if whole != scaled or (whole < 0 and field.sign == "none"):
        raise ValueError(value)
    digits = b"%d" % abs(whole)
    room = field.width - (1 if field.sign == "trailing" or (field.sign == "leading" and whole < 0) else 0)
    if len(digits) > room:
        raise ValueError(value)
    if field.sign == "leading":
        mark = b"-" if whole < 0 else b""
        if field.pad_byte == b"0":
            return mark + digits.rjust(room, b"0")
        return _fill(mark + digits, field)
    if field.sign == "trailing":
        return _fill(digits, field, room) + (b"-" if whole < 0 else b"+")
    if field.sign == "overpunch":
        table = _MINUS if whole < 0 else _PLUS
        digits = digits[:-1] + table[digits[-1] - 48 : digits[-1] - 47]
    return _fill(digits, field)


def _fill(data: bytes, field: Field, width: int | None = None) -> bytes:
    width = field.width if width is None else width
    return data.rjust(width, field.pad_byte) if field.right else data.ljust(width, b" ")
