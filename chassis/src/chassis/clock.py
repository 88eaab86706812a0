"""The clock, injected wherever time matters. UTC everywhere; agencies' time zones are data."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Answers the present moment."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC)


class FrozenClock:
    """A clock that moves only when told, for tests."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs an aware moment")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it stands at."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Moves it forward."""
        self._now += by
