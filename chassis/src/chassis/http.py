"""Health, readiness and metrics over HTTP, in the same loop as everything else; no business traffic comes this way.

/healthz: the process turns. /readyz: everything it depends on answers. /metrics: Prometheus text.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol, TypeAlias

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

from chassis.db import Pool

log = structlog.get_logger(__name__)

Check: TypeAlias = Callable[[], Awaitable[bool]]
CHECK_SECONDS = 2.0
_JSON = b"application/json"


class HasHttpAddress(Protocol):
    """The part of the settings needed here."""

    @property
    def http_host(self) -> str:
        """Address to bind."""
        ...

    @property
    def http_port(self) -> int:
        """Port to bind; 0 switches the server off."""
        ...


def database_check(pool: Pool) -> Check:
    """Ready when the database answers."""

    async def answers() -> bool:
        return bool(await pool.fetchval("SELECT true"))

    return answers


class HealthApp:
    """The ASGI application. checks: what readiness depends on, by name."""

    def __init__(self, checks: Mapping[str, Check], registry: CollectorRegistry = REGISTRY) -> None:
        self._checks = checks
        self._registry = registry

    async def __call__(self, scope: Mapping[str, Any], _receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        status, kind, body = await self.answer(scope["path"])
        headers = [
            (b"content-type", kind),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def answer(self, path: str) -> tuple[int, bytes, bytes]:
        """Status, content type and body for a path."""
        if path == "/healthz":
            return 200, _JSON, b'{"status":"alive"}'
        if path == "/readyz":
            return await self._readiness()
        if path == "/metrics":
            return 200, CONTENT_TYPE_LATEST.encode(), generate_latest(self._registry)
        return 404, _JSON, b'{"code":"no-such-page"}'

    async def _readiness(self) -> tuple[int, bytes, bytes]:
        answers = await asyncio.gather(*(self._passes(name, check) for name, check in self._checks.items()))
        checks = dict(zip(self._checks, answers, strict=True))
        ready = all(answers)
        body = {"status": "ready" if ready else "not-ready", "checks": checks}
        return 200 if ready else 503, _JSON, json.dumps(body).encode()

    async def _passes(self, name: str, check: Check) -> bool:
        """A check that raises or takes too long has not passed; what it raised goes to the log, not to the caller."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                return await check()
        except Exception as error:  # noqa: BLE001 - any failure of a check means: not ready
            log.warning("check-failed", check=name, error=type(error).__name__)
            return False


class _Server(uvicorn.Server):
    """A server that leaves signals to the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Installs nothing: the runner ends all parts together."""
        yield


@asynccontextmanager
async def health_server(
    settings: HasHttpAddress, checks: Mapping[str, Check], registry: CollectorRegistry = REGISTRY
) -> AsyncIterator[None]:
    """Serves for the length of the block; with port 0 it does nothing. Raises OSError when the port is taken."""
    if not settings.http_port:
        yield
        return
    async with serving(HealthApp(checks, registry), settings.http_host, settings.http_port):
        yield


@asynccontextmanager
async def serving(app: Any, host: str, port: int) -> AsyncIterator[int]:
    """Serves an ASGI application for the length of the block; answers the port, which 0 leaves to the system.

    Raises OSError when the port is taken.
    """
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    # Bound here, so that a taken port is an exception in the caller and not an exit inside the server.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=64) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            await task
