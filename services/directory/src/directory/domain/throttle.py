"""Slowing down whoever tries passwords: free attempts first, then pauses that double."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_FAILURES = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
# A day without an attempt forgets what was before.
FORGET_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Throttle:
    """Attempts on one login that have not been followed by a success."""

    failures: int
    locked_until: datetime
    last_attempt_at: datetime


def attempt(state: Throttle | None, now: datetime) -> Throttle | None:
    """The state after one more attempt, counted before the password is looked at; None: locked, do not look.

    Counting first means that a hundred attempts at the same moment are a hundred attempts.
    """
    if state is None or now - state.last_attempt_at >= FORGET_AFTER:
        return Throttle(1, now, now)
    if now < state.locked_until:
        return None
    failures = state.failures + 1
    return Throttle(failures, now + pause(failures), now)


def pause(failures: int) -> timedelta:
    """How long a login rests after so many attempts without success."""
    beyond = failures - FREE_FAILURES
    if beyond < 0:
        return timedelta()
    doublings: int = 2 ** min(beyond, 16)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
