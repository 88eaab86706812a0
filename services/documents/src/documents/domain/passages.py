"""Leaf texts of a body: paragraphs, items, cells, captions. Tree -> ``passages`` -> texts that can be read and changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.domain.markup import CELLS, INLINE, Node

PARAGRAPH, ITEM, CELL, CAPTION = "paragraph", "item", "cell", "caption"
_KINDS = {"li": ITEM, "caption": CAPTION, "td": CELL, "th": CELL}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands. table: the outermost one; row and cell: of that table. None outside tables."""

    kind: str = PARAGRAPH
    table: Node | None = None
    row: Node | None = None
    cell: Node | None = None


@dataclass(slots=True)
class Passage:
    """One stretch of text with nothing but inline marks inside.

    holder: element whose ``inside`` takes new text when there is none yet. leaves: (list, index) of each string.
    """

    place: Place
    holder: Node
    leaves: list[tuple[list[Node | str], int]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What it is in the words of the difference: paragraph, item, cell or caption."""
        return self.place.kind

    @property
    def text(self) -> str:
        """The words, marks left out."""
        return "".join(str(inside[index]) for inside, index in self.leaves)

    def replace(self, start: int, end: int, new: str) -> None:
        """Puts new in place of text[start:end]; it takes on the marks of what stands before it."""
        if not self.leaves:
            self.holder.inside.append("")
            self.leaves.append((self.holder.inside, len(self.holder.inside) - 1))
        spans = self._spans()
        wanted = start if end > start else max(start - 1, 0)
        taker = next((number for number, (first, last) in enumerate(spans) if first <= wanted < last), len(spans) - 1)
        for number, (first, last) in enumerate(spans):
            inside, index = self.leaves[number]
            old = str(inside[index])
            before = old[: max(start - first, 0)]
            after = old[max(end - first, 0) :] if end < last else ""
            if number == taker:
                inside[index] = before + new + after
            elif first < end and last > start:
                inside[index] = before + after

    def _spans(self) -> list[tuple[int, int]]:
        spans, at = [], 0
        for inside, index in self.leaves:
            spans.append((at, at + len(str(inside[index]))))
            at = spans[-1][1]
        return spans


def passages(root: Node) -> list[Passage]:
    """Every passage in the order of the text; blank ones too where an element stands for them."""
    return list(_walk(root, Place()))


def _walk(node: Node, place: Place) -> Iterator[Passage]:
    run = Passage(place, node)
    alone = True
    for index, each in enumerate(node.inside):
        if isinstance(each, str):
            run.leaves.append((node.inside, index))
        elif each.tag in INLINE:
            yield from _inline(each, run)
        elif each.tag not in {"img", "br", "col", "colgroup"}:
            if run.text.strip():
                yield run
            run, alone = Passage(place, each), False
            yield from _walk(each, _inner(each, place))
            run = Passage(place, node)
    if run.text.strip() or (alone and node.tag in {"p", "li", "caption", *CELLS}):
        yield run


def _inline(node: Node, run: Passage) -> Iterator[Passage]:
    """Adds what stands inside a mark to the run; blocks inside a mark, which the subset forbids, are passages too."""
    for index, each in enumerate(node.inside):
        if isinstance(each, str):
            run.leaves.append((node.inside, index))
        elif each.tag in INLINE:
            yield from _inline(each, run)
        else:
            yield from _walk(each, _inner(each, run.place))


def _inner(node: Node, place: Place) -> Place:
    kind = _KINDS.get(node.tag, place.kind)
    if node.tag == "table" and place.table is None:
        return Place(kind, node)
    if node.tag == "tr" and place.row is None:
        return Place(kind, place.table, node)
    if node.tag in CELLS and place.cell is None:
        return Place(CELL, place.table, place.row, node)
    return Place(kind, place.table, place.row, place.cell)
