"""Cells, lines and files: everything goes in, and what is odd is said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.agency_codes import CodeFinding, Column, Table, parse
from directory.domain.agency_codes.columns import STANDARD

PLAIN = {
    Column.CODE: "6280000", Column.FULL_NAME: "인천광역시", Column.NAME: "인천광역시", Column.LEVEL: "1",
    Column.PARENT: "0000000", Column.TOP: "6280000", Column.REPRESENTATIVE: "6280000", Column.STATUS: "0",
    Column.CREATED: "19680101", Column.PREDECESSORS: "NULL",
}  # fmt: skip
HEADINGS = "\t".join(STANDARD)


def line(**cells: str) -> str:
    """A line of the table; keywords are names of columns."""
    values = PLAIN | {Column[name]: value for name, value in cells.items()}
    return "\t".join(values.get(column, "") for column in STANDARD)


def read(*lines: str, headings: str = HEADINGS) -> Table:
    return parse("\n".join((headings, *lines, "")).encode("cp949"))


def only(table: Table) -> CodeFinding:
    assert len(table.findings) == 1, table.findings
    return table.findings[0]


def test_a_plain_line() -> None:
    table = read(line(ADDRESS="정각로 29", PREDECESSORS="6280001,6280002,6280001", ORDER="003"))
    row = table.rows[0]
    assert (row.code, row.name, row.level, row.order) == ("6280000", "인천광역시", 1, 3)
    assert row.parent_code == ""
    assert row.created == date(1968, 1, 1)
    assert not row.abolished
    assert row.predecessor_codes == ("6280001", "6280002")
    assert row.address == "정각로 29"
    assert row.fax == ""
    assert row.line == 2
    assert {finding.code for finding in table.findings} == {"unknown-predecessor"}


def test_letters_and_leading_zeros_survive() -> None:
    names = {"TOP": "B500003", "REPRESENTATIVE": "B500003"}
    assert read(line(CODE="B500003", **names)).rows[0].code == "B500003"
    table = read(line(CODE="0012345", TOP="0012345", REPRESENTATIVE="0012345"))
    assert table.rows[0].code == "0012345"
    assert not table.findings


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"CREATED": "1988. 1."}, "unparsable-date", Column.CREATED),
        ({"CREATED": "19990231"}, "unparsable-date", Column.CREATED),
        ({"CREATED": "１９９９０２０１"}, "unparsable-date", Column.CREATED),
        ({"CREATED": "13830101"}, "implausible-date", Column.CREATED),
        ({"STATUS": "1"}, "abolished-without-date", Column.ABOLISHED_ON),
        ({"ABOLISHED_ON": "20200101"}, "alive-with-abolition-date", Column.ABOLISHED_ON),
        ({"STATUS": "1", "ABOLISHED_ON": "19600101"}, "ends-before-it-begins", Column.ABOLISHED_ON),
        ({"STATUS": "?"}, "unknown-status", Column.STATUS),
        ({"ORDER": "0-1"}, "malformed-number", Column.ORDER),
        ({"ORDER": "2  "}, "extra-blank", Column.ORDER),
        ({"TELEPHONE": "032\u3000120"}, "odd-blank", Column.TELEPHONE),
        ({"TELEPHONE": "０３２"}, "unusual-character", Column.TELEPHONE),
        ({"LOCATION": "43130さ?0"}, "malformed-area", Column.LOCATION),
        ({"POSTCODE": "123"}, "malformed-postcode", Column.POSTCODE),
        ({"ADDRESS": "2800000000"}, "address-without-words", Column.ADDRESS),
        ({"NAME": ""}, "blank-name", Column.NAME),
        ({"PARENT": "NULL"}, "blank-parent", Column.PARENT),
    ],
)
def test_what_is_odd_in_one_cell(cells: dict[str, str], code: str, column: Column) -> None:
    table = read(line(**cells))
    assert len(table.rows) == 1
    found = [finding for finding in table.findings if finding.code == code]
    assert [(finding.line, finding.column, finding.unit_code) for finding in found] == [(2, column, "6280000")]


def test_a_full_width_digit_is_no_date_but_stays_readable() -> None:
    row = read(line(CREATED="１９９９０２０１")).rows[0]
    assert row.created is None
    assert row.cells[STANDARD.index(Column.CREATED)] == "１９９９０２０１"


@pytest.mark.parametrize("nothing", ["", "NULL", "00000000", "99991231"])
def test_no_day_is_no_finding(nothing: str) -> None:
    table = read(line(CREATED=nothing))
    assert table.rows[0].created is None
    assert not table.findings


def test_what_is_abolished_by_word_and_by_day_alone() -> None:
    assert read(line(STATUS="폐지", ABOLISHED_ON="20200101")).rows[0].abolished
    table = read(line(STATUS="", ABOLISHED_ON="20200101"))
    assert table.rows[0].abolished
    assert only(table).code == "unknown-status"


def test_names_of_kinds_between_the_columns_do_no_harm() -> None:
    extra = HEADINGS.replace("유형분류_중", "유형분류_대_명\t유형분류_중")
    at = STANDARD.index(Column.KIND_MIDDLE)
    cells = line(KIND_LARGE="02", KIND_MIDDLE="09", STATUS="0").split("\t")
    table = read("\t".join((*cells[:at], "자치행정", *cells[at:])), headings=extra)
    assert table.rows[0].kind == ("02", "09", "")
    assert table.rows[0].top_code == "6280000"
    assert only(table).code == "column-unknown"
    assert only(table).params == {"column": "유형분류_대_명"}


def test_a_missing_column_and_a_missing_heading() -> None:
    short = "\t".join(STANDARD[:-1])
    assert only(read(line().rpartition("\t")[0], headings=short)).params == {"column": "이전기관코드"}
    table = parse(line().encode("cp949"))
    assert len(table.rows) == 1
    assert table.rows[0].line == 1
    assert only(table).code == "header-missing"


def test_too_few_and_too_many_cells() -> None:
    table = read(line().rpartition("\t")[0], line(CODE="6280001") + "\tmore")
    assert [row.code for row in table.rows] == ["6280000", "6280001"]
    counts = [finding.params["found"] for finding in table.findings if finding.code == "cell-count"]
    assert counts == ["23", "25"]


def test_damaged_bytes_spoil_one_cell() -> None:
    good = line(TELEPHONE="032-120").encode("cp949")
    # A first byte without its second, right before the tab.
    damaged = good.replace("인천광역시\t인천광역시".encode("cp949"), "인천광역시\t인천광역".encode("cp949") + b"\xbd")
    table = parse(HEADINGS.encode("cp949") + b"\r\n" + damaged + b"\r\n\x1a")
    row = table.rows[0]
    assert (row.name, row.full_name, row.telephone) == ("인천광역\ufffd", "인천광역시", "032-120")
    assert "\t".join(row.cells).encode("cp949", "surrogateescape") == damaged
    assert {finding.code for finding in table.findings} == {"undecodable-bytes", "name-differs-from-parents"}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_that_is_utf8_after_all(mark: str) -> None:
    table = parse(f"{mark}{HEADINGS}\r\n{line()}\r\n".encode())
    assert table.rows[0].full_name == "인천광역시"
    assert only(table).params == {"declared": "cp949", "found": "utf-8"}


def test_nothing_at_all() -> None:
    assert [finding.code for finding in parse(b"").findings] == ["header-missing"]
    assert parse(b"").rows == ()
    assert parse(b"").as_of is None


def test_files_that_belong_together() -> None:
    below = line(CODE="6280001", NAME="총무과", FULL_NAME="인천광역시 총무과", LEVEL="2", PARENT="6280000")
    first, second = (f"{HEADINGS}\n{each}\n".encode("cp949") for each in (below, line()))
    assert {finding.code for finding in parse(first).findings} >= {"unknown-parent", "unknown-top"}
    table = parse(first, second)
    assert not table.findings
    assert [(row.file, row.line) for row in table.rows] == [(0, 2), (1, 2)]


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_no_line_is_ever_lost(contents: list[bytes]) -> None:
    safe = [each.replace(b"\n", b"").replace(b"\r", b"").strip(b"\x1a \t\v\f") for each in contents]
    data = b"\n".join((HEADINGS.encode("cp949"), *safe))
    table = parse(data)
    assert len(table.rows) == sum(map(bool, safe))
    for row in table.rows:
        # Lone surrogates would not encode: a database takes every text of a row.
        f"{row.code}{row.full_name}{row.predecessor_codes}{row.kind}{row.telephone}".encode()
    for finding in table.findings:
        assert finding.code
        assert 1 <= finding.line <= len(safe) + 1
        f"{finding.params}{finding.unit_code}".encode()
