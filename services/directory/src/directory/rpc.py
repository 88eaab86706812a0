"""The service's methods: messages in, one transaction each (sign-in takes two), messages out. Errors are raised as data.

Sign-in, tokens and changes run under the worker role, which alone may read what proves people; everything that shows
rows to an official runs under the rpc role, cut to the agency the token names.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.actor import LIFETIME, TokenSigner
from chassis.errors import ForbiddenError, InvalidError, RefusalError, TransientError
from chassis.rpc import current_call
from chassis.uow import Database
from directory import queries, translate
from directory.domain.capacities import TIME_ZONE, day_in
from directory.domain.search import words_of
from directory.handlers import sessions, sign_in
from directory.handlers.sessions import Acting
from directory.handlers.token_keys import signing_key
from directory.ports.keys import KeyFolder
from directory.ports.passwords import Passwords
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1 import directory_service_pb2_grpc as pb_grpc

SERVICE = "/onnara.directory.v1.DirectoryService"
# Nobody has a token before signing in, and services copy the directory before they can verify one. Where callers have
# client certificates, these methods are as closed as the others.
PUBLIC = tuple(f"{SERVICE}/{method}" for method in ("SignIn", "IssueToken", "SignOut", "ListChanges"))
LONGEST_PASSWORD = 1024


class DirectoryServicer(pb_grpc.DirectoryServiceServicer):
    """Agencies, officials, sign-in."""

    def __init__(
        self,
        *,
        worker: Database,
        rpc: Database,
        passwords: Passwords,
        keys: KeyFolder,
        audience: str,
        demonstration: bool,
    ) -> None:
        self._worker = worker
        self._rpc = rpc
        self._passwords = passwords
        self._keys = keys
        self._audience = audience
        self._demonstration = demonstration

    async def SignIn(self, request: pb.SignInRequest, _: Any) -> pb.SignInResponse:
        """Proves a person; a refusal is recorded before it is raised."""
        if len(request.password) > LONGEST_PASSWORD:
            raise InvalidError("password-too-long", params={"most": LONGEST_PASSWORD}, field="password")
        async with self._worker.transaction() as unit:
            attempt = await sign_in.count_attempt(unit, request.login, request.client_address)
        if isinstance(attempt, RefusalError):
            raise attempt
        proof = await self._passwords.verify(attempt.stored_hash, request.password)
        async with self._worker.transaction() as unit:
            signed = (
                await sign_in.open_session(unit, attempt, renewed_hash=proof.renewed, demonstration=self._demonstration)
                if proof.right
                else sign_in.refuse(unit, attempt)
            )
        if isinstance(signed, RefusalError):
            raise signed
        return translate.signed_in(
            signed.token, signed.expires_at, signed.person.official_id, signed.person.name, signed.capacities
        )

    async def IssueToken(self, request: pb.IssueTokenRequest, _: Any) -> pb.IssueTokenResponse:
        """A token for one live capacity of a session."""
        async with self._worker.transaction() as unit:
            acting = await sessions.choose_capacity(unit, request.session_token, request.appointment_id)
            key_id, now = await signing_key(unit), unit.now
        try:
            signer = TokenSigner(key_id, self._keys.read(key_id))
        except FileNotFoundError as error:
            # A rotation was faster, or this replica does not share the folder: asking again finds out which.
            raise TransientError("signing-key-missing", params={"key": key_id}) from error
        return _token(acting, signer, self._audience, now)

    async def SignOut(self, request: pb.SignOutRequest, _: Any) -> pb.SignOutResponse:
        """Ends a session."""
        async with self._worker.transaction() as unit:
            await sessions.end_session(unit, request.session_token)
        return pb.SignOutResponse()

    async def ListChanges(self, request: pb.ListChangesRequest, _: Any) -> pb.ListChangesResponse:
        """A page of the change log."""
        async with self._worker.transaction() as unit:
            page = await queries.changes_after(unit.connection, request.after, request.page_size)
        return translate.changes(page.latest, page.rows)

    async def GetUnit(self, request: pb.GetUnitRequest, _: Any) -> pb.GetUnitResponse:
        """One unit by code and day, with what has followed it."""
        async with self._rpc.transaction() as unit:
            today = day_in(TIME_ZONE, unit.now)
            found = await queries.unit_of_code(unit, request.code, _day(request.on, today), today)
        return translate.found_unit(found.unit, found.successors)

    async def SearchUnits(self, request: pb.SearchUnitsRequest, _: Any) -> pb.SearchUnitsResponse:
        """Units by words."""
        async with self._rpc.transaction() as unit:
            found = await queries.units_with(
                unit.connection,
                words_of(request.query),
                day_in(TIME_ZONE, unit.now),
                limit=request.page_size,
                only_active=request.only_active,
            )
        return translate.units(found)

    async def ListOfficials(self, request: pb.ListOfficialsRequest, _: Any) -> pb.ListOfficialsResponse:
        """Officials of the caller's agency in their posts of today."""
        agency_id = _agency()
        async with self._rpc.transaction(agency_id=agency_id) as unit:
            rows = await queries.officials_of(
                unit.connection, UUID(agency_id), request.department_code, day_in(TIME_ZONE, unit.now)
            )
        return translate.officials(rows)


def _token(acting: Acting, signer: TokenSigner, audience: str, now: datetime) -> pb.IssueTokenResponse:
    actor = translate.actor(acting.person.official_id, acting.person.name, acting.capacity.appointment)
    token = signer.issue(actor, audience, now, appointment_version=acting.capacity.version)
    return translate.token(token, now + LIFETIME, actor)


def _agency() -> str:
    agency_id = current_call().actor.agency_id
    if not agency_id:
        raise ForbiddenError("agency-missing")
    return agency_id


def _day(text: str, today: date) -> date:
    if not text:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidError("day-malformed", params={"value": text[:20]}, field="on") from error
