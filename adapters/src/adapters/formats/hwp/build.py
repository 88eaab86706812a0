"""Building blocks while reading: text and objects in the order they are met become paragraphs, boxes and notes."""

from adapters.formats.hwp.model import Block, Box, BoxRole, Note, NoteRole, Paragraph, blocks_of


class ListBuilder:
    """Makes the blocks of one list of paragraphs (a section, a cell, a note)."""

    __slots__ = ("_added", "_label", "_length", "_open", "_parts", "blocks")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._added: list[tuple[int, int]] = []
        self._length = 0
        self._label = ""
        self._open = False

    def begin(self, label: str = "") -> None:
        """Start a paragraph."""
        self._label = label
        self._open = True

    def text(self, text: str) -> None:
        """Add text to the paragraph."""
        if text:
            self._parts.append(text)
            self._length += len(text)

    def added(self, text: str) -> None:
        """Add text that stands in an object inside the line, which a preview leaves out."""
        if text:
            self._added.append((self._length, self._length + len(text)))
            self.text(text)

    def equation(self, blocks: list[Block]) -> None:
        """Add an equation's script to the line, set off by blanks."""
        lines = [block.text for block in blocks_of(blocks) if isinstance(block, Paragraph)]
        script = " ".join(" ".join(lines).split())
        if script:
            self.added(f" {script} ")

    def words(self, blocks: list[Block]) -> None:
        """Add the words of a button or hypertext, which stand in the line."""
        self.text(" ".join(block.text for block in blocks_of(blocks) if isinstance(block, Paragraph) and block.text))

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
        """Put a box, if it says anything."""
        if any(isinstance(block, Paragraph) and block.text.strip() for block in blocks_of(blocks)):
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
        self.blocks.append(Paragraph("".join(self._parts), self._label, tuple(self._added)))
        self._parts.clear()
        self._added.clear()
        self._length = 0
        self._label = ""
        self._open = False
