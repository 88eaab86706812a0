"""One run: files in, officials deciding, kills, and waiting until all is at rest."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from chassis.errors import OnnaraError
from tools.chaos import proof
from tools.chaos.kills import Killer, Kills
from tools.chaos.servers import Private
from tools.demo.input import drop_budget_batch
from tools.demo.officials import Official, approving, services_of
from tools.suite import Suite

# Refused on sight: a known share of each file.
BAD: Final = {"short": 2, "code": 3, "amount": 4, "date": 3, "disclosure": 2}
NAME: Final = "CHAOS"
# All whom the agency's lines name: its delegation rules take large amounts to the last one.
OFFICIALS: Final = ("mpb.lee", "mpb.park", "mpb.yoon")
_PER_FILE: Final = 1000


@dataclass(slots=True)
class Outcome:
    """What came of it. seconds: from the first file to rest; faults: what did not hold."""

    kills: Kills = field(default_factory=Kills)
    accounts: proof.Accounts = field(default_factory=lambda: proof.Accounts(0, 0, 0, 0))
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


async def run(
    suite: Suite,
    private: Private | None,
    *,
    records: int,
    kills: int,
    seed: int,
    pause: tuple[float, float],
    limit: float,
    say: Callable[[str], None],
    all_delivered: bool = True,
) -> Outcome:
    """Puts records in, kills, waits and judges. limit: seconds until all must be at rest. Raises TimeoutError."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    outcome, begun = Outcome(), time.monotonic()
    _drop(suite, records, seed)
    killer = Killer(suite, private, chance, pause, say)
    deciding = asyncio.create_task(_decide(suite))
    try:
        async with asyncio.timeout(limit):
            await killer.run(kills, outcome.kills)
            outcome.accounts = await _rest(suite, killer, outcome.kills, records, say)
    finally:
        deciding.cancel()
        await asyncio.gather(deciding, return_exceptions=True)
    outcome.seconds = time.monotonic() - begun
    delivered = suite.folder / "delivered" if all_delivered else None
    if delivered is not None:
        await _delivered(suite, limit)
    outcome.faults = await proof.faults(suite, f"{NAME}%", records, delivered)
    return outcome


def _drop(suite: Suite, records: int, seed: int) -> None:
    for number in range(-(-records // _PER_FILE)):
        count = min(_PER_FILE, records - number * _PER_FILE)
        bad = BAD if count == _PER_FILE else {}
        drop_budget_batch(suite, f"{NAME}{seed % 1000:03}{number:04}.DAT", count, bad, seed=seed + number)


async def _decide(suite: Suite) -> None:
    """Officials approve whatever comes to them; when a service dies under them they sign in again."""
    while True:
        try:
            async with services_of(suite) as services:
                officials = [await Official.sign_in(services, login) for login in OFFICIALS]
                async with approving(*officials):
                    await asyncio.sleep(15)
        except OnnaraError:
            await asyncio.sleep(0.5)


async def _rest(suite: Suite, killer: Killer, kills: Kills, records: int, say: Callable[[str], None]) -> proof.Accounts:
    told = time.monotonic()
    while True:
        try:
            found = await proof.accounts(suite, f"{NAME}%")
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(1)
            continue
        if found.records == records and found.at_rest:
            return found
        await asyncio.to_thread(killer.supervise, kills)
        if time.monotonic() - told > 30:
            told = time.monotonic()
            say(f"{found.registered + found.quarantined} of {records} at rest")
        await asyncio.sleep(0.5)


async def _delivered(suite: Suite, limit: float) -> None:
    """Waits until what is registered has gone out, too."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if not await proof.waiting(suite):
            return
        await asyncio.sleep(0.5)
