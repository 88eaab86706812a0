"""DOC_INFO of an `exchange.xml` to plain data. Used by `read`."""

from typing import Final

from lxml import etree

from adapters.formats.elements import Reader, children, trimmed
from adapters.formats.exchange.docinfo import (
    Civilian,
    Coded,
    DirectOrder,
    DocInfo,
    Enforcement,
    External,
    ExternalReceiver,
    OtherOrg,
    Receipt,
    SourceFile,
    SourceRef,
    Sources,
    TaskCard,
    ToKms,
)
from adapters.formats.exchange.vocabulary import (
    DOC_KINDS,
    FLOW_TYPES,
    ORG_TYPES,
    READING_BOUNDS,
    READING_LIMITS,
    SOURCE_DOCUMENT_TYPES,
    SYSTEM_TYPES,
    TASK_CARD_TYPES,
)

FLAGS: Final = ("yes", "no")
_ORDER: Final = (
    "SUMMARY",
    "DOCGUBUN",
    "READINGBOUND",
    "READINGLIMIT",
    "PUBLICATION",
    "TASKCARDS",
    "SOURCES",
    "TO_KMS",
    "TO_UNIKMS",
    "SENDORGNAME",
    "ENFORCEMENT",
)


def doc_info(reader: Reader, element: etree._Element | None) -> DocInfo | None:
    """Read DOC_INFO; None when there is none."""
    if element is None:
        return None
    reader.order(element, _ORDER)
    publication = element.find("PUBLICATION")
    unikms = element.find("TO_UNIKMS")
    return DocInfo(
        summary=reader.maybe(element, "SUMMARY"),
        doc_kind=_coded(reader, element.find("DOCGUBUN"), "type", DOC_KINDS, "dopt1"),
        reading_bound=_coded(reader, element.find("READINGBOUND"), "type", READING_BOUNDS, None),
        reading_limit=_coded(reader, element.find("READINGLIMIT"), "type", READING_LIMITS, "none", extra="date"),
        publication=None
        if publication is None
        else Coded(reader.attribute(publication, "code"), trimmed(publication), publication.get("reason")),
        task_cards=tuple(
            TaskCard(
                reader.word(card, "type", TASK_CARD_TYPES, None),
                reader.text(card, "CARDNAME"),
                reader.text(card, "CARDID"),
            )
            for card in children(element.find("TASKCARDS"), "TASKCARD")
        ),
        sources=_sources(reader, element.find("SOURCES")),
        to_kms=_kms(reader, element.find("TO_KMS")),
        to_unikms=None if unikms is None else reader.word(unikms, "sendflag", FLAGS, "no") == "yes",
        send_org_name=reader.maybe(element, "SENDORGNAME"),
        enforcement=_enforcement(reader, element.find("ENFORCEMENT")),
    )


def _coded(
    reader: Reader,
    element: etree._Element | None,
    name: str,
    allowed: tuple[str, ...],
    default: str | None,
    *,
    extra: str = "",
) -> Coded | None:
    if element is None:
        return None
    return Coded(reader.word(element, name, allowed, default), trimmed(element), element.get(extra) if extra else None)


def _kms(reader: Reader, element: etree._Element | None) -> ToKms | None:
    if element is None:
        return None
    send = reader.word(element, "sendflag", FLAGS, "no") == "yes"
    return ToKms(send, reader.text(element, "MAPCODE"), reader.text(element, "MAPNAME"))


def _sources(reader: Reader, element: etree._Element | None) -> Sources | None:
    if element is None:
        return None
    reader.order(element, ("DIRECT", "INSTRUCTION", "DOCUMENT", "MEMO"))
    direct = element.find("DIRECT")
    return Sources(
        direct=None if direct is None else DirectOrder(reader.text(direct, "TITLE"), _files(reader, direct)),
        instructions=_refs(reader, element, "INSTRUCTION", "INSTRUCTIONID"),
        documents=_refs(reader, element, "DOCUMENT", "DOCID"),
        memos=_refs(reader, element, "MEMO", "MEMOID"),
    )


def _files(reader: Reader, direct: etree._Element) -> tuple[SourceFile, ...]:
    return tuple(
        SourceFile(reader.text(file, "ORDER"), reader.text(file, "FILENAME"), reader.text(file, "DISPLAYNAME"))
        for file in children(direct.find("INSTRUCTED"), "FILE")
    )


def _refs(reader: Reader, element: etree._Element, tag: str, key: str) -> tuple[SourceRef, ...]:
    return tuple(
        SourceRef(
            reader.text(ref, "TITLE"),
            reader.text(ref, key),
            reader.word(ref, "type", SOURCE_DOCUMENT_TYPES, None) if tag == "DOCUMENT" else "",
        )
        for ref in children(element, tag)
    )


def _enforcement(reader: Reader, element: etree._Element | None) -> Enforcement | None:
    if element is None:
        return None
    reader.order(element, ("SENDNAME", "RECEIPT", "EXRECEIPT"))
    external = element.find("EXRECEIPT")
    return Enforcement(
        send_name=reader.text(element, "SENDNAME"),
        receipts=tuple(_receipt(reader, each) for each in children(element, "RECEIPT")),
        external=tuple(
            receiver
            for each in (external if external is not None else ())
            if (receiver := _receiver(reader, each)) is not None
        ),
    )


def _receipt(reader: Reader, each: etree._Element) -> Receipt:
    return Receipt(
        reader.text(each, "ORG"),
        reader.text(each, "ORGCODE"),
        reader.maybe(each, "DEPT"),
        reader.maybe(each, "DEPTCODE"),
        reader.word(each, "refer", FLAGS, "no") == "yes",
    )


def _receiver(reader: Reader, each: etree._Element) -> ExternalReceiver | None:
    if each.tag == "EXTERNAL":
        return _external(reader, each)
    if each.tag == "CIVILIAN":
        maybe = reader.maybe
        optional = (maybe(each, "TEL"), maybe(each, "FAX"), maybe(each, "POST"), maybe(each, "ADDRESS"))
        return Civilian(reader.text(each, "NAME"), *optional)
    if each.tag == "PUBLICORG":
        return OtherOrg(
            "public", reader.text(each, "ORG"), reader.maybe(each, "DEPT"), symbol=reader.maybe(each, "SYMBOL")
        )
    if each.tag == "PRIVATEORG":
        return OtherOrg("private", reader.text(each, "ORG"), reader.maybe(each, "DEPT"), fax=reader.maybe(each, "FAX"))
    reader.order(each.getparent(), ("EXTERNAL", "PUBLICORG", "PRIVATEORG", "CIVILIAN"))
    return None


def _external(reader: Reader, each: etree._Element) -> External:
    default = External("", "")
    plain = _receipt(reader, each)
    return External(
        plain.org,
        plain.org_code,
        plain.dept,
        plain.dept_code,
        plain.refer,
        _coded(reader, each.find("ORGTYPE"), "typecode", ORG_TYPES, "GOV") or default.org_type,
        _coded(reader, each.find("SYSTEMTYPE"), "typecode", SYSTEM_TYPES, "A") or default.system_type,
        _coded(reader, each.find("FLOWTYPE"), "typecode", FLOW_TYPES, "DRT01") or default.flow_type,
    )
