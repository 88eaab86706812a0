"""Structures without a place in the canonical document, kept in its extensions as JSON so that the way back has them.

A frozen dataclass of a codec -> JSON text under `enara.DOCGUBUN` -> the same dataclass. A text that does not fit any more,
because somebody else wrote it, counts as absent.
"""

from typing import Any, TypeVar

import msgspec

from onnara.exchange.v1.official_document_pb2 import OfficialDocument

T = TypeVar("T")


def keep(document: OfficialDocument, key: str, value: Any) -> None:
    """Keep a value under a key; None and empty tuples leave no trace."""
    if value is not None and value != ():
        document.extensions[key] = msgspec.json.encode(value).decode("utf-8")


def kept(document: OfficialDocument, key: str, form: type[T]) -> T | None:
    """Give the value kept under a key, None when there is none of this form."""
    said = document.extensions.get(key)
    if not said:
        return None
    try:
        return msgspec.json.decode(said, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
