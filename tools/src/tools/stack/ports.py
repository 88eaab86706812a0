"""Free ports on the loopback address."""

import secrets
import socket
from collections.abc import Iterable

LOWEST, COUNT = 20_000, 12_000
"""Below the range outgoing connections take their ports from, so a free port does not vanish before it is used."""


def is_free(port: int) -> bool:
    """Whether a server could listen here now (a port in TIME_WAIT counts as free, as it does for the servers)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose(wanted: Iterable[str], before: dict[str, int]) -> dict[str, int]:
    """One free port per name; the ports of `before` again where they are still free."""
    chosen: dict[str, int] = {}
    for name in wanted:
        port = before.get(name, 0)
        while not port or port in chosen.values() or not is_free(port):
            port = LOWEST + secrets.randbelow(COUNT)
        chosen[name] = port
    return chosen
