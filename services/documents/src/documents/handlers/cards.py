"""What every way of making a card writes: the row, its text, its readers, its manifest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import InvalidError, Problem
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain.manifest import hash_of
from documents.domain.state import State
from documents.handlers.readers import show as show  # noqa: PLC0414 - those who make cards show them too
from documents.ports.directory import View
from documents.tables import ATTACHED_FILE, MANIFEST, VERSION
from documents.translate import content
from documents.translate.line import absent_turns

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
        "lead_id": None,
        "place": 0,
        "co_drafters": [],
        "problems": [],
        "correlation_id": correlation_id,
        "created_at": unit.now,
        "changed_at": unit.now,
    }


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a version. position: the capacity it was written in, as it stood then."""

    official_id: str
    name: str
    position: str


def author_of(actor: Actor, view: View) -> Author:
    """The caller as an author."""
    department = view.unit(actor.department_code)
    position = content.position_of(department.name if department else "", actor.position)
    return Author(actor.official_id, actor.name, position)


def freeze(
    row: dict[str, Any],
    document: Any,
    directory_version: int,
    *,
    line_id: UUID | None = None,
    companions: Sequence[str] = (),
) -> bytes:
    """Fixes what is decided on, and the line it is decided in; answers the manifest in its canonical form.

    companions: hashes of what is decided by the same act.
    """
    canonical = content.manifest_of(document, companions).canonical()
    row.update(manifest_hash=hash_of(canonical), line_id=line_id or uuid7(), directory_version=directory_version)
    return canonical


def manifest_hash(document: Any) -> bytes:
    """Hash of what a decision on this document would be about."""
    return hash_of(content.manifest_of(document).canonical())


def keep_text(unit: UnitOfWork, row: Mapping[str, Any], document: Any, author: Author | None = None) -> None:
    """Writes title and body as the card's version. author: None for what others sent."""
    unit.insert(VERSION, version_row(unit, row, document, author or Author("", row["drafter_name"], "")))
    name_files(unit, row["id"], document)


def name_files(unit: UnitOfWork, document_id: UUID, document: Any) -> None:
    """Notes which files stand in a document: whoever reads it may attach them elsewhere."""
    for sha256 in {file.sha256 for file in document.attachments}:
        unit.insert(ATTACHED_FILE, {"sha256": sha256, "document_id": document_id}, conflict="DO NOTHING")


def version_row(
    unit: UnitOfWork, row: Mapping[str, Any], document: Any, author: Author, **differs: Any
) -> dict[str, Any]:
    """Title, body and content as the card's version. differs: what is not as it is for a drafter's first text."""
    return {
        "document_id": row["id"],
        "number": row["body_number"],
        "title": document.title,
        "body": document.body,
        "author_id": author.official_id,
        "author_name": author.name,
        "author_position": author.position,
        "role": "draft",
        "base_number": 0,
        "effective": True,
        "content": row["content"],
        "manifest_hash": row["manifest_hash"],
        "created_at": unit.now,
    } | differs


def keep_manifest(unit: UnitOfWork, document_id: UUID, canonical: bytes) -> None:
    """Writes down what is decided on, once: submitting the same again adds nothing."""
    row = {
        "document_id": document_id,
        "hash": hash_of(canonical),
        "canonical": canonical,
        "created_at": unit.now,
    }
    unit.insert(MANIFEST, row, conflict="DO NOTHING")


def record(unit: UnitOfWork, row: Mapping[str, Any], event: Any, actor: Mapping[str, Any], correlation_id: str) -> None:
    """Something that happened to a card."""
    unit.record(
        event,
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=actor,
        correlation_id=correlation_id,
    )


def show_deputies(unit: UnitOfWork, row: Mapping[str, Any], steps: Iterable[Any], view: View) -> None:
    """Lets those read who stand in for absent people whose steps are still to come (대결)."""
    for deputy, agency_id in absent_turns(steps, row["agency_id"], view):
        show(unit, row["id"], f"official:{deputy}", agency_id)
