"""Chains of parents and links between predecessors and successors, in tables of any shape."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.agency_codes import CodeRow, Outcome, Tree
from directory.domain.agency_codes.circles import circles
from directory.domain.agency_codes.relations import findings

START, END, LATER, DAY = date(2000, 1, 1), date(2010, 1, 1), date(2020, 1, 1), date(2026, 5, 11)


def row(code: str, *before: str, parent: str = "", since: date | None = START, until: date | None = None,
        name: str = "", level: int | None = None, top: str = "", abolished: bool | None = None,
        order: int | None = None, representative: str = "") -> CodeRow:  # fmt: skip
    return CodeRow(
        code=code, full_name=name or code, name=name or code, level=level, order=order, agency_level=None,
        parent_code=parent, top_code=top or code, representative_code=representative or code, kind=("", "", ""),
        postcode="", administrative_area="", location="", address="", lot_number="", telephone="", fax="",
        created=since, abolished_on=until, changed=None, abolished=until is not None if abolished is None else abolished,
        predecessor_codes=before, line=2, cells=(),
    )  # fmt: skip


def found(*rows: CodeRow) -> set[tuple[str, str]]:
    return {(finding.code, finding.unit_code) for finding in findings(rows)}


def test_up_and_down() -> None:
    tree = Tree([
        row("A"), row("C", parent="B", top="A"), row("B", parent="A", order=2), row("D", parent="A", order=1),
        row("E", parent="A"), row("F", parent="gone", top="A"), row("G", parent="gone", top="nobody"),
    ])  # fmt: skip
    assert tree.children("A") == ("D", "B", "E")
    assert tree.children("") == ("A",)
    assert [above.code for above in tree.ancestors("C")] == ["B", "A"]
    assert {code: (top := tree.top(code)) and top.code for code in "ACFGX"} == {
        "A": "A", "C": "A", "F": "A", "G": None, "X": None,
    }  # fmt: skip


def test_days_on_which_a_unit_is_alive() -> None:
    tree = Tree([
        row("A", until=END), row("B", since=None), row("C", until=None, abolished=True), row("D", since=END, until=END),
    ])  # fmt: skip
    assert [tree.is_active("A", day) for day in (date(1999, 12, 31), START, date(2009, 12, 31), END)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert tree.is_active("B", date.min)
    assert not tree.is_active("C", START)
    assert not tree.is_active("D", END)
    assert not tree.is_active("nobody", DAY)


def test_merged_and_split_again() -> None:
    tree = Tree([
        row("A", until=END), row("B", until=END), row("M", "A", "B", since=END, until=LATER),
        row("X", "M", since=LATER), row("Y", "M", since=LATER), row("Z", "M", since=LATER, until=DAY),
    ])  # fmt: skip
    then = tree.resolve("A", DAY)
    assert (then.outcome, then.successors, then.ended) == (Outcome.RESOLVED, ("X", "Y"), ("Z",))
    assert tree.resolve("B", DAY).successors == ("X", "Y")
    assert tree.resolve("A", date(2015, 1, 1)).successors == ("M",)
    assert tree.resolve("A", START).successors == ("A",)
    assert tree.resolve("A", START).outcome is Outcome.ACTIVE


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([row("A", until=END)], Outcome.NO_SUCCESSOR),
        ([row("A", "A", until=END)], Outcome.NO_SUCCESSOR),
        ([row("A", until=END), row("B", "A", until=LATER)], Outcome.ENDED),
        ([row("A", "B", until=END), row("B", "A", until=LATER)], Outcome.CIRCLE),
        ([row("A", until=END), row("B", "A", since=date(2027, 1, 1))], Outcome.LATER),
        ([row("A", since=date(2027, 1, 1))], Outcome.NOT_BEGUN),
        ([row("B")], Outcome.UNKNOWN),
        ([row("B", "A")], Outcome.RESOLVED),
    ],
)
def test_why_nobody_carries_on(rows: list[CodeRow], outcome: Outcome) -> None:
    resolution = Tree(rows).resolve("A", DAY)
    assert resolution.outcome is outcome
    assert resolution.successors == (("B",) if outcome is Outcome.RESOLVED else ())


def test_what_does_not_fit_the_parents() -> None:
    top = row("A", level=1)
    assert found(top, row("B", parent="A", name="B", level=2, top="A", representative="A")) == {
        ("name-differs-from-parents", "B")
    }
    below: dict[str, Any] = {"parent": "A", "top": "A", "representative": "A"}
    assert ("level-differs", "B") in found(top, row("B", level=3, **below))
    assert ("unknown-parent", "B") in found(top, row("B", parent="Z", top="A"))
    assert ("abolished-parent", "B") in found(row("A", until=END), row("B", **below))
    assert ("outlives-parent", "B") in found(row("A", until=END), row("B", until=LATER, **below))
    assert ("outlives-parent", "B") not in found(row("A", until=LATER), row("B", until=END, **below))
    assert ("unknown-top", "B") in found(top, row("B", parent="A", top="Z"))
    assert ("top-differs", "B") in found(top, row("B", parent="A", top="B"))
    assert ("unknown-representative", "B") in found(top, row("B", parent="A", representative="Z"))
    assert ("representative-not-above", "B") in found(top, row("C"), row("B", parent="A", representative="C"))
    assert {("parent-circle", "A"), ("parent-circle", "B")} <= found(row("A", parent="B"), row("B", parent="A"))
    assert ("parent-circle", "A") in found(row("A", parent="A"))


def test_what_does_not_fit_the_predecessors() -> None:
    assert found(row("A", "A")) == {("predecessor-of-itself", "A")}
    assert found(row("A", "Z")) == {("unknown-predecessor", "A")}
    assert found(row("A"), row("B", "A")) == {("living-predecessor", "B")}
    assert found(row("A", "B", until=END), row("B", "A", until=END)) == {
        ("successor-circle", "A"), ("successor-circle", "B"),
    }  # fmt: skip


def test_of_two_rows_the_living_one_counts() -> None:
    old, new = row("A", until=END), row("A", since=END)
    assert found(old, new) == {("duplicate-code", "A")}
    assert Tree([old, new]).by_code["A"] is new
    assert Tree([new, old]).by_code["A"] is new
    assert Tree([old, row("A", until=LATER)]).by_code["A"].abolished_on == LATER


LETTERS = st.sampled_from("ABCDEFGH")
DAYS = st.sampled_from([None, START, END, LATER, DAY, date(2027, 1, 1)])


@st.composite
def tables(draw: st.DrawFn) -> list[CodeRow]:
    """Rows with any parents, predecessors and days at all, sometimes with a code twice."""
    rows = []
    for code in draw(st.lists(LETTERS, max_size=10)):
        before, parent = draw(st.lists(LETTERS, max_size=3, unique=True)), draw(st.one_of(st.just(""), LETTERS))
        since, until, gone = draw(DAYS), draw(DAYS), draw(st.booleans())
        rows.append(row(code, *before, parent=parent, since=since, until=until if gone else None, abolished=gone))
    return rows


def reach(links: dict[str, set[str]], start: str) -> set[str]:
    """Everything behind a code, by simple repetition: the measure for the faster searches."""
    known: set[str] = set(links[start])
    while more := set().union(*(links[code] for code in known)) - known:
        known |= more
    return known


@given(tables(), LETTERS, st.sampled_from([START, END, DAY]))
def test_a_resolution_names_all_living_followers_and_only_those(rows: list[CodeRow], code: str, day: date) -> None:
    tree = Tree(rows)
    resolution = tree.resolve(code, day)
    assert all(tree.is_active(other, day) for other in resolution.successors)
    assert len(set(resolution.successors)) == len(resolution.successors)
    assert bool(resolution.successors) == (resolution.outcome in {Outcome.ACTIVE, Outcome.RESOLVED})
    start = tree.by_code.get(code)
    if start is not None and not start.ended(day):
        assert resolution.successors == ((code,) if start.begun(day) else ())
        return
    # Links lead on from units that are gone (or unknown) only.
    links: dict[str, set[str]] = defaultdict(set)
    for other in tree.by_code.values():
        for before in other.predecessor_codes:
            known = tree.by_code.get(before)
            if before != other.code and (known is None or known.ended(day)):
                links[before].add(other.code)
    behind = reach(links, code) - {code}
    assert set(resolution.successors) == {other for other in behind if tree.is_active(other, day)}
    assert set(resolution.circle) == {
        other for other in behind | {code} if any(other in group for group in tree.successor_circles)
    }


@given(tables())
def test_chains_of_parents_end_and_circles_are_all_found(rows: list[CodeRow]) -> None:
    tree = Tree(rows)
    links: dict[str, set[str]] = defaultdict(set)
    for each in tree.by_code.values():
        links[each.code] |= {each.parent_code} - {""}
    for code in tree.by_code:
        above = [each.code for each in tree.ancestors(code)]
        assert len(above) == len(set(above))
        assert set(above) == (reach(links, code) & set(tree.by_code)) - {code}
    circular = {code for group in tree.parent_circles for code in group}
    assert circular == {code for code in tree.by_code if code in reach(links, code)}
    assert {code for finding, code in found(*rows) if finding == "parent-circle"} == circular


@given(st.dictionaries(LETTERS, st.lists(LETTERS, max_size=4)))
def test_circles_are_the_groups_that_reach_each_other(graph: dict[str, list[str]]) -> None:
    links: dict[str, set[str]] = defaultdict(set, {code: set(after) for code, after in graph.items()})
    behind = {code: reach(links, code) for code in "ABCDEFGH"}
    expected = {tuple(sorted(o for o in behind[c] if c in behind[o])) for c in behind if c in behind[c]}
    assert circles(graph) == sorted(expected)


def test_long_chains_need_no_stack() -> None:
    size = 20_000
    rows = [row("0", until=END)]
    rows += [row(str(n), str(n - 1), parent=str(n - 1), until=END if n < size else None) for n in range(1, size + 1)]
    tree = Tree(rows)
    assert tree.resolve("0", DAY).successors == (str(size),)
    assert len(tree.ancestors(str(size))) == size
    assert not tree.parent_circles
