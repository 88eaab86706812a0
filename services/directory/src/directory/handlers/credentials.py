"""Passwords set by an operator or by their owner: the published one of a demonstration ends here.

An owner's change takes two transactions with the slow hashing between them, as signing in does; the old password is one
more thing to guess, so it is counted with the login's other attempts.
"""

from dataclasses import dataclass

from chassis.errors import ForbiddenError, RefusalError
from chassis.uow import UnitOfWork
from directory.handlers.sessions import Session, end_others, session_of
from directory.handlers.sign_in import Attempt, count_attempt, forgive, record

_SET = "UPDATE credential SET password_hash = $2, must_change = false, changed_at = $3 WHERE login = $1 RETURNING official_id"
_END_SESSIONS = "UPDATE session SET ended_at = $2 WHERE official_id = $1 AND ended_at IS NULL"
_LOGIN = "SELECT login FROM credential WHERE official_id = $1"
_REPLACE = """
UPDATE credential SET password_hash = $2, must_change = false, changed_at = $3 WHERE login = $1 AND password_hash = $4
RETURNING login
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """A session's person wants another password; whether the old one is right is not known yet."""

    session: Session
    attempt: Attempt


async def set_password(unit: UnitOfWork, login: str, password_hash: str) -> bool:
    """Sets a login's password and ends its sessions; False when there is no such login."""
    rows = await unit.fetch(_SET, login.strip().lower(), password_hash, unit.now)
    for row in rows:
        await unit.connection.execute(_END_SESSIONS, row["official_id"], unit.now)
    return bool(rows)


async def wish_password(unit: UnitOfWork, session_token: str) -> Wish | RefusalError:
    """Counts an attempt on the session's own login; a refusal while the login rests. Raises ForbiddenError."""
    session = await session_of(unit, session_token)
    rows = await unit.fetch(_LOGIN, session.person.official_id)
    if not rows:
        return ForbiddenError("login-missing")
    attempt = await count_attempt(unit, rows[0]["login"], session.client_address)
    return attempt if isinstance(attempt, RefusalError) else Wish(session, attempt)


def old_was_wrong(unit: UnitOfWork, wish: Wish) -> RefusalError:
    """Records that the old password was not."""
    record(unit, wish.attempt, "old-password-wrong", wish.session.person.agency_id)
    return ForbiddenError("old-password-wrong", field="old_password")


async def replace_password(unit: UnitOfWork, wish: Wish, password_hash: str) -> RefusalError | None:
    """Sets the new password and ends every other session of the person; a refusal when somebody was faster."""
    old_hash = wish.attempt.stored_hash
    if not await unit.fetch(_REPLACE, wish.attempt.login, password_hash, unit.now, old_hash):
        return old_was_wrong(unit, wish)
    await forgive(unit, wish.attempt.login)
    await end_others(unit, wish.session)
    record(unit, wish.attempt, "password-changed", wish.session.person.agency_id)
    return None
