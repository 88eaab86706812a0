"""Delimited files as the rows all record codecs share: which table a file is of, its rows, its closing line; and back.

Lines without quotes, damage or surprises are cut and decoded at once; all others go through `codec`, piece by piece.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from adapters.formats.delimited.codec import Delimited, Reading
from adapters.formats.delimited.dialect import Dialect
from adapters.formats.delimited.heading import match
from adapters.formats.delimited.split import Piece, Splitter, end_mark
from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.rows import Cell, CutRow, Row, Value, Values

_COUNT: Final = "count"


class DelimitedRows:
    """The codec of files of one or more tables.

    Args:
        dialects: by table name.
        files: pattern of the file's name by table; needed where no headings tell tables apart.
        footer: what the first cell of a closing line holds; the second counts the rows. Empty when there is none.
        pad: whether a row may leave out its last cells.
        extension: of written files.

    """

    def __init__(
        self,
        dialects: Mapping[str, Dialect],
        *,
        files: Mapping[str, str] | None = None,
        footer: str = "",
        pad: bool = False,
        extension: str = "csv",
    ) -> None:
        self._codecs = {table: Delimited(dialect) for table, dialect in dialects.items()}
        self._splitters = {table: Splitter(dialect) for table, dialect in dialects.items()}
        self._files = dict(files or {})
        self._footer = footer
        self._pad = pad
        self._extension = extension

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read all rows of all files. Raises FormatError when a file is empty or is none of these tables."""
        ordinal = 0
        for part, data in parts.items():
            for row in self.file(part, data, findings):
                ordinal += 1
                row.ordinal = ordinal
                yield row

    def readers(self, table: str) -> Mapping[str, None]:
        """Cells are values, in the order of the layout's columns."""
        return dict.fromkeys(column.name for column in self._codecs[table].dialect.columns)

    def file(self, part: str, data: bytes, findings: list[Finding]) -> Iterator[Row]:
        """Read the rows of one file, numbered from 1. Raises FormatError."""
        table = self._table(part, data)
        reading = self._codecs[table].opened(data)
        begin = 0
        if self._codecs[table].dialect.header:
            for row in reading.rows(self._splitters[table]):
                # What forbids using the rows stands with each of them.
                findings += [each for each in row.findings if each.severity != "reject"]
                begin = row.offset + len(row.raw)
                if row.kind == "header":
                    break
        else:
            begin = reading.start
            findings += reading.about
        yield from _Body(self._splitters[table], reading, part, table, self._footer, findings, pad=self._pad).rows(
            data, begin
        )

    def _table(self, part: str, data: bytes) -> str:
        """Choose the table a file is of: by its name, else by how many of its headings are known."""
        named = next((table for table, form in self._files.items() if fnmatchcase(part, form)), "")
        if named or len(self._codecs) == 1:
            return named or next(iter(self._codecs))
        if self._files:
            raise FormatError([reject("part-unknown", part, name=part)])
        hits = {table: self._known(table, data) for table in self._codecs}
        return max(hits, key=lambda table: hits[table])

    def _known(self, table: str, data: bytes) -> int:
        dialect = self._codecs[table].dialect
        rows = self._splitters[table].rows(data, 3 if data.startswith(b"\xef\xbb\xbf") else 0, len(data))
        pieces: Sequence[Piece] = next((pieces for _, pieces in rows if pieces), [])
        codec = "utf-8" if data.startswith(b"\xef\xbb\xbf") else dialect.charset
        names, _ = match([piece.content.decode(codec, "replace") for piece in pieces], dialect.columns, 0)
        return sum(1 if name else -1 for name in names)

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Write the values and read them again."""
        codec = self._codecs[table]
        try:
            data = codec.write([texts(values)])
        except FormatError as error:
            return values, list(error.findings)
        findings: list[Finding] = []
        for row in codec.read(data):
            findings += row.findings
            if row.kind == "record":
                return row.values, findings
        # A row of empty cells is a blank line: nobody would find it again.
        return values, [*findings, reject("value-missing", codec.dialect.columns[0].name)]

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write one file of rows of one table. Raises FormatError."""
        table = rows[0][0] if rows else next(iter(self._codecs))
        part, form = f"{name}.{self._extension}", self._files.get(table, "*")
        if not fnmatchcase(part, form):
            # Where the name tells the table, one that tells none is put behind what does.
            part = form.replace("*", name if form.endswith(f".{self._extension}") else part, 1)
        return {part: self.bytes_of(table, [values for _, values in rows])}

    def bytes_of(self, table: str, rows: Sequence[Values]) -> bytes:
        """Write the bytes of one file. Raises FormatError."""
        codec = self._codecs[table]
        data = codec.write(map(texts, rows))
        if self._footer:
            names = [column.name for column in codec.dialect.columns]
            closing = dataclasses.replace(codec.dialect, header=False, mark=False)
            data += Delimited(closing).write([{names[0]: self._footer, names[1]: str(len(rows))}])
        return data

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show a row's cells, in the layout's order of columns: a row alone does not tell its file's own."""
        named = next((table for table, form in self._files.items() if fnmatchcase(part, form)), "")
        out: list[Cell] = []
        best = -1
        for table in [named] if named else self._codecs:
            found = self._codecs[table].cells(raw)
            due = len(self._codecs[table].dialect.columns)
            if best < 0 or abs(len(found) - due) < best:
                best = abs(len(found) - due)
                out = [
                    Cell(
                        cell.name,
                        cell.offset,
                        raw[cell.offset : cell.offset + cell.length],
                        cell.value or None,
                        cell.findings,
                    )
                    for cell in found
                    if cell.name
                ]
        return out

    def is_complete(self, names: Sequence[str]) -> bool:
        """Single files are always complete."""
        del names
        return True


class _Body:
    """The rows of one file behind its headings."""

    def __init__(
        self,
        splitter: Splitter,
        reading: Reading,
        part: str,
        table: str,
        footer: str,
        findings: list[Finding],
        *,
        pad: bool,
    ) -> None:
        self._splitter = splitter
        self._reading = reading
        self._part = part
        self._table = table
        self._pad = pad
        self._findings = findings
        self._footer = footer.encode(reading.codec)

    def rows(self, data: bytes, start: int) -> Iterator[Row]:
        reading, part, table, footer = self._reading, self._part, self._table, self._footer
        dialect, codec, order = reading.dialect, reading.codec, reading.order
        plain = dialect.ends == "lines" and not reading.broken
        agreed = list(order) == [column.name for column in dialect.columns]
        separator, width, guard = dialect.delimiter.decode("ascii"), len(order), dialect.guard
        quote = dialect.quote.decode("ascii")
        quoted = _cutter(separator, quote) if quote else None
        end = end_mark(data)
        ordinal = 0
        while start < end:
            close = data.find(b"\n", start, end)
            raw = data[start : end if close < 0 else close].removesuffix(b"\r")
            if footer and raw.lstrip(b'"').startswith(footer) and self._closes(raw, start, ordinal):
                start = end if close < 0 else close + 1
                continue
            if plain and raw and b"\r" not in raw:
                try:
                    text = raw.decode(codec)
                except UnicodeDecodeError:
                    text = "\u3164"
                cells = quoted(text) if quoted is not None and quote in text else text.split(separator)
                # Guards, and letters written as eight bytes, are for the careful way.
                if len(cells) == width and "\u3164" not in text and not (guard and "'" in text):
                    ordinal += 1
                    if agreed:
                        yield CutRow(ordinal, part, start, raw, table, cells, self._again)
                    else:
                        yield Row(ordinal, part, start, raw, dict(zip(order, cells, strict=True)), (), table)
                    start = end if close < 0 else close + 1
                    continue
            stop, pieces = next(self._splitter.rows(data, start, end))
            if pieces:
                ordinal += 1
                yield self._careful(ordinal, start, stop, pieces, data)
            start = stop

    def _again(self, row: CutRow) -> Row:
        values = dict(zip(self._reading.order, row.cells, strict=True))
        return Row(row.ordinal, row.part, row.offset, row.raw, values, (), row.table)

    def _careful(self, ordinal: int, start: int, stop: int, pieces: list[Piece], data: bytes) -> Row:
        row = self._reading.row(ordinal, start, stop, pieces)
        findings = row.findings
        if self._pad:
            findings = tuple(
                dataclasses.replace(each, severity="repair") if each.code == "cells-missing" else each
                for each in findings
            )
        places = {cell.name: (cell.offset, cell.length) for cell in row.cells if cell.name}
        raw = data[start : pieces[-1].end]
        return Row(ordinal, self._part, start, raw, row.values, findings, self._table, places)

    def _closes(self, raw: bytes, offset: int, found: int) -> bool:
        """Tell whether a line closes the file, and compare what it counts."""
        pieces = next((each for _, each in self._splitter.rows(raw, 0, len(raw))), [])
        cells = [piece.content for piece in pieces]
        if not cells or cells[0].strip() != self._footer:
            return False
        promised = cells[1].decode("ascii", "replace").strip() if len(cells) > 1 else ""
        if promised.replace(",", "") != str(found):
            params = {"promised": promised, "found": str(found)}
            self._findings.append(reject("trailer-count-mismatch", _COUNT, offset=offset, length=len(raw), **params))
        return True


def _cutter(separator: str, quote: str) -> Callable[[str], Sequence[str]]:
    """Make a function that cuts a line whose quotes are all in order; it gives nothing for any other line."""
    mark, sign = re.escape(quote), re.escape(separator)
    cell = f"(?:{mark}((?:[^{mark}]|{mark}{mark})*+){mark}|([^{mark}{sign}]*+)){sign}"
    whole, each, twice = re.compile(f"(?:{cell})*+").fullmatch, re.compile(cell).findall, quote * 2

    def careful(line: str) -> Sequence[str]:
        ended = line + separator
        if whole(ended) is None:
            return ()
        return [within.replace(twice, quote) if within else bare for within, bare in each(ended)]

    def cut(line: str) -> Sequence[str]:
        """Cut at quotes first: what is between two of them is a cell when nothing but separators touches it."""
        parts = line.split(quote)
        last = len(parts) - 1
        if last % 2:
            return ()
        cells = parts[0].split(separator)
        for at in range(1, last, 2):
            after = parts[at + 1]
            touches = after.startswith(separator) if after else at + 1 == last
            if cells[-1] or not touches:
                return careful(line)
            cells[-1] = parts[at]
            if after:
                cells += after[1:].split(separator)
        return cells

    return cut


def texts(values: Values) -> dict[str, str | None]:
    """Give values as text cells hold them."""
    return {name: text_of(value) for name, value in values.items()}


def text_of(value: Value) -> str | None:
    """Give one value as text."""
    return value if value is None or isinstance(value, str) else str(value)
