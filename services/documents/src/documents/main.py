"""Puts documents together: pools, replica, gRPC server, consumers, relay, health. The only place that reads settings."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis import db, log, migrate
from chassis.actor import TokenVerifier
from chassis.blobs import Blobs
from chassis.clock import Clock, SystemClock
from chassis.holidays import holidays
from chassis.http import database_check, health_server
from chassis.messaging import Broker, Consumers, Relay, Subscription, desk
from chassis.messaging.parked import ParkedMessages
from chassis.replica import Fetch, Replica
from chassis.rpc import Server, connect
from chassis.rpc.tls import client_tls, server_tls
from chassis.runner import main as run_process
from chassis.runner import run_together
from chassis.uow import Database
from documents import timers
from documents.consumer import subscriptions
from documents.domain.deadline import Deadlines
from documents.handlers.disclosing import Disclosing
from documents.handlers.preparing import Preparing
from documents.ports.directory import Directory, Kinds
from documents.ports.watch import CardWatch
from documents.rendering.press import Press
from documents.rpc import Desk, servicers
from documents.rpc.uploads import keep_dropping_expired
from documents.settings import Settings
from documents.translate import directory as translate
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub

SERVICE = "documents"
MIGRATIONS = Path(__file__).parents[2] / "migrations"
KINDS = Kinds(
    translate.UNIT,
    translate.OFFICIAL,
    translate.APPOINTMENT,
    translate.EXTERNAL_IDENTITY,
    translate.CLIENT_SYSTEM,
    translate.TASK,
    translate.TOKEN_KEY,
    translate.ABSENCE,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Documents put together; nothing runs yet but the replica. server: start it, it answers its port."""

    server: Server
    worker: Database
    rpc: Database
    directory: Directory
    replica: Replica
    subscriptions: list[Subscription[Any, Any]]
    relay: Relay
    consumers: Consumers
    preparing: Preparing
    disclosing: Disclosing


@asynccontextmanager
async def build(settings: Settings, *, clock: Clock | None = None, fetch: Fetch | None = None) -> AsyncIterator[Parts]:
    """Opens the pools, loads the replica, puts the rest together. fetch: changes of the directory; None: no directory."""
    clock = clock or SystemClock()
    async with databases(settings, clock) as (worker, rpc):
        replica = Replica(worker.pool, fetch, translate.DECODE)
        directory, watch = Directory(replica, KINDS, settings.time_zone, _deadlines(settings)), CardWatch()
        async with replica, aclosing(Press(settings.fonts, settings.rendering_seconds)) as press:
            broker = Broker(settings.rabbitmq_url, settings.broker_namespace)
            subscribed = subscriptions(directory, replica, watch)
            blobs, sizes = Blobs(settings.blob_url), (settings.upload_limit, settings.upload_share)
            methods = Desk(rpc, worker, directory, blobs, watch, press, *sizes)
            yield Parts(
                _server(settings, methods, clock),
                worker,
                rpc,
                directory,
                replica,
                subscribed,
                Relay(SERVICE, worker.pool, broker, worker.wake_up),
                Consumers(SERVICE, worker, broker, subscribed),
                Preparing(worker, directory, blobs, press),
                Disclosing(worker, directory, blobs, press, settings.publishing.split(), hours_of(settings)),
            )


@asynccontextmanager
async def databases(settings: Settings, clock: Clock) -> AsyncIterator[tuple[Database, Database]]:
    """The database under the worker role and under the rpc role; commits of both wake the same relay."""
    worker = await db.open_pool(settings.worker_database_url, application=f"{SERVICE}.worker")
    try:
        rpc = await db.open_pool(settings.rpc_database_url, application=f"{SERVICE}.rpc")
        try:
            working = Database(worker, clock)
            yield working, Database(rpc, clock, working.wake_up)
        finally:
            await rpc.close()
    finally:
        await worker.close()


async def serve(settings: Settings) -> None:
    """The service, until a signal ends it."""
    log.configure(SERVICE, settings.log_level, settings.log_json)
    async with connect(settings.directory_address, tls=client_tls(settings)) as directory:
        feed = translate.DirectoryFeed(DirectoryServiceStub(directory))
        async with build(settings, fetch=feed) as parts:
            checks = {
                "worker": database_check(parts.worker.pool),
                "rpc": database_check(parts.rpc.pool),
                "directory": lambda: _is_known(parts.directory),
                "consumers": lambda: _listens(parts.consumers),
            }
            await timers.start(parts.worker)
            async with health_server(settings, checks):
                await run_together(
                    parts.server.run(),
                    parts.relay.run(),
                    parts.consumers.run(),
                    ParkedMessages(parts.worker, parts.subscriptions).run(),
                    timers.scheduler(parts.worker, parts.directory).run(),
                    parts.preparing.run(),
                    parts.disclosing.run(),
                    keep_dropping_expired(parts.worker, Blobs(settings.blob_url)),
                )


def main(arguments: Sequence[str]) -> None:
    """``serve`` (the default), ``migrate`` or ``parked list|show|fix|replay``."""
    if arguments and arguments[0] not in {"serve", "migrate", "parked"}:
        sys.exit(f"{SERVICE}: serve, migrate or parked, not {arguments[0]!r}")
    settings = Settings()
    if arguments[:1] == ["migrate"]:
        migrate.run(settings.postgres_url, SERVICE, MIGRATIONS)
    elif arguments[:1] == ["parked"]:
        sys.exit(asyncio.run(_parked(settings, arguments[1:])))
    else:
        run_process(serve(settings))


async def _parked(settings: Settings, arguments: Sequence[str]) -> int:
    async with build(settings) as parts:
        return await desk.run(SERVICE, settings.worker_database_url, parts.subscriptions, arguments)


def hours_of(settings: Settings) -> tuple[int, int]:
    """Hours of the day in which the portal is told of open documents: from, to."""
    first, _, last = settings.publishing_hours.partition("-")
    return int(first), int(last)


async def _listens(consumers: Consumers) -> bool:
    return consumers.ready.is_set()


async def _is_known(directory: Directory) -> bool:
    return directory.is_known(SystemClock().now().date())


def _deadlines(settings: Settings) -> Deadlines:
    free = holidays(settings.holidays_file)
    return Deadlines(settings.acceptance_days, settings.arrival_minutes, free, settings.confirm_days)


def _server(settings: Settings, methods: Desk, clock: Clock) -> Server:
    verifier = TokenVerifier(
        lambda key_id: methods.directory.find_key(key_id, clock.now().date()), settings.token_audience, clock
    )
    return Server(
        settings.grpc_address,
        servicers(methods),
        verifier=verifier,
        clock=clock,
        deadline=settings.deadline_seconds,
        reflect=settings.grpc_reflection,
        tls=server_tls(settings),
        grace=settings.shutdown_seconds,
    )
