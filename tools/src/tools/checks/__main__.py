"""`python -m tools.checks NAME`: prints the findings, one a line, and ends with 1 if there is one; `generate` and `draw` write."""

import sys

from tools.checks import catalogue, contracts, machines, sizes, words
from tools.checks.generate import GenerateError, generate

CHECKS = {
    "catalogue": catalogue.check,
    "machines": machines.check,
    "protos": contracts.check,
    "sizes": sizes.check,
    "words": words.check,
}


def _generate() -> int:
    try:
        changed = generate()
    except GenerateError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    for name in changed:
        print(f"  protos/gen/{name}")
    print(f"  protos    {len(changed)} files changed" if changed else "  protos    up to date")
    return 0


def main(arguments: list[str]) -> int:
    """Run the named check; 2 when there is none of that name."""
    name = arguments[0] if len(arguments) == 1 else ""
    if name == "generate":
        return _generate()
    if name == "draw":
        print("  machines  docs/machines.md written" if machines.draw() else "  machines  up to date")
        return 0
    if name not in CHECKS:
        print(f"usage: python -m tools.checks {'|'.join([*CHECKS, 'generate', 'draw'])}", file=sys.stderr)
        return 2
    findings, summary = CHECKS[name]()
    for finding in findings:
        print(finding)
    if not findings:
        print(summary)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
