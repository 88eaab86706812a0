"""A new draft of a document that is there: drafted again (재기안), after its example (참조기안), or in answer to it."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import NotFoundError
from chassis.uow import UnitOfWork
from documents.domain.state import RECEIVED
from documents.handlers.drafting import act, create_draft
from documents.ports.directory import View
from documents.translate import content
from documents.translate.views import number_of
from onnara.exchange.v1 import official_document_pb2 as pb

_ORIGINAL = """
SELECT d.*, v.body, r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on
FROM document d JOIN document_version v ON v.document_id = d.id AND v.number = d.body_number
LEFT JOIN registration r ON r.document_id = d.id WHERE d.id = $1
"""
# What a document of another agency says of itself alone.
_SENDERS_OWN = ("recipients", "sender_name", "seal", "via", "task", "retention", "contact", "extensions", "sources")


async def redraft(
    unit: UnitOfWork, document_id: UUID, actor: Actor, view: View, correlation_id: str, *, answer: bool = False
) -> Mapping[str, Any]:
    """Saves the caller's new draft; the original is its source. answer: sender and recipient change places.

    Raises NotFoundError document-unknown, ForbiddenError act-not-yours, ConflictError act-not-now.
    """
    rows = await unit.fetch(_ORIGINAL, document_id)
    if not rows:
        raise NotFoundError("document-unknown", params={"document": document_id}, field="document_id")
    row = dict(rows[0])
    await act(unit, row, "answer" if answer else "redraft", actor, view)
    original = content.restored(row, row["body"])
    draft = _answer(original) if answer else _copy(original, received=row["state"] in RECEIVED)
    kind = pb.Source.KIND_RECEIVED_DOCUMENT if row["state"] in RECEIVED else pb.Source.KIND_PRODUCED_DOCUMENT
    number = number_of(row)
    title = f"{number.text} {original.title}" if number else original.title
    draft.sources.append(pb.Source(kind=kind, title=title, id=str(document_id)))
    return await create_draft(unit, draft, actor, view, correlation_id)


def _copy(original: pb.OfficialDocument, *, received: bool) -> pb.OfficialDocument:
    """Everything its writer wrote; of a received document what is not the sender's own affair."""
    draft = content.written(original)
    content.clear(draft, ("contact", "extensions"))
    if received:
        content.clear(draft, _SENDERS_OWN)
    return draft


def _answer(original: pb.OfficialDocument) -> pb.OfficialDocument:
    """To the sender, about the document as it numbered it, under the same task and disclosure; the words are to come."""
    draft = pb.OfficialDocument(title=original.title, body=f"<p>1. 관련: {escape(_cited(original))}</p><p>2. </p>")
    draft.disclosure.CopyFrom(original.disclosure)
    sender = original.sender
    recipient = draft.recipients.add(kind=pb.RECIPIENT_KIND_GOVERNMENT)
    recipient.agency.CopyFrom(sender.agency)
    recipient.department.CopyFrom(sender.department)
    recipient.printed_as = original.sender_name
    if original.sender_name and sender.department.name:
        recipient.printed_as = f"{original.sender_name}({sender.department.name}장)"
    return draft


def _cited(original: pb.OfficialDocument) -> str:
    """도로정책과-12(2026. 5. 6.): how a body names the document it goes back to; its title when it has no number."""
    number = original.registration
    if not number.text:
        return original.title
    try:
        day = date.fromisoformat(number.date or original.enforced_on)
    except ValueError:
        return number.text
    return f"{number.text}({day.year}. {day.month}. {day.day}.)"
