"""The difference of two versions: what it shows, that it loses nothing, that it is quick."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.domain.alignment import aligned
from documents.domain.difference import ADDED, REMOVED, SAME, Line, body_lines, compare, words


def shown(before: str, after: str) -> list[str]:
    signs = {SAME: "{}", REMOVED: "[-{}]", ADDED: "[+{}]"}
    blocks = compare(body_lines(before), body_lines(after))
    return ["".join(signs[piece.kind].format(piece.text) for piece in block.pieces) for block in blocks]


def test_words_and_letters_within() -> None:
    before = "<p>1. 회의를 5월에 시행하고 보고합니다.</p><p>2. 예산은 금113,560원입니다.</p>"
    after = "<p>1. 회의를 6월에 시행하며 곧 보고합니다.</p><p>2. 예산은 금113,650원입니다.</p>"
    assert shown(before, after) == [
        "1. 회의를 [-5][+6]월에 시행하[-고][+며 곧] 보고합니다.",
        "2. 예산은 금[-113,560][+113,650]원입니다.",
    ]


def test_lines_come_and_go() -> None:
    before = "<p>1. 첫째 항목입니다.</p><p>2. 둘째 항목입니다.</p><p>3. 셋째 것</p>"
    after = "<p>0. 전혀 다른 글이 앞에 섰다.</p><p>1. 첫째 항목입니다.</p><p>3. 셋째 것</p>"
    assert shown(before, after) == [
        "[+0. 전혀 다른 글이 앞에 섰다.]",
        "1. 첫째 항목입니다.",
        "[-2. 둘째 항목입니다.]",
        "3. 셋째 것",
    ]


def test_tables_by_rows() -> None:
    row = "<tr><td>{}</td><td><p>{}</p><p>둘째</p></td></tr>"
    before = "<table><caption>예산</caption>" + row.format("여비", "100") + row.format("숙박", "200") + "</table>"
    after = "<table><caption>예산안</caption>" + row.format("여비", "150") + row.format("숙박", "200") + "</table>"
    blocks = compare(body_lines(before), body_lines(after))
    assert [(block.kind, block.same) for block in blocks] == [
        ("caption", False),
        ("row", False),
        ("row", True),
    ]
    assert shown(before, after)[1] == "여비 | [-100][+150]\n둘째"


def test_a_value_is_a_version_of_the_value_before() -> None:
    blocks = compare([Line("title", "value", "가나")], [Line("title", "value", "다라마")])
    assert [piece.kind for block in blocks for piece in block.pieces] == [REMOVED, ADDED]
    assert len(blocks) == 1


TEXT = st.lists(
    st.sampled_from(["회의를", "회의가", "시행", "5월", "1,000원", "1,010원", " ", "  ", "\n", "가", "나", "."]),
    max_size=12,
).map("".join)
LINE = st.builds(Line, st.sampled_from(["body", "title"]), st.sampled_from(["paragraph", "row", "value"]), TEXT)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, max_size=12), st.lists(LINE, max_size=12))
def test_pieces_give_both_texts_back(before: list[Line], after: list[Line]) -> None:
    blocks = compare(before, after)
    assert _applied(blocks, REMOVED) == [line.text for line in before if line.text]
    assert _applied(blocks, ADDED) == [line.text for line in after if line.text]
    if before == after:
        assert all(block.same for block in blocks)


def _applied(blocks: list, kind: str) -> list[str]:
    return [text for block in blocks if (text := "".join(p.text for p in block.pieces if p.kind in {SAME, kind}))]


@settings(deadline=None)
@given(TEXT, TEXT)
def test_words_give_both_texts_back(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == after


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=200), st.lists(st.integers(0, 5), max_size=200))
def test_matching_stretches_match_and_never_cross(before: list[int], after: list[int]) -> None:
    left = low = 0
    for place, other, length in aligned(before, after):
        assert left <= place
        assert low <= other
        assert before[place : place + length] == after[other : other + length]
        left, low = place + length, other + length


def _body(seed: int, words_a_line: int) -> str:
    chance = random.Random(seed)
    vocabulary = ["회의", "개최", "알림", "협조", "요청", "2026. 5. 6.", "시행", "관련", "예산", "금1,000원"]
    size, lines = 0, []
    while size < 250_000:
        lines.append(f"<p>{' '.join(chance.choices(vocabulary, k=words_a_line))}</p>")
        size += len(lines[-1].encode())
    return "".join(lines)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_body(1, 12), _body(2, 12)),
        (_body(1, 1), _body(2, 1)),
        (_body(1, 30_000), _body(2, 30_000)),
        ("<p>가</p>" * 25_000, "<p>나</p><p>가</p>" * 12_000),
        (_body(1, 12), _body(1, 12).replace("예산", "비용", 5)),
    ],
)
def test_the_largest_bodies_take_no_time(before: str, after: str) -> None:
    start = time.process_time()
    compare(body_lines(before), body_lines(after))
    assert time.process_time() - start < 8
