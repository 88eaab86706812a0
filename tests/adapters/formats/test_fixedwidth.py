"""Fixed-width files: round trips, malformed files of every kind, totals."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.findings import FormatError
from adapters.formats.fixedwidth import Field, Layout, RecordKind, Row, Totals, decode, encode, encode_record

FIELDS = (
    Field("mark", 0, 1, "code", codes=frozenset("HDT")),
    Field("org", 1, 7, "code"),
    Field("name", 8, 10),
    Field("serial", 18, 6, "digits"),
    Field("amount", 24, 9, "amount"),
    Field("balance", 33, 9, "amount", sign="overpunch", scale=2),
    Field("delta", 42, 8, "amount", sign="leading"),
    Field("day", 50, 8, "date", nulls=("00000000",)),
    Field("short", 58, 6, "date", pattern="YYMMDD", pivot=50),
    Field("gap", 64, 2, "filler"),
    Field("at", 66, 14, "date", pattern="YYYYMMDDhhmmss"),
    Field("title", 80, 20, unencodable="substitute"),
)
LENGTH = 100
LAYOUT = Layout(LENGTH, FIELDS, line_end="crlf")

syllables = st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4)])
words = st.lists(syllables | st.sampled_from("AZaz09.,-"), max_size=30).map("".join)


def fits(width):
    return words.filter(lambda word: len(word.encode("cp949")) <= width).map(lambda word: word or None)


days = st.dates(dt.date(1, 1, 1))
rows = st.fixed_dictionaries(
    {
        "mark": st.just("D"),
        "org": st.none() | st.from_regex(r"[0-9A-Z]{7}", fullmatch=True),
        "name": fits(10),
        "serial": st.none() | st.from_regex(r"[0-9]{6}", fullmatch=True),
        "amount": st.none() | st.integers(0, 999_999_999),
        "balance": st.none() | st.decimals(-9_999_999, 9_999_999, places=2),
        "delta": st.none() | st.integers(-9_999_999, 99_999_999),
        "day": st.none() | days,
        "short": st.none() | st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31)),
        "at": st.none() | st.datetimes().map(lambda when: when.replace(microsecond=0)),
        "title": fits(20),
    }
)
line_ends = st.sampled_from(["none", "lf", "crlf", "any"])


def codes(findings):
    return [finding.code for finding in findings]


@given(st.lists(rows, max_size=5), line_ends, st.booleans())
def test_what_is_written_reads_back_and_writes_the_same_bytes(values, line_end, eof):
    layout = dataclasses.replace(LAYOUT, line_end=line_end, eof_mark=eof)
    data = encode([Row(each) for each in values], layout)
    decoding = decode(data, layout)
    records = list(decoding)
    assert [record.values for record in records] == values
    assert [record.findings for record in records] == [()] * len(values)
    assert encode([Row(record.values) for record in records], layout) == data
    assert [data[record.offset : record.offset + LENGTH] for record in records] == [record.raw for record in records]
    assert (decoding.report.accepted, decoding.report.rejected) == (len(values), 0)


@given(words, st.integers(1, 20))
def test_text_that_is_too_long_is_cut_at_a_letter_and_reported(word, width):
    layout = Layout(width, (Field("text", 0, width),))
    record, findings = encode_record({"text": word}, layout)
    assert len(record) == width
    long = len(word.encode("cp949")) > width
    assert codes(findings) == (["text-cut"] if long else [])
    assert word.startswith(record.decode("cp949").rstrip(" "))


@given(st.binary(max_size=400), line_ends)
def test_no_bytes_break_the_reader_and_none_are_lost(data, line_end):
    layout = dataclasses.replace(LAYOUT, line_end=line_end)
    decoding = decode(data, layout)
    records = list(decoding)
    assert decoding.report.accepted + decoding.report.rejected == len(records) == decoding.report.records
    for record in records:
        assert data[record.offset : record.offset + len(record.raw)] == record.raw


@given(rows, st.integers(0, LENGTH - 1), st.integers(0, 255))
def test_one_damaged_byte_never_stops_the_file(values, place, byte):
    good = encode([Row(values)], LAYOUT)
    bad = bytearray(good)
    bad[place] = byte
    records = list(decode(good + bytes(bad) + good, LAYOUT))
    assert records[0].values == records[-1].values == values
    assert records[-1].offset == 2 * (LENGTH + 2)


VALUES = {"mark": "D", "org": "1310000", "name": "홍길동", "serial": "000123", "amount": 113560, "title": "자료 제출"}


def record(**changed):
    return bytearray(encode_record(VALUES | changed, LAYOUT)[0])


def put(name, raw):
    field = next(each for each in FIELDS if each.name == name)
    data = record()
    data[field.offset : field.end] = raw.ljust(field.width, b" ") if len(raw) < field.width else raw
    return bytes(data) + b"\r\n"


@pytest.mark.parametrize(
    ("name", "raw", "value", "finding"),
    [
        ("name", "A가나다라마".encode("cp949")[:10], "A가나다라", ("hangul-cut", "loss", 17)),
        ("name", "가나다라".encode("cp949") + b"\xb8", "가나다라", ("hangul-cut", "loss", 16)),
        ("name", "똠".encode("euc_kr"), "똠", ("hangul-composed", "repair", 8)),
        ("name", b"ab\xffcd", None, ("charset-invalid", "reject", 10)),
        ("name", b"ab\0garbage", "ab", ("nul-inside", "loss", 10)),
        ("serial", b"12A456", None, ("digits-invalid", "reject", 18)),
        ("serial", "１２３".encode("cp949"), "123", ("fullwidth-characters", "repair", 18)),
        ("amount", b"12,345", None, ("amount-invalid", "reject", 24)),
        ("amount", b"-00000012", None, ("amount-invalid", "reject", 24)),
        ("day", b"20260231", None, ("date-invalid", "reject", 50)),
        ("day", b"2026 5 6", None, ("date-invalid", "reject", 50)),
        ("mark", b"X", None, ("code-unknown", "reject", 0)),
    ],
)
def test_odd_fields(name, raw, value, finding):
    code, severity, offset = finding
    (found,) = decode(put(name, raw), LAYOUT)
    assert found.values[name] == value
    assert [(f.code, f.severity, f.field, f.offset) for f in found.findings] == [(code, severity, name, offset)]
    assert found.rejected == (severity == "reject")
    assert found.values["title"] == "자료 제출"


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("name", "홍길동".encode("cp949") + b"\0\0\0\0", "홍길동"),
        ("name", b"\0" * 10, None),
        ("name", b" " * 10, None),
        ("name", "\u3000\u3000".encode("cp949"), None),
        ("name", "\u3000홍".encode("cp949"), "\u3000홍"),
        ("day", b"00000000", None),
        ("day", b"\0" * 8, None),
        ("amount", b"      012", 12),
        ("balance", b"00012345{", Decimal("1234.50")),
        ("balance", b"00012345R", Decimal("-1234.59")),
        ("balance", b"000123456", Decimal("1234.56")),
        ("delta", b"-0000012", -12),
        ("delta", b"     -12", -12),
        ("short", b"491231", dt.date(2049, 12, 31)),
        ("short", b"500101", dt.date(1950, 1, 1)),
    ],
)
def test_padding_signs_and_nulls(name, raw, value):
    (found,) = decode(put(name, raw), LAYOUT)
    assert (found.values[name], found.findings) == (value, ())


def test_a_required_field_of_odd_blanks_is_missing():
    layout = Layout(10, (Field("name", 0, 10, required=True),))
    for raw in (b" " * 10, "\u3000".encode("cp949") + b" " * 8, b"\0" * 10):
        (found,) = decode(raw + b"\n", layout)
        assert codes(found.findings) == ["value-missing"]


def test_short_and_long_records_are_located_and_the_next_ones_found():
    good = bytes(record()) + b"\r\n"
    data = good + good[10:] + good + b"xx" + good + good
    records = list(decode(data, LAYOUT))
    assert [codes(each.findings) for each in records] == [[], ["record-short"], [], ["record-long"], []]
    assert [each.offset for each in records] == [0, 102, 194, 296, 400]
    assert data[records[3].offset :].startswith(b"xx")


def test_a_file_cut_off_in_the_middle():
    data = (bytes(record()) * 2)[:-30]
    records = list(decode(data, dataclasses.replace(LAYOUT, line_end="none")))
    assert [codes(each.findings) for each in records] == [[], ["record-short"]]
    assert records[1].findings[0].params == {"bytes": "70", "expected": "100"}


@pytest.mark.parametrize("tail", [b"", b"\x1a", b"\r\n\x1a", b"\0\0", b"\n\n"])
def test_end_marks_are_no_records(tail):
    for line_end, end in (("none", b""), ("any", b"\n")):
        decoding = decode((bytes(record()) + end) * 2 + tail, dataclasses.replace(LAYOUT, line_end=line_end))
        accepted = [each for each in decoding if not each.rejected]
        assert len(accepted) == 2


def test_a_utf8_file_under_a_cp949_layout_is_named():
    decoding = decode("D1310000행정안전부".encode().ljust(LENGTH) + b"\n", LAYOUT)
    list(decoding)
    assert codes(decoding.report.findings) == ["charset-declared-wrong"]


BATCH = Layout(
    20,
    kinds=(
        RecordKind("head", "header", b"H", (Field("made", 1, 8, "date"),)),
        RecordKind("row", "detail", b"D", (Field("id", 1, 9, "digits"), Field("won", 10, 10, "amount"))),
        RecordKind("tail", "trailer", b"T", (Field("count", 1, 9, "digits"), Field("sum", 10, 10, "amount"))),
    ),
    marker_offset=0,
    marker_width=1,
    line_end="lf",
    totals=Totals("tail", "count", "sum", "won"),
)
BATCH_ROWS = [
    Row({"made": dt.date(2026, 5, 6)}, "head"),
    Row({"id": "000000001", "won": 100}, "row"),
    Row({"id": "000000002", "won": 250}, "row"),
    Row({}, "tail"),
]


def test_totals_are_filled_in_and_checked():
    data = encode(BATCH_ROWS, BATCH)
    assert data == b"H20260506           \nD0000000010000000100\nD0000000020000000250\nT0000000020000000350\n"
    decoding = decode(data, BATCH)
    assert [each.kind for each in decoding] == ["head", "row", "row", "tail"]
    assert decoding.report.findings == []
    assert decoding.report.by_kind == {"head": 1, "row": 2, "tail": 1}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"T000000002", b"T000000003", ["trailer-count-mismatch"]),
        (b"0000000350", b"0000000351", ["trailer-sum-mismatch"]),
        (b"D0000000020000000250\n", b"", ["trailer-count-mismatch", "trailer-sum-mismatch"]),
        (b"T0000000020000000350\n", b"", ["trailer-missing"]),
    ],
)
def test_totals_that_do_not_match_are_found_at_the_file(old, new, found):
    decoding = decode(encode(BATCH_ROWS, BATCH).replace(old, new), BATCH)
    list(decoding)
    assert codes(decoding.report.findings) == found


def test_an_unknown_kind_is_rejected_at_its_place():
    decoding = decode(encode(BATCH_ROWS, BATCH).replace(b"H2026", b"Z2026"), BATCH)
    first = next(iter(decoding))
    assert [(f.code, f.offset, f.params["marker"]) for f in first.findings] == [("record-kind-unknown", 0, "Z")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"serial": "1234567"}, "text-cut"),
        ({"serial": "12a"}, "digits-invalid"),
        ({"amount": -1}, "amount-invalid"),
        ({"amount": 10**9}, "amount-invalid"),
        ({"balance": Decimal("1.005")}, "amount-invalid"),
        ({"short": dt.date(1949, 1, 1)}, "date-invalid"),
        ({"mark": "X"}, "code-unknown"),
        ({"name": "\U0001f600"}, "char-unencodable"),
        ({"name": "a\nb"}, "line-break-inside"),
    ],
)
def test_values_that_do_not_fit_are_not_written(change, code):
    with pytest.raises(FormatError) as caught:
        encode([Row(VALUES | change)], LAYOUT)
    assert codes(caught.value.findings) == [code]


def test_substitution_is_reported():
    report = []
    data = encode([Row(VALUES | {"title": "1\u301c2\n3"})], LAYOUT, report=report)
    assert sorted(codes(report)) == ["char-substituted", "line-break-inside"]
    assert next(iter(decode(data, LAYOUT))).values["title"] == "1～2 3"


@pytest.mark.parametrize(
    "fields",
    [
        (Field("a", 0, 5), Field("b", 4, 5)),
        (Field("a", 0, 5), Field("a", 5, 5)),
        (Field("a", 8, 5),),
        (Field("a", 0, 6, "date", pattern="YYMMDD"),),
        (Field("a", 0, 2, pad=b"xx"),),
        (Field("a", 0, 0),),
        (),
    ],
)
def test_a_layout_that_contradicts_itself_is_refused(fields):
    with pytest.raises(ValueError):
        Layout(10, fields)
