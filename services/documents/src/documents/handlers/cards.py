"""What every way of making a card writes: the row, its text, its readers, its manifest."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.errors import InvalidError, Problem
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain.manifest import hash_of
from documents.domain.state import State
from documents.handlers.readers import set_audience
from documents.handlers.readers import show as show
from documents.tables import MANIFEST, VERSION
from documents.translate import content, events

# Two deliveries of one record, whatever their message ids, come one after the other: the second sees what the first made.
_LOCK = """
SELECT pg_advisory_xact_lock(k)
FROM (SELECT DISTINCT hashtextextended(k, 0) AS k FROM unnest($1::text[]) AS w(k) ORDER BY 1) AS keys
"""


async def lock_keys(unit: UnitOfWork, keys: Sequence[str]) -> None:
    """Holds natural keys until the commit, in one order for everybody."""
    await unit.connection.execute(_LOCK, keys)


def refusal_of(problems: Sequence[Problem]) -> InvalidError:
    """All problems as one refusal."""
    first, *rest = problems
    return InvalidError(first.code, params=first.params, field=first.field, source=first.source, more=tuple(rest))


def new_row(unit: UnitOfWork, document: Any, agency_id: str, correlation_id: str) -> dict[str, Any]:
    """A card's row with everything a new document has."""
    stored, steps, _ = content.stored(document)
    return {
        "id": uuid7(),
        "agency_id": agency_id,
        "agency_name": document.sender.agency.name,
        "department_code": document.sender.department.code,
        "department_name": document.sender.department.name,
        "title": document.title,
        "state": State.DRAFT,
        "version": 1,
        "content": stored,
        "steps": steps,
        "body_number": 1,
        "manifest_hash": b"",
        "line_id": None,
        "line_version": 0,
        "author_id": "",
        "drafter_name": "",
        "origin": None,
        "origin_key": None,
        "origin_revision": 0,
        "report_version": 0,
        "notification": 0,
        "file_code": "",
        "retention": document.retention,
        "recipients_label": content.recipients_label(document),
        "attachment_count": len(document.attachments),
        "directory_version": 0,
        "correlation_id": correlation_id,
        "created_at": unit.now,
        "changed_at": unit.now,
    }


def freeze(row: dict[str, Any], document: Any, directory_version: int) -> None:
    """Fixes what is decided on, and the line it is decided in."""
    row.update(manifest_hash=manifest_hash(document), line_id=uuid7(), directory_version=directory_version)


def manifest_hash(document: Any) -> bytes:
    """Hash of what a decision on this document would be about."""
    return hash_of(content.manifest_of(document).canonical())


def keep_text(unit: UnitOfWork, row: Mapping[str, Any], document: Any) -> None:
    """Writes title and body as the card's version."""
    unit.insert(
        VERSION,
        {
            "document_id": row["id"],
            "number": row["body_number"],
            "title": document.title,
            "body": document.body,
            "author_name": row["drafter_name"],
            "manifest_hash": row["manifest_hash"],
            "created_at": unit.now,
        },
    )


def submit(unit: UnitOfWork, row: dict[str, Any], document: Any, actor: Mapping[str, Any], correlation_id: str) -> None:
    """Manifest, readers and the event that opens the line."""
    unit.insert(
        MANIFEST,
        {
            "document_id": row["id"],
            "hash": row["manifest_hash"],
            "canonical": content.manifest_of(document).canonical(),
            "created_at": unit.now,
        },
    )
    set_audience(unit, row, document)
    unit.record(
        events.submitted(row, document, unit.now),
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=actor,
        correlation_id=correlation_id,
    )
