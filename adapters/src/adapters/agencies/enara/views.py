"""An `exchange.xml` beside its bytes, for a person who looks for what is wrong: every element and attribute with a value."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.contract import FieldView
from adapters.formats.charset import decode_cp949

_TAG: Final = re.compile(
    rb"<(?P<close>/)?(?P<name>[A-Z_]+)(?P<attributes>[^<>]*?)(?P<empty>/)?>(?:<!\[CDATA\[(?P<cdata>.*?)\]\]>|(?P<text>[^<]*))",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(rb'([A-Za-z_]+)\s*=\s*"([^"]*)"')


def fields(record: bytes, labels: Mapping[str, str]) -> Sequence[FieldView]:
    """Give the values in the order they stand, named by their element and its parent."""
    views: list[FieldView] = []
    open_: list[str] = []
    for match in _TAG.finditer(record):
        name = match["name"].decode("ascii")
        if match["close"]:
            while open_ and open_.pop() != name:
                continue
            continue
        path = f"{open_[-1]}/{name}" if open_ else name
        for attribute in _ATTRIBUTE.finditer(match["attributes"]):
            field = f"{name}@{attribute[1].decode('ascii')}"
            views.append(_view(field, labels, match.start("attributes") + attribute.start(2), attribute[2]))
        group = "cdata" if match["cdata"] is not None else "text"
        if match[group].strip():
            views.append(_view(path, labels, match.start(group), match[group]))
        if not match["empty"]:
            open_.append(name)
    return views


def _view(field: str, labels: Mapping[str, str], offset: int, raw: bytes) -> FieldView:
    parent, _, leaf = field.partition("/")
    label = labels.get(field) or labels.get(f"COMMON/{leaf}") or labels.get(parent) or field
    try:
        value = raw.decode("utf-8")
    except UnicodeDecodeError:
        value = decode_cp949(raw)[0]
    return FieldView(field, label, offset, raw, value)
