"""Whatever has followed an abolished unit is found, also through merging, splitting and errors in the table."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from directory.domain.records import Unit, holds, unit_id
from directory.domain.successors import at_day, living

START, END, TODAY = date(2000, 1, 1), date(2010, 1, 1), date(2026, 5, 11)


def row(code: str, *successors: str, since: date = START, until: date | None = None) -> Unit:
    return Unit(
        unit_id(code), code, code, code, unit_id(code), "0000000", is_agency=True, valid_from=since, valid_to=until,
        successor_codes=successors,
    )  # fmt: skip


def table(*rows: Unit) -> dict[str, list[Unit]]:
    return {found.code: [other for other in rows if other.code == found.code] for found in rows}


def test_merged_and_split_again():
    a, b = row("A", "M", until=END), row("B", "M", until=END)
    merged = row("M", "X", "Y", since=END, until=date(2020, 1, 1))
    x, y = row("X", since=date(2020, 1, 1)), row("Y", since=date(2020, 1, 1))
    rows = table(a, b, merged, x, y)
    assert living(a, rows, TODAY) == living(b, rows, TODAY) == [x, y]
    assert living(a, rows, date(2015, 1, 1)) == [merged]


def test_at_day_prefers_the_row_that_held():
    old, new = row("A", until=END), row("A", since=END)
    assert at_day([new, old], date(2005, 1, 1)) == old
    assert at_day([new, old], TODAY) == new
    assert at_day([old], TODAY) == old
    assert at_day([new], date(1990, 1, 1)) == new
    withdrawn = row("A", until=START)
    assert at_day([withdrawn], TODAY) is None


codes = st.sampled_from("ABCDEFG")


@given(st.dictionaries(codes, st.tuples(st.lists(codes, max_size=3), st.booleans())), codes)
def test_always_ends_and_answers_only_living_units(graph: dict[str, tuple[list[str], bool]], start: str):
    rows = {code: [row(code, *after, until=None if alive else END)] for code, (after, alive) in graph.items()}
    found = living(row(start, *graph.get(start, ([], True))[0], until=END), rows, TODAY)
    assert all(holds(unit, TODAY) for unit in found)
    assert len({unit.code for unit in found}) == len(found)
    assert start not in {unit.code for unit in found}
