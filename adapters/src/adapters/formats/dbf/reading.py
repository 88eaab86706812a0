"""A dBase table to rows: head, records, deleted records, end mark; memo texts from the file beside it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from adapters.formats import charset
from adapters.formats.dbf import values
from adapters.formats.dbf.header import VISUAL, Column, Table, read_table
from adapters.formats.dbf.memo import Memo
from adapters.formats.findings import Finding, loss, reject
from adapters.formats.rows import FlatCell, FlatRow

Reader = Callable[[bytes], str | None]
_READERS: Final[dict[str, Reader]] = {
    "N": values.number,
    "F": values.number,
    "D": values.day,
    "L": values.logical,
    "T": values.moment,
    "@": values.moment,
    "I": values.integer,
    "+": values.integer,
    "Y": values.money,
    "O": values.double,
    "Q": bytes.hex,
    "0": bytes.hex,
}


class Dbf:
    """Reads tables. charset_override: codec for tables whose code page byte is known to be wrong."""

    def __init__(self, charset_override: str = "") -> None:
        self._charset = charset_override

    def read(self, data: bytes, memo: bytes | None = None) -> Iterator[FlatRow]:
        """Give head, records and what follows them. Deleted records keep their cells and are told as `record-deleted`.

        Args:
            data: the table.
            memo: its DBT or FPT; None when it did not come, then each filled memo is `memo-missing`.

        Raises:
            FormatError: `dbf-unreadable`.

        """
        table = read_table(data, self._charset)
        return _Reading(table, None if memo is None else Memo(memo, table)).rows(data)

    def head(self, data: bytes) -> Table:
        """Give what the head of a table says. Raises FormatError."""
        return read_table(data, self._charset)

    def cells(self, raw: bytes, table: Table, memo: bytes | None = None, offset: int = 0) -> Sequence[FlatCell]:
        """Show the cells of one record of the table; offset: of the record, for the findings."""
        return _Reading(table, None if memo is None else Memo(memo, table)).cells(raw, offset)


class _Reading:
    """One table being read."""

    def __init__(self, table: Table, memo: Memo | None) -> None:
        self._table = table
        self._memo = memo
        self._flags = next((column for column in table.columns if column.kind == "0"), None)

    def rows(self, data: bytes) -> Iterator[FlatRow]:
        table = self._table
        yield FlatRow(0, 0, data[: table.start], findings=table.findings, kind="header")
        offset, ordinal = table.start, 0
        # The count in the head lags behind after a crash: what stands there is read, and the difference told.
        while data[offset : offset + 1] not in {b"", b"\x1a"}:
            raw = data[offset : offset + table.record_length]
            if ordinal >= table.records and (raw[:1] not in {b" ", b"*"} or len(raw) < table.record_length):
                break
            ordinal += 1
            yield self._row(ordinal, offset, raw)
            offset += len(raw)
        found: tuple[Finding, ...] = ()
        if ordinal != table.records:
            params = {"promised": str(table.records), "found": str(ordinal)}
            found = (Finding("dbf-count-differs", None, 4, 4, params, "reject"),)
        if found or offset < len(data):
            yield FlatRow(0, offset, data[offset:], findings=(*found, *_behind(data, offset)), kind="end")

    def _row(self, ordinal: int, offset: int, raw: bytes) -> FlatRow:
        due = self._table.record_length
        if len(raw) < due:
            found = reject("record-short", offset=offset, length=len(raw), bytes=str(len(raw)), expected=str(due))
            return FlatRow(ordinal, offset, raw, findings=(found,))
        cells = self.cells(raw, offset)
        findings = [each for cell in cells for each in cell.findings]
        if raw[:1] == b"*":
            deleted = loss("record-deleted", offset=offset, length=due, record=str(ordinal))
            return FlatRow(ordinal, offset, raw, cells, (deleted, *findings), "deleted")
        if raw[:1] != b" ":
            findings.append(reject("dbf-flag-invalid", offset=offset, length=1, byte=f"{raw[0]:02X}"))
        return FlatRow(ordinal, offset, raw, cells, tuple(findings))

    def cells(self, raw: bytes, offset: int) -> tuple[FlatCell, ...]:
        flags = 0
        if self._flags is not None:
            begin = self._flags.offset
            flags = int.from_bytes(raw[begin : begin + self._flags.width], "little")
        out = []
        for column in self._table.columns:
            part = raw[column.offset : column.offset + column.width]
            findings: list[Finding] = []
            value = None
            if column.null_bit < 0 or not flags >> column.null_bit & 1:
                if column.length_bit >= 0 and flags >> column.length_bit & 1 and part:
                    part = part[: min(part[-1], len(part) - 1)]
                value = self._value(column, part, offset + column.offset, findings)
            name = "" if column.kind == "0" else column.name
            out.append(FlatCell(name, column.offset, column.width, value, tuple(findings)))
        return tuple(out)

    def _value(self, column: Column, part: bytes, offset: int, findings: list[Finding]) -> str | None:
        kind = column.kind
        if kind in "MGP" or (kind == "B" and self._table.version not in VISUAL):
            return self._memo_text(column, part, offset, findings)
        read = values.double if kind == "B" else _READERS.get(kind)
        if read is None:
            full = part if column.length_bit >= 0 else part.rstrip(b" \0")
            return self._text(full, column.name, offset, findings)
        try:
            return read(part)
        except ValueError:
            shown = part.decode("ascii") if part.isascii() and part.decode("ascii").isprintable() else part.hex(" ")
            params = {"value": shown.strip(), "type": kind}
            findings.append(Finding("dbf-value-invalid", column.name, offset, len(part), params, "reject"))
            return None

    def _memo_text(self, column: Column, part: bytes, offset: int, findings: list[Finding]) -> str | None:
        digits = part.strip(b" \0")
        if column.width == 4:
            block = int.from_bytes(part, "little")
        elif not digits or digits.isdigit():
            block = int(digits or b"0")
        else:
            block = -1
        if not block:
            return None
        memo = self._memo.get(block) if self._memo is not None else None
        if memo is None:
            code = "memo-missing" if self._memo is None else "memo-unreadable"
            params = {"block": str(block)}
            findings.append(Finding(code, column.name, offset, len(part), params, "reject"))
            return None
        if column.kind != "M":
            return memo.hex()
        found: list[Finding] = []
        text = self._text(memo, column.name, 0, found)
        # Places inside the memo file would be taken for places in the table: the cell's own is told.
        findings += [Finding(each.code, each.field, offset, len(part), each.params, each.severity) for each in found]
        return text

    def _text(self, data: bytes, name: str, offset: int, findings: list[Finding]) -> str:
        if self._table.charset == "cp949":
            text, found = charset.decode_cp949(data, field=name, base=offset)
            findings += found
            return text
        try:
            return data.decode(self._table.charset)
        except UnicodeDecodeError as error:
            byte = f"{data[error.start]:02X}"
            findings.append(reject("charset-invalid", name, offset=offset + error.start, length=1, byte=byte))
            return data.decode(self._table.charset, "replace")


def _behind(data: bytes, offset: int) -> tuple[Finding, ...]:
    rest = data[offset:]
    if not rest.strip(b"\x1a\0\r\n "):
        return ()
    return (loss("dbf-bytes-behind", offset=offset, length=len(rest), bytes=str(len(rest))),)
