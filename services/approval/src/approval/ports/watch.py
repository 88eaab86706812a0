"""Wakes calls that wait for a line to change, in this process, right after the commit."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID


class LineWatch:
    """Who waits for which line or document. Other replicas' commits are noticed by polling only."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, set[asyncio.Event]] = {}

    @contextmanager
    def watching(self, *ids: UUID) -> Iterator[asyncio.Event]:
        """An event that is set when one of the lines or documents changes; look at the database after entering."""
        event = asyncio.Event()
        for identity in ids:
            self._waiting.setdefault(identity, set()).add(event)
        try:
            yield event
        finally:
            for identity in ids:
                waiting = self._waiting[identity]
                waiting.discard(event)
                if not waiting:
                    del self._waiting[identity]

    def changed(self, ids: Iterable[UUID]) -> None:
        """Lines or documents have changed, and everybody can see it."""
        if self._waiting:
            for identity in ids:
                for event in self._waiting.get(identity, ()):
                    event.set()
