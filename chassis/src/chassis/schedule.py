"""Durable timers: reminders, "after 3 working days", nightly files. They survive restarts and fire once per installation.

handler's transaction -> ``add`` / ``cancel`` -> table ``timer`` -> ``Scheduler`` claims what is due (skip locked), runs the
effect and marks the timer done in one transaction. When a timer is due is computed by the caller (``worktime``).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis import db
from chassis.clock import Clock
from chassis.errors import OnnaraError
from chassis.ids import uuid7
from chassis.wakeup import WakeUp

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
EFFECT_SECONDS = 30.0
PRUNE_SECONDS = 3600.0
KEPT = timedelta(days=90)
"""How long a timer that fired is remembered: longer than any message that set it may come again."""
# Growing pauses between attempts; the last one is repeated for as long as it takes.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))


def schedule_table(metadata: MetaData) -> Table:
    """The table, described; a migration creates it."""
    return Table(
        "timer",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        # What it is about; one timer per kind and key.
        Column("key", Text, nullable=False),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Column("payload", JSONB, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("next_attempt_at", DateTime(timezone=True), nullable=False),
        Column("done_at", DateTime(timezone=True)),
        UniqueConstraint("kind", "key", name="timer_kind_key"),
        Index("timer_due", "next_attempt_at", postgresql_where=text("done_at IS NULL")),
    )


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that is to happen. kind: whose handler. key: about what, so that the same timer set twice is one."""

    kind: str
    key: str
    due_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    id: UUID = field(default_factory=uuid7)
    attempts: int = 0


Effect: TypeAlias = Callable[[db.Connection, Timer], Awaitable[None]]
"""Runs inside the transaction that marks the timer done; it must not commit."""

_TABLE = schedule_table(MetaData())
_KEYS = ("id", "kind", "key", "due_at", "payload", "next_attempt_at")
_ADD = db.insert_statement(
    _TABLE,
    _KEYS,
    "(kind, key) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload, attempts = 0,"
    " next_attempt_at = excluded.next_attempt_at WHERE timer.done_at IS NULL",
)
_CANCEL = "DELETE FROM timer WHERE kind = $1 AND key = ANY ($2::text[]) AND done_at IS NULL"
_CLAIM = """
SELECT id, kind, key, due_at, payload, attempts FROM timer
WHERE done_at IS NULL AND next_attempt_at <= $1 AND kind = ANY ($2::text[])
ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_DONE = "UPDATE timer SET done_at = $2 WHERE id = $1"
_LATER = "UPDATE timer SET attempts = attempts + 1, next_attempt_at = $2 WHERE id = $1"
_PRUNE = "DELETE FROM timer WHERE done_at < $1"


async def add(connection: db.Connection, timers: Iterable[Timer]) -> None:
    """Sets timers within the caller's transaction, one statement.

    A timer of the same kind and key is moved; one that has fired stays fired, so that a message handled twice does not
    ring twice: whatever may recur needs a key per occasion.
    """
    newest = {(timer.kind, timer.key): timer for timer in timers}
    rows = [
        {
            "id": timer.id,
            "kind": timer.kind,
            "key": timer.key,
            "due_at": timer.due_at,
            "payload": dict(timer.payload),
            "next_attempt_at": timer.due_at,
        }
        for _, timer in sorted(newest.items())
    ]
    if rows:
        await connection.execute(_ADD, *db.columns_of(rows, _KEYS))


async def cancel(connection: db.Connection, kind: str, keys: Iterable[str]) -> None:
    """Takes timers back within the caller's transaction; those that fired or were never set are left alone."""
    await connection.execute(_CANCEL, kind, sorted(set(keys)))


async def prune(connection: db.Connection, before: datetime) -> None:
    """Forgets timers done before a moment: later than any message that set them may come again."""
    await connection.execute(_PRUNE, before)


class Scheduler:
    """Fires what is due. Any number of them may run side by side.

    handlers: effect by kind; timers of other kinds are left to schedulers that know them. after_commit: told after each
    effect, to wake the relay. wake_up: set it after ``add`` of something due at once.
    """

    def __init__(
        self,
        pool: db.Pool,
        clock: Clock,
        handlers: Mapping[str, Effect],
        *,
        after_commit: Callable[[], None] | None = None,
        wake_up: WakeUp | None = None,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._handlers = dict(handlers)
        self._after_commit = after_commit
        self._wake_up = wake_up or WakeUp()

    async def run(self) -> None:
        """Fires timers until cancelled, and forgets old ones; outlives the database."""
        pruned_at = -PRUNE_SECONDS
        while True:
            try:
                await self.fire_due()
                if time.monotonic() - pruned_at >= PRUNE_SECONDS:
                    await self.forget()
                    pruned_at = time.monotonic()
            except Exception as error:  # noqa: BLE001 - timers wait for the database, whatever keeps it away
                log.warning("scheduler-interrupted", error=type(error).__name__)
            await self._wake_up.wait(POLL_SECONDS)

    async def forget(self) -> None:
        """Removes timers that fired long ago."""
        async with self._pool.acquire() as connection:
            await prune(connection, self._clock.now() - KEPT)

    async def fire_due(self) -> int:
        """Fires everything due now, one short transaction each; answers how many were tried."""
        tried = 0
        while await self._fire_one():
            tried += 1
        return tried

    async def _fire_one(self) -> bool:
        async with self._pool.acquire() as connection, connection.transaction():
            now = self._clock.now()
            found = await connection.fetchrow(_CLAIM, now, list(self._handlers))
            if found is None:
                return False
            timer = Timer(
                found["kind"], found["key"], found["due_at"], found["payload"], found["id"], found["attempts"]
            )
            if await self._succeeds(connection, timer):
                await connection.execute(_DONE, timer.id, now)
            else:
                await connection.execute(_LATER, timer.id, now + PAUSES[min(timer.attempts, len(PAUSES) - 1)])
        if self._after_commit:
            self._after_commit()
        return True

    async def _succeeds(self, connection: db.Connection, timer: Timer) -> bool:
        """Runs the effect behind a savepoint: when it fails its writes are gone, but the timer stays locked until moved."""
        try:
            async with connection.transaction(), asyncio.timeout(EFFECT_SECONDS):
                await self._handlers[timer.kind](connection, timer)
        except Exception as error:
            code = error.code if isinstance(error, OnnaraError) else ""
            log.exception("timer-failed", kind=timer.kind, timer=str(timer.id), attempts=timer.attempts + 1, code=code)
            return False
        return True
