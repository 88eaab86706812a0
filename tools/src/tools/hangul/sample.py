"""What a sample document says: lines with objects behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; each cell holds lines."""

    rows: Sequence[Sequence[Sequence["Line"]]]


@dataclass(frozen=True, slots=True)
class Aside:
    """Text beside the text, or in a box."""

    kind: Literal["header", "footer", "footnote", "endnote", "comment", "box"]
    lines: Sequence["Line"]


@dataclass(frozen=True, slots=True)
class Formula:
    """An equation by its script."""

    script: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its text, then its objects. shape: 0 plain, 1 and 2 numbered on two levels, 3 bullet."""

    text: str = ""
    objects: Sequence[Grid | Aside | Formula] = ()
    shape: int = 0


def cells(*rows: str) -> Grid:
    """Make a table of one line a cell; cells are parted by bars."""
    return Grid([[[Line(text)] for text in row.split("|")] for row in rows])


SAMPLE: Final[Sequence[Line]] = (
    Line("업무 협조 요청", [Aside("header", [Line("대외비 아님")]), Aside("footer", [Line("끝쪽")])]),
    Line("관련 근거", shape=1),
    Line("시행령 제3조", shape=2),
    Line("세부 계획", [Aside("footnote", [Line("각주의 글")])], shape=2),
    Line("", [cells("구분|금액|비고", "인건비|1,200|채권(債權)", "여비||없음")]),
    Line("계산식은", [Formula("x over y")]),
    Line("주의 사항", [Aside("box", [Line("글상자 안의 글"), Line("둘째 줄")])], shape=3),
    Line("붙임 1부.  끝.", [Aside("comment", [Line("숨은 설명")]), Aside("endnote", [Line("미주의 글")])]),
)


def preview(lines: Sequence[Line]) -> str:
    """Write what Hancom's program keeps of the first page: typed text, cells and boxes in brackets."""
    return "\r\n".join(_preview(line) for line in lines)[:1000]


def _preview(line: Line) -> str:
    text = line.text
    for each in line.objects:
        if isinstance(each, Grid):
            rows = ("".join(f"<{' '.join(map(_preview, cell))}>" for cell in row) for row in each.rows)
            text += "\r\n".join(rows)
        elif isinstance(each, Aside) and each.kind == "box":
            text += f"<{' '.join(map(_preview, each.lines))}>"
    return text
