"""Processes started beside a busy gRPC server begin: gRPC's own handlers of fork() keep out of it."""

import subprocess
import sys

PROGRAM = """
import asyncio
from chassis.rpc import connect
import grpc
import uvloop
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

async def main():
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    health_pb2_grpc.add_HealthServicer_to_server(health.aio.HealthServicer(), server)
    await server.start()
    stub = health_pb2_grpc.HealthStub(connect(f"127.0.0.1:{port}", timeout=5))

    async def busy():
        while True:
            await stub.Check(health_pb2.HealthCheckRequest())

    task = asyncio.create_task(busy())
    for _ in range(30):
        process = await asyncio.create_subprocess_exec("true", stdin=asyncio.subprocess.PIPE)
        assert await process.wait() == 0
    task.cancel()
    await server.stop(0)

uvloop.run(main())
"""


def test_processes_begin_beside_a_busy_server() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "fork() handlers" in done.stderr) == (0, False), done.stderr
