"""Budget batches: fixed-width bytes to `RequestReceived`, one a detail record, and back; answers to `R` records and back.

The manifest's tables drive both directions: `requests` reads and writes what they say, `results` does the answers.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence

from adapters.agencies.mpb_budget.quirks import marked_amount
from adapters.agencies.mpb_budget.requests import Requests
from adapters.agencies.mpb_budget.results import Results
from adapters.canonical import moments, policy
from adapters.canonical.layouts import record_kind
from adapters.contract import Decoded, Encoded, FieldView, Item, Outgoing, Record
from adapters.formats.findings import Finding, FormatError, reject, rejected, repair
from adapters.formats.fixedwidth import DecodedRecord, Layout, Value, decode
from adapters.formats.fixedwidth.values import careful
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import RequestReceived, ResultReported


def create(manifest: Manifest) -> "BudgetAdapter":
    """Make the adapter of a manifest."""
    return BudgetAdapter(manifest)


class BudgetAdapter:
    """Translates batches of the budget system."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest.name
        self.mapping_version = manifest.mapping_version
        self._manifest = manifest
        tables, codes = manifest.tables, manifest.tables["codes"]
        self.layout = Layout(
            kinds=(
                record_kind("header", "header", "H", tables["header"], codes),
                record_kind("detail", "detail", "D", manifest.mapping, codes),
                record_kind("result", "detail", "R", tables["result"], codes),
                record_kind("trailer", "trailer", "T", tables["trailer"], codes),
            ),
            **tables["layout"],
        )
        self._day_at = next(each["offset"] for each in manifest.mapping if each["field"] == "requested_on")
        self._labels = {entry["field"]: entry["label"] for entry in (*manifest.mapping, *tables["result"])}
        self._requests = Requests(manifest, self.layout)
        self._results = Results(manifest, self.layout)

    def decode(self, item: Item) -> Decoded:
        """Translates a batch. Raises FormatError when it is empty or holds no record of the layout."""
        records: list[Record] = []
        findings: list[Finding] = []
        for part, data in item.parts.items():
            if not data.strip(b"\0\x1a\r\n "):
                raise FormatError([reject("file-empty", part)])
            decoding = decode(data, self.layout)
            records += _Batch(self, self.layout, part, findings).records(iter(decoding))
            if not decoding.report.by_kind:
                raise FormatError([*decoding.report.findings, reject("layout-unrecognised", part)])
            findings += decoding.report.findings
        if not item.parts:
            raise FormatError([reject("file-empty", item.name)])
        return Decoded(records, tuple(findings))

    def record(self, part: str, read: DecodedRecord, ordinal: int, header: dict[str, Value]) -> Record:
        """Translate one detail record, of whatever kind."""
        if not read.kind:
            return Record(ordinal, part, read.offset, read.raw, "", None, read.findings)
        found = policy.apply(read.findings, self._manifest.loss) if read.findings else ()
        day = read.values.get("requested_on")
        if isinstance(day, dt.date) and not moments.is_plausible(day):
            found = (
                *found,
                reject("date-invalid", "requested_on", offset=read.offset + self._day_at, value=day.isoformat()),
            )
        if found and rejected(found):
            return Record(ordinal, part, read.offset, read.raw, "", None, found)
        make = self._requests.message if read.kind == "detail" else self._results.message
        key, message = make(read.values, header)
        return Record(ordinal, part, read.offset, read.raw, key, message, found)

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Translates requests into batches and answers into answer files."""
        items: list[Item] = []
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        requests = [(i, o) for i, o in enumerate(messages) if isinstance(o.message, RequestReceived)]
        results = [(i, o) for i, o in enumerate(messages) if isinstance(o.message, ResultReported)]
        for index, outgoing in enumerate(messages):
            if not isinstance(outgoing.message, RequestReceived | ResultReported):
                refused[index] = (reject("message-not-carried", kind=outgoing.message.DESCRIPTOR.name),)
        for writer, chosen in ((self._requests, requests), (self._results, results)):
            made, noticed, wrong = writer.encode(chosen)
            items += made
            findings += noticed
            refused |= wrong
        return Encoded(items, tuple(findings), refused)

    def fields(self, record: bytes, part: str) -> Sequence[FieldView]:
        """Shows a record's fields beside their bytes; a short record shows what there is of it."""
        del part
        marker = record[:1]
        kind = next((each for each in self.layout.record_kinds if each.marker == marker), None)
        views = []
        for field in sorted(kind.fields if kind else (), key=lambda each: each.offset):
            raw = record[field.offset : field.end]
            value, found = careful(field, raw, field.offset) if raw else (None, [])
            shown = None if value is None else str(value)
            views.append(
                FieldView(field.name, self._labels.get(field.name, field.name), field.offset, raw, shown, tuple(found))
            )
        return views

    def is_complete(self, names: Sequence[str]) -> bool:
        """Single files are always complete."""
        del names
        return True


class _Batch:
    """Walks one file's records with the header that holds for them and the sums its trailer promises."""

    def __init__(self, adapter: BudgetAdapter, layout: Layout, part: str, findings: list[Finding]) -> None:
        self._adapter = adapter
        self._layout = layout
        self._part = part
        self._findings = findings
        self._header: dict[str, Value] | None = None
        self._count = 0
        self._total = 0
        self._open = True

    def records(self, reading: Iterator[DecodedRecord]) -> Iterator[Record]:
        for ordinal, read in enumerate(self._single(reading), 1):
            if read.kind == "header":
                self._header = dict(read.values)
                self._findings += read.findings
            elif read.kind == "trailer":
                self._close(read)
            else:
                yield self._detail(read, ordinal)
        if self._open:
            self._findings.append(reject("trailer-missing", "trailer"))

    def _single(self, reading: Iterator[DecodedRecord]) -> Iterator[DecodedRecord]:
        """Tell records apart that stand on one line because a line end is missing."""
        layout, length = self._layout, self._layout.record_length
        markers = {kind.marker for kind in layout.record_kinds}
        for read in reading:
            starts = range(0, len(read.raw), length)
            glued = not read.kind and len(starts) > 1 and len(read.raw) % length == 0
            if not glued or any(read.raw[at : at + 1] not in markers for at in starts):
                yield read
                continue
            for at in starts:
                for single in decode(read.raw[at : at + length], layout):
                    yield _moved(single, read.offset + at)

    def _detail(self, read: DecodedRecord, ordinal: int) -> Record:
        self._open = True
        if self._header is None:
            self._header = {}
            self._findings.append(repair("header-missing", "header", offset=read.offset))
        self._count += 1
        if read.kind:
            if read.findings:
                read = _with_marked_amount(read)
            amount = read.values.get("amount")
            self._total += amount if isinstance(amount, int) else 0
        return self._adapter.record(self._part, read, ordinal, self._header)

    def _close(self, read: DecodedRecord) -> None:
        for code, promised, found in (
            ("trailer-count-mismatch", read.values["count"], self._count),
            ("trailer-sum-mismatch", read.values["total"], self._total),
        ):
            if str(promised or 0).lstrip("0") != str(found).lstrip("0"):
                params = {"promised": str(promised), "found": str(found)}
                self._findings.append(reject(code, "trailer", offset=read.offset, length=None, **params))
        self._count, self._total, self._open = 0, 0, False


def _with_marked_amount(read: DecodedRecord) -> DecodedRecord:
    """Take `△1,200` for the negative amount it is, and say so."""
    for index, finding in enumerate(read.findings):
        if finding.code == "amount-invalid" and (amount := marked_amount(finding.params["value"])) is not None:
            noted = repair(
                "amount-sign-mark", finding.field, offset=finding.offset, length=finding.length, **finding.params
            )
            values = {**read.values, str(finding.field): amount}
            return DecodedRecord(
                read.ordinal, read.offset, read.raw, read.kind, values,
                (*read.findings[:index], noted, *read.findings[index + 1 :]),
            )  # fmt: skip
    return read


def _moved(read: DecodedRecord, offset: int) -> DecodedRecord:
    """Give a record the place it has in the file; it was read by itself."""
    findings = [
        dataclasses.replace(finding, offset=None if finding.offset is None else finding.offset + offset)
        for finding in read.findings
    ]
    noted = repair("line-end-missing", offset=offset, length=len(read.raw))
    return dataclasses.replace(read, offset=offset, findings=(*findings, noted))
