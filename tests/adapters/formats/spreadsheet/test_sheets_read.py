"""Workbooks of both kinds as they are kept: types, days of both epochs, errors, merged cells, hidden sheets, formulas."""

import datetime as dt
import io
import random
import struct
from decimal import Decimal

import openpyxl
import pytest
import xlwt

from adapters.formats.findings import Finding, FormatError
from adapters.formats.rows import DETAIL, Row
from adapters.formats.spreadsheet import Column, Layout, SpreadsheetRows, read
from support import workbooks as books

COLUMNS = (
    Column("번호", kind="code", width=4),
    Column("이름", ("성명",), required=False),
    Column("금액", required=False, kind="number"),
    Column("일자", required=False, kind="day", written=frozenset({8})),
)
CODEC = SpreadsheetRows({DETAIL: Layout(COLUMNS)})
HEAD = ["번호", "이름", "금액", "일자"]


def rows_of(data: bytes, codec: SpreadsheetRows = CODEC) -> tuple[list[Row], list[Finding]]:
    findings: list[Finding] = []
    return list(codec.read({"a.xlsx": data}, findings)), findings


def values(data: bytes) -> list[list[object]]:
    return [[row.values.get(name) for name in HEAD] for row in rows_of(data)[0]]


@pytest.mark.parametrize("make", [books.table, books.old_table])
def test_both_kinds_read_alike(make):
    data = make([HEAD, ["0012", "김나래", 12345678901234, dt.date(2026, 5, 7)], [12, "", -0.1, dt.date(1950, 6, 25)]])
    first, second = values(data)
    assert first == ["0012", "김나래", 12345678901234, dt.date(2026, 5, 7)]
    assert second == ["12", None, Decimal("-0.1"), dt.date(1950, 6, 25)]


def test_days_count_from_1904_where_the_book_says_so():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_string(1, 0, "0001")
        sheet.write_datetime(1, 3, dt.datetime(2026, 5, 7), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_string(2, 0, "0002")
        sheet.write_number(2, 3, 46149 - 1462)

    data = books.xlsx(fill, date_1904=True)
    assert read(data).epoch == 1904
    assert [row[3] for row in values(data)] == [dt.date(2026, 5, 7), dt.date(2026, 5, 7)]

    def fill_old(book):
        sheet = book.add_sheet("a")
        for place, title in enumerate(HEAD):
            sheet.write(0, place, title)
        sheet.write(1, 0, "0001")
        sheet.write(1, 3, dt.date(2026, 5, 7), xlwt.easyxf(num_format_str="yyyy-mm-dd"))

    old = books.xls(fill_old, from_1904=True)
    assert read(old).epoch == 1904
    assert [row[3] for row in values(old)] == [dt.date(2026, 5, 7)]


def test_an_epoch_of_the_layout_counts_more_than_the_book():
    codec = SpreadsheetRows({DETAIL: Layout(COLUMNS)}, epoch=1904)
    [row], _ = rows_of(books.table([HEAD, ["0001", "", "", 46149 - 1462]]), codec)
    assert row.values["일자"] == dt.date(2026, 5, 7)
    assert [each.code for each in row.findings] == ["cell-day-number"]


def test_numbers_in_a_column_of_days_are_digits_or_day_numbers():
    data = books.table([HEAD, ["0001", "", "", 20260507], ["0002", "", "", 46149.5], ["0003", "", "", 60]])
    first, second, third = rows_of(data)[0]
    assert (first.values["일자"], first.findings) == ("20260507", ())
    assert second.values["일자"] == dt.datetime(2026, 5, 7, 12)
    # 29 February 1900 never was; the days before it are counted one off.
    assert [each.code for each in third.findings] == ["date-invalid"]


def test_the_shown_value_of_a_formula_counts_and_an_error_refuses_the_row():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_formula(1, 0, '="00"&"12"', None, "0012")
        sheet.write_formula(1, 2, "=1+1", None, 2)
        sheet.write_string(2, 0, "0013")
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")

    first, second = rows_of(books.xlsx(fill))[0]
    assert (first.values["번호"], first.values["금액"], first.findings) == ("0012", 2, ())
    assert [(each.code, each.field, each.params["value"]) for each in second.findings] == [
        ("cell-error", "금액", "#DIV/0!")
    ]


def test_an_error_of_an_old_book_is_told_too():
    data = books.old_table([HEAD, ["0012", True, "x", ""]])
    [at] = books.records(data, 0x205)
    # BOOLERR: the same cell as an error.
    [row], _ = rows_of(books.changed(data, at + 6, struct.pack("<BB", 0x2A, 1)))
    assert [(each.code, each.field, each.params["value"]) for each in row.findings] == [("cell-error", "이름", "#N/A")]


def test_an_error_alone_in_a_row_is_no_empty_row():
    data = books.parts(
        '<row r="1"><c r="A1" t="str"><v>번호</v></c><c r="B1" t="str"><v>이름</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>0001</v></c></row><row r="3"><c r="A3" t="e"><v>#REF!</v></c></row>'
    )
    assert [len(row.findings) for row in rows_of(data)[0]] == [0, 1]


def test_merged_cells_below_their_first_take_its_value_and_say_so():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "직원 명부")
        sheet.merge_range(1, 0, 2, 0, "번호")
        sheet.merge_range(1, 1, 1, 3, "내용")
        sheet.write_row(2, 1, HEAD[1:])
        sheet.write_row(3, 0, ["0001", "", 1])
        sheet.write_row(4, 0, ["0002", "", 2])
        sheet.merge_range(3, 1, 4, 1, "김나래")

    found, findings = rows_of(books.xlsx(fill))
    assert [row.values["이름"] for row in found] == ["김나래", "김나래"]
    assert [[each.code for each in row.findings] for row in found] == [[], ["cell-merged"]]
    assert [each.code for each in findings] == ["rows-above"]


def test_hidden_and_foreign_sheets_are_left_out_and_told_unless_named():
    def fill(book):
        book.add_worksheet("표지").write(0, 0, "2026년")
        book.add_worksheet("목록").write_row(0, 0, HEAD)
        book.get_worksheet_by_name("목록").write_row(1, 0, ["0001"])
        hidden = book.add_worksheet("지난달")
        hidden.write_row(0, 0, HEAD)
        hidden.write_row(1, 0, ["0009"])
        hidden.hide()

    data = books.xlsx(fill)
    found, findings = rows_of(data)
    assert [row.values["번호"] for row in found] == ["0001"]
    assert [(each.code, each.field, each.params["rows"]) for each in findings] == [
        ("sheet-unread", "표지", "1"),
        ("sheet-hidden", "지난달", "2"),
    ]
    named, _ = rows_of(data, SpreadsheetRows({DETAIL: Layout(COLUMNS, "지난*")}))
    assert [row.values["번호"] for row in named] == ["0009"]


def test_rows_of_all_sheets_and_files_have_numbers_of_their_own():
    data = books.table([HEAD, ["0001"], ["0002"], [], ["  "]])
    ordinals = [row.ordinal for row in CODEC.read({"a.xls": data, "b.xls": data}, [])]
    assert ordinals == [2, 3, 7, 8]


def test_cells_without_heading_and_missing_columns_are_told():
    [row], findings = rows_of(books.table([["성명", "비고", "번호", ""], ["김나래", "x", "0001", "메모"]]))
    assert (row.values["이름"], row.values["번호"], row.values["금액"]) == ("김나래", "0001", None)
    assert [each.code for each in row.findings] == ["cells-extra"]
    assert sorted((each.code, each.field) for each in findings) == [
        ("column-extra", "비고"),
        ("column-missing", "금액"),
        ("column-missing", "일자"),
    ]
    [without], _ = rows_of(books.table([["이름", "금액"], ["김나래", 1]]))
    assert [each.field for each in without.findings if each.severity == "reject"] == ["번호"]


def test_a_file_is_of_the_table_its_name_says():
    codec = SpreadsheetRows(
        {DETAIL: Layout(COLUMNS), "result": Layout(COLUMNS)}, files={DETAIL: "req*", "result": "res*"}
    )
    data = books.table([HEAD, ["0001"]])
    assert [row.table for row in codec.read({"res1.xlsx": data}, [])] == ["result"]
    with pytest.raises(FormatError) as raised:
        list(codec.read({"other.xlsx": data}, []))
    assert [each.code for each in raised.value.findings] == ["part-unknown"]


def test_the_only_record_of_a_book_is_shown_and_one_of_several_is_not_guessed():
    [row] = CODEC.read({"a.xlsx": books.table([["제목"], HEAD, ["0001", "김나래", 5]])}, [])
    assert [(cell.name, cell.value) for cell in CODEC.cells(row.raw, row.part)] == [
        ("번호", "0001"),
        ("이름", "김나래"),
        ("금액", "5"),
        ("일자", None),
    ]
    for raw in (books.table([HEAD, ["0001"], ["0002"]]), b"", b"PK"):
        assert [(cell.name, cell.value) for cell in CODEC.cells(raw, "a.xlsx")] == [("a.xlsx", None)]


def test_a_large_book_is_not_carried_beside_each_of_its_rows():
    noise = random.Random(1)
    data = books.table([HEAD, *([f"{number:04d}", noise.randbytes(400).hex()] for number in range(4000))])
    found = list(CODEC.read({"a.xlsx": data}, []))
    assert (len(data) > 1 << 20, len(found), {row.raw for row in found}) == (True, 4000, {b""})


def test_a_book_of_another_program_reads_alike():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["전체 목록"])
    sheet.append(HEAD)
    sheet.append(["0001", "김나래", 1200.5, dt.datetime(2026, 5, 7)])
    sheet.append(["0002", "#N/A", None, dt.datetime(2026, 5, 7, 13, 5)])
    sheet.merge_cells("A1:D1")
    book.create_sheet("숨김").append(["x"])
    book["숨김"].sheet_state = "veryHidden"
    out = io.BytesIO()
    book.save(out)
    (first, second), findings = rows_of(out.getvalue())
    assert [first.values[name] for name in HEAD] == ["0001", "김나래", Decimal("1200.5"), dt.date(2026, 5, 7)]
    assert second.values["일자"] == dt.datetime(2026, 5, 7, 13, 5)
    assert [(each.code, each.field) for each in second.findings] == [("cell-error", "이름")]
    assert [each.code for each in findings] == ["sheet-hidden", "rows-above"]
