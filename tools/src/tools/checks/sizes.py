"""File sizes: a module above 500 lines must be split, one above 300 is named so that somebody looks at it again."""

import statistics
from collections.abc import Iterable

from tools.checks import tree
from tools.checks.finding import Finding

LOOK_AGAIN, SPLIT = 300, 500


def check() -> tuple[list[Finding], str]:
    """Judge every module of the checkout."""
    return judge({name: len(text.splitlines()) for name, text in tree.texts() if name.endswith(".py")}.items())


def judge(sizes: Iterable[tuple[str, int]]) -> tuple[list[Finding], str]:
    """Return a finding for each module too long, and a summary that names those to look at again."""
    counted = sorted(sizes, key=lambda pair: -pair[1])
    findings = [
        Finding(name, 0, f"{lines} lines, split it (limit {SPLIT})") for name, lines in counted if lines > SPLIT
    ]
    again = ", ".join(f"{name} {lines}" for name, lines in counted if LOOK_AGAIN < lines <= SPLIT)
    # Package markers with a docstring alone would make the median look better than it is.
    median = statistics.median([lines for _, lines in counted if lines > 1] or [0])
    return findings, f"{len(counted)} modules, median {median:.0f} lines" + (
        f"; look again at {again}" if again else ""
    )
