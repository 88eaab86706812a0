"""dBase tables: each dialect's cells and memos, damage told with its place, and what is written read again."""

import datetime as dt
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.dbf import Dbf, DbfWriter, WriteColumn, read_table
from adapters.formats.findings import FormatError

COLUMNS = (
    WriteColumn("이름", "C", 10),
    WriteColumn("AMOUNT", "N", 9, 2),
    WriteColumn("DAY", "D"),
    WriteColumn("YES", "L"),
    WriteColumn("NOTE", "M"),
)
LETTERS = st.sampled_from("a ,가똠각\r\n'0")
ROWS = st.fixed_dictionaries(
    {
        "이름": st.text(LETTERS, max_size=5).map(lambda text: text.rstrip(" ")),
        "AMOUNT": st.one_of(st.none(), st.decimals(-99999, 999999, places=2).map("{:.2f}".format)),
        "DAY": st.one_of(st.none(), st.dates().map(dt.date.isoformat)),
        "YES": st.sampled_from([None, "true", "false"]),
        "NOTE": st.one_of(st.none(), st.text(LETTERS, min_size=1, max_size=700)),
    }
)


def table(version, columns, records, page=0x79):
    """Make a table by hand: columns are name, kind, width, decimals, flags."""
    length = 1 + sum(each[2] for each in columns)
    head = struct.pack("<4BIHH17xB2x", version, 99, 1, 1, len(records), 33 + 32 * len(columns), length, page)
    for name, kind, width, decimals, flags in columns:
        head += struct.pack("<11sc4xBBB13x", name.encode("cp949"), kind.encode(), width, decimals, flags)
    return head + b"\r" + b"".join(records) + b"\x1a"


def records(data, memo=None):
    return [row for row in Dbf().read(data, memo) if row.kind in {"record", "deleted"}]


def codes(rows):
    return [finding.code for row in rows for finding in row.findings]


@given(st.lists(ROWS, max_size=4))
def test_what_is_written_is_read_again(rows):
    written = DbfWriter(COLUMNS).write(rows)
    read = list(Dbf().read(written.table, written.memo))
    assert [row.values for row in read if row.kind == "record"] == rows
    assert codes(read) == []
    assert b"".join(row.raw for row in read) == written.table


@given(st.lists(ROWS, min_size=1, max_size=3), st.data())
def test_any_damage_is_read_whole_or_refused(rows, data):
    written = DbfWriter(COLUMNS).write(rows)
    damaged = bytearray(written.table)
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=6)):
        damaged[place] = data.draw(st.integers(0, 255))
    damaged = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    try:
        read = list(Dbf().read(damaged, data.draw(st.sampled_from([None, b"", written.memo, written.memo[:600]]))))
    except FormatError:
        return
    assert b"".join(row.raw for row in read) == damaged


@given(st.binary())
def test_any_bytes_behind_a_version_are_read_whole_or_refused(data):
    for version in (b"\x03", b"\x30", b"\x8b", b"\xf5", b""):
        try:
            read = list(Dbf().read(version + data, data))
        except FormatError:
            continue
        assert b"".join(row.raw for row in read) == version + data


def test_a_public_sample_of_visual_foxpro():
    data = (Path(__file__).parent / "samples" / "cp1251.dbf").read_bytes()
    head = read_table(data)
    assert (head.kind, head.charset, head.records) == ("Visual FoxPro", "cp1251", 4)
    rows = records(data)
    assert [row.values["RN"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0].values["NAME"] == "амбулаторно-поликлиническое"


@pytest.mark.parametrize("page", [0x79, 0x4E, 0])
def test_korean_code_pages(page):
    data = table(0x03, [("기관명", "C", 10, 0, 0)], [b" " + "총무과".encode("cp949").ljust(10)], page)
    assert records(data)[0].values == {"기관명": "총무과"}
    assert codes(Dbf().read(data)) == []


def test_an_unknown_code_page_is_told():
    data = table(0x03, [("A", "C", 2, 0, 0)], [b" \xb0\xa1"], 0xEE)
    assert records(data)[0].values == {"A": "가"}
    assert codes(Dbf().read(data)) == ["dbf-code-page-unknown"]


def test_cells_of_visual_foxpro():
    columns = [("I", "I", 4, 0, 0), ("B", "B", 8, 2, 0), ("Y", "Y", 8, 4, 0), ("T", "T", 8, 0, 0)]
    columns += [("V", "V", 6, 0, 2), ("N", "C", 3, 0, 2), ("_NullFlags", "0", 1, 0, 5)]
    moment = struct.pack("<ii", 2451545, (13 * 3600 + 5 * 60) * 1000)
    fixed = struct.pack("<idq", -7, 2.5, -12345) + moment
    # Bits: 0 V is shorter than its column, 1 V is null, 2 N is null.
    rows = [b" " + fixed + b"ab  \0\x02abc\x01", b" " + fixed + b"abcdefabc\x00", b" " + bytes(28) + b"abcdefabc\x06"]
    first, second, third = (row.values for row in records(table(0x30, columns, rows)))
    assert first == {"I": "-7", "B": "2.5", "Y": "-1.2345", "T": "2000-01-01T13:05:00", "V": "ab", "N": "abc"}
    assert second["V"] == "abcdef"
    assert (third["T"], third["V"], third["N"]) == (None, None, None)


def test_memos_of_each_dialect():
    text = "메모 글".encode("cp949")
    fourth = bytes(20) + struct.pack("<H", 64) + bytes(42) + struct.pack("<II", 0x0008FFFF, len(text) + 8) + text
    pointer = b" " + b"1".rjust(10)
    assert records(table(0x8B, [("M", "M", 10, 0, 0)], [pointer]), fourth)[0].values == {"M": "메모 글"}
    fox = bytes(6) + struct.pack(">H", 64) + bytes(56) + struct.pack(">II", 1, len(text)) + text
    assert records(table(0xF5, [("M", "M", 10, 0, 0)], [pointer]), fox)[0].values == {"M": "메모 글"}
    assert records(table(0x30, [("M", "M", 4, 0, 0)], [b" \x01\0\0\0"]), fox)[0].values == {"M": "메모 글"}
    damaged = records(table(0x30, [("M", "M", 4, 0, 0)], [b" \x09\0\0\0", b" \0\0\0\0"]), fox)
    assert codes(damaged) == ["memo-unreadable"]
    assert codes(records(table(0x83, [("M", "M", 10, 0, 0)], [pointer]))) == ["memo-missing"]


def test_memos_that_overlap_do_not_cost_records_times_length():
    memo = bytes(512) + b"x" * 100_000 + b"\x1a"
    rows = records(table(0x83, [("M", "M", 10, 0, 0)], [b" " + b"1".rjust(10)] * 50), memo)
    texts = [row.values["M"] for row in rows]
    assert texts[0] == "x" * 100_000
    assert sum(len(text or "") for text in texts) <= 5 * len(memo)
    assert set(codes(rows)) == {"memo-unreadable"}


def test_damaged_memos_do_not_cost_the_whole_ones():
    fox = (
        bytes(6)
        + struct.pack(">H", 64)
        + bytes(56)
        + struct.pack(">II", 1, 9999)
        + bytes(56)
        + struct.pack(">II", 1, 2)
        + b"ok"
    )
    rows = records(table(0x30, [("M", "M", 4, 0, 0)], [b" \x01\0\0\0"] * 20 + [b" \x02\0\0\0"]), fox)
    assert rows[-1].values == {"M": "ok"}
    assert codes(rows) == ["memo-unreadable"] * 20


def test_deleted_records_are_told_and_kept():
    rows = records(table(0x03, [("A", "C", 2, 0, 0)], [b" ab", b"*cd", b"?ef"]))
    assert [(row.kind, row.values["A"], row.rejected) for row in rows] == [
        ("record", "ab", False),
        ("deleted", "cd", False),
        ("record", "ef", True),
    ]
    assert codes(rows) == ["record-deleted", "dbf-flag-invalid"]


def test_values_that_are_none_are_refused_with_their_place():
    columns = [("N", "N", 4, 0, 0), ("D", "D", 8, 0, 0), ("L", "L", 1, 0, 0)]
    data = table(0x03, columns, [b" ****20061332x", b"     00000000?"])
    bad, empty = records(data)
    start = 33 + 32 * 3
    assert [(each.code, each.field, each.offset) for each in bad.findings] == [
        ("dbf-value-invalid", "N", start + 1),
        ("dbf-value-invalid", "D", start + 5),
        ("dbf-value-invalid", "L", start + 13),
    ]
    assert empty.values == {"N": None, "D": None, "L": None}
    assert not empty.findings


def test_the_promised_number_of_records_is_compared():
    whole = table(0x03, [("A", "C", 2, 0, 0)], [b" ab", b" cd"])
    more = whole[:4] + struct.pack("<I", 1) + whole[8:]
    read = list(Dbf().read(more))
    assert [row.values.get("A") for row in read if row.kind == "record"] == ["ab", "cd"]
    assert codes(read) == ["dbf-count-differs"]
    cut = list(Dbf().read(whole[:-3]))
    assert codes(cut) == ["record-short"]
    assert cut[-1].rejected


def test_long_texts_of_clipper():
    data = table(0x03, [("A", "C", 44, 1, 0)], [])
    data = data[:10] + struct.pack("<H", 301) + data[12:-1] + b" " + b"x" * 300 + b"\x1a"
    data = data[:4] + struct.pack("<I", 1) + data[8:]
    assert records(data)[0].values == {"A": "x" * 300}


def test_what_does_not_fit_is_refused_not_cut():
    with pytest.raises(FormatError) as caught:
        DbfWriter(COLUMNS).write(
            [{"이름": "가나다라마바", "AMOUNT": "1.234", "DAY": "x", "YES": "J", "NOTE": "\x1a😀"}]
        )
    assert [(each.code, each.field) for each in caught.value.findings] == [
        *[("dbf-value-does-not-fit", name) for name in ("이름", "AMOUNT", "DAY", "YES")],
        ("char-unencodable", "NOTE"),
        ("cell-unwritable", "NOTE"),
    ]
