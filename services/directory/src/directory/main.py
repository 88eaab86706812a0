"""Puts the directory together: pools, keys, gRPC server, consumers, relay, upkeep, health. The only place that reads settings."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from chassis import db, log
from chassis.actor import TokenVerifier
from chassis.clock import Clock, SystemClock
from chassis.http import database_check, health_server
from chassis.messaging import Broker, Consumers, Relay, desk
from chassis.messaging.parked import ParkedMessages
from chassis.migrate import role_url
from chassis.rpc import Server
from chassis.rpc.tls import server_tls
from chassis.runner import run_together
from chassis.uow import Database
from directory.consumer import subscriptions
from directory.domain.passkeys import usable_origins
from directory.handlers.passkeys import forget_challenges
from directory.handlers.sessions import prune
from directory.handlers.token_keys import ensure_keys, trusted_keys
from directory.ports.keys import KeyFolder, KeyRing
from directory.ports.passkeys import Passkeys
from directory.ports.passwords import Passwords
from directory.rpc import PUBLIC, Desk, DirectoryServicer
from directory.settings import Settings
from onnara.directory.v1.directory_service_pb2_grpc import add_DirectoryServiceServicer_to_server

SERVICE = "directory"
HOME = Path(__file__).parents[2]
MIGRATIONS = HOME / "migrations"
KEY_SECONDS = 5.0
FORGET_EVERY = 12
PRUNE_EVERY = 720

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """A directory put together; nothing runs yet. server: start it, it answers its port."""

    server: Server
    worker: Database
    rpc: Database
    ring: KeyRing
    folder: KeyFolder


@asynccontextmanager
async def build(
    settings: Settings, *, clock: Clock | None = None, passwords: Passwords | None = None
) -> AsyncIterator[Parts]:
    """Opens the pools, makes signing keys where they are missing, puts the server together."""
    clock = clock or SystemClock()
    async with databases(settings, clock) as (worker, rpc):
        folder, ring = KeyFolder(settings.key_folder), KeyRing()
        async with worker.transaction() as unit:
            await ensure_keys(unit, folder)
        await refresh_keys(worker, ring)
        desk = Desk(
            worker=worker,
            rpc=rpc,
            passwords=passwords or Passwords(),
            passkeys=Passkeys(settings.rp_id, usable_origins(settings.origins, demonstration=settings.demo)),
            keys=folder,
            audience=settings.token_audience,
            demonstration=settings.demo,
        )
        server = Server(
            settings.grpc_address,
            [(add_DirectoryServiceServicer_to_server, DirectoryServicer(desk))],
            verifier=TokenVerifier(ring.find, settings.token_audience, clock),
            clock=clock,
            public=PUBLIC,
            deadline=settings.deadline_seconds,
            reflect=settings.grpc_reflection,
            tls=server_tls(settings),
            grace=settings.shutdown_seconds,
        )
        yield Parts(server, worker, rpc, ring, folder)


@asynccontextmanager
async def databases(settings: Settings, clock: Clock) -> AsyncIterator[tuple[Database, Database]]:
    """The database under the worker role and under the rpc role."""
    worker = await db.open_pool(database_url(settings, "worker"), application=f"{SERVICE}.worker")
    try:
        rpc = await db.open_pool(database_url(settings, "rpc"), application=f"{SERVICE}.rpc")
        try:
            yield Database(worker, clock), Database(rpc, clock)
        finally:
            await rpc.close()
    finally:
        await worker.close()


def database_url(settings: Settings, role: str) -> str:
    """Address for a role: as set, else made from the administrator's address."""
    given = {"worker": settings.worker_database_url, "rpc": settings.rpc_database_url, "owner": settings.database_url}
    return given[role] or role_url(settings.postgres_url, SERVICE, role)


def code_tables(settings: Settings) -> list[Path]:
    """Tables of agency codes to import where none is named: those set, else the shipped excerpt."""
    named = [Path(name) for name in settings.agency_codes.split(os.pathsep) if name]
    return named or sorted((HOME / "data").glob("*.tsv"))


async def serve(settings: Settings) -> None:
    """The service, until a signal ends it."""
    log.configure(SERVICE, settings.log_level, settings.log_json)
    async with build(settings) as parts:
        broker = Broker(settings.rabbitmq_url, settings.broker_namespace)
        relay = Relay(SERVICE, parts.worker.pool, broker, parts.worker.wake_up)
        subscribed = subscriptions()
        consumers = Consumers(SERVICE, parts.worker, broker, subscribed)
        checks = {
            "worker": database_check(parts.worker.pool),
            "rpc": database_check(parts.rpc.pool),
            "consumers": lambda: _listens(consumers),
        }
        async with health_server(settings, checks):
            await run_together(
                parts.server.run(),
                relay.run(),
                consumers.run(),
                ParkedMessages(parts.worker, subscribed).run(),
                keep_up(parts.worker, parts.ring),
            )


async def parked(settings: Settings, arguments: Sequence[str]) -> int:
    """Lists, shows, corrects or replays parked messages; answers the exit status."""
    return await desk.run(SERVICE, database_url(settings, "worker"), subscriptions(), arguments)


async def _listens(consumers: Consumers) -> bool:
    return consumers.ready.is_set()


async def keep_up(worker: Database, ring: KeyRing) -> None:
    """Follows the trusted keys and forgets old sessions and challenges, until cancelled; outlives the database."""
    turn = 0
    while True:
        try:
            await refresh_keys(worker, ring)
            if turn % FORGET_EVERY == 0:
                async with worker.transaction() as unit:
                    await forget_challenges(unit)
                    if turn % PRUNE_EVERY == 0:
                        await prune(unit)
            turn += 1
        except db.SERVER_ERRORS as error:
            logger.warning("upkeep-interrupted", error=type(error).__name__)
        await asyncio.sleep(KEY_SECONDS)


async def refresh_keys(worker: Database, ring: KeyRing) -> None:
    """Takes over a rotation that another process has made."""
    async with worker.transaction() as unit:
        ring.replace(await trusted_keys(unit))
