"""Files of a call: bytes in parts beside the envelope (SwA, MTOM) or inside it (base64) -> `File`, and back into parts.

A part that no value names is a file all the same: old toolkits attach without saying so.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.formats.findings import Finding, loss, reject
from adapters.formats.soap.model import Part, Reference, Typed, Value, text_of
from adapters.formats.soap.shape import CONTENT, FILE_NAME, FILE_SIZE, FILE_TITLE, FILE_TYPE, File

PLAIN: Final = "application/octet-stream"
_KNOWN: Final = frozenset({FILE_NAME, FILE_SIZE, FILE_TYPE, FILE_TITLE, CONTENT})


def read_files(listed: Sequence[Any], parts: Mapping[str, Part], findings: list[Finding]) -> list[File]:
    """Give the files of a call: those listed, then parts nobody names. What is wrong with one refuses the call."""
    out = []
    used: set[str] = set()
    for number, found in enumerate(listed, 1):
        where = f"attachments[{number}]"
        entry = {CONTENT: found} if isinstance(found, Reference) else found
        if entry is None or entry == "":
            continue
        if not isinstance(entry, Mapping):
            findings.append(reject("soap-value-structured", where))
            continue
        file = _file(entry, where, parts, used, findings)
        if file is not None:
            out.append(file)
    for name, part in parts.items():
        if name not in used:
            out.append(File(part.name or name, part.data, part.media_type))
    return out


def _file(
    entry: Mapping[str, Value], where: str, parts: Mapping[str, Part], used: set[str], findings: list[Finding]
) -> File | None:
    findings += [loss("soap-value-unexpected", f"{where}.{name}"[:60]) for name in entry if name not in _KNOWN]
    content = entry.get(CONTENT)
    name, kind = text_of(entry.get(FILE_NAME)), text_of(entry.get(FILE_TYPE))
    if isinstance(content, Reference):
        used.add(content.content_id)
        part = parts[content.content_id]
        data, name, kind = part.data, name or part.name or content.content_id, kind or part.media_type
    elif isinstance(content, str) and content.strip():
        try:
            data = base64.b64decode("".join(content.split()), validate=True)
        except (binascii.Error, ValueError):
            findings.append(reject("soap-content-invalid", f"{where}.{CONTENT}", name=name))
            return None
    else:
        findings.append(reject("attachment-missing", f"{where}.{CONTENT}", name=name))
        return None
    said = text_of(entry.get(FILE_SIZE))
    if said and said != str(len(data)):
        findings.append(
            reject("soap-file-size-differs", f"{where}.{FILE_SIZE}", name=name, said=said[:20], came=str(len(data)))
        )
        return None
    if not name:
        findings.append(reject("value-missing", f"{where}.{FILE_NAME}"))
        return None
    return File(name, data, kind or PLAIN, text_of(entry.get(FILE_TITLE)))


def written_files(files: Sequence[File]) -> tuple[list[Value], dict[str, Part]]:
    """Give the entries of the list and the parts beside the envelope."""
    listed: list[Value] = []
    parts: dict[str, Part] = {}
    for number, file in enumerate(files, 1):
        name = f"file-{number}@onnara"
        entry: dict[str, Value] = {FILE_NAME: file.name}
        if file.title:
            entry[FILE_TITLE] = file.title
        entry[FILE_TYPE] = file.media_type
        entry[FILE_SIZE] = Typed(str(len(file.data)), "long")
        entry[CONTENT] = Reference(name)
        listed.append(entry)
        parts[name] = Part(file.data, file.media_type, file.name)
    return listed, parts
