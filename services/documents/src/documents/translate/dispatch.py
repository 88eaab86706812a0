"""Rows of sending -> what callers are shown, and marks of sender names in the terms of the rules."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from documents.domain.delivery import CLOCK
from documents.domain.dispatching import OF_COPIES, SENDERS, SENT, Facts, copy_acts, possible
from documents.domain.seals import Kind
from documents.domain.state import State
from onnara.documents.v1 import dispatch_service_pb2 as board
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as exchange
from onnara.exchange.v1.events_pb2 import DeliveryStep

KINDS: Mapping[int, Kind] = {
    exchange.SEAL_KIND_OFFICIAL_SEAL: Kind.SEAL,
    exchange.SEAL_KIND_SIGNATURE: Kind.SIGNATURE,
    exchange.SEAL_KIND_SEAL_OMITTED: Kind.SEAL_OMITTED,
    exchange.SEAL_KIND_SIGNATURE_OMITTED: Kind.SIGNATURE_OMITTED,
}
NUMBERS = {kind: number for number, kind in KINDS.items()}
BY_SERIES = {"SEAL": exchange.SEAL_KIND_OFFICIAL_SEAL, "SIGN": exchange.SEAL_KIND_SIGNATURE}


def kind_of(seal: exchange.Seal) -> Kind | None:
    """The mark beside a sender's name; None when an old system did not say."""
    return KINDS.get(seal.kind)


def put_sending(card: pb.Document, row: Mapping[str, Any], sending: Any, relations: AbstractSet[str]) -> None:
    """Adds what belongs to sending to a card: copies, additions, notes, the ledger's entry, and what the caller may do.

    sending: as ``queries.dispatches`` reads it. relations: of the caller to the document.
    """
    del card.deliveries[:]
    # What was only sent on (이송) is transferred again, not settled.
    settling = relations if State(row["state"]) in SENT else frozenset()
    card.deliveries.extend(deliveries(row["id"], sending.copies, settling))
    card.recipients_asked.extend(recipients_asked(each) for each in sending.additions)
    card.dispatch_notes.extend(note(each) for each in sending.notes)
    if sending.imprint is not None:
        card.imprint.CopyFrom(imprint(sending.imprint))
    asked = any(each["state"] == "asked" for each in sending.additions)
    facts = Facts(kind_of(card.content.seal), sealed=sending.imprint is not None, asked=asked)
    offered = possible(State(row["state"]), relations, facts)
    card.allowed.extend(act for act in offered if act not in OF_COPIES)


def deliveries(document_id: UUID, copies: Any, relations: AbstractSet[str]) -> list[pb.DeliveryView]:
    """Copies of a document, in the order of their recipients."""
    may_settle = bool(relations & SENDERS)
    return [
        delivery(each, copies.events.get(each["id"], ()), copies.acts.get(each["id"], ()), may_settle=may_settle)
        for each in copies.by_document.get(document_id, ())
    ]


def delivery(
    row: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]] = (),
    acts: Sequence[Mapping[str, Any]] = (),
    *,
    may_settle: bool = True,
) -> pb.DeliveryView:
    """One copy with everything that was told of it and done with it. may_settle: whether the caller sends for it."""
    view = pb.DeliveryView(
        delivery_id=str(row["id"]),
        receiver_code=row["receiver_code"],
        receiver_name=row["receiver_name"],
        state=row["state"],
        to_settle=row["needs_person"],
        refer=row["refer"],
        reason=row["reason"],
        allowed=copy_acts(row["state"], row["reason"]) if may_settle else (),
    )
    _set(view, "due_at", row["due_at"])
    for event in events:
        shown = view.events.add(
            step=DeliveryStep.Value("DELIVERY_STEP_" + event["step"]),
            department=event["department"],
            person=event["person"],
            reason=event["reason"],
            file_name=event["file_name"],
            passed_to=event["passed_to"],
        )
        shown.happened_at.FromDatetime(event["happened_at"])
        shown.recorded_at.FromDatetime(event["recorded_at"])
    for act in acts:
        done = view.acts.add(
            act=_word(act["act"]), reason=act["reason"], by="" if act["act"] in CLOCK else act["actor_name"]
        )
        done.done_at.FromDatetime(act["done_at"])
    return view


def recipients_asked(row: Mapping[str, Any]) -> pb.RecipientsAsked:
    """Recipients that wait for the head, or that were added."""
    view = pb.RecipientsAsked(
        request_key=str(row["id"]),
        recipients=exchange.OfficialDocument.FromString(row["recipients"]).recipients,
        ground=row["ground"],
        note=row["note"],
        asked_by=row["asked_name"],
        state=row["state"],
        decided_by=row["decided_name"] or "",
        reason=row["decision_reason"] or "",
    )
    view.asked_at.FromDatetime(row["asked_at"])
    _set(view, "decided_at", row["decided_at"])
    return view


def imprint(row: Mapping[str, Any]) -> pb.SealImprint:
    """One entry of a ledger."""
    view = pb.SealImprint(
        number=row["number"],
        year=row["year"],
        kind=BY_SERIES[row["series"]],
        document_id=str(row["document_id"]),
        title=row["title"],
        registration=exchange.RegistrationNumber.FromString(row["registration"]),
        recipients_label=row["recipients_label"],
        applied_by=row["applied_name"],
        seal_id=str(row["seal_id"]),
        seal_name=row["seal_name"],
        department_name=row["department_name"],
    )
    view.applied_at.FromDatetime(row["applied_at"])
    return view


def seal(row: Mapping[str, Any]) -> board.RegisteredSeal:
    """One seal of the register."""
    view = board.RegisteredSeal(
        seal_id=str(row["id"]),
        name=row["name"],
        kind=NUMBERS[Kind(row["kind"])],  # type: ignore[arg-type]
        department_code=row["department_code"],
        image=exchange.Attachment.FromString(row["image"]),
        keeper_department_code=row["keeper_department_code"],
    )
    view.registered_at.FromDatetime(row["registered_at"])
    _set(view, "disposed_at", row["disposed_at"])
    return view


def note(row: Mapping[str, Any]) -> pb.DispatchNote:
    """Why something was refused, held back or cancelled."""
    view = pb.DispatchNote(act=row["act"], reason=row["reason"], by=row["actor_name"])
    view.noted_at.FromDatetime(row["noted_at"])
    return view


def _word(act: str) -> str:
    return act.lower().replace("_", "-")


def _set(view: Message, name: str, moment: datetime | None) -> None:
    if moment is not None:
        getattr(view, name).FromDatetime(moment)
