"""DOC_INFO and the document card: task, sources, disclosure, recipients; both ways.

What the canonical document has no place for stays beside it under `enara.…`; it is used again only while it still agrees
with the document, so that a change made on the card is never undone by an older copy.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.canonical import disclosure
from adapters.canonical.kept import keep, kept
from adapters.formats.exchange import (
    Civilian,
    Coded,
    DirectOrder,
    DocInfo,
    Enforcement,
    External,
    OtherOrg,
    Receipt,
    SourceRef,
    Sources,
    TaskCard,
    ToKms,
)
from adapters.formats.findings import Finding, loss
from onnara.exchange.v1.official_document_pb2 import OfficialDocument, Recipient, RecipientKind, Source

_PLAIN: Final = (
    ("DOCGUBUN", "doc_kind", Coded),
    ("READINGBOUND", "reading_bound", Coded),
    ("READINGLIMIT", "reading_limit", Coded),
    ("TO_KMS", "to_kms", ToKms),
    ("TO_UNIKMS", "to_unikms", bool),
)
_GOVERNMENT: Final = RecipientKind.RECIPIENT_KIND_GOVERNMENT
_Receiver = Receipt | External | OtherOrg | Civilian
_KEPT_AS: Final[Mapping[str, type]] = {"EXTERNAL": External, "OTHER": OtherOrg, "CIVILIAN": Civilian}


class Cards:
    """Both directions of DOC_INFO."""

    def __init__(self, codes: Mapping[str, Mapping[str, str]]) -> None:
        self._kinds = {code: RecipientKind.Value(word) for code, word in codes["organisation"].items()}
        self._sources = {code: Source.Kind.Value(word) for code, word in codes["source"].items()}

    def read(self, info: DocInfo, document: OfficialDocument, findings: list[Finding]) -> None:
        """Put DOC_INFO into the document; summary and sender names went by the mapping table."""
        document.extensions["enara.DOC_INFO"] = "yes"
        for key, name, _ in _PLAIN:
            keep(document, f"enara.{key}", getattr(info, name))
        if info.summary == "":
            document.extensions["enara.SUMMARY"] = "empty"
        if info.publication is not None:
            self._publication(info.publication, document, findings)
        if info.task_cards:
            first = info.task_cards[0]
            document.task.code, document.task.name = first.id, first.name
            if info.task_cards != (_card(document),):
                keep(document, "enara.TASKCARDS", info.task_cards)
        if info.sources is not None:
            document.sources.extend(self._read_sources(info.sources))
            if info.sources != self._write_sources(document.sources) or not document.sources:
                keep(document, "enara.SOURCES", info.sources)
        if info.enforcement is not None:
            self._read_receivers(info.enforcement, document)

    def write(self, document: OfficialDocument, values: Mapping[str, str]) -> DocInfo | None:
        """Make DOC_INFO of a document; None when it would be empty and was never there."""
        task = document.HasField("task")
        cards = kept(document, "enara.TASKCARDS", tuple[TaskCard, ...]) or ()
        if task and (not cards or (cards[0].id, cards[0].name) != (document.task.code, document.task.name)):
            cards = (_card(document),)
        info = DocInfo(
            **self._plain(document),
            summary=values["DOC_INFO/SUMMARY"] or ("" if "enara.SUMMARY" in document.extensions else None),
            publication=_publication(document),
            task_cards=cards if task else (),
            sources=self._sources_of(document),
            send_org_name=values["DOC_INFO/SENDORGNAME"] or None,
            enforcement=self._write_receivers(document, values["ENFORCEMENT/SENDNAME"]),
        )
        return info if info != DocInfo() or "enara.DOC_INFO" in document.extensions else None

    def _plain(self, document: OfficialDocument) -> dict[str, Any]:
        return {name: kept(document, f"enara.{key}", form) for key, name, form in _PLAIN}

    def _publication(self, coded: Coded, document: OfficialDocument, findings: list[Finding]) -> None:
        if not disclosure.fill(document.disclosure, coded.code):
            findings.append(loss("value-unmapped", "PUBLICATION@code", value=coded.code))
        document.disclosure.reason = coded.extra or ""
        if coded != _publication(document):
            keep(document, "enara.PUBLICATION", coded)

    def _read_sources(self, sources: Sources) -> list[Source]:
        found = [] if sources.direct is None else [Source(kind=Source.KIND_DIRECT, title=sources.direct.title)]
        found += [Source(kind=Source.KIND_INSTRUCTION, title=ref.title, id=ref.id) for ref in sources.instructions]
        # A type nobody knows refuses the record elsewhere; it must not end the reading here.
        unknown = Source.KIND_UNSPECIFIED
        found += [
            Source(kind=self._sources.get(ref.type, unknown), title=ref.title, id=ref.id) for ref in sources.documents
        ]
        return found + [Source(kind=Source.KIND_MEMO, title=ref.title, id=ref.id) for ref in sources.memos]

    def _write_sources(self, sources: Sequence[Source]) -> Sources:
        words = {kind: code for code, kind in self._sources.items()}
        direct = next((each for each in sources if each.kind == Source.KIND_DIRECT), None)
        return Sources(
            direct=None if direct is None else DirectOrder(direct.title),
            instructions=tuple(SourceRef(s.title, s.id) for s in sources if s.kind == Source.KIND_INSTRUCTION),
            documents=tuple(SourceRef(s.title, s.id, words[s.kind]) for s in sources if s.kind in words),
            memos=tuple(SourceRef(s.title, s.id) for s in sources if s.kind == Source.KIND_MEMO),
        )

    def _sources_of(self, document: OfficialDocument) -> Sources | None:
        before = kept(document, "enara.SOURCES", Sources)
        if before is not None and list(document.sources) == self._read_sources(before):
            return before
        return self._write_sources(document.sources) if document.sources else None

    def _read_receivers(self, enforcement: Enforcement, document: OfficialDocument) -> None:
        receivers: tuple[_Receiver, ...] = (*enforcement.receipts, *enforcement.external)
        if not receivers and not enforcement.send_name:
            document.extensions["enara.ENFORCEMENT"] = "empty"
        for number, receiver in enumerate(receivers):
            recipient = document.recipients.add()
            recipient.CopyFrom(self._recipient(receiver))
            if receiver != _receiver(recipient):
                kind = type(receiver).__name__.upper().replace("OTHERORG", "OTHER")
                keep(document, f"enara.{kind}.{number}", receiver)

    def _recipient(self, receiver: _Receiver) -> Recipient:
        if isinstance(receiver, Civilian):
            made = Recipient(kind=RecipientKind.RECIPIENT_KIND_CITIZEN)
            made.agency.name = receiver.name
            return made
        if isinstance(receiver, OtherOrg):
            kind = "PUBLIC" if receiver.kind == "public" else "PRIVATE"
            made = Recipient(kind=RecipientKind.Value(f"RECIPIENT_KIND_{kind}_BODY"))
            made.agency.name, made.department.name = receiver.org, receiver.dept or ""
            return made
        number = self._kinds[receiver.org_type.code] if isinstance(receiver, External) else _GOVERNMENT
        made = Recipient(kind=number, refer=receiver.refer)
        made.agency.code, made.agency.name = receiver.org_code, receiver.org
        if receiver.dept is not None or receiver.dept_code is not None:
            made.department.code, made.department.name = receiver.dept_code or "", receiver.dept or ""
        return made

    def _write_receivers(self, document: OfficialDocument, send_name: str) -> Enforcement | None:
        if not document.recipients and not send_name and "enara.ENFORCEMENT" not in document.extensions:
            return None
        receivers = [self._receiver_of(document, number, each) for number, each in enumerate(document.recipients)]
        return Enforcement(
            send_name,
            tuple(each for each in receivers if isinstance(each, Receipt)),
            tuple(each for each in receivers if not isinstance(each, Receipt)),
        )

    def _receiver_of(self, document: OfficialDocument, number: int, recipient: Recipient) -> _Receiver:
        """Give the receiver as it was read while it still says the same, else one made from the recipient alone."""
        for name, form in {**_KEPT_AS, "RECEIPT": Receipt}.items():
            before: _Receiver | None = kept(document, f"enara.{name}.{number}", form)
            if before is not None and self._recipient(before) == recipient:
                return before
        return _receiver(recipient)


def _receiver(recipient: Recipient) -> _Receiver:
    """Make a receiver that says what a recipient says and no more."""
    org, dept = recipient.agency, recipient.department
    if recipient.kind == RecipientKind.RECIPIENT_KIND_CITIZEN:
        return Civilian(org.name)
    if recipient.kind == RecipientKind.RECIPIENT_KIND_PUBLIC_BODY:
        return OtherOrg("public", org.name, dept.name or None)
    if recipient.kind == RecipientKind.RECIPIENT_KIND_PRIVATE_BODY:
        return OtherOrg("private", org.name, dept.name or None)
    return Receipt(org.name, org.code, dept.name or None, dept.code or None, recipient.refer)


def _card(document: OfficialDocument) -> TaskCard:
    return TaskCard("bis", document.task.name, document.task.code)


def _publication(document: OfficialDocument) -> Coded | None:
    """Give PUBLICATION of the document's disclosure; what was read stands as long as it means the same."""
    shown = document.disclosure
    code = disclosure.code_of(shown)
    before = kept(document, "enara.PUBLICATION", Coded)
    if before is not None and before.code == (code or before.code) and (before.extra or "") == shown.reason:
        return before
    if not document.HasField("disclosure"):
        return None
    return dataclasses.replace(Coded(code, disclosure.words_of(shown)), extra=shown.reason or None)
