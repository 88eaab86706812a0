"""HWP 3 paragraphs: a run of 16-bit codes in which those below 32 are objects with data of their own.

Source: Hancom, "한글 문서 파일 구조 3.0", chapters 9 and 10. A list of paragraphs ends with one that has no characters.
"""

import struct
from typing import Final

from adapters.formats.hwp.build import ListBuilder
from adapters.formats.hwp.hwp3characters import UNKNOWN, character
from adapters.formats.hwp.model import Block, Cell, Table
from adapters.formats.hwp.reading import Reading

_PARAGRAPH, _SHAPE, _CHARACTER, _LINE = 43, 187, 31, 14
_BOX, _CELL, _PICTURE = 84, 27, 348
_END: Final = 13
# Codes whose whole length is fixed: bytes after the code itself, and 16-bit places they take in the paragraph.
_FIXED: Final = {
    7: (82, 42), 8: (94, 48), 9: (6, 4), 14: (90, 4), 18: (6, 4), 19: (6, 4), 20: (6, 4), 21: (6, 4), 22: (22, 12),
    23: (8, 5), 24: (4, 3), 25: (4, 3), 26: (244, 123), 28: (62, 32), 30: (2, 2), 31: (2, 2),
}  # fmt: skip
_TEXT: Final = {9: "\t", 24: "-", 30: "\u00a0", 31: " "}
_TABLE, _TEXT_BOX, _EQUATION = 0, 1, 2
_REFERENCE: Final = 29
_DRAWING, _DRAWN_BOX = 3, 6


class CutError(Exception):
    """The stream ends inside a structure."""


class Cursor:
    """A place in the stream. Every step checks that the stream goes that far."""

    __slots__ = ("data", "place")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def take(self, count: int) -> bytes:
        """Give so many bytes and step over them. Raises CutError."""
        if count < 0 or self.place + count > len(self.data):
            raise CutError
        self.place += count
        return self.data[self.place - count : self.place]

    def skip(self, count: int) -> None:
        """Step over so many bytes. Raises CutError."""
        if count < 0 or self.place + count > len(self.data):
            raise CutError
        self.place += count

    def word(self) -> int:
        """Give 16 bits. Raises CutError."""
        return int.from_bytes(self.take(2), "little")


class Reader:
    """Reads lists of paragraphs. unknown: signs without a known character."""

    def __init__(self, reading: Reading) -> None:
        self.unknown = 0
        self._reading = reading
        self._depth = 0
        self._lost = False

    def paragraphs(self, cursor: Cursor) -> list[Block]:
        """Read a list to its end; what comes before a defect is kept."""
        builder = ListBuilder()
        self._depth += 1
        if self._depth > self._reading.limits.depth:
            self._lose("nesting")
        try:
            while not self._lost and self._paragraph(cursor, builder):
                self._reading.nodes += 1
                if self._reading.nodes > self._reading.limits.nodes:
                    self._lose("records")
        except CutError:
            builder.end()
            self._lose("cut")
        self._depth -= 1
        return builder.blocks

    def _lose(self, reason: str) -> None:
        """Stop: behind a defect nothing has a known place."""
        self._lost = True
        if reason in {"nesting", "records"}:
            self._reading.limited("body", reason)
        else:
            self._reading.damaged("body", reason)

    def _paragraph(self, cursor: Cursor, builder: ListBuilder) -> bool:
        as_before, count, lines, marked = struct.unpack_from("<BHHB", cursor.take(_PARAGRAPH))
        if not count:
            return False
        if not as_before:
            cursor.skip(_SHAPE)
        cursor.skip(lines * _LINE)
        if marked:
            for _ in range(count):
                if cursor.take(1) != b"\1":
                    cursor.skip(_CHARACTER)
        builder.begin()
        while count > 0 and not self._lost:
            code = cursor.word()
            if code == _END:
                # The paragraph's end is its last character, whatever the count says.
                break
            if code >= 0x20:
                sign = character(code)
                self.unknown += sign == UNKNOWN
                builder.text(sign)
                count -= 1
            else:
                count -= self._object(code, cursor, builder)
        builder.end()
        return True

    def _object(self, code: int, cursor: Cursor, builder: ListBuilder) -> int:
        """Read an object; answers how many places it takes in the paragraph."""
        if fixed := _FIXED.get(code):
            data = cursor.take(fixed[0])
            if code in _TEXT:
                builder.text(_TEXT[code])
            else:
                builder.added(_words(code, data))
            return fixed[1]
        head = cursor.take(6)
        if head[4:] != code.to_bytes(2, "little"):
            self._lose("code")
        elif code == 10:
            self._box(cursor, builder)
        elif code == 11:
            self._picture(cursor, builder)
        elif code == 15:
            cursor.skip(8)
            builder.note("comment", self.paragraphs(cursor))
        elif code == 16:
            kind = cursor.take(10)[8]
            builder.note("footer" if kind else "header", self.paragraphs(cursor))
        elif code == 17:
            (kind,) = struct.unpack_from("<H", cursor.take(14), 10)
            builder.note("endnote" if kind else "footnote", self.paragraphs(cursor))
        else:
            # Fields, bookmarks, cross references and reserved codes begin with the length of their data.
            data = cursor.take(struct.unpack_from("<I", head)[0])
            if code == _REFERENCE and data[:1] == b"\1":
                builder.added(string(data[46:]))
        return 4

    def _picture(self, cursor: Cursor, builder: ListBuilder) -> None:
        picture = cursor.take(_PICTURE)
        follow = cursor.take(struct.unpack_from("<I", picture)[0])
        self._reading.objects += 1
        if picture[74] == _DRAWING:
            for stream in drawn_boxes(follow):
                builder.box("text-box", self.paragraphs(Cursor(stream)))
        builder.box("caption", self.paragraphs(cursor))

    def _box(self, cursor: Cursor, builder: ListBuilder) -> None:
        kind, count = struct.unpack_from("<HH", cursor.take(_BOX), 78)
        places = [struct.unpack_from("<HH", cursor.take(_CELL), 4) for _ in range(count)]
        lists: list[list[Block]] = []
        for _ in places:
            if self._lost:
                break
            lists.append(self.paragraphs(cursor))
        caption = [] if self._lost else self.paragraphs(cursor)
        if kind == _TABLE:
            builder.box("caption", caption)
            builder.put(_table(places, lists))
            return
        for blocks in lists:
            if kind == _EQUATION:
                builder.equation(blocks)
            elif kind == _TEXT_BOX:
                builder.box("text-box", blocks)
            else:
                builder.words(blocks)
        builder.box("caption", caption)


def _words(code: int, data: bytes) -> str:
    """Give what an object of fixed length shows: a number (not a page's), composed characters, a date."""
    if code == 18:
        kind, number = struct.unpack_from("<HH", data)
        return str(number) if kind else ""
    if code == 23:
        return string(data[:6])
    if code == 8:
        year, month, _, day = struct.unpack_from("<4H", data, 80)
        return f"{year}. {month}. {day}."
    return ""


def string(data: bytes) -> str:
    """Give the characters of a run of hchar; control codes are left out."""
    units = struct.unpack(f"<{len(data) // 2}H", data[: len(data) & ~1])
    return "".join(character(unit) for unit in units if unit >= 0x20)


def drawn_boxes(data: bytes) -> list[bytes]:
    """Give the lists of paragraphs in the text boxes of a drawing: a frame, then objects of a header and two details."""
    found: list[bytes] = []
    try:
        cursor = Cursor(data)
        frame = cursor.take(struct.unpack("<I", cursor.take(4))[0])
        for _ in range(struct.unpack_from("<I", frame, 4)[0]):
            head = cursor.take(struct.unpack("<I", cursor.take(4))[0])
            (kind,) = struct.unpack_from("<H", head)
            for part in range(2):
                detail = cursor.take(struct.unpack("<I", cursor.take(4))[0])
                if part and kind == _DRAWN_BOX and detail:
                    found.append(detail)
    except (CutError, struct.error):
        pass
    return found


def _table(places: list[tuple[int, int]], lists: list[list[Block]]) -> Table:
    """Order cells by their corner: rows by the upper edge, columns by the left one."""
    tops = {top: row for row, top in enumerate(sorted({top for _, top in places}))}
    lefts = {left: column for column, left in enumerate(sorted({left for left, _ in places}))}
    rows: dict[int, list[Cell]] = {}
    for (left, top), blocks in sorted(zip(places, lists, strict=False), key=lambda pair: (pair[0][1], pair[0][0])):
        rows.setdefault(tops[top], []).append(Cell(tuple(blocks), tops[top], lefts[left]))
    return Table(tuple(map(tuple, rows.values())))
