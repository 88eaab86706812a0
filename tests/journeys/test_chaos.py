"""A short run of the chaos: processes killed at random while records are under way; all come to rest, none twice."""

from tools.chaos.proof import faults
from tools.chaos.run import run
from tools.suite import Suite

RECORDS = 80
KILLS = 2


async def test_random_kills_lose_nothing_and_do_nothing_twice(suite: Suite) -> None:
    outcome = await run(
        suite, None, records=RECORDS, kills=KILLS, seed=11, pause=(0.1, 0.6), limit=120, say=print, all_delivered=False
    )  # fmt: skip
    assert outcome.faults == []
    assert sum(outcome.kills.killed.values()) == KILLS
    assert (outcome.accounts.records, outcome.accounts.at_rest) == (RECORDS, True)
    # The proof is one: it sees what is not there.
    assert any("taken in and put in" in fault for fault in await faults(suite, "CHAOS%", RECORDS + 1, None))
