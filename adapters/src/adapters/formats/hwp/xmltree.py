"""XML of a document's parts: bytes to an lxml tree, quickly for what Hancom writes and carefully for everything else.

What declares a document type, or is not plainly UTF-8, goes through `xmlsafe`. A part that breaks off is read as far as it goes.
"""

import dataclasses
import re
from typing import Final

from lxml import etree

from adapters.formats import xmlsafe
from adapters.formats.findings import FormatError
from adapters.formats.hwp.reading import Reading

_DECLARED: Final = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Marks of elements for each that bears text: its end, its run, its layout.
_MARKS: Final = 3
_BOM: Final = b"\xef\xbb\xbf"


def parse(data: bytes, reading: Reading, part: str) -> etree._Element | None:
    """Parse a part; None when nothing of it can be used, which is then said. No entity is expanded, nothing is loaded."""
    reading.nodes += data.count(b"<")
    if reading.nodes > _MARKS * reading.limits.nodes:
        reading.limited(part, "records")
        return None
    plain = _plain(data)
    if plain and (root := _parsed(data, recover=False)) is not None:
        return root
    try:
        prepared = xmlsafe.prepare(data, max_bytes=reading.limits.inflated_bytes)
    except FormatError as error:
        reading.damaged(part, "xml")
        for finding in error.findings:
            # One part is lost; whether the document is, is judged when all have been tried.
            reading.say(dataclasses.replace(finding, field=part, severity="loss"))
        return _parsed(data, recover=True) if plain else None
    for finding in prepared.findings:
        reading.say(dataclasses.replace(finding, field=part))
    data = prepared.text.encode("utf-8", "replace")
    root = _parsed(data, recover=False)
    if root is None:
        reading.damaged(part, "xml")
        root = _parsed(data, recover=True)
    return root


def _plain(data: bytes) -> bool:
    """Tell whether the parser may see the bytes as they are: UTF-8 without a document type."""
    head = data[:300].removeprefix(_BOM)
    if b"\0" in head or head.lstrip()[:1] != b"<":
        return False
    declared = _DECLARED.match(head)
    if declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
        return False
    return b"<!DOCTYPE" not in data and b"<!ENTITY" not in data


def _parsed(data: bytes, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
