"""Lines that name their kind: each into its table, strangers refused one by one, the closing line held against what came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.delimited import Column, Dialect, MarkedRows
from adapters.formats.findings import FormatError, rejected

TABS = {"delimiter": b"\t", "quote": b"", "header": False, "guard": False}
CODEC = MarkedRows(
    {
        "mapping": Dialect((Column("name"), Column("day")), **TABS),
        "other": Dialect((Column("number"),), **TABS),
        "header": Dialect((Column("agency"),), **TABS),
    },
    {"header": "H", "mapping": "P", "other": "A"},
    footer="T",
)
texts = st.text(st.characters(codec="cp949", exclude_characters="\t\r\n\x00\x1a"), min_size=1, max_size=8).filter(
    lambda text: text.encode("cp949").decode("cp949") == text
)


def read(text: str) -> tuple[list, list]:
    findings: list = []
    return list(CODEC.read({"x.txt": text.encode("cp949")}, findings)), findings


@given(
    st.lists(
        st.tuples(st.just("mapping"), st.fixed_dictionaries({"name": texts, "day": texts}))
        | st.tuples(st.just("other"), st.fixed_dictionaries({"number": texts})),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_written_is_read_again(rows) -> None:
    [(name, data)] = CODEC.write([("header", {"agency": "1310000"}), *rows], "x").items()
    findings: list = []
    got = list(CODEC.read({name: data}, findings))
    assert [(row.table, dict(row.values)) for row in got[1:]] == rows
    assert (got[0].table, findings) == ("header", [])
    assert all(data[row.offset : row.offset + len(row.raw)] == row.raw for row in got)


def test_strangers_and_short_lines_are_refused_one_by_one() -> None:
    rows, findings = read("H\t1310000\r\nX\t1\r\nP\t가\t나\r\nP\t가\r\nA\t7\r\n\r\nT\t4\t2\t1\r\n")
    assert [(row.table, rejected(row.findings)) for row in rows] == [
        ("header", False), ("X", True), ("mapping", False), ("mapping", True), ("other", False),
    ]  # fmt: skip
    assert ([row.ordinal for row in rows], findings) == ([1, 2, 3, 4, 5], [])


@pytest.mark.parametrize(
    ("closing", "codes"),
    [
        ("T\t2\t1\t1", []),
        ("T\t2", []),
        ("T\t3\t1\t1", [("trailer-count-mismatch", "count")]),
        ("T\t2\t2\t0", [("trailer-count-mismatch", "mapping"), ("trailer-count-mismatch", "other")]),
        ("", [("trailer-missing", "count")]),
    ],
)
def test_the_closing_line_is_held_against_what_came(closing, codes) -> None:
    rows, findings = read(f"H\t1310000\nP\t가\t나\nA\t7\n{closing}\n")
    assert len(rows) == 3
    assert [(each.code, each.field) for each in findings] == codes


@pytest.mark.parametrize("text", ["<?xml version='1.0'?>\n<a/>\n", "1,2,3\n", "T\t0\n"])
def test_a_file_without_a_line_of_ours_is_not_read(text) -> None:
    with pytest.raises(FormatError):
        read(text)


def test_the_cells_of_a_line_show_the_bytes_that_stand_there() -> None:
    raw = "P\t홍길동\t20260101".encode("cp949")
    assert [(cell.name, raw[cell.offset : cell.offset + len(cell.raw)].decode("cp949")) for cell in CODEC.cells(raw, "")] == [
        ("구분", "P"), ("name", "홍길동"), ("day", "20260101"),
    ]  # fmt: skip
