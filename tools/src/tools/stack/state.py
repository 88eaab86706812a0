"""What runs, kept in `.run/stack.json` (readable by its owner only: it holds passwords)."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from tools.stack.account import run_folder
from tools.stack.process import Process

Kind = Literal["postgres", "rabbitmq"]
USER = "onnara"


class Server(msgspec.Struct):
    """One server we started; ports and password outlive a stop, so that it comes back under the same address."""

    name: str
    kind: Kind
    way: Literal["private", "docker"]
    password: str
    ports: dict[str, int]
    folder: str = ""
    container: str = ""
    version: str = ""
    processes: list[Process] = []

    @property
    def url(self) -> str:
        """Address with credentials: an administrator's in PostgreSQL, the default user's in RabbitMQ."""
        place = f"{USER}:{self.password}@127.0.0.1:{self.ports['main']}"
        return f"postgresql://{place}/postgres" if self.kind == "postgres" else f"amqp://{place}/"


class State:
    """The file of what runs. Every change is written at once, so an interrupted start leaves no unknown process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._file = run_folder(root) / "stack.json"
        # Several servers are ended at the same time.
        self._writing = threading.Lock()
        self.servers: dict[str, Server] = {}
        if self._file.exists():
            self.servers = msgspec.json.decode(self._file.read_bytes(), type=dict[str, Server])

    def record(self, server: Server) -> None:
        """Add or replace one server."""
        with self._writing:
            self.servers[server.name] = server
            self._write()

    def forget(self, name: str) -> None:
        """Drop one server."""
        with self._writing:
            del self.servers[name]
            self._write()

    def _write(self) -> None:
        # A name of our own: a command of an older checkout that does not hold the lock must not take the file away.
        fresh = self._file.with_suffix(f".{os.getpid()}.new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(self.servers), indent=2))
        fresh.replace(self._file)


@contextmanager
def locked(root: Path) -> Iterator[State]:
    """Hold the stack for oneself: the demo and the tests may both ask for servers at the same moment."""
    with (run_folder(root) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield State(root)
