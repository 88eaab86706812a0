"""Bytes to `Pack`, tolerantly: what the field is known to get wrong is put right and reported.

Large Base64 runs are taken out of the file before the parser sees it: the parser's own limits stay on, and a pack with a
hundred megabytes of attachments costs no tree.
"""

import re
from collections.abc import Mapping
from typing import Final, cast

from lxml import etree

from adapters.formats.findings import Finding, FormatError, reject, repair
from adapters.formats.koreantime import exists
from adapters.formats.pack.model import DOC_TYPES, Content, DocType, Pack
from adapters.formats.pack.wire import Wire
from adapters.formats.xmlsafe import parse

MAX_BYTES: Final = 512 * 1024 * 1024
_ORDER: Final = (
    "send-orgcode",
    "send-id",
    "send-name",
    "receive-id",
    "date",
    "title",
    "doc-id",
    "doc-type",
    "send-gw",
    "dtd-version",
    "xsl-version",
)
_NEEDED: Final = frozenset({"send-orgcode", "send-id", "receive-id", "doc-id"})
_DATE: Final = re.compile(r"(\d{4})\D?(\d\d)\D?(\d\d)[ T]?(\d\d):?(\d\d):?(\d\d)(?:\.\d+)?", re.ASCII)
_RUN: Final = re.compile(rb">([A-Za-z0-9+/=\s]{4096,})</content")
_MARK: Final = "#run:"


def read_pack(
    data: bytes, *, aliases: Mapping[str, str] | None = None, max_bytes: int = MAX_BYTES
) -> tuple[Pack, list[Finding]]:
    """Read a pack.

    Args:
        data: the file.
        aliases: values of `doc-type@type` outside the standard and what they stand for, such as `submit`: `send`.
        max_bytes: larger files are refused.

    Returns:
        The pack and what was noticed. A finding with severity reject marks a value that is missing or unreadable; the
        pack then holds an empty text or empty bytes in its place.

    Raises:
        FormatError: not XML, not a pack, no usable `doc-type`, or an attack.

    """
    slim, runs = _without_runs(data)
    root, prepared = parse(slim, max_bytes=max_bytes)
    findings = list(prepared.findings)
    header = root.find("header")
    if root.tag != "pack" or header is None:
        raise FormatError([reject("pack-not-a-pack", element=str(root.tag))])
    values = _header(header, findings)
    wire = Wire(findings)
    kind = header.find("doc-type")
    doc_type = _doc_type(kind, aliases or {})
    attributes: Mapping[str, str] = dict(kind.attrib) if kind is not None else {}
    pack = Pack(
        send_orgcode=values["send-orgcode"],
        send_id=values["send-id"],
        send_name=wire.name("send-name", values["send-name"]),
        receive_ids=tuple(code for code in re.split(r"[;,\s]+", values["receive-id"]) if code),
        date=_date(values["date"], findings),
        title=wire.name("title", values["title"]),
        doc_id=values["doc-id"],
        doc_type=doc_type,
        dept=wire.name("dept", attributes.get("dept", "")),
        name=wire.name("name", attributes.get("name", "")),
        send_gw=wire.name("send-gw", values["send-gw"]),
        dtd_version=values["dtd-version"],
        xsl_version=values["xsl-version"],
        contents=tuple(_content(element, wire, runs) for element in root.iterfind("contents/content")),
        filename=root.get("filename"),
    )
    missing = [name for name in ("dept", "name") if name not in attributes]
    findings += [repair("attribute-missing", f"doc-type@{name}", rel="101-113") for name in missing]
    return pack, findings


def _without_runs(data: bytes) -> tuple[bytes, list[bytes]]:
    """Take long Base64 runs out and leave numbered marks; `#` is no Base64, so that a mark is known for one."""
    if _MARK.encode() in data:
        return data, []
    runs: list[bytes] = []

    def mark(match: re.Match[bytes]) -> bytes:
        runs.append(match[1])
        return b">%s%d</content" % (_MARK.encode(), len(runs) - 1)

    return _RUN.sub(mark, data), runs


def _header(header: etree._Element, findings: list[Finding]) -> dict[str, str]:
    values = dict.fromkeys(_ORDER, "")
    seen = [str(element.tag) for element in header]
    for element in header:
        tag = str(element.tag)
        if tag not in values:
            findings.append(repair("element-unknown", tag))
        elif tag != "doc-type":
            values[tag] = (element.text or "").strip()
    known = [tag for tag in seen if tag in values]
    if known != sorted(known, key=_ORDER.index):
        findings.append(repair("element-order", "header", order=" ".join(known)))
    for tag in _ORDER:
        make = reject if tag in _NEEDED else repair
        if tag not in seen:
            findings.append(make("element-missing", tag, rel="101-113"))
        elif tag in _NEEDED and not values[tag]:
            findings.append(reject("element-empty", tag, rel="150-167"))
    return values


def _doc_type(kind: etree._Element | None, aliases: Mapping[str, str]) -> DocType:
    value = (kind.get("type") or "").strip() if kind is not None else ""
    value = aliases.get(value, value)
    if value not in DOC_TYPES:
        code = "pack-type-unknown" if value else "element-missing"
        raise FormatError([reject(code, "doc-type", value=value)])
    return cast("DocType", value)


def _date(raw: str, findings: list[Finding]) -> str:
    match = _DATE.fullmatch(raw)
    if match is None:
        findings.append(repair("pack-date-invalid", "date", value=raw))
        return ""
    if not exists("".join(match.groups())):
        findings.append(repair("pack-date-invalid", "date", value=raw))
        return ""
    date = "{}-{}-{} {}:{}:{}".format(*match.groups())
    if date != raw:
        findings.append(repair("date-form", "date", value=raw))
    return date


def _content(element: etree._Element, wire: Wire, runs: list[bytes]) -> Content:
    role = (element.get("content-role") or "").strip()
    filename = wire.name("filename", element.get("filename") or "")
    where = filename or role
    for attribute in ("content-role", "filename", "content-type", "charset"):
        if element.get(attribute) is None:
            wire.findings.append(repair("attribute-missing", f"content@{attribute}", content=where, rel="101-113"))
    charset = (element.get("charset") or "").strip()
    if role == "pubdoc" and not charset:
        wire.findings.append(repair("charset-empty", where))
    text = element.text or ""
    raw = runs[int(text[len(_MARK) :])] if text.startswith(_MARK) and runs else text.encode("utf-8")
    transfer = (element.get("content-transfer-encoding") or "base64").strip().lower()
    inner = _inner_markup(element)
    return Content(
        role=role or "attach",
        filename=filename,
        data=inner if inner is not None else wire.data(where, raw, transfer),
        content_type=(element.get("content-type") or "").strip(),
        charset=charset,
        transfer_encoding=transfer or "base64",
    )


def _inner_markup(element: etree._Element) -> bytes | None:
    """Give the document of a sender that put it into the pack as markup instead of Base64."""
    if len(element) == 0:
        return None
    return b"".join(etree.tostring(child, encoding="utf-8", xml_declaration=True, with_tail=False) for child in element)
