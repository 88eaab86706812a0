"""Masking: what must be hidden is hidden however it was keyed, nothing else changes, and a second turn finds nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.canonical import masking
from adapters.canonical.masking import ACCOUNT, EMAIL, MOBILE, RESIDENT, find, masked

SEPARATORS = st.sampled_from(["-", "", " ", " - ", "–", "－", "\u200b-", ".", "·"])
WIDE = str.maketrans("0123456789@", "０１２３４５６７８９＠")
digits = st.text("0123456789")
words = st.text(st.sampled_from([*"가나다라마바사 ,()「」:;\n담당귀하"]), max_size=12)


def keyed(draw, text: str) -> str:
    return text.translate(WIDE) if draw(st.booleans()) else text


@st.composite
def residents(draw) -> str:
    born = f"{draw(st.integers(0, 99)):02d}{draw(st.integers(1, 12)):02d}{draw(st.integers(1, 31)):02d}"
    return keyed(draw, born + draw(SEPARATORS) + draw(st.text("0123456789", min_size=7, max_size=7)))


@st.composite
def mobiles(draw) -> str:
    first, second = draw(SEPARATORS), draw(SEPARATORS)
    middle = draw(st.text("0123456789", min_size=3, max_size=4))
    last = draw(st.text("0123456789", min_size=4, max_size=4))
    return keyed(draw, f"01{draw(st.sampled_from('016789'))}{first}{middle}{second}{last}")


@st.composite
def emails(draw) -> str:
    local = draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,12}[A-Za-z0-9]", fullmatch=True))
    return keyed(draw, f"{local}@{draw(st.sampled_from(['korea.kr', 'a-b.co.kr', 'example.com']))}")


def visible(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


@given(words, residents(), words)
def test_a_resident_number_shows_no_more_than_a_birthday(before, number, after) -> None:
    text, counts = masked(f"{before}{number}{after}")
    assert counts[RESIDENT] == 1
    assert len(visible(text)) == 6
    assert (text.startswith(before), text.endswith(after)) == (True, True)


@given(words, mobiles(), words)
def test_a_mobile_number_shows_its_prefix_only(before, number, after) -> None:
    text, counts = masked(f"{before}{number}{after}")
    assert sum(counts.values()) >= 1
    assert len(visible(text)) <= 6


@given(words, emails(), words)
def test_an_address_shows_no_name(before, address, after) -> None:
    text, counts = masked(f"{before} {address} {after}")
    local = address.replace("＠", "@").partition("@")[0]
    assert counts[EMAIL] == 1
    assert local not in text.replace("＠", "@").split("@")[0]


@given(st.lists(words | residents() | mobiles() | emails() | digits | st.text(max_size=8), max_size=8).map("".join))
def test_masking_keeps_length_and_surroundings_and_is_done_once(text) -> None:
    once, counts = masked(text)
    assert len(once) == len(text)
    assert all(b in {a, masking.HIDDEN} for a, b in zip(text, once, strict=True))
    again, left = masked(once)
    assert (again, dict(left)) == (once, {})
    assert sum(counts.values()) == len(find(text))


def test_an_address_that_begins_with_a_number_is_hidden_whole() -> None:
    assert masked("010-000 00000A@korea.kr") == ("010-*** ******@korea.kr", {ACCOUNT: 1, EMAIL: 1})


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("농협 301-0123-4567-81 예금주 홍길동", ACCOUNT, "농협 301-****-****-** 예금주 홍길동"),
        ("계좌번호: 11012345678", ACCOUNT, "계좌번호: 110********"),
        ("(국민은행) 123456-04-123456", ACCOUNT, "(국민은행) 123***-**-******"),
        ("1002-123-456789 로 보내 주십시오.", ACCOUNT, "1002-***-****** 로 보내 주십시오."),
        ("900101-1234567", RESIDENT, "900101-*******"),
        ("9001011234567", RESIDENT, "900101*******"),
        ("+82-10-1234-5678", MOBILE, "+82-10-****-****"),
        ("+82 (0)10 1234 5678", MOBILE, "+82 (0)10 **** ****"),
        ("010.1234.5678", MOBILE, "010.****.****"),
        ("(010)1234-5678", MOBILE, "(010)****-****"),
        ("문의: gil_dong.hong@korea.kr", EMAIL, "문의: ********.****@korea.kr"),
    ],
)  # fmt: skip
def test_as_people_key_it(text, kind, shown) -> None:
    assert masked(text) == (shown, {kind: 1})


@pytest.mark.parametrize(
    "text",
    [
        "행정능률과-12345 (2026. 11. 23.)",
        "시행 2026-11-23 ~ 2026-12-31",
        "전화 02-2100-1234, 전송 044-205-8000, 대표 1588-0000",
        "사업자등록번호 123-45-67890",
        "예산 113,560원(금일십일만삼천오백육십원), 1,234,567,890천원",
        "기관코드 1310000, 문서 2026-제0412호, 우편번호 30112",
        "20261123103000에 접수됨",
        "법률 제12345호, 제3조제2항 제10호",
        "은행 거래 1,200,000원",
        "주소: 세종특별자치시 도움6로 42 (어진동)",
        "@멘션 a@b 단가@1,000",
    ],
)
def test_what_official_documents_are_full_of_stays(text) -> None:
    assert masked(text) == (text, {})


def test_a_long_text_of_numbers_takes_no_longer_than_it_is_long() -> None:
    # Nothing may go over the same digits again and again.
    text = "1-" * 20_000 + "a." * 20_000 + "@" * 1000 + "0" * 20_000
    assert masked(text)[0]
