"""Sessions: what an actor token may be made from, their list, and their end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.actor import Strength
from chassis.errors import ForbiddenError, NotFoundError
from chassis.uow import UnitOfWork
from directory.domain.capacities import Capacity, chosen
from directory.handlers.people import Person, person_of
from directory.handlers.sign_in import token_hash

_SESSION = """
SELECT session_id, official_id, strength, client_address, created_at FROM session
WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2
"""
_LIVE = """
SELECT session_id, created_at, expires_at, client_address, strength FROM session
WHERE official_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, session_id DESC
"""
_END = "UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL"
_END_NAMED = """
UPDATE session SET ended_at = $3 WHERE session_id = $1 AND official_id = $2 AND ended_at IS NULL AND expires_at > $3
RETURNING session_id
"""
_END_OTHERS = "UPDATE session SET ended_at = $3 WHERE official_id = $1 AND session_id <> $2 AND ended_at IS NULL"
_PRUNE = (
    "DELETE FROM session WHERE expires_at < $1::timestamptz - interval '7 days'",
    "DELETE FROM throttle WHERE last_attempt_at < $1::timestamptz - interval '1 day'",
)


@dataclass(frozen=True, slots=True)
class Session:
    """A live session. strength: by what it was opened. opened_at: UTC."""

    session_id: UUID
    person: Person
    strength: Strength
    client_address: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Acting:
    """A person in one live capacity, proven by a password or a passkey."""

    person: Person
    capacity: Capacity
    strength: Strength


async def session_of(unit: UnitOfWork, session_token: str) -> Session:
    """The live session of a token; raises ForbiddenError when it has ended or its person no longer works here."""
    rows = await unit.fetch(_SESSION, token_hash(session_token), unit.now)
    person = await person_of(unit, rows[0]["official_id"]) if rows else None
    if person is None:
        raise ForbiddenError("session-ended")
    found = rows[0]
    return Session(found["session_id"], person, found["strength"], found["client_address"], found["created_at"])


async def choose_capacity(unit: UnitOfWork, session_token: str, appointment_id: str) -> Acting:
    """The person of a session in one of their live capacities; raises ForbiddenError."""
    session = await session_of(unit, session_token)
    try:
        capacity = chosen(session.person.capacities, UUID(appointment_id), unit.now)
    except ValueError:
        capacity = None
    if capacity is None:
        raise ForbiddenError("capacity-not-yours", field="appointment_id")
    return Acting(session.person, capacity, session.strength)


async def live_sessions(unit: UnitOfWork, official_id: UUID) -> list[Mapping[str, Any]]:
    """Rows of a person's live sessions, newest first, without their secrets."""
    return list(await unit.fetch(_LIVE, official_id, unit.now))


async def end_named(unit: UnitOfWork, session: Session, session_id: str) -> None:
    """Ends a session of the same person by its id; raises NotFoundError."""
    try:
        wanted = UUID(session_id)
    except ValueError as error:
        raise NotFoundError("session-unknown", field="session_id") from error
    if not await unit.fetch(_END_NAMED, wanted, session.person.official_id, unit.now):
        raise NotFoundError("session-unknown", field="session_id")


async def end_others(unit: UnitOfWork, session: Session) -> None:
    """Ends every other session of the same person."""
    await unit.connection.execute(_END_OTHERS, session.person.official_id, session.session_id, unit.now)


async def end_session(unit: UnitOfWork, session_token: str) -> None:
    """Ends a session; an unknown or ended one is answered alike."""
    await unit.connection.execute(_END, token_hash(session_token), unit.now)


async def prune(unit: UnitOfWork) -> None:
    """Forgets sessions long expired and attempts long past."""
    for statement in _PRUNE:
        await unit.connection.execute(statement, unit.now)
