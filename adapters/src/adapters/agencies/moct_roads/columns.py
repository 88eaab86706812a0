"""The mapping table at work: values of a request record to places in the document, and back, entry by entry."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any, Final

from adapters.canonical import disclosure
from adapters.formats.copybook import Node
from adapters.formats.findings import Finding, reject
from adapters.manifest import Manifest
from onnara.exchange.v1 import official_document_pb2 as words
from onnara.exchange.v1.official_document_pb2 import OfficialDocument, RecipientKind

Putter = Callable[[OfficialDocument, Any], None]
Taker = Callable[[OfficialDocument], Any]
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_PLAIN: Final = "[^\x00-\x1f\x7f-\x9f]+"


@dataclass(frozen=True, slots=True)
class Column:
    """One entry made ready.

    Attributes:
        field, offset, length: name in the copybook, place in its record in bytes.
        required: an empty text is refused. codes: allowed texts; empty = any.
        accepts: truth for a text that can be used as it stands; None for numbers, which the codec has judged.
        put, take: to the document and back.

    """

    field: str
    offset: int
    length: int
    required: bool
    codes: frozenset[str]
    accepts: Callable[[str], object] | None
    put: Putter
    take: Taker

    def fault(self, value: Any, base: int | None) -> Finding | None:
        """Find what forbids using a value. `base`: absolute offset of the record, None when it is being written."""
        text = value or ""
        if self.accepts is None or self.accepts(text):
            return None
        code = "pattern-mismatch"
        if not text:
            code = "value-missing"
        elif _CONTROL.search(text):
            code = "control-inside"
        elif self.codes:
            code = "code-unknown"
        offset = None if base is None else base + self.offset
        return reject(code, self.field, offset=offset, length=self.length, value=text)


def columns(manifest: Manifest, record: Node) -> Sequence[Column]:
    """Make the columns of a manifest's mapping table. Raises KeyError when the copybook lacks a field."""
    return [_column(entry, manifest, record) for entry in manifest.mapping if entry.get("as") != "by-hand"]


def _column(entry: Mapping[str, Any], manifest: Manifest, record: Node) -> Column:
    node = record.find(entry["field"])
    codes = manifest.codes(entry["codes"]) if "codes" in entry else {}
    required = bool(entry.get("required"))
    put, take = _functions(entry, codes)
    accepts = None if entry.get("as") == "number" else _accepting(entry, frozenset(codes), required=required)
    return Column(node.key, node.offset, node.size, required, frozenset(codes), accepts, put, take)


def _accepting(entry: Mapping[str, Any], codes: frozenset[str], *, required: bool) -> Callable[[str], object]:
    if codes:
        return (codes if required else codes | {""}).__contains__
    pattern = entry.get("pattern", _PLAIN)
    if required:
        return re.compile(pattern).fullmatch
    return re.compile(f"(?:{pattern})?").fullmatch


def _functions(entry: Mapping[str, Any], codes: Mapping[str, str]) -> tuple[Putter, Taker]:
    way, target = entry.get("as", "text"), entry["to"]
    if way == "recipient":
        return _put_recipient, _take_recipient
    if way == "disclosure":
        return _put_disclosure, lambda document: disclosure.code_of(document.disclosure)
    if way == "retention":
        return _retention(codes)
    before, inside, key = target.partition("extensions.")
    if inside and not before:
        return _extension(key, number=way == "number")
    return _plain(target)


def _retention(codes: Mapping[str, str]) -> tuple[Putter, Taker]:
    numbers = {code: words.Retention.Value(word) for code, word in codes.items()}
    back = {number: code for code, number in numbers.items()}

    def put(document: OfficialDocument, value: str) -> None:
        document.retention = numbers[value]

    return put, lambda document: back.get(document.retention, "")


def _extension(key: str, *, number: bool) -> tuple[Putter, Taker]:
    def put(document: OfficialDocument, value: Any) -> None:
        document.extensions[key] = str(value)

    def take(document: OfficialDocument) -> Any:
        text = document.extensions.get(key, "")
        if not number:
            return text
        try:
            return Decimal(text) if text else None
        except InvalidOperation:
            return text

    return put, take


def _put_recipient(document: OfficialDocument, value: str) -> None:
    recipient = document.recipients.add()
    recipient.kind = RecipientKind.RECIPIENT_KIND_GOVERNMENT
    recipient.agency.code = value


def _take_recipient(document: OfficialDocument) -> str:
    return document.recipients[0].agency.code if document.recipients else ""


def _put_disclosure(document: OfficialDocument, value: str) -> None:
    disclosure.fill(document.disclosure, value)


def _plain(path: str) -> tuple[Putter, Taker]:
    parent, _, leaf = path.rpartition(".")
    at = attrgetter(path)

    def put(document: OfficialDocument, value: str) -> None:
        setattr(attrgetter(parent)(document) if parent else document, leaf, value)

    return put, at
