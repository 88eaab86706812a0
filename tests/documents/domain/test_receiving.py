"""The machine of received documents: every row, every act of anybody, and what follows by itself."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.errors import ConflictError, ForbiddenError, InvalidError
from chassis.worktime import Calendar
from documents.domain import receiving, relation
from documents.domain.receiving import TABLE
from documents.domain.state import RECEIVED, WITH_RECORDS_SYSTEM, State
from documents.domain.transition import allowed, moved

SEOUL = ZoneInfo("Asia/Seoul")
WORDS = (
    relation.DOCUMENT_CLERK,
    relation.CLERK,
    relation.HEAD,
    relation.IN_CHARGE,
    relation.DEPARTMENT,
    relation.AGENCY,
)
PEOPLE = st.sets(st.sampled_from(WORDS)).map(frozenset)
ACTS = tuple(dict.fromkeys(row.act for row in TABLE if row.who))
ANSWERABLE = {
    "accept",
    "distribute",
    "assign",
    "circulate",
    "ask-redistribution",
    "transfer",
    "send-back",
    "forward",
    "complete",
}
COPY_STATES = ("QUEUED", "SENT", "ARRIVED", "RECEIVED", "ACCEPTED", "FAILED", "RETURNED", "RESEND_REQUESTED")


def test_every_act_of_the_contract_is_a_row_and_none_is_more() -> None:
    assert set(ACTS) == ANSWERABLE
    assert {row.act for row in TABLE if not row.who} == {
        "arrive",
        "arrive-directly",
        "hand-over",
        "transferred",
        "forwarded",
    }
    assert all(row.article.startswith(("행정업무규정", "공공기록물법")) for row in TABLE)
    assert all(row.sources <= RECEIVED and row.target in RECEIVED for row in TABLE)


def test_every_state_is_reached_and_none_but_the_ends_is_a_trap() -> None:
    here = RECEIVED - WITH_RECORDS_SYSTEM
    assert {row.target for row in TABLE} == here
    open_states = here - {row for row in RECEIVED if not any(row in each.sources for each in TABLE)}
    assert here - open_states == receiving.ENDED - {State.TRANSFERRED_AWAY}


class Paper(RuleBasedStateMachine):
    """One received document in the hands of anybody."""

    state = State.ARRIVED
    accepted = False
    copies: tuple[str, ...] = ()

    @initialize(direct=st.booleans())
    def arrives(self, direct: bool) -> None:
        code = "T310101" if direct else "T310000"
        self.state = receiving.arrived_at(code, is_agency=not direct, document_department="T310303")
        self.accepted, self.copies = False, ()

    @rule(act=st.sampled_from(ACTS), people=PEOPLE)
    def somebody_acts(self, act: str, people: frozenset[str]) -> None:
        outcome = moved(TABLE, self.state, act, people)
        possible = allowed(TABLE, self.state, people)
        if isinstance(outcome, State):
            assert act in possible
            assert self.state not in receiving.ENDED - {State.TRANSFERRED_AWAY}
            self._done(act, outcome)
        else:
            assert act not in possible
            assert isinstance(outcome, ForbiddenError | ConflictError)

    def _done(self, act: str, outcome: State) -> None:
        if act == "accept":
            assert not self.accepted, "a second number"
            self.accepted = True
        if act == "transfer":
            self.copies = ("QUEUED",)
        self.state = outcome

    @rule(copy=st.sampled_from(COPY_STATES))
    def a_copy_is_reported(self, copy: str) -> None:
        if self.copies:
            self.copies = (copy,)
            self.state = receiving.after_reports(self.state, self.copies)
            assert (self.state == State.TRANSFERRED_AWAY) or not receiving.has_gone(self.copies)

    @rule()
    def the_carrier_goes_out(self) -> None:
        before, self.state = self.state, receiving.driven("forwarded", self.state)
        assert (before == State.FORWARDING) == (self.state != before)

    @invariant()
    def what_is_worked_on_has_its_number(self) -> None:
        assert self.state in RECEIVED
        if self.state in {State.ACCEPTED, State.ASSIGNED, State.FORWARDING, State.FORWARDED, State.COMPLETED}:
            assert self.accepted
        if self.state in {State.ARRIVED, State.TO_ACCEPT, State.REDISTRIBUTION_ASKED}:
            assert not self.accepted


TestPaper = Paper.TestCase


@given(state=st.sampled_from(sorted(RECEIVED)), act=st.sampled_from(ACTS))
def test_nobody_without_a_relation_does_anything(state: State, act: str) -> None:
    strangers = frozenset({relation.AGENCY, relation.DEPARTMENT, relation.RECORDS, relation.KEEPER, relation.AUTHOR})
    refused = moved(TABLE, state, act, strangers)
    assert isinstance(refused, ForbiddenError)
    assert refused.problems[0].source


@pytest.mark.parametrize(
    ("code", "is_agency", "office", "state"),
    [
        ("T310000", True, "T310303", State.ARRIVED),
        ("T310000", True, "", State.ARRIVED),
        ("T310303", False, "T310303", State.ARRIVED),
        ("T310101", False, "T310303", State.TO_ACCEPT),
        ("T310101", False, "", State.TO_ACCEPT),
    ],
)
def test_where_a_document_begins(code: str, is_agency: bool, office: str, state: State) -> None:
    assert receiving.arrived_at(code, is_agency=is_agency, document_department=office) == state


@pytest.mark.parametrize(
    ("arrived", "handed_over"),
    [
        (datetime(2026, 5, 11, 10, tzinfo=SEOUL), datetime(2026, 5, 11, 10, tzinfo=SEOUL)),
        (datetime(2026, 5, 11, 21, tzinfo=SEOUL), datetime(2026, 5, 12, 9, tzinfo=SEOUL)),
        (datetime(2026, 5, 8, 18, 30, tzinfo=SEOUL), datetime(2026, 5, 11, 9, tzinfo=SEOUL)),
        (datetime(2026, 5, 4, 23, tzinfo=UTC), datetime(2026, 5, 6, 9, tzinfo=SEOUL)),
    ],
)
def test_what_the_duty_officer_received_is_handed_over_when_work_begins(
    arrived: datetime, handed_over: datetime
) -> None:
    calendar = Calendar(frozenset({date(2026, 5, 5)}), SEOUL)
    assert receiving.handed_over_at(arrived, calendar) == handed_over


@given(st.lists(st.sampled_from(COPY_STATES), max_size=4))
def test_nobody_gets_it_twice(copies: list[str]) -> None:
    alive = set(copies) - {"FAILED", "RETURNED"}
    if alive:
        with pytest.raises(InvalidError, match="transfer-under-way"):
            receiving.check_again(copies)
    else:
        receiving.check_again(copies)


@given(st.text(max_size=12))
def test_a_due_day_is_a_day_to_come_or_none(text: str) -> None:
    today = date(2026, 5, 11)
    try:
        known = not text or date.fromisoformat(text) >= today
    except ValueError:
        known = False
    if known:
        assert receiving.due_day(text, today) == (date.fromisoformat(text).isoformat() if text else "")
    else:
        with pytest.raises(InvalidError):
            receiving.due_day(text, today)


@given(st.dates())
def test_days_are_compared_as_days(day: date) -> None:
    if day >= date(2026, 5, 11):
        receiving.due_day(day.isoformat(), date(2026, 5, 11))
    else:
        with pytest.raises(InvalidError, match="due-day-past"):
            receiving.due_day(day.isoformat(), date(2026, 5, 11))
