"""A file of several kinds of records, told apart by a field: bytes to records and back.

bytes -> pieces (`framing`) -> kind by the field's value -> values (`codec`). One damaged record never stops the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.formats.copybook import fields
from adapters.formats.copybook.codec import Codec
from adapters.formats.copybook.framing import Framing, join, split
from adapters.formats.copybook.plan import Values
from adapters.formats.copybook.source import CopybookError
from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.findings import rejected as any_rejected


@dataclass(frozen=True, slots=True)
class HostRecord:
    """One record.

    Attributes:
        ordinal: 1 for the first of the file. offset: absolute place of its first byte, behind its length.
        raw: its bytes. kind: name of its kind, empty when it is none. values: by key. findings: offsets are absolute.

    """

    ordinal: int
    offset: int
    raw: bytes
    kind: str
    values: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether the record must not be used."""
        return any_rejected(self.findings)


class HostFile:
    """Kinds of records and how they follow one another.

    Args:
        kinds: codecs by kind name. framing: of the file.
        key: name of the field, at the same place in every kind, that tells the kind; empty with a single kind.
        values: kind name by that field's value (trimmed text).

    Raises:
        CopybookError: the field is missing in a kind, or stands elsewhere.

    """

    def __init__(
        self, kinds: Mapping[str, Codec], framing: Framing, *, key: str = "", values: Mapping[str, str] | None = None
    ) -> None:
        self.kinds = dict(kinds)
        self.framing = framing
        self._key = key
        self._values = dict(values or {})
        first = next(iter(self.kinds.values()))
        self._only = "" if key else next(iter(self.kinds))
        self._page = first.rules.page
        self._by_marker: dict[bytes, tuple[str, Codec]] = {}
        self._start = self._end = 0
        if key:
            self._mark(key)

    def _mark(self, key: str) -> None:
        try:
            nodes = [codec.node.find(key) for codec in self.kinds.values()]
        except KeyError:
            raise CopybookError(f"{key} is not in every kind of record") from None
        if len({(node.offset, node.size, node.kind) for node in nodes}) > 1:
            raise CopybookError(f"{key} does not stand at the same place in every kind of record")
        self._start, self._end = nodes[0].offset, nodes[0].offset + nodes[0].size
        for value, kind in self._values.items():
            data, _ = fields.put(nodes[0], value, self.kinds[kind].rules)
            self._by_marker[data] = kind, self.kinds[kind]

    def kind_of(self, raw: bytes) -> str:
        """Tell the kind of a record; empty when it is none."""
        return self._only or self._by_marker.get(raw[self._start : self._end], ("", None))[0]

    def mark(self, kind: str) -> Values:
        """Give the field that tells a kind, with its value; nothing with a single kind."""
        said = next((value for value, known in self._values.items() if known == kind), "")
        return {self._key: said} if self._key else {}

    def read(self, data: bytes) -> Iterator[HostRecord]:
        """Read a file's records in order."""
        for ordinal, (offset, raw, wrong) in enumerate(split(data, self.framing), 1):
            yield (
                self.record(ordinal, offset, raw)
                if wrong is None
                else HostRecord(ordinal, offset, raw, "", {}, (wrong,))
            )

    def record(self, ordinal: int, offset: int, raw: bytes) -> HostRecord:
        """Read one record's bytes."""
        kind = self.kind_of(raw)
        if not kind:
            shown, _ = self._page.careful(raw[self._start : self._end])
            place = offset + self._start
            params = {"value": " ".join(shown.split())}
            found = reject("segment-unknown", offset=place, length=self._end - self._start, **params)
            return HostRecord(ordinal, offset, raw, "", {}, (found,))
        values, findings = self.kinds[kind].read(raw, offset)
        return HostRecord(ordinal, offset, raw, kind, values, findings)

    def write(self, records: Iterable[tuple[str, Values]], *, report: list[Finding] | None = None) -> bytes:
        """Write a file: kind and values of each record. Raises FormatError."""
        findings: list[Finding] = []
        out: list[bytes] = []
        for kind, values in records:
            try:
                out.append(self.kinds[kind].write(values, report=report))
            except FormatError as error:
                findings += error.findings
        if findings:
            raise FormatError(findings)
        return join(out, self.framing)
