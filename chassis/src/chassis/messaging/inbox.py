"""Carries out one batch: claims it in the inbox, hands it to the handler, stores refusals, parks what has to wait."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Generic, TypeVar

import structlog
from google.protobuf.message import DecodeError, Message

from chassis import db
from chassis.envelope import Incoming
from chassis.errors import OnnaraError, RefusalError, TransientError, problems_of
from chassis.messaging.outcome import Outcome
from chassis.uow import Database, UnitOfWork

log = structlog.get_logger(__name__)

C = TypeVar("C")
M = TypeVar("M", bound=Message)

_CLAIM = """
INSERT INTO inbox (consumer, message_id, handled_at)
SELECT $1, m, $3 FROM unnest($2::uuid[]) AS m ORDER BY m
ON CONFLICT DO NOTHING
RETURNING message_id
"""
_REFUSE = """
UPDATE inbox SET refusal = v.refusal FROM unnest($2::uuid[], $3::jsonb[]) AS v(message_id, refusal)
WHERE consumer = $1 AND inbox.message_id = v.message_id
"""
_RELEASE = "DELETE FROM inbox WHERE consumer = $1 AND message_id = ANY ($2::uuid[])"
_PARK = """
INSERT INTO parked (consumer, message_id, type, agency_id, actor, correlation_id, occurred_at, payload, problems,
                    attempts, parked_at, next_attempt_at)
SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::timestamptz[], $8::bytea[],
                         $9::jsonb[], $10::int[], $11::timestamptz[], $12::timestamptz[])
ON CONFLICT (consumer, message_id) DO UPDATE
SET problems = excluded.problems, attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at
"""
# Pauses grow to an hour; after about three days a person has to look.
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 84


@dataclass(frozen=True)
class Subscription(Generic[M, C]):
    """One message type and what is done with it.

    translate turns the protobuf message into the domain's terms, outside the transaction. handle takes a batch and
    answers one outcome per message, in order; it may be called again with a part of the same batch.
    """

    message: type[M]
    translate: Callable[[M], C]
    handle: Callable[[UnitOfWork, Sequence[Incoming[C]]], Awaitable[Sequence[Outcome]]]
    batch: int = 200

    @property
    def name(self) -> str:
        """Name of the consumer within its service, and routing key."""
        return self.message.DESCRIPTOR.full_name


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message to be parked: why, and how often it was tried."""

    message: Incoming[bytes]
    error: BaseException
    attempts: int = 1
    for_a_person: bool = False


@dataclass
class Translated(Generic[C]):
    """A batch after decoding: what can be handled, the raw messages by id, and what could not be read."""

    ready: list[Incoming[C]] = field(default_factory=list)
    unreadable: list[Waiting] = field(default_factory=list)


class Inbox:
    """Runs subscriptions against the database, each message with one effect however often it is delivered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def handle(
        self, subscription: Subscription[Any, Any], batch: Sequence[Incoming[bytes]], attempts: int = 1
    ) -> None:
        """Handles a batch; when it fails for an unexpected reason, halves it until the culprit stands alone and is parked.

        Raises TransientError or database errors when nothing can be done now: the caller must not acknowledge.
        """
        unique = list({message.id: message for message in batch}.values())
        translated = translate(subscription, unique)
        raw = {message.id: message for message in unique}
        if translated.unreadable:
            async with self._database.transaction() as unit:
                await park(unit, subscription.name, translated.unreadable)
        if translated.ready:
            await self._bisect(subscription, translated.ready, raw, attempts)

    async def set_aside(
        self, subscription: Subscription[Any, Any], messages: Sequence[Incoming[bytes]], error: OnnaraError
    ) -> None:
        """Parks messages for a person without trying to handle them."""
        async with self._database.transaction() as unit:
            await park(unit, subscription.name, [Waiting(m, error, for_a_person=True) for m in messages])

    async def _bisect(
        self,
        subscription: Subscription[Any, Any],
        batch: Sequence[Incoming[Any]],
        raw: dict[Any, Incoming[bytes]],
        attempts: int,
    ) -> None:
        try:
            await self._transaction(subscription, batch, raw, attempts)
        except (TransientError, *db.SERVER_AWAY):
            raise
        except Exception as error:
            if len(batch) > 1:
                middle = len(batch) // 2
                await self._bisect(subscription, batch[:middle], raw, attempts)
                await self._bisect(subscription, batch[middle:], raw, attempts)
                return
            log.exception("message-parked", consumer=subscription.name, message_id=str(batch[0].id))
            async with self._database.transaction() as unit:
                waiting = Waiting(raw[batch[0].id], error, attempts, for_a_person=True)
                await park(unit, subscription.name, [waiting])

    async def _transaction(
        self,
        subscription: Subscription[Any, Any],
        batch: Sequence[Incoming[Any]],
        raw: dict[Any, Incoming[bytes]],
        attempts: int,
    ) -> None:
        async with self._database.transaction(fixed_plans=True) as unit:
            claimed = await unit.fetch(_CLAIM, subscription.name, [message.id for message in batch], unit.now)
            mine = {row["message_id"] for row in claimed}
            fresh = [message for message in batch if message.id in mine]
            if not fresh:
                return
            outcomes = await subscription.handle(unit, fresh)
            if len(outcomes) != len(fresh):
                raise RuntimeError(f"{subscription.name}: {len(outcomes)} outcomes for {len(fresh)} messages")
            await self._store(unit, subscription, list(zip(fresh, outcomes, strict=True)), raw, attempts)

    async def _store(
        self,
        unit: UnitOfWork,
        subscription: Subscription[Any, Any],
        results: Sequence[tuple[Incoming[Any], Outcome]],
        raw: dict[Any, Incoming[bytes]],
        attempts: int,
    ) -> None:
        refused = [(message, outcome) for message, outcome in results if isinstance(outcome, RefusalError)]
        if refused:
            refusals = [db.Json(problems_json(outcome)) for _, outcome in refused]
            await unit.connection.execute(_REFUSE, subscription.name, [message.id for message, _ in refused], refusals)
        later = [Waiting(raw[m.id], outcome, attempts) for m, outcome in results if isinstance(outcome, TransientError)]
        if later:
            await unit.connection.execute(_RELEASE, subscription.name, [waiting.message.id for waiting in later])
            await park(unit, subscription.name, later)


def translate(subscription: Subscription[Any, Any], batch: Sequence[Incoming[bytes]]) -> Translated[Any]:
    """Decodes and translates; what cannot be read is set aside for a person."""
    result: Translated[Any] = Translated()
    for message in batch:
        try:
            decoded = subscription.message.FromString(message.content)
            result.ready.append(replace(message, content=subscription.translate(decoded)))
        except (DecodeError, OnnaraError, ValueError) as error:
            result.unreadable.append(Waiting(message, error, for_a_person=True))
    return result


async def park(unit: UnitOfWork, consumer: str, waiting: Sequence[Waiting]) -> None:
    """Writes messages into the parked table, each with the time of its next attempt."""
    messages = [entry.message for entry in waiting]
    await unit.connection.execute(
        _PARK,
        consumer,
        [m.id for m in messages],
        [m.type for m in messages],
        [m.agency_id for m in messages],
        [m.actor for m in messages],
        [m.correlation_id for m in messages],
        [m.occurred_at for m in messages],
        [m.content for m in messages],
        [db.Json(problems_json(entry.error)) for entry in waiting],
        [entry.attempts for entry in waiting],
        [unit.now] * len(waiting),
        [None if entry.for_a_person else next_attempt(unit, entry.attempts) for entry in waiting],
    )


def next_attempt(unit: UnitOfWork, attempts: int) -> Any:
    """When to try again: pauses double from one second to an hour; None after the last."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return unit.now + min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


def problems_json(error: BaseException) -> list[dict[str, Any]]:
    """Problems as stored: code, params, field, source; never text, never content."""
    return [
        {"code": p.code, "params": dict(p.params), "field": p.field, "source": p.source} for p in problems_of(error)
    ]
