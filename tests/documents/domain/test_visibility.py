"""The rule of visibility: nobody beside it, wider ranges lose nobody, and rows follow from differences."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from documents.domain import visibility
from documents.domain.state import State
from documents.domain.visibility import Basis, Bearer, Facts, Range, diff, readers_of, tokens_of

HOME, ABROAD = "home", "abroad"
PEOPLE = ("author", "co", "reviewer", "after", "shown", "granted", "charge", "colleague", "neighbour", "far", "keeper")
DEPARTMENTS = {"own": "D1", "division": "D2", "other": "D3"}
TODAY = date(2026, 5, 11)
BEFORE = sorted(visibility.BEFORE_DECISION)
AFTER = [State.FILED, State.SEND_WAIT, State.SENT, State.TRANSFERRED]


def bearers(*names: str, agency: str = HOME) -> frozenset[Bearer]:
    return frozenset(visibility.official(name, agency) for name in names)


def facts(**changes: object) -> Facts:
    values = {
        "state": State.FILED,
        "agency_id": HOME,
        "department_code": "D1",
        "author_id": "author",
        "co_drafters": frozenset({"co"}),
        "line": bearers("author", "reviewer"),
        "after": bearers("after"),
        "division": frozenset({"D1", "D2"}),
        "circulated": bearers("shown"),
        "granted": bearers("granted", agency=ABROAD),
        "today": TODAY,
        **changes,
    }
    return Facts(**values)


def sees(found: visibility.Readers, who: str, department: str = "D9", agency: str = HOME, *roles: str) -> bool:
    """As the database decides: a row for one of the reader's tokens, in the reader's agency or in every one."""
    tokens = tokens_of(who, agency, department, roles)
    return any(each.token in tokens and each.agency_id in {agency, visibility.ANY_AGENCY} for each in found)


situations = st.builds(
    facts,
    state=st.sampled_from([State.DRAFT, *BEFORE, *AFTER]),
    range=st.sampled_from(Range),
    until=st.none() | st.sampled_from([date(2026, 5, 10), TODAY, date(2026, 5, 12)]),
    circulated=st.sampled_from([frozenset(), bearers("shown")]),
    granted=st.sampled_from([frozenset(), bearers("granted", agency=ABROAD)]),
)
readers = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(sorted(DEPARTMENTS.values())),
    st.sampled_from([HOME, ABROAD]),
    st.sampled_from(["", "clerk", "records"]),
)


@given(situations, readers)
def test_nobody_reads_whom_the_rule_does_not_name(case: Facts, reader: tuple[str, str, str, str]) -> None:
    who, department, agency, role = reader
    home, open_ = agency == HOME, case.until is None or case.until <= TODAY
    decided = case.state not in {State.DRAFT, *BEFORE}
    reach = case.range if decided and open_ else Range.LINE
    allowed = (
        (home and who in {"author", "co"})
        or (home and case.state != State.DRAFT and who == "reviewer")
        or (decided and visibility.official(who, agency) in case.after | case.circulated | case.granted)
        or (decided and home and role == "records")
        or (home and reach >= Range.DEPARTMENT and department == "D1")
        or (home and reach >= Range.DIVISION and department in case.division)
        or (home and reach >= Range.ORGAN)
        or reach >= Range.ALL
    )
    assert sees(readers_of(case), who, department, agency, role) is allowed


@given(situations, st.sampled_from(Range))
def test_a_wider_range_loses_no_reader(case: Facts, other: Range) -> None:
    narrow, wide = sorted([case.range, other])
    fewer, more = readers_of(replace(case, range=narrow)), readers_of(replace(case, range=wide))
    assert set(fewer) <= set(more)
    assert all(more[bearer] == basis for bearer, basis in fewer.items())


@given(situations, situations)
def test_a_difference_leads_from_one_to_the_other(before: Facts, after: Facts) -> None:
    old, new = readers_of(before), readers_of(after)
    change = diff(old, new)
    assert (set(old) | set(change.added)) - change.removed == set(new)
    assert not set(change.added) & set(old)


def test_the_strongest_right_counts() -> None:
    found = readers_of(facts(circulated=bearers("author", "reviewer"), granted=bearers("after")))
    assert found[visibility.official("author", HOME)] == Basis.AUTHOR
    assert found[visibility.official("reviewer", HOME)] == Basis.LINE
    assert found[visibility.official("after", HOME)] == Basis.LINE


def test_received_documents_lie_with_their_departments_and_those_who_distribute() -> None:
    case = facts(state=State.ASSIGNED, author_id="", co_drafters=frozenset(), received=True, seats=frozenset({"D2"}))
    found = readers_of(replace(case, in_charge="charge", line=frozenset(), after=frozenset(), range=Range.ALL))
    assert sees(found, "charge")
    assert sees(found, "colleague", "D2")
    assert sees(found, "keeper", "D9", HOME, "clerk")
    assert not sees(found, "colleague", "D1")
    assert not sees(found, "far", "D2", ABROAD, "clerk")


def test_systems_bear_no_persons_tokens() -> None:
    assert tokens_of("", HOME, "", ()) == ()
    assert "all" not in tokens_of("", HOME, "D1", {"clerk"})
