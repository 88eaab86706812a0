"""The table of agency codes: reports go round to themselves; lines of one day are one report; zeros and letters stay."""

import datetime as dt
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.contract import Item, Outgoing
from onnara.exchange.v1.units_pb2 import UnitReported

ADAPTER = catalogue.load("agency_codes")
EXCERPT = Path(__file__).parents[3] / "services" / "directory" / "data" / "agency-codes-excerpt.tsv"
codes = st.from_regex(r"[0-9A-Z]{7}", fullmatch=True)
names = st.text(
    st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 41)] + list("AZ09·(-)")), min_size=1, max_size=9
)
days = st.just("") | st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2049, 1, 1)).map(str)
units = st.builds(
    UnitReported, code=codes, full_name=names, name=st.just("") | names, level=st.integers(0, 9), parent_code=st.just("") | codes,
    representative_code=st.just("") | codes, zipcode=st.sampled_from(["", "30112", "400702"]), address=st.just("") | names,
    created_on=days, abolished_on=days, changed_on=days, abolished=st.booleans(), predecessor_codes=st.lists(codes, max_size=3),
)  # fmt: skip


def decoded(data: bytes):
    return ADAPTER.decode(Item("codes.tsv", {"codes.tsv": data}))


@settings(deadline=None)
@given(st.lists(units, min_size=1, max_size=5))
def test_units_go_round_to_themselves_and_stand_for_the_newest_day(messages):
    [item] = (encoded := ADAPTER.encode([Outgoing(message) for message in messages])).items
    assert dict(encoded.rejected) == {}
    [data] = item.parts.values()
    got = decoded(data).records
    newest = max(day for unit in messages for day in (unit.created_on, unit.changed_on))
    for record, wanted in zip(got, messages, strict=True):
        assert (record.message.HasField("reported_at"), record.natural_key.partition(":")[0]) == (
            bool(newest),
            f"{wanted.code}@{newest}",
        )
        record.message.ClearField("reported_at")
        record.message.ClearField("origin")
    assert [record.message for record in got] == messages
    [again] = ADAPTER.encode([Outgoing(message) for message in messages]).items
    assert again.parts == item.parts


def test_the_public_excerpt_is_taken_whole_and_goes_back_the_same():
    first = decoded(EXCERPT.read_bytes())
    assert len(first.records) == 300
    assert all(record.message is not None for record in first.records)
    [item] = ADAPTER.encode([Outgoing(record.message) for record in first.records]).items
    [data] = item.parts.values()
    again = decoded(data)
    assert [record.message for record in again.records] == [record.message for record in first.records]


def test_the_same_line_in_another_file_of_the_day_is_the_same_report_and_a_corrected_one_is_not():
    lines = EXCERPT.read_bytes().split(b"\n")
    whole = {record.message.code: record.natural_key for record in decoded(b"\n".join(lines)).records}
    newest = max(whole.values(), key=lambda key: key[8:18])[8:18]
    changed = [lines[0], *(line.replace("과\t".encode("cp949"), "팀\t".encode("cp949"), 1) for line in lines[1:])]
    other = {record.message.code: record.natural_key for record in decoded(b"\n".join(changed)).records}
    assert {key[8:18] for key in (*whole.values(), *other.values())} == {newest}
    assert any(whole[code] == other[code] for code in whole)
    assert any(whole[code] != other[code] for code in whole)
