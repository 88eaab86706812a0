"""The runtime on real servers with one budget endpoint and one relay endpoint, in folders of the test's own."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.transports.folders import Folders
from chassis import db
from chassis.blobs import Blobs
from chassis.clock import SystemClock
from chassis.testing.servers import ServiceDatabase
from chassis.uow import Database
from support.runtime import MIGRATIONS, Runtime
from support.their_tables import TheirDatabase, empty_database, their_database


@pytest_asyncio.fixture
async def runtime(
    service_database: Callable[..., Awaitable[ServiceDatabase]], tmp_path: Path
) -> AsyncIterator[Runtime]:
    address = await service_database("adapters", MIGRATIONS)
    pool = await db.open_pool(address.url("worker"), size=6)

    def endpoint(name: str, adapter: str, receivers: tuple[str, ...]) -> Endpoint:
        root = tmp_path / name
        return Endpoint(
            name,
            adapter,
            "Z090000",
            Folders(root / "in", root / "taken", root / "error", root / "out"),
            receivers,
            name,
        )

    endpoints = Endpoints([endpoint("mpb-budget", "mpb_budget", ()), endpoint("relay", "relay", ("*",))])
    decoder = Decoder()
    blobs = Blobs((tmp_path / "blobs").as_uri())
    yield Runtime(Database(pool, SystemClock()), address, blobs, decoder, endpoints, tmp_path)
    decoder.close()
    await pool.close()


@pytest.fixture(scope="session")
def their_server(postgres_url: str) -> Iterator[str]:
    """An empty database of another system, on the same server; its name."""
    with empty_database(postgres_url) as name:
        yield name


@pytest_asyncio.fixture
async def theirs(postgres_url: str, their_server: str, tmp_path: Path) -> AsyncIterator[TheirDatabase]:
    """A local government's tables, and our role with its rights."""
    made = await their_database(postgres_url, their_server, tmp_path)
    yield made
    await made.remove()
