"""Korean character sets: what is accepted, what is reported, where text is cut."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.charset import cut, decode_cp949, decode_declared, encode_cp949, is_blank, looks_like_utf8
from adapters.formats.findings import FormatError

hangul = st.text(st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4)] + list("abc 1.、○※")), max_size=30)


def codes(findings):
    return [finding.code for finding in findings]


@given(hangul)
def test_every_syllable_survives_the_way_out_and_back(text):
    data, findings = encode_cp949(text)
    assert findings == []
    assert decode_cp949(data) == (text, [])


@given(st.lists(st.integers(0xAC00, 0xD7A3).map(chr), min_size=1, max_size=8).map("".join))
def test_eight_byte_compositions_are_joined_and_never_written(text):
    composed = text.encode("euc_kr")
    decoded, findings = decode_cp949(composed)
    assert decoded == text
    rare = [char for char in text if len(char.encode("euc_kr")) == 8]
    assert [finding.params["char"] for finding in findings] == rare
    assert all(composed[f.offset : f.offset + 2] == b"\xa4\xd4" for f in findings)
    assert len(encode_cp949(decoded)[0]) == 2 * len(text)


def test_a_filler_in_front_of_plain_letters_stays_as_it_is():
    text = "ㅤㄱ가"
    assert decode_cp949(text.encode("cp949")) == (text, [])


def test_a_letter_cut_in_half_is_dropped_and_located():
    data = "민원처리".encode("cp949")[:-1]
    text, findings = decode_cp949(data, field="title", base=100)
    assert text == "민원처"
    assert (findings[0].code, findings[0].offset, findings[0].severity) == ("hangul-cut", 106, "loss")


def test_damage_inside_is_no_cut():
    data = "가".encode("cp949") + b"\xff" + "나".encode("cp949")
    text, findings = decode_cp949(data)
    assert text == "가\ufffd나"
    assert [(f.code, f.offset, f.severity) for f in findings] == [("charset-invalid", 2, "reject")]


@given(hangul, st.integers(0, 40))
def test_a_cut_stands_at_a_border_and_keeps_as_much_as_fits(text, width):
    data = text.encode("cp949")
    kept, finding = cut(data, width)
    assert len(kept) <= width
    assert text.startswith(kept.decode("cp949"))
    assert (finding is None) == (len(data) <= width)
    if finding is not None:
        assert kept.decode("cp949") + finding.params["rest"] == text
        assert width - len(kept) <= 1


@given(st.text(max_size=20), st.integers(0, 40))
def test_a_cut_of_utf8_stands_at_a_border(text, width):
    data = text.encode("utf-8", "ignore")
    kept, _ = cut(data, width, "utf-8")
    assert data.startswith(kept)
    assert kept.decode("utf-8") is not None
    assert len(data) <= width or width - len(kept) < 4


def test_compatibility_hanja_are_not_normalised():
    text = "\uf9d1\u516d"
    assert unicodedata.normalize("NFC", text) != text
    assert decode_cp949(encode_cp949(text)[0]) == (text, [])


def test_characters_outside_are_refused_by_default_with_their_place():
    data, findings = encode_cp949("가\U0001f600나", field="title")
    assert data.decode("cp949") == "가〓나"
    assert [(f.code, f.severity, f.params["codepoint"], f.params["place"]) for f in findings] == [
        ("char-unencodable", "reject", "U+1F600", "2")
    ]


def test_known_lookalikes_are_put_in_their_place_when_allowed():
    data, findings = encode_cp949("1\u301c2\u2027\u115f", policy="substitute")
    assert data.decode("cp949") == "1～2·〓"
    assert {f.severity for f in findings} == {"loss"}
    assert [f.params["put"] for f in findings] == ["～", "·", "〓"]


@pytest.mark.parametrize("declared", ["euc-kr", "EUC-KR", "ks_c_5601-1987", "", None])
def test_euc_kr_is_cp949_in_fact(declared):
    decoded = decode_declared("똠방각하".encode("cp949"), declared)
    assert (decoded.text, decoded.charset, decoded.findings) == ("똠방각하", "cp949", ())


def test_utf8_that_declares_euc_kr_is_read_as_what_it_is():
    decoded = decode_declared("행정안전부".encode(), "euc-kr")
    assert decoded.text == "행정안전부"
    assert codes(decoded.findings) == ["charset-declared-wrong"]


@pytest.mark.parametrize("declared", ["utf-8", "windows-31j", "unicode_escape", "zlib_codec"])
def test_cp949_that_declares_something_else_is_read_as_what_it_is(declared):
    decoded = decode_declared("행정안전부".encode("cp949"), declared)
    assert (decoded.text, decoded.charset) == ("행정안전부", "cp949")
    assert codes(decoded.findings) == ["charset-declared-wrong"]


def test_bytes_of_no_charset_are_refused():
    with pytest.raises(FormatError) as caught:
        decode_declared(b"\xff\xfe\xff\x80", "euc-kr")
    assert caught.value.findings[0].code == "charset-invalid"


@given(st.text(st.integers(0xAC00, 0xD7A3).map(chr), min_size=1))
def test_utf8_hangul_is_told_from_cp949_hangul(text):
    assert looks_like_utf8(text.encode("utf-8"))


@pytest.mark.parametrize("text", ["짬뽕", "쨈", "가나다", "행정안전부 정부혁신기획관"])
def test_cp949_hangul_is_not_taken_for_utf8(text):
    assert not looks_like_utf8(text.encode("cp949"))


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\u00a0", "\ufeff", "\u200b", " \u3000\0"])
def test_odd_blanks_are_blank(blank):
    assert is_blank(blank)
    assert not is_blank(blank + "0")


@pytest.mark.parametrize(
    "data", [b"\xff" * 2_000_000, "똠".encode("euc_kr") * 250_000, b"\xa4\xd4" * 1_000_000, "가\x80".encode() * 400_000]
)
def test_damage_without_end_costs_linear_time_and_few_findings(data):
    started = time.process_time()
    _, findings = decode_cp949(data)
    assert len(findings) <= 20
    assert time.process_time() - started < 5


def test_a_character_is_reported_once_with_its_count():
    _, findings = encode_cp949("😀가😀😀")
    assert [(f.params["place"], f.params["count"]) for f in findings] == [("1", "3")]
