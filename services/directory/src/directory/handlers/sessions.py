"""Sessions: what an actor token may be made from, and their end."""

from dataclasses import dataclass
from uuid import UUID

from chassis.errors import ForbiddenError
from chassis.uow import UnitOfWork
from directory.domain.capacities import Capacity, chosen
from directory.handlers.people import Person, person_of
from directory.handlers.sign_in import token_hash

_SESSION = "SELECT official_id FROM session WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2"
_END = "UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL"
_PRUNE = (
    "DELETE FROM session WHERE expires_at < $1::timestamptz - interval '7 days'",
    "DELETE FROM throttle WHERE last_attempt_at < $1::timestamptz - interval '1 day'",
)


@dataclass(frozen=True, slots=True)
class Acting:
    """A person in one live capacity."""

    person: Person
    capacity: Capacity


async def choose_capacity(unit: UnitOfWork, session_token: str, appointment_id: str) -> Acting:
    """The person of a session in one of their live capacities; raises ForbiddenError."""
    rows = await unit.fetch(_SESSION, token_hash(session_token), unit.now)
    person = await person_of(unit, rows[0]["official_id"]) if rows else None
    if person is None:
        raise ForbiddenError("session-ended")
    try:
        capacity = chosen(person.capacities, UUID(appointment_id), unit.now)
    except ValueError:
        capacity = None
    if capacity is None:
        raise ForbiddenError("capacity-not-yours", field="appointment_id")
    return Acting(person, capacity)


async def end_session(unit: UnitOfWork, session_token: str) -> None:
    """Ends a session; an unknown or ended one is answered alike."""
    await unit.connection.execute(_END, token_hash(session_token), unit.now)


async def prune(unit: UnitOfWork) -> None:
    """Forgets sessions long expired and attempts long past."""
    for statement in _PRUNE:
        await unit.connection.execute(statement, unit.now)
