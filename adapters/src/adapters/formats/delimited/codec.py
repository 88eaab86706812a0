"""Delimited text both ways: bytes -> pieces (`split`) -> columns (`heading`) -> rows, and values -> quoted, guarded bytes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from adapters.formats import charset
from adapters.formats.delimited.dialect import Dialect
from adapters.formats.delimited.heading import match
from adapters.formats.delimited.split import Piece, Splitter, end_mark
from adapters.formats.findings import Finding, FormatError, loss, reject, rejected, repair
from adapters.formats.rows import FlatCell, FlatRow

_MARK: Final = b"\xef\xbb\xbf"
# What spreadsheets take for a formula, full-width forms included; numbers with a sign are harmless.
_FORMULA: Final = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_GUARDED: Final = re.compile("'+[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NEWLINES: Final = {"crlf": b"\r\n", "lf": b"\n"}
_NUMBER: Final = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?")


class Delimited:
    """Codec of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._split = Splitter(dialect)
        self._names = tuple(column.name for column in dialect.columns)

    def read(self, data: bytes) -> Iterator[FlatRow]:
        """Give every piece of the file: header, records, blank lines, end mark.

        Headings that do not fit are told with the header; when a required column is not there, every record is refused.
        A row of too few or too many cells is refused, unless what is too much is empty.

        Raises:
            FormatError: the file is empty, is UTF-16, or none of its headings is known.

        """
        return self.opened(data).rows(self._split)

    def opened(self, data: bytes) -> "Reading":
        """Give a file being read, of which nothing has been taken yet. Raises FormatError as `read` does."""
        if not data.strip(b"\x1a\r\n "):
            raise FormatError([reject("file-empty", offset=0)])
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise FormatError([reject("charset-unsupported", offset=0, length=2, charset="UTF-16")])
        return Reading(self.dialect, data, self._names)

    def cells(self, raw: bytes) -> Sequence[FlatCell]:
        """Show the cells of a row by the dialect's own order of columns; `FlatRow.cells` knows the file's."""
        reading = Reading(self.dialect, raw, self._names)
        return next((reading.row(1, 0, end, pieces).cells for end, pieces in reading.pieces(self._split)), ())

    def write(self, rows: Iterable[Mapping[str, str | None]]) -> bytes:
        """Write header and records, lines ended as the dialect says. A value that is None or not there becomes an empty cell.

        Raises:
            FormatError: `char-unencodable`; `cell-unwritable` when the dialect has no quotes and the value needs them.

        """
        findings: list[Finding] = []
        end = b"\0" if self.dialect.ends == "nul" else _NEWLINES[self.dialect.newline]
        out = [_MARK] if self.dialect.mark and self.dialect.charset == "utf-8" else []
        if self.dialect.header:
            out += [self._line(dict(zip(self._names, self._names, strict=True)), findings), end]
        for row in rows:
            out += [self._line(row, findings), end]
        if rejected(findings):
            raise FormatError(findings)
        return b"".join(out)

    def _line(self, row: Mapping[str, str | None], findings: list[Finding]) -> bytes:
        cells = [self._cell(name, row.get(name) or "", findings) for name in self._names]
        if not any(cells) and len(cells) == 1:
            return self.dialect.quote * 2
        return self.dialect.delimiter.join(cells)

    def _cell(self, name: str, value: str, findings: list[Finding]) -> bytes:
        dialect = self.dialect
        if dialect.guard and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
            value = f"'{value}"
        if dialect.charset == "utf-8":
            data = value.encode("utf-8", "replace")
        else:
            data, found = charset.encode_cp949(value, field=name)
            findings += found
        if not (dialect.quote_all and dialect.quote) and not re.search(
            b"[\r\n\0\x1a\xef" + re.escape(dialect.delimiter + dialect.quote) + b"]", data
        ):
            return data
        if not dialect.quote:
            stops = dialect.delimiter + (b"\0" if dialect.ends == "nul" else b"\r\n") + b"\x1a"
            if any(stop in data for stop in stops):
                findings.append(reject("cell-unwritable", name, value=value))
            return data
        return dialect.quote + data.replace(dialect.quote, dialect.quote * 2) + dialect.quote


class Reading:
    """One file being read: its charset and its columns."""

    def __init__(self, dialect: Dialect, data: bytes, names: tuple[str, ...]) -> None:
        self.dialect = dialect
        self._data = data
        self._names = names
        self._broken: tuple[Finding, ...] = ()
        marked = data.startswith(_MARK)
        self._start = len(_MARK) if marked else 0
        self._charset: str = dialect.charset
        self._about: tuple[Finding, ...] = ()
        if marked or (not data.isascii() and charset.looks_like_utf8(data)):
            self._charset = "utf-8"
        if self._charset != dialect.charset:
            self._about = (repair("charset-declared-wrong", offset=0, declared=dialect.charset, actual=self._charset),)

    @property
    def start(self) -> int:
        """Where the text begins: behind the byte order mark."""
        return self._start

    @property
    def about(self) -> tuple[Finding, ...]:
        """What was noticed about the file as a whole."""
        return self._about

    @property
    def codec(self) -> str:
        """Charset the file is really in."""
        return self._charset

    @property
    def order(self) -> tuple[str, ...]:
        """Columns in the file's order; empty for those that are none of ours."""
        return self._names

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What is wrong with the header and refuses every record."""
        return self._broken

    def pieces(self, splitter: Splitter) -> Iterator[tuple[int, list[Piece]]]:
        """Give the file's rows as pieces, and where each row's successor begins."""
        return splitter.rows(self._data, self._start, end_mark(self._data))

    def rows(self, splitter: Splitter) -> Iterator[FlatRow]:
        """Give the rows. Not a generator itself before the header is known, so that a refusal comes at once."""
        source = self.pieces(splitter)
        first = self._header(source) if self.dialect.header else None
        return self._rest(source, first)

    def _header(self, source: Iterator[tuple[int, list[Piece]]]) -> list[FlatRow]:
        begin, rows = 0, []
        for end, pieces in source:
            if not pieces:
                rows.append(FlatRow(0, begin, self._data[begin:end], kind="blank", findings=self._take_about()))
                begin = end
                continue
            titles = [self._text(piece, "")[0] for piece in pieces]
            self._names, found = match(titles, self.dialect.columns, pieces[0].start)
            if not any(self._names):
                raise FormatError([reject("header-unknown", offset=pieces[0].start), *found])
            # The header's own rejects refuse each record, said once with its offset.
            self._broken = tuple(each for each in found if each.severity == "reject")
            cells = tuple(
                FlatCell(name or title, piece.start - begin, piece.end - piece.start, title)
                for name, title, piece in zip(self._names, titles, pieces, strict=True)
            )
            rows.append(FlatRow(0, begin, self._data[begin:end], cells, (*self._take_about(), *found), "header"))
            return rows
        return rows

    def _rest(self, source: Iterator[tuple[int, list[Piece]]], first: list[FlatRow] | None) -> Iterator[FlatRow]:
        yield from first or ()
        begin = first[-1].offset + len(first[-1].raw) if first else 0
        ordinal = 0
        for end, pieces in source:
            if pieces:
                ordinal += 1
                yield self.row(ordinal, begin, end, pieces)
            else:
                yield FlatRow(0, begin, self._data[begin:end], kind="blank", findings=self._take_about())
            begin = end
        if begin < len(self._data):
            yield FlatRow(0, begin, self._data[begin:], kind="end")

    def _take_about(self) -> tuple[Finding, ...]:
        about, self._about = self._about, ()
        return about

    def row(self, ordinal: int, begin: int, end: int, pieces: list[Piece]) -> FlatRow:
        """Make a record of its pieces."""
        findings = [*self._take_about(), *self._broken]
        cells = []
        for index, piece in enumerate(pieces):
            name = self._names[index] if index < len(self._names) else ""
            value, found = self._text(piece, name)
            findings += found
            cells.append(FlatCell(name, piece.start - begin, piece.end - piece.start, value, tuple(found)))
        findings += self._ragged(pieces, begin)
        return FlatRow(ordinal, begin, self._data[begin:end], tuple(cells), tuple(findings))

    def _ragged(self, pieces: list[Piece], begin: int) -> list[Finding]:
        due, met = len(self._names), len(pieces)
        if met == due:
            return []
        if met < due:
            return [reject("cells-missing", offset=begin, cells=str(met), expected=str(due))]
        make = reject if any(piece.content.strip() for piece in pieces[due:]) else repair
        return [make("cells-extra", offset=pieces[due].start, cells=str(met), expected=str(due))]

    def _text(self, piece: Piece, name: str) -> tuple[str, list[Finding]]:
        base = piece.start + piece.quoted
        if self._charset == "utf-8":
            text, findings = _utf8(piece.content, name, base)
        else:
            text, findings = charset.decode_cp949(piece.content, field=name or None, base=base)
        if piece.finding is not None:
            findings = [_named(piece.finding, name), *findings]
        if self.dialect.guard and _GUARDED.match(text):
            text = text[1:]
        return text, findings


def _named(finding: Finding, name: str) -> Finding:
    return Finding(finding.code, name or None, finding.offset, finding.length, finding.params, finding.severity)


def _utf8(data: bytes, name: str, base: int) -> tuple[str, list[Finding]]:
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        place, byte = error.start, data[error.start]
    make = loss if data[place:].decode("utf-8", "ignore") == "" and place >= len(data) - 3 else reject
    code = "hangul-cut" if make is loss else "charset-invalid"
    found = make(code, name or None, offset=base + place, length=1, byte=f"{byte:02X}")
    return data.decode("utf-8", "ignore" if make is loss else "replace"), [found]
