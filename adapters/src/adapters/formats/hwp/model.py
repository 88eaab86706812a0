"""What a Hangul document says, as a tree in reading order: paragraphs, tables of cells, boxes, notes; and the reading's limits.

All four readers (HWP 5, HWPX, HWPML, HWP 3) make this tree, so a document saved as two kinds has one tree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["hwp5", "hwpx", "hwpml", "hwp3", "unknown"]
Flag = Literal["encrypted", "distribution", "damaged", "preview-only", "changes-tracked"]
BoxRole = Literal["text-box", "caption", "drawn-text"]
NoteRole = Literal["header", "footer", "footnote", "endnote", "comment", "master"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one document may cost.

    Attributes:
        input_bytes: size of the file. inflated_bytes: all of its streams together, uncompressed.
        nodes: records or elements looked at. depth: tables in tables in boxes.

    """

    input_bytes: int = 256 * 1024**2
    inflated_bytes: int = 64 * 1024**2
    nodes: int = 1_000_000
    depth: int = 40


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or what follows an object inside one.

    Attributes:
        label: number or bullet that the program draws before it; no part of what was typed. Empty: none.
        added: from and to in `text` of what stands in objects inside the line (equations, composed characters, numbers).

    """

    text: str
    label: str = ""
    added: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its place and reach in the grid, from zero."""

    blocks: tuple["Block", ...]
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Cells row by row; a cell that reaches over several rows stands in the first."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Text inside an object that stands at this place of the text."""

    role: BoxRole
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Text that hangs on this place but is read elsewhere: notes, headers, comments."""

    role: NoteRole
    blocks: tuple["Block", ...]


Block = Paragraph | Table | Box | Note
Section = tuple[Block, ...]


def blocks_of(blocks: Sequence[Block]) -> Iterator[Block]:
    """Give each block of the tree, parents first."""
    pending = list(reversed(blocks))
    while pending:
        block = pending.pop()
        yield block
        if isinstance(block, Table):
            pending += [
                each for row in reversed(block.rows) for cell in reversed(row) for each in reversed(cell.blocks)
            ]
        elif isinstance(block, Box | Note):
            pending += reversed(block.blocks)
