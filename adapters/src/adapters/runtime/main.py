"""Puts the adapters' runtime together and runs it: the only place that reads settings."""

import asyncio
import sys
from argparse import Namespace
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

from adapters.formats.messages import Language
from adapters.runtime import consumer, removal, translate
from adapters.runtime.awaited import Awaited
from adapters.runtime.decoding import Decoder
from adapters.runtime.delivery import Delivery
from adapters.runtime.endpoints import Endpoints, read_endpoints
from adapters.runtime.intake import Intake
from adapters.runtime.mappings import in_force
from adapters.runtime.operators import commands
from adapters.runtime.operators.desk import Desk
from adapters.runtime.rpc.interoperability import InteroperabilityService
from adapters.runtime.rpc.mapping import MappingService
from adapters.runtime.settings import Settings
from adapters.runtime.soapfront import SoapFront
from adapters.runtime.troubles import Troubles
from adapters.runtime.units import SEOUL, Units
from chassis import db, log, migrate
from chassis.actor import TokenVerifier
from chassis.blobs import Blobs
from chassis.clock import SystemClock
from chassis.http import database_check, health_server, serving
from chassis.messaging import Broker, Consumers, Relay, desk
from chassis.messaging.parked import ParkedMessages
from chassis.replica import Replica
from chassis.rpc import Server, connect
from chassis.rpc.tls import client_tls, server_tls
from chassis.runner import main as run_process
from chassis.runner import run_together
from chassis.uow import Database
from chassis.wakeup import WakeUp
from onnara.adapters.v1.interoperability_service_pb2_grpc import add_InteroperabilityServiceServicer_to_server
from onnara.adapters.v1.mapping_service_pb2_grpc import add_MappingServiceServicer_to_server
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub

SERVICE = "adapters"
MIGRATIONS = Path(__file__).parents[3] / "migrations"


def make_replica(pool: db.Pool, feed: translate.DirectoryFeed | None) -> Replica:
    """The directory data the adapters need: units by code, token keys."""
    replica = Replica(pool, feed, translate.DECODE)
    replica.index("unit_code", translate.UNIT, lambda unit: unit.code)
    replica.index("key_id", translate.TOKEN_KEY, lambda key: key.key_id)
    return replica


def find_key(replica: Replica, key_id: str) -> bytes | None:
    """Public key of a token key that is live today."""
    found = replica.snapshot.find("key_id", key_id, datetime.now(SEOUL).date())
    return bytes(found[0].public_key) if found else None


async def listens(consumers: Consumers) -> bool:
    """True while the queues are declared and consumed: what others publish finds its way."""
    return consumers.ready.is_set()


async def is_known(replica: Replica) -> bool:
    """True once there is a key that tokens can be verified with: before that nobody can be served."""
    return bool(replica.snapshot.all(translate.TOKEN_KEY, datetime.now(SEOUL).date()))


async def serve(settings: Settings, endpoints: Endpoints) -> None:
    """The runtime, until a signal ends it."""
    clock, going_out = SystemClock(), WakeUp()
    broker = Broker(settings.rabbitmq_url, settings.broker_namespace)
    async with AsyncExitStack() as stack:
        worker_pool = await db.open_pool(settings.worker_database_url, application="adapters.worker")
        stack.push_async_callback(worker_pool.close)
        rpc_pool = await db.open_pool(settings.rpc_database_url, application="adapters.rpc")
        stack.push_async_callback(rpc_pool.close)
        worker, rpc = Database(worker_pool, clock), Database(rpc_pool, clock)
        # What a person's replay leaves in the outbox is published by the same relay.
        rpc.wake_up = worker.wake_up
        directory = await stack.enter_async_context(connect(settings.directory_address, tls=client_tls(settings)))
        replica = make_replica(worker_pool, translate.DirectoryFeed(DirectoryServiceStub(directory)))
        await stack.enter_async_context(replica)
        blobs, decoder, units = Blobs(settings.blob_url), Decoder(settings.decode_workers), Units(replica)
        troubles = Troubles()
        stack.callback(decoder.close)
        subscriptions = consumer.subscriptions(endpoints, replica, going_out)
        consumers = Consumers(SERVICE, worker, broker, subscriptions)
        server = Server(
            settings.grpc_address,
            [
                (
                    add_InteroperabilityServiceServicer_to_server,
                    InteroperabilityService(rpc, endpoints, blobs, decoder, units, troubles),
                ),
                (add_MappingServiceServicer_to_server, MappingService(rpc, endpoints, blobs, decoder, units)),
            ],
            verifier=TokenVerifier(lambda key_id: find_key(replica, key_id), settings.token_audience, clock),
            clock=clock,
            tls=server_tls(settings),
            deadline=settings.deadline_seconds,
            reflect=settings.grpc_reflection,
            grace=settings.shutdown_seconds,
        )
        intakes = [
            Intake(
                endpoint,
                worker,
                blobs,
                decoder,
                units.agency_id,
                scan_seconds=settings.scan_seconds,
                backlog=settings.backlog,
                troubles=troubles,
            )
            for endpoint in endpoints.all
            if endpoint.reads
        ]
        # While one batch waits for the disk, the next is encoded.
        deliveries = [
            Delivery(endpoint, worker, blobs)
            for endpoint in endpoints.all
            if endpoint.writes
            for _ in range(settings.delivery_workers)
        ]
        checks = {
            "worker": database_check(worker_pool),
            "rpc": database_check(rpc_pool),
            "directory": lambda: is_known(replica),
            "consumers": lambda: listens(consumers),
        }
        front = SoapFront(endpoints, decoder, lambda endpoint: in_force(worker_pool, endpoint))
        if settings.soap_port and front.serves:
            front.make_passwords()
            await stack.enter_async_context(serving(front, settings.soap_host, settings.soap_port))
        await removal.start(worker)
        async with health_server(settings, checks):
            await run_together(
                server.run(),
                Relay(SERVICE, worker_pool, broker, worker.wake_up).run(),
                consumers.run(),
                ParkedMessages(worker, subscriptions).run(),
                removal.scheduler(worker, blobs).run(),
                Awaited(broker, worker, endpoints, troubles, going_out).run(),
                spread(going_out, [delivery.wake_up for delivery in deliveries]),
                *(intake.run() for intake in intakes),
                *(delivery.run() for delivery in deliveries),
            )


async def spread(source: WakeUp, targets: list[WakeUp]) -> None:
    """Wakes every delivery worker when something may have to go out."""
    while True:
        await source.wait(3600)
        for target in targets:
            target.set()
        await asyncio.sleep(0)


async def at_desk(settings: Settings, endpoints: Endpoints, asked: Namespace, language: Language) -> int:
    """Carries out an operator's command; answers its exit status."""
    pool = await db.open_pool(settings.worker_database_url, application="adapters.desk", size=2)
    decoder = Decoder()
    try:
        replica = make_replica(pool, None)
        await replica.refresh()
        database, blobs = Database(pool, SystemClock()), Blobs(settings.blob_url)
        desk_of = Desk(database, endpoints, blobs, decoder, Units(replica).owner, language, as_json=asked.json)
        return await commands.run(desk_of, asked)
    finally:
        decoder.close()
        await pool.close()


def operate(settings: Settings, arguments: list[str]) -> int:
    """``quarantine``, ``replay`` or ``reconcile``; answers the exit status."""
    try:
        asked, language = commands.parse(arguments)
        endpoints = read_endpoints(settings.endpoints, settings.transport_root)
        return asyncio.run(at_desk(settings, endpoints, asked, language))
    except (OSError, ValueError, commands.WrongUseError) as error:
        sys.stderr.write(f"adapters: {error}\n")
        return 2


def main(arguments: list[str]) -> None:
    """``serve`` (the default), ``migrate``, ``parked list|show|fix|replay`` or an operator's command (`operators`)."""
    settings = Settings()
    if arguments[:1] and arguments[0] in commands.VERBS:
        sys.exit(operate(settings, arguments))
    if arguments[:1] == ["migrate"]:
        migrate.run(settings.postgres_url, SERVICE, MIGRATIONS)
        return
    if arguments[:1] == ["parked"]:
        known = consumer.subscriptions(Endpoints([]), None, WakeUp())
        sys.exit(asyncio.run(desk.run(SERVICE, settings.worker_database_url, known, arguments[1:])))
    log.configure(SERVICE, settings.log_level, settings.log_json)
    try:
        endpoints = read_endpoints(settings.endpoints, settings.transport_root)
    except (OSError, ValueError) as error:
        sys.exit(f"adapters: {error}")
    run_process(serve(settings, endpoints))
