"""Items of a text and their signs: 1. 가. 1) 가) (1) (가) ① ㉮ (행정업무규정 시행규칙 2①)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.domain.layout.finding import RULE, Change

SOURCE = f"{RULE} 2①"
# 하 is followed by 거, 너 ...: the vowels go on.
_SYLLABLES = "".join(
    chr(0xAC00 + 588 * consonant + 28 * vowel)
    for vowel in (0, 4, 8, 13, 18, 20)
    for consonant in (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18)
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_CIRCLED_SYLLABLES = "㉮㉯㉰㉱㉲㉳㉴㉵㉶㉷㉸㉹㉺㉻"
_SHAPES = (
    r"(\d{1,2})\.", r"([가-힣])\.", r"(\d{1,2})\)", r"([가-힣])\)",
    r"\((\d{1,2})\)", r"\(([가-힣])\)", f"([{_CIRCLED}])", f"([{_CIRCLED_SYLLABLES}])",
)  # fmt: skip
_LABELS = [
    re.compile(rf"[ \u00a0\u3000\t\r\n]*({shape})(?=[^\S\n]|[^\W\d]|[「『《<(\[\"'“‘]|\d{{4}}[.\-/]|$)")
    for shape in _SHAPES
]
# A day without its year at the beginning of a line: 5. 6.(수).
_BARE_DAY = re.compile(r"\s*(\d{1,2})\.[ \u00a0]?(\d{1,2})\.(?!\s*\d{1,2}\.)")
MONTHS, DAYS = 12, 31


@dataclass(frozen=True, slots=True)
class Label:
    """Sign of an item. level: 1..8 as written. value: its place in the series, from 1. start, end: in the text."""

    level: int
    value: int
    start: int
    end: int


def label_of(text: str, start: int = 0) -> Label | None:
    """The sign a text begins with behind start; None for running text."""
    day = _BARE_DAY.match(text, start)
    if day and int(day[1]) <= MONTHS and 1 <= int(day[2]) <= DAYS:
        return None
    for level, pattern in enumerate(_LABELS, 1):
        found = pattern.match(text, start)
        value = _value(level, found[2]) if found else 0
        if found and value:
            return Label(level, value, found.start(1), found.end(1))
    return None


def sign(level: int, value: int) -> str:
    """The sign of an item, e.g. level 4 value 2: ``나)``. Beyond the last sign of a series the figure stands alone."""
    if level > len(_SHAPES):
        return "-"
    figure = _figure(level, value)
    return (f"{figure}.", f"{figure}.", f"{figure})", f"{figure})", f"({figure})", f"({figure})", figure, figure)[
        level - 1
    ]


def _figure(level: int, value: int) -> str:
    series = {7: _CIRCLED, 8: _CIRCLED_SYLLABLES}.get(level, _SYLLABLES if level % 2 == 0 else "")
    return series[value - 1] if series and value <= len(series) else str(value)


def _value(level: int, figure: str) -> int:
    if level in {1, 3, 5}:
        return int(figure)
    series = {7: _CIRCLED, 8: _CIRCLED_SYLLABLES}.get(level, _SYLLABLES)
    return series.find(figure) + 1


class Outline:
    """Follows the items of one text: what sign should stand where."""

    def __init__(self) -> None:
        self._open: list[int] = []
        self._counts: list[int] = []

    def next(self, label: Label, *, afresh: bool) -> tuple[int, int]:
        """Level and value the item should have. afresh: running text stood before it, so 1. may begin anew."""
        if afresh and label.level == 1 and label.value == 1:
            self._open, self._counts = [], []
        while self._open and self._open[-1] > label.level:
            self._open.pop()
        if not self._open or self._open[-1] < label.level:
            self._open.append(label.level)
        depth = len(self._open)
        del self._counts[depth:]
        self._counts += [0] * (depth - len(self._counts))
        self._counts[depth - 1] += 1
        return depth, self._counts[depth - 1]


def item_changes(texts: Sequence[tuple[str, int]]) -> Iterator[tuple[int, Change]]:
    """Signs out of order or of the wrong depth. texts: text and where in it a sign may stand; answers its number."""
    outline, afresh = Outline(), True
    for number, (text, start) in enumerate(texts):
        label = label_of(text, start)
        if label is None:
            afresh = afresh or bool(text.strip())
            continue
        level, value = outline.next(label, afresh=afresh)
        afresh = False
        right = sign(level, value)
        if (level, value) == (label.level, label.value) or not _reads_back(text, start, label, (level, value)):
            continue
        code = "layout-item-depth" if level != label.level else "layout-item-order"
        yield number, Change(label.start, label.end, right, code, SOURCE, {"right": right})


def _reads_back(text: str, start: int, label: Label, wanted: tuple[int, int]) -> bool:
    """False when the right sign would be read as something else here: behind the last of a series, or as a day."""
    again = label_of(text[: label.start] + sign(*wanted) + text[label.end :], start)
    return again is not None and (again.level, again.value) == wanted
