"""PostgreSQL through asyncpg: pools per role, and writes of many rows in one statement of constant text.

SQLAlchemy describes the tables and Alembic migrates them; statements run on asyncpg directly, because a Core statement
costs several times as much as the database's own work on it. The text of a bulk statement does not depend on the number
of rows: columns travel as arrays and are unnested, so a plan is prepared once and a batch of 100 costs what one costs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import asyncpg
import msgspec
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

Row: TypeAlias = Mapping[str, Any]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

# The server is away or two transactions were in each other's way: nothing is wrong with what was asked.
SERVER_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What the client says of a connection whose server died in the middle of a message.
    asyncpg.InternalClientError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
)
# Whatever a statement may end with: for loops that go on whether it was the server's end or a fault of their own.
SERVER_ERRORS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Json:
    """A list meant as one jsonb value; a bare list inside an array parameter would be taken for a nested array."""

    value: list[Any]


async def open_pool(dsn: str, *, size: int = 8, application: str = "onnara") -> Pool:
    """A pool of connections; raises OSError or asyncpg.PostgresError when the server does not answer."""
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=_prepare,
        reset=_keep,
        command_timeout=60,
        server_settings={
            "application_name": application,
            "timezone": "UTC",
            "jit": "off",
            # Plans are cached while tables are still small, and would go on reading whole tables until statistics
            # are gathered: a first day's import stood still for a minute. Every statement here has its index.
            "enable_seqscan": "off",
        },
    )


async def _keep(_: Connection) -> None:
    """Nothing to reset: settings are local to transactions and nothing listens, so the round trip is saved."""


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value.value if type(value) is Json else value),
        decoder=lambda data: msgspec.json.decode(data[1:]),
    )


async def insert(connection: Connection, table: Table, rows: Sequence[Row], *, conflict: str = "") -> None:
    """Inserts all rows in one statement. Every row has the same keys. ``conflict``: text after ON CONFLICT."""
    if not rows:
        return
    keys = tuple(rows[0])
    await connection.execute(insert_statement(table, keys, conflict), *columns_of(rows, keys))


async def update(connection: Connection, table: Table, key: tuple[str, ...], rows: Sequence[Row]) -> int:
    """Updates all rows in one statement, matched on ``key``; answers how many rows existed."""
    if not rows:
        return 0
    keys = tuple(rows[0])
    status = await connection.execute(_update_statement(table, key, keys), *columns_of(rows, keys))
    return int(status.rpartition(" ")[2])


def columns_of(rows: Sequence[Row], keys: Sequence[str]) -> list[list[Any]]:
    """Rows turned into one list per column, as unnest wants them."""
    return [[Json(value) if isinstance(value := row[key], list) else value for row in rows] for key in keys]


@cache
def insert_statement(table: Table, keys: tuple[str, ...], conflict: str = "") -> str:
    """INSERT ... SELECT FROM unnest(...), keeping the order of the rows."""
    names = ", ".join(keys)
    tail = f" ON CONFLICT {conflict}" if conflict else ""
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {unnest(table, keys)}{tail}"


@cache
def _update_statement(table: Table, key: tuple[str, ...], keys: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = v.{name}" for name in keys if name not in key)
    match = " AND ".join(f"t.{name} = v.{name}" for name in key)
    return f"UPDATE {table.name} AS t SET {changes} FROM {unnest(table, keys)} WHERE {match}"


def unnest(table: Table, keys: Sequence[str], alias: str = "v", first: int = 1) -> str:
    """``unnest($1::uuid[], $2::text[]) AS v(id, title)`` with the table's own column types. first: number of the first parameter."""
    arrays = ", ".join(f"${number}::{_sql_type(table, name)}[]" for number, name in enumerate(keys, start=first))
    return f"unnest({arrays}) AS {alias}({', '.join(keys)})"


@cache
def _sql_type(table: Table, column: str) -> str:
    name = table.c[column].type.compile(dialect=_DIALECT)
    if name.endswith("[]"):
        # unnest flattens nested arrays; lists are kept as jsonb instead.
        raise TypeError(f"{table.name}.{column}: array columns cannot be written in bulk, use jsonb")
    return name
