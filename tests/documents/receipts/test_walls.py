"""What the database lets a clerk do with received documents, whatever the code in front of it does."""

from contextlib import asynccontextmanager

import asyncpg
import pytest
import pytest_asyncio

from chassis import db
from documents.queries import Reader
from support.documents_cards import HOME, PARKS, ROADS, TASK
from support.receiving import who

SET = "SELECT set_config('app.agency', $1, true), set_config('app.tokens', $2, true)"
TAKE = """INSERT INTO number_series (department_code, year, n) VALUES ($1, 2026, 1)
ON CONFLICT (department_code, year) DO UPDATE SET n = number_series.n + 1 RETURNING n"""
KEEP = """INSERT INTO registration (department_code, year, serial, document_id, agency_id, text, date)
VALUES ($1, 2026, $2, $3, $4, 'x', '2026-05-11')"""


@pytest_asyncio.fixture
async def rpc(documents_database):
    pool = await db.open_pool(documents_database.url("rpc"), size=1)
    yield pool
    await pool.close()


@asynccontextmanager
async def acting(rpc, name):
    """A transaction of somebody, undone at its end."""
    actor = who(name)
    tokens = Reader(actor.official_id, actor.agency_id, actor.department_code, actor.roles).tokens
    async with rpc.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(SET, actor.agency_id, ",".join(tokens))
            yield connection
        finally:
            await transaction.rollback()


async def test_a_number_is_taken_only_where_something_waits_for_it(office, rpc) -> None:
    await office.documents.registered("A1")
    await office.accepted()
    for name in ("clerk", "doc-clerk", "parks-clerk", "abroad"):
        for department in (ROADS, PARKS):
            async with acting(rpc, name) as connection:
                assert await connection.fetchval("SELECT count(*) FROM number_series") == 0
                assert await connection.execute("UPDATE number_series SET n = 99") == "UPDATE 0"
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(TAKE, department)


async def test_a_number_belongs_to_a_document_that_is_being_accepted(office, rpc) -> None:
    waiting, done = await office.arrived(ROADS), await office.accepted()
    async with acting(rpc, "clerk") as connection:
        assert await connection.fetchval(TAKE, ROADS) == 2
        await connection.execute(KEEP, ROADS, 2, waiting["id"], HOME)
    for department, document_id, agency in ((PARKS, waiting["id"], HOME), (ROADS, waiting["id"], "agency-abroad")):
        async with acting(rpc, "clerk") as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(KEEP, department, 2, document_id, agency)
    async with acting(rpc, "clerk") as connection:
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute(KEEP, ROADS, 3, done["id"], HOME)


async def test_others_neither_see_nor_change_what_became_of_it(office, rpc) -> None:
    row = await office.arrived(ROADS)
    await office.act("clerk", "Accept", row, task_code=TASK)
    for name in ("parks-clerk", "outsider", "abroad"):
        async with acting(rpc, name) as connection:
            assert await connection.fetchval("SELECT count(*) FROM receipt") == 0
            assert await connection.execute("UPDATE receipt SET reason = 'x'") == "UPDATE 0"
            assert await connection.execute("UPDATE document SET in_charge_id = 'x'") == "UPDATE 0"
    async with acting(rpc, "worker") as connection:
        assert await connection.fetchval("SELECT count(*) FROM receipt") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM receipt")
