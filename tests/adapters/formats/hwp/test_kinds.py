"""One document saved as four kinds reads as one: text in reading order, tables, notes, drawn numbers."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.formats import hwp
from adapters.formats.hwp import numbering
from adapters.formats.hwp.hwp3characters import character
from adapters.formats.hwp.model import Box, Cell, Note, Table, blocks_of
from tools.hangul import SAMPLE, WRITERS, Aside, Formula, Grid, Line
from tools.hangul import compound as compound_writer
from tools.hangul import hwp3 as hwp3_writer
from tools.hangul import hwp5 as hwp5_writer
from tools.hangul.sample import cells

KINDS = sorted(WRITERS)
TEXT = """\
업무 협조 요청
관련 근거
시행령 제3조
세부 계획
구분\t금액\t비고
인건비\t1,200\t채권(債權)
여비\t\t없음
계산식은 x over y\x20
주의 사항
글상자 안의 글
둘째 줄
붙임 1부.  끝.
각주의 글
미주의 글
대외비 아님
끝쪽
숨은 설명"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_read_whole_in_reading_order(kind):
    read = hwp.read(WRITERS[kind](SAMPLE))
    assert (read.kind, read.text, read.findings, read.flags) == (kind, TEXT, (), frozenset())
    assert read.completeness == (None if kind == "hwpml" else 1.0)
    assert read.readable


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "hwp3"])
def test_drawn_numbers_are_beside_the_text(kind):
    read = hwp.read(WRITERS[kind](SAMPLE))
    numbered = [line for line in read.numbered.splitlines() if line not in read.text.splitlines()]
    assert numbered == ["1. 관련 근거", "가. 시행령 제3조", "나. 세부 계획", "● 주의 사항"]


@pytest.mark.parametrize("kind", KINDS)
def test_tables_keep_their_cells(kind):
    (table,) = hwp.read(WRITERS[kind](SAMPLE)).tables
    assert [[(cell.row, cell.column) for cell in row] for row in table.rows] == [
        [(row, column) for column in range(3)] for row in range(3)
    ]
    assert [cell.blocks[0].text for row in table.rows for cell in row][:4] == ["구분", "금액", "비고", "인건비"]


@pytest.mark.parametrize("kind", KINDS)
def test_notes_and_boxes_keep_their_part(kind):
    blocks = list(blocks_of(hwp.read(WRITERS[kind](SAMPLE)).blocks))
    assert {note.role for note in blocks if isinstance(note, Note)} == {
        "header", "footer", "footnote", "endnote", "comment"
    }  # fmt: skip
    assert [box.role for box in blocks if isinstance(box, Box)] == ["text-box"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_in_a_table_and_a_frame_round_text(kind):
    inner = Grid([[[Line("안쪽"), Line("둘")], [Line("옆")]]])
    lines = [Line("", [Grid([[[Line("틀 안의 첫 줄"), Line("", [inner])]]])]), Line("뒤")]
    read = hwp.read(WRITERS[kind](lines))
    assert read.text == "틀 안의 첫 줄\n안쪽 둘\t옆\n뒤"
    assert len(read.tables) == 2


def test_tabs_and_line_breaks_stay():
    assert hwp.read(WRITERS["hwp5"]([Line("가\t나\n다\x18라\x1e마")])).text == "가\t나\n다-라\u00a0마"
    for kind in KINDS:
        assert hwp.read(WRITERS[kind]([Line("가\t나")])).text == "가\t나"


def test_an_uncompressed_file_is_read():
    assert hwp.read(hwp5_writer.write(SAMPLE, compressed=False)).text == TEXT
    assert hwp.read(hwp3_writer.write(SAMPLE, compressed=False)).text == TEXT


def test_a_file_that_calls_a_plain_body_packed_is_read():
    plain = hwp5_writer.streams(SAMPLE, compressed=False)["BodyText/Section0"]
    streams = hwp5_writer.streams(SAMPLE) | {"BodyText/Section0": plain}
    assert hwp.read(compound_writer.write(streams)).text == TEXT


def test_long_records_and_large_streams_are_read():
    lines = [Line("가나다라마바사 " * 2000), *(Line(f"{number}번째 줄") for number in range(3000))]
    texts = {kind: hwp.read(WRITERS[kind](lines)).text for kind in KINDS}
    assert len(set(texts.values())) == 1
    assert texts["hwp5"].endswith("2999번째 줄")


def test_a_distribution_document_is_read_and_named_so():
    read = hwp.read(hwp5_writer.write(SAMPLE, flags=hwp5_writer.DISTRIBUTION))
    assert read.text == TEXT
    assert read.flags == {"distribution"}
    assert [finding.code for finding in read.findings] == ["hwp-distribution"]


words = st.text("가나다라마바사아자차카타파하 ABC123.,·「」債權", min_size=1, max_size=12).map(str.strip).filter(bool)
plain = st.builds(Line, words)
grids = st.lists(st.lists(plain.map(lambda line: [line]), min_size=2, max_size=2), min_size=1, max_size=3).map(Grid)
asides = st.builds(Aside, st.sampled_from(["header", "footer", "footnote", "endnote", "comment", "box"]),
                   st.lists(plain, min_size=1, max_size=2))  # fmt: skip
formulas = st.builds(Formula, st.text("xyz+ 12", min_size=1, max_size=8).filter(lambda script: script.strip()))
lines = st.lists(st.builds(Line, words, st.lists(grids | asides | formulas, max_size=2)), min_size=1, max_size=5)


@given(lines)
@settings(max_examples=25, deadline=None)
def test_any_document_reads_alike_as_any_kind(document):
    read = {kind: hwp.read(WRITERS[kind](document)) for kind in KINDS}
    assert len({each.text for each in read.values()}) == 1
    assert {each.completeness for each in read.values()} <= {None, 1.0}
    assert not any(each.findings for each in read.values())


def test_cells_reach_over_rows_and_columns():
    xml = WRITERS["hwpml"]([Line("", [cells("가|나")])])
    xml = xml.replace(b"<CELL>", b"<CELL RowAddr='3' ColAddr='2' RowSpan='2' ColSpan='4'>", 1)
    (table,) = hwp.read(xml).tables
    assert isinstance(table, Table)
    first = table.rows[0][0]
    assert first == Cell(first.blocks, 3, 2, 2, 4)


def test_memos_are_comments():
    section = hwp5_writer.streams([Line("본문"), Line("끝 줄")], compressed=False)["BodyText/Section0"]
    memos = b"".join(
        hwp5_writer.record(93, 1, bytes(4)) + hwp5_writer.record(72, 1, bytes(8)) + hwp5_writer.paragraph(Line(text), 1)
        for text in ("첫 메모", "둘째 메모")
    )
    streams = hwp5_writer.streams([], compressed=False) | {"BodyText/Section0": section + memos}
    read = hwp.read(compound_writer.write(streams))
    assert read.text == "본문\n끝 줄\n첫 메모\n둘째 메모"
    assert [block.role for block in read.blocks if isinstance(block, Note)] == ["comment", "comment"]


def test_characters_in_objects_of_a_line_are_read_but_not_sought_in_the_preview():
    def control(name, data):
        return hwp5_writer.record(71, 1, name[::-1] + data)

    framed = struct.pack("<H", 2) + "◯인".encode("utf-16-le") + b"\x01"
    ruby = struct.pack("<H", 2) + "결재".encode("utf-16-le") + struct.pack("<H", 2) + "決裁".encode("utf-16-le")
    number = struct.pack("<IHHHH", 3 | 1 << 4, 2, 0, ord("("), ord(")"))
    text = "".join(chr(code) + "\0" * 6 + chr(code) for code in (23, 23, 18)).encode("utf-16-le")
    section = hwp5_writer.record(66, 0, bytes(22)) + hwp5_writer.record(67, 1, "앞".encode("utf-16-le") + text)
    section += control(b"tcps", framed) + control(b"tdut", ruby) + control(b"atno", number)
    streams = hwp5_writer.streams([Line("앞")], compressed=False) | {"BodyText/Section0": section}
    read = hwp.read(compound_writer.write(streams))
    assert read.text == "앞인결재(決裁)(②)"
    assert read.completeness == 1.0


def test_a_text_box_drawn_in_hwp3_is_read():
    inside = hwp3_writer.paragraphs([Line("그린 글상자"), Line("둘째 줄")])
    frame = struct.pack("<II", 24, 0) + struct.pack("<I", 1) + bytes(16)
    header = struct.pack("<IHH", 120, 6, 0) + bytes(116)
    drawing = frame + header + struct.pack("<II", 0, len(inside)) + inside
    picture = bytearray(348)
    struct.pack_into("<I", picture, 0, len(drawing))
    picture[74] = 3
    control = struct.pack("<HIH", 11, 0, 11) + bytes(picture) + drawing + hwp3_writer.paragraphs([Line("그림 1")])
    head = struct.pack("<BHHB", 0, 6, 1, 0).ljust(43, b"\0") + bytes(187 + 14)
    body = head + hwp3_writer.hchars("앞") + control + b"\r\0" + struct.pack("<BHHB", 1, 0, 0, 0).ljust(43, b"\0")
    empty = hwp3_writer.write([], compressed=False)
    end = empty.index(bytes([1]) + bytes(42), 1166)
    read = hwp.read(empty[:end] + body + empty[end + 43 :])
    assert read.text == "앞\n그린 글상자\n둘째 줄\n그림 1"


@pytest.mark.parametrize(
    ("code", "sign"),
    [(0x8861, "가"), (0x3441, "■"), (0x3438, "※"), (0x4F5D, "債"), (0x4222, "權"), (0x1F0B, "か"), (0x2F17, "•"),
     (0xD3C5, "ᄒᆞᆫ"), (0x8841, "ㄱ"), (0x3000, "\ufffd")],
)  # fmt: skip
def test_signs_of_hwp3(code, sign):
    assert character(code) == sign


def test_every_syllable_of_hwp3_is_its_own():
    syllables = [chr(number) for number in range(0xAC00, 0xD7A4)]
    assert [character(int.from_bytes(each.encode("johab"), "big")) for each in syllables] == syllables


@pytest.mark.parametrize(
    ("number", "digits", "drawn"),
    [(4, "DIGIT", "4"), (20, "CIRCLED_DIGIT", "⑳"), (21, "CIRCLED_DIGIT", "21"), (1994, "ROMAN_CAPITAL", "MCMXCIV"),
     (9, "ROMAN_SMALL", "ix"), (3, "LATIN_SMALL", "c"), (2, "CIRCLED_LATIN_CAPITAL", "Ⓑ"), (14, "HANGUL_SYLLABLE", "하"),
     (15, "HANGUL_SYLLABLE", "15"), (1, "CIRCLED_HANGUL_SYLLABLE", "㉮"), (3, "HANGUL_JAMO", "ㄷ"),
     (21, "HANGUL_PHONETIC", "이십일"), (10, "IDEOGRAPH", "十"), (2, "DECAGON_CIRCLE_HANJA", "乙"), (0, "DIGIT", "0")],
)  # fmt: skip
def test_numbers_are_drawn(number, digits, drawn):
    assert numbering.drawn(number, digits) == drawn


def test_numbers_of_levels_that_were_skipped_count_as_begun():
    levels = [numbering.Level(f"^{level}.") for level in (1, 2, 3)]
    path = [numbering.Level("^n")] * 3
    for drawn, labels in ((path, ["1", "1.1.1", "1.2", "2"]), (levels, ["1.", "1.", "2.", "2."])):
        shapes = {level: numbering.Heading("number", 1, level) for level in range(3)}
        headings = numbering.Headings(shapes, {1: drawn}, {})
        assert [headings.label(level) for level in (0, 2, 1, 0)] == labels


def test_a_bullet_of_a_symbol_font_is_a_dot():
    headings = numbering.Headings({0: numbering.Heading("bullet", 1, 0)}, {}, {1: "\uf06c"})
    assert headings.label(0) == "•"
