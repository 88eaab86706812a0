"""Tables of the other side's database: rows that wait are polled, results are written into a table of theirs.

One row is one item. Its bytes are a JSON object of column and text, exactly as the database gave it (padding of CHAR columns,
sentinels, null), so that it can be decoded again by a newer mapping. Which row was taken is kept in a column of theirs; a row
that comes again with the same content is known by name and hash, as a file is.
"""

import asyncio
import datetime as dt
import decimal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.contract import Item
from adapters.runtime.transports.contract import Handed, IsComplete, TransportError

SECONDS = 30
NAME_LIMIT = 200
# SQLSTATE classes of values that do not fit: drivers do not always say so by the kind of their error.
_VALUE_STATES = ("22", "23")


@dataclass(frozen=True, slots=True)
class PolledTable:
    """Rows that come in. key: columns that name a row. status: column that says whether a row waits, was taken or failed."""

    table: str
    key: tuple[str, ...]
    status: str
    waiting: str
    taken: str
    failed: str
    # Oldest first; the key decides among equals.
    order: tuple[str, ...] = ()
    batch: int = 200


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """Rows that go out; one that is there is replaced. key: columns that name a row."""

    table: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """A database of the other side. url_file: file with its address, because the address holds a password."""

    url_file: Path
    polled: PolledTable | None = None
    written: WrittenTable | None = None

    @property
    def reads(self) -> bool:
        """True when rows come from there."""
        return self.polled is not None

    @property
    def writes(self) -> bool:
        """True when rows go there."""
        return self.written is not None

    def source(self, is_complete: IsComplete) -> "TableSource":
        """The rows that wait. Raises ValueError when no table is polled."""
        del is_complete
        if self.polled is None:
            raise ValueError("the table to poll is needed")
        return TableSource(Link(self.url_file), self.polled)

    def target(self) -> "TableTarget":
        """The table of results. Raises ValueError when there is none."""
        if self.written is None:
            raise ValueError("the table to write is needed")
        return TableTarget(Link(self.url_file), self.written)


class RefusedRowError(Exception):
    """Their table does not take a row as it is."""


class Link:
    """The way to a database; tables are described by the database itself, once."""

    def __init__(self, url_file: Path) -> None:
        self._url_file = url_file
        self._engine: AsyncEngine | None = None
        self._tables: dict[str, sa.Table] = {}

    @asynccontextmanager
    async def begin(self, name: str) -> AsyncIterator[tuple[AsyncConnection, sa.Table]]:
        """A transaction and the table as it is there. Raises TransportError, RefusedRowError for values it does not take."""
        try:
            async with asyncio.timeout(SECONDS), self._open().begin() as connection:
                yield connection, await self._table(connection, name)
        except NoSuchTableError as error:
            raise TransportError(name, "there is no such table") from error
        except KeyError as error:
            await self.close()
            raise TransportError(name, f"there is no column {error}") from error
        except DBAPIError as error:
            cause = error.orig.__cause__ or error.orig if error.orig else error
            if isinstance(error, DataError | IntegrityError) or _state(error)[:2] in _VALUE_STATES:
                raise RefusedRowError(str(cause).partition("\n")[0]) from error
            await self.close()
            raise TransportError(name, type(cause).__name__) from error
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            await self.close()
            raise TransportError(name, type(error).__name__) from error

    def _open(self) -> AsyncEngine:
        if self._engine is None:
            url = self._url_file.read_text(encoding="utf-8").strip()
            self._engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True)
        return self._engine

    async def _table(self, connection: AsyncConnection, name: str) -> sa.Table:
        if name not in self._tables:
            schema, _, bare = name.rpartition(".")
            self._tables[name] = await connection.run_sync(
                lambda sync: sa.Table(bare, sa.MetaData(), schema=schema or None, autoload_with=sync)
            )
        return self._tables[name]

    async def close(self) -> None:
        """Ends the connection; the next use makes a new one and looks at the tables again."""
        engine, self._engine = self._engine, None
        self._tables.clear()
        if engine is not None:
            await engine.dispose()


class TableSource:
    """Polls a table."""

    def __init__(self, link: Link, polled: PolledTable) -> None:
        self._link = link
        self._polled = polled
        self._keys: dict[str, dict[str, Any]] = {}

    async def names(self) -> Sequence[str]:
        """Names of rows that wait: the table and the row's key."""
        polled = self._polled
        async with self._link.begin(polled.table) as (connection, table):
            query = (
                sa.select(*(table.c[name] for name in polled.key))
                .where(table.c[polled.status] == polled.waiting)
                .order_by(*(table.c[name] for name in (*polled.order, *polled.key)))
                .limit(polled.batch)
            )
            rows = (await connection.execute(query)).all()
        self._keys = {self._name(row): dict(zip(polled.key, row, strict=True)) for row in rows}
        return list(self._keys)

    async def read(self, name: str) -> Item | None:
        """A row's values as text, column by column; None when it waits no more."""
        polled = self._polled
        async with self._link.begin(polled.table) as (connection, table):
            query = sa.select(table).where(*self._is(table, name), table.c[polled.status] == polled.waiting)
            row = (await connection.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        # The column of ours says nothing about the row, and changes when it is taken.
        values = {str(key): _text(value) for key, value in row.items() if key != polled.status}
        return Item(name, {name: msgspec.json.encode(values)})

    async def put_away(self, name: str, *, unreadable: bool) -> None:
        """Marks the row as taken, or as failed."""
        polled = self._polled
        mark = polled.failed if unreadable else polled.taken
        async with self._link.begin(polled.table) as (connection, table):
            waiting = (*self._is(table, name), table.c[polled.status] == polled.waiting)
            await connection.execute(sa.update(table).where(*waiting).values({polled.status: mark}))

    async def close(self) -> None:
        """Ends the connection."""
        await self._link.close()

    def _is(self, table: sa.Table, name: str) -> list[sa.ColumnElement[bool]]:
        return [table.c[column] == value for column, value in self._keys[name].items()]

    def _name(self, key: Sequence[Any]) -> str:
        text = "-".join((_text(value) or "").strip() for value in key)
        safe = "".join(each if each.isalnum() or each in "-_." else "_" for each in text)
        return f"{self._polled.table}-{safe}.json"[:NAME_LIMIT]


class TableTarget:
    """Writes rows into a table."""

    def __init__(self, link: Link, written: WrittenTable) -> None:
        self._link = link
        self._written = written

    async def put(self, items: Sequence[Item]) -> Handed:
        """Each row in a transaction of its own; one that their table refuses delays no other."""
        refused = {}
        for index, item in enumerate(items):
            try:
                await self._write(item)
            except RefusedRowError as error:
                refused[index] = str(error)
        return Handed(refused)

    async def _write(self, item: Item) -> None:
        written = self._written
        for data in item.parts.values():
            values: dict[str, str | None] = msgspec.json.decode(data, type=dict[str, str | None])
            async with self._link.begin(written.table) as (connection, table):
                row = {name: _typed(table, name, value) for name, value in values.items()}
                same = [table.c[name] == row[name] for name in written.key]
                rest = {name: value for name, value in row.items() if name not in written.key}
                changed = await connection.execute(sa.update(table).where(*same).values(rest))
                if not changed.rowcount:
                    await connection.execute(sa.insert(table).values(row))

    async def close(self) -> None:
        """Ends the connection."""
        await self._link.close()


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


def _text(value: Any) -> str | None:
    """A value as text that says all of it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    return str(value)


def _typed(table: sa.Table, name: str, text: str | None) -> Any:
    """A text as the column's own type. Raises KeyError for an unknown column, RefusedRowError for an unfit text."""
    if text is None:
        return None
    kind = table.c[name].type.python_type
    try:
        if kind is bool:
            return text in {"1", "t", "true", "Y"}
        if kind in {dt.datetime, dt.date, dt.time}:
            return kind.fromisoformat(text)
        return bytes.fromhex(text) if kind is bytes else kind(text)
    except (ValueError, ArithmeticError) as error:
        raise RefusedRowError(f"{name}: {text!r} is no {kind.__name__}") from error
