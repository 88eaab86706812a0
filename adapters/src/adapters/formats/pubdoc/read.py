"""Bytes to `Pubdoc`, tolerantly: validated strictly on the way out, repaired and reported on the way in."""

import re
from typing import Final

from lxml import etree

from adapters.formats.elements import Reader, children, trimmed
from adapters.formats.findings import Finding, FormatError, reject, repair
from adapters.formats.pubdoc.model import Approval, Assist, Campaign, Image, Pubdoc, Receipt, Seal, SendInfo
from adapters.formats.xhtml import inner, sanitise
from adapters.formats.xmlsafe import MAX_BYTES, Prepared, parse_text, prepare

_CONTENT: Final = re.compile(r"<content(?:\s[^>]{0,200})?>")
_FLAGS: Final = ("true", "false")


def read_pubdoc(data: bytes, *, max_bytes: int = MAX_BYTES) -> tuple[Pubdoc, list[Finding]]:
    """Read a document.

    Returns:
        The document and what was noticed. Missing required elements give empty texts and a finding with severity
        reject; elements out of order, unknown attributes and broken HTML in the body are repaired. `content` is
        always of the XHTML subset.

    Raises:
        FormatError: not XML even after repairing the body, not a pubdoc, or an attack.

    """
    prepared = prepare(data, max_bytes=max_bytes)
    notes = list(prepared.findings)
    root = _parse(prepared, notes)
    if root.tag != "pubdoc":
        raise FormatError([reject("pubdoc-not-a-pubdoc", element=str(root.tag))])
    reader = Reader(notes, rel="201-237")
    reader.order(root, ("head", "body", "foot", "attach"))
    head = reader.child(root, "head", required=True)
    body = reader.child(root, "body", required=True)
    foot = reader.child(root, "foot", required=True)
    receipt_info = reader.child(head, "receiptinfo", required=head is not None)
    recipient = reader.child(receipt_info, "recipient", required=receipt_info is not None)
    approval_info = reader.child(foot, "approvalinfo", required=foot is not None)
    process = reader.child(foot, "processinfo", required=foot is not None)
    number = reader.child(process, "regnumber", required=process is not None)
    reader.order(head, ("organ", "receiptinfo"))
    reader.order(foot, ("sendername", "seal", "approvalinfo", "processinfo", "sendinfo", "campaign"))
    document = Pubdoc(
        organ=reader.text(head, "organ"),
        recipient=reader.text(recipient, "rec"),
        recipient_refer=reader.word(recipient, "refer", _FLAGS, "false") == "true",
        via=reader.maybe(receipt_info, "via"),
        title=reader.text(body, "title"),
        body_separate=reader.word(body, "separate", _FLAGS, "false") == "true",
        content=_content(reader, body),
        sendername=reader.text(foot, "sendername"),
        seal=_seal(reader, foot),
        approvals=tuple(_approval(reader, element) for element in children(approval_info, "approval")),
        assists=tuple(_assist(reader, element) for element in children(approval_info, "assist")),
        regnumber=trimmed(number),
        regnumbercode=reader.attribute(number, "regnumbercode"),
        enforcedate=reader.text(process, "enforcedate"),
        receipt=_receipt(reader, process),
        sendinfo=_sendinfo(reader, reader.child(foot, "sendinfo", required=foot is not None)),
        campaign=_campaign(reader, foot),
        attach_titles=tuple(trimmed(title) for title in children(root.find("attach"), "title")),
    )
    if not document.approvals and approval_info is not None:
        reader.missing("approval", approval_info)
    return document, notes


def _parse(prepared: Prepared, notes: list[Finding]) -> etree._Element:
    """Parse; when the body's HTML breaks the file, clean that part alone and try once more."""
    try:
        return parse_text(prepared.text)
    except FormatError:
        text = prepared.text
        opening = _CONTENT.search(text)
        close = text.rfind("</content")
        if opening is None or close < opening.end():
            raise
        cleaned, found = sanitise(text[opening.end() : close])
        root = parse_text(text[: opening.end()] + cleaned + text[close:])
        notes += found
        return root


def _content(reader: Reader, body: etree._Element | None) -> str:
    element = reader.child(body, "content", required=body is not None)
    reader.order(body, ("title", "content"))
    if element is None:
        return ""
    content, found = sanitise(inner(element))
    reader.notes += found
    return content


def _image(parent: etree._Element | None) -> Image | None:
    image = parent.find("img") if parent is not None else None
    if image is None:
        return None
    return Image(image.get("src") or "", image.get("alt") or "", image.get("width"), image.get("height"))


def _seal(reader: Reader, foot: etree._Element | None) -> Seal | None:
    seal = reader.child(foot, "seal")
    return None if seal is None else Seal(reader.word(seal, "omit", _FLAGS, "false") == "true", _image(seal))


def _approval(reader: Reader, element: etree._Element) -> Approval:
    reader.order(element, ("signposition", "type", "signimage", "name", "date", "time"))
    _unknown_attributes(reader, element)
    return Approval(
        order=reader.attribute(element, "order"),
        signposition=reader.text(element, "signposition"),
        type=reader.text(element, "type"),
        signimage=_image(element.find("signimage")),
        name=reader.text(element, "name"),
        date=reader.text(element, "date"),
        time=reader.maybe(element, "time"),
    )


def _assist(reader: Reader, element: etree._Element) -> Assist:
    reader.order(element, ("signposition", "type", "signimage", "name", "date", "time"))
    _unknown_attributes(reader, element)
    return Assist(
        order=reader.attribute(element, "order"),
        signposition=reader.text(element, "signposition"),
        type=reader.text(element, "type"),
        signimage=_image(element.find("signimage")),
        name=reader.maybe(element, "name"),
        date=reader.text(element, "date"),
        time=reader.maybe(element, "time"),
    )


def _unknown_attributes(reader: Reader, element: etree._Element) -> None:
    """Note attributes of older generations, such as `opinion`."""
    for name, value in element.attrib.items():
        if name != "order":
            reader.notes.append(repair("attribute-unknown", f"{element.tag}@{name}", value=str(value)))


def _receipt(reader: Reader, process: etree._Element | None) -> Receipt | None:
    receipt = reader.child(process, "receipt")
    if receipt is None:
        return None
    return Receipt(reader.text(receipt, "number"), reader.text(receipt, "date"), reader.maybe(receipt, "time"))


_SENDINFO: Final = (
    "zipcode",
    "address",
    "homeurl",
    "telephone",
    "fax",
    "email",
    "publication",
    "symbol",
    "logo",
)


def _sendinfo(reader: Reader, info: etree._Element | None) -> SendInfo:
    reader.order(info, _SENDINFO)
    publication = reader.child(info, "publication", required=info is not None)
    return SendInfo(
        zipcode=reader.text(info, "zipcode"),
        address=reader.text(info, "address"),
        homeurl=reader.maybe(info, "homeurl"),
        telephone=reader.text(info, "telephone"),
        fax=reader.text(info, "fax"),
        email=reader.maybe(info, "email"),
        publication=trimmed(publication),
        publication_code=reader.attribute(publication, "code"),
        symbol=_image(info.find("symbol") if info is not None else None),
        logo=_image(info.find("logo") if info is not None else None),
    )


def _campaign(reader: Reader, foot: etree._Element | None) -> Campaign | None:
    campaign = reader.child(foot, "campaign")
    if campaign is None:
        return None
    return Campaign(reader.maybe(campaign, "headcampaign"), reader.maybe(campaign, "footcampaign"))
