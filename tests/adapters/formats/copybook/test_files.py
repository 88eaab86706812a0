"""Files of host records: lengths in front, blocks, kinds by a field, and the way back after damage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.formats.copybook import HOST, LINES, Codec, CopybookError, Framing, HostFile, Rules, join, parse, split
from adapters.formats.ebcdic import page
from adapters.formats.findings import FormatError

LITTLE = Framing(at=2, order="little", extra=0)
INSIDE = Framing(prefix=0, at=0, width=2, extra=0, least=2)
BLOCKED = Framing(blocks=True)
FRAMINGS = {
    "host": HOST,
    "little": LITTLE,
    "blocked": BLOCKED,
    "five": Framing(prefix=5, at=3, order="little", extra=0),
}
RECORDS = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=8)


@pytest.mark.parametrize("name", FRAMINGS)
@given(records=RECORDS)
def test_records_are_framed_and_found_again(name, records):
    framing = FRAMINGS[name]
    data = join(records, framing, block=60)
    pieces = list(split(data, framing))
    assert [(raw, wrong) for _, raw, wrong in pieces] == [(record, None) for record in records]
    assert all(data[offset : offset + len(raw)] == raw for offset, raw, _ in pieces)


def test_a_descriptor_word_counts_itself_on_hosts():
    assert join([b"abc"], HOST).hex() == "00070000616263"
    assert join([b"abc", b"d"], BLOCKED).hex() == "001000000007000061626300050000" + "64"
    assert join([b"abc"], LITTLE).hex() == "00000300616263"


def test_a_length_inside_the_record_is_filled_in():
    data = join([b"\0\0abc", b"\0\0d"], INSIDE)
    assert [raw for _, raw, _ in split(data, INSIDE)] == [b"\0\5abc", b"\0\3d"]


def test_records_of_one_length_touch():
    assert [raw for _, raw, _ in split(b"aabb\x40", Framing(length=2))] == [b"aa", b"bb"]
    assert [wrong.code if wrong else "" for _, _, wrong in split(b"aabbc", Framing(length=2))] == [
        "",
        "",
        "record-short",
    ]
    with pytest.raises(FormatError):
        join([b"abc"], Framing(length=2))


def test_lines_are_records_of_a_transferred_file():
    data = b"H1abc\r\nD1\n\n\x1a"
    assert [(offset, raw) for offset, raw, _ in split(data, LINES)] == [(0, b"H1abc"), (7, b"D1")]
    assert join([b"H1abc", b"D1"], LINES) == b"H1abc\nD1\n"


@pytest.mark.parametrize("word", ["0000", "0003", "ffff"])
def test_a_wrong_length_costs_its_record_and_the_next_are_found(word):
    records = [bytes([0xC1 + number]) * 20 for number in range(6)]
    data = bytearray(join(records, HOST))
    data[24:26] = bytes.fromhex(word)
    pieces = list(split(bytes(data), HOST))
    assert [raw for _, raw, wrong in pieces if wrong is None] == [records[0], *records[2:]]
    bad = [(offset, wrong.code) for offset, _, wrong in pieces if wrong]
    assert bad == [(24, "record-word-invalid")]


def test_a_wrong_length_that_could_be_right_swallows_what_it_spans_and_no_more():
    records = [bytes([0xC1 + number]) * 20 for number in range(6)]
    data = bytearray(join(records, HOST))
    data[24:26] = (64).to_bytes(2, "big")
    pieces = list(split(bytes(data), HOST))
    assert [raw for _, raw, wrong in pieces if wrong is None][2:] == records[4:]
    assert b"".join(raw for _, raw, _ in pieces).count(b"\xc3") == 20


def test_a_file_cut_in_its_last_record_says_so():
    pieces = list(split(join([b"a" * 9, b"b" * 9], HOST)[:-3], HOST))
    assert [(raw[-6:], wrong.code if wrong else "") for _, raw, wrong in pieces] == [
        (b"a" * 6, ""),
        (b"b" * 6, "record-cut"),
    ]


@given(data=st.binary(max_size=120))
@pytest.mark.parametrize("name", FRAMINGS)
def test_any_bytes_are_split(name, data):
    for offset, raw, _ in split(data, FRAMINGS[name]):
        assert data[offset : offset + len(raw)] == raw


@pytest.mark.parametrize("size", [0, 40_000])
def test_records_no_word_can_count_are_not_written(size):
    with pytest.raises(FormatError):
        join([b"x" * size], HOST)


BOOK = """
 01 HEAD. 05 K PIC X(2). 05 NAME PIC X(8).
 01 ITEM. 05 K PIC X(2). 05 SUM PIC S9(5) COMP-3.
"""


def host_file(**more) -> HostFile:
    rules = Rules(page("cp933"))
    kinds = {record.name: Codec(record, rules) for record in parse(BOOK, "free")}
    return HostFile(kinds, HOST, **({"key": "K", "values": {"01": "HEAD", "02": "ITEM"}} | more))


def test_kinds_are_told_by_a_field_and_go_round():
    file = host_file()
    rows = [("HEAD", {"K": "01", "NAME": "홍길동"}), ("ITEM", {"K": "02", "SUM": -5})]
    data = file.write(rows)
    assert [(each.ordinal, each.kind, dict(each.values)) for each in file.read(data)] == [
        (1, *rows[0]),
        (2, *rows[1]),
    ]
    assert file.write([(each.kind, dict(each.values)) for each in file.read(data)]) == data


def test_a_record_of_no_kind_is_refused_alone():
    file = host_file()
    good = file.write([("ITEM", {"K": "02", "SUM": 1})])
    data = good + join([page("cp933").write("99XX")[0], b"\xf0"], HOST) + good
    read = list(file.read(data))
    assert [each.rejected for each in read] == [False, True, True, False]
    assert [(each.findings[0].code, each.findings[0].params["value"]) for each in read[1:3]] == [
        ("segment-unknown", "99"),
        ("segment-unknown", "0"),
    ]


def test_errors_of_all_records_come_together():
    with pytest.raises(FormatError) as caught:
        host_file().write([("ITEM", {"K": "02", "SUM": 10**6}), ("HEAD", {"K": "01", "NAME": "A" * 9})])
    assert [finding.code for finding in caught.value.findings] == ["number-does-not-fit", "text-cut"]


@pytest.mark.parametrize("key", ["NAME", "SUM", "NONE"])
def test_the_field_must_stand_in_every_kind(key):
    with pytest.raises(CopybookError):
        host_file(key=key)
