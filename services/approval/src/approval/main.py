"""Puts approval together: pools, replica, gRPC server, consumers, relay, health. The only place that reads settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from approval.consumer import subscriptions
from approval.ports.directory import Directory, Kinds
from approval.ports.passkeys import RelyingParty
from approval.ports.watch import LineWatch
from approval.rpc import ApprovalServicer
from approval.settings import Settings
from approval.translate import directory as translate
from chassis import db, log
from chassis.actor import TokenVerifier
from chassis.clock import Clock, SystemClock
from chassis.http import database_check, health_server
from chassis.messaging import Broker, Consumers, Relay, Subscription
from chassis.messaging.parked import ParkedMessages
from chassis.migrate import role_url
from chassis.replica import Fetch, Replica
from chassis.rpc import Server, connect
from chassis.rpc.tls import client_tls, server_tls
from chassis.runner import run_together
from chassis.uow import Database
from onnara.approval.v1.approval_service_pb2_grpc import add_ApprovalServiceServicer_to_server
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub

SERVICE = "approval"
MIGRATIONS = Path(__file__).parents[2] / "migrations"
KINDS = Kinds(
    translate.UNIT,
    translate.OFFICIAL,
    translate.APPOINTMENT,
    translate.TOKEN_KEY,
    translate.DELEGATION_RULE,
    translate.ABSENCE,
    translate.PASSKEY,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Approval put together; nothing runs yet but the replica. server: start it, it answers its port."""

    server: Server
    worker: Database
    rpc: Database
    directory: Directory
    replica: Replica
    subscriptions: list[Subscription[Any, Any]]
    relay: Relay
    consumers: Consumers

    async def listens(self) -> bool:
        """True while the queues are there: what others publish before is nobody's."""
        return self.consumers.ready.is_set()


@asynccontextmanager
async def build(settings: Settings, *, clock: Clock | None = None, fetch: Fetch | None = None) -> AsyncIterator[Parts]:
    """Opens the pools, loads the replica, puts the rest together. fetch: changes of the directory; None: no directory."""
    clock = clock or SystemClock()
    async with databases(settings, clock) as (worker, rpc):
        replica = Replica(worker.pool, fetch, translate.DECODE)
        directory, watch = Directory(replica, KINDS, settings.time_zone), LineWatch()
        async with replica:
            broker = Broker(settings.rabbitmq_url, settings.broker_namespace)
            subscribed = subscriptions(directory, replica, watch)
            yield Parts(
                _server(settings, rpc, directory, watch, clock),
                worker,
                rpc,
                directory,
                replica,
                subscribed,
                Relay(SERVICE, worker.pool, broker, worker.wake_up),
                Consumers(SERVICE, worker, broker, subscribed),
            )


@asynccontextmanager
async def databases(settings: Settings, clock: Clock) -> AsyncIterator[tuple[Database, Database]]:
    """The database under the worker role and under the rpc role; commits of both wake the same relay."""
    worker = await db.open_pool(database_url(settings, "worker"), application=f"{SERVICE}.worker")
    try:
        rpc = await db.open_pool(database_url(settings, "rpc"), application=f"{SERVICE}.rpc")
        try:
            working = Database(worker, clock)
            yield working, Database(rpc, clock, working.wake_up)
        finally:
            await rpc.close()
    finally:
        await worker.close()


def database_url(settings: Settings, role: str) -> str:
    """Address for a role: as set, else made from the administrator's address."""
    given = {"worker": settings.worker_database_url, "rpc": settings.rpc_database_url}
    return given[role] or role_url(settings.postgres_url, SERVICE, role)


async def serve(settings: Settings) -> None:
    """The service, until a signal ends it."""
    log.configure(SERVICE, settings.log_level, settings.log_json)
    async with connect(settings.directory_address, tls=client_tls(settings)) as directory:
        feed = translate.DirectoryFeed(DirectoryServiceStub(directory))
        async with build(settings, fetch=feed) as parts:
            checks = {
                "worker": database_check(parts.worker.pool),
                "rpc": database_check(parts.rpc.pool),
                "consumers": parts.listens,
                "directory": lambda: _is_known(parts.directory),
            }
            async with health_server(settings, checks):
                await run_together(
                    parts.server.run(),
                    parts.relay.run(),
                    parts.consumers.run(),
                    ParkedMessages(parts.worker, parts.subscriptions).run(),
                )


async def _is_known(directory: Directory) -> bool:
    return directory.is_known(SystemClock().now().date())


def _server(settings: Settings, rpc: Database, directory: Directory, watch: LineWatch, clock: Clock) -> Server:
    verifier = TokenVerifier(lambda key_id: directory.find_key(key_id, clock.now()), settings.token_audience, clock)
    return Server(
        settings.grpc_address,
        [(add_ApprovalServiceServicer_to_server, ApprovalServicer(rpc, directory, watch, _party(settings)))],
        verifier=verifier,
        clock=clock,
        deadline=settings.deadline_seconds,
        reflect=settings.grpc_reflection,
        tls=server_tls(settings),
        grace=settings.shutdown_seconds,
    )


def _party(settings: Settings) -> RelyingParty:
    return RelyingParty(settings.rp_id, tuple(settings.origins.replace(",", " ").split()))
