"""The petition portal's folders to petitions, and what becomes of them back. One folder is one message."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from adapters.agencies.petition_portal import reading
from adapters.agencies.petition_portal.writing import item_of
from adapters.contract import Decoded, Encoded, FieldView, Item, Outgoing, Record
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.manifest import Manifest


def create(manifest: Manifest) -> "PetitionPortal":
    """Make the adapter of a manifest."""
    return PetitionPortal(manifest)


class PetitionPortal:
    """Translates petitions and reports of what became of them."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest.name
        self.mapping_version = manifest.mapping_version
        self._labels: Mapping[str, str] = {entry["field"]: entry["label"] for entry in manifest.mapping}

    def decode(self, item: Item) -> Decoded:
        """Translate a folder. Raises FormatError when document or list of hashes is missing."""
        parts = reading.parts_of(item)
        raw = parts[reading.DOCUMENT]
        if item.size > reading.MOST_BYTES:
            return _refused(raw, [reject("petition-too-large", limit=str(reading.MOST_BYTES))])
        found = reading.differing(item, parts)
        try:
            document = reading.document_of(raw)
        except FormatError as error:
            return _refused(raw, [*found, *error.findings])
        message, blobs, more = reading.message_of(document, parts)
        found += more
        if rejected(found):
            # Without a key: what is put right and sent again is not taken for its double.
            return _refused(raw, found)
        key = reading.key_of(document)
        return Decoded([Record(1, reading.DOCUMENT, 0, raw, key, message, tuple(found), blobs)])

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Write a folder for each message."""
        items, carried, refused = [], [], {}
        for index, outgoing in enumerate(messages):
            try:
                items.append(item_of(outgoing))
                carried.append((index,))
            except FormatError as error:
                refused[index] = error.findings
        return Encoded(items, (), refused, carried)

    def fields(self, record: bytes, part: str) -> Sequence[FieldView]:
        """Show the document's members, each beside the bytes of its value."""
        del part
        try:
            members: dict[str, Any] = msgspec.json.decode(record, type=dict[str, msgspec.Raw])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # Not apart: the whole document, as bytes.
            return (FieldView(reading.DOCUMENT, "문서", 0, record, None),)
        views, place = [], 0
        for name, raw in members.items():
            value = bytes(raw)
            key = record.find(b'"%s"' % name.encode("utf-8", "replace"), place)
            start = record.find(value, key + len(name.encode("utf-8", "replace")) + 2) if key >= 0 else -1
            if start >= 0:
                place = start + len(value)
                views.append(FieldView(name, self._labels.get(name, name) or "-", start, value, _shown(value)))
        return views

    def is_complete(self, names: Sequence[str]) -> bool:
        """Tell whether the list of hashes is there, which is written last."""
        return reading.HASHES in names


def _shown(value: bytes) -> str:
    text = value.decode("utf-8", "replace")
    if not text.startswith('"'):
        return text
    try:
        return str(msgspec.json.decode(text))
    except msgspec.DecodeError:
        return text


def _refused(raw: bytes, findings: Sequence[Finding]) -> Decoded:
    return Decoded([Record(1, reading.DOCUMENT, 0, raw, "", None, tuple(findings))])
