"""Fixed-width files as the rows all record codecs share: header, details, closing record with its sums; and back.

bytes -> pieces (`split`) -> cells of clean records, values and findings of all others (`decode`) -> rows. Records that stand
on one line, because a line end is missing, are told apart by their length.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from adapters.formats.findings import Finding, FormatError, reject, repair
from adapters.formats.fixedwidth.amounts import marked_amount
from adapters.formats.fixedwidth.decode import DecodedRecord, Plan, charset_hint, is_plain, unknown
from adapters.formats.fixedwidth.encode import Row as Written
from adapters.formats.fixedwidth.encode import encode, encode_record
from adapters.formats.fixedwidth.layout import Layout, Value
from adapters.formats.fixedwidth.split import split
from adapters.formats.fixedwidth.values import careful
from adapters.formats.rows import HEADER, Cell, CutRow, Row, Values

_TRAILER: Final = "trailer"


@dataclass(frozen=True, slots=True)
class Sums:
    """What a closing record promises: its fields for the number of details and for the sum of their field `of`."""

    count: str = ""
    total: str = ""
    of: str = ""


class FixedRows:
    """The codec of fixed-width files.

    Args:
        layout: kinds of records; a closing one has the role trailer.
        tables: the manifest's table by kind of record; closing records are left out.
        sums: what closing records promise.
        extension: of written files.

    """

    def __init__(self, layout: Layout, tables: Mapping[str, str], sums: Sums, extension: str = "dat") -> None:
        self.layout = layout
        self.tables = dict(tables)
        self._kinds = {table: kind for kind, table in tables.items()}
        self.sums = sums
        self._extension = extension
        self._plans = {kind.marker: Plan(kind) for kind in layout.record_kinds}
        self._closing = next((kind.name for kind in layout.record_kinds if kind.role == _TRAILER), "")
        self.amounts = {
            plan.kind.name: next((at for at, (name, _) in enumerate(plan.readers) if name == sums.of), -1)
            for plan in self._plans.values()
        }
        self._nulls = {
            kind.name: {field.name: frozenset(field.nulls) for field in kind.fields} for kind in layout.record_kinds
        }

    def readers(self, table: str) -> Mapping[str, Callable[[bytes], Value]]:
        """Cells are the fields' bytes in the order in which they stand."""
        marker = self.layout.kind(self._kinds[table]).marker
        return dict(self._plans[marker].readers)

    def read(self, parts: Mapping[str, bytes], findings: list[Finding]) -> Iterator[Row]:
        """Read all records of an item. Raises FormatError when a file is empty or holds none of the layout."""
        if not parts:
            raise FormatError([reject("file-empty")])
        ordinals = count(1)
        for part, data in parts.items():
            if not data.strip(b"\0\x1a\r\n "):
                raise FormatError([reject("file-empty", part)])
            found = charset_hint(data, self.layout)
            findings += found
            batch = _Batch(self, part, findings)
            yield from batch.rows(data, ordinals)
            if not batch.known:
                raise FormatError([*found, reject("layout-unrecognised", part)])

    def plan(self, raw: bytes) -> Plan | None:
        """Tell the kind of a record; None when it is none."""
        layout = self.layout
        return self._plans.get(raw[layout.marker_offset : layout.marker_offset + layout.marker_width])

    def pieces(self, data: bytes) -> Iterator[tuple[int, bytes, Finding | None, bool]]:
        """Cut a file into records: offset, bytes, why it is none, and whether its line end is missing."""
        length = self.layout.record_length
        for offset, raw, wrong in split(data, length, self.layout.line_end):
            starts = range(0, len(raw), length)
            if wrong is None or len(starts) < 2 or len(raw) % length or not all(self.plan(raw[at:]) for at in starts):
                yield offset, raw, wrong, False
                continue
            for at in starts:
                yield offset + at, raw[at : at + length], None, True

    def whole(self, plan: Plan, ordinal: int, offset: int, raw: bytes) -> DecodedRecord:
        """Read a record with its values; amounts marked negative in front are taken for what they are."""
        read = plan.read(ordinal, offset, raw)
        return _with_marked_amounts(read) if read.findings else read

    def settle(self, values: Values, table: str) -> tuple[Values, list[Finding]]:
        """Write the values and read them again."""
        kind = self._kinds[table]
        raw, findings = encode_record(self._written(values, kind), self.layout, kind)
        plan = self.plan(raw)
        if plan is None or any(each.severity == "reject" for each in findings):
            return values, findings
        read = plan.read(0, 0, raw)
        return read.values, [*findings, *read.findings]

    def _written(self, values: Values, kind: str) -> dict[str, Value]:
        """Give values as the fields take them: a word for "none" is none."""
        nulls = self._nulls[kind]
        return {name: None if value in nulls.get(name, ()) else value for name, value in values.items()}

    def write(self, rows: Sequence[tuple[str, Values]], name: str) -> Mapping[str, bytes]:
        """Write an item of one file; the closing record is made here. Raises FormatError."""
        records = [Written(self._written(values, self._kinds[table]), self._kinds[table]) for table, values in rows]
        if self._closing:
            details = [values for table, values in rows if table != HEADER]
            amounts = [row.get(self.sums.of) for row in details]
            total = sum(each for each in amounts if isinstance(each, int))
            closing: dict[str, Value] = {self.sums.count: str(len(details)), self.sums.total: total}
            records.append(Written({name: value for name, value in closing.items() if name}, self._closing))
        return {f"{name}.{self._extension}": encode(records, self.layout)}

    def cells(self, raw: bytes, part: str) -> Sequence[Cell]:
        """Show the fields of one record; a short one shows what there is of it."""
        del part
        plan = self.plan(raw)
        out = []
        for field in sorted(plan.kind.fields if plan else (), key=lambda each: each.offset):
            piece = raw[field.offset : field.end]
            value, found = careful(field, piece, field.offset) if piece else (None, [])
            out.append(Cell(field.name, field.offset, piece, None if value is None else str(value), tuple(found)))
        return out

    def is_complete(self, names: Sequence[str]) -> bool:
        """Single files are always complete."""
        del names
        return True


class _Batch:
    """Walks one file's records with the sums its closing record promises."""

    def __init__(self, codec: FixedRows, part: str, findings: list[Finding]) -> None:
        self.known = False
        self._codec = codec
        self._part = part
        self._findings = findings
        self._headed = False
        self._count = self._total = 0
        self._open = True

    def rows(self, data: bytes, ordinals: Iterator[int]) -> Iterator[Row]:
        codec, part, tables = self._codec, self._part, self._codec.tables
        for (offset, raw, wrong, joined), ordinal in zip(codec.pieces(data), ordinals, strict=False):
            plan = codec.plan(raw) if wrong is None else None
            if plan is None:
                self._detail(offset)
                reason = wrong or unknown(*_marker(raw, offset, codec.layout))
                yield Row(ordinal, part, offset, raw, {}, (reason,))
                continue
            self.known = True
            table = tables.get(plan.kind.name, "")
            if plan.kind.role == "detail" and not joined and is_plain(raw):
                cells = plan.cut(raw)
                if self._counts(plan, cells, offset):
                    yield CutRow(ordinal, part, offset, raw, table, cells, self._again)
                    continue
            read = codec.whole(plan, ordinal, offset, raw)
            if joined:
                noted = repair("line-end-missing", offset=offset, length=len(raw))
                read = dataclasses.replace(read, findings=(*read.findings, noted))
            if plan.kind.role == _TRAILER:
                self._close(read)
                continue
            if table == HEADER:
                self._headed = True
            else:
                self._detail(offset)
                amount = read.values.get(codec.sums.of)
                self._total += amount if isinstance(amount, int) else 0
            yield Row(ordinal, part, offset, raw, read.values, read.findings, table)
        if self._open:
            self._findings.append(reject("trailer-missing", _TRAILER))

    def _counts(self, plan: Plan, cells: Sequence[bytes], offset: int) -> bool:
        """Count a clean detail; False when its amount is not clean."""
        at = self._codec.amounts[plan.kind.name]
        if at >= 0:
            cell = cells[at]
            try:
                amount = int(cell) if cell.isdigit() else plan.readers[at][1](cell)
            except ValueError:
                return False
            self._total += amount if isinstance(amount, int) else 0
        self._detail(offset)
        return True

    def _detail(self, offset: int) -> None:
        self._open = True
        self._count += 1
        if not self._headed:
            self._headed = True
            self._findings.append(repair("header-missing", HEADER, offset=offset))

    def _again(self, row: CutRow) -> Row:
        plan = self._codec.plan(row.raw)
        if plan is None:
            raise ValueError(row.offset)
        read = self._codec.whole(plan, row.ordinal, row.offset, row.raw)
        return Row(row.ordinal, row.part, row.offset, row.raw, read.values, read.findings, row.table)

    def _close(self, read: DecodedRecord) -> None:
        sums = self._codec.sums
        for code, field, found in (
            ("trailer-count-mismatch", sums.count, self._count),
            ("trailer-sum-mismatch", sums.total, self._total),
        ):
            promised = read.values.get(field)
            if field and str(promised or 0).lstrip("0") != str(found).lstrip("0"):
                params = {"promised": str(promised), "found": str(found)}
                self._findings.append(reject(code, _TRAILER, offset=read.offset, length=None, **params))
        self._count, self._total, self._open = 0, 0, False


def _marker(raw: bytes, offset: int, layout: Layout) -> tuple[bytes, int]:
    start = layout.marker_offset
    return raw[start : start + layout.marker_width], offset + start


def _with_marked_amounts(read: DecodedRecord) -> DecodedRecord:
    """Take `△1,200` for the negative amount it is, and say so."""
    findings, values = list(read.findings), dict(read.values)
    for index, finding in enumerate(findings):
        if finding.code == "amount-invalid" and (amount := marked_amount(finding.params["value"])) is not None:
            values[str(finding.field)] = amount
            findings[index] = dataclasses.replace(finding, code="amount-sign-mark", severity="repair")
    return dataclasses.replace(read, values=values, findings=tuple(findings))
