"""`python -m tools.corpora NAME PATH ...`: runs `tools.corpora.NAME.main` with the rest of the arguments."""

import importlib
import pkgutil
import sys

from tools import corpora


def main(arguments: list[str]) -> int:
    """Answers the report's exit status; 2 when there is none of the name."""
    known = sorted(each.name for each in pkgutil.iter_modules(corpora.__path__) if not each.name.startswith("_"))
    if not arguments or arguments[0] not in known:
        sys.stderr.write(f"usage: python -m tools.corpora ({' | '.join(known)}) PATH\n")
        return 2
    status: int = importlib.import_module(f"tools.corpora.{arguments[0]}").main(arguments[1:])
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
