"""Changed texts of a document under way: stored beside the one in effect, by those whose step is still to come.

reviewer's text -> judged like a submission -> version and manifest without effect -> ``ManifestStored`` -> the reviewer's
own step names it in approval -> ``following`` puts it into effect. Co-operation comments and does not edit (행정업무규정 9).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import ConflictError, InvalidError, NotFoundError
from chassis.uow import UnitOfWork
from documents.domain import lines
from documents.domain.manifest import companions_of, hash_of
from documents.domain.produced import REVISING
from documents.domain.submission import judge_text
from documents.handlers.cards import (
    author_of,
    keep_manifest,
    lock_keys,
    name_files,
    record,
    refusal_of,
    version_row,
)
from documents.handlers.drafting import act, check_keepable
from documents.ports.directory import View
from documents.tables import VERSION
from documents.translate import content, events, line
from onnara.exchange.v1.events_pb2 import Origin
from onnara.exchange.v1.official_document_pb2 import OfficialDocument

_CARD = """
SELECT d.*, m.canonical, (SELECT max(w.number) FROM document_version w WHERE w.document_id = d.id) AS last_number
FROM document d JOIN manifest m ON m.document_id = d.id AND m.hash = d.manifest_hash WHERE d.id = $1
"""
# The line was made for these; who wants others drafts anew.
_FIXED = ("sender", "joint_agencies", "joint_sender_names", "kind", "contact", "extensions", "sources", "major")


@dataclass(frozen=True, slots=True)
class Stored:
    """A changed text as it lies there. number: of the version."""

    manifest_hash: bytes
    number: int


async def revise(
    unit: UnitOfWork,
    document_id: UUID,
    base_hash: bytes,
    changed: OfficialDocument,
    actor: Actor,
    view: View,
    correlation_id: str,
) -> Stored:
    """Stores what a reviewer or approver made of the text in effect; nothing else changes.

    Raises NotFoundError, ForbiddenError act-not-yours, ConflictError act-not-now, manifest-moved-on or companion-fixed,
    InvalidError with all problems or nothing-changed.
    """
    # Two who write at the same time get two numbers; the card itself is not theirs to lock.
    await lock_keys(unit, [f"versions|{document_id}"])
    rows = await unit.fetch(_CARD, document_id)
    if not rows:
        raise NotFoundError("document-unknown", params={"document": document_id}, field="document_id")
    row = dict(rows[0])
    await act(unit, row, "revise", actor, view)
    if row["lead_id"] is not None:
        # Its hash stands in the manifest of the document that leads the batch.
        raise ConflictError("companion-fixed", params={"document": row["lead_id"]}, source="행정업무규정 시행규칙 5①")
    if base_hash != row["manifest_hash"]:
        raise ConflictError("manifest-moved-on", params={"document": document_id}, field="base_hash", source=REVISING)
    check_keepable(changed)
    document = _revised(row, changed)
    _check(document, row, view)
    canonical = content.manifest_of(document, companions_of(row["canonical"])).canonical()
    if hash_of(canonical) == row["manifest_hash"]:
        raise InvalidError("nothing-changed", field="content")
    return _keep(unit, row, document, canonical, actor, view, correlation_id)


def _revised(row: dict[str, Any], changed: OfficialDocument) -> OfficialDocument:
    """The whole document with the changed text in it."""
    before = content.restored(row, "")
    document = content.written(changed)
    content.clear(document, _FIXED)
    fixed = OfficialDocument()
    fixed.CopyFrom(before)
    content.clear(fixed, (field.name for field, _ in before.ListFields() if field.name not in _FIXED))
    document.MergeFrom(fixed)
    document.steps.extend(before.steps)
    return document


def _check(document: OfficialDocument, row: dict[str, Any], view: View) -> None:
    submission = content.submission_of(document, Origin(), agency_id=row["agency_id"])
    problems = judge_text(submission, view)
    if problems:
        raise refusal_of(problems)
    content.complete(document, view, row["agency_id"], row["department_code"])


def _keep(
    unit: UnitOfWork,
    row: dict[str, Any],
    document: OfficialDocument,
    canonical: bytes,
    actor: Actor,
    view: View,
    correlation_id: str,
) -> Stored:
    stored, _, _ = content.stored(document)
    number, base, manifest_hash = row["last_number"] + 1, row["body_number"], hash_of(canonical)
    roles = line.roles_of(row["steps"], actor.official_id, row["agency_id"], view)
    text = version_row(
        unit,
        row,
        document,
        author_of(actor, view),
        number=number,
        content=stored,
        manifest_hash=manifest_hash,
        role=lines.DECIDE if lines.DECIDE in roles else lines.REVIEW,
        base_number=base,
        effective=False,
    )
    unit.insert(VERSION, text)
    name_files(unit, row["id"], document)
    keep_manifest(unit, row["id"], canonical)
    event = events.manifest_stored(row, document, manifest_hash, actor.official_id)
    record(unit, row, event, actor.to_dict(), correlation_id)
    return Stored(manifest_hash, number)
