"""HWP 5 sections: the tree of records to blocks in reading order.

Source: Hancom, "Hwp Document File Formats 5.0" revision 1.3, section 4.3. A control header's children are its lists of
paragraphs: a list header, then its paragraphs beside it.
"""

import itertools
import struct
from collections.abc import Iterable
from typing import Final

from adapters.formats.hwp import autonumber
from adapters.formats.hwp.build import ListBuilder
from adapters.formats.hwp.forms import caption_of
from adapters.formats.hwp.hwp5text import OBJECT, decode, runs, tidy
from adapters.formats.hwp.model import Block, Cell, NoteRole, Paragraph, Table
from adapters.formats.hwp.numbering import Headings
from adapters.formats.hwp.reading import Reading
from adapters.formats.hwp.records import (
    CTRL_HEADER,
    EQUATION,
    FORM_OBJECT,
    LIST_HEADER,
    MEMO_LIST,
    PARA_HEADER,
    PARA_TEXT,
    SHAPE_COMPONENT,
    TABLE,
    TEXT_ART,
    Node,
)

_NOTES: Final[dict[bytes, NoteRole]] = {
    b"head": "header",
    b"foot": "footer",
    b"fn  ": "footnote",
    b"en  ": "endnote",
    b"tcmt": "comment",
    b"secd": "master",
}


class Body:
    """Reads the sections of one document; the headings count through all of them."""

    def __init__(self, reading: Reading, headings: Headings) -> None:
        self._reading = reading
        self._headings = headings

    def section(self, nodes: Iterable[Node]) -> tuple[Block, ...]:
        """Make the blocks of a section."""
        return tuple(self._paragraphs(nodes))

    def _paragraphs(self, nodes: Iterable[Node]) -> list[Block]:
        builder = ListBuilder()
        for node in nodes:
            if node.tag == PARA_HEADER:
                self._paragraph(node, builder)
            elif node.tag == MEMO_LIST:
                builder.note("comment", self._paragraphs(node.children))
            elif node.tag != LIST_HEADER or node.children:
                # A record that stands where none should: its text counts all the same.
                builder.blocks += self._paragraphs(node.children)
        return builder.blocks

    def _paragraph(self, node: Node, builder: ListBuilder) -> None:
        controls = iter([each for each in node.children if each.tag == CTRL_HEADER])
        shape = struct.unpack_from("<H", node.data, 8)[0] if len(node.data) >= 10 else -1
        begun = False
        for each in node.children:
            if each.tag != PARA_TEXT:
                continue
            for run in runs(each.data):
                if not begun:
                    builder.begin(self._headings.label(shape))
                    begun = True
                if run != OBJECT:
                    builder.text(tidy(run))
                elif (control := next(controls, None)) is not None:
                    self._control(control, builder)
        if not begun:
            builder.begin()
        for control in controls:
            self._control(control, builder)
        self._beside([each for each in node.children if each.tag not in {CTRL_HEADER, PARA_TEXT}], builder)
        builder.end()

    def _beside(self, nodes: list[Node], builder: ListBuilder) -> None:
        """Read lists that hang on a paragraph itself: memos hang on a section's last one, each behind its own record."""
        starts = [place for place, node in enumerate(nodes) if node.tag == MEMO_LIST]
        builder.blocks += self._paragraphs(nodes[: starts[0]] if starts else nodes)
        for start, stop in itertools.pairwise([*starts, len(nodes)]):
            builder.note("comment", self._paragraphs(nodes[start].children + nodes[start + 1 : stop]))

    def _control(self, node: Node, builder: ListBuilder) -> None:
        name = node.data[3::-1]
        if name == b"tbl ":
            self._table(node, builder)
        elif name == b"atno":
            builder.added(autonumber.of_record(node.data))
        elif name == b"tcps":
            builder.added(_composed(node.data))
        elif name == b"tdut":
            builder.added(_ruby(node.data))
        elif role := _NOTES.get(name):
            if name == b"secd" and len(node.data) >= 20:
                (self._headings.outline,) = struct.unpack_from("<H", node.data, 18)
            builder.note(role, self._paragraphs(node.children))
        else:
            self._object(node, builder)

    def _table(self, node: Node, builder: ListBuilder) -> None:
        seen = False
        caption: list[Node] = []
        cells: list[tuple[bytes, list[Node]]] = []
        for child in node.children:
            if child.tag == TABLE:
                seen = True
            elif child.tag == LIST_HEADER and seen:
                cells.append((child.data, list(child.children)))
            elif cells:
                cells[-1][1].append(child)
            elif child.tag != LIST_HEADER or child.children:
                caption.append(child)
        builder.box("caption", self._paragraphs(caption))
        made = [self._cell(data, nodes, number) for number, (data, nodes) in enumerate(cells)]
        rows: list[tuple[Cell, ...]] = []
        begin = 0
        for place in range(1, len(made) + 1):
            if place == len(made) or made[place].row != made[begin].row:
                rows.append(tuple(made[begin:place]))
                begin = place
        if rows:
            builder.put(Table(tuple(rows)))

    def _cell(self, data: bytes, nodes: list[Node], number: int) -> Cell:
        column, row, columns, rows = struct.unpack_from("<HHHH", data, 8) if len(data) >= 16 else (number, 0, 1, 1)
        return Cell(tuple(self._paragraphs(nodes)), row, column, max(1, rows), max(1, columns))

    def _object(self, node: Node, builder: ListBuilder) -> None:
        """Read a drawing, picture, equation, form or field: captions and lists beside it, boxes inside."""
        loose: list[Node] = []
        bare = True
        for child in node.children:
            if child.tag in {PARA_HEADER, LIST_HEADER, MEMO_LIST}:
                loose.append(child)
                continue
            bare = False
            if child.tag == SHAPE_COMPONENT:
                self._shape(child, builder)
            elif child.tag == EQUATION:
                builder.equation([Paragraph(tidy(_string(child.data, 4)))])
            elif child.tag == FORM_OBJECT:
                builder.added(" ".join(caption_of(tidy(decode(child.data)))))
            else:
                builder.blocks += self._paragraphs((child,))
        name = node.data[3::-1]
        if name.startswith(b"%"):
            builder.note("comment", self._paragraphs(loose))
        else:
            builder.box("caption", self._paragraphs(loose))
        self._reading.objects += not bare

    def _shape(self, node: Node, builder: ListBuilder) -> None:
        inside: list[Node] = []
        for child in node.children:
            if child.tag == SHAPE_COMPONENT:
                self._shape(child, builder)
            elif child.tag == TEXT_ART:
                builder.box("drawn-text", [Paragraph(tidy(_string(child.data, 32)))])
            else:
                inside.append(child)
        builder.box("text-box", self._paragraphs(inside))


def _string(data: bytes, place: int) -> str:
    """Read a length in units and so much text; what is cut off is missing."""
    if place + 2 > len(data):
        return ""
    (length,) = struct.unpack_from("<H", data, place)
    return decode(data[place + 2 : place + 2 + 2 * length]).replace("\0", "")


def _after(data: bytes, place: int) -> int:
    """Give the place behind a string: its length counts units, of which a character may take two."""
    return place + 2 + 2 * int.from_bytes(data[place : place + 2], "little")


def _composed(data: bytes) -> str:
    """Read characters set over each other (글자겹침); the drawn frame that may be the first is none of them."""
    text, end = _string(data, 4), _after(data, 4)
    framed = data[end : end + 1] not in {b"", b"\0"}
    return tidy(text[1:] if framed else text).lstrip("\u3000")


def _ruby(data: bytes) -> str:
    """Read text with a gloss over it (덧말) as text and gloss in brackets."""
    text, gloss = _string(data, 4), _string(data, _after(data, 4))
    return tidy(f"{text}({gloss})" if gloss else text)
