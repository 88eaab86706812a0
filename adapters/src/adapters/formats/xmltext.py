"""Text into XML of the exchange standard: escaping, CDATA and the bytes at the end. Used by every writer here.

The files declare EUC-KR and hold CP949. A character CP949 lacks goes out as a numeric reference, which any XML parser
reads back; named entities are never written.
"""

import re
from typing import Final

from adapters.formats.findings import Finding, loss, repair

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT: Final = re.compile("[&<>\r]")
_ATTRIBUTE: Final = re.compile('[&<>"\r\n\t]')
_REFERENCES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\r": "&#13;",
    "\n": "&#10;",
    "\t": "&#9;",
}


def _reference(match: re.Match[str]) -> str:
    return _REFERENCES[match.group()]


def without_controls(value: str) -> str:
    """Leave out the characters XML cannot carry."""
    return _FORBIDDEN.sub("", value)


def text(value: str) -> str:
    """Escape element text."""
    return _TEXT.sub(_reference, value) if _TEXT.search(value) else value


def attribute(value: str) -> str:
    """Escape an attribute value that will stand in double quotes; line ends and tabs survive."""
    return _ATTRIBUTE.sub(_reference, value) if _ATTRIBUTE.search(value) else value


def cdata(value: str) -> str:
    """Wrap text in CDATA as the field writes it; where CDATA cannot carry it, escape it instead."""
    if not value:
        return ""
    if "]]>" in value or "\r" in value:
        return text(value)
    try:
        value.encode("cp949")
    except UnicodeEncodeError:
        return text(value)
    return f"<![CDATA[{value}]]>"


def leaf(tag: str, value: str) -> str:
    """Make an element that holds only text."""
    return f"<{tag}>{text(value)}</{tag}>"


def optional(tag: str, value: str | None) -> str:
    """Make an element that holds only text, or nothing for None."""
    return "" if value is None else f"<{tag}>{text(value)}</{tag}>"


def to_bytes(document: str, report: list[Finding] | None = None) -> bytes:
    """Encode a finished document into CP949.

    Args:
        document: the whole XML, declaring EUC-KR.
        report: takes `char-by-reference` (repair) and `xml-control-character` (loss: XML cannot carry those).

    """
    if _FORBIDDEN.search(document):
        document, count = _FORBIDDEN.subn("", document)
        if report is not None:
            report.append(loss("xml-control-character", count=str(count)))
    try:
        return document.encode("cp949")
    except UnicodeEncodeError:
        if report is not None:
            report.append(repair("char-by-reference"))
        return document.encode("cp949", "xmlcharrefreplace")
