"""The layout rules: what is found in a text, and what correcting makes of it."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from documents.domain.layout import check, correct, won_in_words
from documents.domain.layout.items import label_of, sign
from documents.domain.markup import parse, serialise, text_of
from documents.domain.passages import passages


def codes(body: str, title: str = "", attachments: int = 0) -> list[str]:
    return [each.problem.code.removeprefix("layout-") for each in check(title, body, attachments)]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (113_560, "일십일만삼천오백육십"),
        (0, "영"),
        (10, "일십"),
        (10_000, "일만"),
        (100_000_000, "일억"),
        (120_034_005_670, "일천이백억삼천사백만오천육백칠십"),
    ],
)
def test_amounts_in_words(amount: int, words: str) -> None:
    assert won_in_words(amount) == words


@settings(deadline=None)
@given(st.integers(0, 10**20 - 1))
def test_amounts_read_back(amount: int) -> None:
    words, value = won_in_words(amount), 0
    for count, unit in re.findall(r"([가-힣]*?)(경|조|억|만|$)", words):
        group = 0
        for figure, place in re.findall(r"([일이삼사오육칠팔구])([천백십]?)", count):
            group += ("영일이삼사오육칠팔구".index(figure)) * {"천": 1000, "백": 100, "십": 10, "": 1}[place]
        value += group * 10_000 ** " 만억조경".index(unit or " ")
    assert value == amount


@pytest.mark.parametrize("amount", [-1, 10**20])
def test_amounts_beyond_words(amount: int) -> None:
    with pytest.raises(ValueError, match="won"):
        won_in_words(amount)


def test_a_right_text_has_no_findings() -> None:
    body = paragraphs(
        "1. 관련: 행정제도과-123(2026. 5. 6.)호",
        "2. 다음과 같이 회의를 개최하오니 참석하여 주시기 바랍니다.",
        "가. 일시: 2026. 5. 13.(수) 15:30",
        "나. 예산: 금113,560원(금일십일만삼천오백육십원)",
        "1) 여비",
        "가) 숙박",
        "(1) 하루",
        "(가) 이틀",
        "① 사흘",
        "㉮ 나흘",
        "3. 협조를 부탁드립니다.",
        "붙임  1. 계획서 1부.",
        "2. 명단 1부.  끝.",
    )
    assert codes(body, "회의 개최 알림", 2) == []
    assert correct(body) == body


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("2026.5.6", "2026. 5. 6."),
        ("2026.05.06.", "2026. 5. 6."),
        ("2026. 05. 06.", "2026. 5. 6."),
        ("2026. 5. 6", "2026. 5. 6."),
        ("2026-05-06", "2026. 5. 6."),
        ("2026/5/6", "2026. 5. 6."),
        ("2026-05-06까지", "2026. 5. 6.까지"),
        ("2026.5.6~2026.5.10", "2026. 5. 6.~2026. 5. 10."),
        ("<b>2026</b>-05-<i>06</i> 기준", "2026. 5. 6. 기준"),
    ],
)
def test_days(wrong: str, right: str) -> None:
    body = f"<p>일시 {wrong}  끝.</p>"
    assert "day-form" in codes(body)
    assert f"일시 {right}" in text_of(parse(correct(body)))


@pytest.mark.parametrize(
    "text",
    ["2026. 5. 6.", "제2026-05-06호", "2026-05-061", "계획_2026-05-06.hwp", "1.2026.5.6", "2026.5.6.7", "2026-5.6"],
)
def test_what_is_no_day_or_right_stays(text: str) -> None:
    body = f"<p>{text} 참고  끝.</p>"
    assert codes(body) == []
    assert correct(body) == body


def test_impossible_and_spoken_days_and_times_are_advice() -> None:
    body = "<p>2026-02-30, 2026년 5월 6일 오후 3시 30분, 15시 30분, 3:30 PM 그리고 3시간 30분간  끝.</p>"
    found = check("", body)
    assert [(each.problem.code, each.suggestion) for each in found] == [
        ("layout-day-impossible", ""),
        ("layout-day-words", "2026. 5. 6."),
        ("layout-time-form", "15:30"),
        ("layout-time-form", "15:30"),
        ("layout-time-form", "15:30"),
    ]
    assert not any(each.must for each in found)
    assert correct(body) == body


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("금113560원(금일십일만삼천오백육십원)", ["amount-commas"]),
        ("금113,560원", ["amount-words-missing"]),
        ("금113,560원(금십일만삼천오백육십원)", ["amount-words-differ"]),
        ("금113,560원(금일십일만삼천오백육십원)", []),
    ],
)
def test_sums(text: str, code: list[str]) -> None:
    found = check("", f"<p>예산 {text}  끝.</p>")
    assert [each.problem.code.removeprefix("layout-") for each in found] == code
    assert all(each.suggestion == "금113,560원(금일십일만삼천오백육십원)" and not each.must for each in found)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (["1. 가", "3. 나", "3. 다"], ["1. 가", "2. 나", "3. 다"]),
        (["1. 가", "1) 나", "2) 다", "2. 라"], ["1. 가", "가. 나", "나. 다", "2. 라"]),
        (["2. 가", "3. 나"], ["1. 가", "2. 나"]),
        (["1. 가", "나. 나", "가. 다"], ["1. 가", "가. 나", "나. 다"]),
        (["1. 가", "1) 나", "가. 다"], ["1. 가", "가. 나", "나. 다"]),
        (["1. 가", "알립니다.", "1. 나"], ["1. 가", "알립니다.", "1. 나"]),
        (["1. 가", "5. 6.(수) 회의", "2. 나"], ["1. 가", "5. 6.(수) 회의", "2. 나"]),
        (["1. 가", "2. 나", "붙임 1. 다", "3. 라"], ["1. 가", "2. 나", "붙임 1. 다", "2. 라"]),
    ],
)
def test_items(wrong: list[str], right: list[str]) -> None:
    body = paragraphs(*wrong[:-1], wrong[-1] + "  끝.")
    corrected = paragraphs(*right[:-1], right[-1] + "  끝.")
    assert correct(body) == corrected
    assert bool({"item-order", "item-depth"} & set(codes(body))) == (body != corrected)


def test_signs_go_on_after_the_fourteenth_syllable() -> None:
    assert [sign(2, value) for value in (1, 14, 15, 16, 28, 29)] == ["가.", "하.", "거.", "너.", "허.", "고."]
    assert all(label_of(sign(level, 9) + " 말").level == level for level in range(1, 9))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ("<p>보냅니다.</p>", "<p>보냅니다.  끝.</p>", "end-missing"),
        ("<p>보냅니다.끝.</p>", "<p>보냅니다.  끝.</p>", "end-room"),
        ("<p>보냅니다.      끝.</p>", "<p>보냅니다.  끝.</p>", "end-room"),
        ("<p>보냅니다.  끝.</p><p>붙임  계획 1부.</p>", "<p>보냅니다.</p><p>붙임  계획 1부.  끝.</p>", "end-early"),
        ("<p>손끝</p>", "<p>손끝  끝.</p>", "end-missing"),
        ("<p>보냅니다.</p><p> </p>", "<p>보냅니다.  끝.</p><p> </p>", "end-missing"),
        (
            "<table><tr><td>가</td><td>나</td></tr></table>",
            "<table><tr><td>가</td><td>나</td></tr></table><p>  끝.</p>",
            "end-missing",
        ),
        (
            "<table><tr><td>가</td><td>나</td></tr><tr><td></td><td><p></p></td></tr></table>",
            "<table><tr><td>가</td><td>나</td></tr><tr><td>이하 빈칸</td><td><p></p></td></tr></table>",
            "rest-blank-missing",
        ),
        (
            "<table><tr><td>가</td></tr><tr><td></td></tr></table><p>끝.</p>",
            "<table><tr><td>가</td></tr><tr><td>이하 빈칸</td></tr></table><p></p>",
            "end-below-blanks",
        ),
    ],
)
def test_the_end(wrong: str, right: str, code: str) -> None:
    assert code in codes(wrong)
    assert correct(wrong) == right
    assert [each for each in check("", right) if each.must] == []


@pytest.mark.parametrize(
    "body",
    [
        "<p>보냅니다. 끝.</p>",
        "<p>보냅니다.  끝</p>",
        "<p>보냅니다.\u00a0 끝.</p>",
        "<p>보냅니다.</p><p>  끝.</p>",
        "<p>보냅니다.  끝. “대외비”</p>",
        "<p>내부 끝. 다시 봅니다.  끝.</p>",
        "",
        "<p></p>",
    ],
)
def test_ends_that_are_right(body: str) -> None:
    assert codes(body) == []
    assert correct(body) == body


def test_attachments_and_blanks_are_advice() -> None:
    listed = paragraphs("보냅니다.", "붙임  1. 계획 1부.", "2. 명단 1부.  끝.")
    assert codes(listed, attachments=1) == ["attachments-differ"]
    assert codes(paragraphs("보냅니다.  끝."), attachments=1) == ["attachments-unlisted"]
    assert codes(paragraphs("두  칸을 뗀다.  끝."), "제  목") == ["blanks-doubled", "blanks-doubled"]
    assert [each.problem.field for each in check("2026-05-06 회의", "<p>가  끝.</p>")] == ["title"]


WORDS = [
    "회의",
    "개최",
    "알림",
    "붙임",
    "관련",
    "시행",
    "손끝",
    "끝",
    "끝.",
    "Plan",
    "금1,000원",
    "2026-05-06",
    "2026.5.6",
    "15시 30분",
    "2026. 13. 1",
    "이하",
    "빈칸",
    " ",
    "  ",
    ".",
    "(",
    "\u00a0",
]
LABELS = [
    "",
    "",
    "1. ",
    "2. ",
    "3.",
    "가. ",
    "나. ",
    "1) ",
    "가) ",
    "(1) ",
    "(나) ",
    "① ",
    "⑤ ",
    "㉮ ",
    "붙임  1. ",
    "5. 6. ",
    "하. ",
    "㉻",
    "99. ",
]
INLINE = st.sampled_from(["{}", "<b>{}</b>", "<u><i>{}</i></u>"])
PIECE = st.builds(lambda mark, word: mark.format(word), INLINE, st.sampled_from(WORDS))
PARAGRAPH = st.builds(
    lambda label, pieces: f"<p>{label}{''.join(pieces)}</p>", st.sampled_from(LABELS), st.lists(PIECE, max_size=5)
)
CELL = st.builds(lambda pieces: f"<td>{''.join(pieces)}</td>", st.lists(PIECE, max_size=1))
TABLE = st.builds(
    lambda rows: "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>",
    st.lists(st.lists(CELL, min_size=1, max_size=2), min_size=1, max_size=3),
)
BODY = st.builds("".join, st.lists(st.one_of(PARAGRAPH, PARAGRAPH, PARAGRAPH, TABLE), max_size=8))


def kept(body: str) -> list[str]:
    """Words a correction may not touch: all but days, signs of items and the marks of the end."""
    text = " ".join(each.text for each in passages(parse(body)))
    text = re.sub(r"\d{4}[-./]\s?\d{1,2}[-./]\s?\d{1,2}\.?", "", text)
    return re.findall(r"회의|개최|알림|붙임|관련|시행|손|Plan|금1,000원|15시|30분", text)


@settings(max_examples=150, deadline=None)
@given(BODY)
@example("<p>끝.</p><p>1. 가</p><p>끝.</p><p>1. 나</p>")
@example("<p>① 5. 회의</p>")
@example("<p>㉻2026-05-06</p>")
@example("<p>① 끝</p><p>회의</p>")
def test_correcting_keeps_words_settles_and_leaves_no_must(body: str) -> None:
    corrected = correct(body)
    assert kept(corrected) == kept(body)
    assert correct(corrected) == corrected
    assert [each for each in check("", corrected) if each.must] == []


@settings(deadline=None)
@given(st.text(alphabet="<>/=\"' apb!-&;#x27가0끝.", max_size=80))
def test_any_string_is_read_and_settles(text: str) -> None:
    once = serialise(parse(text))
    assert serialise(parse(once)) == once
    corrected = correct(text)
    assert correct(corrected) == corrected


@pytest.mark.parametrize(
    "seed", ["<!--", "<a '", '<a "', "<p>", "<", " ", "&#", "1. ", "끝.", "<td>", "</p>", "2026-", "<script>", "<a b ="]
)
def test_reading_takes_time_in_proportion(seed: str) -> None:
    text = seed * (100_000 // len(seed))
    start = time.perf_counter()
    check("", text)
    assert time.perf_counter() - start < 10
