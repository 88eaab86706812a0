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
from adapters.formats.spreadsheet.workbook import Epoch, Extent, Limits

_READ: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/[^/]*\.xml|xl/_rels/[^/]*\.rels|xl/worksheets/.*\.(?:xml|rels)",
    re.IGNORECASE,
)
_BOOK: Final = "xl/workbook.xml"
_BOOK_LINKS: Final = "xl/_rels/workbook.xml.rels"
_BLOCK: Final = 1 << 20
_ROW: Final = re.compile(rb"""<(?:[a-zA-Z]\w*:)?row\b[^>]*?\sr\s*=\s*["'](\d+)["']""")
_FAR: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{2,})(\d+)["']""")
_NEAR: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z])\d+["']""")
_FILLED: Final = re.compile(rb"""<(?:[a-zA-Z]\w*:)?c\b([^>]*)(?<!/)>""")
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})(\d{1,9})["']""")
_ERROR: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_SHOWN: Final = re.compile(rb"<(?:[a-zA-Z]\w*:)?v\b[^>]*>([^<]*)<")
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
    extents = {name: _extent(content, limits) for name, content in parts.items()}
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
            out[name] = content
    return out


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


def _extent(sheet: bytes, limits: Limits) -> Extent:
    """Measure a sheet. Raises FormatError `sheet-too-large`."""
    tall = max((int(each) for each in _ROW.findall(sheet)), default=0)
    # Rows and cells that do not say their place stand one behind the other.
    tall = max(tall, sheet.count(b"<row"))
    wide = 0
    for letters, row in _FAR.findall(sheet):
        wide, tall = max(wide, _number(letters)), max(tall, int(row[:9]))
    wide = wide or max((_number(each) for each in set(_NEAR.findall(sheet))), default=1)
    if tall * wide > limits.cells:
        tall, wide = _filled(sheet)
        if tall * wide > limits.cells:
            raise too_large(limits.cells, "cells")
    return Extent(tall, wide, _errors(sheet) if _ERROR.search(sheet) else {})


def _filled(sheet: bytes) -> tuple[int, int]:
    """Measure by cells that hold something: whole columns of a sheet may be coloured, down to its last row."""
    tall = wide = 1
    for match in _FILLED.finditer(sheet):
        place = _PLACE.search(match[1])
        if place is not None:
            tall, wide = max(tall, int(place[2])), max(wide, _number(place[1]))
    return tall, wide


def _errors(sheet: bytes) -> dict[tuple[int, int], str]:
    """Find the cells that show an error: the parser gives them as empty."""
    out: dict[tuple[int, int], str] = {}
    for match in _FILLED.finditer(sheet):
        if not _ERROR.search(match[1]):
            continue
        place = _PLACE.search(match[1])
        if place is None:
            raise FormatError([reject("sheet-unreadable", reason="c/@r")])
        shown = _SHOWN.search(sheet, match.end(), match.end() + 20_000)
        text = shown[1].decode("utf-8", "replace")[:40] if shown else "?"
        out[int(place[2]) - 1, _number(place[1]) - 1] = text
    return out


def _number(letters: bytes) -> int:
    """Column `A` is 1, `AA` is 27."""
    out = 0
    for letter in letters.upper()[:7]:
        out = out * 26 + letter - 64
    return out


def too_large(limit: int, what: str) -> FormatError:
    """Make the refusal of what would cost too much."""
    return FormatError([reject("sheet-too-large", limit=f"{limit:,} {what}")])
