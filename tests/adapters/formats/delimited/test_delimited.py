"""Delimited files both ways: whatever the cells hold comes back, whatever is wrong is told with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.delimited import Column, Delimited, Dialect
from adapters.formats.findings import FormatError

COLUMNS = (Column("code", ("기관코드",)), Column("name", ("기관명",)), Column("memo", required=False))
CSV = Delimited(Dialect(COLUMNS))
SIGNS = st.sampled_from(list(",\"'\t\r\n=+-@ \x00\x1a|a0가똠각＝"))
CELLS = st.one_of(st.text(SIGNS, max_size=8), st.sampled_from(["-5", "'-5", "=A1", "''=x", "007"]))
DIALECTS = [
    Dialect(COLUMNS),
    Dialect(COLUMNS, charset="utf-8"),
    Dialect(COLUMNS, charset="utf-8", mark=False, header=False),
    Dialect(COLUMNS, delimiter=b"\t"),
    Dialect(COLUMNS, delimiter=b"\0", header=False),
    Dialect(COLUMNS, delimiter=b"|", ends="nul"),
    Dialect(COLUMNS[:1], header=False),
    Dialect(COLUMNS, guard=False),
]


def records(codec, data):
    return [row for row in codec.read(data) if row.kind == "record"]


def codes(row):
    return [finding.code for finding in row.findings]


@given(dialect=st.sampled_from(DIALECTS), rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4))
def test_what_is_written_is_read_again(dialect, rows):
    codec = Delimited(dialect)
    names = [column.name for column in dialect.columns]
    values = [dict(zip(names, row, strict=False)) for row in rows]
    data = codec.write(values)
    assert [row.values for row in records(codec, data)] == values
    assert all(not row.rejected for row in codec.read(data))


@given(
    dialect=st.sampled_from(DIALECTS),
    data=st.one_of(st.binary(), st.text(SIGNS).map(lambda text: text.encode("cp949"))),
)
def test_any_bytes_are_read_whole_or_refused(dialect, data):
    try:
        rows = list(Delimited(dialect).read(data))
    except FormatError:
        return
    assert b"".join(row.raw for row in rows) == data
    for row in rows:
        assert all(cell.offset + cell.length <= len(row.raw) for cell in row.cells)
    assert [row.ordinal for row in rows if row.kind == "record"] == list(
        range(1, len(records(Delimited(dialect), data)) + 1)
    )


def test_headings_are_found_in_any_order():
    data = "기관명,memo,기관코드\r\n총무과,,0012345\r\n".encode("cp949")
    assert [row.values for row in records(CSV, data)] == [{"name": "총무과", "memo": "", "code": "0012345"}]


def test_renamed_missing_and_new_columns_are_named():
    header, record = CSV.read("기관번호,기관명,비고2\r\n1,2,3\r\n".encode("cp949"))
    assert [(each.code, each.field, each.severity) for each in header.findings] == [
        ("column-renamed", "code", "reject"),
        ("column-renamed", "memo", "loss"),
    ]
    assert record.rejected
    header, _ = CSV.read("기관명,기관코드,memo,추가,추가2,기관명\r\n1,2,3,4,5,6\r\n".encode("cp949"))
    assert [(each.code, each.field) for each in header.findings] == [
        ("column-twice", "name"),
        ("column-extra", "추가"),
        ("column-extra", "추가2"),
    ]


def test_a_file_of_other_headings_is_refused():
    with pytest.raises(FormatError) as caught:
        CSV.read(b"a,b,c\n1,2,3\n")
    assert caught.value.findings[0].code == "header-unknown"


def test_ragged_rows_are_refused_and_the_next_is_read():
    data = b"code,name,memo\n1,2\n1,2,3,4\n1,2,3,\n5,6,7\n"
    short, long, blank, good = records(CSV, data)
    assert (codes(short), codes(long), codes(blank), codes(good)) == (
        ["cells-missing"],
        ["cells-extra"],
        ["cells-extra"],
        [],
    )
    assert (short.rejected, long.rejected, blank.rejected) == (True, True, False)


def test_an_open_quote_swallows_no_other_line():
    data = b'code,name,memo\n1,"open,3\n4,"5",6\n7,"a ""b"" c"x,"\r\n"\n'
    first, second, third = records(CSV, data)
    assert "quote-unclosed" in codes(first)
    assert second.values == {"code": "4", "name": "5", "memo": "6"}
    assert third.values == {"code": "7", "name": 'a "b" cx', "memo": "\r\n"}
    assert codes(third) == ["quote-stray"]


def test_bad_bytes_are_told_with_their_place():
    data = b"code,name,memo\n1,\xb0\xa1\xff\xb0\xa1,3\n"
    (row,) = records(CSV, data)
    assert [(each.code, each.offset, each.field) for each in row.findings] == [
        ("charset-invalid", data.index(b"\xff"), "name")
    ]
    utf = "code,name,memo\n1,가".encode() + b"\xff" + "가,3\n".encode()
    (row,) = records(Delimited(Dialect(COLUMNS, charset="utf-8")), utf)
    assert [(each.code, each.offset) for each in row.findings] == [("charset-invalid", utf.index(b"\xff"))]


def test_utf8_for_cp949_is_read_and_told():
    header, row = CSV.read("\ufeffcode,name,memo\n1,총무과,\n".encode())
    assert row.values["name"] == "총무과"
    assert codes(header) == ["charset-declared-wrong"]


def test_the_old_end_mark_is_no_record():
    rows = list(CSV.read(b"code,name,memo\r\n1,2,3\r\n\r\n\x1a"))
    assert [row.kind for row in rows] == ["header", "record", "blank", "end"]


def test_formulas_are_written_as_text():
    data = CSV.write([{"code": "=1+1", "name": "-5", "memo": "@x"}])
    assert data.splitlines()[1] == b"'=1+1,-5,'@x"


def test_what_cannot_be_written_is_refused():
    plain = Delimited(Dialect(COLUMNS, quote=b"", delimiter=b"|"))
    with pytest.raises(FormatError) as caught:
        plain.write([{"code": "a|b", "name": "😀"}])
    assert [each.code for each in caught.value.findings] == ["cell-unwritable", "char-unencodable"]


def test_cells_of_a_row_are_shown():
    (row,) = records(CSV, b'code,name,memo\n1,"x",3\n')
    assert [(cell.name, row.raw[cell.offset : cell.offset + cell.length]) for cell in CSV.cells(row.raw)] == [
        ("code", b"1"),
        ("name", b'"x"'),
        ("memo", b"3"),
    ]


@pytest.mark.parametrize("sign", [b"A", b"\n", b"", b"\xa1", b",,"])
def test_signs_that_could_be_half_a_letter_are_refused(sign):
    with pytest.raises(ValueError, match="cannot part cells"):
        Dialect(COLUMNS, delimiter=sign)
