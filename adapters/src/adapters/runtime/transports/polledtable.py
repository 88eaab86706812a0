"""Rows that come in: polled where they wait, read with the rows below them, marked as taken. Their tables -> items.

One row is one item. Its bytes are a JSON object of column and text, exactly as the database gave it (padding of CHAR columns,
sentinels, null), so that it can be decoded again by a newer mapping. Which row was taken is kept in a column of theirs; a row
that comes again with the same content is known by name and hash, as a file is.

Nothing of theirs is waited for: a row they have locked is passed over until they let go of it. Nothing of theirs is lost: a row
is marked only if it still says what was read.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.contract import Item
from adapters.formats.findings import reject
from adapters.runtime.transports.contract import ItemError
from adapters.runtime.transports.dblink import Link, RefusedRowError, column, text_of

log = structlog.get_logger(__name__)

NAME_LIMIT: Final = 200
# A row that could not be marked is left alone for a while, so that it keeps no other waiting.
HOLD_SECONDS: Final = 60.0
# How long lines that were announced are waited for.
PATIENCE_SECONDS: Final = 60.0
# How long a row is passed over that is locked, or has too few lines yet.
RETRY_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class LineTable:
    """A table below: rows that belong to a row of the polled one.

    join: its columns by those of the polled table. order: its columns that order them. count: the polled table's column that
    says how many there are; while fewer are there, the row waits a minute.
    """

    table: str
    join: Mapping[str, str]
    order: tuple[str, ...] = ()
    count: str = ""

    @property
    def name(self) -> str:
        """What the list of its rows is called in an item."""
        return self.table.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class PolledTable:
    """Rows that come in. key: columns that name a row. status: column that says whether a row waits, was taken or failed.

    needed: columns without which nothing is taken. without: columns that are not read, such as when a row was last touched.
    """

    table: str
    key: tuple[str, ...]
    status: str
    waiting: str
    taken: str
    failed: str
    # Oldest first; the key decides among equals.
    order: tuple[str, ...] = ()
    batch: int = 200
    needed: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    lines: tuple[LineTable, ...] = ()


class TableSource:
    """Polls a table."""

    def __init__(self, link: Link, polled: PolledTable) -> None:
        self._link = link
        self._polled = polled
        self._left_out = {name.casefold() for name in (polled.status, *polled.without)}
        self._keys: dict[str, dict[str, Any]] = {}
        self._read: dict[str, bytes] = {}
        self._held: dict[str, float] = {}
        self._first_seen: dict[str, float] = {}

    async def names(self) -> Sequence[str]:
        """Names of rows that wait and that nobody has locked: the table and the row's key."""
        polled, now = self._polled, asyncio.get_running_loop().time()
        self._held = {name: until for name, until in self._held.items() if until > now}
        async with self._link.begin(polled.table) as (connection, table):
            query = (
                sa.select(*(column(table, name) for name in polled.key))
                .where(column(table, polled.status) == polled.waiting)
                .order_by(*(column(table, name) for name in (*polled.order, *polled.key)))
                .limit(polled.batch + len(self._held))
            )
            # Oracle counts no rows of a query that locks them; there a locked row is noticed when it is read.
            if connection.dialect.name != "oracle":
                query = query.with_for_update(skip_locked=True)
            rows = (await connection.execute(query)).all()
            if rows:
                # What was added to the table since must be read, what is gone must be noticed before anything is taken.
                self._link.forget()
            found_there = await self._link.table(connection, polled.table)
            for name in polled.needed:
                column(found_there, name)
        found = {self._name(row): dict(zip(polled.key, row, strict=True)) for row in rows}
        self._keys = {name: key for name, key in found.items() if name not in self._held}
        self._read.clear()
        self._first_seen = {name: since for name, since in self._first_seen.items() if name in found}
        return list(self._keys)[: polled.batch]

    async def read(self, name: str) -> Item | None:
        """A row's values as text, column by column; None when it waits no more, is locked, or its lines are still to come."""
        async with self._link.begin(self._polled.table) as (connection, table):
            values = await self._values(connection, table, name)
        if values is None or not self._is_whole(name, values):
            self._hold(name, RETRY_SECONDS)
            return None
        data = msgspec.json.encode(values)
        self._read[name] = hashlib.sha256(data).digest()
        return Item(name, {name: data})

    async def put_away(self, name: str, *, unreadable: bool) -> None:
        """Marks the row as taken, or as failed; one that says something else by now, or is locked, comes again.

        Raises ItemError when their rules do not let it be marked.
        """
        mark = self._polled.failed if unreadable else self._polled.taken
        try:
            await self._mark(name, mark)
        except (ItemError, RefusedRowError) as error:
            self._hold(name, HOLD_SECONDS)
            reason = error.reason if isinstance(error, ItemError) else str(error)
            raise ItemError(
                self._polled.table,
                f"{name} could not be marked {mark!r}: {reason}",
                reject("their-row-unmarked", self._polled.status, name=name, mark=mark, reason=reason),
            ) from error

    async def _mark(self, name: str, mark: str) -> None:
        polled = self._polled
        async with self._link.begin(polled.table) as (connection, table):
            values = await self._values(connection, table, name)
            if values is None or hashlib.sha256(msgspec.json.encode(values)).digest() != self._read.get(name):
                log.info("row-comes-again", name=name, unseen=values is None)
                return
            update = sa.update(table).where(*self._is(table, name)).values({column(table, polled.status): mark})
            changed = await connection.execute(update)
            if changed.rowcount != 1:
                raise ItemError(polled.table, f"{polled.status} stayed as it was; a trigger or a rule may do that")

    async def close(self) -> None:
        """Ends the connection."""
        await self._link.close()

    async def _values(self, connection: AsyncConnection, table: sa.Table, name: str) -> dict[str, Any] | None:
        """A row that waits, with its lines, as of one moment; None when it is gone or locked."""
        waits = column(table, self._polled.status) == self._polled.waiting
        query = sa.select(table).where(*self._is(table, name), waits).with_for_update(skip_locked=True)
        row = (await connection.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        # The column of ours says nothing about the row, and changes when it is taken.
        values: dict[str, Any] = {
            str(key): text_of(value) for key, value in row.items() if str(key).casefold() not in self._left_out
        }
        for lines in self._polled.lines:
            below = await self._link.table(connection, lines.table)
            same = [column(below, ours) == row[column(table, theirs).name] for ours, theirs in lines.join.items()]
            order = [column(below, each) for each in lines.order]
            found = (await connection.execute(sa.select(below).where(*same).order_by(*order))).mappings()
            values[lines.name] = [{str(key): text_of(value) for key, value in line.items()} for line in found]
        return values

    def _hold(self, name: str, seconds: float) -> None:
        self._held[name] = asyncio.get_running_loop().time() + seconds

    def _is_whole(self, name: str, values: Mapping[str, Any]) -> bool:
        """False while fewer lines are there than announced, for a minute; then the codec says what is wrong."""
        given = {key.casefold(): value for key, value in values.items()}
        for lines in self._polled.lines:
            promised = str(given.get(lines.count.casefold()) or "").strip() if lines.count else ""
            if promised.isdecimal() and len(values[lines.name]) < int(promised):
                now = asyncio.get_running_loop().time()
                return now - self._first_seen.setdefault(name, now) >= PATIENCE_SECONDS
        return True

    def _is(self, table: sa.Table, name: str) -> list[sa.ColumnElement[bool]]:
        return [column(table, key) == value for key, value in self._keys[name].items()]

    def _name(self, key: Sequence[Any]) -> str:
        text = "-".join((text_of(value) or "").strip() for value in key)
        safe = "".join(each if each.isalnum() or each in "-_." else "_" for each in text)
        return f"{self._polled.table}-{safe}.json"[:NAME_LIMIT]
