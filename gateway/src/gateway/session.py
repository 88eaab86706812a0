"""Who is signed in at this browser. The whole session travels in one sealed cookie, so any replica can serve any request.

Data goes: cookie -> Session (frozen) -> page; a page that changes it answers with a new cookie. What is kept in memory per
process (``Memory``) may be lost at any time without harm: short-lived actor tokens, and which documents were opened.
"""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from fastapi import Response

from gateway.seal import Seal

COOKIE = "onnara_session"
MAX_AGE = 12 * 3600


@dataclass(frozen=True, slots=True)
class Capacity:
    """One post the person may act in (겸직: several)."""

    appointment_id: str
    position: str
    department_code: str
    department_name: str
    agency_name: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's session; anonymous while ``session_token`` is empty.

    key: random name of the session inside this process. csrf: token every POST must carry. session_token: opaque, from
    directory. appointment_id: the chosen capacity, empty while not chosen. signed_in_at: ISO 8601 with zone.
    """

    key: str
    csrf: str
    language: str = ""
    session_token: str = ""
    official_id: str = ""
    name: str = ""
    appointment_id: str = ""
    capacities: tuple[Capacity, ...] = ()
    signed_in_at: str = ""
    expires_at: str = ""

    @property
    def signed_in(self) -> bool:
        """True once directory has proved who it is."""
        return bool(self.session_token)

    @property
    def capacity(self) -> Capacity | None:
        """The capacity acted in."""
        return next((c for c in self.capacities if c.appointment_id == self.appointment_id), None)


def anonymous(language: str = "") -> Session:
    """A new session without a person: it carries the CSRF token of the sign-in form."""
    return Session(key=secrets.token_urlsafe(12), csrf=secrets.token_urlsafe(24), language=language)


def signed_in(
    session: Session,
    *,
    token: str,
    official_id: str,
    name: str,
    capacities: tuple[Capacity, ...],
    now: datetime,
    until: datetime,
) -> Session:
    """A signed-in session with new key and CSRF token: nothing of the anonymous one survives but the language."""
    only = capacities[0].appointment_id if len(capacities) == 1 else ""
    return replace(
        anonymous(session.language),
        session_token=token,
        official_id=official_id,
        name=name,
        capacities=capacities,
        appointment_id=only,
        signed_in_at=now.isoformat(),
        expires_at=until.isoformat(),
    )


def read(cookie: str | None, seal: Seal) -> Session | None:
    """The session of a cookie, or None when there is none or it was not sealed here."""
    value = seal.open(cookie, max_age=MAX_AGE) if cookie else None
    if not isinstance(value, dict):
        return None
    try:
        capacities = tuple(Capacity(**{**c, "roles": tuple(c["roles"])}) for c in value.pop("capacities"))
        return Session(**value, capacities=capacities)
    except (KeyError, TypeError):
        return None  # sealed by another release: sign in again


def write(response: Response, session: Session, seal: Seal, *, secure: bool) -> None:
    """Puts the session into the answer's cookie: HttpOnly, SameSite=Lax, Secure unless the site is reached over plain HTTP."""
    value = seal.close(asdict(session))
    response.set_cookie(COOKIE, value, max_age=MAX_AGE, httponly=True, samesite="lax", secure=secure, path="/")


@dataclass(slots=True)
class Remembered:
    """What this process remembers of one session."""

    # appointment id -> (actor token, moment it ends)
    tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    # One page asks several services at once; they wait for one token.
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Memory:
    """Per-process memory of sessions, bounded: the session unused longest is forgotten first."""

    def __init__(self, limit: int = 20_000) -> None:
        self._limit = limit
        self._sessions: OrderedDict[str, Remembered] = OrderedDict()

    def of(self, session: Session) -> Remembered:
        """What is remembered of the session; empty when it is new here."""
        remembered = self._sessions.setdefault(session.key, Remembered())
        self._sessions.move_to_end(session.key)
        while len(self._sessions) > self._limit:
            self._sessions.popitem(last=False)
        return remembered

    def forget(self, session: Session) -> None:
        """Drops everything about the session."""
        self._sessions.pop(session.key, None)
