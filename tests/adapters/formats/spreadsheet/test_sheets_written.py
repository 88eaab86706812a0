"""Rows are written as xlsx and mean the same when read; what a cell cannot hold is refused."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.formats.findings import FormatError, rejected
from adapters.formats.rows import DETAIL
from adapters.formats.spreadsheet import Column, Layout, SpreadsheetRows

COLUMNS = (
    Column("번호", kind="digits", width=7),
    Column("제목"),
    Column("금액", kind="number"),
    Column("일자", kind="day"),
)
CODEC = SpreadsheetRows({DETAIL: Layout(COLUMNS, "요청")}, footer="합계")
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "번호": st.from_regex("[0-9]{7}", fullmatch=True),
            "제목": TEXTS | st.sampled_from(["=1+1", "=cmd|' /C'!A0", "1.0E+5", "http://a.kr", "_x0041_", " 앞뒤 ", "a\r\nb", "합계"]),
            "금액": st.none() | st.integers(-(10**20), 10**20) | st.decimals(-(10**9), 10**9, places=2),
            "일자": st.none() | st.dates(dt.date(1904, 1, 2), dt.date(2199, 1, 1)) | st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2199, 1, 1)).map(lambda each: each.replace(microsecond=0)),
        }
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@settings(max_examples=120)
@given(ROWS)
def test_what_is_written_is_read_as_settled(rows):
    settled = [CODEC.settle(row, DETAIL) for row in rows]
    kept = [(row, values) for row, (values, found) in zip(rows, settled, strict=True) if not rejected(found)]
    if not kept:
        return
    parts = CODEC.write([(DETAIL, row) for row, _ in kept], "a")
    assert parts == CODEC.write([(DETAIL, row) for row, _ in kept], "a")
    read = list(CODEC.read(parts, []))
    assert [dict(row.values) for row in read] == [values for _, values in kept]
    for row, values in kept:
        assert values["번호"] == row["번호"]
        assert (values["제목"] or "") == row["제목"]
        day = row["일자"]
        midnight = isinstance(day, dt.datetime) and day.time() == dt.time()
        assert values["일자"] == (day.date() if midnight else day)
        amount = values["금액"]
        assert (amount is None) == (row["금액"] is None)
        assert amount is None or Decimal(amount) == Decimal(row["금액"])


def test_another_program_reads_text_as_text_and_no_formula():
    row = {"번호": "0012345", "제목": "=1+1", "금액": 12500, "일자": dt.date(2026, 5, 7)}
    [data] = CODEC.write([(DETAIL, row)], "a").values()
    sheet = openpyxl.load_workbook(io.BytesIO(data))["요청"]
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("0012345", "s"),
        ("=1+1", "s"),
        (12500, "n"),
        (dt.datetime(2026, 5, 7), "d"),
    ]


@pytest.mark.parametrize(
    ("title", "code"),
    [("가" * 32_768, "cell-too-long"), ("a\ud800", "char-unencodable"), ("\uffff", "char-unencodable")],
)
def test_what_a_cell_cannot_hold_is_refused(title, code):
    row = {"번호": "0000001", "제목": title}
    assert code in [each.code for each in CODEC.settle(row, DETAIL)[1]]
    with pytest.raises(FormatError) as raised:
        CODEC.write([(DETAIL, row)], "a")
    assert [each.code for each in raised.value.findings] == [code]


def test_a_row_that_would_close_the_table_or_be_none_is_refused():
    assert rejected(CODEC.settle({"번호": None, "제목": "합계 3건"}, DETAIL)[1])
    assert rejected(CODEC.settle({"번호": None, "제목": "  "}, DETAIL)[1])
