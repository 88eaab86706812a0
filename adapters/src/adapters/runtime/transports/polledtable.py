"""Rows that come in: polled where they wait, read with the rows below them, marked as taken. Their tables -> items.

One row is one item. Its bytes are a JSON object of column and text, exactly as the database gave it (padding of CHAR columns,
sentinels, null), so that it can be decoded again by a newer mapping. Which row was taken is kept in a column of theirs; a row
that comes again with the same content is known by name and hash, as a file is.

Nothing of theirs is waited for: a row they have locked is passed over until they let go of it. Nothing of theirs is lost: a row
is marked only if it still says what was read.
"""

import asyncio
import contextlib
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
# Rows that are read together: what was read is taken within the same moment.
_TOGETHER: Final = 20
_NO_WAIT: Final = sa.text("SET LOCAL synchronous_commit TO off")


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
        self._ahead: dict[str, dict[str, Any]] = {}
        self._read: dict[str, bytes] = {}
        self._done: dict[str, str] = {}
        self._held: dict[str, float] = {}
        self._first_seen: dict[str, float] = {}

    async def names(self) -> Sequence[str]:
        """Names of rows that wait and that nobody has locked: the table and the row's key."""
        await self._mark_done()
        polled, now = self._polled, asyncio.get_running_loop().time()
        self._held = {name: until for name, until in self._held.items() if until > now}
        async with self._link.begin(polled.table, keep=False) as (connection, table):
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
        self._ahead.clear()
        self._first_seen = {name: since for name, since in self._first_seen.items() if name in found}
        return list(self._keys)[: polled.batch]

    async def read(self, name: str) -> Item | None:
        """A row's values as text, column by column; None when it waits no more, is locked, or its lines are still to come."""
        if name not in self._ahead:
            await self._read_ahead(name)
        values = self._ahead.pop(name, None)
        if values is None or not self._is_whole(name, values):
            self._hold(name, RETRY_SECONDS)
            return None
        data = msgspec.json.encode(values)
        self._read[name] = _digest(values)
        return Item(name, {name: data})

    async def _read_ahead(self, name: str) -> None:
        """Reads a row, and those behind it that have not been read."""
        known = list(self._keys)
        behind = known[known.index(name) :] if name in self._keys else []
        names = [name, *(each for each in behind[1:] if each not in self._read)][:_TOGETHER]
        async with self._link.begin(self._polled.table, keep=False) as (connection, table):
            self._ahead = await self._values(connection, table, names)

    async def put_away(self, name: str, *, unreadable: bool) -> None:
        """Marks the row as taken, or as failed, together with those that were read with it once the last of them is done.

        One that says something else by now, or is locked, comes again. Raises ItemError when their rules do not let it be marked.
        """
        self._done[name] = self._polled.failed if unreadable else self._polled.taken
        if not self._ahead or len(self._done) >= _TOGETHER:
            await self._mark_done()

    async def _mark_done(self) -> None:
        """Marks what is done, at once if nothing is in the way, else row by row."""
        done, self._done = self._done, {}
        if not done:
            return
        with contextlib.suppress(ItemError, RefusedRowError):
            await self._mark(done)
            return
        told: ItemError | None = None
        for name, mark in done.items():
            try:
                await self._mark({name: mark})
            except (ItemError, RefusedRowError) as error:
                self._hold(name, HOLD_SECONDS)
                told = self._unmarked(name, mark, error)
        if told is not None:
            raise told

    def _unmarked(self, name: str, mark: str, error: ItemError | RefusedRowError) -> ItemError:
        reason = error.reason if isinstance(error, ItemError) else str(error)
        finding = reject("their-row-unmarked", self._polled.status, name=name, mark=mark, reason=reason)
        return ItemError(self._polled.table, f"{name} could not be marked {mark!r}: {reason}", finding)

    async def _mark(self, done: Mapping[str, str]) -> None:
        polled = self._polled
        async with self._link.begin(polled.table) as (connection, table):
            values = await self._values(connection, table, list(done))
            same = [name for name in done if name in values and _digest(values[name]) == self._read.get(name)]
            if len(same) < len(done):
                log.info("rows-come-again", names=sorted(done.keys() - same))
            if same and connection.dialect.name == "postgresql":
                # A mark that their server forgets in a crash is made again: nobody has to wait for its disk.
                await connection.execute(_NO_WAIT)
            for mark in sorted({done[name] for name in same}):
                keys = [list(self._keys[name].values()) for name in same if done[name] == mark]
                which = _among([column(table, name) for name in polled.key], keys)
                update = sa.update(table).where(which).values({column(table, polled.status): mark})
                if (await connection.execute(update)).rowcount != len(keys):
                    raise ItemError(polled.table, f"{polled.status} stayed as it was; a trigger or a rule may do that")

    async def close(self) -> None:
        """Ends the connection; what is not marked comes again, is known, and is only marked."""
        await self._link.close()

    async def _values(
        self, connection: AsyncConnection, table: sa.Table, names: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Rows that wait, with their lines, as of one moment, by name; those that are gone or locked are not among them."""
        polled = self._polled
        keys = [list(self._keys[name].values()) for name in names if name in self._keys]
        waits = column(table, polled.status) == polled.waiting
        query = sa.select(table).where(_among([column(table, name) for name in polled.key], keys), waits)
        rows = (await connection.execute(query.with_for_update(skip_locked=True))).mappings().all()
        # The column of ours says nothing about the row, and changes when it is taken.
        found: list[dict[str, Any]] = [
            {str(key): text_of(value) for key, value in row.items() if str(key).casefold() not in self._left_out}
            for row in rows
        ]
        for lines in polled.lines:
            below = await self._link.table(connection, lines.table)
            joined = [[row[column(table, theirs).name] for theirs in lines.join.values()] for row in rows]
            groups = await _lines(connection, below, lines, joined)
            for values, key in zip(found, joined, strict=True):
                values[lines.name] = groups.get(_bare(key), [])
        named = [self._name([row[column(table, name).name] for name in polled.key]) for row in rows]
        return dict(zip(named, found, strict=True))

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

    def _name(self, key: Sequence[Any]) -> str:
        text = "-".join((text_of(value) or "").strip() for value in key)
        safe = "".join(each if each.isalnum() or each in "-_." else "_" for each in text)
        return f"{self._polled.table}-{safe}.json"[:NAME_LIMIT]


async def _lines(
    connection: AsyncConnection, below: sa.Table, lines: LineTable, keys: Sequence[Sequence[Any]]
) -> dict[tuple[Any, ...], list[dict[str, str | None]]]:
    """The rows below, in their order, by the values that tie them to a row above."""
    ties = [column(below, name) for name in lines.join]
    # CHAR above and VARCHAR below: the same key with blanks and without.
    either = [*keys, *(_bare(key) for key in keys)]
    query = sa.select(below).where(_among(ties, either)).order_by(*(column(below, each) for each in lines.order))
    groups: dict[tuple[Any, ...], list[dict[str, str | None]]] = {}
    for line in (await connection.execute(query)).mappings():
        said = {str(name): text_of(value) for name, value in line.items()}
        groups.setdefault(_bare([line[each.name] for each in ties]), []).append(said)
    return groups


def _digest(values: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(msgspec.json.encode(values)).digest()


def _bare(key: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(value.rstrip(" ") if isinstance(value, str) else value for value in key)


def _among(columns: Sequence[sa.Column[Any]], keys: Sequence[Sequence[Any]]) -> sa.ColumnElement[bool]:
    """One of the keys; not every database compares several columns at once."""
    if len(columns) == 1 and all(key[0] is not None for key in keys):
        return columns[0].in_([key[0] for key in keys])
    return sa.or_(
        sa.false(), *(sa.and_(*(each == value for each, value in zip(columns, key, strict=True))) for key in keys)
    )
