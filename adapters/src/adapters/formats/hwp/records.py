"""HWP 5 records: a stream of (tag, level, size) headers and payloads becomes a tree of those that bear text.

Source: Hancom, "Hwp Document File Formats 5.0" revision 1.3, section 4.1. A header is 32 bits: tag 10, level 10, size 12;
size 0xFFF means that 32 bits of size follow.
"""

import struct
from typing import Final

from adapters.formats.hwp.reading import Reading

PARA_HEADER: Final = 66
PARA_TEXT: Final = 67
CTRL_HEADER: Final = 71
LIST_HEADER: Final = 72
SHAPE_COMPONENT: Final = 76
TABLE: Final = 77
EQUATION: Final = 88
TEXT_ART: Final = 90
FORM_OBJECT: Final = 91
MEMO_LIST: Final = 93
DISTRIBUTE_DATA: Final = 28
NUMBERING: Final = 23
BULLET: Final = 24
PARA_SHAPE: Final = 25

_KEPT: Final = frozenset(
    {
        PARA_HEADER,
        PARA_TEXT,
        CTRL_HEADER,
        LIST_HEADER,
        SHAPE_COMPONENT,
        TABLE,
        EQUATION,
        TEXT_ART,
        FORM_OBJECT,
        MEMO_LIST,
    }
)
# Shapes and lines of text outnumber the records that bear text, but not without end.
_MOST_OTHERS: Final = 5


class Node:
    """A record with those below it. data: the payload."""

    __slots__ = ("children", "data", "level", "tag")

    def __init__(self, tag: int, level: int, data: bytes) -> None:
        self.tag = tag
        self.level = level
        self.data = data
        self.children: list[Node] = []


def tree(data: bytes, reading: Reading, part: str) -> list[Node]:
    """Build the tree of a section's records. Levels that jump are taken as one step; the rest of a cut record is kept."""
    top: list[Node] = []
    open_: list[Node] = []
    place, end = 0, len(data)
    unpack = struct.Struct("<I").unpack_from
    depth, room = reading.limits.depth * 3, reading.limits.nodes - reading.nodes
    made = seen = 0
    while place + 4 <= end:
        seen += 1
        if made > room or seen > _MOST_OTHERS * room:
            reading.limited(part, "records")
            break
        (header,) = unpack(data, place)
        place += 4
        size = header >> 20
        if size == 0xFFF:
            if place + 4 > end:
                break
            (size,) = unpack(data, place)
            place += 4
        tag = header & 0x3FF
        if tag in _KEPT:
            level = (header >> 10) & 0x3FF
            node = Node(tag, level, data[place : place + size])
            while open_ and open_[-1].level >= level:
                open_.pop()
            if len(open_) < depth:
                (open_[-1].children if open_ else top).append(node)
                open_.append(node)
            else:
                reading.limited(part, "nesting")
            made += 1
        place += size
    reading.nodes += made
    if place > end:
        reading.damaged(part, "cut")
    return top


def flat(data: bytes, wanted: frozenset[int], most: int = 200_000) -> list[tuple[int, bytes]]:
    """List the records of some tags, in order (the document information is no tree for us)."""
    found: list[tuple[int, bytes]] = []
    place, end = 0, len(data)
    while place + 4 <= end and len(found) < most:
        header = int.from_bytes(data[place : place + 4], "little")
        place += 4
        size = header >> 20
        if size == 0xFFF:
            size = int.from_bytes(data[place : place + 4], "little")
            place += 4
        if header & 0x3FF in wanted:
            found.append((header & 0x3FF, data[place : place + size]))
        place += size
    return found
