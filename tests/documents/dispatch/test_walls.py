"""Row-level security around sending: what the role of people sees and writes, whatever the code above it decides."""

from contextlib import asynccontextmanager

import asyncpg
import pytest
import pytest_asyncio

from chassis import db
from documents.queries import Reader
from support.documents_cards import ABROAD, PARKS, person, recipient
from support.sending import DRAFTER, HEAD, KEEPER, STRANGER

OF_DOCUMENTS = ("delivery", "delivery_act", "recipient_addition", "dispatch_note")
OF_AGENCIES = ("seal", "seal_imprint", "seal_series")
SET = "SELECT set_config('app.agency', $1, true), set_config('app.tokens', $2, true)"


@pytest_asyncio.fixture
async def rpc(documents_database):
    pool = await db.open_pool(documents_database.url("rpc"), size=2)
    yield pool
    await pool.close()


@asynccontextmanager
async def acting(pool, actor):
    reader = Reader(actor.official_id, actor.agency_id, actor.department_code, actor.roles)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SET, actor.agency_id, ",".join(reader.tokens))
        yield connection


async def fill(desk):
    """A sealed and sent document with everything that belongs to it."""
    await desk.registered_seal()
    card = await desk.waiting()
    await desk.call("AskSeal", card=card)
    await desk.call("ReviewSeal", KEEPER, card=card, refuse=True, reason="r")
    await desk.call("AskSeal", card=card)
    await desk.call("ReviewSeal", KEEPER, card=card)
    await desk.call("Send", card=card)
    await desk.call("AskRecipients", card=card, recipients=[recipient(PARKS)], ground="mistake")
    [copy] = await desk.copies(card)
    await desk.call("SettleDelivery", card=card, delivery_id=str(copy["id"]), action=1)
    return card


async def test_who_sees_what(desk, rpc) -> None:
    await fill(desk)
    for actor, documents, agencies in (
        (DRAFTER, 1, 1),
        (HEAD, 1, 1),
        (STRANGER, 0, 1),
        (person("chief", ABROAD), 0, 0),
    ):
        async with acting(rpc, actor) as connection:
            for table in OF_DOCUMENTS:
                assert await connection.fetchval(f"SELECT count(*) FROM {table}") == documents, table
            for table in OF_AGENCIES:
                assert await connection.fetchval(f"SELECT count(*) FROM {table}") == agencies, table


async def test_who_does_not_read_does_not_write(desk, rpc) -> None:
    card = await fill(desk)
    for actor in (STRANGER, person("chief", ABROAD)):
        async with acting(rpc, actor) as connection:
            assert await connection.execute("UPDATE delivery SET state = 'ACCEPTED'") == "UPDATE 0"
            assert await connection.execute("UPDATE recipient_addition SET state = 'added'") == "UPDATE 0"
            assert await connection.execute("UPDATE document SET state = 'sent'") == "UPDATE 0"
            for table in ("dispatch_note", "delivery_act", "seal_imprint"):
                row = await desk.documents.parts.worker.pool.fetchrow(f"SELECT * FROM {table}")
                values = dict(row.items())
                if "number" in values:
                    values["number"] = 99
                values |= {"agency_id": actor.agency_id, "document_id": card["id"]}
                places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
                statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connection.transaction():
                        await connection.execute(statement, *values.values())


async def test_a_ledger_is_not_rewritten(desk, rpc) -> None:
    await fill(desk)
    for statement in (
        "UPDATE seal_imprint SET number = 7",
        "UPDATE seal SET name = 'x'",
        "UPDATE seal_series SET year = 1",
        "DELETE FROM seal_imprint",
        "DELETE FROM delivery_act",
        "UPDATE recipient_addition SET recipients = ''",
    ):
        for pool in (rpc, desk.documents.parts.worker.pool):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.execute(statement)
