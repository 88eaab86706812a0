"""The extent of a sheet of an xlsx, and its errors, by its bytes (29500-1, 18.3.1.4, .73): before the parser makes room for it.

Sheets whose cells all begin with their place in the usual words are measured by a few searches; all others tag by tag.
"""

import re
from collections.abc import Iterator
from typing import Final

from adapters.formats.findings import FormatError, reject
from adapters.formats.spreadsheet.workbook import Extent

# Any row or cell that does not begin as nearly all programs write them, so that nothing escapes the searches.
_UNUSUAL: Final = re.compile(
    rb"""<(?:[^\s<>/:]+:(?:row|c)[\s>/]|c(?=[\s>/])(?! r="[A-Z]{1,3}[0-9]{1,7}"[ />])|row(?=[\s>/])(?! r="[0-9]{1,7}"[ />]))"""
)
_ROWS: Final = re.compile(rb'<row r="([0-9]+)"')
_COLUMNS: Final = re.compile(rb'<c r="([A-Z]+)')
_TAG: Final = re.compile(rb"""<(?:[^\s<>/:]+:)?(row|c)(?=[\s>/])((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE: Final = re.compile(rb"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE: Final = re.compile(rb"([A-Za-z]{0,3})([0-9]{1,7})")
_ERROR: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_SHOWN: Final = re.compile(rb"<(?:[^\s<>/:]+:)?v(?=[\s>])[^>]*>([^<]*)<")
_BETWEEN: Final = 20_000
_MOST_SHOWN: Final = 40


def extent(sheet: bytes, most: int) -> Extent:
    """Measure a sheet.

    Args:
        sheet: the part.
        most: cells from the first to the last.

    Raises:
        FormatError: `sheet-too-large`; `sheet-unreadable` for a place that is none.

    """
    # Looking for the short piece first takes a tenth of the time.
    has_errors = (b'"e"' in sheet or b"'e'" in sheet) and _ERROR.search(sheet) is not None
    if not has_errors and _UNUSUAL.search(sheet) is None:
        bound = _bound(sheet)
        if bound is not None and bound[0] * bound[1] <= most:
            return Extent(*bound, {})
    tall = wide = 0
    errors: dict[tuple[int, int], str] = {}
    for row, column, about, end in _filled(sheet):
        tall, wide = max(tall, row), max(wide, column)
        if has_errors and _ERROR.search(about):
            shown = _SHOWN.search(sheet, end, end + _BETWEEN)
            errors[row - 1, column - 1] = shown[1].decode("utf-8", "replace")[:_MOST_SHOWN] if shown else "?"
    if tall * wide > most:
        raise too_large(most, "cells")
    return Extent(tall, wide, errors)


def _bound(sheet: bytes) -> tuple[int, int] | None:
    """Give rows and columns that hold all cells, perhaps with room to spare; None where a cell is outside of the rows."""
    digits = len(str(max(map(int, _ROWS.findall(sheet)), default=1)))
    if re.search(rb'<c r="[A-Z]{1,3}[0-9]{%d}' % (digits + 1), sheet):
        return None
    return 10**digits - 1, max(map(_number, set(_COLUMNS.findall(sheet))), default=1)


def _filled(sheet: bytes) -> Iterator[tuple[int, int, bytes, int]]:
    """Give row, column, attributes and end of the tag of cells that hold something: columns may be coloured to the last row.

    Rows and cells that do not say their place stand behind the one before.
    """
    row = column = 0
    for tag in _TAG.finditer(sheet):
        about = tag[2]
        letters, digits = _place(about)
        if tag[1] == b"row":
            row, column = (int(digits) if digits else row + 1), 0
            continue
        column = _number(letters) if letters else column + 1
        row = int(digits) if digits else row
        if not about.endswith(b"/"):
            yield row, column, about, tag.end()


def _place(about: bytes) -> tuple[bytes, bytes]:
    # One by one, for a value may look like another attribute.
    found = next((each for each in _ATTRIBUTE.finditer(about) if each[1] == b"r"), None)
    if found is None:
        return b"", b""
    place = _REFERENCE.fullmatch(found[2] if found[2] is not None else found[3])
    if place is None:
        raise FormatError([reject("sheet-unreadable", reason="@r")])
    return place[1], place[2]


def _number(letters: bytes) -> int:
    """Column `A` is 1, `AA` is 27."""
    out = 0
    for letter in letters.upper():
        out = out * 26 + letter - 64
    return out


def too_large(limit: int, what: str) -> FormatError:
    """Make the refusal of what would cost too much."""
    return FormatError([reject("sheet-too-large", limit=f"{limit:,} {what}")])
