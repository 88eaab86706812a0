"""Lines cut at once and lines read piece by piece hold the same cells, wherever quotes stand."""

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.formats.delimited import Column, Delimited, DelimitedRows, Dialect
from adapters.formats.delimited.split import MOST_CELLS, Splitter
from adapters.formats.findings import FormatError, rejected

DIALECT = Dialect((Column("가"), Column("나"), Column("다")), b",", b'"', header=False, charset="utf-8")
ROWS, CODEC = DelimitedRows({"mapping": DIALECT}), Delimited(DIALECT)


@settings(deadline=None, max_examples=400)
@given(line=st.text('",a나 ', min_size=1, max_size=14))
def test_both_ways_find_the_same_cells(line: str) -> None:
    data = f"{line}\r\n".encode()
    try:
        slow = [row for row in CODEC.read(data) if row.kind == "record"]
        quick = list(ROWS.read({"a.csv": data}, []))
    except FormatError:
        return
    assert [rejected(row.findings) for row in quick] == [row.rejected for row in slow]
    assert [dict(row.values) for row in quick if not rejected(row.findings)] == [
        row.values for row in slow if not row.rejected
    ]


def test_a_row_wider_than_any_table_costs_what_its_bytes_cost() -> None:
    wide = b"," * (MOST_CELLS + 1000)
    splitter = Splitter(Dialect([Column("a"), Column("b")]))
    rows = list(splitter.rows(wide + b"\r\nx,y\r\n", 0, len(wide) + 7))
    assert [len(pieces) for _, pieces in rows] == [MOST_CELLS + 1, 2]
    assert rows[0][1][-1].content == b"," * 1000
    assert rows[0][1][-1].end == len(wide)
