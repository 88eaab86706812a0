"""Health, readiness and metrics, asked over HTTP."""

import asyncio
import errno
import socket
from dataclasses import dataclass

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from chassis import db, http
from chassis.http import health_server
from chassis.testing.servers import ServiceDatabase


@dataclass
class Address:
    http_host: str
    http_port: int


def free() -> Address:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return Address("127.0.0.1", listener.getsockname()[1])


async def passes() -> bool:
    return True


async def fails() -> bool:
    return False


async def breaks() -> bool:
    raise KeyError("geheim")


async def hangs() -> bool:
    await asyncio.sleep(30)
    return True


async def test_alive_ready_and_measured() -> None:
    address, registry = free(), CollectorRegistry()
    Counter("registered", "Documents registered", registry=registry).inc(3)
    async with (
        health_server(address, {"database": passes}, registry),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{address.http_port}", trust_env=False) as client,
    ):
        assert (await client.get("/healthz")).json() == {"status": "alive"}
        assert (await client.get("/readyz")).json() == {"status": "ready", "checks": {"database": True}}
        metrics = await client.get("/metrics")
        assert "registered_total 3.0" in metrics.text
        assert metrics.headers["content-type"].startswith("text/plain")
        assert (await client.get("/")).status_code == 404
        head = await client.head("/healthz")
        assert (head.status_code, head.content) == (200, b"")
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", address.http_port)


async def test_not_ready_while_one_check_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CHECK_SECONDS", 0.1)
    checks = {"database": passes, "broker": fails, "replica": breaks, "blobs": hangs}
    status, _, body = await http.HealthApp(checks).answer("/readyz")
    assert status == 503
    assert b"geheim" not in body
    assert body.count(b"false") == 3
    assert (await http.HealthApp(checks).answer("/healthz"))[0] == 200


async def test_a_database_that_is_gone_is_not_ready(probe_database: ServiceDatabase) -> None:
    pool = await db.open_pool(probe_database.url("rpc"), size=1)
    app = http.HealthApp({"database": http.database_check(pool)})
    assert (await app.answer("/readyz"))[0] == 200
    await pool.close()
    assert (await app.answer("/readyz"))[0] == 503


async def test_port_0_serves_nothing() -> None:
    before = len(asyncio.all_tasks())
    async with health_server(Address("127.0.0.1", 0), {}):
        assert len(asyncio.all_tasks()) == before


async def test_a_taken_port_is_an_error() -> None:
    address = free()
    async with health_server(address, {}):
        with pytest.raises(OSError) as caught:
            async with health_server(address, {}):
                pass
    assert caught.value.errno == errno.EADDRINUSE
