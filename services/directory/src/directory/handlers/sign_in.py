"""Sign-in in two steps with the slow hashing between them, so that no transaction waits for it.

``count_attempt`` counts before the password is looked at; ``open_session`` runs when it was right, ``refuse`` when not.
Each step commits what it found out, also a refusal: attempts must not vanish with a rollback.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.actor import Strength
from chassis.errors import ForbiddenError, RefusalError
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from directory import tables
from directory.domain import throttle
from directory.domain.capacities import Capacity, live
from directory.domain.throttle import Throttle
from directory.handlers.people import Person, person_of

SESSION_LIFETIME = timedelta(hours=12)
LONGEST_ADDRESS = 64
# One answer for a wrong password and an unknown login.
_REFUSED = "sign-in-failed"

_KEEP_PLACE = """
INSERT INTO throttle (login_hash, failures, locked_until, last_attempt_at) VALUES ($1, 0, $2, $2) ON CONFLICT DO NOTHING
"""
_STATE = """
SELECT t.failures, t.locked_until, t.last_attempt_at, c.official_id, c.password_hash, c.must_change
FROM throttle t LEFT JOIN credential c ON c.login = $2 WHERE t.login_hash = $1 FOR UPDATE OF t
"""
_COUNTED = "UPDATE throttle SET failures = $2, locked_until = $3, last_attempt_at = $4 WHERE login_hash = $1"
_FORGIVE = "DELETE FROM throttle WHERE login_hash = $1"
_RENEW = "UPDATE credential SET password_hash = $2, changed_at = $3 WHERE login = $1"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that may go on to the password. stored_hash None: the login is unknown, which nobody may notice."""

    login: str
    official_id: UUID | None
    stored_hash: str | None
    must_change: bool
    client_address: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. token: told once, only its hash is stored."""

    token: str
    expires_at: datetime
    person: Person
    capacities: list[Capacity]


async def count_attempt(unit: UnitOfWork, login: str, client_address: str) -> Attempt | RefusalError:
    """Counts an attempt on a login; answers a refusal while the login rests."""
    login = login.strip().lower()
    key = login_hash(login)
    await unit.connection.execute(_KEEP_PLACE, key, unit.now)
    found = (await unit.fetch(_STATE, key, login))[0]
    attempt = Attempt(login, found["official_id"], found["password_hash"], bool(found["must_change"]), client_address)
    state = throttle.attempt(Throttle(found["failures"], found["locked_until"], found["last_attempt_at"]), unit.now)
    if state is None:
        record(unit, attempt, "locked")
        seconds = int((found["locked_until"] - unit.now).total_seconds()) + 1
        return ForbiddenError("sign-in-locked", params={"seconds": seconds})
    await unit.connection.execute(_COUNTED, key, state.failures, state.locked_until, state.last_attempt_at)
    return attempt


def refuse(unit: UnitOfWork, attempt: Attempt) -> RefusalError:
    """Records a wrong password or an unknown login; both are answered alike."""
    record(unit, attempt, "wrong-password" if attempt.stored_hash else "unknown-login")
    return ForbiddenError(_REFUSED)


async def open_session(
    unit: UnitOfWork, attempt: Attempt, *, renewed_hash: str = "", demonstration: bool = False
) -> SignedIn | RefusalError:
    """Opens a session for whoever has proven a login. demonstration: published passwords are good enough."""
    await forgive(unit, attempt.login)
    if attempt.must_change and not demonstration:
        record(unit, attempt, "must-change")
        return ForbiddenError("password-must-be-changed")
    if renewed_hash:
        await unit.connection.execute(_RENEW, attempt.login, renewed_hash, unit.now)
    person = await person_of(unit, attempt.official_id) if attempt.official_id else None
    capacities = live(person.capacities, unit.now) if person else []
    if person is None or not capacities:
        record(unit, attempt, "no-capacity")
        return ForbiddenError("no-capacity")
    signed = open_for(unit, person, capacities, "password", attempt.client_address)
    record(unit, attempt, "signed-in", person.agency_id)
    return signed


def open_for(
    unit: UnitOfWork,
    person: Person,
    capacities: list[Capacity],
    strength: Strength,
    client_address: str,
    passkey_id: str = "",
) -> SignedIn:
    """Opens a session for a person who is proven. strength: by what; passkey_id: by which passkey."""
    token = secrets.token_urlsafe(32)
    expires_at = unit.now + SESSION_LIFETIME
    unit.insert(
        tables.SESSION,
        {
            "token_hash": token_hash(token),
            "official_id": person.official_id,
            "agency_id": person.agency_id,
            "created_at": unit.now,
            "expires_at": expires_at,
            "session_id": uuid7(),
            "strength": strength,
            "passkey_id": passkey_id,
            "client_address": client_address[:LONGEST_ADDRESS],
        },
    )
    return SignedIn(token, expires_at, person, capacities)


async def forgive(unit: UnitOfWork, login: str) -> None:
    """Forgets the failures of a login that was proven."""
    await unit.connection.execute(_FORGIVE, login_hash(login))


def login_hash(login: str) -> bytes:
    """What attempts on a login are counted under."""
    return hashlib.sha256(login.encode()).digest()


def token_hash(token: str) -> bytes:
    """What is stored of a session token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()


def record(unit: UnitOfWork, attempt: Attempt, outcome: str, agency_id: UUID | None = None) -> None:
    """A row of the sign-in record."""
    unit.insert(
        tables.SIGN_IN,
        {
            "id": uuid7(),
            "at": unit.now,
            "login": attempt.login if attempt.official_id else "",
            "official_id": attempt.official_id,
            "agency_id": agency_id,
            "outcome": outcome,
            "client_address": attempt.client_address[:LONGEST_ADDRESS],
        },
    )
