"""One measured figure as a JSON line on standard output."""

import json
import platform
import sys


def say(name: str, value: float, unit: str, **more: object) -> None:
    """Prints a figure: name, value, unit, and what one needs to judge it."""
    figure = {"name": name, "value": round(value, 3), "unit": unit, **more}
    sys.stdout.write(json.dumps(figure, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Says on standard error what is being done."""
    sys.stderr.write(f"  bench     {text}\n")
    sys.stderr.flush()


def machine() -> str:
    """What this ran on, without its name."""
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` (0..1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
