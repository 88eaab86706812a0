"""Approval as operators run it: a submitted document in at the broker, a decision by gRPC, the changed line out again."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aio_pika

from approval.domain.step import Role
from chassis.actor import TokenSigner
from chassis.envelope import Incoming
from chassis.errors import NotFoundError, TransientError
from chassis.ids import uuid7
from chassis.messaging import broker as amqp
from chassis.messaging import frame
from chassis.rpc import bearer, connect
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import events_pb2 as events
from onnara.approval.v1.approval_service_pb2_grpc import ApprovalServiceStub
from onnara.directory.v1.events_pb2 import DirectoryChanged, DirectoryRow, ReplicaKind
from support.approval_lines import MANIFEST, Government, incoming, person, short_steps, step, submission

SIGNER = TokenSigner("key", bytes(range(32)))


def environment(database, broker, port: int) -> dict[str, str]:
    values = {
        "GRPC_PORT": str(port),
        "HTTP_PORT": str(free_port()),
        "WORKER_DATABASE_URL": database.url("worker"),
        "RPC_DATABASE_URL": database.url("rpc"),
        "RABBITMQ_URL": broker.url,
        "BROKER_NAMESPACE": broker.namespace,
        # Nobody listens there: the service must do without the directory.
        "DIRECTORY_ADDRESS": "127.0.0.1:1",
    }
    return os.environ | {f"ONNARA_APPROVAL_{name}": value for name, value in values.items()}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


async def start(settings: dict[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "approval", *arguments, env=settings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


@asynccontextmanager
async def running(settings: dict[str, str]) -> AsyncIterator[None]:
    service = await start(settings)
    try:
        yield
    finally:
        service.terminate()
        _, errors = await service.communicate()
    assert service.returncode == 0, errors.decode()
    assert b"Traceback" not in errors, errors.decode()


async def publish(channel, broker, message: Incoming[bytes]) -> None:
    exchange = await channel.get_exchange(broker.exchange)
    row = {
        "id": message.id,
        "agency_id": message.agency_id,
        "actor": {"system": "tests"},
        "correlation_id": message.correlation_id,
        "occurred_at": message.occurred_at,
        "payload": message.content,
    }
    wire = aio_pika.Message(frame.pack([row]), type=message.type, content_type=frame.CONTENT_TYPE)
    await exchange.publish(wire, message.type)


def directory_change() -> Incoming[bytes]:
    rows = [
        DirectoryRow(
            kind=ReplicaKind.Value(row.kind),
            id=row.id,
            valid_from="2020-01-01",
            version=row.version,
            payload=row.payload,
        )
        for row in Government(SIGNER.public_key).rows
    ]
    change = DirectoryChanged(rows=rows)
    return Incoming(uuid7(), change.DESCRIPTOR.full_name, "", {}, "", datetime.now(UTC), change.SerializeToString())


async def eventually(call, *arguments, **options):
    async with asyncio.timeout(90):
        while True:
            try:
                return await call(*arguments, **options)
            except (NotFoundError, TransientError, ConnectionError, aio_pika.exceptions.AMQPError):
                await asyncio.sleep(0.1)
            except Exception as error:
                # No key yet: the directory's change has not been taken over.
                if getattr(error, "code", "") != "token-key-unknown":
                    raise
                await asyncio.sleep(0.1)


async def test_from_submission_to_the_changed_line(approval_database, broker) -> None:
    port = free_port()
    settings = environment(approval_database, broker, port)
    token = bearer(SIGNER.issue(person("chief"), "onnara", datetime.now(UTC)))
    content = submission(short_steps(), submitted_at=datetime.now(UTC))
    async with amqp.connection(broker, "test") as connection:
        channel = await connection.channel()
        await amqp.declare_exchanges(broker, channel)
        opened = await channel.declare_queue("", exclusive=True)
        await opened.bind(broker.exchange, "onnara.approval.v1.LineChanged")
        async with running(settings), connect(f"127.0.0.1:{port}") as grpc:
            # Ready means that it listens, so that nothing is published before.
            await eventually(ready, settings["ONNARA_APPROVAL_HTTP_PORT"])
            await publish(channel, broker, directory_change())
            stub = ApprovalServiceStub(grpc)
            await eventually(stub.CountBoxes, pb.CountBoxesRequest(), metadata=token)
            await publish(channel, broker, incoming(content))
            wanted = pb.GetLineRequest(line_id=str(content.line_id), at_least_version=1)
            line = (await stub.GetLine(wanted, metadata=token)).line
            request = pb.DecideRequest(
                request_id="r", line_id=line.line_id, expected_version=line.version, manifest_hash=MANIFEST, action=1
            )
            await stub.Decide(request, metadata=token)
            message = await wait_for(opened)
            [told] = frame.unpack(message.body, message.type, message.content_type)
            changed = events.LineChanged.FromString(told.content)
            assert (changed.line_id, changed.status) == (line.line_id, events.LINE_STATUS_DECIDED)
            assert told.correlation_id == f"journey-{content.document_id}"


async def ready(port: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    writer.write(b"GET /readyz HTTP/1.0\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    # Ready for everything it never gets without a directory: keys. Here they come by the broker.
    if b'"consumers": true' not in answer:
        raise ConnectionError(answer)


async def wait_for(queue):
    async with asyncio.timeout(10):
        while True:
            message = await queue.get(fail=False)
            if message:
                return message
            await asyncio.sleep(0.05)


async def test_parked_messages_are_listed_corrected_and_replayed(approval, approval_database, broker, tmp_path) -> None:
    from dataclasses import replace

    from chassis.messaging.inbox import Inbox

    content = submission([step(1, Role.DECIDE, "chief")])
    good = incoming(content)
    await Inbox(approval.parts.worker).handle(approval.parts.subscriptions[0], [replace(good, content=b"\xff")])
    settings = environment(approval_database, broker, 0)
    identity = str(await approval.parts.worker.pool.fetchval("SELECT id FROM parked"))
    (tmp_path / "good").write_bytes(good.content)
    shown = {}
    for job in (("list",), ("show", identity), ("fix", identity, str(tmp_path / "good")), ("replay", identity)):
        process = await start(settings, "parked", *job)
        output, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        shown[job[0]] = output.decode()
    assert "onnara.documents.v1.DocumentSubmitted  1 attempts, waits for a person  internal" in shown["list"]
    assert "internal  {'type': 'DecodeError'}" in shown["show"]
    due = "SELECT payload, next_attempt_at IS NOT NULL FROM parked"
    assert tuple(await approval.parts.worker.pool.fetchrow(due)) == (good.content, True)
