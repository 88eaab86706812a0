"""A pack's values beside their bytes, for a person who looks for what is wrong: header first, then the document in it."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from adapters.contract import FieldView
from adapters.formats.charset import decode_cp949

_HEADER: Final = re.compile(
    rb"<(send-orgcode|send-id|send-name|receive-id|date|title|doc-id|send-gw)>(.*?)</\1>", re.DOTALL
)
_TYPE: Final = re.compile(rb'\b(type|dept|name)="([^"]*)"')
_CONTENT: Final = re.compile(rb"<content\b([^>]*)>(.*?)</content>", re.DOTALL)
_LEAF: Final = re.compile(rb"<([a-z]+)(?:\s[^<>]*)?>([^<>]*)</\1>")
_ENCODED: Final = frozenset({b"send-name", b"title", b"send-gw", b"dept", b"name"})
_SHOWN: Final = 40


def fields(record: bytes, labels: Mapping[str, str]) -> Sequence[FieldView]:
    """Give the values in the order they stand. Offsets of a document's values are those of its content in the pack."""
    head_end = record.find(b"</header>")
    head = record[: head_end if head_end >= 0 else len(record)]
    found = [_view(match, "pack", labels) for match in _HEADER.finditer(head)]
    at = head.find(b"<doc-type")
    if at >= 0:
        inside = head[at : head.find(b">", at) + 1]
        found += [_view(match, "pack", labels, at) for match in _TYPE.finditer(inside)]
    found.sort(key=lambda view: view.offset)
    for match in _CONTENT.finditer(record, len(head)):
        found += _content(match, labels)
    return found


def _view(match: re.Match[bytes], prefix: str, labels: Mapping[str, str], shift: int = 0) -> FieldView:
    raw = match[2]
    name = f"{prefix}.{'doc_type' if match[1] == b'type' else match[1].decode('ascii').replace('-', '_')}"
    data = _plain(raw) if match[1] in _ENCODED else raw
    label = labels.get(name) or labels.get(f"{name}s") or name
    return FieldView(name, label, match.start(2) + shift, raw, None if data is None else _text(data))


def _content(match: re.Match[bytes], labels: Mapping[str, str]) -> Iterator[FieldView]:
    role = re.search(rb'content-role="([^"]*)"', match[1])
    name = re.search(rb'filename="([^"]*)"', match[1])
    data = _plain(match[2])
    title = _plain(name[1]) if name else None
    raw = match[2][:_SHOWN]
    shown = None if data is None else f"{_text(title or b'')} ({len(data)} B)"
    kind = (role[1] if role else b"?").decode("ascii", "replace")
    yield FieldView(f"contents.{kind}", labels.get("contents", kind), match.start(2), raw, shown)
    if kind != "pubdoc" or data is None:
        return
    for leaf in _LEAF.finditer(data):
        field = f"pubdoc.{leaf[1].decode('ascii')}"
        label = labels.get(field) or labels.get(field.replace("pubdoc", "sendinfo")) or field
        yield FieldView(field, label, match.start(2), leaf[2], _text(leaf[2]))


def _plain(raw: bytes) -> bytes | None:
    try:
        return base64.b64decode(raw, validate=False)
    except binascii.Error:
        return None


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8") if not data.isascii() else data.decode("ascii")
    except UnicodeDecodeError:
        return decode_cp949(data)[0]
