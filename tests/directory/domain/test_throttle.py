"""Who tries passwords is slowed down; who waits is not."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from directory.domain.throttle import FORGET_AFTER, FREE_FAILURES, LONGEST_PAUSE, Throttle, attempt

NOW = datetime(2026, 5, 11, 1, tzinfo=UTC)


def test_the_first_attempts_are_free_then_pauses_double():
    state = None
    for _ in range(FREE_FAILURES - 1):
        state = attempt(state, NOW)
        assert state is not None
        assert state.locked_until == NOW
    state = attempt(state, NOW)
    assert state == Throttle(FREE_FAILURES, NOW + timedelta(seconds=30), NOW)
    assert attempt(state, NOW + timedelta(seconds=29)) is None
    later = attempt(state, NOW + timedelta(seconds=30))
    assert later is not None
    assert later.locked_until - later.last_attempt_at == timedelta(minutes=1)


@given(st.lists(st.timedeltas(timedelta(), timedelta(hours=2)), max_size=200))
def test_however_the_attempts_fall_few_get_through(gaps: list[timedelta]):
    state, now, looked = None, NOW, 0
    for gap in gaps:
        now += gap
        after = attempt(state, now)
        if after is not None:
            looked += 1
            state = after
            assert state.locked_until - now <= LONGEST_PAUSE
    most = FREE_FAILURES + 6 + (now - NOW) / LONGEST_PAUSE
    assert looked <= most


def test_a_day_of_rest_forgets():
    old = Throttle(40, NOW + LONGEST_PAUSE, NOW)
    assert attempt(old, NOW + FORGET_AFTER) == Throttle(1, NOW + FORGET_AFTER, NOW + FORGET_AFTER)
