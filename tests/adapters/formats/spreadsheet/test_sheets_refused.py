"""What is no spreadsheet is named; what would cost too much is refused before the parser sees it; damage never escapes."""

import io
import random
import struct
import time
import zipfile

import pytest

from adapters.formats.findings import FormatError, rejected
from adapters.formats.messages import render
from adapters.formats.spreadsheet import Limits, read
from support import workbooks as books
from tools.fuzz.bombs import bombs

TABLE = [["번호", "이름", "금액"], ["0001", "김나래", 1.5], ["0002", "이준호", True]]


def refusal(data: bytes, limits: Limits | None = None) -> tuple[str, str]:
    with pytest.raises(FormatError) as raised:
        read(data, limits or Limits())
    [finding] = raised.value.findings
    assert rejected([finding])
    assert render(finding, "ko") != render(finding, "en")
    return finding.code, next(iter(finding.params.values()), "")


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", "file-empty", ""),
        ("<html><body><table><tr><td>번호</td></tr></table>".encode("cp949"), "sheet-is-html", ""),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html PUBLIC ''><HTML>", "sheet-is-html", ""),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=euc-kr'><table border=1>", "sheet-is-html", ""),
        ("<html>".encode("utf-16"), "sheet-is-html", ""),
        ("번호,이름\r\n0001,김나래\r\n".encode("cp949"), "sheet-is-text", ","),
        ("번호\t이름\r\n".encode(), "sheet-is-text", "TAB"),
        ("번호\t이름\r\n".encode("utf-16"), "sheet-is-text", "TAB"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "sheet-unreadable", "SpreadsheetML 2003"),
        (b"%PDF-1.4", "sheet-unreadable", "PDF"),
        (b"\x09\x08\x10\x00\x00\x05", "sheet-unreadable", "BIFF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "sheet-unreadable", "OLE2"),
        (books.packed({"content.xml": b"<x/>"}), "sheet-unreadable", "ZIP, xl/workbook.xml"),
        (books.table(TABLE)[:900], "sheet-unreadable", "ZIP"),
    ],
)  # fmt: skip
def test_what_is_called_a_spreadsheet_and_is_none_is_named(data, code, word):
    assert refusal(data) == (code, word)


def test_a_lock_is_named():
    old = books.old_table(TABLE)
    [at] = books.records(old, 0x42)
    # CODEPAGE becomes FILEPASS, the record behind which everything is encrypted.
    assert refusal(books.changed(old, at - 4, struct.pack("<H", 0x2F))) == ("sheet-locked", "")
    assert refusal(_container("EncryptedPackage")) == ("sheet-locked", "")
    assert refusal(_container("WordDocument"))[1] == "DOC"


def _container(name: str) -> bytes:
    """Rename the one stream of an xls."""
    data = books.old_table(TABLE)
    at = data.index("Workbook".encode("utf-16-le"))
    said = name.encode("utf-16-le")
    return books.changed(books.changed(data, at, said.ljust(64, b"\0")), at + 64, struct.pack("<H", len(said) + 2))


def test_what_unpacks_or_spreads_without_end_is_refused_at_once():
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    began = time.monotonic()
    assert refusal(books.parts(far))[0] == "sheet-too-large"
    assert (
        refusal(books.parts(far.replace(' r="1048576"', "").replace("XFD1048576", "xfd1048576")))[0]
        == "sheet-too-large"
    )
    old = books.old_table(TABLE)
    [dimensions] = books.records(old, 0x200)
    [texts] = books.records(old, 0xFC)
    [bound] = books.records(old, 0x85)
    cell = books.records(old, 0xFD)[-1]
    assert refusal(books.changed(old, dimensions, struct.pack("<IIHH", 0, 2**32 - 1, 0, 65535)))[1] == "DIMENSIONS"
    assert refusal(books.changed(old, texts + 4, struct.pack("<I", 2**31 - 1)))[1] == "SST"
    assert refusal(books.changed(old, bound, struct.pack("<I", 2**31 - 1)))[1] == "BOUNDSHEET"
    assert refusal(books.changed(old, cell, struct.pack("<HH", 65535, 65535)))[0] == "sheet-too-large"
    assert time.monotonic() - began < 5


def test_coloured_rows_down_to_the_last_do_not_count():
    sheet = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"/></row>'
    )
    [found] = read(books.parts(sheet)).sheets
    assert [list(row) for row in found.rows] == [[1]]


def test_limits_hold_for_bytes_parts_and_merged_cells():
    data = books.table(TABLE)
    assert refusal(data, Limits(input_bytes=100))[0] == "sheet-too-large"
    assert refusal(data, Limits(unpacked_bytes=2000))[0] == "sheet-too-large"
    assert refusal(data, Limits(parts=3))[0] == "sheet-too-large"
    assert refusal(data, Limits(cells=8))[0] == "sheet-too-large"


def test_a_size_the_archive_lies_about_does_not_count():
    data = books.packed(books.members_of(books.table(TABLE)) | {"xl/worksheets/sheet1.xml": b" " * (8 << 20)})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        about = archive.getinfo("xl/worksheets/sheet1.xml")
    size = struct.pack("<I", about.file_size)
    lying = data.replace(size, struct.pack("<I", 100))
    assert lying != data
    assert refusal(lying, Limits(unpacked_bytes=1 << 20))[0] in {"sheet-unreadable", "sheet-too-large"}


@pytest.mark.parametrize(
    "doctype", ['<!DOCTYPE worksheet [<!ENTITY a "b">]>', "<!DOCTYPE worksheet SYSTEM 'http://127.0.0.1/x'>"]
)
def test_document_types_are_refused(doctype):
    assert refusal(books.parts(f"<?xml version='1.0'?>{doctype}<worksheet/>"))[1] == "xl/worksheets/sheet1.xml"


def test_no_bomb_is_read():
    for item in bombs().values():
        for data in item.parts.values():
            refusal(data)


@pytest.mark.parametrize("make", [books.table, books.old_table])
def test_damage_ends_in_a_workbook_or_a_finding(make):
    whole = make(TABLE)
    chance = random.Random(20261123)
    ended = set()
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8))):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        cut = bytes(data[: chance.choice((len(data), len(data), chance.randrange(9, len(data))))])
        ended.add(refused_or_read(cut))
    assert ended == {"read", "refused"}


def refused_or_read(data: bytes) -> str:
    try:
        read(data)
    except FormatError as error:
        return "refused" if rejected(error.findings) else "silent"
    return "read"


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="B9999999"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="D99999999999"><v>1</v></c></row>',
        '<x:row xmlns:x="u" r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="ZZ999999"><x:v>1</x:v></x:c></x:row>',
        """<row r="1"><c s=">" r='A1'><v>1</v></c><c s=' r="A1"' r='XFD99999'><v>1</v></c></row>""",
        "<row>" + "<c><v>1</v></c>" * 9000 + '</row><row r="9000"><c><v>1</v></c></row>',
    ],
)
def test_cells_far_away_are_seen_however_they_are_written(sheet):
    assert refusal(books.parts(sheet))[0] in {"sheet-too-large", "sheet-unreadable"}


def test_an_extent_that_ends_before_it_begins_is_none():
    old = books.old_table(TABLE)
    [dimensions] = books.records(old, 0x200)
    assert refusal(books.changed(old, dimensions, struct.pack("<IIHH", 9, 3, 0, 3)))[1] == "DIMENSIONS"
