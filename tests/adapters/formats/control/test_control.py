"""Control files of transmissions: read as strangers' XML, written to the byte, held against the files that are there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.formats.control import (
    Control,
    ControlledRows,
    ListedFile,
    Party,
    check,
    file_name,
    read_control,
    read_file_name,
    write_control,
)
from adapters.formats.delimited import Column, Dialect
from adapters.formats.findings import FormatError
from adapters.formats.rows import HEADER

DIALECT = Dialect((Column("a"), Column("b")), b"\0", b"", header=False, guard=False, newline="lf")
CODEC = ControlledRows(
    {"mapping": DIALECT}, {"mapping": "PROD_DOC"}, said={"workDiv": "product"}, read=["key", "unit", "made"]
)
words = st.text(st.characters(codec="cp949", exclude_categories=["Cc"]), max_size=12).map(str.strip)
parties = st.builds(Party, words, words, words, words)
controls = st.builds(
    Control, words, words, words, words, words, words, words, words, parties, parties,
    st.lists(st.builds(ListedFile, words, st.integers(0, 10**12), words), max_size=4).map(tuple),
)  # fmt: skip
cells = st.text(
    st.characters(codec="cp949", exclude_characters="\0\n\r\x1a", exclude_categories=["Cc"]), min_size=1, max_size=9
)


@settings(max_examples=40)
@given(controls)
def test_a_control_file_goes_round(control):
    data = write_control(control)
    assert read_control(data, "exchange.xml") == (control, [])
    assert write_control(read_control(data, "exchange.xml")[0]) == data


def test_what_xml_cannot_carry_is_refused_not_left_out():
    for control in (Control(key="a\0b"), Control(files=(ListedFile("a\x01.txt", 1),))):
        with pytest.raises(FormatError) as caught:
            write_control(control)
        assert caught.value.findings[0].code == "control-inside"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<exchange/>", "control-unreadable"),
        (b"<EXCHANGE><HEADER/></EXCHANGE>", "control-unreadable"),
        (b"<exchange><fileList>", "xml-malformed"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><exchange key="&x;"><fileList/></exchange>', "xml-entity-forbidden"),
        (b"<exchange><fileList>" + b"<file/>" * 20_001 + b"</fileList></exchange>", "control-unreadable"),
        (b"", "xml-empty"),
    ],
)  # fmt: skip
def test_other_files_are_no_control_files(data, code):
    with pytest.raises(FormatError) as caught:
        read_control(data, "exchange.xml")
    assert caught.value.findings[0].code == code


def test_each_file_that_does_not_fit_has_its_own_finding():
    files = (
        ListedFile("good", 2), ListedFile("short", 3), ListedFile("long", 1), ListedFile("gone", 1), ListedFile("odd", None),
        ListedFile("twice", 2), ListedFile("twice", 2),
    )  # fmt: skip
    parts = dict.fromkeys(["exchange.xml", "good", "short", "long", "odd", "twice", "extra"], b"xx")
    found = check(Control(files=files), parts)
    assert {name: finding.code for name, finding in found.items()} == {
        "short": "part-shorter", "long": "part-longer", "gone": "part-missing", "odd": "part-size-unknown",
        "twice": "part-listed-twice", "extra": "part-unlisted",
    }  # fmt: skip
    assert dict(found["short"].params) == {"name": "short", "promised": "3", "found": "2"}


@pytest.mark.parametrize("size", ["-1", "1e3", "٣", "9" * 400, " ", "0x2"])
def test_sizes_that_are_no_numbers_are_not_guessed(size):
    data = f'<exchange><fileList><file name="a" size="{size}"/></fileList></exchange>'.encode()
    assert read_control(data, "x")[0].files == (ListedFile("a", None),)


def test_names_of_files_are_taken_apart():
    name = file_name("1310000", "PROD_DOC", "261123101530")
    assert (found := read_file_name(name)) is not None
    assert (found.unit, found.job, found.made) == ("1310000", "PROD_DOC", "261123101530")
    assert [read_file_name(each) for each in ("../_PROD_DOC_261123101530.txt", "1310000_PROD_DOC_26.txt", "")] == [
        None
    ] * 3


@settings(max_examples=40)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_records_with_their_control_file_go_round(rows):
    given_rows = [{"a": a, "b": b} for a, b in rows]
    head = {"unit": "1310000", "made": "261123101530", "key": "K1"}
    parts = CODEC.write([(HEADER, head), *(("mapping", row) for row in given_rows)], "n")
    assert list(parts) == ["1310000_PROD_DOC_261123101530.txt", "exchange.xml"]
    findings: list = []
    header, *read = CODEC.read(parts, findings)
    assert findings == []
    assert {**header.values, **head, "workDiv": "product"} == header.values
    assert [dict(row.values) for row in read] == given_rows
    assert CODEC.write([(HEADER, head), *((row.table, row.values) for row in read)], "n") == parts


@pytest.mark.parametrize("value", ["a\nb", "a\0b", "a\rb", "a\x1ab"])
def test_a_value_that_would_part_records_is_refused(value):
    assert [finding.code for finding in CODEC.settle({"a": value, "b": "x"}, "mapping")[1]] == ["cell-unwritable"]
    with pytest.raises(FormatError):
        CODEC.write([("mapping", {"a": value, "b": "x"})], "n")


def test_a_file_that_came_in_part_gives_no_record_and_the_others_go_on():
    head = {"unit": "1310000", "made": "261123101530"}
    parts = dict(
        CODEC.write([(HEADER, head), ("mapping", {"a": "1", "b": "2"}), ("mapping", {"a": "3", "b": "4"})], "n")
    )
    name = next(iter(parts))
    for data, code in ((parts[name][:-1], "part-shorter"), (parts[name] + b"\n", "part-longer")):
        rows = list(CODEC.read({**parts, name: data}, []))[1:]
        assert [[finding.code for finding in row.findings] for row in rows] == [[code], [code]]
        assert [row.raw for row in rows] == [b"1\x002", b"3\x004"]


def test_values_of_the_control_file_that_nobody_takes_are_told():
    findings: list = []
    control = Control(key="K", work_div="transfer", send=Party(ip="10.0.0.1"))
    list(CODEC.read({"EXCHANGE.XML": write_control(control)}, findings))
    assert [(finding.code, finding.field) for finding in findings] == [
        ("control-value-unused", "workDiv"), ("control-value-unused", "send.ip"),
    ]  # fmt: skip


def test_an_item_is_whole_with_its_control_file():
    assert CODEC.is_complete(["a.txt", "exchange.xml"])
    assert not CODEC.is_complete(["a.txt"])
    with pytest.raises(FormatError):
        list(CODEC.read({"a.txt": b"x"}, []))
