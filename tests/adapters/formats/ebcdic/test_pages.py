"""EBCDIC pages against the C library's iconv, code by code, and what is odd in the bytes of a field."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.ebcdic import NAMES, page
from adapters.formats.ebcdic.tables import korean
from adapters.formats.findings import rejected
from tools import ebcdic_tables
from tools.ebcdic_tables import KOREAN, LATIN, NONE, Oracle, back, double, known, one_way, single

korean_pages = pytest.mark.parametrize("name", [name for name in KOREAN if known(name)])
ALL = [*KOREAN, *LATIN, "IBM037", "IBM500", "IBM1140"]


def points(text: str) -> list[int]:
    return [NONE if char == "\ufffe" else ord(char) for char in text]


@pytest.mark.parametrize("name", [name for name in ALL if known(name)])
def test_every_single_byte_is_what_the_c_library_says(name):
    assert points(page(name).single) == single(name)


@korean_pages
def test_every_two_byte_code_is_what_the_c_library_says(name):
    ours, theirs = page(name), double(name)
    assert ours.read_double(b"".join(struct.pack(">H", code) for code in theirs)) == "".join(map(chr, theirs.values()))
    for code in set(range(0x10000)) - set(theirs):
        with pytest.raises(ValueError):
            ours.read_double(struct.pack(">H", code))
    for code in (0x0000, 0x4041, 0x4140, 0xFEFE, 0xFFFF):
        text, found = ours.careful_double(struct.pack(">H", code))
        assert (text, rejected(found)) == ("\ufffd", True)


@korean_pages
def test_every_code_point_is_written_as_the_c_library_does_or_refused(name):
    ours, ways = page(name), one_way(name)
    every = [chr(point) for point in (*range(0xD800), *range(0xE000, 0x10000))]
    theirs = {chr(point): raw for point, raw in back(name).items() if point not in ways and point not in {0x0E, 0x0F}}
    lacking = {finding.params["char"] for finding in ours.write("".join(every))[1]}
    assert lacking == set(every) - set(theirs)
    assert {char: ours.write(char)[0] for char in theirs} == theirs
    for point, code in ways.items():
        raw, found = ours.write(chr(point), policy="substitute")
        assert raw == b"\x0e" + code.to_bytes(2, "big") + b"\x0f"
        assert [finding.code for finding in found] == ["char-substituted"]


@korean_pages
def test_a_text_of_many_kinds_is_the_c_librarys(name):
    text = "홍길동ABC 가나다 國漢 12,345 \ue000\ue757 끝."
    raw, found = page(name).write(text)
    assert found == []
    assert raw == Oracle(name, "UTF-8")(text.encode())
    assert Oracle("UTF-8", name)(raw) == text.encode()


def test_the_user_defined_area_goes_byte_for_byte():
    for name in ("cp933", "cp1364"):
        assert page(name).read_double(bytes.fromhex("d441ddfd")) == "\ue000\ue757"
        assert len(korean(f"ibm{name[2:]}").double) in {10757, 19551}


def test_syllables_outside_the_old_page_need_the_new_one():
    assert page("cp1364").write("똠")[0] == bytes.fromhex("0e99b10f")
    raw, found = page("cp933").write("똠")
    assert [(finding.code, finding.params["char"]) for finding in found] == [("char-unencodable", "똠")]
    assert raw == page("cp933").write("〓")[0]


def test_shifts_count_in_the_width():
    assert page("cp933").write("홍길동ABC")[0] == bytes.fromhex("0ed1b78ba995b70fc1c2c3")
    assert page("cp933").write_double("홍길동")[0] == bytes.fromhex("d1b78ba995b7")


def test_plain_letters_become_wide_in_a_field_of_two_byte_letters():
    korean_page = page("cp933")
    raw, found = korean_page.write_double("가 A1")
    assert (korean_page.read_double(raw), found) == ("가\u3000Ａ１", [])


@pytest.mark.parametrize(
    ("raw", "text", "codes"),
    [
        ("0ed1b78ba9", "홍길", {"shift-unclosed"}),
        ("0ed1b78b", "홍", {"hangul-cut", "shift-unclosed"}),
        ("0ed1b78b0fc1", "홍A", {"hangul-cut"}),
        ("c10fc2", "AB", {"shift-stray"}),
        ("0e0ed1b70f", "홍", {"shift-stray"}),
        ("c10e0fc2", "AB", {"shift-empty"}),
        ("0e41000fc1", "\ufffdA", {"charset-invalid"}),
        ("41c1", "\ufffdA", {"charset-invalid"}),
        ("0e", "", {"shift-unclosed"}),
        ("", "", set()),
    ],
)
def test_odd_bytes_become_findings(raw, text, codes):
    got, found = page("cp933").careful(bytes.fromhex(raw), "name", 100)
    assert (got, {finding.code for finding in found}) == (text, codes)
    assert all(finding.offset is not None and finding.offset >= 100 for finding in found)
    if codes:
        with pytest.raises(ValueError):
            page("cp933").read(bytes.fromhex(raw))


@given(raw=st.binary(max_size=60))
@pytest.mark.parametrize("name", ["cp933", "cp1364", "cp037", "cp875"])
def test_any_bytes_are_read_and_the_plain_way_agrees(name, raw):
    here = page(name)
    text, found = here.careful(raw)
    try:
        plain = here.read(raw)
    except ValueError:
        assert found
    else:
        assert (plain, found) == (text, [])
    here.careful_double(raw)


LETTERS = st.sampled_from("홍길동가힣A1 .,國〓\ue000")


@given(text=st.text(LETTERS, max_size=12), width=st.integers(0, 40))
def test_text_goes_round_and_is_cut_at_letters(text, width):
    here = page("cp1364")
    raw, found = here.write(text)
    assert (found, here.read(raw)) == ([], text)
    kept, cut = here.cut(raw, width)
    assert len(kept) <= width or not cut
    assert here.read(kept) + (cut.params["rest"] if cut else "") == text
    if cut:
        more, _ = here.write(text[: len(here.read(kept)) + 1])
        assert len(more) > width, "one more letter would have fitted"


@given(text=st.text(LETTERS, max_size=8), width=st.integers(0, 20))
def test_two_byte_letters_are_cut_between_them(text, width):
    here = page("cp933")
    raw, _ = here.write_double(text)
    kept, cut = here.cut_double(raw, width)
    assert here.read_double(kept) + (cut.params["rest"] if cut else "") == here.read_double(raw)


@pytest.mark.parametrize(
    "name", ["IBM-933", "ibm933", "CP933", "933", "CCSID 933", "cp1047", "ebcdic-cp-1140", "ascii"]
)
def test_spellings_of_names(name):
    assert page(name) is not None
    assert page(name).name in NAMES


@pytest.mark.parametrize("name", ["", "cp949", "utf-8", "cp9999", "abc", "rot13"])
def test_other_names_are_unknown(name):
    with pytest.raises(LookupError):
        page(name)


def test_the_shipped_tables_are_what_the_generator_writes(tmp_path):
    if not all(known(name) for name in (*KOREAN, *LATIN)):
        return
    assert ebcdic_tables.main([str(tmp_path)]) == 0
    for file in sorted(tmp_path.iterdir()):
        shipped = __import__("importlib.resources").resources.files("adapters.formats.ebcdic").joinpath(file.name)
        assert shipped.read_bytes() == file.read_bytes()
