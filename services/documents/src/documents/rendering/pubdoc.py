"""pubdoc.xml of the exchange standard (pubdoc.dtd 2.0): a sheet -> bytes, declared EUC-KR, encoded CP949.

What CP949 lacks goes out by number. The file is the document alone; packs that travel are made by the adapter.
"""

from collections.abc import Sequence

from documents.domain.cleaning import clean
from documents.domain.signatures import Cell
from documents.rendering.sheet import Sheet
from documents.rendering.xmltext import attribute, leaf, optional, text

_PROLOG = (
    '<?xml version="1.0" encoding="euc-kr"?>\n'
    '<?xml-stylesheet type="text/xsl" href="siheng.xsl"?>\n'
    '<!DOCTYPE pubdoc SYSTEM "pubdoc.dtd">\n'
)
_SEAL_SIZE = "30mm"


def pubdoc(sheet: Sheet) -> bytes:
    """The document by the letter of the DTD. Raises ValueError when nobody has decided: a pubdoc needs its last approval."""
    if not sheet.cells or sheet.decided_on is None:
        raise ValueError("a pubdoc has a decision")
    parts = [_PROLOG, "<pubdoc>\n", _head(sheet), _body(sheet), _foot(sheet)]
    if sheet.attached:
        parts.append(f"<attach>{''.join(leaf('title', title) for title in sheet.attached)}</attach>\n")
    return ("".join(parts) + "</pubdoc>\n").encode("cp949", "xmlcharrefreplace")


def _head(sheet: Sheet) -> str:
    refer = "true" if sheet.recipients else "false"
    recipient = f'<recipient refer="{refer}">{leaf("rec", sheet.recipient)}</recipient>'
    return f"<head>{leaf('organ', sheet.agency)}<receiptinfo>{recipient}{optional('via', sheet.via)}</receiptinfo></head>\n"


def _body(sheet: Sheet) -> str:
    return f'<body separate="false">{leaf("title", sheet.title)}<content>{clean(sheet.body)}</content></body>\n'


def _foot(sheet: Sheet) -> str:
    approvals = _ordered("approval", sheet.cells[:-1]) + _signed("approval", "final", sheet.cells[-1])
    return (
        f"<foot>{leaf('sendername', ', '.join(sheet.sender_names))}{_seal(sheet)}"
        f"<approvalinfo>{approvals}{_ordered('assist', sheet.helpers)}</approvalinfo>\n"
        f'<processinfo><regnumber regnumbercode="{attribute(sheet.number_code)}">{text(sheet.number)}</regnumber>'
        f"{leaf('enforcedate', _dotted(sheet.enforced_on))}{_receipt(sheet)}</processinfo>\n{_sendinfo(sheet)}</foot>\n"
    )


def _seal(sheet: Sheet) -> str:
    if sheet.seal.omission:
        return '<seal omit="true"/>'
    if not sheet.seal.picture:
        return ""
    name = attribute(sheet.seal.picture)
    return f'<seal omit="false"><img src="{name}" alt="관인" width="{_SEAL_SIZE}" height="{_SEAL_SIZE}"/></seal>'


def _ordered(tag: str, cells: Sequence[Cell]) -> str:
    return "".join(_signed(tag, str(number), cell) for number, cell in enumerate(cells, 1))


def _signed(tag: str, order: str, cell: Cell) -> str:
    return (
        f'<{tag} order="{order}">{leaf("signposition", cell.position)}{leaf("type", cell.kind)}{leaf("name", cell.sign)}'
        f"{leaf('date', _dotted(cell.acted_on))}{optional('time', cell.time)}</{tag}>"
    )


def _receipt(sheet: Sheet) -> str:
    if not sheet.receipt_number:
        return ""
    return f"<receipt>{leaf('number', sheet.receipt_number)}{leaf('date', _dotted(sheet.receipt_day))}</receipt>"


def _sendinfo(sheet: Sheet) -> str:
    contact = sheet.contact
    return (
        f"<sendinfo>{leaf('zipcode', contact.zipcode)}{leaf('address', contact.address)}{optional('homeurl', contact.homepage)}"
        f"{leaf('telephone', contact.telephone)}{leaf('fax', contact.fax)}{optional('email', contact.email)}"
        f'<publication code="{attribute(sheet.disclosure_code)}">{text(sheet.disclosure)}</publication></sendinfo>'
    )


def _dotted(day: object) -> str:
    return f"{day:%Y.%m.%d}" if day else ""
