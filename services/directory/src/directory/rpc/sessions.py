"""Signing in by password, tokens, a person's sessions and password. Sign-in takes two transactions: see ``handlers.sign_in``."""

from datetime import datetime
from typing import Any

from chassis.actor import LIFETIME, TokenSigner
from chassis.errors import InvalidError, TransientError
from directory import translate
from directory.domain import passwords
from directory.handlers import credentials, sessions, sign_in
from directory.handlers.sessions import Acting
from directory.handlers.sign_in import SignedIn
from directory.handlers.token_keys import signing_key
from directory.rpc.calls import Calls, agreed, require_storable
from onnara.directory.v1 import directory_service_pb2 as pb


class SigningIn(Calls):
    """Password, session, token."""

    async def SignIn(self, request: pb.SignInRequest, _: Any) -> pb.SignInResponse:
        """Proves a person; a refusal is recorded before it is raised."""
        require_storable(request)
        _require_short(request.password, "password")
        async with self._worker.transaction() as unit:
            attempt = await sign_in.count_attempt(unit, request.login, request.client_address)
        counted = agreed(attempt)
        proof = await self._desk.passwords.verify(counted.stored_hash, request.password)
        async with self._worker.transaction() as unit:
            signed = (
                await sign_in.open_session(
                    unit, counted, renewed_hash=proof.renewed, demonstration=self._desk.demonstration
                )
                if proof.right
                else sign_in.refuse(unit, counted)
            )
        return opened(agreed(signed))

    async def IssueToken(self, request: pb.IssueTokenRequest, _: Any) -> pb.IssueTokenResponse:
        """A token for one live capacity of a session."""
        async with self._worker.transaction() as unit:
            acting = await sessions.choose_capacity(unit, request.session_token, request.appointment_id)
            key_id, now = await signing_key(unit), unit.now
        try:
            signer = TokenSigner(key_id, self._desk.keys.read(key_id))
        except FileNotFoundError as error:
            # A rotation was faster, or this replica does not share the folder: asking again finds out which.
            raise TransientError("signing-key-missing", params={"key": key_id}) from error
        return _token(acting, signer, self._desk.audience, now)

    async def SignOut(self, request: pb.SignOutRequest, _: Any) -> pb.SignOutResponse:
        """Ends a session."""
        async with self._worker.transaction() as unit:
            await sessions.end_session(unit, request.session_token)
        return pb.SignOutResponse()

    async def ListSessions(self, request: pb.ListSessionsRequest, _: Any) -> pb.ListSessionsResponse:
        """Live sessions of the session's person, without their secrets."""
        async with self._worker.transaction() as unit:
            session = await sessions.session_of(unit, request.session_token)
            rows = await sessions.live_sessions(unit, session.person.official_id)
        entries = [translate.session_entry(row, current=row["session_id"] == session.session_id) for row in rows]
        return pb.ListSessionsResponse(sessions=entries)

    async def EndSession(self, request: pb.EndSessionRequest, _: Any) -> pb.EndSessionResponse:
        """Ends a session of the same person."""
        async with self._worker.transaction() as unit:
            session = await sessions.session_of(unit, request.session_token)
            await sessions.end_named(unit, session, request.session_id)
        return pb.EndSessionResponse()

    async def ChangePassword(self, request: pb.ChangePasswordRequest, _: Any) -> pb.ChangePasswordResponse:
        """Sets a new password for whoever proves the old one; guesses count as those of signing in."""
        _require_short(request.old_password, "old_password")
        async with self._worker.transaction() as unit:
            counted = await credentials.wish_password(unit, request.session_token)
        wish = agreed(counted)
        proof = await self._desk.passwords.verify(wish.attempt.stored_hash, request.old_password)
        if not proof.right:
            async with self._worker.transaction() as unit:
                refusal = credentials.old_was_wrong(unit, wish)
            raise refusal
        unfit = passwords.judge(request.new_password, wish.attempt.login, request.old_password)
        hashed = "" if unfit else await self._desk.passwords.hash(request.new_password)
        async with self._worker.transaction() as unit:
            if unfit is None:
                unfit = await credentials.replace_password(unit, wish, hashed)
            else:
                # The old password was right, whatever the new one is: that was no guess.
                await sign_in.forgive(unit, wish.attempt.login)
        if unfit is not None:
            raise unfit
        return pb.ChangePasswordResponse()


def opened(signed: SignedIn) -> pb.SignInResponse:
    """A new session as its owner is told of it."""
    return translate.signed_in(
        signed.token, signed.expires_at, signed.person.official_id, signed.person.name, signed.capacities
    )


def _require_short(password: str, field: str) -> None:
    if len(password) > passwords.LONGEST_BYTES:
        raise InvalidError("password-too-long", params={"most": passwords.LONGEST_BYTES}, field=field)


def _token(acting: Acting, signer: TokenSigner, audience: str, now: datetime) -> pb.IssueTokenResponse:
    actor = translate.actor(acting.person.official_id, acting.person.name, acting.capacity.appointment, acting.strength)
    token = signer.issue(actor, audience, now, appointment_version=acting.capacity.version)
    return translate.token(token, now + LIFETIME, actor)
