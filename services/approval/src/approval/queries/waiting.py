"""Reading one line, at a version the caller has heard of elsewhere: waits until this database has it too.

Woken by commits of this process, polling for those of others. No connection is held while waiting.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

from approval.domain.line import Line
from approval.ports.watch import LineWatch
from chassis.errors import NotFoundError, TransientError

POLL_SECONDS = 0.25
# Room for the answer to travel before the caller's own deadline ends the call.
SPARE_SECONDS = 0.1


async def line_at_least(
    read: Callable[[], Awaitable[Line | None]], watch: LineWatch, key: UUID, version: int, seconds: float
) -> Line:
    """The line once it has the version. key: id of line or document. seconds: until the caller gives up.

    Raises NotFoundError when there is no line, at once or, with a version, at the end; TransientError line-not-there-yet.
    """
    until = time.monotonic() + seconds - SPARE_SECONDS
    with watch.watching(key) as event:
        while True:
            event.clear()
            line = await read()
            if line and line.version >= version:
                return line
            left = until - time.monotonic()
            if version <= 0 or left <= 0:
                break
            await _wait(event, min(POLL_SECONDS, left))
    if line is None:
        raise NotFoundError("line-unknown")
    raise TransientError("line-not-there-yet", params={"version": line.version, "wanted": version})


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
