"""A pack with a document to `DocumentArrived`: the mapping table moves what is plain text, the functions here the rest."""

import hashlib
from collections.abc import Mapping
from typing import Final

from adapters.agencies.relay import quirks
from adapters.agencies.relay.steps import Steps
from adapters.canonical import disclosure, moments
from adapters.canonical.table import Table
from adapters.formats.findings import Finding, FormatError, loss, reject
from adapters.formats.pack import Content, Pack, content_type_for
from adapters.formats.pubdoc import Pubdoc, Seal, read_pubdoc
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import DocumentArrived
from onnara.exchange.v1.official_document_pb2 import Attachment, OfficialDocument, RecipientKind

_FILES: Final = frozenset({"attach", "attach_body", "attach_xml", "attach_xsl"})
_PICTURES: Final = frozenset({"sign", "logo", "symbol"})


def flat(pack: Pack, document: Pubdoc | None) -> dict[str, str | None]:
    """Give the plain texts of a pack, named as the mapping table names them."""
    values: dict[str, str | None] = {
        "pack.doc_id": pack.doc_id,
        "pack.send_orgcode": pack.send_orgcode,
        "pack.send_id": pack.send_id,
        "pack.send_name": pack.send_name,
        "pack.receive_id": pack.receive_ids[0] if pack.receive_ids else "",
        "pack.date": pack.date,
        "pack.title": pack.title,
        "pack.dept": pack.dept,
        "pack.name": pack.name,
        "pack.doc_type": pack.doc_type,
        "pack.send_gw": pack.send_gw,
    }
    if document is not None:
        info = document.sendinfo
        values |= {
            "pubdoc.organ": document.organ,
            "pubdoc.via": document.via,
            "pubdoc.title": document.title,
            "pubdoc.content": document.content,
            "pubdoc.sendername": document.sendername,
            "pubdoc.regnumber": document.regnumber,
            "pubdoc.enforcedate": document.enforcedate,
            "pubdoc.campaign.head": document.campaign.head if document.campaign else None,
            "pubdoc.campaign.foot": document.campaign.foot if document.campaign else None,
            "sendinfo.zipcode": info.zipcode,
            "sendinfo.address": info.address,
            "sendinfo.homeurl": info.homeurl,
            "sendinfo.telephone": info.telephone,
            "sendinfo.fax": info.fax,
            "sendinfo.email": info.email,
        }
    return values


class Reading:
    """Makes messages of packs that carry a document."""

    def __init__(self, manifest: Manifest, table: Table, steps: Steps) -> None:
        self._system = manifest.system
        self._table = table
        self._steps = steps

    def message(
        self, pack: Pack, name: str, findings: list[Finding], blobs: dict[bytes, bytes]
    ) -> DocumentArrived | None:
        """Make the message; None when the pack has no readable document, with the reason among the findings."""
        if pack.content("gpki") is not None:
            findings.append(reject("pack-encrypted", "contents"))
            return None
        content = pack.content("pubdoc")
        if content is None:
            findings.append(reject("pubdoc-missing", "contents"))
            return None
        try:
            pubdoc, noticed = read_pubdoc(content.data)
        except FormatError as error:
            findings += error.findings
            return None
        findings += noticed
        arrived = DocumentArrived(receiver_code=quirks.receiver_code(name, pack.receive_ids))
        arrived.origin.system = self._system
        arrived.origin.natural_key = f"{pack.doc_id}|{pack.send_id}|{pack.doc_type}|{pack.date}|{arrived.receiver_code}"
        document = arrived.document
        self._table.put(flat(pack, pubdoc), document, findings)
        _without_defaults(document, pack, pubdoc)
        _recipients(document, pack, pubdoc)
        _registration(document, pubdoc, findings)
        _disclosure(document, pubdoc, findings)
        document.steps.extend(self._steps.read(pubdoc.approvals, pubdoc.assists, pack.send_orgcode, findings))
        _seal(document, pubdoc.seal, pack, findings, blobs)
        _attachments(document, pubdoc, pack, blobs)
        findings += [
            loss("value-not-carried", f"contents/{each.role}", value=each.filename)
            for each in pack.contents
            if each.role in _PICTURES
        ]
        return arrived


def _without_defaults(document: OfficialDocument, pack: Pack, pubdoc: Pubdoc) -> None:
    """Keep beside the document only what is not said elsewhere: the way back makes the rest from the document itself."""
    for key, default in (("send_name", pubdoc.organ), ("doc_type", "send")):
        if document.extensions.get(f"relay.{key}") == default:
            del document.extensions[f"relay.{key}"]
    if pack.title != pubdoc.title:
        document.extensions["relay.header_title"] = pack.title
    if pubdoc.body_separate:
        document.extensions["relay.body_separate"] = "true"


def _recipients(document: OfficialDocument, pack: Pack, pubdoc: Pubdoc) -> None:
    """One recipient a code, with its printed name where list and codes agree; else the printed text is kept whole."""
    names = quirks.receiver_names(pubdoc.recipient) if pubdoc.recipient_refer else [pubdoc.recipient]
    for code in pack.receive_ids:
        document.recipients.add(kind=RecipientKind.RECIPIENT_KIND_GOVERNMENT).agency.code = code
    if len(names) == len(pack.receive_ids):
        for recipient, printed in zip(document.recipients, names, strict=True):
            recipient.printed_as = printed
    else:
        document.extensions["relay.rec"] = pubdoc.recipient
    if pubdoc.recipient_refer != (len(pack.receive_ids) > 1):
        document.extensions["relay.refer"] = "true" if pubdoc.recipient_refer else "false"


def _registration(document: OfficialDocument, pubdoc: Pubdoc, findings: list[Finding]) -> None:
    """Number and year: the pubdoc names no year, so that of the decision stands for it, else that of sending."""
    days = [pubdoc.approvals[-1].date if pubdoc.approvals else "", pubdoc.enforcedate]
    year = next((day.year for text in days if (day := moments.read_day(text)) is not None), 0)
    if not quirks.fill_registration(document.registration, pubdoc.regnumbercode, year):
        findings.append(loss("value-unmapped", "regnumber@regnumbercode", value=pubdoc.regnumbercode))


def _disclosure(document: OfficialDocument, pubdoc: Pubdoc, findings: list[Finding]) -> None:
    info = pubdoc.sendinfo
    if not disclosure.fill(document.disclosure, info.publication_code):
        findings.append(loss("value-unmapped", "publication@code", value=info.publication_code))
    if info.publication != disclosure.words_of(document.disclosure):
        document.extensions["relay.publication"] = info.publication


def _seal(
    document: OfficialDocument, seal: Seal | None, pack: Pack, findings: list[Finding], blobs: dict[bytes, bytes]
) -> None:
    if seal is None:
        return
    document.seal.omitted = seal.omit
    if seal.image is None:
        return
    content = next((each for each in pack.contents if each.filename == seal.image.src), None) or pack.content("seal")
    if content is None:
        findings.append(reject("attachment-missing", "seal/img", name=seal.image.src))
    else:
        document.seal.image.CopyFrom(_attachment(content, blobs))


def _attachments(document: OfficialDocument, pubdoc: Pubdoc, pack: Pack, blobs: dict[bytes, bytes]) -> None:
    files = [content for content in pack.contents if content.role in _FILES]
    titles: Mapping[int, str] = dict(enumerate(pubdoc.attach_titles))
    matched = len(files) == len(pubdoc.attach_titles)
    for index, content in enumerate(files):
        attachment = document.attachments.add()
        attachment.CopyFrom(_attachment(content, blobs))
        if matched and titles[index] != quirks.stem(attachment.name):
            attachment.title = titles[index]
        if content.role != "attach":
            document.extensions[f"relay.role.{index}"] = content.role
    if not matched:
        document.extensions["relay.attach_titles"] = "\n".join(pubdoc.attach_titles)


def _attachment(content: Content, blobs: dict[bytes, bytes]) -> Attachment:
    sha256 = hashlib.sha256(content.data).digest()
    blobs[sha256] = content.data
    name = quirks.plain_name(content.filename)
    return Attachment(
        sha256=sha256,
        size=len(content.data),
        media_type=content.content_type or content_type_for(name),
        name=name,
        raw_name=content.filename if content.filename != name else "",
    )
