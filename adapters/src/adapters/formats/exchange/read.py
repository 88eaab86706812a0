"""Bytes of an `exchange.xml` of either generation to `Exchange`, tolerantly."""

from typing import Final

from lxml import etree

from adapters.formats.elements import Reader, children, raw, trimmed
from adapters.formats.exchange.model import (
    Addendum,
    AdministrativeInfo,
    Attachments,
    Body,
    Exchange,
    FileRef,
    FormField,
    FormInfo,
    Line,
    Modification,
    Party,
    Person,
    Request,
    Result,
)
from adapters.formats.exchange.readdocinfo import FLAGS, doc_info
from adapters.formats.exchange.vocabulary import (
    DEFAULT_RESULT,
    NOTIFICATIONS,
    SANCTION_RESULTS,
    SANCTION_TYPES,
    STATUSES,
    Generation,
)
from adapters.formats.findings import Finding, FormatError, reject, repair
from adapters.formats.xmlsafe import MAX_BYTES, parse

_ONLY_ONNARA: Final = ("DOC_INFO", "BODY_MODIFICATIONFLAG", "BODY_TEXT", "ADMINISTRATIVE_INFO")


def read_exchange(data: bytes, *, max_bytes: int = MAX_BYTES) -> tuple[Exchange, list[Finding]]:
    """Read a message.

    Returns:
        The message and what was noticed. Missing required elements give empty texts and a finding with severity
        reject; words outside the generation's vocabulary are kept and noted with severity reject.

    Raises:
        FormatError: not XML, not an EXCHANGE, no direction, or an attack.

    """
    root, prepared = parse(data, max_bytes=max_bytes)
    notes = list(prepared.findings)
    if root.tag != "EXCHANGE":
        raise FormatError([reject("exchange-not-an-exchange", element=str(root.tag))])
    generation = _generation(root, prepared.system, notes)
    reader = Reader(notes)
    reader.order(root, ("HEADER", "BODY", "ATTACHMENTS", "ADMINISTRATIVE_INFO"))
    header = reader.child(root, "HEADER", required=True)
    common = reader.child(header, "COMMON", required=header is not None)
    reader.order(header, ("COMMON", "DIRECTION", "ADDENDA"))
    reader.order(common, ("SENDER", "RECEIVER", "TITLE", "CREATED_DATE", "ATTACHNUM", "ADMINISTRATIVE_NUM"))
    exchange = Exchange(
        sender=_party(reader, common, "SENDER"),
        receiver=_party(reader, common, "RECEIVER"),
        title=reader.text(common, "TITLE"),
        created_date=reader.text(common, "CREATED_DATE"),
        attach_count=reader.text(common, "ATTACHNUM"),
        administrative_num=reader.text(common, "ADMINISTRATIVE_NUM"),
        direction=_direction(reader, header, generation),
        addenda=tuple(
            Addendum(reader.attribute(each, "name"), trimmed(each), reader.attribute(each, "comment"))
            for each in children(header.find("ADDENDA") if header is not None else None, "ADDENDUM")
        ),
        body=_body(root.find("BODY")),
        attachments=_attachments(reader, root.find("ATTACHMENTS")),
        administrative_info=_administrative(reader, root.find("ADMINISTRATIVE_INFO")),
        generation=generation,
    )
    return exchange, notes


def _generation(root: etree._Element, system: str | None, notes: list[Finding]) -> Generation:
    """Judge the generation by the document type, corrected by what the file holds."""
    words = {element.get("result") for element in root.iter("SANCTION")} - {None}
    declared = (system or "").replace("\\", "/").rpartition("/")[2].lower()
    newer = next((tag for tag in _ONLY_ONNARA if root.find(f".//{tag}") is not None), None)
    older_words = words - set(SANCTION_RESULTS["exchange_mis"])
    newer_words = words - set(SANCTION_RESULTS["exchange"])
    found: Generation = "exchange" if declared == "exchange.dtd" else "exchange_mis"
    if found == "exchange" and (newer or (newer_words and not older_words)):
        notes.append(repair("generation-by-content", declared=declared, found="exchange_mis"))
        return "exchange_mis"
    if found == "exchange_mis" and newer is None and older_words and older_words <= set(SANCTION_RESULTS["exchange"]):
        if declared:
            notes.append(repair("generation-by-content", declared=declared, found="exchange"))
        return "exchange"
    return found


def _party(reader: Reader, common: etree._Element | None, tag: str) -> Party:
    party = reader.child(common, tag, required=common is not None)
    reader.order(party, ("SERVERID", "USERID", "EMAIL"))
    return Party(reader.text(party, "SERVERID"), reader.text(party, "USERID"), reader.maybe(party, "EMAIL"))


def _direction(reader: Reader, header: etree._Element | None, generation: Generation) -> Request | Result:
    direction = header.find("DIRECTION") if header is not None else None
    request = direction.find("TO_DOCUMENT_SYSTEM") if direction is not None else None
    if request is not None:
        reader.order(request, ("LINES", "MODIFICATION_FLAG", "BODY_MODIFICATIONFLAG", "DOC_INFO"))
        return Request(
            notification=reader.word(request, "notification", NOTIFICATIONS[generation], "all"),
            lines=_lines(reader, request, generation),
            modification=_modification(reader, request, "") or Modification(),
            body_modification=_modification(reader, request, "BODY_"),
            doc_info=doc_info(reader, request.find("DOC_INFO")),
        )
    result = direction.find("TO_ADMINISTRATIVE_SYSTEM") if direction is not None else None
    if result is None:
        raise FormatError([reject("element-missing", "DIRECTION")])
    return _result(reader, result, generation)


def _result(reader: Reader, result: etree._Element, generation: Generation) -> Result:
    reader.order(result, ("DOCNUM", "SANCTION_INFO", "MODIFICATION_FLAG", "BODY_MODIFICATIONFLAG", "BODY_TEXT"))
    number = reader.child(result, "DOCNUM", required=True)
    info = reader.child(result, "SANCTION_INFO", required=True)
    body_text = result.find("BODY_TEXT")
    lines = _lines(reader, info, generation)
    if info is not None and not lines:
        reader.missing("LINES", info)
    return Result(
        doc_number=trimmed(number),
        doc_number_code=reader.attribute(number, "docnumcode"),
        status=reader.word(info, "status", STATUSES, None) if info is not None else "",
        lines=lines,
        modification=_modification(reader, result, "") or Modification(),
        body_modification=_modification(reader, result, "BODY_"),
        body_text=None if body_text is None else raw(body_text),
    )


def _lines(reader: Reader, parent: etree._Element | None, generation: Generation) -> tuple[Line, ...]:
    lines = parent.find("LINES") if parent is not None else None
    return tuple(_line(reader, line, generation) for line in children(lines, "LINE"))


def _line(reader: Reader, line: etree._Element, generation: Generation) -> Line:
    sanction = reader.child(line, "SANCTION", required=True)
    person = reader.child(sanction, "PERSON", required=sanction is not None)
    reader.order(sanction, ("PERSON", "COMMENT", "DATE"))
    reader.order(person, ("USERID", "NAME", "POSITION", "DEPT", "ORG"))
    default = DEFAULT_RESULT[generation] if generation == "exchange_mis" else None
    return Line(
        level=reader.text(line, "LEVEL"),
        type=reader.word(sanction, "type", SANCTION_TYPES[generation], None),
        result=reader.word(sanction, "result", SANCTION_RESULTS[generation], default),
        person=Person(
            reader.text(person, "USERID"),
            reader.text(person, "NAME"),
            reader.text(person, "POSITION"),
            reader.text(person, "DEPT"),
            reader.text(person, "ORG"),
        ),
        date=reader.text(sanction, "DATE"),
        comment=reader.maybe(sanction, "COMMENT"),
    )


def _modification(reader: Reader, parent: etree._Element, prefix: str) -> Modification | None:
    outer = f"{prefix}MODIFICATIONFLAG" if prefix else "MODIFICATION_FLAG"
    flag = reader.child(parent, outer, required=not prefix)
    if flag is None:
        return None
    default = "yes" if prefix else "no"
    modifiable = reader.word(flag.find(f"{prefix}MODIFIABLE"), "modifyflag", FLAGS, default) == "yes"
    return Modification(modifiable, reader.maybe(flag, f"{prefix}MODIFIED"))


def _body(body: etree._Element | None) -> Body | None:
    return None if body is None else Body(raw(body), body.get("filename"), body.get("desc"))


def _file(reader: Reader, file: etree._Element | None) -> FileRef | None:
    return None if file is None else FileRef(reader.attribute(file, "filename"), trimmed(file), file.get("desc"))


def _attachments(reader: Reader, element: etree._Element | None) -> Attachments | None:
    if element is None:
        return None
    reader.order(element, ("ADMINISTRATIVE_DB", "ATTACHMENT"))
    form = element.find("ADMINISTRATIVE_DB")
    return Attachments(
        files=tuple(file for each in children(element, "ATTACHMENT") if (file := _file(reader, each)) is not None),
        xml_file=_file(reader, form.find("XMLFILE") if form is not None else None),
        xsl_file=_file(reader, form.find("XSLFILE") if form is not None else None),
    )


def _administrative(reader: Reader, element: etree._Element | None) -> AdministrativeInfo | None:
    if element is None:
        return None
    reader.order(element, ("FORM_FILE", "FORM_INFO", "FORM_DATA"))
    info = element.find("FORM_INFO")
    fields = element.find("FORM_DATA")
    return AdministrativeInfo(
        form_file=_file(reader, element.find("FORM_FILE")),
        form_info=None
        if info is None
        else FormInfo(
            reader.attribute(info, "sys_id"), reader.attribute(info, "biz_id"), info.get("seq"), trimmed(info)
        ),
        form_data=tuple(_field(reader, each) for each in (fields if fields is not None else ())),
    )


def _field(reader: Reader, field: etree._Element) -> FormField:
    repeated = field.tag == "REPETITION_DATA_FIELD"
    return FormField(
        name=reader.text(field, "FIELD_NAME"),
        value=raw(reader.child(field, "FIELD_VALUE", required=True)),
        modifiable=reader.word(field, "modifyflag", FLAGS, "no") == "yes",
        row=reader.text(field, "ROW") if repeated else None,
        column=reader.text(field, "COLUMN") if repeated else None,
    )
