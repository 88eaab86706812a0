"""Out of the agency's hands, or done: transferred (이송), sent back (반송), forwarded with our opinion (경유), completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

from chassis.errors import ConflictError, InvalidError, NotFoundError
from chassis.uow import UnitOfWork
from documents.domain import receiving
from documents.domain.delivery import RESENT
from documents.domain.state import REGISTERED, State
from documents.domain.submission import Addressee, recipient_problems
from documents.handlers.cards import refusal_of
from documents.handlers.copies import do_with_copy, keep_copy, load_copies, make_copies, waits_of
from documents.handlers.drafting import create_draft
from documents.handlers.received import Asked, Received, checked_text, open_received
from documents.ports.directory import View
from documents.translate import content, events, receipts
from onnara.exchange.v1.events_pb2 import TRANSMISSION_NORMAL_RESEND, TRANSMISSION_SEND, DeliveryStep
from onnara.exchange.v1.official_document_pb2 import (
    Attachment,
    OfficialDocument,
    Recipient,
    Sender,
    Unit,
)

_BODY = "SELECT body FROM document_version WHERE document_id = $1 AND number = $2"
_ORIGINAL = """
SELECT d.*, v.body FROM document d JOIN receipt r ON r.document_id = d.id
JOIN document_version v ON v.document_id = d.id AND v.number = d.body_number WHERE d.id = $1
"""
_ANSWER = "SELECT state, agency_id FROM document WHERE id = $1"
_DRAFT = "SELECT state FROM document WHERE id = $1"
_FAILED_DRAFTS = frozenset({State.STOPPED, State.REFUSED, State.SEND_CANCELLED})


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a document goes on to, and in which words."""

    recipient: Recipient
    words: str


async def transfer(unit: UnitOfWork, asked: Asked, onward: Onward, view: View) -> int:
    """Sends it on to the agency whose business it is, as it came (시행규칙 16②), and says so to its sender. Answers the version."""
    case, state = await open_received(unit, asked, "transfer", view)
    reason = checked_text(onward.words, "reason")
    if not reason:
        raise InvalidError("reason-missing", field="reason", source=receiving.TRANSFERRING)
    _check_recipient(onward.recipient, case, view)
    before = (await load_copies(unit, [case.row["id"]])).get(case.row["id"], [])
    receiving.check_again(copy["state"] for copy in before)
    version = case.keep(state, "transfer", receipt={"passed_to": _printed(onward.recipient), "reason": reason})
    await _send_on(case, onward.recipient, before, view)
    addressee = Unit(code=content.code_of(onward.recipient), name=_printed(onward.recipient))
    case.tell_sender(DeliveryStep.DELIVERY_STEP_TRANSFERRED, reason=reason, passed_to=addressee)
    return version


async def send_back(unit: UnitOfWork, asked: Asked, defect: str, reason: str, view: View) -> int:
    """Sends it back for a formal defect (시행규칙 16①); the sender is told. Answers the version.

    What cannot be opened is wanted again: the sender is asked to send it once more.
    """
    case, state = await open_received(unit, asked, "send-back", view)
    words = checked_text(reason, "reason")
    receiving.check_defect(defect, words)
    version = case.keep(state, "send-back", receipt={"reason": words, "defect": defect})
    unreadable = defect == "unreadable"
    step = DeliveryStep.DELIVERY_STEP_RESEND_REQUESTED if unreadable else DeliveryStep.DELIVERY_STEP_RETURNED
    case.tell_sender(step, reason=words)
    return version


async def original(unit: UnitOfWork, document_id: UUID) -> OfficialDocument:
    """A received document as it came, whole. Raises NotFoundError document-unknown."""
    rows = await unit.fetch(_ORIGINAL, document_id)
    if not rows:
        raise NotFoundError("document-unknown", params={"document": document_id}, field="document_id")
    return content.restored(rows[0], rows[0]["body"])


async def forward(
    unit: UnitOfWork, asked: Asked, onward: Onward, page: Attachment, view: View
) -> tuple[int, Mapping[str, Any]]:
    """Makes a draft of ours that carries it on, with our opinion and the original attached (시행규칙 15④).

    page: the original as a file, stored. The draft goes its own way through a line; once it is sent, this is forwarded.
    Answers the version and the draft's row.
    """
    case, state = await open_received(unit, asked, "forward", view)
    _check_recipient(onward.recipient, case, view)
    await _check_draft_gone(unit, case.receipt["forward_id"])
    draft = await create_draft(unit, _carrier(case, onward, page, view), asked.actor, view, asked.correlation_id)
    receipt = {"passed_to": _printed(onward.recipient), "forward_id": draft["id"]}
    return case.keep(state, "forward", receipt=receipt), draft


async def complete(unit: UnitOfWork, asked: Asked, answer_id: UUID | None, note: str, view: View) -> int:
    """Ends the matter, with the document that answered it if there is one (완료); answers the version."""
    case, state = await open_received(unit, asked, "complete", view)
    if answer_id is not None:
        await _check_answer(unit, answer_id, case)
    return case.keep(state, "complete", receipt={"answer_id": answer_id, "note": checked_text(note, "note")})


def _check_recipient(recipient: Recipient, case: Received, view: View) -> None:
    """Raises InvalidError unless it is a unit of another agency that bears its code today."""
    # Sent on is a matter between agencies: who has no code is written to, not transferred to.
    code = content.code_of(recipient)
    addressee = Addressee(code, government=not code or recipient.kind in content.GOVERNMENT)
    problems = recipient_problems([addressee], view, "recipients")
    if problems:
        raise refusal_of(problems)
    found = view.unit(addressee.code)
    if found is not None and found.agency_id == case.row["agency_id"]:
        params = {"code": addressee.code}
        raise InvalidError("recipient-of-own-agency", params=params, field="recipient", source=receiving.TRANSFERRING)


def _printed(recipient: Recipient) -> str:
    names = (recipient.printed_as, recipient.department.name, recipient.agency.name)
    return next((name for name in names if name), content.code_of(recipient))


async def _send_on(case: Received, recipient: Recipient, before: Sequence[dict[str, Any]], view: View) -> None:
    """The original with us as the one that sends it on, so that acknowledgements come to this card."""
    unit, row = case.unit, case.row
    body = await unit.fetch(_BODY, row["id"], row["body_number"])
    document = content.restored(row, body[0]["body"])
    del document.recipients[:]
    document.recipients.append(recipient)
    copy = next((each for each in before if each["receiver_code"] == content.code_of(recipient)), None)
    transmission = TRANSMISSION_SEND if copy is None else TRANSMISSION_NORMAL_RESEND
    if copy is None:
        [copy] = make_copies(unit, row, [recipient], view, len(before))
    else:
        do_with_copy(unit, case.actor, copy, RESENT, "")
        copy.update(waits_of(unit, row, view))
        keep_copy(unit, copy)
    request = events.dispatch(document, row["agency_id"], [{**copy, "position": 0}], transmission)
    agency = view.agency(row["agency_id"])
    department = Unit(code=row["department_code"], name=row["department_name"])
    request.transferred_by.CopyFrom(Sender(agency=Unit(code=agency.code, name=agency.name), department=department))  # type: ignore[union-attr]
    request.clerk_department, request.clerk_name = row["department_name"], case.actor.name
    unit.send(request, agency_id=row["agency_id"], actor=case.actor.to_dict(), correlation_id=case.correlation_id)


async def _check_draft_gone(unit: UnitOfWork, draft_id: UUID | None) -> None:
    """Raises ConflictError while an earlier draft may still carry the document on. A deleted one is gone."""
    if draft_id is None:
        return
    rows = await unit.fetch(_DRAFT, draft_id)
    if rows and rows[0]["state"] not in _FAILED_DRAFTS:
        params = {"document": draft_id, "state": rows[0]["state"]}
        raise ConflictError("forward-under-way", params=params, source=receiving.FORWARDING)


def _carrier(case: Received, onward: Onward, page: Attachment, view: View) -> OfficialDocument:
    """Content of the draft: title of the original, our opinion, the original and its attachments."""
    came = OfficialDocument.FromString(case.row["content"])
    agency = view.agency(case.row["agency_id"])
    opinion = checked_text(onward.words, "opinion")
    draft = OfficialDocument(
        title=case.row["title"],
        body="".join(f"<p>{escape(line, quote=False)}</p>" for line in opinion.splitlines() if line.strip()),
        recipients=[onward.recipient],
        attachments=[page, *came.attachments],
        sender_name=agency.head_title if agency else "",
        disclosure=came.disclosure,
        sources=[receipts.source_of(case.row)],
    )
    draft.task.code = case.receipt["task_code"]
    return draft


async def _check_answer(unit: UnitOfWork, answer_id: UUID, case: Received) -> None:
    """Raises NotFoundError for what the caller may not read, InvalidError for what is not registered here."""
    rows = await unit.fetch(_ANSWER, answer_id)
    if not rows or rows[0]["agency_id"] != case.row["agency_id"]:
        raise NotFoundError("document-unknown", params={"document": answer_id}, field="answer_document_id")
    if State(rows[0]["state"]) not in REGISTERED:
        params = {"state": rows[0]["state"]}
        raise InvalidError("answer-not-registered", params=params, field="answer_document_id", source=receiving.FILING)
