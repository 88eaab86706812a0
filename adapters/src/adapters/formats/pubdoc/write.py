"""`Pubdoc` to bytes, valid to the letter against `pubdoc.dtd` 2.0: declared EUC-KR, encoded CP949."""

from typing import Final

from adapters.formats.dtd import validate
from adapters.formats.findings import Finding, FormatError, reject
from adapters.formats.pubdoc.model import Approval, Assist, Campaign, Image, Pubdoc, Receipt, Seal, SendInfo
from adapters.formats.xmltext import attribute, leaf, optional, text, to_bytes

_PROLOG: Final = (
    '<?xml version="1.0" encoding="euc-kr"?>\n'
    '<?xml-stylesheet type="text/xsl" href="siheng.xsl"?>\n'
    '<!DOCTYPE pubdoc SYSTEM "pubdoc.dtd">\n'
)


def write_pubdoc(document: Pubdoc, *, check: bool = True, report: list[Finding] | None = None) -> bytes:
    """Write a document.

    Args:
        document: what to write. `content` must be of the XHTML subset; `xhtml.sanitise` makes it so.
        check: validate the result against the document type. Without it, the caller answers for `content`.
        report: takes `char-by-reference` (a character CP949 lacks goes out as a number) and `xml-control-character`.

    Raises:
        FormatError: `element-missing` without approvals, `dtd-invalid` when the check fails.

    """
    if not document.approvals:
        raise FormatError([reject("element-missing", "approval", rel="201-237")])
    data = to_bytes(
        f"{_PROLOG}<pubdoc>\n{_head(document)}\n{_body(document)}\n{_foot(document)}\n{_attach(document)}</pubdoc>\n",
        report,
    )
    if check and (faults := validate("pubdoc", data)):
        raise FormatError(faults)
    return data


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _head(document: Pubdoc) -> str:
    return (
        f"<head>{leaf('organ', document.organ)}<receiptinfo>"
        f'<recipient refer="{_flag(document.recipient_refer)}">{leaf("rec", document.recipient)}</recipient>'
        f"{optional('via', document.via)}</receiptinfo></head>"
    )


def _body(document: Pubdoc) -> str:
    return (
        f'<body separate="{_flag(document.body_separate)}">{leaf("title", document.title)}'
        f"<content>{document.content}</content></body>"
    )


def _foot(document: Pubdoc) -> str:
    approvals = "\n".join(_approval(approval) for approval in document.approvals)
    assists = "\n".join(_assist(assist) for assist in document.assists)
    return (
        f"<foot>{leaf('sendername', document.sendername)}{_seal(document.seal)}\n"
        f"<approvalinfo>{approvals}{assists}</approvalinfo>\n"
        f'<processinfo><regnumber regnumbercode="{attribute(document.regnumbercode)}">{text(document.regnumber)}'
        f"</regnumber>{leaf('enforcedate', document.enforcedate)}{_receipt(document.receipt)}</processinfo>\n"
        f"{_sendinfo(document.sendinfo)}{_campaign(document.campaign)}</foot>"
    )


def _image(image: Image) -> str:
    size = "".join(
        f' {name}="{attribute(value)}"'
        for name, value in (("width", image.width), ("height", image.height))
        if value is not None
    )
    return f'<img src="{attribute(image.src)}" alt="{attribute(image.alt)}"{size}/>'


def _pictured(tag: str, image: Image | None) -> str:
    return "" if image is None else f"<{tag}>{_image(image)}</{tag}>"


def _seal(seal: Seal | None) -> str:
    if seal is None:
        return ""
    return f'<seal omit="{_flag(seal.omit)}">{_image(seal.image) if seal.image else ""}</seal>'


def _approval(approval: Approval) -> str:
    return (
        f'<approval order="{attribute(approval.order)}">{leaf("signposition", approval.signposition)}'
        f"{leaf('type', approval.type)}{_pictured('signimage', approval.signimage)}{leaf('name', approval.name)}"
        f"{leaf('date', approval.date)}{optional('time', approval.time)}</approval>"
    )


def _assist(assist: Assist) -> str:
    signed = _pictured("signimage", assist.signimage) or optional("name", assist.name)
    return (
        f'<assist order="{attribute(assist.order)}">{leaf("signposition", assist.signposition)}'
        f"{leaf('type', assist.type)}{signed}{leaf('date', assist.date)}{optional('time', assist.time)}</assist>"
    )


def _receipt(receipt: Receipt | None) -> str:
    if receipt is None:
        return ""
    return f"<receipt>{leaf('number', receipt.number)}{leaf('date', receipt.date)}{optional('time', receipt.time)}</receipt>"


def _sendinfo(info: SendInfo) -> str:
    return (
        f"<sendinfo>{leaf('zipcode', info.zipcode)}{leaf('address', info.address)}{optional('homeurl', info.homeurl)}"
        f"{leaf('telephone', info.telephone)}{leaf('fax', info.fax)}{optional('email', info.email)}"
        f'<publication code="{attribute(info.publication_code)}">{text(info.publication)}</publication>'
        f"{_pictured('symbol', info.symbol)}{_pictured('logo', info.logo)}</sendinfo>"
    )


def _campaign(campaign: Campaign | None) -> str:
    if campaign is None:
        return ""
    return f"\n<campaign>{optional('headcampaign', campaign.head)}{optional('footcampaign', campaign.foot)}</campaign>"


def _attach(document: Pubdoc) -> str:
    if not document.attach_titles:
        return ""
    return f"<attach>{''.join(leaf('title', title) for title in document.attach_titles)}</attach>\n"
