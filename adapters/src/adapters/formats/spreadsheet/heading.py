"""Where the headings of a sheet are: behind titles and printing dates, some in merged cells. Sheet -> table and row."""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.formats.charset import BLANKS
from adapters.formats.spreadsheet.column import Column
from adapters.formats.spreadsheet.extent import too_large
from adapters.formats.spreadsheet.workbook import Sheet

# Rows looked at: forms have a title, an addressee, a date and a line of approvals above the table.
_LOOKED_AT: Final = 50
_MOST_COVERED: Final = 1_000_000


def find(layouts: Mapping[str, Sequence[Column]], sheet: Sheet) -> tuple[str, int] | None:
    """Give the table a sheet is and the row of its headings, from 0: that with most known ones, two at least; the first of equals."""
    merged = covered(sheet)
    known = {table: _known(columns) for table, columns in layouts.items()}
    best: tuple[int, str, int] | None = None
    for at in range(min(_LOOKED_AT, len(sheet.rows))):
        there = {plain(title) for title in titles(sheet, at, merged)}
        for table, names in known.items():
            hits = len({names[title] for title in there if title in names})
            if hits >= min(2, len(layouts[table])) and (best is None or hits > best[0]):
                best = hits, table, at
    return None if best is None else best[1:]


def titles(sheet: Sheet, at: int, merged: Mapping[tuple[int, int], int]) -> list[str]:
    """Give the headings of a row; one that is merged from above stands there."""
    row = sheet.rows[at]
    return [
        str(sheet.rows[merged[at, place]][place] if cell == "" and (at, place) in merged else cell)
        for place, cell in enumerate(row)
    ]


def covered(sheet: Sheet) -> dict[tuple[int, int], int]:
    """Give the row whose cell stands for each cell that is merged with one above it. Raises FormatError `sheet-too-large`."""
    out: dict[tuple[int, int], int] = {}
    spent = 0
    for (top, left), (bottom, _) in sheet.merged:
        last = min(bottom, len(sheet.rows) - 1)
        spent += max(0, last - top)
        if spent > _MOST_COVERED:
            raise too_large(_MOST_COVERED, "merged cells")
        if sheet.rows and left < len(sheet.rows[0]):
            out.update(((row, left), top) for row in range(top + 1, last + 1))
    return out


def plain(title: str) -> str:
    """Give a heading without what does not count: case and blanks."""
    return "".join(title.strip(BLANKS).split()).casefold()


def _known(columns: Sequence[Column]) -> dict[str, str]:
    return {plain(title): column.name for column in columns for title in (column.name, *column.titles)}
