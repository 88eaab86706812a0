"""Documents enter their line: requests of legacy systems, and drafts their authors submit."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.envelope import Incoming
from chassis.errors import ConflictError, InvalidError, NotFoundError, Problem
from chassis.ids import uuid7
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from documents.domain.manifest import hash_of
from documents.domain.state import State
from documents.domain.submission import Judgement, judge
from documents.ports.directory import View
from documents.tables import AUDIENCE, DOCUMENT, MANIFEST, VERSION
from documents.translate import content, events
from documents.translate.content import Request
from onnara.exchange.v1.events_pb2 import Origin

_KNOWN = "SELECT origin_key, id, state, origin_revision FROM document WHERE origin_key = ANY ($1::text[])"
_DRAFT = """
SELECT d.*, v.body FROM document d JOIN document_version v ON v.document_id = d.id AND v.number = d.body_number
WHERE d.id = $1 FOR UPDATE OF d
"""
_RELEASE_KEY = (
    "UPDATE document SET origin_key = origin_key || ' (revision ' || origin_revision || ')' WHERE id = ANY ($1::uuid[])"
)


async def receive_requests(unit: UnitOfWork, batch: Sequence[Incoming[Request]], view: View) -> Sequence[Outcome]:
    """Requests of legacy systems become documents in their lines, or return to their adapter with all their problems."""
    keys = [content.origin_key(message.content.origin) for message in batch]
    known = {row["origin_key"]: row for row in await unit.fetch(_KNOWN, keys)}
    outcomes: list[Outcome] = []
    replaced: list[UUID] = []
    for message, key in zip(batch, keys, strict=True):
        request, before = message.content, known.get(key)
        if before is not None and before["origin_revision"] >= request.origin.revision:
            outcomes.append(None)  # the same record again
            continue
        judgement = judge(request.submission, view)
        problems = list(judgement.problems)
        if before is not None and before["state"] != State.REFUSED:
            problems = [Problem("request-already-submitted", {"document": str(before["id"])}, "origin.natural_key")]
        if problems:
            outcomes.append(_refuse(unit, message, problems))
            continue
        if before is not None:
            replaced.append(before["id"])
        row = _open_card(unit, message, judgement, view)
        known[key] = row
        outcomes.append(None)
    if replaced:
        await unit.connection.execute(_RELEASE_KEY, replaced)
    return outcomes


def _refuse(unit: UnitOfWork, message: Incoming[Request], problems: Sequence[Problem]) -> InvalidError:
    answer = events.refused(message.content.origin, "documents", problems)
    unit.record(
        answer,
        aggregate_id=message.id,
        version=1,
        agency_id=message.agency_id,
        actor=message.actor,
        correlation_id=message.correlation_id,
    )
    first, *rest = problems
    return InvalidError(first.code, params=first.params, field=first.field, source=first.source, more=tuple(rest))


def _open_card(unit: UnitOfWork, message: Incoming[Request], judgement: Judgement, view: View) -> dict[str, Any]:
    request = message.content
    document, origin = request.document, request.origin
    content.resolve(document, judgement.officials, view, judgement.agency_id)
    content.complete(document, view, judgement.agency_id, judgement.department_code)
    row = new_row(unit, document, judgement.agency_id, message.correlation_id)
    row.update(
        state=State.IN_PATH,
        author_id=judgement.officials[0],
        drafter_name=document.steps[0].person.name,
        origin=origin.SerializeToString(),
        origin_key=content.origin_key(origin),
        origin_revision=origin.revision,
        notification=int(origin.notification),
    )
    _freeze(row, document, view.version)
    unit.insert(DOCUMENT, row)
    _keep_text(unit, row, document)
    _submit(unit, row, document, message.actor, message.correlation_id)
    return row


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


def _freeze(row: dict[str, Any], document: Any, directory_version: int) -> None:
    """Fixes what is decided on, and the line it is decided in."""
    canonical = content.manifest_of(document).canonical()
    row.update(manifest_hash=hash_of(canonical), line_id=uuid7(), directory_version=directory_version)


def _keep_text(unit: UnitOfWork, row: Mapping[str, Any], document: Any) -> None:
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


def _submit(
    unit: UnitOfWork, row: dict[str, Any], document: Any, actor: Mapping[str, Any], correlation_id: str
) -> None:
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
    officials = dict.fromkeys([row["author_id"], *(step.person.official_id for step in document.steps)])
    for official in officials:
        show(unit, row["id"], f"official:{official}", row["agency_id"])
    unit.record(
        events.submitted(row, document, unit.now),
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=actor,
        correlation_id=correlation_id,
    )


def show(unit: UnitOfWork, document_id: UUID, token: str, agency_id: str) -> None:
    """Lets the bearers of a token see a document."""
    unit.insert(
        AUDIENCE,
        {"token": token, "document_id": document_id, "reader_agency": agency_id, "registered_at": unit.now},
        conflict="(document_id, token) DO NOTHING",
    )


async def create_draft(
    unit: UnitOfWork, document: Any, actor: Actor, view: View, correlation_id: str
) -> Mapping[str, Any]:
    """Saves a private draft: not journaled, seen by its author only."""
    for name in ("steps", "registration", "sender"):
        document.ClearField(name)
    agency, department = view.agency(actor.agency_id), view.unit(actor.department_code)
    document.sender.agency.code, document.sender.agency.name = (agency.code, agency.name) if agency else ("", "")
    document.sender.department.code = actor.department_code
    document.sender.department.name = department.name if department else ""
    row = new_row(unit, document, actor.agency_id, correlation_id)
    row.update(author_id=actor.official_id, drafter_name=actor.name)
    unit.insert(DOCUMENT, row)
    _keep_text(unit, row, document)
    show(unit, row["id"], f"official:{actor.official_id}", actor.agency_id)
    return row


async def submit_draft(
    unit: UnitOfWork,
    document_id: UUID,
    expected_version: int,
    steps: Sequence[Any],
    actor: Actor,
    view: View,
    correlation_id: str,
) -> Mapping[str, Any]:
    """Sends the caller's draft into its line. Raises NotFoundError, ConflictError, or InvalidError with all problems."""
    rows = await unit.fetch(_DRAFT, document_id)
    if not rows or rows[0]["author_id"] != actor.official_id:
        raise NotFoundError("document-unknown", field="document_id")
    row = dict(rows[0])
    body = row.pop("body")
    if row["state"] != State.DRAFT or row["version"] != expected_version:
        raise ConflictError("document-moved-on", params={"state": row["state"], "version": row["version"]})
    document = content.restored(row, body)
    document.steps.append(content.draft_step(actor.official_id, unit.now))
    document.steps.extend(steps)
    for order, step in enumerate(document.steps, start=1):
        step.order = order
    submission = content.submission_of(document, Origin(), agency_id=actor.agency_id)
    judgement = judge(submission, view)
    if judgement.problems:
        first, *rest = judgement.problems
        raise InvalidError(first.code, params=first.params, field=first.field, source=first.source, more=tuple(rest))
    content.resolve(document, judgement.officials, view, actor.agency_id)
    content.complete(document, view, actor.agency_id, judgement.department_code)
    stored, stored_steps, _ = content.stored(document)
    row.update(
        state=State.IN_PATH,
        version=row["version"] + 1,
        content=stored,
        steps=stored_steps,
        retention=document.retention,
        changed_at=unit.now,
    )
    _freeze(row, document, view.version)
    unit.update(DOCUMENT, row)
    _submit(unit, row, document, actor.to_dict(), correlation_id)
    return row
