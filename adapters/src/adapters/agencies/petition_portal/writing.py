"""Canonical messages to a petition's folder: document, files, list of hashes. The schema judges what is written as what is read."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from adapters.agencies.petition_portal import schema
from adapters.agencies.petition_portal.reading import DOCUMENT, FORMS, HASHES, MOST_BYTES, RENAMED
from adapters.agencies.petition_portal.words import word_of
from adapters.canonical.moments import is_plausible
from adapters.contract import Item, Outgoing
from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.koreantime import KST

_TAGS: Final = {"PetitionReceived": "petition", "PetitionSupplemented": "supplement", "PetitionWithdrawn": "withdrawal",
    "PetitionStatusReported": "status"}  # fmt: skip
_STRUCTS: Final = {form.DESCRIPTOR.name: struct for struct, form in FORMS.items()}
# The runtime's own, and what is found anew when it is read.
_INSIDE: Final = frozenset({"origin", "agency_id", "received_at", "notices"})
_MEMBERS: Final = {field: member for member, field in RENAMED.items()}
_MICRO: Final = 1000


def item_of(outgoing: Outgoing) -> Item:
    """Make the folder of a message. Raises FormatError: the format cannot say it, or a file is not there."""
    message: Any = outgoing.message
    kind = message.DESCRIPTOR.name
    if kind not in _TAGS:
        raise FormatError([reject("message-not-carried", kind=kind)])
    found: list[Finding] = []
    members = {"message": _TAGS[kind], "format": "onnara-petition", **_members(message, "$", found), "version": 1}
    if kind == "PetitionStatusReported":
        members["report"] = message.version
    files = _files(message, outgoing.blobs, found)
    if found:
        raise FormatError(found)
    try:
        document = msgspec.convert(members, _STRUCTS[kind])
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        raise FormatError([reject("json-member-invalid", path.strip("`") or "$", reason=reason)]) from None
    files[DOCUMENT] = msgspec.json.format(schema.ENCODER.encode(document), indent=2) + b"\n"
    if sum(map(len, files.values())) > MOST_BYTES:
        raise FormatError([reject("petition-too-large", limit=str(MOST_BYTES))])
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())]
    # Written last: whoever sees it, sees all.
    return Item(_name(document), {**files, HASHES: "".join(lines).encode()})


def _members(message: Any, path: str, found: list[Finding]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field, value in message.ListFields():
        if field.name in _INSIDE:
            continue
        made[_MEMBERS.get(field.name, field.name)] = _member(field, value, f"{path}.{field.name}", found)
    return made


def _member(field: FieldDescriptor, value: Any, path: str, found: list[Finding]) -> Any:
    if field.name == "attachments":
        return [_file(each) for each in value]
    if field.is_repeated:
        return [_one(field, each, f"{path}[{index}]", found) for index, each in enumerate(value)]
    return _one(field, value, path, found)


def _one(field: FieldDescriptor, value: Any, path: str, found: list[Finding]) -> Any:
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        return word_of(field.enum_type.name, known.name) if known else str(value)
    if isinstance(value, Message):
        if value.DESCRIPTOR.full_name == "google.protobuf.Timestamp":
            return _moment(value, path, found)
        return _members(value, path, found)
    return value


def _moment(value: Any, path: str, found: list[Finding]) -> dt.datetime | None:
    try:
        moment: dt.datetime = value.ToDatetime(dt.UTC).astimezone(KST)
    except (ValueError, OverflowError):
        found.append(reject("date-invalid", path, value=str(value.seconds)))
        return None
    if value.nanos % _MICRO or not is_plausible(moment.date()):
        found.append(reject("date-invalid", path, value=str(value.seconds)))
    return moment


def _file(attachment: Any) -> dict[str, str]:
    return {
        "name": attachment.raw_name or attachment.name,
        "media_type": attachment.media_type,
        "title": attachment.title,
    }


def _files(message: Any, blobs: Mapping[bytes, bytes], found: list[Finding]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    for index, file in enumerate(getattr(message, "attachments", ())):
        name, data = file.raw_name or file.name, blobs.get(file.sha256)
        if data is None:
            found.append(reject("attachment-missing", f"$.attachments[{index}]", name=name))
        elif name in parts or name in {DOCUMENT, HASHES}:
            found.append(reject("part-listed-twice", "$.attachments", name=name))
        else:
            parts[name] = data
    return parts


def _name(document: schema.Document) -> str:
    number = document.portal_number
    match document:
        case schema.Supplementing():
            return f"{number}-S{document.serial:06d}"
        case schema.Withdrawal():
            return f"{number}-W"
        case schema.StatusReport(status="arrived"):
            return f"{(document.confirms or number).replace('/', '-')}-ARRIVED"
        case schema.StatusReport():
            return f"{number}-R{document.report:06d}"
        case _:
            return number
