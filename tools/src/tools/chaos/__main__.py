"""`python -m tools.chaos [--records N] [--kills N] [--seed N] [--limit SECONDS]`: 1 when something was lost or happened twice."""

import argparse
import asyncio
import os
import shutil
import sys
import time
from collections.abc import Sequence

from tools.chaos.kills import PROCESSES
from tools.chaos.run import Outcome, run
from tools.chaos.servers import Private
from tools.checkout import ROOT
from tools.demo.input import write_endpoints
from tools.suite import Suite


def main(arguments: Sequence[str]) -> int:
    """Run; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description="kills while records are under way")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--pause", type=float, default=8.0, help="most seconds between two kills")
    parser.add_argument("--limit", type=float, default=7200.0, help="seconds until all must be at rest")
    asked = parser.parse_args(arguments)
    name = os.environ.get("ONNARA_TEST_SUITE", "chaos")
    say(f"seed {asked.seed}; servers and suite of their own under .run/{name}")
    root = ROOT / ".run" / f"{name}-servers"
    shutil.rmtree(root, ignore_errors=True)
    private = Private.start(root)
    suite = Suite(
        name,
        private.database.url,
        private.broker.url,
        settings={"ONNARA_DIRECTORY_DEMO": "1", "ONNARA_ADAPTERS_SCAN_SECONDS": "0.2"},
    )
    try:
        prepare(suite)
        pause = (asked.pause / 4, asked.pause)
        outcome = asyncio.run(
            run(
                suite,
                private,
                records=asked.records,
                kills=asked.kills,
                seed=asked.seed,
                pause=pause,
                limit=asked.limit,
                say=say,
            )
        )
    finally:
        suite.down()
        private.stop()
    tell(outcome)
    return 1 if outcome.faults else 0


def prepare(suite: Suite) -> None:
    """A fresh suite without web pages."""
    suite.reset()
    suite.choose_ports()
    write_endpoints(suite, suite.folder / "delivered", answers=False)
    suite.migrate()
    suite.run("seed", "--demo", service="directory")
    suite.run("import-codes", service="directory")
    suite.up(PROCESSES)


def tell(outcome: Outcome) -> None:
    """Print what came of it."""
    own, kills = outcome.accounts, outcome.kills
    say(
        f"in {own.records} = registered {own.registered} + quarantined {own.quarantined}, at rest after {outcome.seconds:.0f} s"
    )
    killed = ", ".join(f"{name} {count}" for name, count in sorted(kills.killed.items()))
    ended = ", ".join(f"{name} {count}" for name, count in sorted(kills.ended.items())) or "none"
    say(f"killed: {killed}; ended by themselves and started again: {ended}")
    if kills.down:
        say(
            f"until all was ready again: {sum(kills.down) / len(kills.down):.1f} s on average, {max(kills.down):.1f} s at most"
        )
    for fault in outcome.faults:
        say(f"FAULT {fault}")
    say("nothing lost, nothing twice" if not outcome.faults else f"{len(outcome.faults)} faults")


def say(line: str) -> None:
    """Print a line at once."""
    print(f"  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
