"""Legacy file -> registered -> delivered file: 20,000 documents through the whole suite, lines of two steps decided in bulk."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from tools.demo.input import drop_budget_batch, write_endpoints
from tools.demo.officials import Official, approving, services_of
from tools.suite import Suite

DOCUMENTS = 20_000
FILES = 20
LIMIT_SECONDS = 600


def measure(suite: Suite, documents: int, say: Callable[[str], None]) -> float:
    """Documents per second from the first dropped file to the last delivered one."""
    return asyncio.run(_measure(suite, documents, say))


def start(suite: Suite) -> None:
    """A fresh suite without web pages."""
    suite.reset()
    suite.choose_ports()
    write_endpoints(suite, suite.folder / "delivered", answers=False)
    suite.migrate()
    suite.run("seed", "--demo", service="directory")
    suite.run("import-codes", service="directory")
    suite.up(("directory", "documents", "approval", "adapters"))


async def _measure(suite: Suite, documents: int, say: Callable[[str], None]) -> float:
    delivered = suite.folder / "delivered"
    async with services_of(suite) as services:
        reviewer = await Official.sign_in(services, "mpb.lee")
        approver = await Official.sign_in(services, "mpb.park")
        started = time.perf_counter()
        for number in range(FILES):
            drop_budget_batch(suite, f"BENCH{number:03d}.DAT", documents // FILES, {}, seed=number)
        async with approving(reviewer, approver):
            await _delivered(delivered, documents, started, say)
            elapsed = time.perf_counter() - started
    return documents / elapsed


async def _delivered(folder: Path, documents: int, started: float, say: Callable[[str], None]) -> None:
    told = 0
    while True:
        count = await asyncio.to_thread(lambda: sum(1 for path in folder.iterdir() if path.suffix == ".xml"))
        if count >= documents:
            return
        if count - told >= documents // 5:
            told = count
            say(f"{count} of {documents} delivered after {time.perf_counter() - started:.0f} s")
        if time.perf_counter() - started > LIMIT_SECONDS:
            raise TimeoutError(f"{count} of {documents} delivered after {LIMIT_SECONDS} s")
        await asyncio.sleep(0.25)
