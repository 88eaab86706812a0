"""Counts SQL statements: exact on any machine, where times are not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from chassis import db


@asynccontextmanager
async def counted_pool(dsn: str) -> AsyncIterator[tuple[db.Pool, list[str]]]:
    """A pool of one connection and the texts of all statements it runs; clear the list between measurements.

    The driver asks the server about a type when it first meets it: warm up before counting.
    """
    pool = await db.open_pool(dsn, size=1)
    texts: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        texts.append(record.query)

    async with pool.acquire() as connection:
        connection.add_query_logger(note)
    try:
        yield pool, texts
    finally:
        await pool.close()
