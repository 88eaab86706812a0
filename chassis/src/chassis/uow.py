"""One transaction: state, journal and outbox together, or nothing.

A handler loads, decides in memory and hands its changes over; the unit of work writes each table once, in a fixed order,
and the caller commits. The number of statements depends on which tables are touched, never on how many rows.
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
from sqlalchemy import MetaData, Table

from chassis import db
from chassis.clock import Clock
from chassis.envelope import options_of
from chassis.errors import TransientError
from chassis.ids import uuid7
from chassis.tables import journal_table, parcel_table
from chassis.wakeup import WakeUp

_METADATA = MetaData()
_JOURNAL = journal_table(_METADATA)
_PARCEL = parcel_table(_METADATA)
_EVENT_KEYS = (
    "id", "type", "aggregate_id", "aggregate_version", "agency_id", "actor", "correlation_id", "occurred_at", "payload", "salt",
)  # fmt: skip
_PARCEL_KEYS = ("id", "type", "agency_id", "actor", "correlation_id", "occurred_at", "payload")

# One statement each: the row and the pointer to it cannot come apart.
_WRITE_JOURNAL = f"""
WITH written AS (
    INSERT INTO journal ({", ".join(_EVENT_KEYS)})
    SELECT {", ".join(_EVENT_KEYS)} FROM {db.unnest(_JOURNAL, _EVENT_KEYS)}
    RETURNING seq, type
)
INSERT INTO outbox (kind, seq)
SELECT 'j', seq FROM written WHERE NOT type = ANY (${len(_EVENT_KEYS) + 1}::text[])
"""
_WRITE_PARCELS = f"""
WITH written AS (
    INSERT INTO parcel ({", ".join(_PARCEL_KEYS)})
    SELECT {", ".join(_PARCEL_KEYS)} FROM {db.unnest(_PARCEL, _PARCEL_KEYS)}
    RETURNING seq
)
INSERT INTO outbox (kind, seq) SELECT 'p', seq FROM written
"""


@dataclass
class Changes:
    """Rows to write into one table."""

    inserts: list[db.Row] = field(default_factory=list)
    updates: dict[tuple[str, ...], list[db.Row]] = field(default_factory=dict)
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
        """Writes everything collected so far: tables in order of name, then parcels, then the journal."""
        for table in sorted(self._changes, key=lambda table: (table.info.get("write_order", 0), table.name)):
            await self._write(table, self._changes[table])
        self._changes = {}
        if self._parcels:
            await self.connection.execute(_WRITE_PARCELS, *db.columns_of(self._parcels, _PARCEL_KEYS))
            self._parcels = []
        if self._events:
            await self.connection.execute(
                _WRITE_JOURNAL, *db.columns_of(self._events, _EVENT_KEYS), sorted(self._silent)
            )
            self._events = []

    async def _write(self, table: Table, changes: Changes) -> None:
        if changes.inserts:
            await db.insert(self.connection, table, changes.inserts, conflict=changes.conflict)
        for shape, rows in changes.updates.items():
            exact = "!" in shape
            key = shape[: shape.index("!" if exact else "?")]
            found = await db.update(self.connection, table, key, rows)
            if exact and found != len(rows):
                raise TransientError(
                    "row-vanished", params={"table": table.name, "expected": len(rows), "found": found}
                )


class Database:
    """A pool with the moment and the wake-up that units of work need."""

    def __init__(self, pool: db.Pool, clock: Clock, wake_up: WakeUp | None = None) -> None:
        self.pool = pool
        self.clock = clock
        self.wake_up = wake_up or WakeUp()

    @asynccontextmanager
    async def transaction(
        self, *, agency_id: str = "", tokens: Sequence[str] = (), snapshot: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        """Opens a transaction, flushes and commits at the end, then wakes the relay. Any exception rolls back.

        agency_id: the tenant row-level security lets through; empty for workers, whose role is exempt by policy.
        snapshot: only reads, and every statement sees the same moment.
        """
        kind = {"isolation": "repeatable_read", "readonly": True} if snapshot else {}
        async with self.pool.acquire() as connection, connection.transaction(**kind):
            if agency_id:
                await connection.execute(_SET_TENANT, agency_id, ",".join(tokens))
            unit = UnitOfWork(connection, self.clock.now())
            yield unit
            await unit.flush()
        if unit.publishes:
            self.wake_up.set()
        for notify in unit.after_commit:
            notify()


_SET_TENANT = "SELECT set_config('app.agency', $1, true), set_config('app.tokens', $2, true)"
