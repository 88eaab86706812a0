"""`python -m adapters`: the service, its operators' commands, and commands on files.

The service: no argument, `serve`, `migrate`. Its operators: `parked`, `quarantine`, `replay`, `reconcile`. On files: all others.
The commands on files need neither the stack nor its packages: the service is imported only when it is asked for.
"""

import sys
from importlib import import_module

from adapters import cli

SERVICE = ("serve", "migrate", "parked", "quarantine", "replay", "reconcile")


def main(arguments: list[str]) -> int:
    """Run the service or a command; answers the exit status."""
    if not arguments or arguments[0] in SERVICE:
        import_module("adapters.runtime.main").main(arguments)
        return 0
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
