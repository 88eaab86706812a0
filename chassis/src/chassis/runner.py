"""Runs the parts of a process side by side until a signal or a failure ends them all."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any

import structlog
import uvloop

log = structlog.get_logger(__name__)


async def run_together(*parts: Coroutine[Any, Any, None]) -> None:
    """Runs all parts; SIGTERM or SIGINT cancels them, an exception in one ends the others and is raised."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(part) for part in parts]
    waiter = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, waiter], return_when=asyncio.FIRST_COMPLETED)
    for task in (*tasks, waiter):
        task.cancel()
    await asyncio.gather(*tasks, waiter, return_exceptions=True)
    for task in done - {waiter}:
        task.result()


def main(process: Coroutine[Any, Any, None]) -> None:
    """Entry of every deployable: runs one coroutine on uvloop."""
    uvloop.run(process)
