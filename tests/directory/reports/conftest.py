"""One database for all tests of reports: emptied and seeded again before each, which is quicker than a new one."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest_asyncio

from chassis import db
from chassis.clock import FrozenClock
from chassis.testing.servers import Databases, ServiceDatabase
from chassis.uow import Database
from directory.handlers.seed_government import seed_government
from directory.seed import seed

MIGRATIONS = Path(__file__).parents[3] / "services" / "directory" / "migrations"
_EMPTY = """
TRUNCATE unit, official, post, appointment, external_identity, client_system, task, delegation_rule, absence, change,
credential, reported, unit_link, journal, outbox; UPDATE change_counter SET n = 0
"""


class Reports:
    """A seeded directory that takes reports."""

    def __init__(self, server: ServiceDatabase, pool: db.Pool, clock: FrozenClock) -> None:
        self.server = server
        self.clock = clock
        self.worker = Database(pool, clock)

    async def as_owner(self, statement: str) -> None:
        """Does what no service may do."""
        connection = await asyncpg.connect(self.server.url("owner"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest_asyncio.fixture(scope="session")
async def shared(databases: Databases) -> AsyncIterator[tuple[ServiceDatabase, db.Pool]]:
    server = await databases.create("directory", MIGRATIONS)
    pool = await db.open_pool(server.url("worker"), size=3)
    yield server, pool
    await pool.close()


@pytest_asyncio.fixture
async def seeded(shared: tuple[ServiceDatabase, db.Pool], frozen_clock: FrozenClock) -> Reports:
    made = Reports(*shared, frozen_clock)
    await made.as_owner(_EMPTY)
    async with made.worker.transaction() as unit:
        await seed_government(unit, seed(), "no password")
    return made
