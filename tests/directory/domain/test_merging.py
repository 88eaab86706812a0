"""What an import of a code table does to the units that are known."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from directory.domain.merging import Listed, merge
from directory.domain.records import Unit, holds, unit_id
from directory.seed import seed

DAY = date(2026, 5, 11)
days = st.dates(date(1950, 1, 1), date(2025, 12, 31))
codes = st.sampled_from(["6280000", "6286677", "3490000", "3490001", "T000001"])


@st.composite
def tables(draw) -> list[Listed]:
    found = []
    for code in sorted(draw(st.sets(codes))):
        begin = draw(days)
        end = draw(st.none() | days.filter(lambda day, begin=begin: day >= begin))
        agency = draw(st.sampled_from([code, "6280000"]))
        after = tuple(draw(st.lists(codes.filter(lambda other, code=code: other != code), max_size=2, unique=True)))
        found.append(Listed(code, draw(st.text("가나다", min_size=1)), "전체", "0000000", agency, begin, end, after))
    return found


def apply(known: dict[str, list[Unit]], units: list[Unit]) -> dict[str, list[Unit]]:
    rows = {(row.unit_id, row.valid_from): row for found in known.values() for row in found}
    rows.update({(row.unit_id, row.valid_from): row for row in units})
    after = defaultdict(list)
    for row in rows.values():
        after[row.code].append(row)
    return after


def seeded() -> dict[str, list[Unit]]:
    return apply({}, list(seed().units))


@given(tables(), tables())
def test_every_unit_is_there_once_and_a_second_import_of_the_same_changes_nothing(first, second):
    state = seeded()
    for table in (first, second):
        state = apply(state, merge(state, table).units)
    again = apply(state, merge(state, second).units)
    assert again == state
    for listed in second:
        real = [row for row in state[listed.code] if row.valid_from != row.valid_to]
        assert len(real) == 1
        assert real[0].name == listed.name


@given(tables())
def test_served_units_keep_what_makes_them_work(table):
    before = seeded()
    after = apply(before, merge(before, table).units)
    for code, rows in before.items():
        (kept,) = after[code]
        assert kept.served_here
        assert holds(kept, DAY)
        assert (
            replace(
                kept,
                name=rows[0].name,
                full_name=rows[0].full_name,
                parent_code=rows[0].parent_code,
                successor_codes=(),
            )
            == rows[0]
        )


def test_the_end_of_a_served_agency_is_left_to_people():
    table = [Listed("6280000", "인천", "인천", "0000000", "6280000", date(1995, 1, 1), date(2026, 1, 1), ("6999999",))]
    merged = merge(seeded(), table)
    assert [(finding.code, finding.unit_code) for finding in merged.findings] == [("served-unit-abolished", "6280000")]


def test_a_corrected_first_day_withdraws_the_old_row():
    listed = Listed("3490000", "중구", "인천광역시 중구", "6280000", "3490000", date(1968, 1, 1), None)
    known = apply({}, merge({}, [listed]).units)
    merged = merge(known, [replace(listed, valid_from=date(1970, 1, 1))])
    assert [(row.valid_from, row.valid_to) for row in merged.units] == [
        (date(1968, 1, 1), date(1968, 1, 1)),
        (date(1970, 1, 1), None),
    ]


def test_departments_belong_to_their_agency():
    table = [
        Listed("3490001", "총무과", "중구 총무과", "3490000", "3490000", date(1990, 1, 1), None),
        Listed("3490000", "중구", "중구", "6280000", "3490000", date(1968, 1, 1), None),
    ]
    department, agency = merge({}, table).units
    assert agency.is_agency
    assert not department.is_agency
    assert department.agency_id == agency.agency_id == agency.unit_id == unit_id("3490000")
