"""What every method needs: the desk it works at, who calls, and how a command is carried out once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from google.protobuf.message import Message

from chassis.actor import Actor
from chassis.errors import ForbiddenError, InvalidError, RefusalError
from chassis.requests import run_command
from chassis.rpc import current_call
from chassis.uow import Database, UnitOfWork
from directory.handlers.change_records import By
from directory.ports.keys import KeyFolder
from directory.ports.passkeys import Passkeys
from directory.ports.passwords import Passwords

R = TypeVar("R", bound=Message)
T = TypeVar("T")

SERVICE = "/onnara.directory.v1.DirectoryService"
# Nobody has a token before signing in, a session token proves its person by itself, and services copy the directory
# before they can verify one. Where callers have client certificates, these methods are as closed as the others.
PUBLIC = tuple(
    f"{SERVICE}/{method}"
    for method in (
        "SignIn", "IssueToken", "SignOut", "ListChanges", "BeginPasskey", "FinishPasskey", "ListPasskeys", "RemovePasskey",
        "BeginPasskeySignIn", "FinishPasskeySignIn", "ListSessions", "EndSession", "ChangePassword",
    )
)  # fmt: skip
# Who keeps an agency's rules of delegated decision, and absences of those who cannot do it themselves.
ADMINISTRATOR = "operator"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the methods work with. rpc: people's role, row-level security on. audience: of tokens.

    demonstration: published passwords are good enough.
    """

    worker: Database
    rpc: Database
    passwords: Passwords
    passkeys: Passkeys
    keys: KeyFolder
    audience: str
    demonstration: bool


class Calls:
    """Base of the servicer's parts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._worker = desk.worker
        self._rpc = desk.rpc

    async def _command(
        self, handle: Callable[[UnitOfWork], Awaitable[R]], response: type[R], method: str, request_id: str
    ) -> R:
        """One command of the calling official, under the worker role: only it writes what is replicated."""
        actor = current_call().actor
        return await run_command(
            self._worker,
            handle,
            response,
            agency_id=actor.agency_id,
            client=actor.official_id,
            method=method,
            request_id=request_id,
        )


def person() -> tuple[Actor, UUID, UUID]:
    """The official who calls, with their id and that of the agency. Raises ForbiddenError where there is none."""
    actor = current_call().actor
    if not actor.agency_id:
        raise ForbiddenError("agency-missing")
    if not actor.official_id:
        raise ForbiddenError("person-required")
    return actor, UUID(actor.official_id), UUID(actor.agency_id)


def administrator() -> UUID:
    """Id of the agency whose administrator calls; raises ForbiddenError."""
    actor, _, agency_id = person()
    if ADMINISTRATOR not in actor.roles:
        raise ForbiddenError("role-missing", params={"roles": ADMINISTRATOR})
    return agency_id


def by(actor: Actor) -> By:
    """Who does it, for the journal."""
    return By(actor.to_dict(), current_call().correlation_id, actor.agency_id)


def agreed(outcome: T | RefusalError) -> T:
    """The outcome, or its refusal raised."""
    if isinstance(outcome, RefusalError):
        raise outcome
    return outcome


def require_storable(request: Message, inside: str = "") -> None:
    """Raises InvalidError for a text with the one character PostgreSQL's text does not take."""
    for field, value in request.ListFields():
        if isinstance(value, str) and "\x00" in value:
            raise InvalidError("character-unstorable", field=f"{inside}{field.name}")
        if isinstance(value, Message):
            require_storable(value, f"{inside}{field.name}.")


def day_of(text: str, field: str) -> date | None:
    """A day of a request; None when it was left out. Raises InvalidError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidError("day-malformed", params={"value": text[:20]}, field=field) from error


def uuid_or_none(text: str) -> UUID | None:
    """An id of a request; None when it cannot be one."""
    try:
        return UUID(text)
    except ValueError:
        return None
