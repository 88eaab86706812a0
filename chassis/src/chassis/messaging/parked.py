"""Parked messages: tried again when their time has come; listed, corrected and replayed by a person."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import structlog

from chassis import db
from chassis.envelope import Incoming
from chassis.errors import NotFoundError, TransientError
from chassis.messaging.inbox import Inbox, Subscription, Waiting, park
from chassis.uow import Database

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0

_DUE = """
UPDATE parked SET next_attempt_at = $1 + interval '1 minute'
WHERE id IN (SELECT id FROM parked WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING id, consumer, message_id, type, agency_id, actor, correlation_id, occurred_at, payload, attempts
"""
_HANDLED = """
DELETE FROM parked p WHERE id = $1
AND EXISTS (SELECT FROM inbox i WHERE i.consumer = p.consumer AND i.message_id = p.message_id)
"""
_LIST = """
SELECT id, consumer, message_id, type, agency_id, occurred_at, parked_at, attempts, next_attempt_at, problems
FROM parked WHERE ($1 = '' OR agency_id = $1) ORDER BY id LIMIT $2
"""
_FIND = """
SELECT id, consumer, message_id, type, agency_id, occurred_at, parked_at, attempts, next_attempt_at, problems
FROM parked WHERE id = $1
"""


class ParkedMessages:
    """The parked table of one service."""

    def __init__(self, database: Database, subscriptions: Sequence[Subscription[Any, Any]]) -> None:
        self._database = database
        self._inbox = Inbox(database)
        self._subscriptions: Mapping[str, Subscription[Any, Any]] = {s.name: s for s in subscriptions}

    async def run(self) -> None:
        """Tries due messages again until cancelled."""
        while True:
            try:
                taken = await self.retry_due()
            except db.SERVER_ERRORS as error:
                log.warning("parked-interrupted", error=type(error).__name__)
                taken = 0
            if not taken:
                await asyncio.sleep(POLL_SECONDS)

    async def retry_due(self) -> int:
        """Tries up to 100 due messages once, each on its own; answers how many."""
        rows = await self._database.pool.fetch(_DUE, self._database.clock.now())
        for row in rows:
            subscription = self._subscriptions.get(row["consumer"])
            if subscription is None:
                log.error("parked-without-consumer", consumer=row["consumer"], id=row["id"])
                continue
            message = Incoming(
                row["message_id"], row["type"], row["agency_id"], row["actor"], row["correlation_id"], row["occurred_at"], row["payload"],
            )  # fmt: skip
            attempts = row["attempts"] + 1
            try:
                await self._inbox.handle(subscription, [message], attempts=attempts)
            except TransientError as error:
                # Not this message's fault, but the others do not wait for it.
                async with self._database.transaction() as unit:
                    await park(unit, subscription.name, [Waiting(message, error, attempts)])
            await self._database.pool.execute(_HANDLED, row["id"])
        return len(rows)

    async def listed(self, agency_id: str = "", limit: int = 100) -> list[asyncpg.Record]:
        """Parked messages of one agency (empty: of all), oldest first, without their content."""
        rows: list[asyncpg.Record] = await self._database.pool.fetch(_LIST, agency_id, limit)
        return rows

    async def find(self, parked_id: int) -> asyncpg.Record:
        """One parked message without its content. Raises NotFoundError."""
        row = await self._database.pool.fetchrow(_FIND, parked_id)
        if row is None:
            raise NotFoundError("parked-unknown", params={"id": parked_id})
        return row

    async def fix(self, parked_id: int, payload: bytes) -> None:
        """Replaces the content of a parked message, after checking that it can be read."""
        consumer = await self._database.pool.fetchval("SELECT consumer FROM parked WHERE id = $1", parked_id)
        if consumer in self._subscriptions:
            subscription = self._subscriptions[consumer]
            subscription.translate(subscription.message.FromString(payload))
        await self._database.pool.execute("UPDATE parked SET payload = $2 WHERE id = $1", parked_id, payload)

    async def replay(self, parked_id: int) -> None:
        """Makes a parked message due at once."""
        await self._database.pool.execute(
            "UPDATE parked SET next_attempt_at = $2 WHERE id = $1", parked_id, self._database.clock.now()
        )
