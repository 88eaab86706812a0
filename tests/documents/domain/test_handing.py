"""The rules of handing records over (이관): what may go and when, and that no record is ever lost on the way."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import ConflictError, InvalidError
from documents.domain import handing, relation
from documents.domain.handing import Candidate, Entry, Fault, Season
from documents.domain.state import RECEIVED, REGISTERED, WITH_RECORDS_SYSTEM, State
from documents.domain.transition import moved

TODAY = date(2026, 3, 2)
STATES = st.sampled_from(sorted(State))
FILE = "T310101A00000012025000001"


def test_records_end_with_the_records_system_and_come_back_where_they_were() -> None:
    handed = {row.target for row in handing.TABLE if row.act == "hand-over-records"}
    assert handed == {State.HANDED_OVER, State.RECEIPT_HANDED_OVER}
    accepted = {row.target for row in handing.TABLE if row.act == "accept-records"}
    assert handed | accepted == WITH_RECORDS_SYSTEM
    assert {state for state in WITH_RECORDS_SYSTEM if handing.is_gone(state)} == accepted
    assert all(row.who == {relation.RECORDS} for row in handing.TABLE if row.act == "hand-over-records")
    assert all(not row.who for row in handing.TABLE if row.act != "hand-over-records")


@given(STATES, STATES, st.booleans(), st.lists(st.sampled_from(["SENT", "ACCEPTED", "RETURNED", "QUEUED", "FAILED"])))
def test_whatever_is_answered_is_a_row_of_the_table(
    state: State, before: State, accepted: bool, copies: list[str]
) -> None:
    if state in WITH_RECORDS_SYSTEM and before not in (handing.DEALT_WITH if state in RECEIVED else handing.DONE):
        return
    after = handing.after_answer(state, before, accepted=accepted, copies=copies)
    act = "accept-records" if accepted else "return-records"
    rows = {(source, row.target) for row in handing.TABLE if row.act == act for source in row.sources}
    assert after == state if state not in handing_states() else (state, after) in rows
    assert (after in RECEIVED) == (state in RECEIVED)


def handing_states() -> set[State]:
    return {State.HANDED_OVER, State.RECEIPT_HANDED_OVER}


@given(STATES)
def test_what_is_ready_may_be_handed_over_and_nothing_else(state: State) -> None:
    ready = not handing.problems_of(Candidate(state, FILE, None), TODAY)
    outcome = moved(handing.TABLE, state, "hand-over-records", {relation.RECORDS})
    assert ready == isinstance(outcome, State)
    if ready:
        assert handing.handed_over(state) == outcome
        assert state in REGISTERED | RECEIVED
    else:
        with pytest.raises(ConflictError):
            handing.handed_over(state)


@pytest.mark.parametrize(
    ("candidate", "codes"),
    [
        (Candidate(State.FILED, FILE, date(2030, 12, 31)), []),
        (Candidate(State.SENDING, FILE, None), ["record-in-dispatch"]),
        (Candidate(State.SEND_WAIT, "", None), ["record-in-dispatch", "record-without-file"]),
        (Candidate(State.ASSIGNED, FILE, None), ["record-not-completed"]),
        (Candidate(State.HANDED_OVER, FILE, None, ("a.hwp",)), ["record-handed-over"]),
        (Candidate(State.FILED, FILE, date(2025, 12, 31)), ["retention-ended"]),
        (Candidate(State.COMPLETED, FILE, None, ("a.hwp", "b.pdf")), ["record-attachment-missing"] * 2),
    ],
)
def test_reasons_are_said_all_at_once(candidate: Candidate, codes: list[str]) -> None:
    problems = handing.problems_of(candidate, TODAY)
    assert [problem.code for problem in problems] == codes
    assert all(problem.source for problem in problems)


@given(st.integers(2000, 2040), st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.booleans(), st.integers(0, 2050))
def test_only_years_that_are_over_go_but_for_abolished_departments(
    year: int, today: date, abolished: bool, extended: int
) -> None:
    season = Season(year, today, abolished, extended)
    codes = [problem.code for problem in handing.refusals_of(handing.TRANSFER, season)]
    assert ("hand-over-too-early" in codes) == (year > today.year or (year == today.year and not abolished))
    assert ("transfer-extended" in codes) <= (extended >= today.year and not abolished)
    if not abolished:
        assert season.due_on.year >= max(year + 1, extended)
    assert not [p for p in handing.refusals_of(handing.REPORT, season) if p.code == "transfer-extended"]


def test_a_report_is_due_on_the_last_of_may() -> None:
    assert handing.report_due(2025) == date(2026, 5, 31)


@pytest.mark.parametrize(("until", "code"), [(2025, "extension-too-long"), (2037, "extension-too-long")])
def test_an_extension_is_ten_years_at_most(until: int, code: str) -> None:
    with pytest.raises(InvalidError, match=code):
        handing.check_extension(2025, until, "업무 참고 빈번")


def test_an_extension_needs_a_reason() -> None:
    handing.check_extension(2025, 2036, "기록관 미설치")
    handing.check_extension(2025, 2026, "연장 취소")
    with pytest.raises(InvalidError, match="reason-missing"):
        handing.check_extension(2025, 2030, " ")


def test_a_selection_may_name_a_task_and_a_period() -> None:
    assert handing.is_meant(FILE, 3, "", 0)
    assert handing.is_meant(FILE, 3, "A0000001", 3)
    assert not handing.is_meant(FILE, 3, "A0000002", 0)
    assert not handing.is_meant(FILE, 3, "", 4)
    assert handing.is_meant(FILE, 7, "", 6)
    assert not handing.is_meant(FILE, 7, "", 8)
    assert not handing.is_meant("", 3, "A0000001", 0)


RECORDS = st.sampled_from([f"r{n}" for n in range(6)])
ENTRIES = st.lists(RECORDS, unique=True, max_size=6).map(
    lambda ids: [Entry(each, f"T31010120250{each}", f"file{int(each[1]) % 2}") for each in ids]
)
FAULTS = st.lists(
    st.one_of(
        st.builds(Fault, record_id=st.one_of(RECORDS, RECORDS.map(lambda each: f"{each}:2"))),
        st.builds(Fault, registration_key=RECORDS.map(lambda each: f"T31010120250{each}")),
        st.builds(Fault, file_code=st.sampled_from(["file0", "file1", "file9"])),
        st.builds(Fault, code=st.just("90001")),
    ),
    max_size=6,
)


@given(ENTRIES, FAULTS, st.booleans())
def test_no_record_and_no_fault_is_lost(entries: list[Entry], faults: list[Fault], accepted: bool) -> None:
    found = handing.settle(entries, faults, accepted=accepted)
    assert found.accepted | found.returned == {entry.record_id for entry in entries}
    assert not found.accepted & found.returned
    assert set(found.faults) <= found.returned
    if not accepted:
        assert not found.accepted
    told = {id(fault) for each in found.faults.values() for fault in each} | {id(fault) for fault in found.loose}
    assert told == {id(fault) for fault in faults}


def test_an_answer_counts_once_and_never_against_itself() -> None:
    assert handing.judge_answer(handing.WAITING, accepted=True) is True
    assert isinstance(handing.judge_answer(handing.PREPARING, accepted=True), ConflictError)
    assert handing.judge_answer(handing.ACCEPTED, accepted=True) is False
    assert handing.judge_answer(handing.RETURNED, accepted=False) is False
    assert isinstance(handing.judge_answer(handing.ACCEPTED, accepted=False), ConflictError)
    assert isinstance(handing.judge_answer(handing.RETURNED, accepted=True), ConflictError)


@pytest.mark.parametrize(("states", "code"), [(["waiting"], "hand-over-open"), (["accepted"], "hand-over-done")])
def test_a_year_is_reported_once(states: list[str], code: str) -> None:
    handing.check_report(["returned"])
    with pytest.raises(ConflictError, match=code):
        handing.check_report(states)


@pytest.mark.parametrize(
    ("records", "size", "code"), [(5001, 0, "records-too-many"), (1, 1 << 30, "records-too-large")]
)
def test_one_hand_over_carries_only_so_much(records: int, size: int, code: str) -> None:
    handing.check_size(5000, 512 << 20)
    with pytest.raises(InvalidError, match=code):
        handing.check_size(records, size)
