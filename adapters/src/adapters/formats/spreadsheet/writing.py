"""Rows of columns -> xlsx of one sheet: headings, then the rows; the same values make the same bytes.

Text is written as text, whatever it looks like: no value runs as a formula, and no code loses its zeros when somebody saves the
file again. xls is read only: the one library that writes it (xlwt) is no longer kept, and Excel since 2007 opens xlsx.
"""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import xlsxwriter

from adapters.formats.findings import Finding, FormatError, rejected
from adapters.formats.rows import Values
from adapters.formats.spreadsheet.column import Column
from adapters.formats.spreadsheet.extent import too_large
from adapters.formats.spreadsheet.workbook import Content

MOST_ROWS: Final = 1_048_575
_MADE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(columns: Sequence[Column], rows: Iterable[Values], name: str) -> bytes:
    """Write a book.

    Raises:
        FormatError: `cell-too-long`, `char-unencodable`, `sheet-too-large`.

    """
    out = io.BytesIO()
    problems: list[Finding] = []
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet(name)
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        moments = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        text = book.add_format({"num_format": "@"})
        for place, column in enumerate(columns):
            sheet.set_column(
                place, place, max(10, 2 * len(column.name)), None if column.kind in {"number", "day"} else text
            )
            sheet.write_string(0, place, column.name)
        for number, values in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise too_large(MOST_ROWS, "rows")
            for place, column in enumerate(columns):
                content, found = column.cell(values.get(column.name))
                problems += [each for each in found if each.severity == "reject"]
                _put(sheet, number, place, content, days, moments, text)
    if rejected(problems):
        raise FormatError(problems)
    return out.getvalue()


def _put(sheet: Any, row: int, place: int, content: Content, days: Any, moments: Any, text: Any) -> None:
    if content == "":
        return
    if isinstance(content, str):
        sheet.write_string(row, place, content, text)
    elif isinstance(content, dt.datetime):
        sheet.write_datetime(row, place, content, moments)
    elif isinstance(content, dt.date):
        sheet.write_datetime(row, place, content, days)
    elif isinstance(content, int | float):
        sheet.write_number(row, place, content)
