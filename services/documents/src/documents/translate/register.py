"""Registration data <-> the attributes the rules compare; what the history says of changes; entries of yearly looks."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from documents.domain.amending import TEXTS, Attributes
from documents.translate import views
from documents.translate.content import stored
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import FieldChange, RegistrationChanged
from onnara.exchange.v1.official_document_pb2 import Disclosure, OfficialDocument


def attributes(document: OfficialDocument, task_code: str, retention: int) -> Attributes:
    """Registration data of a document. task_code, retention: of a received one they stand beside it."""
    return Attributes(
        title=document.title,
        task_code=task_code,
        disclosure=disclosure_of(document.disclosure),
        retention=retention,
        reading=(document.reading_range, document.reading_limit, document.reading_limit_until),
    )


def disclosure_of(disclosure: Disclosure) -> tuple[int, tuple[int, ...], str]:
    """Level, items, reason."""
    return disclosure.level, tuple(disclosure.items), disclosure.reason


def put(document: OfficialDocument, wanted: Attributes, *, task_is_ours: bool) -> None:
    """Writes registration data into a document. task_is_ours: not of a received one, whose task stands beside it."""
    document.title = wanted.title
    level, items, reason = wanted.disclosure
    document.disclosure.CopyFrom(Disclosure(level=level, items=items, reason=reason))  # type: ignore[arg-type]
    document.retention = wanted.retention  # type: ignore[assignment]
    reach, limit, day = wanted.reading
    document.reading_range, document.reading_limit = reach, limit  # type: ignore[assignment]
    document.reading_limit_until = day
    if task_is_ours:
        document.task.code = wanted.task_code


def kept(document: OfficialDocument, before: bytes) -> bytes:
    """The document as its row keeps it: without what stands elsewhere. before: as it was kept, with the sender's own id."""
    copy = OfficialDocument()
    copy.CopyFrom(document)
    copy.document_id = OfficialDocument.FromString(before).document_id
    content, _, _ = stored(copy)
    return content


def changed(
    row: Mapping[str, Any], changes: Sequence[tuple[str, str, str]], reason_sha256: str, *, cancelled: bool
) -> RegistrationChanged:
    """What the history says: fields and values, of words only their hashes."""
    return RegistrationChanged(
        document_id=str(row["id"]),
        version=row["version"],
        cancelled=cancelled,
        changes=[
            FieldChange(field=name, before=_sealed(name, before), after=_sealed(name, after))
            for name, before, after in changes
        ],
        reason_sha256=reason_sha256,
    )


def _sealed(name: str, value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest() if name in TEXTS else value


def review(row: Mapping[str, Any]) -> pb.ReviewEntry:
    """One document to look at."""
    document = OfficialDocument.FromString(row["whole"])
    entry = pb.ReviewEntry(document=views.summary(row), disclosure=document.disclosure, retention=row["retention"])
    if row["retained_until"] is not None:
        entry.retained_until = row["retained_until"].isoformat()
    if row["reviewed_at"] is not None:
        entry.reviewed_at.FromDatetime(row["reviewed_at"])
    return entry
