"""Documents that Hancom's own program wrote (samples/NOTICE.md): their text, and pairs that must read alike."""

from pathlib import Path

import pytest

from adapters.formats import hwp
from adapters.formats.hwp.model import Note, blocks_of

SAMPLES = Path(__file__).parent / "samples"


def read(name):
    return hwp.read((SAMPLES / name).read_bytes())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Multi_Run.hwp", "가나다라마바사아자"),
        ("footnote_endnote.hwp", "1) 12345\n1) 7890-"),
        ("dutmal.hwp", "메인(서버)\nmmm(ssss)\nmain(sub)"),
        ("hidden_comment.hwp", "이것은 숨은 설명입니다."),
        ("SimpleTable.hwpx", "1\t2\n3\n5\t4"),
        ("HeaderFooter.hwpx", "머리말 테스트\n꼬리말"),
        ("RectInRect.hwpx", "사각형 안에\n사각형 안에 사각형의 텍스트입니다.\n 텍스트입니다."),
        ("merging-cell.hwp", "\n".join("\t".join(f"{row},{column}" for column in range(7)) for row in range(7))),
    ],
)
def test_text(name, text):
    document = read(name)
    assert document.text == text
    assert document.completeness in {None, 1.0}
    assert document.findings == ()


@pytest.mark.parametrize("name", ["Multi_Run", "footnote_endnote", "dutmal"])
def test_pairs_read_alike(name):
    old, new = read(f"{name}.hwp"), read(f"{name}.hwpx")
    assert (old.kind, new.kind) == ("hwp5", "hwpx")
    assert (old.text, old.numbered) == (new.text, new.numbered)


def test_numbers_of_lists_and_outlines():
    lines = read("ParaHead.hwpx").numbered.splitlines()
    assert lines[0] == "• 글머리1-1"
    assert lines[7:17] == [
        "1. 번호1", "2. 번호2", "3. 번호3", "3.1. 번호3-1", "3.2. 번호3-2", "4. 번호4",
        "4.1.1.1. 번호-4-1-1-1", "4.1.1.2. 번호-4-1-1-2", "4.1.2. 번호-4-1-2", "4.1.2.1. 번호-4-1-2-1",
    ]  # fmt: skip
    assert lines[-3:] == ["2. 개요2", "가. 개요2-1", "1) 개요2-1-1"]


def test_notes_are_known_as_such():
    roles = [block.role for block in blocks_of(read("footnote_endnote.hwpx").blocks) if isinstance(block, Note)]
    assert roles == ["footnote", "endnote"]


def test_merged_cells_know_their_reach():
    (table,) = read("SimpleTable.hwpx").tables
    spans = [[(cell.row, cell.column, cell.row_span, cell.column_span) for cell in row] for row in table.rows]
    assert spans == [[(0, 0, 2, 2), (0, 2, 1, 1)], [(1, 2, 1, 1)], [(2, 0, 1, 1), (2, 1, 1, 2)]]
