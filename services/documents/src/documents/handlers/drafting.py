"""Drafts of our own people: saved, changed and thrown away in private, until they enter their line (``batching``)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import ConflictError, InvalidError, NotFoundError, Problem, RefusalError
from chassis.uow import UnitOfWork
from documents.domain import body as bodies
from documents.domain import produced
from documents.domain.state import State
from documents.domain.submission import Person
from documents.domain.transition import moved
from documents.handlers.cards import author_of, keep_text, name_files, new_row, refusal_of, version_row
from documents.handlers.readers import set_co_drafters, show
from documents.handlers.relations import relations
from documents.ports.directory import View
from documents.tables import DOCUMENT, VERSION
from documents.translate import content
from onnara.exchange.v1.events_pb2 import Origin

# The text that is being written, which of a returned document is not the one in effect.
_DRAFTS = """
SELECT d.*, v.body, v.manifest_hash AS text_hash, v.number AS text_number, v.title AS text_title, v.content AS text_content,
    (SELECT max(w.number) FROM document_version w WHERE w.document_id = d.id) AS last_number
FROM document d JOIN document_version v ON v.document_id = d.id AND v.number = coalesce(
    (SELECT max(u.number) FROM document_version u WHERE u.document_id = d.id AND u.manifest_hash = ''), d.body_number
)
WHERE d.id = ANY ($1::uuid[]) ORDER BY d.id FOR UPDATE OF d
"""
_DROP = "SELECT drop_draft($1) AS dropped"
_HASH_BYTES = 32
MOST_CO_DRAFTERS = 20


async def create_draft(
    unit: UnitOfWork, document: Any, actor: Actor, view: View, correlation_id: str
) -> Mapping[str, Any]:
    """Saves a private draft, finished or not: not journaled, seen by its author only.

    Raises InvalidError for what cannot be kept.
    """
    check_keepable(document)
    document = content.written(document)
    agency, department = view.agency(actor.agency_id), view.unit(actor.department_code)
    document.sender.agency.code, document.sender.agency.name = (agency.code, agency.name) if agency else ("", "")
    document.sender.department.code = actor.department_code
    document.sender.department.name = department.name if department else ""
    row = new_row(unit, document, actor.agency_id, correlation_id)
    row.update(author_id=actor.official_id, drafter_name=actor.name)
    unit.insert(DOCUMENT, row)
    keep_text(unit, row, document, author_of(actor, view))
    show(unit, row["id"], f"official:{actor.official_id}", actor.agency_id, "author")
    return row


async def update_draft(
    unit: UnitOfWork, document_id: UUID, expected_version: int, document: Any, actor: Actor, view: View
) -> int:
    """Puts a new text in place of a draft's, or beside one that was returned; answers the draft's version.

    What was submitted once stays as it was: writing goes on in a version of its own. A returned document is to everybody
    else what was returned, until its author submits another. Raises as ``load_drafts`` and ``act``.
    """
    [row] = await load_drafts(unit, [(document_id, expected_version)])
    state = await act(unit, row, "save", actor, view)
    check_keepable(document)
    text = content.written(document)
    text.sender.CopyFrom(content.restored(row, "").sender)
    row["content"], _, _ = content.stored(text)
    _keep_written(unit, row, text, actor, view)
    changed = {"id": row["id"], "version": row["version"] + 1, "changed_at": unit.now}
    if state == State.DRAFT:
        changed |= {
            "title": text.title,
            "content": row["content"],
            "body_number": row["body_number"],
            "recipients_label": content.recipients_label(text),
            "attachment_count": len(text.attachments),
        }
    unit.update(DOCUMENT, changed)
    return int(changed["version"])


def _keep_written(unit: UnitOfWork, row: dict[str, Any], text: Any, actor: Actor, view: View) -> None:
    author = author_of(actor, view)
    name_files(unit, row["id"], text)
    if row["text_hash"]:
        base, row["body_number"] = row["body_number"], row["last_number"] + 1
        unit.insert(VERSION, version_row(unit, row, text, author, base_number=base, manifest_hash=b""))
        return
    written = version_row(unit, row, text, author)
    names = (
        "document_id",
        "number",
        "title",
        "body",
        "author_id",
        "author_name",
        "author_position",
        "content",
        "created_at",
    )
    unit.update(VERSION, {name: written[name] for name in names}, key=("document_id", "number"))


async def delete_draft(unit: UnitOfWork, document_id: UUID, expected_version: int, actor: Actor, view: View) -> None:
    """Throws a draft away. Raises ConflictError draft-submitted: then there is a record of it, and it stays."""
    [row] = await load_drafts(unit, [(document_id, expected_version)])
    await act(unit, row, "delete", actor, view)
    if row["line_id"] is not None or not (await unit.fetch(_DROP, document_id))[0]["dropped"]:
        raise ConflictError("draft-submitted", params={"document": document_id}, source="공공기록물법 시행령 16")


async def change_co_drafters(
    unit: UnitOfWork, document_id: UUID, official_ids: Sequence[str], actor: Actor, view: View
) -> None:
    """Names everybody who writes on a draft beside its author. Raises InvalidError unknown-official, co-drafters-too-many."""
    [row] = await load_drafts(unit, [(document_id, None)])
    await act(unit, row, "set-co-drafters", actor, view)
    wanted = list(dict.fromkeys(each for each in official_ids if each != row["author_id"]))
    if len(wanted) > MOST_CO_DRAFTERS:
        raise InvalidError("co-drafters-too-many", params={"limit": MOST_CO_DRAFTERS}, field="official_ids")
    for number, each in enumerate(wanted):
        if not each or not view.official("", Person(each), actor.agency_id):
            params = {"person": each, "system": ""}
            raise InvalidError("unknown-official", params=params, field=f"official_ids[{number}]")
    await set_co_drafters(unit, row, row["co_drafters"], wanted)
    unit.update(DOCUMENT, {"id": row["id"], "co_drafters": wanted, "changed_at": unit.now})


async def load_drafts(unit: UnitOfWork, wanted: Sequence[tuple[UUID, int | None]]) -> list[dict[str, Any]]:
    """Locks cards with the texts that are being written, in the order asked; a version of None is any.

    Raises NotFoundError document-unknown, ConflictError document-moved-on or request-of-another-system.
    """
    found = {row["id"]: dict(row) for row in await unit.fetch(_DRAFTS, [identity for identity, _ in wanted])}
    rows = []
    for identity, version in wanted:
        row = found.get(identity)
        if row is None:
            raise NotFoundError("document-unknown", params={"document": identity}, field="document_id")
        if version is not None and row["version"] != version:
            raise ConflictError("document-moved-on", params={"state": row["state"], "version": row["version"]})
        if row["origin"] is not None:
            # It is corrected and sent again where it was written.
            raise ConflictError("request-of-another-system", params={"document": identity})
        if row["text_number"] != row["body_number"]:
            row.update(title=row["text_title"], content=row["text_content"], body_number=row["text_number"])
        rows.append(row)
    return rows


async def act(unit: UnitOfWork, row: Mapping[str, Any], name: str, actor: Actor, view: View) -> State:
    """State after an act of the caller; raises ForbiddenError act-not-yours or ConflictError act-not-now."""
    found = moved(produced.TABLE, State(row["state"]), name, await relations(unit, row, actor, view))
    if isinstance(found, RefusalError):
        raise found
    return found


def check_keepable(document: Any) -> None:
    """Raises InvalidError for what even a draft must not hold."""
    problems = [Problem("nul-inside", {}, f) for f, text in content.texts_of(document, Origin()) if "\x00" in text]
    if len(document.body.encode()) > bodies.LARGEST:
        problems.append(Problem("body-too-large", {"limit": str(bodies.LARGEST)}, bodies.FIELD))
    for number, file in enumerate(document.attachments):
        if len(file.sha256) != _HASH_BYTES:
            problems.append(Problem("attachment-hash-missing", {}, f"document.attachments[{number}].sha256"))
    if problems:
        raise refusal_of(problems)
