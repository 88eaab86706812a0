"""Building blocks while reading: text and objects in the order they are met become paragraphs, boxes and notes."""

from adapters.formats.hwp.model import Block, BoxRole, NoteRole, Box, Note, Paragraph


class ListBuilder:
    """Makes the blocks of one list of paragraphs (a section, a cell, a note)."""

    __slots__ = ("_label", "_open", "_parts", "blocks")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._label = ""
        self._open = False

    def begin(self, label: str = "") -> None:
        """Start a paragraph."""
        self._label = label
        self._open = True

    def text(self, text: str) -> None:
        """Add text to the paragraph."""
        self._parts.append(text)

    def put(self, block: Block) -> None:
        """Put an object where the text has come to; a note interrupts no text."""
        if isinstance(block, Note):
            self.blocks.append(block)
            return
        if self._parts or self._label:
            self._close()
        self.blocks.append(block)
        self._open = False

    def box(self, role: BoxRole, blocks: list[Block]) -> None:
        """Put a box, if it holds anything."""
        if blocks:
            self.put(Box(role, tuple(blocks)))

    def note(self, role: NoteRole, blocks: list[Block]) -> None:
        """Put a note, if it holds anything."""
        if blocks:
            self.put(Note(role, tuple(blocks)))

    def end(self) -> None:
        """End the paragraph; an empty one stands unless it only bore an object."""
        if self._parts or self._open:
            self._close()

    def _close(self) -> None:
        self.blocks.append(Paragraph("".join(self._parts), self._label))
        self._parts.clear()
        self._label = ""
        self._open = False
