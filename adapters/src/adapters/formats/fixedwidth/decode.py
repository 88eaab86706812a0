"""Bytes of a fixed-width file to records: cut first, decode after. One damaged record never stops the file."""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from adapters.formats.charset import looks_like_utf8
from adapters.formats.findings import Finding, reject
from adapters.formats.findings import rejected as any_rejected
from adapters.formats.fixedwidth.layout import Field, Layout, RecordKind, Totals, Value
from adapters.formats.fixedwidth.split import split
from adapters.formats.fixedwidth.values import careful, fast


@dataclass(frozen=True, slots=True)
class DecodedRecord:
    """One record.

    Attributes:
        ordinal: 1 for the first record of the file, headers and trailers counted.
        offset: absolute place of its first byte. raw: its bytes, without line end.
        kind: name of its `RecordKind`, empty when it is none. values: by field name, fillers left out.
        findings: what was noticed; offsets in them are absolute.

    """

    ordinal: int
    offset: int
    raw: bytes
    kind: str
    values: Mapping[str, Value]
    findings: tuple[Finding, ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether the record must not be used."""
        return any_rejected(self.findings)


@dataclass(slots=True)
class FileReport:
    """What became of the file; complete once all records were taken.

    Attributes:
        size: bytes of the file. records: pieces met; accepted + rejected = records.
        by_kind: records by kind name. findings: about the file as a whole, such as totals that do not match.

    """

    size: int
    records: int = 0
    accepted: int = 0
    rejected: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class Decoding:
    """Records of one file, read once; `report` fills while they are taken."""

    def __init__(self, data: bytes, layout: Layout) -> None:
        self._data = data
        self._layout = layout
        self.report = FileReport(len(data))

    def __iter__(self) -> Iterator[DecodedRecord]:
        layout, report = self._layout, self.report
        report.findings += charset_hint(self._data, layout)
        plans = {kind.marker: Plan(kind) for kind in layout.record_kinds}
        start, end = layout.marker_offset, layout.marker_offset + layout.marker_width
        sums = _Sums(layout.totals, report) if layout.totals else None
        ordinal = 0
        for ordinal, (offset, raw, wrong) in enumerate(split(self._data, layout.record_length, layout.line_end), 1):
            plan = plans.get(raw[start:end]) if wrong is None else None
            if plan is not None:
                record = plan.read(ordinal, offset, raw)
                report.by_kind[record.kind] = report.by_kind.get(record.kind, 0) + 1
                if sums is not None:
                    sums.take(plan.kind, record)
            else:
                reason = wrong or unknown(raw[start:end], offset + start)
                record = DecodedRecord(ordinal, offset, raw, "", {}, (reason,))
            if record.findings and record.rejected:
                report.rejected += 1
            else:
                report.accepted += 1
            yield record
        report.records = ordinal
        if sums is not None:
            sums.finish()


def decode(data: bytes, layout: Layout) -> Decoding:
    """Decode a file: iterate over the result for the records, then look at its `report`."""
    return Decoding(data, layout)


class Plan:
    """One kind of record made ready: one unpack cuts all fields, one converter each reads them.

    cut: bytes of a record -> bytes of its fields in their order. readers: name and converter of each, which raises
    ValueError for anything odd.
    """

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind
        self._name = kind.name
        self._fields = tuple(
            sorted((each for each in kind.fields if each.kind != "filler"), key=lambda each: each.offset)
        )
        self.readers: tuple[tuple[str, Callable[[bytes], Value]], ...] = tuple(
            (each.name, fast(each)) for each in self._fields
        )
        self.cut = struct.Struct(_format(self._fields)).unpack_from

    def read(self, ordinal: int, offset: int, raw: bytes) -> DecodedRecord:
        """Read a record of this kind, of the layout's length."""
        if is_plain(raw):
            try:
                pairs = zip(self.readers, self.cut(raw), strict=True)
                values = {name: read(part) for (name, read), part in pairs}
            except ValueError:
                pass
            else:
                return DecodedRecord(ordinal, offset, raw, self._name, values)
        findings: list[Finding] = []
        slow: dict[str, Value] = {}
        for each, part in zip(self._fields, self.cut(raw), strict=True):
            slow[each.name], found = careful(each, part, offset + each.offset)
            findings += found
        return DecodedRecord(ordinal, offset, raw, self._name, slow, tuple(findings))


def is_plain(raw: bytes) -> bool:
    """Tell whether a record holds neither NUL nor letters written as eight bytes: those are for the careful way."""
    return b"\0" not in raw and b"\xa4\xd4" not in raw


def _format(fields: tuple[Field, ...]) -> str:
    out, end = ["="], 0
    for each in fields:
        out.append(f"{each.offset - end}x{each.width}s")
        end = each.end
    return "".join(out)


class _Sums:
    """Counts details and adds amounts up to each trailer, then compares."""

    def __init__(self, totals: Totals, report: FileReport) -> None:
        self._totals = totals
        self._report = report
        self._count = 0
        self._sum: int | Decimal = 0
        self._open = True

    def take(self, kind: RecordKind, record: DecodedRecord) -> None:
        if kind.role == "detail":
            self._open = True
            self._count += 1
            amount = record.values.get(self._totals.amount_field or "")
            if isinstance(amount, int | Decimal):
                self._sum += amount
        elif kind.name == self._totals.trailer:
            self._compare("trailer-count-mismatch", self._totals.count_field, record, self._count)
            self._compare("trailer-sum-mismatch", self._totals.sum_field, record, self._sum)
            self._count, self._sum, self._open = 0, 0, False

    def _compare(self, code: str, name: str | None, record: DecodedRecord, found: int | Decimal) -> None:
        if name is None:
            return
        promised = record.values.get(name)
        number = int(promised) if isinstance(promised, str) else promised
        if number != found:
            where = record.offset
            self._report.findings.append(reject(code, name, offset=where, promised=str(promised), found=str(found)))

    def finish(self) -> None:
        if self._open:
            self._report.findings.append(reject("trailer-missing", self._totals.trailer, offset=self._report.size))


def unknown(marker: bytes, offset: int) -> Finding:
    """Make the finding about a record that is of no kind of the layout."""
    return reject("record-kind-unknown", offset=offset, length=len(marker), marker=marker.decode("cp949", "replace"))


def charset_hint(data: bytes, layout: Layout) -> list[Finding]:
    """Tell early when a file laid out for CP949 is UTF-8: its widths cannot fit."""
    korean = any(each.charset == "cp949" for kind in layout.record_kinds for each in kind.fields)
    head = data[:65536]
    for _ in range(3):
        if len(head) == len(data) or not head or head[-1] < 0x80:
            break
        head = head[:-1]
    if korean and not head.isascii() and looks_like_utf8(head):
        return [reject("charset-declared-wrong", offset=0, declared="cp949", actual="utf-8")]
    return []
