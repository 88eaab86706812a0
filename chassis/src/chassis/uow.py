"""One transaction: state, journal and outbox together, or nothing.

A handler loads, decides in memory and hands its changes over; the unit of work writes each table once, in a fixed order,
and the caller commits. The number of statements depends on which tables are touched, never on how many rows. Tables marked
``together`` are written in one statement with parcels and journal.
"""

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from google.protobuf.message import Message
from sqlalchemy import Table

from chassis import db
from chassis.clock import Clock
from chassis.envelope import options_of
from chassis.errors import TransientError
from chassis.ids import uuid7
from chassis.wakeup import WakeUp
from chassis.writing import JOURNAL, JOURNAL_KEYS, PARCEL, PARCEL_KEYS, Shape, Write, carry_out


@dataclass
class Changes:
    """Rows to write into one table."""

    inserts: list[db.Row] = field(default_factory=list)
    updates: dict[tuple[str, ...], list[db.Row]] = field(default_factory=dict)
    deletes: list[db.Row] = field(default_factory=list)
    conflict: str = ""


class UnitOfWork:
    """Collects the changes of one command or one batch. Handlers never commit.

    now: the moment all its changes carry. connection: for reading; statements on it count.
    """

    def __init__(self, connection: db.Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self._changes: dict[Table, Changes] = {}
        self._events: list[dict[str, Any]] = []
        self._parcels: list[dict[str, Any]] = []
        self._silent: set[str] = set()
        self.after_commit: list[Callable[[], None]] = []
        """Called once the changes are there for others to see."""
        self.publishes = False
        """True when the relay has something to do after the commit."""

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows of one statement."""
        rows: list[asyncpg.Record] = await self.connection.fetch(statement, *arguments)
        return rows

    def insert(self, table: Table, row: db.Row, *, conflict: str = "") -> None:
        """Row to insert at flush."""
        changes = self._changes.setdefault(table, Changes())
        changes.inserts.append(row)
        changes.conflict = conflict

    def update(self, table: Table, row: db.Row, *, key: tuple[str, ...] = ("id",), may_miss: bool = False) -> None:
        """Row to update at flush, matched on ``key``. All rows of one table and key have the same columns.

        may_miss: the row may have moved on meanwhile (its version is part of the key); then nothing is changed.
        """
        shape = (*key, "?" if may_miss else "!", *row)
        self._changes.setdefault(table, Changes()).updates.setdefault(shape, []).append(row)

    def delete(self, table: Table, row: db.Row) -> None:
        """Row to delete at flush, named by its columns; it may be gone already. Only of tables marked ``together``.

        Nothing else in the same unit may be about this row.
        """
        if not table.info.get("together"):
            raise TypeError(f"{table.name} is not written together with others")
        self._changes.setdefault(table, Changes()).deletes.append(row)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that may fail alone: an exception takes back what it did, and the transaction goes on."""
        await self.connection.execute("SAVEPOINT part")
        try:
            yield
        except Exception:
            await self.connection.execute("ROLLBACK TO part; RELEASE part")
            raise
        await self.connection.execute("RELEASE part")

    def record(
        self,
        event: Message,
        *,
        aggregate_id: UUID,
        version: int,
        agency_id: str,
        actor: Mapping[str, Any],
        correlation_id: str,
    ) -> UUID:
        """Writes an event into the journal at flush; published after commit unless its type is journal-only."""
        options = options_of(type(event))
        if options.parcel:
            raise TypeError(f"{event.DESCRIPTOR.full_name} carries content: send it, the journal must not hold it")
        if options.journal_only:
            self._silent.add(event.DESCRIPTOR.full_name)
        else:
            self.publishes = True
        row = self._message(event, agency_id, actor, correlation_id)
        row.update(aggregate_id=aggregate_id, aggregate_version=version, salt=os.urandom(16))
        self._events.append(row)
        return row["id"]  # type: ignore[no-any-return]

    def send(self, parcel: Message, *, agency_id: str, actor: Mapping[str, Any], correlation_id: str) -> UUID:
        """Sends a message that carries content; it leaves no trace in the journal."""
        if not options_of(type(parcel)).parcel:
            raise TypeError(
                f"{parcel.DESCRIPTOR.full_name} is an event: record it, or it would be lost to readers of the past"
            )
        self.publishes = True
        row = self._message(parcel, agency_id, actor, correlation_id)
        self._parcels.append(row)
        return row["id"]  # type: ignore[no-any-return]

    def _message(
        self, message: Message, agency_id: str, actor: Mapping[str, Any], correlation_id: str
    ) -> dict[str, Any]:
        return {
            "id": uuid7(),
            "type": message.DESCRIPTOR.full_name,
            "agency_id": agency_id,
            "actor": actor,
            "correlation_id": correlation_id,
            "occurred_at": self.now,
            "payload": message.SerializeToString(deterministic=True),
        }

    async def flush(self) -> None:
        """Writes everything collected so far, tables in order of name: first those that stand alone, then all others at once."""
        changes, self._changes = self._changes, {}
        messages = self._messages()
        together: list[Write] = []
        for table in sorted(changes, key=lambda table: (table.info.get("write_order", 0), table.name)):
            writes = _writes(table, changes[table])
            # Rows put in and taken out are different ones by promise; a row put in and then changed needs two statements.
            if table.info.get("together") and (len(writes) == 1 or not changes[table].updates):
                together += writes
            else:
                for write in writes:
                    await carry_out(self.connection, [write])
        await carry_out(self.connection, [*together, *messages])

    def _messages(self) -> list[Write]:
        """Parcels, then the journal."""
        writes = []
        if self._parcels:
            writes.append(Write(_PARCELS, db.columns_of(self._parcels, PARCEL_KEYS)))
        if self._events:
            columns = [*db.columns_of(self._events, JOURNAL_KEYS), sorted(self._silent)]
            writes.append(Write(_EVENTS, columns))
        self._parcels, self._events = [], []
        return writes


_PARCELS = Shape("parcel", PARCEL, PARCEL_KEYS)
_EVENTS = Shape("journal", JOURNAL, JOURNAL_KEYS)


def _writes(table: Table, changes: Changes) -> list[Write]:
    """Parts that write one table. Every row of a part has the same columns."""
    writes = []
    if changes.deletes:
        keys = tuple(changes.deletes[0])
        writes.append(Write(Shape("delete", table, keys, keys), db.columns_of(changes.deletes, keys)))
    if changes.inserts:
        keys = tuple(changes.inserts[0])
        shape = Shape("insert", table, keys, conflict=changes.conflict)
        writes.append(Write(shape, db.columns_of(changes.inserts, keys)))
    for named, rows in changes.updates.items():
        exact, keys = "!" in named, tuple(rows[0])
        match = named[: named.index("!" if exact else "?")]
        columns = db.columns_of(rows, keys)
        writes.append(Write(Shape("update", table, keys, match), columns, len(rows) if exact else None))
    return writes


class Database:
    """A pool with the moment and the wake-up that units of work need."""

    def __init__(self, pool: db.Pool, clock: Clock, wake_up: WakeUp | None = None) -> None:
        self.pool = pool
        self.clock = clock
        self.wake_up = wake_up or WakeUp()

    @asynccontextmanager
    async def transaction(
        self, *, agency_id: str = "", tokens: Sequence[str] = (), snapshot: bool = False, fixed_plans: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        """Opens a transaction, flushes and commits at the end, then wakes the relay. Any exception rolls back.

        agency_id: the tenant row-level security lets through; empty for workers, whose role is exempt by policy.
        snapshot: only reads, and every statement sees the same moment. fixed_plans: statements that name rows by key, and
        so have one good plan whatever is asked for; planning them anew costs more than carrying them out.
        """
        async with (
            self.pool.acquire() as connection,
            _Transaction(connection, _begin(agency_id, tokens, snapshot, fixed_plans)),
        ):
            unit = UnitOfWork(connection, self.clock.now())
            yield unit
            await unit.flush()
        if unit.publishes:
            self.wake_up.set()
        for notify in unit.after_commit:
            notify()


class _Transaction:
    """Commits at the end, rolls back on any exception. begin: what opens it, in one round trip with its settings."""

    def __init__(self, connection: db.Connection, begin: str) -> None:
        self._connection = connection
        self._begin = begin

    async def __aenter__(self) -> None:
        await self._connection.execute(self._begin)

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            # A transaction in which a statement failed is ended by COMMIT, too, but by taking everything back.
            if await self._connection.execute("COMMIT;") != "COMMIT":
                raise TransientError("transaction-lost")
        # A connection that is gone has rolled back by itself; an abandoned generator cannot wait, the pool rolls back for it.
        elif kind is not GeneratorExit and not self._connection.is_closed():
            await self._connection.execute("ROLLBACK;")


def _begin(agency_id: str, tokens: Sequence[str], snapshot: bool, fixed_plans: bool) -> str:
    """Opens a transaction and says for whom it is. The settings end with it."""
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if snapshot else "BEGIN"
    settings = []
    if agency_id:
        settings += [("app.agency", agency_id), ("app.tokens", ",".join(tokens))]
    if fixed_plans:
        settings.append(("plan_cache_mode", "force_generic_plan"))
    if not settings:
        return f"{begin};"
    return f"{begin}; SELECT {', '.join(f'set_config({_quoted(name)}, {_quoted(value)}, true)' for name, value in settings)}"


def _quoted(text: str) -> str:
    """A text as an SQL literal: the simple protocol, the only one that takes several statements at once, knows no parameters."""
    if "\0" in text:
        raise ValueError("no text of a tenant")
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
