"""Writing samples as HWP 3: lines to 16-bit codes with objects among them. Labels have no place in it."""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

from tools.hangul.sample import Aside, Formula, Grid, Line, preview

_SIGNATURE: Final = b"HWP Document File V3.00 \x1a\1\2\3\4\5"
_NOTES: Final = {"header": (16, 0), "footer": (16, 1), "footnote": (17, 0), "endnote": (17, 1), "comment": (15, 0)}
_TABLE, _BOX, _EQUATION = 0, 1, 2


def write(lines: Sequence[Line], *, compressed: bool = True, encrypted: bool = False) -> bytes:
    """Make a file with a preview behind it."""
    info = bytearray(128)
    struct.pack_into("<H", info, 96, encrypted)
    info[124] = compressed
    body = struct.pack("<8H", *[0] * 8) + paragraphs(lines) + bytes(8)
    if compressed:
        machine = zlib.compressobj(6, zlib.DEFLATED, -15)
        body = machine.compress(body) + machine.flush()
    shown = hchars(preview(lines).replace("\r\n", " "))
    return _SIGNATURE + bytes(info) + bytes(1008) + body + struct.pack("<II", 0x80000002, len(shown)) + shown


def paragraphs(lines: Sequence[Line]) -> bytes:
    """Make a list of paragraphs and the empty one that ends it."""
    made = b""
    for number, line in enumerate(lines):
        text, places = hchars(line.text), len(line.text)
        text = text.replace(b"\x09\0", struct.pack("<4H", 9, 0, 0, 9))
        places += 3 * line.text.count("\t")
        for each in line.objects:
            text += _object(each)
            places += 4
        text += b"\r\0"
        made += struct.pack("<BHHB", number > 0, places + 1, 1, 0).ljust(43, b"\0")
        made += (b"" if number else bytes(187)) + bytes(14) + text
    return made + struct.pack("<BHHB", 1, 0, 0, 0).ljust(43, b"\0")


def hchars(text: str) -> bytes:
    """Write text in Hancom's internal code, as far as samples need it."""
    return b"".join(struct.pack("<H", _hchar(sign)) for sign in text)


def _hchar(sign: str) -> int:
    if ord(sign) < 0x80:
        return ord(sign)
    if "가" <= sign <= "힣":
        return int.from_bytes(sign.encode("johab"), "big")
    high, low = sign.encode("cp949")
    if high >= 0xCA:
        return 0x4000 + (high - 0xCA) * 94 + low - 0xA1
    return 0x3401 + (high - 0xA1) * 96 + low - 0xA1


def _head(code: int) -> bytes:
    return struct.pack("<HIH", code, 0, code)


def _object(each: Grid | Aside | Formula) -> bytes:
    if isinstance(each, Formula):
        return _framed(_EQUATION, [(0, 0)], [[Line(each.script)]])
    if isinstance(each, Grid):
        places = [(100 * c, 50 * r) for r, row in enumerate(each.rows) for c, _ in enumerate(row)]
        return _framed(_TABLE, places, [lines for row in each.rows for lines in row])
    if each.kind == "box":
        return _framed(_BOX, [(0, 0)], [each.lines])
    code, kind = _NOTES[each.kind]
    inside = {
        15: bytes(8),
        16: bytes(8) + bytes([kind, 0]),
        17: bytes(8) + struct.pack("<HHH", 0, kind, 0),
    }[code]
    return _head(code) + inside + paragraphs(each.lines)


def _framed(kind: int, places: Sequence[tuple[int, int]], lists: Sequence[Sequence[Line]]) -> bytes:
    box = bytes(78) + struct.pack("<HHH", kind, len(places), 0)
    corners = b"".join(struct.pack("<HHHH", 0, 0, *place).ljust(27, b"\0") for place in places)
    return _head(10) + box + corners + b"".join(map(paragraphs, lists)) + paragraphs([])
