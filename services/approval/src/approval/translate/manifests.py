"""Edited texts: events of documents -> what the domain knows of them -> rows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from approval.domain.manifests import Edit
from approval.domain.opening import HASH_BYTES
from approval.translate.lines import uuid_of
from chassis.errors import InvalidError
from onnara.documents.v1.events_pb2 import ManifestStored


@dataclass(frozen=True, slots=True)
class StoredText:
    """An edit of the text of a line."""

    line_id: UUID
    edit: Edit


def stored_text(message: ManifestStored) -> StoredText:
    """The text of an event. Raises InvalidError id-invalid, manifest-missing."""
    hashes = {"manifest_hash": message.manifest_hash, "base_hash": message.base_hash}
    for field, value in hashes.items():
        if len(value) != HASH_BYTES:
            raise InvalidError("manifest-missing", field=field)
    if not message.author_id:
        raise InvalidError("id-invalid", params={"value": ""}, field="author_id")
    edit = Edit(
        message.manifest_hash,
        message.base_hash,
        message.author_id,
        message.title,
        message.attachment_count,
        message.has_recipients,
    )
    return StoredText(uuid_of(message.line_id, "line_id"), edit)


def manifest_row(text: StoredText, agency_id: str) -> dict[str, Any]:
    """The text as its row."""
    return {
        "line_id": text.line_id,
        "author_id": text.edit.author_id,
        "hash": text.edit.manifest_hash,
        "base_hash": text.edit.base_hash,
        "agency_id": agency_id,
        "title": text.edit.title,
        "attachment_count": text.edit.attachment_count,
        "has_recipients": text.edit.has_recipients,
    }
