"""What any reports in any order must leave behind: one row a day, the newest report in force, no day of the past undone."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import RefusalError
from directory.domain.personnel import people, posts
from directory.domain.personnel.facts import ACTING, ADDITIONAL, REGULAR, SECONDED, PersonFact, PostFact, Source
from directory.domain.personnel.register import Register
from directory.domain.records import Appointment, Official, Unit, holds, unit_id

HOME = unit_id("1310000")
NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
TODAY = date(2026, 5, 11)
SPAN = [TODAY + timedelta(days=number) for number in range(-40, 41)]
days = st.integers(-35, 35).map(lambda number: TODAY + timedelta(days=number))


def known() -> Register:
    units = {
        code: [
            Unit(
                unit_id(code),
                code,
                code,
                code,
                HOME,
                "1310000",
                is_agency=code == "1310000",
                valid_from=date(1998, 1, 1),
            )
        ]
        for code in ("1310000", "Z310101", "Z310102")
    }
    return Register(NOW, {"hr": frozenset({HOME})}, units)


def source(age: int, number: int) -> Source:
    return Source("hr", "1310000", NOW - timedelta(days=age), f"{number:04d}")


persons = st.builds(
    lambda age, number, name, last: PersonFact(source(age, number), "P1", name, "", "", date(2020, 1, 1), last),
    st.integers(0, 30), st.integers(0, 99), st.sampled_from(["가", "나", "다"]), st.none() | days,
)  # fmt: skip
appointed = st.builds(
    lambda age, number, unit, form, level, first, last, withdrawn: PostFact(
        source(age, number), "A1", "P1", form, unit, "주무관", level, first, last, withdrawn
    ),
    st.integers(0, 30), st.integers(0, 99), st.sampled_from(["Z310101", "Z310102"]), st.sampled_from([REGULAR, ADDITIONAL, SECONDED, ACTING]),
    st.sampled_from([0, 5, 7]), days, st.none() | days, st.booleans(),
)  # fmt: skip


def carried(register: Register, facts, judge):
    """Takes facts one after the other, as a handler does; after each, (fact, rows before, rows after)."""
    for fact in facts:
        if register.is_outdated(fact):
            continue
        before = rows_of(register)
        made = judge(fact, register)
        assert not isinstance(made, RefusalError), made
        register.take(fact, made)
        yield fact, before, rows_of(register)


def rows_of(register: Register) -> list[Official | Appointment]:
    return [row for rows in (*register.officials.values(), *register.appointments.values()) for row in rows]


def at(rows, day: date) -> list[Official | Appointment]:
    return [row for row in rows if row.valid_from != row.valid_to and holds(row, day)]


@given(st.lists(persons, max_size=6))
def test_people(facts) -> None:
    register = known()
    for fact, before, after in carried(register, facts, people.judge):
        reported = fact.source.reported_at.astimezone(UTC).date()
        assert all(len(at(after, day)) <= 1 for day in SPAN)
        # Nobody's days before the report are changed by it, but for somebody who is reported to have left by then.
        gone = fact.last_day + timedelta(days=1) if fact.last_day else date.max
        for day in (each for each in SPAN if each < min(reported, gone)):
            assert [row.name for row in at(before, day)] in ([], [row.name for row in at(after, day)])
        for day in (each for each in SPAN if each > reported):
            assert [row.name for row in at(after, day)] == ([fact.name] if day < gone else []), day


@given(st.lists(appointed, max_size=6))
def test_posts(facts) -> None:
    register = known()
    made = people.judge(PersonFact(source(40, 0), "P1", "가", "", "", date(2020, 1, 1), None), register)
    assert not isinstance(made, RefusalError)
    register.take(PersonFact(source(40, 0), "P1", "가", "", "", date(2020, 1, 1), None), made)
    for fact, before, after in carried(register, facts, posts.judge):
        posts_before = [row for row in before if isinstance(row, Appointment)]
        posts_after = [row for row in after if isinstance(row, Appointment)]
        assert {(row.appointment_id, row.valid_from) for row in posts_before} <= {
            (row.appointment_id, row.valid_from) for row in posts_after
        }
        assert all(len(at(posts_after, day)) <= 1 for day in SPAN)
        assert len({row.appointment_id for row in posts_after} - {UUID(int=0)}) <= 1
        if fact.withdrawn:
            assert not any(at(posts_after, day) for day in SPAN if day > TODAY)
            past = [day for day in SPAN if day < TODAY]
            assert [at(posts_before, day) != [] for day in past] == [at(posts_after, day) != [] for day in past]
        elif fact.last_day is not None:
            # A last day before the first one is none: the post held on no day, or ends where it began.
            ends = max(fact.last_day, fact.first_day)
            assert not any(at(posts_after, day) for day in SPAN if day > max(ends, TODAY))
        for row in at(posts_after, TODAY):
            assert (row.department_code, row.agency_id) in {("Z310101", HOME), ("Z310102", HOME)}
            assert set(row.roles) <= {"drafter", "reviewer"}
