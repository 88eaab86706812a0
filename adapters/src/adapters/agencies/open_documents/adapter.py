"""Open documents to the portal's nightly list and back.

The manifest says what the columns mean; hiding personal data and the PDF files beside the list are what no table says.
"""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.agencies.open_documents.hiding import faults as inside
from adapters.agencies.open_documents.hiding import hidden
from adapters.canonical.tabular import TabularAdapter
from adapters.canonical.tabular.layouts import delimited
from adapters.contract import Decoded, Encoded, Item, Outgoing, Record
from adapters.formats.findings import Finding, FormatError, reject, rejected
from adapters.manifest import Manifest
from onnara.exchange.v1.disclosures_pb2 import DocumentDisclosed

PDF: Final = "application/pdf"
_MARK: Final = b"%PDF-"
_LIST: Final = ".csv"


def create(manifest: Manifest) -> "OpenDocuments":
    """Make the adapter of a manifest."""
    return OpenDocuments(manifest, delimited(manifest))


class OpenDocuments(TabularAdapter):
    """Translates lists of open documents."""

    def decode(self, item: Item) -> Decoded:
        """Translate a list with its files. Raises FormatError when there is none, or nothing of it can be read."""
        lists = {name: data for name, data in item.parts.items() if name.lower().endswith(_LIST)}
        if len(lists) != 1:
            raise FormatError([reject("part-missing" if not lists else "part-unknown", item.name, name="*.csv")])
        decoded = super().decode(Item(item.name, lists))
        return Decoded([_with_files(record, item.parts) for record in decoded.records], decoded.findings)

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        """Write one list of all documents with their files; what was hidden in which field is told as findings."""
        ready: list[tuple[int, Outgoing]] = []
        refused: dict[int, tuple[Finding, ...]] = {}
        told: list[Finding] = []
        files: dict[str, bytes] = {}
        for index, outgoing in enumerate(messages):
            message = outgoing.message
            if not isinstance(message, DocumentDisclosed):
                refused[index] = (reject("message-not-carried", kind=message.DESCRIPTOR.name),)
                continue
            parts, faults = _files(message, outgoing.blobs)
            plain, found = hidden(message)
            told += found
            faults += inside(message)
            if faults:
                refused[index] = tuple(faults)
                continue
            files |= parts
            # Named after its first document as it was told: what is told of it later has another name.
            name = outgoing.name or f"OPEN_{message.document_id}_{message.version}"
            ready.append((index, dataclasses.replace(outgoing, message=plain, blobs={}, name=name)))
        done = super().encode([outgoing for _, outgoing in ready])
        places = [index for index, _ in ready]
        refused |= {places[at]: findings for at, findings in done.rejected.items()}
        lost = {
            name for at in done.rejected for name in _files(messages[places[at]].message, messages[places[at]].blobs)[0]
        }
        items = [_folder(made, files, lost) for made in done.items]
        carried = [tuple(places[at] for at in each) for each in done.carried]
        return Encoded(items, (*told, *done.findings), refused, carried)

    def is_complete(self, names: Sequence[str]) -> bool:
        """Tell whether a folder holds its list, which is written last."""
        return any(name.lower().endswith(_LIST) for name in names)


def _files(message: Any, blobs: Mapping[bytes, bytes]) -> tuple[dict[str, bytes], list[Finding]]:
    """Give the files of a document by the names they bear beside the list."""
    parts: dict[str, bytes] = {}
    faults = []
    for number, file in enumerate(message.files, start=1):
        data = blobs.get(file.sha256)
        if data is None:
            faults.append(reject("attachment-missing", f"files[{number - 1}]", name=file.name))
        elif not data.startswith(_MARK):
            faults.append(reject("attachment-not-pdf", f"files[{number - 1}]", name=file.name))
        else:
            parts[f"{message.document_id}_{number:02d}.pdf"] = data
    return parts, faults


def _folder(made: Item, files: Mapping[str, bytes], lost: set[str]) -> Item:
    kept = {name: data for name, data in files.items() if name not in lost}
    return Item(made.name.removesuffix(_LIST), {**kept, **made.parts})


def _with_files(record: Record, parts: Mapping[str, bytes]) -> Record:
    message: Any = record.message
    if message is None:
        return record
    blobs = {}
    for name in sorted(name for name in parts if name.startswith(f"{message.document_id}_") and name.endswith(".pdf")):
        data = parts[name]
        sha256 = hashlib.sha256(data).digest()
        blobs[sha256] = data
        message.files.add(sha256=sha256, size=len(data), media_type=PDF, name=name)
    findings = record.findings
    return dataclasses.replace(record, blobs=blobs, message=None if rejected(findings) else message)
