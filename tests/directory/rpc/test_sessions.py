"""A person's sessions and password over gRPC."""

from datetime import timedelta

import pytest
from tests.support.authenticator import SoftAuthenticator

from chassis.errors import ForbiddenError, InvalidError, NotFoundError
from directory.domain.throttle import FREE_FAILURES
from directory.seed import DEMO_PASSWORD
from onnara.common.v1 import actor_pb2
from onnara.directory.v1 import directory_service_pb2 as pb

NEW = "푸른 하늘 은하수 하얀 쪽배"


async def listed(running, session) -> list[pb.SessionEntry]:
    answer = await running.stub.ListSessions(pb.ListSessionsRequest(session_token=session.session_token))
    return list(answer.sessions)


async def change(running, session, old: str = DEMO_PASSWORD, new: str = NEW) -> None:
    request = pb.ChangePasswordRequest(session_token=session.session_token, old_password=old, new_password=new)
    await running.stub.ChangePassword(request)


async def by_passkey(running, session, device: SoftAuthenticator) -> pb.SignInResponse:
    made = await running.stub.BeginPasskey(pb.BeginPasskeyRequest(session_token=session.session_token))
    credential = device.make(made.options_json)
    await running.stub.FinishPasskey(
        pb.FinishPasskeyRequest(session_token=session.session_token, credential_json=credential)
    )
    asked = await running.stub.BeginPasskeySignIn(pb.BeginPasskeySignInRequest())
    request = pb.FinishPasskeySignInRequest(
        credential_json=device.prove(asked.options_json), client_address="192.0.2.9"
    )
    return (await running.stub.FinishPasskeySignIn(request)).session


async def test_sessions_say_how_and_from_where_they_were_opened_and_never_their_secret(running):
    first = await running.signed_in("mpb.kim")
    running.clock.advance(timedelta(minutes=1))
    second = await by_passkey(running, first, SoftAuthenticator())
    await running.signed_in("mpb.lee")
    entries = await listed(running, second)
    assert [(entry.strength, entry.client_address, entry.current) for entry in entries] == [
        (actor_pb2.AUTH_STRENGTH_PASSKEY, "192.0.2.9", True),
        (actor_pb2.AUTH_STRENGTH_PASSWORD, "192.0.2.1", False),
    ]
    assert entries[1].expires_at == first.expires_at
    told = b"".join(entry.SerializeToString() for entry in entries)
    assert first.session_token.encode() not in told
    with pytest.raises(ForbiddenError, match="session-ended"):
        await running.stub.ListSessions(pb.ListSessionsRequest(session_token=entries[1].session_id))


async def test_one_ends_ones_own_sessions_only(running):
    mine, other, theirs = [await running.signed_in(login) for login in ("mpb.kim", "mpb.kim", "mpb.lee")]
    ids = {entry.current: entry.session_id for entry in await listed(running, mine)}

    async def end(session, session_id: str) -> None:
        request = pb.EndSessionRequest(session_token=session.session_token, session_id=session_id)
        await running.stub.EndSession(request)

    for wrong in ("nothing", mine.session_token, (await listed(running, theirs))[0].session_id):
        with pytest.raises(NotFoundError, match="session-unknown"):
            await end(mine, wrong)
    await end(mine, ids[False])
    with pytest.raises(ForbiddenError, match="session-ended"):
        await running.token_of(other)
    with pytest.raises(NotFoundError, match="session-unknown"):
        await end(mine, ids[False])
    await running.token_of(mine)
    await running.token_of(theirs)


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(running):
    mine, other = await running.signed_in("mpb.kim"), await running.signed_in("mpb.kim")
    await change(running, mine)
    await running.token_of(mine)
    with pytest.raises(ForbiddenError, match="session-ended"):
        await running.token_of(other)
    with pytest.raises(ForbiddenError, match="sign-in-failed"):
        await running.signed_in("mpb.kim")
    assert (await running.signed_in("mpb.kim", NEW)).name == "김나래"
    stored = await running.parts.worker.pool.fetchrow("SELECT * FROM credential WHERE login = 'mpb.kim'")
    assert stored["password_hash"].startswith("$argon2id$")
    assert not stored["must_change"]


async def test_a_poor_password_changes_nothing_and_is_no_guess(running):
    mine, other = await running.signed_in("mpb.kim"), await running.signed_in("mpb.kim")
    for _ in range(FREE_FAILURES + 1):
        with pytest.raises(InvalidError, match="password-too-short"):
            await change(running, mine, new="short")
    with pytest.raises(InvalidError, match="password-unchanged"):
        await change(running, mine, new=DEMO_PASSWORD)
    with pytest.raises(InvalidError, match="password-too-long"):
        await change(running, mine, old="x" * 2000)
    await running.token_of(other)
    assert await running.signed_in("mpb.kim")


async def test_guesses_at_the_old_password_count_as_those_of_signing_in(running):
    mine = await running.signed_in("mpb.kim")
    for _ in range(FREE_FAILURES):
        with pytest.raises(ForbiddenError, match="old-password-wrong"):
            await change(running, mine, old="guess")
    with pytest.raises(ForbiddenError, match="sign-in-locked"):
        await change(running, mine)
    with pytest.raises(ForbiddenError, match="sign-in-locked"):
        await running.signed_in("mpb.kim")
    running.clock.advance(timedelta(seconds=31))
    await change(running, mine)
    outcomes = await running.parts.worker.pool.fetch("SELECT outcome FROM sign_in ORDER BY id DESC LIMIT 1")
    assert outcomes[0]["outcome"] == "password-changed"


async def test_who_has_no_session_changes_nothing(running):
    with pytest.raises(ForbiddenError, match="session-ended"):
        await running.stub.ChangePassword(
            pb.ChangePasswordRequest(session_token="x", old_password=DEMO_PASSWORD, new_password=NEW)
        )
