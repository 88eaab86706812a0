"""`python -m tools.checks NAME`: prints the findings, one a line, and ends with 1 if there is one."""

import sys

from tools.checks.generate import GenerateError, generate


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


if __name__ == "__main__":
    sys.exit(_generate())
