"""Host records as the rows all record codecs share: flat values both ways, trailers compared, cells beside their bytes."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.copybook.rows import HostRows, Trailer, flat, nested
from adapters.formats.findings import FormatError, rejected
from adapters.formats.rows import DETAIL, HEADER, RESULT, Codec
from tools.roads_batch import damaged, file, header, make_batch, request

TABLES = {"HEADER-REC": HEADER, "REQUEST-REC": DETAIL, "RESULT-REC": RESULT}
CODEC: Codec = HostRows(file(), TABLES, Trailer("TRAILER-REC", "REQUEST-COUNT", "COST-TOTAL", "WORKS-COST"))


def test_a_file_goes_round_by_its_rows():
    data, findings = make_batch(5), []
    rows = list(CODEC.read({"a.dat": data}, findings))
    assert findings == []
    assert [row.table for row in rows] == [HEADER, *[DETAIL] * 5]
    assert rows[1].values["SIGNER[1].SIGNER-NAME"] == "김태환"
    assert isinstance(rows[1].values["ROAD-LENGTH"], Decimal)
    assert all(data[row.offset : row.offset + len(row.raw)] == row.raw for row in rows)
    assert CODEC.write([(row.table, row.values) for row in rows], "a") == {"a.dat": data}


def test_damage_is_told_row_by_row_and_totals_about_the_file():
    findings = []
    rows = list(CODEC.read({"a.dat": damaged()}, findings))
    assert {finding.code for finding in findings} == {"trailer-count-mismatch", "trailer-sum-mismatch"}
    assert sum(rejected(row.findings) for row in rows) >= 5
    for row in rows:
        for cell in CODEC.cells(row.raw, row.part):
            assert row.raw[cell.offset : cell.offset + len(cell.raw)] == cell.raw
            assert cell.binary


def test_settling_tells_what_a_reader_would_find():
    values = flat(request(1, random.Random(1), TITLE="가" * 50, SIGNER=[]))
    values |= {"SIGNER[1].SIGNER-ROLE": "D", "SIGNER[2].SIGNER-ROLE": "A", "SIGNER[2].SIGNER-NAME": "홍길동"}
    read, findings = CODEC.settle(values, DETAIL)
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("text-cut", "loss"),
        *[("number-blank", "repair")] * 2,
    ]
    assert (read["TITLE"], read["SIGNER-COUNT"], read["SIGNER[2].SIGNER-NAME"]) == ("가" * 39, 2, "홍길동")
    _, findings = CODEC.settle({**values, "DISCLOSURE-REASON": "가" * 50}, DETAIL)
    assert ("text-cut", "reject") in {(finding.code, finding.severity) for finding in findings}


@pytest.mark.parametrize("parts", [{}, {"a": b""}, {"a": b"no host file at all"}])
def test_what_is_no_host_file_is_unreadable(parts):
    with pytest.raises(FormatError):
        list(CODEC.read(parts, []))


def test_a_file_without_trailer_says_so():
    findings = []
    raw = CODEC.write([(HEADER, header())], "a")["a.dat"]
    list(CODEC.read({"a": raw[: 4 + 48]}, findings))
    assert [finding.code for finding in findings] == ["trailer-missing"]
    assert CODEC.is_complete(["a"])


SCALARS = st.none() | st.integers() | st.text("AB", max_size=3)
ENTRIES = st.lists(st.dictionaries(st.sampled_from("XYZ"), SCALARS, min_size=1), min_size=1, max_size=4)


@given(values=st.dictionaries(st.sampled_from("ABC"), SCALARS | ENTRIES | st.lists(SCALARS, min_size=1, max_size=3)))
def test_flat_values_take_their_shape_again(values):
    assert nested(flat(values)) == values


def test_two_files_in_one_item_count_their_rows_on():
    rows = list(CODEC.read({"a.dat": make_batch(2), "b.dat": make_batch(2)}, []))
    ordinals = [row.ordinal for row in rows]
    assert ordinals == sorted(set(ordinals))
