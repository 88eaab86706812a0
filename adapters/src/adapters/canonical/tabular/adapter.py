"""An adapter made of a manifest and a codec alone: files -> rows -> messages, messages -> rows -> files.

An agency's `adapter.py` chooses the codec and hands its manifest on; what a table cannot say it adds by a subclass.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.canonical.forms import FORMS
from adapters.canonical.tabular.records import Kind
from adapters.canonical.tabular.table import Table
from adapters.contract import Decoded, Encoded, FieldView, Item, Outgoing, Record
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.formats.rows import DETAIL, HEADER, Codec, Row, Values
from adapters.manifest import Manifest, ManifestError

_DEFAULT: Mapping[str, Any] = {"table": DETAIL, "message": "RequestReceived"}


class TabularAdapter:
    """Translates records of one agency.

    Raises:
        ManifestError: the mapping names a place, a kind or a table of codes that is none.

    """

    def __init__(self, manifest: Manifest, codec: Codec) -> None:
        self.name = manifest.name
        self.mapping_version = manifest.mapping_version
        self.manifest = manifest
        self._codec = codec
        self._mixed: bool = manifest.tables.get("layout", {}).get("mixed", False)
        try:
            self.kinds = self._made(manifest)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ManifestError(manifest.name, [f"mapping: {error}"]) from None
        self._labels = {
            each["field"]: each["label"]
            for name in (HEADER, *(table for kind in self.kinds for table in (kind.table_name, *kind.repeats)))
            for each in (manifest.mapping if name == DETAIL else manifest.tables.get(name, ()))
            if "label" in each
        } | manifest.tables.get("labels", {})

    def _made(self, manifest: Manifest) -> list[Kind]:
        entries = manifest.tables.get("record", (_DEFAULT,))
        kinds = []
        for entry in entries:
            head = None
            named = entry.get("header", HEADER in manifest.tables)
            if named:
                fields = manifest.tables[HEADER if named is True else named]
                head = Table(manifest, fields, FORMS[entry.get("message", "RequestReceived")], head=True)
            kinds.append(Kind(manifest, self._codec, entry, head))
        return kinds

    def decode(self, item: Item) -> Decoded:
        """Translates an item. Raises FormatError when it is empty or holds no record of the layout."""
        if not any(item.parts.values()):
            raise FormatError([reject("file-empty", item.name)])
        records: list[Record] = []
        findings: list[Finding] = []
        by_table = {kind.table_name: kind for kind in self.kinds}
        header: Values = {}
        for row in self._codec.read(item.parts, findings):
            kind = by_table.get(row.table)
            if kind is not None:
                records.append(kind.record(row, header))
            elif row.table == HEADER:
                header = row.values
                findings += row.findings
            else:
                records.append(_foreign(row))
        if not records and rejected(findings):
            raise FormatError(findings)
        return Decoded(records, tuple(findings))

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Translates messages; one item for all of one kind and one header."""
        batches: dict[tuple[Any, ...], _Batch] = {}
        findings: list[Finding] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        for index, outgoing in enumerate(messages):
            kind = next((each for each in self.kinds if isinstance(outgoing.message, each.form)), None)
            if kind is None or kind.form.DESCRIPTOR.name not in self.manifest.writes:
                refused[index] = (reject("message-not-carried", kind=outgoing.message.DESCRIPTOR.name),)
                continue
            values, header, found = kind.values(outgoing.message)
            findings += [each for each in found if each.severity != "reject"]
            if rejected(found):
                refused[index] = tuple(each for each in found if each.severity == "reject")
                continue
            key = ("" if self._mixed else kind.table_name, index if kind.single else None, *header.items())
            batch = batches.setdefault(key, _Batch(kind, header, [], []))
            batch.name = batch.name or outgoing.name
            batch.indexes.append(index)
            batch.rows.append((kind.table_name, values))
        items: list[Item] = []
        carried: list[tuple[int, ...]] = []
        for batch in batches.values():
            try:
                items.append(self._item(batch, {item.name for item in items}))
                carried.append(tuple(batch.indexes))
            except FormatError as error:
                refused |= dict.fromkeys(batch.indexes, error.findings)
        return Encoded(items, tuple(findings), refused, carried)

    def _item(self, batch: "_Batch", taken: Collection[str]) -> Item:
        """Write a batch. Named after its first record, so that a batch written twice has one name. Raises FormatError."""
        rows: list[tuple[str, Values]] = [(HEADER, batch.header)] if batch.header else []
        rows += batch.rows
        table, begun = batch.rows[0]
        first = next((str(value) for value in begun.values() if value), "")
        plain = "".join(char if char.isalnum() or char in "-_." else "-" for char in first[:60])
        prefix = self.manifest.tables.get("names", {}).get(table, f"{self.name}_{table}_")
        name = batch.name or batch.kind.named(begun) or f"{prefix}{plain}"
        parts = self._codec.write(rows, name)
        single = next(iter(parts)) if len(parts) == 1 else name
        if single in taken:
            parts = self._codec.write(rows, f"{name}-{len(taken) + 1}")
            single = next(iter(parts)) if len(parts) == 1 else f"{name}-{len(taken) + 1}"
        return Item(single, parts)

    def fields(self, record: bytes, part: str) -> Sequence[FieldView]:
        """Shows a record's fields beside their bytes."""
        best: tuple[int, list[FieldView]] = (0, [])
        for kind in self.kinds:
            known, views = kind.views(record, part, self._labels)
            # The kind that knows most of the fields, and finds least fault with them.
            score = known - sum(map(_faults, views))
            if not best[1] or score > best[0]:
                best = score, views
        return best[1]

    def is_complete(self, names: Sequence[str]) -> bool:
        """Tells whether an item with these files is whole."""
        return self._codec.is_complete(names)


@dataclass(slots=True)
class _Batch:
    """Messages that go out as one item: under one header, of one table unless the layout mixes them. kind: of the first."""

    kind: Kind
    header: Values
    indexes: list[int]
    rows: list[tuple[str, Values]]
    name: str = ""


def _faults(view: FieldView) -> int:
    return len(view.findings)


def _foreign(row: Row) -> Record:
    """Account for a row that belongs to no table of the manifest."""
    findings = (
        row.findings
        if rejected(row.findings)
        else (*row.findings, reject("record-kind-unknown", offset=row.offset, marker=row.table))
    )
    return Record(row.ordinal, row.part, row.offset, row.raw, "", None, findings)
