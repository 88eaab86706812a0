"""HWP 5 document information: which paragraph shapes bear a number or bullet, and how it is drawn.

Source: Hancom, "Hwp Document File Formats 5.0" revision 1.3, sections 4.2.8 to 4.2.10.
"""

import struct
from typing import Final

from adapters.formats.hwp.numbering import DIGITS, LONGEST, Heading, Headings, Level
from adapters.formats.hwp.records import BULLET, NUMBERING, PARA_SHAPE, flat

_WANTED: Final = frozenset({NUMBERING, BULLET, PARA_SHAPE})
_KINDS: Final = {1: "outline", 2: "number", 3: "bullet"}
_HEAD: Final = 12
# Levels before and after the start numbers.
_FIRST_LEVELS, _MORE_LEVELS = 7, 3


def headings_of(data: bytes) -> Headings:
    """Read the definitions; what is damaged is left out, labels are no text of the author's."""
    shapes: dict[int, Heading] = {}
    numberings: dict[int, list[Level]] = {}
    bullets: dict[int, str] = {}
    shape = 0
    for tag, payload in flat(data, _WANTED):
        if tag == NUMBERING:
            numberings[len(numberings) + 1] = _numbering(payload)
        elif tag == BULLET:
            bullets[len(bullets) + 1] = payload[_HEAD : _HEAD + 2].decode("utf-16-le", "ignore").strip("\0")
        else:
            if len(payload) >= 32:
                (attributes,) = struct.unpack_from("<I", payload)
                if kind := _KINDS.get(attributes >> 23 & 3):
                    (definition,) = struct.unpack_from("<H", payload, 30)
                    shapes[shape] = Heading(kind, definition, attributes >> 25 & 7)
            shape += 1
    return Headings(shapes, numberings, bullets)


def _numbering(payload: bytes) -> list[Level]:
    place = 0
    found: list[tuple[str, str]] = []
    place = _levels(payload, place, _FIRST_LEVELS, found)
    place += 2
    starts = [1] * (_FIRST_LEVELS + _MORE_LEVELS)
    if len(found) == _FIRST_LEVELS and len(payload) >= place + 4 * _FIRST_LEVELS:
        starts[:_FIRST_LEVELS] = struct.unpack_from(f"<{_FIRST_LEVELS}I", payload, place)
        _levels(payload, place + 4 * _FIRST_LEVELS, _MORE_LEVELS, found)
    return [
        Level(text, digits, start if 0 < start < 1_000_000 else 1)
        for (text, digits), start in zip(found, starts, strict=False)
    ]


def _levels(payload: bytes, place: int, most: int, found: list[tuple[str, str]]) -> int:
    for _ in range(most):
        if place + _HEAD + 2 > len(payload):
            break
        (attributes,) = struct.unpack_from("<I", payload, place)
        (length,) = struct.unpack_from("<H", payload, place + _HEAD)
        start = place + _HEAD + 2
        text = payload[start : start + 2 * length].decode("utf-16-le", "ignore")
        kind = attributes >> 5 & 0xF
        found.append((text[:LONGEST], DIGITS[kind] if kind < len(DIGITS) else "DIGIT"))
        place = start + 2 * length
    return place
