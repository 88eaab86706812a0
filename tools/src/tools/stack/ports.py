"""Free ports on the loopback address."""

import secrets
import socket
import time
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


def becomes_free(port: int, seconds: float) -> bool:
    """Whether a port is free before long: the threads of a server that was just killed hold it for a moment more."""
    deadline = time.monotonic() + seconds
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def choose(wanted: Iterable[str], before: dict[str, int], seconds: float = 5.0) -> dict[str, int]:
    """One free port per name; the ports of `before` again where they are free or become so in time."""
    chosen: dict[str, int] = {}
    for name in wanted:
        port = before.get(name, 0)
        if port and not becomes_free(port, seconds):
            port = 0
        while not port or port in chosen.values() or not is_free(port):
            port = LOWEST + secrets.randbelow(COUNT)
        chosen[name] = port
    return chosen
