"""The paper form of an official document: 두문, 본문, 결문 (행정업무규정 시행규칙 4, 별지 1·2)."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from gateway.i18n import Reader
from gateway.views.body import safe_body
from gateway.views.line import SignatureCell, signature_cells
from gateway.views.words import disclosure
from onnara.documents.v1 import documents_service_pb2 as documents_pb
from onnara.exchange.v1 import official_document_pb2 as pb

_BREAKS = re.compile(r"<(?:/p|/div|/li|/td|br)\b[^>]*>|\n")
_TAGS = re.compile(r"<[^>]*>|&nbsp;")
# Lines at the end of a body among which what is attached is listed.
_LAST = 8


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One 붙임."""

    title: str
    name: str
    size: str
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class PaperForm:
    """What stands on the sheet.

    recipients: list below the sender name when there are several, else empty. names_attachments: the body lists them itself.
    """

    agency: str
    receiver: str
    recipients: str
    via: str
    title: str
    body: Markup
    ends: bool
    names_attachments: bool
    attachments: list[AttachmentRow]
    sender_name: str
    seal: str
    cells: list[SignatureCell]
    cooperators: list[SignatureCell]
    number: str
    number_day: str
    address: str
    contacts: str
    email: str
    disclosure: str


def paper(reader: Reader, document: documents_pb.Document, steps: list[pb.ApprovalStep]) -> PaperForm:
    """The sheet of a document with its line's steps (the document's own when it has no line here)."""
    content = document.content
    cells = signature_cells(reader, steps or list(content.steps))
    cooperate = {reader.text("role:cooperate"), reader.text("role:audit")}
    names = [_printed(recipient) for recipient in content.recipients]
    several = len(names) > 1
    return PaperForm(
        agency=content.sender.agency.name or document.agency_name,
        receiver=_receiver(reader, names),
        recipients=", ".join(names) if several else "",
        via=content.via,
        title=content.title,
        body=safe_body(content.body, pictures(document)),
        ends=not content.body.rstrip().removesuffix("</p>").rstrip().endswith("끝."),
        names_attachments=lists_attachments(content.body),
        attachments=[attachment(reader, each) for each in content.attachments],
        sender_name=content.sender_name if names else "",
        seal=reader.text("seal omitted") if content.seal.omitted and names else "",
        cells=[cell for cell in cells if cell.label not in cooperate],
        cooperators=[cell for cell in cells if cell.label in cooperate],
        number=content.registration.text,
        number_day=reader.day(content.registration.date or content.enforced_on),
        address=" ".join(part for part in (content.contact.zipcode, content.contact.address) if part),
        contacts=_contacts(reader, content.contact),
        email=" / ".join(part for part in (content.contact.email, content.contact.homepage) if part),
        disclosure=disclosure(reader, content.disclosure),
    )


def pictures(document: documents_pb.Document) -> dict[str, str]:
    """Addresses of the attached pictures, by file name: a body names its pictures so."""
    return {
        each.name: f"/documents/{document.document_id}/images/{each.sha256.hex()}"
        for each in document.content.attachments
        if each.media_type.startswith("image/")
    }


def lists_attachments(body: str) -> bool:
    """Whether the body ends with what is attached (행정업무규정 시행규칙 4⑥), so that the sheet does not say it twice."""
    lines = [text for text in (_TAGS.sub(" ", line).strip() for line in _BREAKS.split(body)) if text]
    return any(re.match(r"붙\s*임(?![가-힣])", line) for line in lines[-_LAST:])


def attachment(reader: Reader, each: pb.Attachment) -> AttachmentRow:
    """One attachment, named by its title or by its file name."""
    title = each.title or each.name.rsplit(".", 1)[0]
    return AttachmentRow(title, each.name, reader.size(each.size), each.sha256.hex(), each.media_type)


def _receiver(reader: Reader, names: list[str]) -> str:
    if not names:
        return reader.text("internal decision")
    return names[0] if len(names) == 1 else reader.text("see recipients")


def _printed(recipient: pb.Recipient) -> str:
    if recipient.printed_as:
        return recipient.printed_as
    department = f"({recipient.department.name})" if recipient.department.name else ""
    return f"{recipient.agency.name or recipient.agency.code}{department}"


def _contacts(reader: Reader, contact: pb.ContactLine) -> str:
    parts = []
    if contact.telephone:
        parts.append(reader.text("Tel. {number}", number=contact.telephone))
    if contact.fax:
        parts.append(reader.text("Fax {number}", number=contact.fax))
    return " / ".join(parts)
