"""A PostgreSQL and a RabbitMQ of one's own, to be killed as a power cut would, and started again on their data."""

import signal
import threading
from dataclasses import dataclass
from pathlib import Path

from tools.stack import postgres, process, rabbitmq
from tools.stack.state import Server


@dataclass(slots=True)
class Private:
    """Both servers. root: folder their data lies below."""

    root: Path
    database: Server
    broker: Server

    @classmethod
    def start(cls, root: Path) -> "Private":
        """Starts them, with new data. Raises StackError."""
        root.mkdir(parents=True, exist_ok=True)
        found: dict[str, Server] = {}
        # The broker takes most of the time; the database starts beside it.
        beside = threading.Thread(target=lambda: found.update(broker=rabbitmq.start(root, "broker", None, _forget)))
        beside.start()
        database = postgres.start(root, None, _forget)
        beside.join()
        return cls(root, database, found["broker"])

    def kill_database(self) -> None:
        """Kills the database; what was committed is on its disk."""
        for known in self.database.processes:
            process.stop(known, signal.SIGKILL, 10)

    def start_database(self) -> None:
        """Starts it again; it goes over its log before it answers."""
        self.database = postgres.start(self.root, self.database, _forget)

    def kill_broker(self) -> None:
        """Kills the broker."""
        rabbitmq.kill(self.broker)

    def start_broker(self) -> None:
        """Starts it again."""
        self.broker = rabbitmq.start(self.root, "broker", self.broker, _forget)

    def stop(self) -> None:
        """Ends both."""
        rabbitmq.stop(self.broker)
        postgres.stop(self.database)


def _forget(server: Server) -> None:
    """Nobody else looks for these."""
