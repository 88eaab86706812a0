"""The order in which servers are found, and bringing them up: environment, running, Docker, installed, apt-get, or a message."""

import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from tools.stack import debian, docker, postgres, probe, process, rabbitmq
from tools.stack.account import remove_fallback
from tools.stack.failure import StackError
from tools.stack.state import Kind, Server, State, locked

ADDRESSES: dict[Kind, str] = {"postgres": "ONNARA_POSTGRES_URL", "rabbitmq": "ONNARA_RABBITMQ_URL"}
TITLES: dict[Kind, str] = {"postgres": "PostgreSQL", "rabbitmq": "RabbitMQ"}
MAIN: dict[Kind, str] = {"postgres": "postgres", "rabbitmq": "broker"}
NO_WAY = (
    "no {title} here, and no way to start one. Two ways out: install it (Debian, Ubuntu: apt-get install postgresql"
    " rabbitmq-server; or start Docker), or name one you have: ONNARA_POSTGRES_URL=postgresql://admin:password@host/postgres"
    " ONNARA_RABBITMQ_URL=amqp://user:password@host/"
)

Say = Callable[[str], None]


class Servers(msgspec.Struct):
    """What `up --json` prints: addresses with credentials, and one line about where they come from."""

    postgres_url: str
    rabbitmq_url: str
    summary: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the order depends on, for one kind of server."""

    docker: bool
    installed: bool
    apt: bool


def ways(facts: Facts) -> list[str]:
    """Ways to start a server, in the order to try them; a later one is tried when an earlier one fails."""
    found = ["docker"] if facts.docker else []
    if facts.installed:
        return [*found, "private"]
    return [*found, "apt"] if facts.apt else found


def facts_for(kind: Kind) -> Facts:
    """Look at this machine."""
    installed = postgres.find_binaries() if kind == "postgres" else rabbitmq.find_script()
    return Facts(docker=docker.answers(), installed=installed is not None, apt=debian.available())


def running(server: Server) -> bool:
    """Whether a recorded server still runs and answers."""
    if server.way == "docker":
        if not docker.running(server):
            return False
    elif not server.processes or not all(process.alive(known) for known in server.processes):
        return False
    if server.kind == "postgres":
        return probe.postgres(server.url) is not None
    return probe.rabbitmq("127.0.0.1", server.ports["main"]) is not None


def bring(state: State, kind: Kind, name: str, say: Say) -> Server:
    """Return the server `name`: the running one, else started by the first way that works.

    :raises StackError: when no way is left, with the reason of the last.
    """
    before = state.servers.get(name)
    if before and running(before):
        return before
    if before:
        halt(before)
    refusal = StackError(NO_WAY.format(title=TITLES[kind]))
    for way in ways(facts_for(kind)):
        try:
            server = _start(way, state, kind, name, before)
        except StackError as failure:
            say(f"{failure}")
            refusal = failure
        else:
            state.record(server)
            return server
    raise refusal


def _start(way: str, state: State, kind: Kind, name: str, before: Server | None) -> Server:
    if way == "docker":
        return docker.start(state.root, kind, name, before, state.record)
    if way == "apt":
        debian.install(postgres.PACKAGES if kind == "postgres" else rabbitmq.PACKAGES)
    if kind == "postgres":
        return postgres.start(state.root, before, state.record)
    return rabbitmq.start(state.root, name, before, state.record)


def halt(server: Server, *, kill: bool = False) -> None:
    """End a server's processes or container; its data stays."""
    if server.way == "docker":
        (docker.kill if kill else docker.stop)(server)
    elif server.kind == "postgres":
        postgres.stop(server)
    else:
        (rabbitmq.kill if kill else rabbitmq.stop)(server)


def named(kind: Kind, env: Mapping[str, str]) -> str:
    """Address from the environment, empty when none is given.

    :raises StackError: when what it names does not answer.
    """
    url = env.get(ADDRESSES[kind], "")
    if url and (probe.postgres(url) if kind == "postgres" else _amqp(url)) is None:
        parts = urlsplit(url)
        raise StackError(
            f"{TITLES[kind]} at {parts.hostname}:{parts.port or 'default port'} ({ADDRESSES[kind]}) does not answer"
        )
    return url


def _amqp(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme == "amqps":
        return ""  # the conversation is closed to us before TLS; the first real connection will tell
    return probe.rabbitmq(parts.hostname or "localhost", parts.port or 5672)


def up(root: Path, say: Say, env: Mapping[str, str] = os.environ) -> Servers:
    """Find or start both servers; doing it twice is free.

    :raises StackError: when one of them cannot be had.
    """
    given = {kind: named(kind, env) for kind in ADDRESSES}
    missing: list[Kind] = [kind for kind, url in given.items() if not url]
    with locked(root) as state:
        _install_together(state, missing)
        # The broker takes most of the time; the database starts beside it.
        with ThreadPoolExecutor(2) as pool:
            found = dict(zip(missing, pool.map(lambda kind: bring(state, kind, MAIN[kind], say), missing), strict=True))
    return Servers(
        postgres_url=given["postgres"] or found["postgres"].url,
        rabbitmq_url=given["rabbitmq"] or found["rabbitmq"].url,
        summary=" and ".join(describe(kind, found.get(kind), root) for kind in ADDRESSES),
    )


def _install_together(state: State, kinds: list[Kind]) -> None:
    """One apt-get run for both, since two at a time would wait for each other's lock."""
    wanted = [kind for kind in kinds if MAIN[kind] not in state.servers and ways(facts_for(kind)) == ["apt"]]
    packages = {"postgres": postgres.PACKAGES, "rabbitmq": rabbitmq.PACKAGES}
    if wanted:
        debian.install([package for kind in wanted for package in packages[kind]])


def describe(kind: Kind, server: Server | None, root: Path) -> str:
    """Say in a few words what was found: `PostgreSQL 15.18 private under .run/`."""
    if server is None:
        return f"{TITLES[kind]} from {ADDRESSES[kind]}"
    title = f"{TITLES[kind]} {server.version}"
    if server.way == "docker":
        return f"{title} in Docker"
    inside = Path(server.folder).is_relative_to(root)
    return f"{title} private under {'.run/' if inside else Path(server.folder).parent}"


def down(root: Path, *, wipe: bool = False) -> list[str]:
    """End every server we started and return their names; with `wipe`, remove their data as well."""
    with locked(root) as state:
        ended = [server for server in state.servers.values() if server.processes or server.container]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(partial(end, state, wipe=wipe), list(state.servers.values())))
    return [server.name for server in ended]


def end(state: State, server: Server, *, kill: bool = False, wipe: bool = False) -> None:
    """End one server and write it down; with `wipe`, its data goes as well."""
    halt(server, kill=kill)
    if not wipe:
        server.processes = []
        state.record(server)
        return
    if server.way == "docker":
        docker.remove(server)
    else:
        shutil.rmtree(server.folder, ignore_errors=True)
        remove_fallback(state.root)
    state.forget(server.name)
