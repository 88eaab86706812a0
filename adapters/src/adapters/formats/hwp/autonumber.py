"""Numbers inside text (notes, pictures, tables, equations) as HWP 5 and the XML kinds store them, with what stands round them."""

import struct
from typing import Final

from adapters.formats.hwp.numbering import DIGITS, drawn

# HWP 5 revision 1.3, table 145: a page's number depends on where it is printed, so it is no text.
_PAGE: Final = 0


def of_record(data: bytes) -> str:
    """Draw the number of an `atno` control header."""
    if len(data) < 16:
        return ""
    attributes, number, _, before, after = struct.unpack_from("<IHHHH", data, 4)
    if attributes & 0xF == _PAGE:
        return ""
    kind = attributes >> 4 & 0xFF
    return _mark(before) + drawn(number, DIGITS[kind] if kind < len(DIGITS) else "DIGIT") + _mark(after)


def _mark(unit: int) -> str:
    return chr(unit) if unit >= 0x20 and not 0xD800 <= unit < 0xE000 else ""


def of_element(kind: str, number: str, digits: str, before: str, after: str) -> str:
    """Draw the number of an autoNum element."""
    if kind.upper() == "PAGE" or not number.isdecimal() or len(number) > 9:
        return ""
    return before + drawn(int(number), digits) + after
