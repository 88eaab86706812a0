"""Records and messages as JSON lines, both ways: what `decode` prints and `encode` reads."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.message import Message

from adapters.canonical.forms import BY_TYPE
from adapters.contract import Outgoing, Record
from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.messages import Language, render
from adapters.words import say
from onnara.exchange.v1.official_document_pb2 import OfficialDocument

TYPES: Final[Mapping[str, type[Message]]] = {**BY_TYPE, OfficialDocument.DESCRIPTOR.full_name: OfficialDocument}


def dump(value: Mapping[str, Any]) -> str:
    """Make one line."""
    return json.dumps(value, ensure_ascii=False)


def finding_of(finding: Finding, language: Language) -> dict[str, Any]:
    """Give a finding with its sentence in the reader's language."""
    try:
        message = render(finding, language)
    except KeyError:
        message = say("not-finding", language, code=finding.code)
    return {
        "code": finding.code,
        "field": finding.field,
        "offset": finding.offset,
        "length": finding.length,
        "params": dict(finding.params),
        "severity": finding.severity,
        "message": message,
    }


def findings_of(findings: Iterable[Finding], language: Language) -> list[dict[str, Any]]:
    """Give findings with their sentences."""
    return [finding_of(finding, language) for finding in findings]


def accepted(record: Record, message: Message, item: str, language: Language) -> dict[str, Any]:
    """Give the line of a record that became a message."""
    return {
        "type": message.DESCRIPTOR.full_name,
        "message": json_format.MessageToDict(message, preserving_proto_field_name=True),
        "ordinal": record.ordinal,
        "offset": record.offset,
        "natural_key": record.natural_key,
        "findings": findings_of(record.findings, language),
        "attachments": {
            sha.hex(): base64.b64encode(data).decode("ascii") for sha, data in sorted(record.blobs.items())
        },
        "item": item,
        "part": record.part,
    }


def rejected(record: Record, item: str, language: Language) -> dict[str, Any]:
    """Give the line of a record that did not."""
    return {
        "ordinal": record.ordinal,
        "offset": record.offset,
        "part": record.part,
        "raw": base64.b64encode(record.raw).decode("ascii"),
        "findings": findings_of(record.findings, language),
        "natural_key": record.natural_key,
        "item": item,
    }


def outgoing_of(line: str, number: int) -> Outgoing:
    """Read a line: as `decode` prints them, or the bare JSON of an OfficialDocument.

    Raises:
        FormatError: `line-unreadable` with the line's number and the reason.

    """
    try:
        return _outgoing(json.loads(line))
    except (ValueError, TypeError, AttributeError, RecursionError, json_format.ParseError, binascii.Error) as error:
        raise FormatError([reject("line-unreadable", f"{number}", line=str(number), reason=str(error)[:200])]) from None


def _outgoing(value: Any) -> Outgoing:
    if not isinstance(value, dict):
        raise TypeError(f"{type(value).__name__} instead of an object")
    if "type" not in value and "message" not in value:
        return Outgoing(json_format.ParseDict(value, OfficialDocument()))
    form = TYPES.get(str(value.get("type")))
    if form is None:
        raise TypeError(f"type {value.get('type')!r} is none of {', '.join(TYPES)}")
    content = value.get("message")
    if not isinstance(content, dict):
        raise TypeError("message is no object")
    message = json_format.ParseDict(content, form())
    return Outgoing(message, _blobs(value.get("attachments") or {}), str(value.get("name") or ""))


def _blobs(attachments: Mapping[str, str]) -> dict[bytes, bytes]:
    """Give the attachments' bytes by the hash they really have: a wrong key would carry a file under another's name."""
    blobs = {}
    for said, text in attachments.items():
        data = base64.b64decode(text, validate=True)
        sha256 = hashlib.sha256(data).digest()
        if sha256.hex() != said.lower():
            raise ValueError(f"attachments: {said[:16]} is not the SHA-256 of its bytes")
        blobs[sha256] = data
    return blobs
