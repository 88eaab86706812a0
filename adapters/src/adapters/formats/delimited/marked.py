"""Delimited files whose lines say by their first cell what they are: header, records of several kinds, closing line.

`H`, `P`, `A`, ..., `T` -> the table of each; the first cell belongs to the layout, not to the record's fields. The closing
line counts the records: all of them first, then each kind in the layout's order where it has that many cells.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from adapters.formats.delimited.codec import Delimited, Reading
from adapters.formats.delimited.dialect import Column, Dialect
from adapters.formats.delimited.rows import texts
from adapters.formats.delimited.split import Piece, Splitter, end_mark
from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.rows import HEADER, Cell, Row, Values

MARK: Final = "구분"
_COUNT: Final = "count"


class MarkedRows:
    """The codec of such files (`rows.Codec`).

    Args:
        dialects: by table, `header` among them when there is one; without headings, the mark not among their columns.
        marks: first cell of the lines of each table.
        footer: first cell of the closing line; empty when there is none.
        extension: of written files.

    """

    def __init__(
        self, dialects: Mapping[str, Dialect], marks: Mapping[str, str], *, footer: str = "", extension: str = "txt"
    ) -> None:
        self._dialects = {
            table: dataclasses.replace(dialect, columns=(Column(MARK), *dialect.columns), header=False)
            for table, dialect in dialects.items()
        }
        self._codecs = {table: Delimited(dialect) for table, dialect in self._dialects.items()}
        self._names = {table: tuple(each.name for each in d.columns) for table, d in self._dialects.items()}
        self._tables = {mark: table for table, mark in marks.items()}
        self._marks = dict(marks)
        self._footer = footer
        self._extension = extension
        self._dialect = next(iter(self._dialects.values()))
        self._splitter = Splitter(self._dialect)

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read all rows of all files. Raises FormatError when a file is empty or holds no line of a known kind."""
        ordinal = 0
        for part, data in parts.items():
            for row in self._file(part, data, findings):
                ordinal += 1
                row.ordinal = ordinal
                yield row

    def _file(self, part: str, data: bytes, findings: list[Finding]) -> Iterator[Row]:
        begin = next(iter(self._codecs.values())).opened(data).start
        readings = {table: Reading(d, data, self._names[table]) for table, d in self._dialects.items()}
        counts = dict.fromkeys((table for table in self._dialects if table != HEADER), 0)
        strangers: list[Row] = []
        lines, known, closed = 0, False, False
        for end, pieces in self._splitter.rows(data, begin, end_mark(data)):
            mark = pieces[0].content.decode("ascii", "replace").strip() if pieces else ""
            table, raw = self._tables.get(mark, ""), data[begin : pieces[-1].end] if pieces else b""
            if table:
                known = True
                yield from strangers
                strangers = []
                yield _row(readings[table], table, part, begin, end, pieces, raw)
            elif pieces and mark == self._footer:
                closed = True
                _compare(pieces, lines, counts, begin, len(raw), findings)
            elif pieces:
                strangers.append(
                    Row(0, part, begin, raw, {}, (reject("record-kind-unknown", offset=begin, marker=mark),), mark)
                )
            if pieces and table != HEADER and not closed:
                lines += 1
                counts[table] = counts.get(table, 0) + 1
            begin = end
        if not known:
            # Not a line of it is ours: it is another file.
            raise FormatError([reject("header-unknown", offset=0)])
        yield from strangers
        if self._footer and not closed:
            findings.append(reject("trailer-missing", _COUNT, offset=len(data)))

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Write the values and read them again."""
        try:
            data = self._line(table, values)
        except FormatError as error:
            return values, list(error.findings)
        findings: list[Finding] = []
        for row in self._codecs[table].read(data):
            findings += row.findings
            if row.kind == "record":
                return {name: value for name, value in row.values.items() if name != MARK}, findings
        return values, [*findings, reject("value-missing", self._names[table][1])]

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write one file. Raises FormatError."""
        data = b"".join(self._line(table, values) for table, values in rows)
        if self._footer:
            counts = [sum(1 for each, _ in rows if each == table) for table in self._dialects if table != HEADER]
            data += self._closing([sum(counts), *counts])
        return {f"{name}.{self._extension}": data}

    def _line(self, table: str, values: Values) -> bytes:
        return self._codecs[table].write([{**texts(values), MARK: self._marks[table]}])

    def _closing(self, counts: Sequence[int]) -> bytes:
        names = tuple(Column(str(place)) for place in range(len(counts) + 1))
        closing = Delimited(dataclasses.replace(self._dialect, columns=names))
        return closing.write([{str(place): str(value) for place, value in enumerate([self._footer, *counts])}])

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show a line's cells; the mark is one of them."""
        del part
        pieces = next((each for _, each in self._splitter.rows(raw, 0, len(raw))), [])
        mark = pieces[0].content.decode("ascii", "replace").strip() if pieces else ""
        table = self._tables.get(mark, next(iter(self._codecs)))
        return [
            Cell(
                cell.name, cell.offset, raw[cell.offset : cell.offset + cell.length], cell.value or None, cell.findings
            )
            for cell in self._codecs[table].cells(raw)
            if cell.name
        ]

    def is_complete(self, names: Sequence[str]) -> bool:
        """Single files are always complete."""
        del names
        return True


def _row(reading: Reading, table: str, part: str, begin: int, end: int, pieces: list[Piece], raw: bytes) -> Row:
    read = reading.row(0, begin, end, pieces)
    values = {cell.name: cell.value for cell in read.cells if cell.name and cell.name != MARK}
    places = {cell.name: (cell.offset, cell.length) for cell in read.cells if cell.name}
    return Row(0, part, begin, raw, values, read.findings, table, places)


def _compare(
    pieces: Sequence[Piece], lines: int, counts: Mapping[str, int], offset: int, length: int, findings: list[Finding]
) -> None:
    """Hold the closing line against what was found: its first number against all lines, the others against each kind."""
    promised = [piece.content.decode("ascii", "replace").strip() for piece in pieces[1:]]
    found = [(_COUNT, lines), *((table, count) for table, count in counts.items() if table)]
    for said, (field, count) in zip(promised, found, strict=False):
        if said != str(count):
            params = {"promised": said, "found": str(count)}
            findings.append(reject("trailer-count-mismatch", field, offset=offset, length=length, **params))
