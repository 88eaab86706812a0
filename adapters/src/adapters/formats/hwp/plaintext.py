"""The tree as plain text: a line a paragraph, a row of cells a line with tabs, notes after the section they belong to."""

from collections.abc import Iterable, Sequence
from typing import Final

from adapters.formats.hwp.model import Block, Box, Cell, Note, NoteRole, Paragraph, Section, Table

_ORDER: Final[tuple[NoteRole, ...]] = ("footnote", "endnote", "header", "footer", "master", "comment")


def render(sections: Iterable[Section], *, labels: bool = False) -> str:
    """Make the text of a document.

    labels: with the numbers and bullets that the program draws before paragraphs.
    """
    lines: list[str] = []
    for section in sections:
        notes: list[Note] = []
        _lines(section, lines, notes, labels=labels)
        for role in _ORDER:
            # A note may hold notes of its own, which then stand behind it.
            waiting = [note for note in notes if note.role == role]
            for note in waiting:
                _lines(note.blocks, lines, waiting, labels=labels)
    return "\n".join(lines).strip("\n")


def comparable(sections: Iterable[Section]) -> str:
    """Make what a preview shows of the document: no notes, captions, equations, forms, no labels."""
    lines: list[str] = []
    for section in sections:
        _lines(section, lines, [], labels=False, shown=frozenset({"text-box"}))
    return "\n".join(lines)


def _lines(
    blocks: Sequence[Block], lines: list[str], notes: list[Note], *, labels: bool, shown: frozenset[str] | None = None
) -> None:
    for block in blocks:
        if isinstance(block, Paragraph):
            text = block.text if shown is None or not block.added else _typed(block)
            lines.append(f"{block.label} {text}" if labels and block.label else text)
        elif isinstance(block, Table):
            for row in block.rows:
                _row(row, lines, notes, labels=labels, shown=shown)
        elif isinstance(block, Box):
            if shown is None or block.role in shown:
                _lines(block.blocks, lines, notes, labels=labels, shown=shown)
        else:
            notes.append(block)


def _typed(paragraph: Paragraph) -> str:
    """Give a paragraph without what stands in objects inside its lines."""
    kept, place = "", 0
    for start, end in paragraph.added:
        kept += paragraph.text[place:start]
        place = end
    return kept + paragraph.text[place:]


def _row(
    row: Sequence[Cell], lines: list[str], notes: list[Note], *, labels: bool, shown: frozenset[str] | None
) -> None:
    """Write a row on one line; a row of one cell is a frame round text and keeps its lines."""
    if len(row) == 1:
        _lines(row[0].blocks, lines, notes, labels=labels, shown=shown)
        return
    texts: list[str] = []
    for cell in row:
        inside: list[str] = []
        _lines(cell.blocks, inside, notes, labels=labels, shown=shown)
        text = " ".join(inside) if len(inside) > 1 else inside[0] if inside else ""
        texts.append(" ".join(text.split("\n")).replace("\t", " ") if "\n" in text or "\t" in text else text)
    lines.append("\t".join(texts))
