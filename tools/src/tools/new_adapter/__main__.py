"""`python -m tools.new_adapter NAME [--format F] [--sample FILE]`: the folder, what its sample means, and the catalogue's table."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.new_adapter.scaffolding import FORMATS, explain, scaffold


def main(arguments: Sequence[str]) -> int:
    """Run the command; answers its exit status."""
    parser = argparse.ArgumentParser(prog="make new-adapter NAME=agency")
    parser.add_argument("name", help="of the adapter: small letters, digits, underscores")
    parser.add_argument("--format", default="delimited", help=f"FORMAT= one of {', '.join(FORMATS)}")
    parser.add_argument("--sample", type=Path, help="SAMPLE= a file the fields are read from")
    asked = parser.parse_args(arguments)
    try:
        target = scaffold(asked.name, form=asked.format, sample=asked.sample)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    # In processes of their own: this one has read the catalogue before the folder was there.
    subprocess.run([sys.executable, "-m", "tools.golden", asked.name], check=True)
    differs = explain(target)
    subprocess.run([sys.executable, "-m", "adapters", "catalogue", "--write"], check=True)
    print(f"made {target}")
    print("next:")
    print(f"  1. judge each GUESSED and NOT UNDERSTOOD in {target.name}/adapter.toml")
    print(f"  2. python -m adapters check --adapter {asked.name} FILE, until nothing is refused that should not be")
    print(
        f"  3. python -m tools.golden {asked.name}"
        + (", and compare samples/first/out with what came" if differs else "")
    )
    print("  4. make test ARGS=tests/adapters/agencies/test_acceptance.py")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
