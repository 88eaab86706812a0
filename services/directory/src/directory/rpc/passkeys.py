"""Passkeys: making, listing and removing them, and signing in with one."""

from typing import Any

from chassis.rpc import current_call
from directory import translate
from directory.handlers import passkeys, sessions
from directory.handlers.change_records import By
from directory.handlers.sessions import Session
from directory.rpc.calls import Calls, agreed, require_storable
from directory.rpc.sessions import opened
from onnara.directory.v1 import directory_service_pb2 as pb


class PasskeyHolding(Calls):
    """Passkeys of a session's person."""

    async def BeginPasskey(self, request: pb.BeginPasskeyRequest, _: Any) -> pb.BeginPasskeyResponse:
        """Options for making a passkey; good for five minutes and one answer."""
        async with self._worker.transaction() as unit:
            session = await sessions.session_of(unit, request.session_token)
            options = await passkeys.begin_registration(unit, self._desk.passkeys, session)
        return pb.BeginPasskeyResponse(options_json=options)

    async def FinishPasskey(self, request: pb.FinishPasskeyRequest, _: Any) -> pb.FinishPasskeyResponse:
        """Stores a passkey; a refused answer has used up its challenge."""
        require_storable(request)
        answer = self._desk.passkeys.read(request.credential_json)
        async with self._worker.transaction() as unit:
            session = await sessions.session_of(unit, request.session_token)
            made = await passkeys.finish_registration(
                unit, self._desk.passkeys, session, answer, request.name, _by(session)
            )
        return pb.FinishPasskeyResponse(passkey=translate.passkey_message(agreed(made)))

    async def ListPasskeys(self, request: pb.ListPasskeysRequest, _: Any) -> pb.ListPasskeysResponse:
        """Passkeys in use, newest first."""
        async with self._worker.transaction() as unit:
            session = await sessions.session_of(unit, request.session_token)
            found = await passkeys.passkeys_of(unit, session.person.official_id)
        return pb.ListPasskeysResponse(passkeys=[translate.passkey_message(passkey) for passkey in found])

    async def RemovePasskey(self, request: pb.RemovePasskeyRequest, _: Any) -> pb.RemovePasskeyResponse:
        """Takes a passkey out of use; its key stays in the history."""
        require_storable(request)
        async with self._worker.transaction() as unit:
            session = await sessions.session_of(unit, request.session_token)
            await passkeys.remove_passkey(unit, session, request.passkey_id, _by(session))
        return pb.RemovePasskeyResponse()

    async def BeginPasskeySignIn(self, request: pb.BeginPasskeySignInRequest, _: Any) -> pb.BeginPasskeySignInResponse:
        """Options for signing in; alike for logins that are known and those that are not."""
        require_storable(request)
        async with self._worker.transaction() as unit:
            options = await passkeys.begin_sign_in(unit, self._desk.passkeys, request.login)
        return pb.BeginPasskeySignInResponse(options_json=options)

    async def FinishPasskeySignIn(
        self, request: pb.FinishPasskeySignInRequest, _: Any
    ) -> pb.FinishPasskeySignInResponse:
        """A session with the strength of a passkey; a refusal is recorded before it is raised."""
        require_storable(request)
        answer = self._desk.passkeys.read(request.credential_json)
        async with self._worker.transaction() as unit:
            signed = await passkeys.finish_sign_in(unit, self._desk.passkeys, answer, request.client_address)
        return pb.FinishPasskeySignInResponse(session=opened(agreed(signed)))


def _by(session: Session) -> By:
    """The session's person, for the journal: no token names a capacity here."""
    person = session.person
    actor = {
        "official_id": str(person.official_id),
        "agency_id": str(person.agency_id),
        "name": person.name,
        "strength": session.strength,
    }
    return By(actor, current_call().correlation_id, str(person.agency_id))
