"""Starts and ends one named copy of the suite, with databases, folders and ports of its own."""

import asyncio
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec

from chassis import migrate
from tools.checkout import ROOT
from tools.stack import ports
from tools.stack.process import Process, alive, spawn, stop

SERVICES = ("directory", "documents", "approval", "adapters")
DEPLOYABLES = (*SERVICES, "gateway")
MIGRATIONS = {name: ROOT / "services" / name / "migrations" for name in SERVICES} | {
    "adapters": ROOT / "adapters" / "migrations"
}
READY_SECONDS = 40.0


class SuiteError(Exception):
    """A part of the suite did not come up; the message says which and where its log is."""


class Running(msgspec.Struct):
    """What is running, as kept in the suite's folder."""

    processes: dict[str, Process] = {}
    ports: dict[str, int] = {}


class Suite:
    """One copy of the suite under ``.run/<name>``.

    servers: administrator's address of PostgreSQL and address of RabbitMQ. endpoints: text of the operator's file of
    endpoints, with folders relative to ``transport``.
    """

    def __init__(
        self, name: str, postgres_url: str, rabbitmq_url: str, *, settings: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.folder = ROOT / ".run" / name
        self.transport = self.folder / "transport"
        self._postgres = postgres_url
        self._rabbitmq = rabbitmq_url
        self._settings = dict(settings or {})
        self._running = Running()

    @property
    def endpoints_file(self) -> Path:
        """Where the operator's file of endpoints lies."""
        return self.folder / "endpoints.toml"

    def port(self, name: str) -> int:
        """Port of a part, such as ``documents`` (gRPC) or ``gateway`` (HTTP)."""
        return self._running.ports[name]

    def address(self, name: str) -> str:
        """Loopback address of a part."""
        return f"127.0.0.1:{self.port(name)}"

    def database_url(self, service: str, role: str = "owner") -> str:
        """Address of a service's database for one of its roles."""
        return migrate.role_url(self._postgres, service, role, database=self._database(service))

    def server_url(self, database: str) -> str:
        """Address of any database of the server, as administrator."""
        return urlsplit(self._postgres)._replace(path=f"/{database}").geturl()

    def blob_folder(self) -> Path:
        """Root of the blob store."""
        return self.folder / "blobs"

    def reset(self) -> None:
        """Ends what runs and removes databases' content and folders of an earlier run."""
        self.down()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        asyncio.run(self._drop())

    def migrate(self) -> None:
        """Creates databases and brings them to the newest schema."""
        asyncio.run(self._migrate())

    def run(self, *command: str, service: str) -> str:
        """Runs a command of a service to its end, with the service's settings; answers its output."""
        done = subprocess.run(
            [sys.executable, "-m", service, *command],
            check=False,
            env=self.environment(service),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SuiteError(
                f"{service} {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-2000:]}"
            )
        return done.stdout

    def up(self, deployables: Iterable[str] = DEPLOYABLES) -> None:
        """Starts the parts and waits until each answers."""
        names = tuple(deployables)
        self.choose_ports()
        for name in names:
            folder = self.folder / "logs" / name
            folder.mkdir(parents=True, exist_ok=True)
            self._running.processes[name] = spawn([sys.executable, "-m", name], self.environment(name), folder, None)
        self._save()
        deadline = time.monotonic() + READY_SECONDS
        for name in names:
            self._await(name, deadline)

    def choose_ports(self) -> None:
        """Fixes the ports of all parts, before anything needs to know them."""
        wanted = [*DEPLOYABLES, *(f"{name}-health" for name in SERVICES), "adapters-soap"]
        if not self._running.ports:
            self._running.ports = ports.choose(wanted, {})

    def process(self, name: str) -> Process:
        """Process of a part, running or not."""
        return self._running.processes[name]

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends one part; SIGKILL to see that nothing depends on a clean end."""
        stop(self._running.processes[name], number, 10.0)

    def start(self, name: str) -> None:
        """Starts one part again."""
        self.up([name])

    def down(self) -> list[str]:
        """Ends everything an earlier call has started from this checkout; answers the names."""
        state = self.folder / "suite.json"
        if state.exists():
            self._running = msgspec.json.decode(state.read_bytes(), type=Running)
        ended = [name for name, process in self._running.processes.items() if alive(process)]
        for name in reversed(ended):
            stop(self._running.processes[name], signal.SIGTERM, 10.0)
        state.unlink(missing_ok=True)
        self._running = Running()
        return ended

    def environment(self, name: str) -> dict[str, str]:
        """Environment of a part: what a deployment gives it through its own means."""
        prefix = f"ONNARA_{name.upper()}_"
        values = {
            "GRPC_PORT": str(self.port(name)),
            "GRPC_HOST": "127.0.0.1",
            "LOG_JSON": "true",
            "RABBITMQ_URL": self._rabbitmq,
        }
        values["BROKER_NAMESPACE"] = self._namespace()
        values["BLOB_URL"] = self.blob_folder().as_uri()
        for other in SERVICES:
            values[f"{other.upper()}_ADDRESS"] = self.address(other)
        if name == "gateway":
            values |= {"HOST": "127.0.0.1", "PORT": str(self.port(name))}
        else:
            values |= {"HTTP_PORT": str(self.port(f"{name}-health")), "HTTP_HOST": "127.0.0.1"}
            values["DATABASE_URL"] = self.database_url(name)
            values["RPC_DATABASE_URL"] = self.database_url(name, "rpc")
            values["WORKER_DATABASE_URL"] = self.database_url(name, "worker")
        if name == "directory":
            values["KEY_FOLDER"] = str(self.folder / "keys")
        if name == "adapters":
            values |= {"ENDPOINTS": str(self.endpoints_file), "TRANSPORT_ROOT": str(self.transport)}
            values["SOAP_PORT"] = str(self.port("adapters-soap"))
        return os.environ | {f"{prefix}{key}": value for key, value in values.items()} | self._settings

    def log_of(self, name: str) -> Path:
        """Log file of a part."""
        return self.folder / "logs" / name / "output.log"

    def _database(self, service: str) -> str:
        return f"onnara_{self.name.replace('-', '_')}_{service}"

    def _namespace(self) -> str:
        return f"onnara-{self.name}"

    def _save(self) -> None:
        (self.folder / "suite.json").write_bytes(msgspec.json.encode(self._running))

    def _await(self, name: str, deadline: float) -> None:
        part = "gateway" if name == "gateway" else f"{name}-health"
        path = "/healthz" if name == "gateway" else "/readyz"
        process = self._running.processes[name]
        while time.monotonic() < deadline:
            if not alive(process):
                raise SuiteError(f"{name} ended while starting; its log: {self._tail(name)}")
            if _answers(self.port(part), path):
                return
            time.sleep(0.05)
        raise SuiteError(f"{name} did not become ready in {READY_SECONDS:.0f} s; its log: {self._tail(name)}")

    def _tail(self, name: str) -> str:
        text = self.log_of(name).read_text(encoding="utf-8", errors="replace")[-1500:]
        return f"{self.log_of(name).relative_to(ROOT)}\n{text}"

    async def _drop(self) -> None:
        connection = await asyncpg.connect(self._postgres)
        try:
            for service in SERVICES:
                await connection.execute(f'DROP DATABASE IF EXISTS "{self._database(service)}" WITH (FORCE)')
        finally:
            await connection.close()

    async def _migrate(self) -> None:
        for service in SERVICES:
            await migrate.provision(self._postgres, service, database=self._database(service))
            await migrate.upgrade(self.database_url(service), MIGRATIONS[service])


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
