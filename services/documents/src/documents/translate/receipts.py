"""Received documents -> what the sender is told, what the card shows, what is sent on."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from html import escape
from typing import Any

from documents.domain import receiving
from documents.domain.registration import Number
from documents.domain.state import State
from documents.domain.transition import allowed
from documents.translate import content
from documents.translate.views import number_of
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import ReceiptProgressed
from onnara.documents.v1.receipt_service_pb2 import Defect
from onnara.exchange.v1 import events_pb2 as exchange
from onnara.exchange.v1.official_document_pb2 import OfficialDocument, Source, Unit

DEFECTS: Mapping[int, str] = {
    Defect.DEFECT_SEAL: "seal",
    Defect.DEFECT_ATTACHMENT: "attachment",
    Defect.DEFECT_FORM: "form",
    Defect.DEFECT_UNREADABLE: "unreadable",
}
_MOMENTS = ("arrived_at", "accepted_at")


def progressed(
    row: Mapping[str, Any], act: str, *, official_id: str = "", number: Number | None = None
) -> ReceiptProgressed:
    """A received document has moved on."""
    event = ReceiptProgressed(
        document_id=str(row["id"]),
        version=row["version"],
        state=row["state"],
        act=act,
        department_code=row["department_code"],
        official_id=official_id,
    )
    if number is not None:
        event.registration.CopyFrom(content.registration(number))
    return event


def reported(
    row: Mapping[str, Any],
    step: int,
    person: str,
    now: datetime,
    *,
    agency: Unit,
    reason: str = "",
    number: Number | None = None,
) -> exchange.ReceiptReported:
    """What the sender is told, by the department the document lies with."""
    document = OfficialDocument.FromString(row["content"])
    report = exchange.ReceiptReported(
        origin=exchange.Origin.FromString(row["origin"]),
        document_id=str(row["id"]),
        step=step,  # type: ignore[arg-type]
        agency=agency,
        department=Unit(code=row["department_code"], name=row["department_name"]),
        person=person,
        reason=reason,
        sender_document_id=document.document_id,
        title=row["title"],
        sender_registration=document.registration,
        enforced_on=document.enforced_on,
    )
    if number is not None:
        report.registration.CopyFrom(content.registration(number))
    report.happened_at.FromDatetime(now)
    return report


def source_of(row: Mapping[str, Any]) -> Source:
    """The received document as what another one goes back to."""
    return Source(kind=Source.KIND_RECEIVED_DOCUMENT, title=row["title"], id=str(row["id"]))


def put_receipt(
    card: pb.Document, row: Mapping[str, Any], receipt: Mapping[str, Any] | None, relations: AbstractSet[str]
) -> None:
    """Adds to the card of a received document what became of it here, and what the caller may do with it.

    The number in its content is the sender's again: ours is that of the acceptance. relations: of the caller to it.
    """
    if receipt is None:
        return
    came, own = OfficialDocument.FromString(row["content"]), card.content
    card.receipt.CopyFrom(view(row, receipt, number_of(row)))
    own.ClearField("registration")
    if came.HasField("registration"):
        own.registration.CopyFrom(came.registration)
    own.enforced_on = came.enforced_on
    if receipt["task_code"]:
        own.task.Clear()
        own.task.code, own.retention = receipt["task_code"], row["retention"]
    offered = allowed(receiving.TABLE, State(row["state"]), relations)
    card.allowed.extend(act for act in offered if act not in card.allowed)


def view(row: Mapping[str, Any], receipt: Mapping[str, Any], number: Number | None) -> pb.ReceiptView:
    """What became of a received document. number: of its acceptance."""
    shown = pb.ReceiptView(
        in_charge_id=row["in_charge_id"],
        in_charge_name=receipt["in_charge_name"],
        instruction=receipt["instruction"],
        due_on=receipt["due_on"],
        passed_to=receipt["passed_to"],
        reason=receipt["reason"],
    )
    if row["state"] not in {State.ARRIVED, State.REDISTRIBUTION_ASKED}:
        shown.department_code, shown.department_name = row["department_code"], row["department_name"]
    if number is not None:
        shown.registration.CopyFrom(content.registration(number))
    for name in _MOMENTS:
        if receipt[name] is not None:
            getattr(shown, name).FromDatetime(receipt[name])
    return shown


def original_page(document: OfficialDocument) -> bytes:
    """The received document as one readable file, to be attached to what carries it on (경유). UTF-8 XHTML.

    Its body keeps to the elements of the exchange standard: that was checked when it came in.
    """
    sender = document.sender
    lines = (
        ("발신", f"{sender.agency.name} {sender.department.name}".strip()),
        ("발신명의", document.sender_name),
        ("수신", content.recipients_label(document)),
        ("생산등록번호", document.registration.text),
        ("시행일자", document.enforced_on),
    )
    head = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in lines if value)
    title = escape(document.title)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="UTF-8"/>'
        f"<title>{title}</title></head><body><table>{head}</table><h1>{title}</h1>{document.body}</body></html>\n"
    ).encode()
