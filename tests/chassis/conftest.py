"""A small service, `probe`, on real servers."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio

from chassis import db
from chassis.clock import SystemClock
from chassis.messaging.broker import Broker
from chassis.testing.servers import ServiceDatabase
from chassis.uow import Database
from support.probe import MIGRATIONS, Probe


@pytest_asyncio.fixture
async def probe_database(service_database: Callable[..., Awaitable[ServiceDatabase]]) -> ServiceDatabase:
    return await service_database("probe", MIGRATIONS)


@pytest_asyncio.fixture
async def probe(probe_database: ServiceDatabase, broker: Broker) -> AsyncIterator[Probe]:
    pool = await db.open_pool(probe_database.url("worker"), size=8)
    yield Probe(Database(pool, SystemClock()), broker)
    await pool.close()
