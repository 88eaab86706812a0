"""Hides personal data in the texts of a list entry before it is published. Message in, message and findings out."""

from collections.abc import Iterator
from typing import Any, Final

from adapters.canonical.masking import masked
from adapters.formats.findings import Finding, loss, reject
from onnara.exchange.v1.disclosures_pb2 import DocumentDisclosed

# Officials' names and posts are no personal data where they act as such (정보공개법 9①6): the names stay.
TEXTS: Final = ("title", "disclosure_basis", "disclosure.reason", "task.name", "receipt_number")

# Of no use to the portal, or told by the files themselves.
_OURS: Final = ("agency_id", "version", "files", "words")


def faults(message: DocumentDisclosed) -> list[Finding]:
    """Tell what forbids publishing the files: in them nothing can be hidden, so a person has to look first."""
    if not message.files:
        return []
    counts = masked(f"{message.title}\n{message.words}")[1]
    return [
        reject("personal-data-inside", "files", document=message.document_id, kind=kind, count=str(count))
        for kind, count in sorted(counts.items())
    ]


def hidden(message: DocumentDisclosed) -> tuple[DocumentDisclosed, list[Finding]]:
    """Give the entry as it may be published, and for the clerk what was hidden in which field, by kind and number."""
    plain = DocumentDisclosed()
    plain.CopyFrom(message)
    for name in _OURS:
        plain.ClearField(name)
    findings = []
    for path in TEXTS:
        holder, name = _holder(plain, path)
        text, counts = masked(getattr(holder, name))
        if counts:
            setattr(holder, name, text)
            findings += list(_told(message.document_id, path, counts.items()))
    return plain, findings


def _told(document_id: str, path: str, counts: Any) -> Iterator[Finding]:
    for kind, count in sorted(counts):
        yield loss("personal-data-hidden", path, document=document_id, kind=kind, count=str(count))


def _holder(message: Any, path: str) -> tuple[Any, str]:
    above, _, name = path.rpartition(".")
    return (getattr(message, above) if above else message), name
