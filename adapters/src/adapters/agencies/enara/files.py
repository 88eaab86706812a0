"""Files of a message directory and attachments of a document, both ways.

Every file an `exchange.xml` names is carried: plain attachments, the files of a business form (`xml`, `xsl`, `form`), those
that show a direct order (`source`), a body that is no text (`body`). What a file was is kept as `enara.role.N`, its name on
disk as `enara.file.N`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from adapters.formats.exchange import Exchange, FileRef, Request
from adapters.formats.findings import Finding, reject, repair
from adapters.formats.pack import content_type_for
from onnara.exchange.v1.official_document_pb2 import OfficialDocument

_FOLDERS: Final = re.compile(r"^.*[\\/]")
_TEXTS: Final = (".txt", ".htm", ".html")
# Parts every message has, or that are read by themselves.
OWN: Final = frozenset({"exchange.xml", "header.inf", "eof.inf"})


def is_text(name: str) -> bool:
    """Tell whether a body's file can be read here."""
    return name.lower().endswith(_TEXTS)


def listed(exchange: Exchange) -> Iterator[tuple[str, FileRef]]:
    """Give all files a message names, with their role, in the order they are carried."""
    files = exchange.attachments
    for ref in files.files if files else ():
        yield "attach", ref
    for role, form in (("xml", files.xml_file if files else None), ("xsl", files.xsl_file if files else None)):
        if form is not None:
            yield role, form
    info = exchange.administrative_info
    if info is not None and info.form_file is not None:
        yield "form", info.form_file
    body = exchange.body
    if body is not None and body.filename and not is_text(body.filename):
        yield "body", FileRef(body.filename, "", body.desc)
    request = exchange.direction
    sources = request.doc_info.sources if isinstance(request, Request) and request.doc_info else None
    for file in sources.direct.files if sources and sources.direct else ():
        yield "source", FileRef(file.filename, file.display_name)


def read(
    exchange: Exchange, parts: Mapping[str, bytes], document: OfficialDocument, findings: list[Finding], *, bare: bool
) -> dict[bytes, bytes]:
    """Put the files into the document; answers their bytes by hash. `bare`: the xml came alone, files cannot be there."""
    blobs: dict[bytes, bytes] = {}
    by_name = {unicodedata.normalize("NFC", name).lower(): name for name in parts}
    taken = set(OWN)
    for index, (role, ref) in enumerate(listed(exchange)):
        key = unicodedata.normalize("NFC", _FOLDERS.sub("", ref.filename)).lower()
        taken.add(key)
        name = by_name.get(key)
        if name is None:
            findings.append(reject("attachment-missing", f"ATTACHMENT[{index + 1}]", name=ref.filename))
            continue
        _add(document, index, role, ref, parts[name], blobs)
    if exchange.body is not None and exchange.body.filename:
        taken.add(exchange.body.filename.lower())
    findings += [
        repair("part-unlisted", name, name=name)
        for key, name in sorted(by_name.items())
        if key not in taken and not bare
    ]
    return blobs


def _add(
    document: OfficialDocument, index: int, role: str, ref: FileRef, data: bytes, blobs: dict[bytes, bytes]
) -> None:
    sha256 = hashlib.sha256(data).digest()
    blobs[sha256] = data
    said = ref.text or ref.filename
    shown = _FOLDERS.sub("", unicodedata.normalize("NFC", said)).strip() or "unnamed"
    document.attachments.add(
        sha256=sha256,
        size=len(data),
        media_type=content_type_for(shown),
        name=shown,
        raw_name=said if said != shown else "",
    )
    if role != "attach":
        document.extensions[f"enara.role.{index}"] = role
    if ref.filename != disk_name(index, shown):
        document.extensions[f"enara.file.{index}"] = ref.filename
    if not ref.text:
        document.extensions[f"enara.untitled.{index}"] = "yes"
    if ref.desc is not None and role != "body":
        document.extensions[f"enara.desc.{index}"] = ref.desc


def disk_name(index: int, shown: str) -> str:
    """Give the name on disk of a file nobody named: attach_0001.hwp."""
    extension = shown.rpartition(".")[2].lower() if "." in shown else ""
    plain = extension if extension.isascii() and extension.isalnum() and len(extension) <= 8 else "dat"
    return f"attach_{index + 1:04d}.{plain}"


def write(
    document: OfficialDocument, blobs: Mapping[bytes, bytes], findings: list[Finding]
) -> tuple[dict[str, list[FileRef]], dict[str, bytes]]:
    """Give the references by role, and the files' bytes by their names on disk."""
    refs: dict[str, list[FileRef]] = {}
    parts: dict[str, bytes] = {}
    kept = document.extensions
    for index, attachment in enumerate(document.attachments):
        data = blobs.get(attachment.sha256)
        name = _FOLDERS.sub("", kept.get(f"enara.file.{index}") or disk_name(index, attachment.name))
        if name.lower() in OWN or name in parts or name in {"", ".", ".."} or not name.isprintable():
            name = disk_name(index, attachment.name)
        if data is None:
            findings.append(reject("attachment-missing", "attachments", name=attachment.name))
            continue
        parts[name] = data
        text = "" if f"enara.untitled.{index}" in kept else attachment.raw_name or attachment.name
        role = kept.get(f"enara.role.{index}") or "attach"
        refs.setdefault(role, []).append(FileRef(name, text, kept.get(f"enara.desc.{index}")))
    return refs, parts
