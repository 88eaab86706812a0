"""PostgreSQL and RabbitMQ as containers, where a Docker engine answers.

The images can be replaced by a site's own (`ONNARA_POSTGRES_IMAGE`, `ONNARA_RABBITMQ_IMAGE`). Passwords reach the client
through its environment, so they stand in no process list.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tools.stack import ports, probe
from tools.stack.account import checkout_hash
from tools.stack.failure import StackError
from tools.stack.postgres import SETTINGS
from tools.stack.state import USER, Kind, Server

IMAGES: dict[Kind, tuple[str, str]] = {
    "postgres": ("ONNARA_POSTGRES_IMAGE", "postgres:17"),
    "rabbitmq": ("ONNARA_RABBITMQ_IMAGE", "rabbitmq:4"),
}
INSIDE: dict[Kind, dict[str, int]] = {
    "postgres": {"main": 5432},
    "rabbitmq": {"main": 5672},
}
OURS = {"max_connections", "shared_buffers", "max_wal_size", "wal_compression", "jit", "timezone"}
"""The settings that hold in a container too; addresses and sockets belong to the image."""


def answers() -> bool:
    """Whether an engine is there and running."""
    if not shutil.which("docker"):
        return False
    try:
        asked = subprocess.run(["docker", "info", "--format", "{{.ID}}"], capture_output=True, timeout=10, check=False)
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


def image(kind: Kind) -> str:
    """Name of the image for `kind`: the site's own, else the public one."""
    variable, public = IMAGES[kind]
    return os.environ.get(variable, public)


def arguments(server: Server) -> list[str]:
    """Arguments of `docker` that create and start the container of `server`."""
    published = [f"-p127.0.0.1:{server.ports[name]}:{port}" for name, port in INSIDE[server.kind].items()]
    start = ["run", "--detach", "--name", server.container, "--hostname", server.name, *published]
    if server.kind == "rabbitmq":
        return [*start, "-eRABBITMQ_DEFAULT_USER", "-eRABBITMQ_DEFAULT_PASS", image("rabbitmq")]
    settings = [f"-c{key}={value}" for key, value in SETTINGS.items() if key in OURS]
    named = ["-ePOSTGRES_USER", "-ePOSTGRES_PASSWORD", "-ePOSTGRES_DB=postgres"]
    return [*start, *named, "-ePOSTGRES_INITDB_ARGS=--locale=C.UTF-8 --encoding=UTF8", image("postgres"), *settings]


def start(root: Path, kind: Kind, name: str, before: Server | None, record: Callable[[Server], None]) -> Server:
    """Start the container, pulling its image when it is not there; returns when the server answers.

    :raises StackError: when the image cannot be had or the server does not come up.
    """
    kept = before if before and before.way == "docker" and _exists(before.container) else None
    server = kept or Server(
        name=name,
        kind=kind,
        way="docker",
        password=os.urandom(12).hex(),
        ports=ports.choose(INSIDE[kind], before.ports if before else {}),
        container=f"onnara-{checkout_hash(root)}-{name}",
    )
    if kept:
        _docker(["start", server.container])
    else:
        _fetch(image(kind))
        _docker(["rm", "--force", "--volumes", server.container], check=False)
        _docker(arguments(server), password=server.password)
    record(server)
    server.version = probe.wait(lambda: _version(server), 120)
    return server


def running(server: Server) -> bool:
    """Whether the container of `server` runs."""
    return _docker(["inspect", "--format", "{{.State.Running}}", server.container], check=False) == "true"


def stop(server: Server) -> None:
    """Stop the container; its data stays in it."""
    _docker(["stop", server.container], check=False)


def kill(server: Server) -> None:
    """Stop it as a power cut would."""
    _docker(["kill", server.container], check=False)


def remove(server: Server) -> None:
    """Remove container and data."""
    _docker(["rm", "--force", "--volumes", server.container], check=False)


def _version(server: Server) -> str | None:
    if server.kind == "postgres":
        return probe.postgres(server.url)
    return probe.rabbitmq("127.0.0.1", server.ports["main"])


def _exists(container: str) -> bool:
    return bool(_docker(["inspect", "--format", "{{.Id}}", container], check=False))


def _fetch(name: str) -> None:
    if _docker(["image", "inspect", "--format", "{{.Id}}", name], check=False):
        return
    try:
        _docker(["pull", "--quiet", name])
    except StackError as refusal:
        raise StackError(f"Docker runs, but image {name} cannot be pulled ({refusal})") from None


def _docker(command: list[str], *, password: str = "", check: bool = True) -> str:
    env = dict(os.environ)
    if password:
        env |= {"POSTGRES_USER": USER, "POSTGRES_PASSWORD": password}
        env |= {"RABBITMQ_DEFAULT_USER": USER, "RABBITMQ_DEFAULT_PASS": password}
    try:
        done = subprocess.run(["docker", *command], env=env, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as failure:
        if not check:
            return ""
        raise StackError(f"docker {command[0]}: {failure}") from None
    if check and done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise StackError(f"docker {command[0]}: {last[:200]}")
    return done.stdout.strip() if done.returncode == 0 else ""
