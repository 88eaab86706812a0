"""DOC_INFO to XML text, in the order of `exchange_mis.dtd`. Used by `write`."""

from adapters.formats.exchange.docinfo import (
    Civilian,
    Coded,
    DocInfo,
    Enforcement,
    External,
    ExternalReceiver,
    OtherOrg,
    Receipt,
    SourceRef,
    Sources,
)
from adapters.formats.xmltext import attribute, cdata, leaf, optional


def doc_info(info: DocInfo | None) -> str:
    """Write DOC_INFO, or nothing for None."""
    if info is None:
        return ""
    summary = "" if info.summary is None else f"<SUMMARY>{cdata(info.summary)}</SUMMARY>\n"
    cards = "".join(
        f'<TASKCARD type="{attribute(card.type)}">{leaf("CARDNAME", card.name)}{leaf("CARDID", card.id)}</TASKCARD>\n'
        for card in info.task_cards
    )
    kms = info.to_kms
    to_kms = (
        f'<TO_KMS sendflag="{_yes(kms.send)}">{leaf("MAPCODE", kms.map_code)}{leaf("MAPNAME", kms.map_name)}</TO_KMS>\n'
        if kms
        else ""
    )
    to_unikms = "" if info.to_unikms is None else f'<TO_UNIKMS sendflag="{_yes(info.to_unikms)}"/>\n'
    return (
        f"<DOC_INFO>\n{summary}{_coded('DOCGUBUN', 'type', info.doc_kind)}"
        f"{_coded('READINGBOUND', 'type', info.reading_bound)}{_coded('READINGLIMIT', 'type', info.reading_limit, 'date')}"
        f"{_coded('PUBLICATION', 'code', info.publication, 'reason')}{_wrap('TASKCARDS', cards)}"
        f"{_sources(info.sources)}{to_kms}{to_unikms}{optional('SENDORGNAME', info.send_org_name)}"
        f"{_enforcement(info.enforcement)}</DOC_INFO>\n"
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _wrap(tag: str, inside: str) -> str:
    return f"<{tag}>\n{inside}</{tag}>\n" if inside else ""


def _coded(tag: str, name: str, coded: Coded | None, extra: str = "") -> str:
    if coded is None:
        return ""
    more = f' {extra}="{attribute(coded.extra)}"' if extra and coded.extra is not None else ""
    return f'<{tag} {name}="{attribute(coded.code)}"{more}>{cdata(coded.text)}</{tag}>\n'


def _sources(sources: Sources | None) -> str:
    if sources is None:
        return ""
    direct = ""
    if sources.direct is not None:
        files = "".join(
            f"<FILE>{leaf('ORDER', file.order)}{leaf('FILENAME', file.filename)}{leaf('DISPLAYNAME', file.display_name)}</FILE>"
            for file in sources.direct.files
        )
        direct = f"<DIRECT><TITLE>{cdata(sources.direct.title)}</TITLE>{_wrap('INSTRUCTED', files)}</DIRECT>\n"
    instructions = "".join(_source("INSTRUCTION", "INSTRUCTIONID", ref) for ref in sources.instructions)
    documents = "".join(_source("DOCUMENT", "DOCID", ref) for ref in sources.documents)
    memos = "".join(_source("MEMO", "MEMOID", ref) for ref in sources.memos)
    return f"<SOURCES>\n{direct}{instructions}{documents}{memos}</SOURCES>\n"


def _source(tag: str, key: str, ref: SourceRef) -> str:
    kind = f' type="{attribute(ref.type)}"' if tag == "DOCUMENT" else ""
    return f"<{tag}{kind}><TITLE>{cdata(ref.title)}</TITLE>{leaf(key, ref.id)}</{tag}>\n"


def _enforcement(enforcement: Enforcement | None) -> str:
    if enforcement is None:
        return ""
    receipts = "".join(f'<RECEIPT refer="{_yes(each.refer)}">{_org(each)}</RECEIPT>\n' for each in enforcement.receipts)
    external = "".join(_receiver(each) for each in enforcement.external)
    return (
        f"<ENFORCEMENT>\n<SENDNAME>{cdata(enforcement.send_name)}</SENDNAME>\n{receipts}"
        f"{_wrap('EXRECEIPT', external)}</ENFORCEMENT>\n"
    )


def _org(each: Receipt | External) -> str:
    return (
        f"{leaf('ORG', each.org)}{leaf('ORGCODE', each.org_code)}"
        f"{optional('DEPT', each.dept)}{optional('DEPTCODE', each.dept_code)}"
    )


def _receiver(each: ExternalReceiver) -> str:
    if isinstance(each, External):
        codes = "".join(
            _coded(tag, "typecode", coded)
            for tag, coded in (
                ("ORGTYPE", each.org_type),
                ("SYSTEMTYPE", each.system_type),
                ("FLOWTYPE", each.flow_type),
            )
        )
        return f'<EXTERNAL refer="{_yes(each.refer)}">{_org(each)}{codes}</EXTERNAL>\n'
    if isinstance(each, Civilian):
        return (
            f"<CIVILIAN>{leaf('NAME', each.name)}{optional('TEL', each.tel)}{optional('FAX', each.fax)}"
            f"{optional('POST', each.post)}{optional('ADDRESS', each.address)}</CIVILIAN>\n"
        )
    return _other(each)


def _other(each: OtherOrg) -> str:
    tag, key, value = ("PUBLICORG", "SYMBOL", each.symbol) if each.kind == "public" else ("PRIVATEORG", "FAX", each.fax)
    return f"<{tag}>{leaf('ORG', each.org)}{optional('DEPT', each.dept)}{optional(key, value)}</{tag}>\n"
