"""A petition's folder to its canonical message: files held against the list of hashes, the document against the schema."""

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from adapters.agencies.petition_portal import schema
from adapters.agencies.petition_portal.words import name_of
from adapters.canonical.masking import find
from adapters.canonical.moments import is_plausible
from adapters.contract import Item
from adapters.formats.findings import Finding, FormatError, reject, repair
from onnara.exchange.v1.petitions_pb2 import (
    PetitionReceived,
    PetitionStatusReported,
    PetitionSupplemented,
    PetitionWithdrawn,
)

DOCUMENT: Final = "petition.json"
HASHES: Final = "SHA256SUMS"
# Everything of an item lies in memory at once while it is read.
MOST_BYTES: Final = 64 * 1024 * 1024
FORMS: Final[Mapping[type[Any], type[Message]]] = {
    schema.Petition: PetitionReceived,
    schema.Supplementing: PetitionSupplemented,
    schema.Withdrawal: PetitionWithdrawn,
    schema.StatusReport: PetitionStatusReported,
}
# Members that say how the document is written, and files, which need their bytes.
_APART: Final = frozenset({"format", "version", "attachments"})
# Members under another name in the message.
RENAMED: Final = {"report": "version"}
_LINE: Final = re.compile(r"([0-9a-f]{64}) [ *]([^\\\x00-\x1f]+)")
_FREE: Final = ("title", "body", "text", "reason", "place")


def parts_of(item: Item) -> Mapping[str, bytes]:
    """Give the files of an item without the list. Raises FormatError when document or list is missing."""
    lacking = [name for name in (DOCUMENT, HASHES) if name not in item.parts]
    if lacking:
        raise FormatError([reject("part-missing", item.name, name=name) for name in lacking])
    return {name: data for name, data in item.parts.items() if name != HASHES}


def differing(item: Item, parts: Mapping[str, bytes]) -> list[Finding]:
    """Hold the files against the list of hashes (as `sha256sum` writes it): each once, with its own bytes."""
    try:
        lines = item.parts[HASHES].decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return [reject("hash-list-unreadable", HASHES, line="1")]
    listed: dict[str, str] = {}
    found: list[Finding] = []
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            found.append(reject("hash-list-unreadable", HASHES, line=str(number)))
        elif match[2] in listed:
            found.append(reject("part-listed-twice", HASHES, name=match[2]))
        else:
            listed[match[2]] = match[1]
    for name, data in parts.items():
        if name not in listed:
            found.append(reject("file-unlisted", HASHES, name=name))
        elif listed[name] != hashlib.sha256(data).hexdigest():
            found.append(reject("file-hash-differs", HASHES, name=name))
    return found + [reject("part-missing", HASHES, name=name) for name in listed if name not in parts]


def document_of(data: bytes) -> schema.Document:
    """Read a document. Raises FormatError with the member's path: not JSON, not of the schema, or a member twice."""
    try:
        found: schema.Document = schema.DECODER.decode(data)
        json.loads(data, object_pairs_hook=_once)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        raise FormatError([reject("json-member-invalid", path.strip("`") or "$", reason=reason)]) from None
    except _TwiceError as error:
        raise FormatError([reject("json-member-twice", error.args[0])]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError([reject("json-unreadable", DOCUMENT, reason=str(error)[:120])]) from None
    return found


class _TwiceError(Exception):
    """A member that stands twice: one of the two would be lost."""


def _once(pairs: list[tuple[str, Any]]) -> None:
    counted = Counter(name for name, _ in pairs)
    for name, count in counted.items():
        if count > 1:
            raise _TwiceError(name)


def message_of(document: schema.Document, parts: Mapping[str, bytes]) -> tuple[Any, dict[bytes, bytes], list[Finding]]:
    """Make the message of a document with its files. The message is to be used only when no finding rejects it."""
    message: Any = FORMS[type(document)]()
    found: list[Finding] = []
    fill(message, document, "$", found)
    blobs = _attach(message, getattr(document, "attachments", ()), parts, found)
    if isinstance(document, schema.Petition | schema.Supplementing | schema.Withdrawal):
        found += _noticed(message)
    return message, blobs, found


def fill(message: Any, struct: msgspec.Struct, path: str, found: list[Finding]) -> None:
    """Put a struct's members into the fields of the same names."""
    fields = message.DESCRIPTOR.fields_by_name
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        if name in _APART or not value:
            continue
        _put(message, fields[RENAMED.get(name, name)], value, f"{path}.{name}", found)


def _put(message: Any, field: FieldDescriptor, value: Any, path: str, found: list[Finding]) -> None:
    enum = field.enum_type
    if isinstance(value, tuple):
        place = getattr(message, field.name)
        for index, each in enumerate(value):
            if isinstance(each, msgspec.Struct):
                fill(place.add(), each, f"{path}[{index}]", found)
            else:
                place.append(enum.values_by_name[name_of(enum.name, each)].number if enum else each)
    elif isinstance(value, msgspec.Struct):
        fill(getattr(message, field.name), value, path, found)
    elif isinstance(value, dt.datetime):
        if is_plausible(value.date()):
            getattr(message, field.name).FromDatetime(value)
        else:
            found.append(reject("date-invalid", path, value=value.isoformat()))
    else:
        setattr(message, field.name, enum.values_by_name[name_of(enum.name, value)].number if enum else value)


def _attach(
    message: Any, files: tuple[schema.File, ...], parts: Mapping[str, bytes], found: list[Finding]
) -> dict[bytes, bytes]:
    """Tie the files to the message; each file is named once, and each name has its file."""
    blobs: dict[bytes, bytes] = {}
    named = Counter(file.name for file in files)
    found += [reject("part-listed-twice", "$.attachments", name=name) for name, count in named.items() if count > 1]
    found += [reject("file-unlisted", "$.attachments", name=name) for name in parts if name not in {*named, DOCUMENT}]
    for index, file in enumerate(files):
        data = parts.get(file.name)
        if data is None or file.name == DOCUMENT:
            found.append(reject("attachment-missing", f"$.attachments[{index}]", name=file.name))
            continue
        sha256 = hashlib.sha256(data).digest()
        blobs[sha256] = data
        name = unicodedata.normalize("NFC", file.name)
        message.attachments.add(
            sha256=sha256, size=len(data), media_type=file.media_type, name=name, title=file.title,
            raw_name=file.name if file.name != name else "",
        )  # fmt: skip
    return blobs


def _noticed(message: Any) -> list[Finding]:
    """Tell personal data in free text, and mark the message with it; the text stays as it was written."""
    found = []
    for field in _FREE:
        counted = Counter(hit.kind for hit in find(getattr(message, field, "")))
        for kind, count in sorted(counted.items()):
            message.notices.add(field=field, kind=kind, count=count)
            found.append(repair("personal-data-noticed", field, kind=kind, count=str(count)))
    return found


def key_of(document: schema.Document) -> str:
    """Give the portal's name for what it sent: the petition's number, and what else it is."""
    number = document.portal_number
    match document:
        case schema.Supplementing():
            return f"{number}/supplement/{document.serial}"
        case schema.Withdrawal():
            return f"{number}/withdrawal"
        case schema.StatusReport():
            return f"{number}/status/{document.report}:{document.confirms}"
        case _:
            return number
