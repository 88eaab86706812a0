"""Absences and deputies: any number of them, registered and ended in any order, never break the rules of 10③."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chassis.errors import RefusalError
from directory.domain.absences import Register, Wish, away, end, register
from directory.domain.records import Absence, Appointment

SEOUL = "Asia/Seoul"
AGENCY, ELSEWHERE = UUID(int=1000), UUID(int=2000)
PEOPLE = [UUID(int=number) for number in range(1, 5)]
STRANGER = UUID(int=77)
NOW = datetime(2026, 5, 11, 1, tzinfo=UTC)


def appointment(person: UUID, agency: UUID = AGENCY, valid_to: date | None = None) -> Appointment:
    return Appointment(
        UUID(int=person.int + 500), person, UUID(int=person.int + 600), "과장", "Z310101", agency, ("reviewer",),
        date(2020, 1, 1), valid_to,
    )  # fmt: skip


def known(*absences: Absence, now: datetime = NOW, appointments=None) -> Register:
    held = tuple(map(appointment, PEOPLE)) if appointments is None else appointments
    return Register(AGENCY, SEOUL, now, absences, held)


def wish(
    person: UUID = PEOPLE[0], deputy: UUID | None = None, *, begins=NOW, ends=None, reason="trip", note=""
) -> Wish:
    return Wish(person, reason, note, begins, ends, deputy)


def registered(given: Wish, register_: Register, number: int = 1) -> Absence:
    absence = register(given, register_, UUID(int=number))
    assert isinstance(absence, Absence)
    return absence


def refused(given: Wish, register_: Register) -> str:
    refusal = register(given, register_, UUID(int=1))
    assert isinstance(refusal, RefusalError)
    return refusal.code


def test_from_now_until_ended_without_a_deputy() -> None:
    absence = registered(Wish(PEOPLE[0], "leave", " ", None, None, None), known())
    assert (absence.starts_at, absence.ends_at, absence.deputy_official_id) == (NOW, None, None)
    assert (absence.valid_from, absence.valid_to) == (date(2026, 5, 11), None)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (wish(begins=NOW - timedelta(days=1)), "absence-in-past"),
        (wish(ends=NOW), "absence-ends-early"),
        (wish(begins=NOW + timedelta(days=2), ends=NOW + timedelta(days=1)), "absence-ends-early"),
        (wish(reason="tired"), "absence-reason-unknown"),
        (wish(reason="other"), "absence-note-missing"),
        (wish(note="가" * 201), "absence-note-too-long"),
        (wish(STRANGER), "official-not-here"),
        (wish(deputy=PEOPLE[0]), "deputy-is-oneself"),
        (wish(deputy=STRANGER), "deputy-not-in-agency"),
    ],
)
def test_what_is_refused(given: Wish, code: str) -> None:
    assert refused(given, known()) == code


def test_earlier_today_is_no_past_day() -> None:
    assert registered(wish(begins=NOW - timedelta(minutes=59)), known()).valid_from == date(2026, 5, 11)


def test_a_deputy_works_in_the_agency_on_the_first_day() -> None:
    elsewhere = (appointment(PEOPLE[0]), appointment(PEOPLE[1], ELSEWHERE))
    assert refused(wish(deputy=PEOPLE[1]), known(appointments=elsewhere)) == "deputy-not-in-agency"
    leaving = (appointment(PEOPLE[0]), appointment(PEOPLE[1], valid_to=date(2026, 5, 20)))
    assert refused(wish(deputy=PEOPLE[1], begins=NOW + timedelta(days=9)), known(appointments=leaving))
    assert registered(wish(deputy=PEOPLE[1], begins=NOW + timedelta(days=8)), known(appointments=leaving))


def test_a_deputy_who_is_away_at_that_time_is_none_and_touching_times_do_not_overlap() -> None:
    theirs = registered(wish(PEOPLE[1], begins=NOW + timedelta(hours=5), ends=NOW + timedelta(hours=9)), known())
    assert refused(wish(deputy=PEOPLE[1], ends=NOW + timedelta(hours=6)), known(theirs)) == "deputy-is-away"
    assert registered(wish(deputy=PEOPLE[1], ends=NOW + timedelta(hours=5)), known(theirs))
    assert registered(wish(deputy=PEOPLE[1], begins=NOW + timedelta(hours=9)), known(theirs))


def test_an_end_is_now_or_takes_back_what_has_not_begun() -> None:
    begun = registered(wish(deputy=PEOPLE[1], ends=NOW + timedelta(days=5)), known())
    ended = end(begun, SEOUL, NOW + timedelta(hours=3))
    assert isinstance(ended, Absence)
    assert (ended.ends_at, ended.valid_to) == (NOW + timedelta(hours=3), date(2026, 5, 12))
    coming = registered(wish(begins=NOW + timedelta(days=3)), known())
    back = end(coming, SEOUL, NOW)
    assert isinstance(back, Absence)
    assert back.valid_to == back.valid_from
    assert away([back], PEOPLE[0], NOW + timedelta(days=4)) is None
    for over in (ended, back):
        again = end(over, SEOUL, NOW + timedelta(days=9))
        assert isinstance(again, RefusalError)


@given(
    begins=st.integers(0, 72), lasts=st.integers(1, 72), zone=st.sampled_from([SEOUL, "America/New_York", "UTC"]),
    hour=st.integers(0, 72),
)  # fmt: skip
def test_its_days_cover_its_moments_whatever_day_a_service_counts(begins, lasts, zone, hour) -> None:
    starts = NOW + timedelta(hours=begins)
    place = Register(AGENCY, zone, NOW, (), tuple(map(appointment, PEOPLE)))
    absence = registered(wish(begins=starts, ends=starts + timedelta(hours=lasts)), place)
    moment = starts + timedelta(hours=hour % lasts)
    for counted in (UTC, ZoneInfo(zone)):
        day = moment.astimezone(counted).date()
        assert absence.valid_from <= day < absence.valid_to


class Office(RuleBasedStateMachine):
    """Four people who go, come back and name each other."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.absences: dict[UUID, Absence] = {}

    @rule(
        person=st.sampled_from(PEOPLE), deputy=st.sampled_from([None, *PEOPLE]), begins=st.integers(0, 40),
        lasts=st.none() | st.integers(1, 40),
    )  # fmt: skip
    def goes(self, person, deputy, begins, lasts) -> None:
        starts = self.now + timedelta(hours=begins)
        ends = starts + timedelta(hours=lasts) if lasts else None
        place = known(*self.absences.values(), now=self.now)
        outcome = register(wish(person, deputy, begins=starts, ends=ends), place, UUID(int=len(self.absences) + 1))
        if isinstance(outcome, Absence):
            self.absences[outcome.absence_id] = outcome

    @precondition(lambda self: self.absences)
    @rule(data=st.data())
    def ends(self, data) -> None:
        absence = data.draw(st.sampled_from(sorted(self.absences.values(), key=lambda a: a.absence_id.int)))
        outcome = end(absence, SEOUL, self.now)
        if isinstance(outcome, Absence):
            self.absences[absence.absence_id] = outcome

    @rule(hours=st.integers(1, 20))
    def time_goes(self, hours) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def nobody_is_away_twice_and_no_deputies_go_round_in_a_circle(self) -> None:
        for moment in {absence.starts_at for absence in self.absences.values()}:
            on = [a for a in self.absences.values() if away([a], a.official_id, moment)]
            away_now = {absence.official_id: absence.deputy_official_id for absence in on}
            assert len(away_now) == len(on)
            for person in away_now:
                seen, here = set(), person
                while here in away_now and away_now[here] is not None:
                    assert here not in seen
                    seen.add(here)
                    here = away_now[here]


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
