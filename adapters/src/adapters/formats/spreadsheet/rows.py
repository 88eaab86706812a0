"""Items of spreadsheets as the rows all record codecs share; and back, as xlsx.

A sheet's rows are those below the row with the headings; what stands above (titles, dates of printing), hidden sheets and
sheets without headings are left out and told. `Row.ordinal` is the row's number as the program shows it; rows of a second
sheet or file go on behind it. A packed file has no bytes of a row: `Row.raw` is the whole file, or nothing of a large one.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from typing import Final

from adapters.formats.charset import is_blank
from adapters.formats.delimited import dialect
from adapters.formats.delimited.heading import match
from adapters.formats.findings import Finding, FormatError, loss, reject, repair
from adapters.formats.rows import Cell, CutRow, Row, Value, Values
from adapters.formats.spreadsheet import heading
from adapters.formats.spreadsheet.column import EXACT, Column
from adapters.formats.spreadsheet.reading import read
from adapters.formats.spreadsheet.workbook import Content, Epoch, Limits, Sheet, Workbook
from adapters.formats.spreadsheet.writing import write

_LIMITS: Final = Limits()
_SHORT: Final = 60
# Files up to this are carried beside each of their rows, to be looked at.
_CARRIED: Final = 1 << 20
_CODES: Final = frozenset({"code", "digits"})


@dataclass(frozen=True, slots=True)
class Layout:
    """One table. columns: as they are written; read ones may stand in any order. sheet: pattern of its name; empty: any."""

    columns: tuple[Column, ...]
    sheet: str = ""


class SpreadsheetRows:
    """The codec of workbooks of one or more tables; the headings tell which sheet is of which.

    Args:
        layouts: by table name.
        files: pattern of the file's name by table; empty: the headings tell.
        epoch: system that day numbers without a format count in; None: what the book says.
        footer: what the first filled cell of the row below the table begins with; empty: the table goes to the end.
        limits: how much one book may cost.

    """

    def __init__(
        self,
        layouts: Mapping[str, Layout],
        *,
        files: Mapping[str, str] | None = None,
        epoch: Epoch | None = None,
        footer: str = "",
        limits: Limits = _LIMITS,
    ) -> None:
        self._layouts = dict(layouts)
        self._files = dict(files or {})
        self._epoch = epoch
        self._footer = footer
        self._limits = limits

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read the rows of all books. Raises FormatError when one cannot be read or has none of the headings."""
        if not parts:
            raise FormatError([reject("part-missing", "*.xlsx", name="*.xlsx")])
        before = 0
        for part, data in parts.items():
            book = read(data, self._limits)
            raw = data if len(data) <= _CARRIED else b""
            for sheet, table, at in self._tables(part, book, findings):
                yield from _Body(self._layouts[table], table, sheet, at, self._epoch or book.epoch, self._footer).rows(
                    part, raw, before, findings
                )
                before += len(sheet.rows)

    def readers(self, table: str) -> Mapping[str, None]:
        """Cells of clean rows are values, in the order of the layout's columns."""
        return dict.fromkeys(column.name for column in self._layouts[table].columns)

    def _tables(self, part: str, book: Workbook, findings: list[Finding]) -> list[tuple[Sheet, str, int]]:
        """Choose the sheets that are tables, with the place of their headings. Raises FormatError when none is."""
        layouts = self._candidates(part)
        found: list[tuple[Sheet, str, int]] = []
        left: list[Finding] = [loss("sheet-unread", name, sheet=name, rows="0") for name in book.others]
        for sheet in book.sheets:
            fit = {name: each for name, each in layouts.items() if _is_meant(each, sheet)}
            place = heading.find({name: each.columns for name, each in fit.items()}, sheet)
            if place is not None:
                found.append((sheet, *place))
            elif any(map(_is_filled, sheet.rows)):
                code = "sheet-hidden" if sheet.hidden else "sheet-unread"
                left.append(loss(code, sheet.name, sheet=sheet.name, rows=str(sum(map(_is_filled, sheet.rows)))))
        if not found:
            raise FormatError([*left, reject("header-unknown")])
        findings += left
        return found

    def _candidates(self, part: str) -> Mapping[str, Layout]:
        if not self._files:
            return self._layouts
        named = [table for table, form in self._files.items() if fnmatchcase(part.lower(), form)]
        if not named:
            raise FormatError([reject("part-unknown", part, name=part)])
        return {table: self._layouts[table] for table in named}

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Tell what would be read of the written row."""
        out: dict[str, Value] = {}
        findings: list[Finding] = []
        first = ""
        for column in self._layouts[table].columns:
            written, found = column.cell(values.get(column.name))
            findings += found
            out[column.name], found = column.read(written, 1900)
            first = first or str(written)
            findings += found
        if all(value is None or (isinstance(value, str) and is_blank(value)) for value in out.values()):
            findings.append(reject("value-missing", self._layouts[table].columns[0].name))
        if self._footer and first.strip().startswith(self._footer):
            findings.append(reject("cell-unwritable", self._layouts[table].columns[0].name, value=first[:_SHORT]))
        return out, findings

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write one sheet of rows of one table. Raises FormatError."""
        table = rows[0][0] if rows else next(iter(self._layouts))
        layout = self._layouts[table]
        sheet = layout.sheet if layout.sheet and not set("*?[]") & set(layout.sheet) else "Sheet1"
        return {f"{name}.xlsx": write(layout.columns, [values for _, values in rows], sheet)}

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show the values of a book's only record. Which of several is asked for the bytes do not tell: then the file is named."""
        try:
            rows = list(islice(self.read({part: raw}, []), 2))
        except FormatError:
            rows = []
        if len(rows) != 1:
            return [Cell(part, 0, b"", None, (), binary=True)]
        return [
            Cell(name, 0, b"", None if value is None else str(value), (), binary=True)
            for name, value in rows[0].values.items()
        ]

    def is_complete(self, names: Sequence[str]) -> bool:
        """Single files are always complete."""
        return bool(names)


class _Body:
    """The rows of one sheet below its headings."""

    def __init__(self, layout: Layout, table: str, sheet: Sheet, at: int, epoch: Epoch, footer: str) -> None:
        self._table, self._sheet, self._at, self._epoch, self._footer = table, sheet, at, epoch, footer
        self._merged = heading.covered(sheet)
        titles = heading.titles(sheet, at, self._merged)
        known = [dialect.Column(each.name, each.titles, each.required) for each in layout.columns]
        names, self._about = match(titles, known, 0)
        columns = {each.name: each for each in layout.columns}
        self._columns = [(place, columns[name]) for place, name in enumerate(names) if name]
        self._missing = dict.fromkeys(set(columns) - set(names))
        self._names = list(columns)
        placed = {name: place for place, name in enumerate(names) if name}
        # Of columns that are not there the cell behind the last is read, which is empty.
        self._order = [(placed.get(each.name, -1), each.kind) for each in layout.columns]
        self._is_careful = bool(self._merged) or any(each.severity == "reject" for each in self._about)
        self._untitled = [place for place, title in enumerate(titles) if not title.strip()]
        self._errors: dict[int, dict[int, str]] = {}
        for (row, column), shown in sheet.errors.items():
            self._errors.setdefault(row, {})[column] = shown

    def rows(self, part: str, raw: bytes, before: int, findings: list[Finding]) -> Iterator[Row]:
        sheet, at = self._sheet, self._at
        # What forbids using the rows stands with each of them.
        forbidding = tuple(each for each in self._about if each.severity == "reject")
        findings += [each for each in self._about if each.severity != "reject"]
        _above(sheet, at, findings)
        for number in range(at + 1, len(sheet.rows)):
            cells = sheet.rows[number]
            if not _is_filled(cells) and number not in self._errors:
                continue
            if self._footer and _first(cells).startswith(self._footer):
                _below(sheet, number, findings)
                return
            clean = None if self._is_careful or number in self._errors else self._clean(cells)
            if clean is not None:
                yield CutRow(before + number + 1, part, 0, raw, self._table, clean, self._again)
                continue
            values, noticed = self._values(number, cells)
            places: dict[str, tuple[int, int]] = {}
            yield Row(before + number + 1, part, 0, raw, values, (*forbidding, *noticed), self._table, places)

    def _clean(self, cells: Sequence[Content]) -> list[Value] | None:
        """Give the values of a row in which every cell is as agreed; None when one is not."""
        out: list[Value] = []
        for place in self._untitled:
            if cells[place] != "":
                return None
        for place, kind in self._order:
            cell = cells[place] if place >= 0 else ""
            form = type(cell)
            if form is str:
                # An exponent or a point in a code is what a program left of it.
                if kind in _CODES and ("." in cell or "e" in cell or "E" in cell):  # type: ignore[operator]  # text
                    return None
                out.append(cell or None)  # type: ignore[arg-type]  # text
            elif form is float and kind == "number" and -EXACT < cell < EXACT and cell.is_integer():  # type: ignore[operator,union-attr]  # a number
                out.append(int(cell))  # type: ignore[arg-type]  # a number
            elif form is dt.date and kind == "day":
                out.append(cell)  # type: ignore[arg-type]  # a day
            else:
                return None
        return out

    def _again(self, row: CutRow) -> Row:
        values = dict(zip(self._names, row.cells, strict=True))
        return Row(row.ordinal, row.part, row.offset, row.raw, values, (), row.table, {})

    def _values(self, number: int, cells: Sequence[Content]) -> tuple[Values, list[Finding]]:
        values: dict[str, Value] = dict(self._missing)
        noticed: list[Finding] = []
        errors = self._errors.get(number, {})
        for place, column in self._columns:
            cell = cells[place]
            if cell == "" and (anchor := self._merged.get((number, place))) is not None and anchor > self._at:
                cell = self._sheet.rows[anchor][place]
                if cell != "":
                    noticed.append(repair("cell-merged", column.name))
            if place in errors:
                values[column.name] = None
                noticed.append(reject("cell-error", column.name, value=errors[place]))
                continue
            values[column.name], found = column.read(cell, self._epoch)
            noticed += found
        extra = sum(cells[place] != "" for place in self._untitled)
        if extra:
            due = len(cells) - len(self._untitled)
            noticed.append(loss("cells-extra", cells=str(due + extra), expected=str(due)))
        return values, noticed


def _is_meant(layout: Layout, sheet: Sheet) -> bool:
    """Tell whether a sheet may be the table: hidden ones only where the layout names them."""
    return fnmatchcase(sheet.name, layout.sheet) if layout.sheet else not sheet.hidden


def _is_filled(cells: Sequence[Content]) -> bool:
    return any(cell != "" and not (isinstance(cell, str) and cell.isspace()) for cell in cells)


def _first(cells: Sequence[Content]) -> str:
    return next((str(cell).strip() for cell in cells if cell != ""), "")


def _above(sheet: Sheet, at: int, findings: list[Finding]) -> None:
    filled = [row for row in sheet.rows[:at] if _is_filled(row)]
    if filled:
        findings.append(loss("rows-above", sheet.name, rows=str(len(filled)), value=_first(filled[0])[:_SHORT]))


def _below(sheet: Sheet, number: int, findings: list[Finding]) -> None:
    filled = [row for row in sheet.rows[number:] if _is_filled(row)]
    findings.append(loss("rows-below", sheet.name, rows=str(len(filled)), value=_first(filled[0])[:_SHORT]))
