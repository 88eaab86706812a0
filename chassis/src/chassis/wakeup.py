"""Wakes the relay in this process right after a commit, so that nobody waits for the next poll."""

import asyncio


class WakeUp:
    """An event that is set by writers and awaited with a time limit by the one reader."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """There is something to do."""
        self._event.set()

    async def wait(self, at_most: float) -> None:
        """Returns when set, or after ``at_most`` seconds."""
        try:
            async with asyncio.timeout(at_most):
                await self._event.wait()
        except TimeoutError:
            return
        finally:
            self._event.clear()
