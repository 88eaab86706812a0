"""XML of strangers, read without trust: bytes in, an lxml tree and findings out. `pack`, `pubdoc`, `exchange` start here.

No network, no DTD, no entity is ever expanded: the document type is taken off before the parser sees the text, so neither
an entity bomb nor an external entity has anything to hold on to. What the field is known to do wrong (wrong encoding
declaration, undeclared `&nbsp;`, bare ampersands, control characters, blanks before the prolog) is repaired and reported.
"""

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from adapters.formats.charset import decode_declared
from adapters.formats.entities import is_character, replace_named
from adapters.formats.findings import Finding, FormatError, loss, reject, repair

MAX_BYTES: Final = 32 * 1024 * 1024

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARATION: Final = re.compile(r"<\?xml\s[^>]{0,200}?\?>")
_ENCODING: Final = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{0,40})["']""")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE\s+([^\s\[>]{1,100})\s*([^\[>]{0,500})(\[|>)", re.IGNORECASE)
_SYSTEM: Final = re.compile(r"""["']([^"']*)["']\s*$""")
_ENTITY: Final = re.compile(r"""<!ENTITY\s+([A-Za-z][A-Za-z0-9]{0,31})\s+["']([^"'%<]{0,20})["']\s*>""")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_COLON_PI: Final = re.compile(r"<\?xml:stylesheet\b")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Text ready for the parser: decoded, without XML declaration and document type.

    Attributes:
        doctype: root name of the document type, None if there was none. system: its system identifier.

    """

    text: str
    doctype: str | None
    system: str | None
    findings: tuple[Finding, ...]


def prepare(data: bytes, *, max_bytes: int = MAX_BYTES) -> Prepared:
    """Decode an XML file and take off what the parser must not see.

    Raises:
        FormatError: `xml-too-large`, `xml-empty`, `xml-entity-forbidden`, `charset-invalid`.

    """
    if len(data) > max_bytes:
        raise FormatError([reject("xml-too-large", bytes=str(len(data)), limit=str(max_bytes))])
    text, findings = _decode(data)
    stripped = text.lstrip(" \t\r\n\0\ufeff")
    if not stripped:
        raise FormatError([reject("xml-empty")])
    if len(stripped) != len(text):
        findings.append(repair("xml-leading-blank", count=str(len(text) - len(stripped))))
    stripped = stripped.rstrip(" \t\r\n\0\x1a")
    if declaration := _DECLARATION.match(stripped):
        stripped = stripped[declaration.end() :]
    stripped, doctype, system = _without_doctype(stripped, findings)
    if _CONTROL.search(stripped):
        stripped, count = _CONTROL.subn("", stripped)
        findings.append(loss("xml-control-character", count=str(count)))
    stripped, replaced = replace_named(_COLON_PI.sub("<?xml-stylesheet", stripped))
    return Prepared(stripped, doctype, system, (*findings, *replaced))


def _decode(data: bytes) -> tuple[str, list[Finding]]:
    for mark, charset in _BOMS:
        if data.startswith(mark):
            try:
                text = data[len(mark) :].decode(charset)
            except UnicodeDecodeError as error:
                at = len(mark) + error.start
                raise FormatError([reject("charset-invalid", offset=at, length=1, byte=f"{data[at]:02X}")]) from None
            return text, [repair("xml-byte-order-mark", charset=charset)]
    match = _ENCODING.search(data, 0, 1024)
    declared = match[1].decode("ascii") if match else "utf-8"
    decoded = decode_declared(data, declared)
    return decoded.text, list(decoded.findings)


def _without_doctype(text: str, findings: list[Finding]) -> tuple[str, str | None, str | None]:
    """Take the document type off; lines keep their numbers. Only the prolog can hold one: elsewhere it is malformed."""
    start = _prolog_end(text)
    match = _DOCTYPE.match(text, start)
    if match is None:
        if text[start : start + 2] == "<!":
            raise FormatError([reject("xml-entity-forbidden", name=text[start : start + 60])])
        return text, None, None
    end = match.end()
    if match[3] == "[":
        close = text.find("]", end)
        closed = text.find(">", close)
        if close < 0 or closed < 0:
            raise FormatError([reject("xml-malformed", line="1", column="1", reason="document type not closed")])
        _judge_subset(text[end:close], findings)
        end = closed + 1
    rest = text[:start] + "\n" * text.count("\n", start, end) + text[end:]
    again = _prolog_end(rest)
    if rest[again : again + 2] == "<!":
        raise FormatError([reject("xml-entity-forbidden", name=rest[again : again + 60])])
    system = _SYSTEM.search(match[2].strip())
    return rest, match[1], system[1] if system else None


def _prolog_end(text: str) -> int:
    """Give the place of the first thing that is neither blank, comment nor instruction."""
    place = 0
    while True:
        place = _BLANKS.match(text, place).end()  # type: ignore[union-attr]  # matches the empty string too
        end = next((close for open_, close in (("<!--", "-->"), ("<?", "?>")) if text.startswith(open_, place)), None)
        if end is None:
            return place
        found = text.find(end, place)
        if found < 0:
            return place
        place = found + len(end)


def _judge_subset(subset: str, findings: list[Finding]) -> None:
    """Accept only declarations that give known HTML names their own characters; anything else may be an attack."""
    for name, value in _ENTITY.findall(subset):
        if not is_character(name, value):
            raise FormatError([reject("xml-entity-forbidden", name=name)])
    rest = _ENTITY.sub("", subset).strip()
    if rest:
        raise FormatError([reject("xml-entity-forbidden", name=rest[:60])])
    if subset.strip():
        findings.append(repair("xml-entity-declared"))


def parse_text(text: str, *, files: bool = False) -> etree._Element:
    """Parse prepared text.

    Args:
        text: prepared.
        files: a single value may be as long as the file, for it may hold one; otherwise ten million characters end it.
            Elements may then stand 2,048 deep instead of 256, so the reader has to count.

    Raises:
        FormatError: `xml-malformed` with line, column and the parser's reason.

    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=files,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = (error.msg or "").partition(", line")[0]
        raise FormatError([reject("xml-malformed", line=str(line), column=str(column), reason=reason)]) from None


def parse(data: bytes, *, max_bytes: int = MAX_BYTES, files: bool = False) -> tuple[etree._Element, Prepared]:
    """Prepare and parse; the findings are in the second value. Raises FormatError as `prepare` and `parse_text` do."""
    prepared = prepare(data, max_bytes=max_bytes)
    return parse_text(prepared.text, files=files), prepared
