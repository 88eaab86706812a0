"""`Exchange` to bytes, valid against the document type of the generation asked for: declared EUC-KR, encoded CP949."""

from typing import Final

from adapters.formats.dtd import validate
from adapters.formats.exchange.losses import fit
from adapters.formats.exchange.model import (
    AdministrativeInfo,
    Attachments,
    Body,
    Exchange,
    FileRef,
    FormField,
    Line,
    Modification,
    Party,
    Request,
    Result,
)
from adapters.formats.exchange.vocabulary import DTD_FILE, Generation
from adapters.formats.exchange.writedocinfo import doc_info
from adapters.formats.findings import Finding, FormatError, rejected
from adapters.formats.xmltext import attribute, cdata, leaf, optional, to_bytes

_PROLOG: Final = '<?xml version="1.0" encoding="EUC-KR"?>\n<!DOCTYPE EXCHANGE SYSTEM "{}">\n'


def write_exchange(
    exchange: Exchange, generation: Generation, *, check: bool = True, report: list[Finding] | None = None
) -> bytes:
    """Write a message.

    Args:
        exchange: what to write; its own `generation` is not looked at.
        generation: `exchange` (2006) or `exchange_mis` (On-nara).
        check: validate the result against the document type as well.
        report: takes `generation-lacks` (loss: what the older generation has no place for), `char-by-reference`,
            `xml-control-character`.

    Raises:
        FormatError: `attribute-value-unknown` for a word the generation lacks, `element-missing`, `dtd-invalid`.

    """
    fitted, findings = fit(exchange, generation)
    if rejected(findings):
        raise FormatError(findings)
    if report is not None:
        report += findings
    data = to_bytes(_PROLOG.format(DTD_FILE[generation]) + _exchange(fitted), report)
    if check and (faults := validate(generation, data)):
        raise FormatError(faults)
    return data


def _exchange(exchange: Exchange) -> str:
    direction = exchange.direction
    way = _request(direction) if isinstance(direction, Request) else _result(direction)
    return (
        f"<EXCHANGE>\n<HEADER>\n{_common(exchange)}<DIRECTION>\n{way}</DIRECTION>\n{_addenda(exchange)}</HEADER>\n"
        f"{_body(exchange.body)}{_attachments(exchange.attachments)}{_administrative(exchange.administrative_info)}"
        "</EXCHANGE>\n"
    )


def _common(exchange: Exchange) -> str:
    return (
        f"<COMMON>\n{_party('SENDER', exchange.sender)}{_party('RECEIVER', exchange.receiver)}"
        f"<TITLE>{cdata(exchange.title)}</TITLE>\n{leaf('CREATED_DATE', exchange.created_date)}"
        f"{leaf('ATTACHNUM', exchange.attach_count)}{leaf('ADMINISTRATIVE_NUM', exchange.administrative_num)}\n</COMMON>\n"
    )


def _party(tag: str, party: Party) -> str:
    inside = f"{leaf('SERVERID', party.server_id)}{leaf('USERID', party.user_id)}{optional('EMAIL', party.email)}"
    return f"<{tag}>{inside}</{tag}>\n"


def yes(value: bool) -> str:
    """Write a flag."""
    return "yes" if value else "no"


def _request(request: Request) -> str:
    return (
        f'<TO_DOCUMENT_SYSTEM notification="{attribute(request.notification)}">\n{_lines(request.lines)}'
        f"{_modification('', request.modification)}{_modification('BODY_', request.body_modification)}"
        f"{doc_info(request.doc_info)}</TO_DOCUMENT_SYSTEM>\n"
    )


def _result(result: Result) -> str:
    number = cdata(result.doc_number)
    body = "" if result.body_text is None else f"<BODY_TEXT>{cdata(result.body_text)}</BODY_TEXT>\n"
    return (
        f'<TO_ADMINISTRATIVE_SYSTEM>\n<DOCNUM docnumcode="{attribute(result.doc_number_code)}">{number}</DOCNUM>\n'
        f'<SANCTION_INFO status="{attribute(result.status)}">\n{_lines(result.lines)}</SANCTION_INFO>\n'
        f"{_modification('', result.modification)}{_modification('BODY_', result.body_modification)}{body}"
        "</TO_ADMINISTRATIVE_SYSTEM>\n"
    )


def _lines(lines: tuple[Line, ...]) -> str:
    return f"<LINES>\n{''.join(_line(line) for line in lines)}</LINES>\n" if lines else ""


def _line(line: Line) -> str:
    person = line.person
    comment = "" if line.comment is None else f"<COMMENT>{cdata(line.comment)}</COMMENT>"
    return (
        f'<LINE>{leaf("LEVEL", line.level)}<SANCTION type="{attribute(line.type)}" result="{attribute(line.result)}">'
        f"<PERSON>{leaf('USERID', person.user_id)}{leaf('NAME', person.name)}{leaf('POSITION', person.position)}"
        f"{leaf('DEPT', person.dept)}{leaf('ORG', person.org)}</PERSON>{comment}{leaf('DATE', line.date)}</SANCTION></LINE>\n"
    )


def _modification(prefix: str, flag: Modification | None) -> str:
    if flag is None:
        return ""
    outer = f"{prefix}MODIFICATIONFLAG" if prefix else "MODIFICATION_FLAG"
    modified = "" if flag.modified is None else f"<{prefix}MODIFIED>{cdata(flag.modified)}</{prefix}MODIFIED>"
    return f'<{outer}><{prefix}MODIFIABLE modifyflag="{yes(flag.modifiable)}"/>{modified}</{outer}>\n'


def _addenda(exchange: Exchange) -> str:
    if not exchange.addenda:
        return ""
    inside = "".join(
        f'<ADDENDUM name="{attribute(each.name)}" comment="{attribute(each.comment)}">{cdata(each.text)}</ADDENDUM>\n'
        for each in exchange.addenda
    )
    return f"<ADDENDA>\n{inside}</ADDENDA>\n"


def _given(**values: str | None) -> str:
    return "".join(f' {name}="{attribute(value)}"' for name, value in values.items() if value is not None)


def _body(body: Body | None) -> str:
    return "" if body is None else f"<BODY{_given(filename=body.filename, desc=body.desc)}>{cdata(body.text)}</BODY>\n"


def _file(tag: str, file: FileRef | None) -> str:
    return (
        "" if file is None else f"<{tag}{_given(filename=file.filename, desc=file.desc)}>{cdata(file.text)}</{tag}>\n"
    )


def _attachments(attachments: Attachments | None) -> str:
    if attachments is None:
        return ""
    form = f"{_file('XMLFILE', attachments.xml_file)}{_file('XSLFILE', attachments.xsl_file)}"
    form = f"<ADMINISTRATIVE_DB>\n{form}</ADMINISTRATIVE_DB>\n" if form else ""
    files = "".join(_file("ATTACHMENT", file) for file in attachments.files)
    return f"<ATTACHMENTS>\n{form}{files}</ATTACHMENTS>\n"


def _administrative(info: AdministrativeInfo | None) -> str:
    if info is None:
        return ""
    form = info.form_info
    keys = (
        f"<FORM_INFO{_given(sys_id=form.sys_id, biz_id=form.biz_id, seq=form.seq)}>{cdata(form.text)}</FORM_INFO>\n"
        if form
        else ""
    )
    fields = "".join(_field(field) for field in info.form_data)
    data = f"<FORM_DATA>\n{fields}</FORM_DATA>\n" if fields else ""
    return f"<ADMINISTRATIVE_INFO>\n{_file('FORM_FILE', info.form_file)}{keys}{data}</ADMINISTRATIVE_INFO>\n"


def _field(field: FormField) -> str:
    repeated = field.row is not None or field.column is not None
    tag = "REPETITION_DATA_FIELD" if repeated else "DATA_FIELD"
    place = f"{leaf('ROW', field.row or '')}{leaf('COLUMN', field.column or '')}" if repeated else ""
    return (
        f'<{tag} modifyflag="{yes(field.modifiable)}">{leaf("FIELD_NAME", field.name)}'
        f"<FIELD_VALUE>{cdata(field.value)}</FIELD_VALUE>{place}</{tag}>\n"
    )
