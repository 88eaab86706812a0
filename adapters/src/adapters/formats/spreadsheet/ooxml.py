"""The archive of an xlsx: unpacked within limits, looked through, and packed again for the parser. ISO/IEC 29500-1 and -2.

What an archive says of its sizes is not believed, so the parser (compiled, and asking no leave for its memory) is given another
one: only the parts it reads, stored, of sizes that were counted here. Each sheet's extent is known before, for the parser
makes room for every cell between the first and the last.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from lxml import etree

from adapters.formats.findings import FormatError, reject
from adapters.formats.spreadsheet.extent import extent, too_large
from adapters.formats.spreadsheet.workbook import Epoch, Extent, Limits

_READ: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/[^/]*\.xml|xl/_rels/[^/]*\.rels|xl/worksheets/.*\.(?:xml|rels)",
    re.IGNORECASE,
)
_BOOK: Final = "xl/workbook.xml"
_BOOK_LINKS: Final = "xl/_rels/workbook.xml.rels"
_BLOCK: Final = 1 << 20
_COUNT: Final = re.compile(rb"""\suniqueCount\s*=\s*["']([^"']*)["']""")
_FROM_1904: Final = re.compile(rb"""\sdate1904\s*=\s*["'](?:1|true|on)["']""")


@dataclass(frozen=True, slots=True)
class Parts:
    """An archive that was looked through. data: packed anew. extents: of all sheets, charts too, in the book's order."""

    data: bytes
    extents: Sequence[Extent]
    epoch: Epoch


def looked_through(data: bytes, limits: Limits) -> Parts:
    """Unpack, measure and pack again.

    Raises:
        FormatError: `sheet-unreadable`, `sheet-too-large`, `sheet-locked`.

    """
    try:
        parts = _unpacked(data, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, OverflowError):
        raise FormatError([reject("sheet-unreadable", reason="ZIP")]) from None
    if _BOOK not in parts:
        raise FormatError([reject("sheet-unreadable", reason=f"ZIP, {_BOOK}")])
    # Any part may be named as a sheet.
    extents = {name: extent(content, limits.cells) for name, content in parts.items()}
    none = Extent(0, 0, {})
    listed = [extents.get(name, none) for name in _listed(parts)]
    return Parts(_packed(parts), listed, 1904 if _FROM_1904.search(parts[_BOOK]) else 1900)


def _listed(parts: Mapping[str, bytes]) -> list[str]:
    """Name the parts of the sheets in the book's order."""
    targets = {each.get("Id"): each.get("Target", "") for each in _tree(parts, _BOOK_LINKS).iter("{*}Relationship")}
    out = []
    for sheet in _tree(parts, _BOOK).iter("{*}sheet"):
        link = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None)
        target = str(targets.get(link, "")).replace("\\", "/")
        out.append(target[1:] if target.startswith("/") else f"xl/{target.removeprefix('./')}")
    return out


def _tree(parts: Mapping[str, bytes], name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(parts.get(name, b""), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise FormatError([reject("sheet-unreadable", reason=name)]) from None


def _unpacked(data: bytes, limits: Limits) -> dict[str, bytes]:
    out: dict[str, bytes] = {}
    left = limits.unpacked_bytes
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = archive.infolist()
        if len(listed) > limits.parts:
            raise too_large(limits.parts, "parts")
        for member in listed:
            name = member.filename.replace("\\", "/").removeprefix("/")
            if not _READ.fullmatch(name) or name in out:
                continue
            if member.flag_bits & 1:
                raise FormatError([reject("sheet-locked")])
            with archive.open(member) as stream:
                content = _at_most(stream, left)
            if content is None:
                raise too_large(limits.unpacked_bytes >> 20, "MB")
            left -= len(content)
            if b"<!DOCTYPE" in content[:_BLOCK] or b"\0" in content[:_BLOCK]:
                # The format allows neither (29500-2, 8.2.5); a text of two bytes a letter could not be looked through.
                raise FormatError([reject("sheet-unreadable", reason=name)])
            _check_counts(name, content)
            out[name] = content
    return out


def _check_counts(name: str, content: bytes) -> None:
    """Refuse a list that says it has more than there can be: the parser makes room for as many. Raises FormatError."""
    for said in _COUNT.findall(content) if b"uniqueCount" in content else ():
        if not said.isdigit() or int(said[:18]) > len(content):
            raise FormatError([reject("sheet-unreadable", reason=name)])


def _at_most(stream: IO[bytes], most: int) -> bytes | None:
    """Read to the end; None when there is more."""
    out = bytearray()
    while block := stream.read(_BLOCK):
        out += block
        if len(out) > most:
            return None
    return bytes(out)


def _packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
