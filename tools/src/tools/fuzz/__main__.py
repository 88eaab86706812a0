"""`python -m tools.fuzz [--count N] [--seconds N] [--seed N] [--format NAME] [--only NUMBER]`: 1 when something must be mended.

Prints a line a target and one a fault, with the command that repeats it; the input is kept under `.run/fuzz/`.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from adapters import items
from adapters.contract import Item
from tools.checkout import ROOT
from tools.fuzz.run import Fault, Report, case, run_all
from tools.fuzz.targets import targets

FOLDER = ROOT / ".run" / "fuzz"
MILLION = 1_000_000


def main(arguments: Sequence[str]) -> int:
    """Run; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description="damaged inputs for every format")
    parser.add_argument(
        "--count", type=int, default=0, help=f"inputs over all formats; {MILLION:,} when no time is given"
    )
    parser.add_argument("--seconds", type=float, default=0.0, help="end after this time")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(
        "--format", action="append", choices=sorted(targets()), help="only this one; may be given again"
    )
    parser.add_argument("--only", type=int, help="one case, whose errors are not caught; with --format and --seed")
    asked = parser.parse_args(arguments)
    names = asked.format or sorted(targets())
    if asked.only is not None:
        return _repeat(names[0], asked.seed, asked.only)
    print(f"seed {asked.seed}", flush=True)
    count = asked.count or (1 << 62 if asked.seconds else MILLION)
    faults = cases = 0
    for report in run_all(names, asked.seed, count, asked.seconds):
        _tell(report, asked.seed)
        faults += len(report.faults)
        cases += report.cases
    print(f"{cases:,} inputs, {faults} faults")
    return 1 if faults else 0


def _tell(report: Report, seed: int) -> None:
    ends = ", ".join(f"{word} {number:,}" for word, number in sorted(report.ends.items()))
    speed = report.cases / report.seconds if report.seconds else 0
    print(f"{report.target:14} {report.cases:9,}  {ends}; {speed:,.0f}/s, at most {report.peak >> 20} MB", flush=True)
    for fault in report.faults:
        print(f"  FAULT {fault.what}\n        at {fault.place}; kept {_kept(fault, seed).relative_to(ROOT)}")
        print(f"        python -m tools.fuzz --format {fault.target} --seed {seed} --only {fault.number}", flush=True)


def _kept(fault: Fault, seed: int) -> Path:
    """Keep a fault's input as a folder of its parts."""
    item = case(targets()[fault.target], seed, fault.number)
    folder = FOLDER / f"{fault.target.replace(':', '-')}-{seed}-{fault.number}"
    for number, data in enumerate(item.parts.values()):
        items.write(Item(f"part{number}", {f"part{number}": data}), folder)
    return folder


def _repeat(name: str, seed: int, number: int) -> int:
    target = targets()[name]
    print(target.judge(case(target, seed, number), number))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
