"""Records by their copybook: values of every usage go round, odd bytes become findings, differences are explained."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.copybook import Choice, Codec, CopybookError, Rules, parse
from adapters.formats.ebcdic import page
from adapters.formats.findings import FormatError, rejected
from adapters.formats.messages import render


def codec(body: str, charset: str = "cp933", floats="ibm", substitute=(), **more) -> Codec:
    rules = Rules(page(charset), floats=floats, substitute=frozenset(substitute))
    return Codec(parse(f"01 R.\n{body}", "free")[0], rules, **more)


def one(clauses: str, charset: str = "cp933", **more) -> Codec:
    return codec(f" 05 F {clauses}.", charset, **more)


def value(clauses: str, raw: str, charset: str = "cp933", **more):
    values, findings = one(clauses, charset, **more).read(bytes.fromhex(raw))
    assert findings == ()
    return values["F"]


@pytest.mark.parametrize(
    ("clauses", "raw", "expected"),
    [
        ("PIC X(5)", "c1c2c34040", "ABC"), ("PIC X(5) JUST", "4040c1c2c3", "ABC"), ("PIC X(8)", "0ed1b78ba90f4040", "홍길"),
        ("PIC G(3)", "d1b78ba94040", "홍길"), ("PIC N(2) NATIONAL", "ac000020", "가"),
        ("PIC 9(3)", "f0f1f2", 12), ("PIC S9(3)", "f0f1d2", -12), ("PIC S9(3)", "f0f1f2", 12), ("PIC S9(3)V99", "f0f1f2f3c4", Decimal("12.34")),
        ("PIC S9(3) SIGN LEADING", "d0f1f2", -12), ("PIC S9(2) SIGN LEADING SEPARATE", "60f1f2", -12),
        ("PIC S9(2) SIGN TRAILING SEPARATE", "f1f24e", 12), ("PIC S9(5) COMP-3", "12345d", -12345),
        ("PIC S9(5) COMP-3", "12345f", 12345), ("PIC 9(3)V99 COMP-3", "12345f", Decimal("123.45")), ("PIC 9(4) COMP-6", "1234", 1234),
        ("PIC S9(3)PPP COMP-3", "123c", 123000), ("PIC VPP99 COMP-3", "012f", Decimal("0.0012")),
        ("PIC S9(4) COMP", "ff85", -123), ("PIC 9(4) COMP", "ff85", 65413), ("PIC S9(2)V99 COMP", "04d2", Decimal("12.34")),
        ("PIC S9(18) COMP-5", "ffffffffffffffff", -1), ("PIC 9(9) COMP", "00000007", 7), ("COMP-1", "c276a000", -118.625),
        ("COMP-2", "4276a00000000000", 118.625), ("POINTER", "00ab12cd", "00ab12cd"), ("PIC -(4)9.99", "404060f1f24bf3f4", Decimal("-12.34")),
        ("PIC S9(2).99", "f1f24bf3d4", Decimal("-12.34")), ("PIC ZZ,ZZ9", "4040404040f7", 7), ("PIC S9V9 COMP-3", "000d", Decimal(0)),
    ],
)  # fmt: skip
def test_bytes_mean_values(clauses, raw, expected):
    got = value(clauses, raw)
    assert (got, type(got)) == (expected, type(expected))


def test_other_pages_and_machines():
    assert value("PIC S9(3)", b"01K".hex(), "ascii") == -12
    assert value("PIC X(3)", b"A[z".hex(), "ascii") == "A[z"
    assert value("COMP-1", "c2ed4000", floats="ieee") == -118.625
    assert value("PIC X(2)", "adbd", "cp1047") == "[]"


TEXT = st.text(st.sampled_from("홍길동가A1 .,國"), max_size=5).map(str.rstrip)
COPYBOOK = """
 05 TXT PIC X(22).            05 DBL PIC G(5).           05 NUM PIC 9(5).
 05 ZON PIC S9(5)V99.         05 LEAD PIC S9(3) SIGN LEADING. 05 SEP PIC S9(3) SIGN TRAILING SEPARATE.
 05 PAK PIC S9(9)V99 COMP-3.  05 UPAK PIC 9(4) COMP-3.   05 BCD PIC 9(5) COMP-6.
 05 BIN PIC S9(4) COMP.       05 WIDE PIC S9(18)V9(4) COMP. 05 UBIN PIC 9(9) COMP.
 05 FLT COMP-1. 05 DBLF COMP-2. 05 EDT PIC -(6)9.99.     05 N PIC 9(2) COMP-3.
 05 FILLER PIC X(3).
 05 T OCCURS 0 TO 4 TIMES DEPENDING ON N.
   10 A PIC X(10).  10 M PIC 9.  10 B PIC S9(3) COMP-3 OCCURS 1 TO 3 DEPENDING ON M.
 05 Z PIC X(2)."""


def number(digits: int, scale: int = 0, *, signed: bool = True):
    whole = st.integers(-(10**digits) + 1 if signed else 0, 10**digits - 1)
    return whole.map(lambda each: Decimal(each).scaleb(-scale)) if scale else whole


ENTRY = st.fixed_dictionaries({"A": st.text("AB", max_size=4), "B": st.lists(number(3), min_size=1, max_size=3)})
VALUES = st.fixed_dictionaries(
    {
        "TXT": TEXT, "DBL": st.text("홍길동", max_size=5), "NUM": number(5, signed=False), "ZON": number(7, 2), "LEAD": number(3),
        "SEP": number(3), "PAK": number(11, 2), "UPAK": number(4, signed=False), "BCD": number(5, signed=False), "BIN": number(4),
        "WIDE": number(22, 4), "UBIN": number(9, signed=False), "FLT": number(6).map(float), "DBLF": number(12).map(float),
        "EDT": number(8, 2), "T": st.lists(ENTRY.map(lambda each: {**each, "M": len(each["B"])}), max_size=4), "Z": st.text("AB", max_size=2),
    }
)  # fmt: skip
EVERY = codec(COPYBOOK)


@given(values=VALUES)
def test_a_record_goes_round(values):
    raw = EVERY.write(values)
    read, findings = EVERY.read(raw)
    assert findings == ()
    assert read == {**values, "N": len(values["T"])}
    assert EVERY.write(read) == raw
    assert EVERY.differences(raw) == ()
    assert sum(place.node.size for place in EVERY.places(raw)) == len(raw)


@given(values=VALUES, data=st.data())
def test_damaged_records_end_in_findings_and_come_back_or_are_explained(values, data):
    raw = bytearray(EVERY.write(values))
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw)
    read, findings = EVERY.read(damaged, 1000)
    assert all(render(finding, "ko") and (finding.offset or 1000) >= 1000 for finding in findings)
    if rejected(findings):
        return
    explained = EVERY.differences(damaged)
    if not explained:
        assert EVERY.write(read) == damaged


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read(raw):
    for finding in EVERY.read(raw)[1]:
        assert render(finding, "en")
    EVERY.places(raw)
    EVERY.differences(raw)


@pytest.mark.parametrize(
    ("clauses", "raw", "codes", "expected"),
    [
        ("PIC S9(3) COMP-3", "12a4", {"packed-invalid"}, None), ("PIC S9(3) COMP-3", "1240", {"packed-invalid"}, None),
        ("PIC 9(3) COMP-3", "123d", {"packed-invalid"}, None), ("PIC 9(3)", "404040", {"number-blank"}, None),
        ("PIC 9(3)", "000000", {"number-blank"}, None), ("PIC 9(3)", "4040f7", {"bytes-differ"}, 7), ("PIC 9(3)", "f7f70000"[:6], {"bytes-differ"}, 77), ("PIC S9(3)", "f7d740", {"bytes-differ"}, -77),
        ("PIC 9(3)", "f1c1f2", {"zoned-invalid"}, None), ("PIC 9(3)", "f1f2d3", {"zoned-invalid"}, None),
        ("PIC 9(3)", "f140f2", {"zoned-invalid"}, None), ("PIC ZZ9", "f1c1f2", {"edited-invalid"}, None),
        ("PIC X(4)", "c1000000", set(), "A"), ("PIC X(4)", "c100c2c3", {"low-values-inside"}, "A BC"),
        ("PIC X(4)", "0ed1b740", {"shift-unclosed"}, "홍"), ("PIC X(4)", "0ed1b7c1", {"hangul-cut", "shift-unclosed"}, "홍"),
        ("PIC G(2)", "d1b741", {"record-cut", "hangul-cut"}, "홍"), ("PIC X(4)", "c1c2", {"record-cut"}, "AB"),
        ("PIC 9(4)", "f1f2", {"record-cut"}, None), ("PIC X(2)", "c1c2c3", {"record-long"}, "AB"), ("PIC X(2)", "c1c24040", {"record-long"}, "AB"),
        ("PIC N(1) NATIONAL", "d800", {"charset-invalid"}, "\ufffd"),
    ],
)  # fmt: skip
def test_odd_bytes_are_told(clauses, raw, codes, expected):
    values, findings = one(clauses).read(bytes.fromhex(raw), 50)
    assert ({finding.code for finding in findings}, values["F"]) == (codes, expected)
    assert all((finding.offset or 0) >= 50 for finding in findings)


def test_dirty_signs_are_read_and_their_difference_explained():
    record = codec(" 05 A PIC S9(3) COMP-3. 05 B PIC 9(3). 05 FILLER PIC X.")
    raw = bytes.fromhex("123ff1f2c3c1")
    assert record.read(raw) == ({"A": 123, "B": 123}, ()) or rejected(record.read(raw)[1])
    raw = bytes.fromhex("123ff1f2f3c1")
    assert record.read(raw) == ({"A": 123, "B": 123}, ())
    told = [(each.field, each.params["bytes"], each.params["written"]) for each in record.differences(raw)]
    assert told == [("A", "123F", "123C"), ("FILLER", "C1", "40")]


@pytest.mark.parametrize("count", ["f9", "40", "c1"])
def test_a_counter_beyond_its_table_is_refused(count):
    record = codec(" 05 N PIC 9. 05 T PIC X OCCURS 1 TO 3 DEPENDING ON N.")
    _, findings = record.read(bytes.fromhex(count + "c1c2c3"))
    assert "occurs-out-of-range" in {finding.code for finding in findings}
    assert rejected(findings)


def test_tables_can_take_their_largest_size():
    record = codec(" 05 N PIC 9. 05 T PIC X OCCURS 0 TO 3 DEPENDING ON N. 05 Z PIC X.", whole=True)
    raw = bytes.fromhex("f1c10000e9")
    assert record.read(raw) == ({"N": 1, "T": ["A"], "Z": "Z"}, ())
    assert record.write({"T": ["A"], "Z": "Z"}) == raw


CHOICE = (
    " 05 K PIC X. 05 A PIC X(4). 05 B REDEFINES A PIC S9(7) COMP-3. 05 C REDEFINES A. 10 D PIC 9(2). 10 E PIC X(2)."
)


def test_the_alternative_is_chosen_by_a_field():
    record = codec(CHOICE, choose={"A": Choice("K", {"B": "B", "C": "C"})})
    for raw, values in (
        ("c1c1c2c3c4", {"K": "A", "A": "ABCD"}),
        ("c20000123c", {"K": "B", "B": 123}),
        ("c3f1f2c1c2", {"K": "C", "D": 12, "E": "AB"}),
    ):
        assert record.read(bytes.fromhex(raw)) == (values, ())
        assert record.write(values).hex() == raw
    assert rejected(record.read(bytes.fromhex("c2c1c2c3c4"))[1])


def test_other_alternatives_are_read_as_far_as_they_fit():
    values, findings = codec(CHOICE, others=True).read(bytes.fromhex("c1f1f2c1c2"))
    assert (values, findings) == ({"K": "A", "A": "12AB", "B": None, "D": 12, "E": "AB"}, ())


def test_short_records_are_read_where_they_may_be_short():
    values, findings = one("PIC X(4). 05 G PIC 9(2)", short=True).read(bytes.fromhex("c1c2"))
    assert values == {"F": "AB", "G": None}
    assert [(finding.code, finding.severity) for finding in findings] == [("record-cut", "repair")]


@pytest.mark.parametrize(
    ("clauses", "written", "code"),
    [
        ("PIC X(4)", "ABCDE", "text-cut"), ("PIC X(8)", "똠", "char-unencodable"), ("PIC G(2)", "홍길동", "text-cut"),
        ("PIC 9(3)", 1000, "number-does-not-fit"), ("PIC 9(3)", -1, "number-does-not-fit"), ("PIC 9(3)", "12", "number-does-not-fit"),
        ("PIC S9(3) COMP-3", Decimal("1.5"), "number-does-not-fit"), ("PIC S9(3) COMP-3", None, "value-missing"),
        ("PIC S9(4) COMP", 99999, "number-does-not-fit"), ("PIC ZZ9", 1000, "number-does-not-fit"), ("PIC ZZ9", -1, "number-does-not-fit"),
        ("COMP-1", float("nan"), "number-does-not-fit"), ("PIC N(1) NATIONAL", "가나", "text-cut"), ("POINTER", "xyz", "pattern-mismatch"),
        ("PIC X OCCURS 2", ["A", "B", "C"], "occurs-out-of-range"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_not_written(clauses, written, code):
    with pytest.raises(FormatError) as caught:
        one(clauses).write({"F": written})
    assert [finding.code for finding in caught.value.findings] == [code]


def test_text_may_be_cut_where_the_field_allows():
    report = []
    record = one("PIC X(8)", substitute=("F",))
    assert record.write({"F": "홍길동 똠"}, report=report) == page("cp933").write("홍길동")[0]
    assert {finding.code for finding in report} == {"text-cut", "char-substituted"}
    assert not rejected(report)


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (CHOICE, {"choose": {"A": Choice("NONE", {})}}), (CHOICE, {"choose": {"A": "NONE"}}),
        (" 05 F PIC G(2).", {"charset": "cp037"}),
    ],
)  # fmt: skip
def test_rules_that_do_not_fit_the_copybook_are_refused(body, more):
    with pytest.raises(CopybookError):
        codec(body, **more)
