"""How a text ends: 끝, 이하 빈칸, and the list of what is attached (행정업무규정 시행규칙 4④⑤).

끝 stands one letter (two blanks) behind the last letter of the text or of the 붙임 list; below a table that is full;
a table that is half filled has 이하 빈칸 in its next cell instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.domain.layout.finding import RULE
from documents.domain.layout.items import label_of
from documents.domain.markup import CELLS, Node, text_of
from documents.domain.passages import Passage

SOURCE = f"{RULE} 4⑤"
ATTACHED_SOURCE = f"{RULE} 4④"
END = "끝."
GAP = "  "
REST_BLANK = "이하 빈칸"
_BLANKS = " \u00a0\u3000\t\r\n"
_BLANK = f"[{_BLANKS}]"
# The class of a secret document may stand in quotes behind it.
_MARK = re.compile(rf"끝{_BLANK}{{0,3}}\.?(?:{_BLANK}{{0,3}}[\"“][^\"”]{{1,10}}[\"”])?\Z")
_LONGEST = 24
# What a sentence or a list entry ends with; behind any other letter 끝 without a blank is part of a word: 손끝.
_CLOSERS = frozenset(".)]」』》>”\"'’,;:!?…")
_LAST_LETTERS = frozenset("다음임함됨부매권")
ATTACHED = re.compile(rf"{_BLANK}*(?:※{_BLANK}*)?붙{_BLANK}?임(?:{_BLANK}*[:：])?(?={_BLANK}|\d|$)")
_RIGHT_GAPS = frozenset({" ", "  ", "\u00a0", "\u00a0\u00a0", " \u00a0", "\u00a0 ", "\u3000"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A 끝 at the end of a passage: where the blanks before it begin, where it begins itself."""

    start: int
    mark: int
    text: str

    @property
    def gap(self) -> str:
        """The blanks before it."""
        return self.text[self.start : self.mark]

    @property
    def alone(self) -> bool:
        """Nothing but the mark stands in the passage."""
        return self.start == 0

    @property
    def well_set(self) -> bool:
        """One letter's room before it."""
        return self.alone or self.gap in _RIGHT_GAPS


def mark_at_end(text: str, *, last: bool) -> Mark | None:
    """The 끝 a passage ends with. last: nothing follows, so that 끝 apart from other words can mean nothing else."""
    whole = text.rstrip(_BLANKS)
    place = whole.rfind("끝", max(len(whole) - _LONGEST, 0))
    if place < 0 or not _MARK.match(whole, place):
        return None
    before = whole[:place].rstrip(_BLANKS)
    label = None if last else label_of(text)
    if label is not None and label.end >= len(before):
        # An item that consists of the word.
        return None
    mark = Mark(len(before), place, text)
    if mark.alone or before[-1] in _CLOSERS:
        return mark
    if not last:
        return None
    return mark if mark.gap or before[-1].isdigit() or before[-1] in _LAST_LETTERS else None


def attached_from(texts: Sequence[Passage]) -> int | None:
    """Number of the passage the 붙임 list begins with; None: there is none."""
    for number, each in enumerate(texts):
        if each.place.table is None and ATTACHED.match(each.text):
            return number
    return None


def half_filled(table: Node) -> Node | None:
    """The cell that should say 이하 빈칸: the first of the blank rows at the end. None: it is full, or says so already."""
    if says_rest_blank(table):
        return None
    rows = [row for row in _rows(table) if any(isinstance(each, Node) and each.tag in CELLS for each in row.inside)]
    filled = [number for number, row in enumerate(rows) if text_of(row).strip() or _pictures(row)]
    if not filled or filled[-1] == len(rows) - 1:
        return None
    row = rows[filled[-1] + 1]
    return next(each for each in row.inside if isinstance(each, Node) and each.tag in CELLS)


def says_rest_blank(table: Node) -> bool:
    """True when the table ends with 이하 빈칸."""
    return "".join(text_of(table).split()).endswith("이하빈칸")


def _rows(table: Node) -> list[Node]:
    """Rows of the table itself, the foot where it is read: at the end."""
    rows: list[Node] = []
    foot: list[Node] = []
    for each in table.inside:
        if isinstance(each, Node) and each.tag == "tr":
            rows.append(each)
        elif isinstance(each, Node) and each.tag in {"thead", "tbody", "tfoot"}:
            (foot if each.tag == "tfoot" else rows).extend(_rows(each))
    return rows + foot


def _pictures(node: Node) -> bool:
    return any(isinstance(each, Node) and (each.tag == "img" or _pictures(each)) for each in node.inside)
