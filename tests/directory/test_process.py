"""The directory as operators run it: one process per command, and the service itself."""

import asyncio
import os
import socket
import sys

import pytest

from chassis.errors import ForbiddenError, TransientError
from chassis.rpc import connect
from directory.seed import DEMO_PASSWORD, seed
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub


@pytest.fixture
def environment(directory, broker, tmp_path) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    values = {
        "GRPC_PORT": str(port),
        "WORKER_DATABASE_URL": directory.server.url("worker"),
        "RPC_DATABASE_URL": directory.server.url("rpc"),
        "RABBITMQ_URL": broker.url,
        "BROKER_NAMESPACE": broker.namespace,
        "KEY_FOLDER": str(tmp_path / "keys"),
        "DEMO": "1",
    }
    return os.environ | {f"ONNARA_DIRECTORY_{name}": value for name, value in values.items()}


async def start(environment: dict[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "directory", *arguments, env=environment, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def run(environment: dict[str, str], *arguments: str, given: str = "") -> tuple[int, str]:
    process = await start(environment, *arguments)
    output, errors = await process.communicate(given.encode())
    assert b"Traceback" not in errors, errors.decode()
    return process.returncode or 0, output.decode()


async def sign_in(environment: dict[str, str], password: str) -> pb.SignInResponse:
    async with connect(f"127.0.0.1:{environment['ONNARA_DIRECTORY_GRPC_PORT']}", timeout=5) as connection:
        async with asyncio.timeout(90):
            while True:
                try:
                    return await DirectoryServiceStub(connection).SignIn(
                        pb.SignInRequest(login="mogaha.kim", password=password)
                    )
                except TransientError:
                    await asyncio.sleep(0.1)


async def test_seeded_served_and_the_published_password_replaced(environment):
    records, logins = len(seed().records()), len(seed().logins)
    assert await run(environment, "seed", "--demo") == (0, f"{records} records, {records} changed; {logins} logins\n")
    assert await run(environment, "seed", "--demo") == (0, f"{records} records, 0 changed; {logins} logins\n")
    service = await start(environment)
    try:
        assert (await sign_in(environment, DEMO_PASSWORD)).name == "김도윤"
        _, before = await run(environment, "keys", "list")
        _, rotated = await run(environment, "keys", "rotate")
        assert before.split()[1].rstrip(",") in rotated.splitlines()[0]
        assert await run(environment, "password", "mogaha.kim", given="새 비밀번호 하나\n") == (0, "changed\n")
        with pytest.raises(ForbiddenError, match="sign-in-failed"):
            await sign_in(environment, DEMO_PASSWORD)
        assert (await sign_in(environment, "새 비밀번호 하나")).name == "김도윤"
        assert await run(environment, "password", "nobody", given="x\n") == (1, "no such login\n")
    finally:
        service.terminate()
        _, errors = await service.communicate()
    assert service.returncode == 0
    assert b"Traceback" not in errors
