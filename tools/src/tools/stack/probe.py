"""Whether a server answers in its own protocol, and which version it is."""

import asyncio
import contextlib
import re
import socket
import time
from collections.abc import Callable

from tools.stack.failure import StackError
from tools.stack.process import Process, alive

AMQP_GREETING = b"AMQP\x00\x00\x09\x01"
CONNECTION_START = b"\x00\x0a\x00\x0a"
"""Class 10, method 10 of AMQP 0-9-1: the first thing a ready broker says."""
VERSION_FIELD = re.compile(rb"\x07versionS\x00\x00\x00.([0-9.]+)", re.DOTALL)


def postgres(url: str) -> str | None:
    """Version of the PostgreSQL that lets us in and answers a query, else `None`."""
    import asyncpg

    async def ask() -> str:
        connection = await asyncpg.connect(url, timeout=5)
        try:
            return str(await connection.fetchval("SHOW server_version"))
        finally:
            await connection.close()

    try:
        return asyncio.run(ask()).split()[0]
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None


def rabbitmq(host: str, port: int) -> str | None:
    """Version of the broker that opens an AMQP conversation, else `None`; listeners open last, after recovery."""
    said = b""
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=5) as line:
        line.sendall(AMQP_GREETING)
        while len(said) < 2048 and b"\xce" not in said[-1:]:
            piece = line.recv(2048)
            if not piece:
                break
            said += piece
    if said[7:11] != CONNECTION_START:
        return None
    found = VERSION_FIELD.search(said)
    return found[1].decode() if found else ""


def wait(ask: Callable[[], str | None], seconds: float, watched: Process | None = None) -> str:
    """Ask until there is an answer.

    :raises StackError: after `seconds`, or as soon as the `watched` process is gone.
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer is not None:
            return answer
        if watched and not alive(watched):
            raise StackError("the server ended while it started")
        if time.monotonic() > deadline:
            raise StackError(f"no answer within {seconds:.0f} s")
        time.sleep(0.1)
