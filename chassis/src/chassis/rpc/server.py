"""A gRPC server of one service: methods behind the guard, health, reflection when asked for, TLS when given, graceful stop."""

import asyncio
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Any, Protocol, Self, TypeAlias

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from chassis.actor import TokenVerifier
from chassis.clock import Clock
from chassis.rpc.guard import Guard
from chassis.rpc.tls import ServerTls

log = structlog.get_logger(__name__)

LARGEST_MESSAGE = 4 << 20
LARGEST_METADATA = 16 << 10
MOST_CALLS = 1_000


class Register(Protocol):
    """``add_<Service>Servicer_to_server`` of generated code."""

    def __call__(self, servicer: Any, server: Any, /) -> None:
        """Registers the servicer's methods."""
        ...


Registration: TypeAlias = tuple[Register, object]

_OPTIONS = (
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.max_metadata_size", LARGEST_METADATA),
    # A second process on the same port is a mistake to be told about, not to be shared with.
    ("grpc.so_reuseport", 0),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    # Callers ping every 30 s, also when nothing is under way.
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    # Connections are renewed now and then, so that new replicas get their share.
    ("grpc.max_connection_age_ms", 30 * 60_000),
    ("grpc.max_connection_age_grace_ms", 60_000),
)


class Server:
    """One service's server.

    address: ``host:port``, port 0 takes a free one. services: pairs of a generated ``add_..._to_server`` and its servicer.
    public: full names of methods that need no token. deadline: seconds for callers that gave none. grace: seconds running
    calls may finish in after ``stop``.
    """

    def __init__(
        self,
        address: str,
        services: Sequence[Registration],
        *,
        verifier: TokenVerifier,
        clock: Clock,
        public: Collection[str] = (),
        deadline: float = 30.0,
        reflect: bool = False,
        tls: ServerTls | None = None,
        grace: float = 10.0,
    ) -> None:
        self.port = 0
        self._address = address
        self._services = services
        self._guard = Guard(
            verifier,
            clock,
            public=frozenset(public),
            default_deadline=deadline,
            read_peers=tls is not None and tls.client_ca is not None,
        )
        self._public = frozenset(public)
        self._reflect = reflect
        self._tls = tls
        self._grace = grace
        self._health = health.aio.HealthServicer()
        self._server: grpc.aio.Server | None = None

    async def start(self) -> int:
        """Binds and serves; answers the port. Raises RuntimeError when the port is taken, ValueError for an unknown public method."""
        server = grpc.aio.server(options=_OPTIONS, maximum_concurrent_rpcs=MOST_CALLS)
        guarded = _Guarded(server, self._guard)
        for register, servicer in self._services:
            register(servicer, guarded)
        unknown = self._public - guarded.methods
        if unknown:
            raise ValueError(f"public methods that do not exist: {sorted(unknown)}")
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        if self._reflect:
            reflection.enable_server_reflection(
                (*guarded.services, health.SERVICE_NAME, reflection.SERVICE_NAME), server
            )
        if self._tls:
            self.port = server.add_secure_port(self._address, self._tls.credentials())
        else:
            self.port = server.add_insecure_port(self._address)
        await server.start()
        for name in ("", *guarded.services):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._server = server
        log.info("rpc-serving", port=self.port, services=guarded.services, tls=self._tls is not None)
        return self.port

    async def stop(self) -> None:
        """Says NOT_SERVING, takes no new calls, lets running ones finish within the grace. Twice is once."""
        server, self._server = self._server, None
        if server:
            await self._health.enter_graceful_shutdown()
            await server.stop(self._grace)

    async def run(self) -> None:
        """Serves until cancelled: a part for ``runner.run_together``."""
        await self.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


class _Guarded:
    """Takes registrations of generated code and hands them on behind the guard."""

    def __init__(self, server: grpc.aio.Server, guard: Guard) -> None:
        self._server = server
        self._guard = guard
        self.services: list[str] = []
        self.methods: set[str] = set()

    def add_generic_rpc_handlers(self, _: Any) -> None:
        """Generated code registers each service twice; the other way tells the methods."""

    def add_registered_method_handlers(self, service: str, handlers: dict[str, grpc.RpcMethodHandler]) -> None:
        """Registers all methods of a service."""
        wrapped = {name: self._guard.wrap(f"/{service}/{name}", handler) for name, handler in handlers.items()}
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, wrapped),))
        self._server.add_registered_method_handlers(service, wrapped)
        self.services.append(service)
        self.methods.update(f"/{service}/{name}" for name in handlers)
