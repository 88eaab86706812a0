"""Drafts of our own people: saved in private, then sent into their line."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import ConflictError, NotFoundError, Problem
from chassis.uow import UnitOfWork
from documents.domain import body as bodies
from documents.domain.state import State
from documents.domain.submission import judge
from documents.handlers.cards import freeze, keep_text, new_row, refusal_of, show, submit
from documents.ports.directory import View
from documents.tables import DOCUMENT, VERSION
from documents.translate import content
from onnara.exchange.v1.events_pb2 import Origin

_DRAFT = """
SELECT d.*, v.body FROM document d JOIN document_version v ON v.document_id = d.id AND v.number = d.body_number
WHERE d.id = $1 FOR UPDATE OF d
"""
_HASH_BYTES = 32


async def create_draft(
    unit: UnitOfWork, document: Any, actor: Actor, view: View, correlation_id: str
) -> Mapping[str, Any]:
    """Saves a private draft, finished or not: not journaled, seen by its author only.

    Raises InvalidError for what cannot be kept.
    """
    problems = _unkeepable(document)
    if problems:
        raise refusal_of(problems)
    for name in ("steps", "registration", "sender"):
        document.ClearField(name)
    agency, department = view.agency(actor.agency_id), view.unit(actor.department_code)
    document.sender.agency.code, document.sender.agency.name = (agency.code, agency.name) if agency else ("", "")
    document.sender.department.code = actor.department_code
    document.sender.department.name = department.name if department else ""
    row = new_row(unit, document, actor.agency_id, correlation_id)
    row.update(author_id=actor.official_id, drafter_name=actor.name)
    unit.insert(DOCUMENT, row)
    keep_text(unit, row, document)
    show(unit, row["id"], f"official:{actor.official_id}", actor.agency_id, "author")
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
    document.steps.extend(content.own_step(step) for step in steps)
    for order, step in enumerate(document.steps, start=1):
        step.order = order
    submission = content.submission_of(document, Origin(), agency_id=actor.agency_id)
    judgement = judge(submission, view)
    if judgement.problems:
        raise refusal_of(judgement.problems)
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
    freeze(row, document, view.version)
    unit.update(DOCUMENT, row)
    text = {"document_id": row["id"], "number": row["body_number"], "manifest_hash": row["manifest_hash"]}
    unit.update(VERSION, text, key=("document_id", "number"))
    submit(unit, row, document, actor.to_dict(), correlation_id)
    return row


def _unkeepable(document: Any) -> list[Problem]:
    """What even a draft must not hold."""
    problems = [Problem("nul-inside", {}, f) for f, text in content.texts_of(document, Origin()) if "\x00" in text]
    if len(document.body.encode()) > bodies.LARGEST:
        problems.append(Problem("body-too-large", {"limit": str(bodies.LARGEST)}, bodies.FIELD))
    for number, file in enumerate(document.attachments):
        if len(file.sha256) != _HASH_BYTES:
            problems.append(Problem("attachment-hash-missing", {}, f"document.attachments[{number}].sha256"))
    return problems
