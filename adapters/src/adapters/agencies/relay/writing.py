"""A registered document to a pack with its pubdoc, valid to the letter: the mapping table gives the plain texts."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from adapters.agencies.relay import quirks
from adapters.agencies.relay.steps import Steps
from adapters.canonical import disclosure, moments
from adapters.canonical.table import Table
from adapters.contract import Outgoing
from adapters.formats import xhtml
from adapters.formats.entities import replace_named
from adapters.formats.findings import Finding, FormatError, loss, reject, rejected
from adapters.formats.koreantime import spoken
from adapters.formats.pack import CARRIES_PUBDOC, Content, DocType, Pack, content_type_for
from adapters.formats.pubdoc import Campaign, Image, Pubdoc, Seal, SendInfo, write_pubdoc
from adapters.manifest import Manifest
from onnara.exchange.v1.events_pb2 import DispatchRequested, DocumentArrived, Transmission
from onnara.exchange.v1.official_document_pb2 import Attachment, OfficialDocument

# Parts of a document the standard has no place for; each one that is filled is reported.
_UNSAID: Final = ("retention", "task", "sources", "summary", "keywords")


class Writing:
    """Makes packs of documents."""

    def __init__(self, manifest: Manifest, table: Table, steps: Steps) -> None:
        self._table = table
        self._steps = steps
        self._words: Mapping[str, str] = manifest.tables["constants"]
        self._types = {Transmission.Value(word): kind for kind, word in manifest.codes("transmission").items()}

    def pack(self, outgoing: Outgoing, findings: list[Finding]) -> Pack:
        """Make the pack of one message.

        Raises:
            FormatError: not registered, nobody decided, a code or a file's bytes missing, or not valid.

        """
        message = outgoing.message
        document = message if isinstance(message, OfficialDocument) else message.document  # type: ignore[attr-defined]
        values = self._table.take(document)
        found: list[Finding] = []
        code = quirks.registration_code(document.registration)
        if not code:
            found.append(reject("not-registered", "registration"))
        receivers = _receivers(message, document)
        if not receivers:
            found.append(reject("code-missing", "recipients"))
        body = self._body(values["pubdoc.content"], found)
        contents, titles = _attachments(document, outgoing.blobs, found)
        seal, picture = self._seal(document, outgoing.blobs, found)
        approvals, assists = self._steps.write(document.steps, found)
        if not approvals:
            found.append(reject("approval-missing", "steps"))
        publication = disclosure.code_of(document.disclosure)
        if not publication:
            found.append(reject("value-missing", "disclosure"))
        found += _unsaid(document)
        if rejected(found):
            raise FormatError(finding for finding in found if finding.severity == "reject")
        pubdoc = Pubdoc(
            organ=values["pubdoc.organ"],
            recipient=self._rec(document),
            recipient_refer=_refer(document),
            via=values["pubdoc.via"] or None,
            title=values["pubdoc.title"],
            body_separate=document.extensions.get("relay.body_separate") == "true",
            content=body,
            sendername=values["pubdoc.sendername"],
            seal=seal,
            approvals=approvals,
            assists=assists,
            regnumber=values["pubdoc.regnumber"],
            regnumbercode=code,
            enforcedate=values["pubdoc.enforcedate"] or document.registration.date.replace("-", "."),
            sendinfo=self._sendinfo(document, values, publication),
            campaign=_campaign(values),
            attach_titles=titles,
        )
        data = write_pubdoc(pubdoc, report=found)
        findings += found
        page = Content("pubdoc", "pubdoc.xml", data, "text/xml", "euc-kr")
        return self._envelope(message, values, receivers, (page, *picture, *contents), date_of(outgoing))

    def _envelope(
        self,
        message: object,
        values: Mapping[str, str],
        receivers: tuple[str, ...],
        contents: tuple[Content, ...],
        date: str,
    ) -> Pack:
        kind = values["pack.doc_type"] or "send"
        dept, name = values["pack.dept"], values["pack.name"]
        orgcode, send_id = values["pack.send_orgcode"], values["pack.send_id"]
        send_name = values["pack.send_name"] or values["pubdoc.organ"]
        if isinstance(message, DispatchRequested):
            if message.HasField("transferred_by"):  # 이송: the paper stays its sender's, the envelope is ours
                sender = message.transferred_by
                orgcode, send_name = sender.agency.code, sender.agency.name
                send_id = sender.department.code or orgcode
            kind = self._types.get(message.deliveries[0].transmission, "send")
            dept, name = message.clerk_department or dept, message.clerk_name or name
        if kind not in CARRIES_PUBDOC:
            # An acknowledgement carries no document, whatever the kept value says.
            raise FormatError([reject("pack-type-unknown", "doc-type", value=kind)])
        return Pack(
            send_orgcode=orgcode,
            send_id=send_id,
            send_name=send_name,
            receive_ids=receivers,
            date=date,
            title=values.get("pack.title") or values["pubdoc.title"],
            doc_id=values["pack.doc_id"],
            doc_type=cast("DocType", kind),
            dept=dept,
            name=name,
            send_gw=values["pack.send_gw"] or self._words["send_gw"],
            contents=contents,
        )

    def _body(self, body: str, findings: list[Finding]) -> str:
        """Give the body as it stands; only names of characters, which a pack may not hold, become the characters."""
        plain, _ = replace_named(body)
        findings += xhtml.validate(plain)
        return plain

    def _rec(self, document: OfficialDocument) -> str:
        """Give the text of `rec`: the receiver, or all of them with commas when the paper says 수신자 참조."""
        if "relay.rec" in document.extensions:
            return document.extensions["relay.rec"]
        names = [quirks.printed(recipient) for recipient in document.recipients]
        return ", ".join(names) or self._words["internal_text"]

    def _seal(
        self, document: OfficialDocument, blobs: Mapping[bytes, bytes], findings: list[Finding]
    ) -> tuple[Seal | None, tuple[Content, ...]]:
        if not document.HasField("seal"):
            return None, ()
        seal = document.seal
        if seal.omitted or not seal.image.sha256:
            return Seal(omit=seal.omitted), ()
        size = self._words["seal_size"]
        image = Image(seal.image.name, self._words["seal_alt"], size, size)
        content = _content("seal", seal.image, blobs, findings)
        return Seal(omit=False, image=image), (content,) if content else ()

    def _sendinfo(self, document: OfficialDocument, values: Mapping[str, str], publication: str) -> SendInfo:
        return SendInfo(
            zipcode=values["sendinfo.zipcode"],
            address=values["sendinfo.address"],
            homeurl=values["sendinfo.homeurl"] or None,
            telephone=values["sendinfo.telephone"],
            fax=values["sendinfo.fax"],
            email=values["sendinfo.email"] or None,
            publication=document.extensions.get("relay.publication") or disclosure.words_of(document.disclosure),
            publication_code=publication,
        )


def date_of(outgoing: Outgoing) -> str:
    """Give the pack's date: that in the name it has to bear, else the one it came with, else that of the last decision, else none."""
    named = quirks.file_name(outgoing.name) if outgoing.name else None
    if named is not None:
        return spoken(named.when)
    message = outgoing.message
    document = message if isinstance(message, OfficialDocument) else message.document  # type: ignore[attr-defined]
    if "relay.date" in document.extensions:
        return document.extensions["relay.date"]
    acted = [step.acted_at for step in document.steps if step.HasField("acted_at")]
    return spoken(moments.korean(max(acted, key=lambda moment: moment.seconds))) if acted else ""


def _receivers(message: object, document: OfficialDocument) -> tuple[str, ...]:
    """Give the codes a pack is addressed to: a dispatch has one, or the relay would send each pack to all of them."""
    if isinstance(message, DispatchRequested):
        return tuple(delivery.receiver_code for delivery in message.deliveries[:1])
    codes = tuple(each.department.code or each.agency.code for each in document.recipients)
    if isinstance(message, DocumentArrived) and not codes and message.receiver_code:
        return (message.receiver_code,)
    return tuple(code for code in codes if code)


def _refer(document: OfficialDocument) -> bool:
    said = document.extensions.get("relay.refer")
    return said == "true" if said else len(document.recipients) > 1


def _campaign(values: Mapping[str, str]) -> Campaign | None:
    head, foot = values["pubdoc.campaign.head"], values["pubdoc.campaign.foot"]
    return Campaign(head or None, foot or None) if head or foot else None


def _attachments(
    document: OfficialDocument, blobs: Mapping[bytes, bytes], findings: list[Finding]
) -> tuple[tuple[Content, ...], tuple[str, ...]]:
    contents = []
    for index, attachment in enumerate(document.attachments):
        role = document.extensions.get(f"relay.role.{index}") or "attach"
        content = _content(role, attachment, blobs, findings)
        if content is not None:
            contents.append(content)
    if "relay.attach_titles" in document.extensions:
        return tuple(contents), tuple(document.extensions["relay.attach_titles"].splitlines())
    titles = tuple(each.title or quirks.stem(each.name) for each in document.attachments)
    return tuple(contents), titles


def _content(
    role: str, attachment: Attachment, blobs: Mapping[bytes, bytes], findings: list[Finding]
) -> Content | None:
    data = blobs.get(attachment.sha256)
    if data is None:
        findings.append(reject("attachment-missing", "attachments", name=attachment.name))
        return None
    return Content(role, attachment.raw_name or attachment.name, data, content_type_for(attachment.name))


def _unsaid(document: OfficialDocument) -> Sequence[Finding]:
    found = [field for field, value in document.ListFields() if field.name in _UNSAID and value]
    findings = [loss("value-not-carried", field.name, value="") for field in found]
    if document.disclosure.reason:
        findings.append(loss("value-not-carried", "disclosure.reason", value=document.disclosure.reason))
    return findings
