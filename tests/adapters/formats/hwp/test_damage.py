"""Damaged, locked, foreign and hostile files: told as such by code, read as far as they go, never silently empty."""

import io
import random
import struct
import zipfile
import zlib
from itertools import islice

import pytest

from adapters.formats import hwp
from adapters.formats.hwp import compound
from adapters.formats.hwp.archive import Archive
from adapters.formats.hwp.reading import Reading
from tools.hangul import SAMPLE, WRITERS, Aside, Grid, Line, xmlkinds
from tools.hangul import compound as compound_writer
from tools.hangul import hwp3 as hwp3_writer
from tools.hangul import hwp5 as hwp5_writer
from tools.hangul.mutants import fault, inner_mutants, mutants

KINDS = sorted(WRITERS)


def codes(read):
    return [finding.code for finding in read.findings]


def hwp5_of(**changes):
    streams = hwp5_writer.streams(SAMPLE)
    for path, data in changes.items():
        streams[path.replace("__", "/")] = data
    return compound_writer.write({path: data for path, data in streams.items() if data is not None})


def hwpx_of(changes):
    parts = xmlkinds.members(SAMPLE) | changes
    return xmlkinds.zipped({name: data for name, data in parts.items() if data is not None})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.7 and so on", "hwp-kind-unknown"),
        (compound.SIGNATURE, "hwp-unreadable"),
        (compound.SIGNATURE + bytes(600), "hwp-unreadable"),
        (compound_writer.write({"WordDocument": b"x" * 5000}), "hwp-kind-unknown"),
        (xmlkinds.zipped({"word/document.xml": b"<x/>"}), "hwp-kind-unknown"),
        (b"PK\x03\x04", "hwp-kind-unknown"),
        (b"HWP Document File V2.00 \x1a\1\2\3\4\5", "hwp-version-old"),
        (b"HWP Document File V3.00 \x1a\1\2\3\4\5", "hwp-unreadable"),
        (b"<HWPML>", "hwp-unreadable"),
        (b"<HTML><HWPML/></HTML>", "hwp-kind-unknown"),
    ],
)
def test_what_cannot_be_read_is_refused_by_code(data, code):
    read = hwp.read(data)
    assert (read.text, read.readable, read.completeness) == ("", False, None)
    assert code in codes(read)


def test_locked_documents_are_named_so():
    password = hwp5_writer.write(SAMPLE, flags=hwp5_writer.PASSWORD)
    manifest = b"<odf:manifest><odf:file-entry><odf:encryption-data/></odf:file-entry></odf:manifest>"
    for data in (password, hwpx_of({"META-INF/manifest.xml": manifest}), hwp3_writer.write(SAMPLE, encrypted=True)):
        read = hwp.read(data)
        assert (read.text, codes(read), read.flags) == ("", ["hwp-encrypted"], {"encrypted"})


@pytest.mark.parametrize(
    "head", [b"\x9b DRMONE  This Document is encrypted", b"SCDSA002", b"<## NASCA DRM FILE - VER1.00 ##>"]
)
def test_files_under_document_security_are_named_so(head):
    read = hwp.read(head + bytes(500))
    assert (codes(read), read.flags, read.kind) == (["hwp-encrypted"], {"encrypted"}, "unknown")


def test_what_is_said_of_a_file_has_an_end():
    streams = {f"BodyText/Section{number}": b"\xff" * 9 for number in range(1000)}
    read = hwp.read(compound_writer.write(hwp5_writer.streams(SAMPLE) | streams))
    assert len(read.findings) <= 210
    assert not read.readable or read.text


def test_a_preview_without_end_is_judged_by_its_beginning():
    read = hwp.read(hwp5_writer.write([Line("가나다라마바사 " * 300)], shown="가나다라마바사 " * 300 + "x" * 2_000_000))
    assert read.completeness == 1.0


def test_a_number_format_without_end_is_cut():
    head = xmlkinds.members(SAMPLE)["Contents/header.xml"].replace(b"^1.", b"^n" * 20_000)
    read = hwp.read(hwpx_of({"Contents/header.xml": head}))
    assert len(read.numbered) < len(read.text) + 500


def test_a_distribution_document_without_its_key_is_told():
    streams = hwp5_writer.streams(SAMPLE, flags=hwp5_writer.DISTRIBUTION)
    streams["ViewText/Section0"] = bytes(800)
    read = hwp.read(compound_writer.write(streams))
    assert "hwp-distribution-locked" in codes(read)
    assert "preview-only" in read.flags


def test_a_body_that_breaks_off_is_read_up_to_there():
    section = hwp5_writer.streams([Line(f"{number}번째 줄") for number in range(2000)])["BodyText/Section0"]
    read = hwp.read(hwp5_of(BodyText__Section0=section[: len(section) // 2]))
    assert read.text.startswith("0번째 줄\n1번째 줄")
    assert len(read.text.splitlines()) > 500
    assert "hwp-part-damaged" in codes(read)
    spoilt = bytearray(section)
    spoilt[len(section) // 2 :] = b"\xff" * (len(section) - len(section) // 2)
    assert len(hwp.read(hwp5_of(BodyText__Section0=bytes(spoilt))).text.splitlines()) > 500


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9, 0.99])
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_cut_off_is_told_so(kind, share):
    data = WRITERS[kind]([*SAMPLE, *(Line(f"{number}째 줄 {number * 7919}") for number in range(900))])
    read = hwp.read(data[: int(len(data) * share)])
    assert {"hwp-part-damaged", "hwp-unreadable"} & set(codes(read))
    assert not read.readable or read.text


def test_a_lost_sector_table_is_guessed():
    section = hwp5_writer.streams([Line(f"{number}번째 줄") for number in range(3000)], compressed=False)
    data = compound_writer.write(section)
    # Our writer puts the table last: what is cut off is the table.
    fat = 512 + struct.unpack_from("<I", data, 76)[0] * 512
    read = hwp.read(data[:fat])
    assert read.text.endswith("2999번째 줄")
    assert "damaged" in read.flags


def test_a_body_that_is_gone_leaves_the_preview_with_a_word():
    for data in (hwp5_of(BodyText__Section0=None), hwpx_of({"Contents/section0.xml": None})):
        read = hwp.read(data)
        assert read.text.startswith("업무 협조 요청")
        assert "preview-only" in read.flags
        assert "hwp-preview-only" in codes(read)


def test_missing_document_information_costs_only_the_numbers():
    read = hwp.read(hwp5_of(DocInfo=None))
    assert read.text == read.numbered
    assert read.completeness == 1.0
    assert codes(read) == ["hwp-part-damaged"]


def test_a_text_short_of_its_preview_is_told():
    read = hwp.read(hwp5_writer.write([Line("짧은 글")], shown="여기에는 다른 긴 글이 있었다"))
    assert read.completeness == 0.0
    assert codes(read) == ["hwp-preview-differs"]


def test_nothing_is_silently_empty():
    assert codes(hwp.read(hwp5_writer.write([Line()]))) == ["hwp-blank"]
    assert codes(hwp.read(hwp5_writer.write([Line("", [Aside("box", [])])]))) == ["hwp-no-text"]


def test_an_archive_without_its_directory_is_searched():
    data = xmlkinds.hwpx(SAMPLE)
    read = hwp.read(data[: data.rindex(b"PK\x01\x02")])
    assert read.text == hwp.read(data).text
    assert codes(read) == ["hwp-part-damaged"]


def test_a_section_that_is_malformed_is_read_up_to_there():
    section = xmlkinds.members(SAMPLE)["Contents/section0.xml"]
    read = hwp.read(hwpx_of({"Contents/section0.xml": section[: section.index("세부".encode())]}))
    assert read.text == "업무 협조 요청\n관련 근거\n시행령 제3조\n\n대외비 아님\n끝쪽"
    assert {"hwp-part-damaged", "hwp-preview-differs"} <= set(codes(read))


def test_entities_are_never_expanded():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    section = xmlkinds.members(SAMPLE)["Contents/section0.xml"]
    read = hwp.read(hwpx_of({"Contents/section0.xml": bomb + section, "Preview/PrvText.txt": None}))
    assert read.text == ""
    assert {"xml-entity-forbidden", "hwp-unreadable"} <= set(codes(read))
    wide = (bomb + section).decode().encode("utf-16")
    assert "xml-entity-forbidden" in codes(hwp.read(hwpx_of({"Contents/section0.xml": wide})))


def test_the_document_type_that_law_texts_bear_is_no_attack():
    xml = WRITERS["hwpml"]([Line("제1조(목적)&")]).replace(b"&amp;", b"&nbsp;")
    start = xml.index(b"<HWPML")
    read = hwp.read(xml[:start] + b'<!DOCTYPE HWPML [\n\t<!ENTITY nbsp\t"&#160;">\n]>\n' + xml[start:])
    assert (read.text, read.kind, read.readable) == ("제1조(목적)\u00a0", "hwpml", True)
    assert "damaged" not in read.flags


def test_a_bare_ampersand_is_read():
    section = xmlkinds.members(SAMPLE)["Contents/section0.xml"].replace("세부 계획".encode(), "세부 & 계획".encode())
    read = hwp.read(hwpx_of({"Contents/section0.xml": section}))
    assert "세부 & 계획" in read.text
    assert "damaged" not in read.flags


def test_bombs_are_limited():
    limits = hwp.Limits(inflated_bytes=1_000_000)
    for data in (
        hwpx_of({"Contents/section0.xml": bytes(50_000_000)}),
        hwp5_of(BodyText__Section0=zlib.compress(bytes(50_000_000), wbits=-15)),
    ):
        read = hwp.read(data, limits)
        assert codes(read)[-1] == "hwp-too-large"
        assert not read.readable
    assert codes(hwp.read(b"x" * 100, hwp.Limits(input_bytes=10))) == ["hwp-too-large"]


def test_a_document_with_more_records_than_allowed_is_cut_with_a_word():
    lines = [Line("가")] * 3000
    limits = hwp.Limits(nodes=1000)
    for kind in KINDS:
        read = hwp.read(WRITERS[kind](lines), limits)
        assert "hwp-part-too-large" in codes(read), kind


def test_nesting_has_an_end():
    line = Line("가장 안쪽")
    for _ in range(70):
        line = Line("", [Grid([[[line]]])])
    for kind in KINDS:
        read = hwp.read(WRITERS[kind]([Line("앞"), line, Line("뒤")]), hwp.Limits(depth=20))
        assert read.text.startswith("앞"), kind
        # HWPML and HWPX end with the parser's own depth.
        assert {"hwp-part-too-large", "hwp-part-damaged"} & set(codes(read)), kind


def test_chains_that_run_in_circles_end():
    data = bytearray(hwp5_of())
    fat = 512 + struct.unpack_from("<I", data, 76)[0] * 512
    for place in range(fat, fat + 512, 4):
        struct.pack_into("<I", data, place, 0)
    assert hwp.read(bytes(data)).findings


def test_members_agree_with_an_independent_archive_reader():
    data = xmlkinds.hwpx(SAMPLE)
    ours = Archive(data, Reading(hwp.Limits()))
    with zipfile.ZipFile(io.BytesIO(data)) as theirs:
        assert {name: ours.read(name) for name in ours.members} == {
            name: theirs.read(name) for name in theirs.namelist()
        }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("inside", [False, True])
def test_mutants_are_answered(kind, inside):
    chance = random.Random(f"{kind} {inside}")
    source = inner_mutants(kind, chance) if inside else mutants(WRITERS[kind](SAMPLE), chance)
    assert [fault(data) for data in islice(source, 150)] == [""] * 150
