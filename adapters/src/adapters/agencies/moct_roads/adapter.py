"""Batches of the road works host: EBCDIC records to `RequestReceived`, one a request record, and back; answers likewise.

The copybook says where each field stands, the manifest's mapping table where it goes; `requests` and `results` do both ways.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import count
from typing import Any

from adapters.agencies.moct_roads.line import Line
from adapters.agencies.moct_roads.requests import Requests
from adapters.agencies.moct_roads.results import Results
from adapters.canonical import policy
from adapters.contract import Decoded, Encoded, FieldView, Item, Outgoing, Record
from adapters.formats.copybook import HOST, Codec, HostFile, HostRecord, Place, Rules, parse
from adapters.formats.copybook.fields import careful
from adapters.formats.ebcdic import page
from adapters.formats.findings import Finding, FormatError, reject, rejected, repair
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import RequestReceived, ResultReported


def create(manifest: Manifest) -> "RoadsAdapter":
    """Make the adapter of a manifest."""
    return RoadsAdapter(manifest)


def host_file(manifest: Manifest) -> HostFile:
    """Make the file's layout: the copybook beside the manifest, and what the manifest says of it."""
    layout = manifest.tables["layout"]
    substitute = frozenset(field for field, loss in manifest.loss.items() if loss == "substitute")
    rules = Rules(page(layout["page"]), substitute=substitute | {"OPINION"})
    copybook = files(__package__).joinpath(layout["copybook"]).read_text("utf-8")
    kinds = {record.name: Codec(record, rules) for record in parse(copybook, "fixed")}
    return HostFile(kinds, HOST, key=layout["key"], values=layout["kinds"])


class RoadsAdapter:
    """Translates batches of the road works system."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest.name
        self.mapping_version = manifest.mapping_version
        self.file = host_file(manifest)
        self._loss = manifest.loss
        self._labels = {entry["field"]: entry["label"] for entry in manifest.mapping} | manifest.tables["labels"]
        line = Line(manifest)
        self._requests = Requests(manifest, self.file, line)
        self._results = Results(manifest, self.file, line)

    def decode(self, item: Item) -> Decoded:
        """Translates a batch. Raises FormatError when it is empty or holds no record of the copybook."""
        records: list[Record] = []
        findings: list[Finding] = []
        ordinals = count(1)
        for part, data in item.parts.items():
            if not data.strip(b"\0\x1a\r\n\x40 \t"):
                raise FormatError([reject("file-empty", part)])
            batch = _Batch(self, part, findings)
            records += batch.records(zip(self.file.read(data), ordinals, strict=False))
            if not batch.known:
                raise FormatError([*findings, reject("layout-unrecognised", part)])
        if not item.parts:
            raise FormatError([reject("file-empty", item.name)])
        return Decoded(records, tuple(findings))

    def record(self, part: str, read: HostRecord, ordinal: int, header: Mapping[str, Any]) -> Record:
        """Translate one request or answer, or refuse what is neither."""
        found = policy.apply(read.findings, self._loss) if read.findings else ()
        if not read.kind or rejected(found):
            return Record(ordinal, part, read.offset, read.raw, "", None, found)
        translate = self._requests.message if read.kind == "REQUEST-REC" else self._results.message
        key, message, faults = translate(read, header)
        if faults:
            return Record(ordinal, part, read.offset, read.raw, "", None, (*found, *faults))
        return Record(ordinal, part, read.offset, read.raw, key, message, found)

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Translates requests into batches and answers into answer files."""
        items: list[Item] = []
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        chosen = list(enumerate(messages))
        for index, outgoing in chosen:
            if not isinstance(outgoing.message, RequestReceived | ResultReported):
                refused[index] = (reject("message-not-carried", kind=outgoing.message.DESCRIPTOR.name),)
        for writer in (self._requests, self._results):
            made, noticed, wrong = writer.encode(chosen)
            items += made
            findings += noticed
            refused |= wrong
        return Encoded(items, tuple(findings), refused)

    def fields(self, record: bytes, part: str) -> Sequence[FieldView]:
        """Shows a record's fields beside their bytes, and what would be written otherwise; a short record as far as it goes."""
        del part
        kind = self.file.kind_of(record)
        if not kind:
            whole = HOST.size(record, 0)
            return [FieldView("RECORD", "레코드", 0, record, None if whole < 0 else str(whole), binary=True)]
        codec = self.file.kinds[kind]
        differences = {each.offset: each for each in codec.differences(record)}
        return [self._view(codec, place, record, differences) for place in codec.places(record)]

    def _view(self, codec: Codec, place: Place, record: bytes, differences: Mapping[int | None, Finding]) -> FieldView:
        raw = record[place.offset : place.offset + place.node.size]
        value, found = careful(place.node, raw, codec.rules, place.offset)
        if place.offset in differences and not found:
            found = [differences[place.offset]]
        name = place.key or "FILLER"
        label = self._labels.get(place.node.key, name)
        return FieldView(
            name, label, place.offset, raw, None if value is None else str(value), tuple(found), binary=True
        )

    def is_complete(self, names: Sequence[str]) -> bool:
        """Single files are always complete."""
        del names
        return True


class _Batch:
    """Walks one file's records with the header that holds for them and the sums its trailer promises."""

    def __init__(self, adapter: RoadsAdapter, part: str, findings: list[Finding]) -> None:
        self.known = False
        self._adapter = adapter
        self._part = part
        self._findings = findings
        self._header: Mapping[str, Any] | None = None
        self._count = 0
        self._total = 0
        self._open = True

    def records(self, reading: Iterator[tuple[HostRecord, int]]) -> Iterator[Record]:
        for read, ordinal in reading:
            self.known = self.known or bool(read.kind)
            if read.kind == "HEADER-REC":
                self._header = read.values
                self._findings += read.findings
            elif read.kind == "TRAILER-REC":
                self._close(read)
            else:
                yield self._detail(read, ordinal)
        if self._open:
            self._findings.append(reject("trailer-missing", "trailer"))

    def _detail(self, read: HostRecord, ordinal: int) -> Record:
        self._open = True
        if self._header is None:
            self._header = {}
            self._findings.append(repair("header-missing", "header", offset=read.offset))
        if read.kind != "RESULT-REC":
            self._count += 1
            cost = read.values.get("WORKS-COST")
            self._total += cost if isinstance(cost, int) else 0
        return self._adapter.record(self._part, read, ordinal, self._header)

    def _close(self, read: HostRecord) -> None:
        self._findings += read.findings
        for code, promised, found in (
            ("trailer-count-mismatch", read.values["REQUEST-COUNT"], self._count),
            ("trailer-sum-mismatch", read.values["COST-TOTAL"], self._total),
        ):
            if promised != found:
                params = {"promised": str(promised), "found": str(found)}
                self._findings.append(reject(code, "trailer", offset=read.offset, length=None, **params))
        self._count, self._total, self._open = 0, 0, False
