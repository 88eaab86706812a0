"""Readable difference of two versions: lines of each -> ``compare`` -> blocks of pieces that are same, removed or added.

Lines are aligned first, then the words (어절) of lines that belong together, then the letters of words that changed.
The same and removed pieces together are the text before, the same and added ones the text after.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from documents.domain.alignment import aligned
from documents.domain.markup import parse
from documents.domain.passages import CAPTION, Passage, passages

SAME, REMOVED, ADDED = "same", "removed", "added"
PARAGRAPH, ROW, VALUE = "paragraph", "row", "value"
CELL_BAR = " | "
_WORDS = re.compile(r"\s+|\S+")
# Lines belong together when at least this share of their words is the same.
_AKIN = 0.4
# Lines are matched by likeness in parts up to this product of their numbers, and up to this many words.
_MATCHED = 900
_LIKENESS_WORDS = 20_000
# Longer words are shown whole: their letters say nothing.
_LONGEST_WORD = 40
_FIGURES = frozenset("0123456789,.")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, row, caption or value. field: title, body, recipients ..."""

    field: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. kind: same, removed, added."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A line with its pieces."""

    field: str
    kind: str
    pieces: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        """Nothing in it changed."""
        return all(piece.kind == SAME for piece in self.pieces)


def body_lines(body: str) -> list[Line]:
    """Paragraphs, items, captions, and rows of tables with bars between their cells; blank lines are left out."""
    lines: list[Line] = []
    row: list[Passage] = []
    for each in [*passages(parse(body)), None]:
        if row and (each is None or each.place.row is not row[0].place.row):
            lines.append(Line("body", ROW, _row_text(row)))
            row = []
        if each is None:
            break
        if each.place.row is not None:
            row.append(each)
        elif each.text.strip():
            lines.append(Line("body", CAPTION if each.kind == CAPTION else PARAGRAPH, each.text))
    return lines


def _row_text(row: Sequence[Passage]) -> str:
    cells: dict[int, list[str]] = {}
    for each in row:
        cells.setdefault(id(each.place.cell), []).append(each.text)
    return CELL_BAR.join("\n".join(texts) for texts in cells.values())


def compare(before: Sequence[Line], after: Sequence[Line]) -> list[Block]:
    """Blocks in the order of the document; within a change what went stands before what came."""
    blocks: list[Block] = []
    left = low = 0
    for place, other, length in [*aligned(before, after), (len(before), len(after), 0)]:
        blocks += _changed(before[left:place], after[low:other])
        blocks += [
            Block(line.field, line.kind, _pieces([(SAME, line.text)])) for line in before[place : place + length]
        ]
        left, low = place + length, other + length
    return blocks


def _changed(gone: Sequence[Line], come: Sequence[Line]) -> Iterator[Block]:
    left = low = 0
    for place, other in [*_akin(gone, come), (len(gone), len(come))]:
        yield from (Block(line.field, line.kind, _pieces([(REMOVED, line.text)])) for line in gone[left:place])
        yield from (Block(line.field, line.kind, _pieces([(ADDED, line.text)])) for line in come[low:other])
        if place < len(gone) and other < len(come):
            yield Block(come[other].field, come[other].kind, words(gone[place].text, come[other].text))
        left, low = place + 1, other + 1


def _akin(gone: Sequence[Line], come: Sequence[Line]) -> list[tuple[int, int]]:
    """Pairs of lines that are versions of each other, in order: the row of pairs that is most alike altogether."""
    if not gone or not come:
        return []
    bags, others = [_bag(line) for line in gone], [_bag(line) for line in come]
    if len(gone) * len(come) > _MATCHED or sum(map(len, bags + others)) > _LIKENESS_WORDS:
        pairs = zip(range(len(gone)), range(len(come)), strict=False)
        return [(a, b) for a, b in pairs if _likeness(gone[a], come[b], bags[a], others[b]) >= _AKIN]
    best = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    likeness = [[_likeness(one, two, bags[a], others[b]) for b, two in enumerate(come)] for a, one in enumerate(gone)]
    for a in range(len(gone) - 1, -1, -1):
        for b in range(len(come) - 1, -1, -1):
            pair = likeness[a][b] + best[a + 1][b + 1] if likeness[a][b] >= _AKIN else 0.0
            best[a][b] = max(pair, best[a + 1][b], best[a][b + 1])
    pairs_found: list[tuple[int, int]] = []
    a = b = 0
    while a < len(gone) and b < len(come):
        if likeness[a][b] >= _AKIN and best[a][b] == likeness[a][b] + best[a + 1][b + 1]:
            pairs_found.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs_found


def _bag(line: Line) -> Counter[str]:
    return Counter(each[:2] for each in line.text.split())


def _likeness(one: Line, two: Line, bag: Counter[str], other: Counter[str]) -> float:
    """0..1: which share of the beginnings of words is the same; a field's only value is a version of its only value."""
    if (one.field, one.kind) != (two.field, two.kind):
        return 0.0
    total = bag.total() + other.total()
    share = 2 * (bag & other).total() / total if total else 1.0
    return max(share, _AKIN) if one.kind == VALUE and one.field not in _LISTS else share


_LISTS = frozenset({"recipients", "attachments"})


def words(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of two texts that belong together."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    parts: list[tuple[str, str]] = []
    left = low = 0
    for place, other, length in [*aligned(old, new), (len(old), len(new), 0)]:
        parts += _letters(old[left:place], new[low:other])
        parts.append((SAME, "".join(old[place : place + length])))
        left, low = place + length, other + length
    return _pieces(parts)


def _letters(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Changed words: what both begin and end with is the same when one side is a single word. Figures stay whole."""
    gone, come = "".join(old), "".join(new)
    head = tail = 0
    if min(len(old), len(new)) == 1 and max(len(gone), len(come)) <= _LONGEST_WORD:
        shortest = min(len(gone), len(come))
        while head < shortest and gone[head] == come[head]:
            head += 1
        while tail < shortest - head and gone[-1 - tail] == come[-1 - tail]:
            tail += 1
        while head and gone[head - 1] in _FIGURES:
            head -= 1
        while tail and gone[len(gone) - tail] in _FIGURES:
            tail -= 1
    yield SAME, gone[:head]
    yield REMOVED, gone[head : len(gone) - tail]
    yield ADDED, come[head : len(come) - tail]
    yield SAME, gone[len(gone) - tail :]


def _pieces(parts: Iterable[tuple[str, str]]) -> tuple[Piece, ...]:
    """Neighbours of one kind joined, empty ones left out."""
    out: list[Piece] = []
    for kind, text in parts:
        if text and out and out[-1].kind == kind:
            out[-1] = Piece(kind, out[-1].text + text)
        elif text:
            out.append(Piece(kind, text))
    return tuple(out)
