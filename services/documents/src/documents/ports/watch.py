"""Wakes readers in this process that wait for a card to follow its line."""

import asyncio


class CardWatch:
    """One event for all cards: waiting readers look again."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def changed(self) -> None:
        """Some card has moved."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, at_most: float) -> None:
        """Returns when some card has moved, or after ``at_most`` seconds: another process may have moved it."""
        try:
            async with asyncio.timeout(at_most):
                await self._event.wait()
        except TimeoutError:
            return
