"""Passkeys over gRPC with a device in software: made, used, copied, replayed, removed."""

import json
from datetime import timedelta

import pytest
from tests.support.authenticator import EDDSA, ES256, SoftAuthenticator, b64, unb64

from chassis.actor import TokenVerifier
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from directory import queries
from directory.domain.records import Kind
from directory.handlers.change_records import By
from directory.handlers.passkeys import forget_challenges, remove_all
from onnara.common.v1 import actor_pb2
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1 import events_pb2 as events


async def begin(running, session) -> str:
    return (await running.stub.BeginPasskey(pb.BeginPasskeyRequest(session_token=session.session_token))).options_json


async def finish(running, session, credential: str, name: str = "사무실 열쇠") -> events.PasskeyData:
    request = pb.FinishPasskeyRequest(session_token=session.session_token, credential_json=credential, name=name)
    return (await running.stub.FinishPasskey(request)).passkey


async def made(running, session, device: SoftAuthenticator) -> events.PasskeyData:
    return await finish(running, session, device.make(await begin(running, session)))


async def asked(running, login: str = "") -> str:
    return (await running.stub.BeginPasskeySignIn(pb.BeginPasskeySignInRequest(login=login))).options_json


async def answered(running, credential: str) -> pb.SignInResponse:
    request = pb.FinishPasskeySignInRequest(credential_json=credential, client_address="192.0.2.9")
    return (await running.stub.FinishPasskeySignIn(request)).session


async def keyed(running, device: SoftAuthenticator) -> pb.SignInResponse:
    """A session opened with the device's passkey: what passkeys are kept in once there is one."""
    return await answered(running, device.prove(await asked(running)))


async def outcomes(running) -> list[str]:
    rows = await running.parts.worker.pool.fetch("SELECT outcome FROM sign_in ORDER BY id")
    return [row["outcome"] for row in rows]


async def replicated(running) -> list[dict]:
    page = await queries.changes_after(running.parts.worker.pool, 0, 5000)
    return [dict(row) for row in page.rows if row["kind"] == Kind.PASSKEY]


@pytest.mark.parametrize("algorithm", [ES256, EDDSA])
async def test_a_passkey_opens_a_session_whose_tokens_say_so(running, algorithm):
    device = SoftAuthenticator(algorithm=algorithm)
    passkey = await made(running, await running.signed_in("mogaha.kim"), device)
    assert passkey.public_key == device.keys[0].cose
    assert (passkey.passkey_id, passkey.name) == (device.keys[0].id, "사무실 열쇠")
    session = await answered(running, device.prove(await asked(running)))
    assert session.name == "김도윤"
    answer = await running.token_of(session)
    assert answer.actor.strength == actor_pb2.AUTH_STRENGTH_PASSKEY
    claims = TokenVerifier(running.parts.ring.find, "onnara", running.clock).claims(answer.actor_token)
    assert claims.actor.strength == "passkey"
    assert (await running.token("mogaha.kim")).actor.strength == actor_pb2.AUTH_STRENGTH_PASSWORD
    assert (await outcomes(running))[:2] == ["signed-in", "signed-in"]


async def test_options_ask_for_a_verified_person_and_name_no_key_for_anybody(running):
    session = await running.signed_in("mogaha.kim")
    options = json.loads(await begin(running, session))
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["rp"]["id"] == "localhost"
    assert options["timeout"] == 300_000
    device = SoftAuthenticator()
    passkey = await made(running, session, device)
    session = await keyed(running, device)
    assert [entry["id"] for entry in json.loads(await begin(running, session))["excludeCredentials"]] == [
        passkey.passkey_id
    ]
    for login in ("mogaha.kim", "nobody", ""):
        options = json.loads(await asked(running, login))
        options.pop("challenge")
        assert options == {
            "timeout": 300_000,
            "rpId": "localhost",
            "allowCredentials": [],
            "userVerification": "required",
        }


async def test_replicas_get_the_key_and_keep_it_when_it_is_removed(running):
    device, session = SoftAuthenticator(), await running.signed_in("mogaha.kim")
    passkey = await made(running, session, device)
    (row,) = await replicated(running)
    assert events.PasskeyData.FromString(row["payload"]) == passkey
    assert (row["id"], str(row["valid_from"]), row["valid_to"]) == (passkey.passkey_id, "2026-05-10", None)
    session, opened = await keyed(running, device), await keyed(running, device)
    await running.stub.RemovePasskey(
        pb.RemovePasskeyRequest(session_token=session.session_token, passkey_id=passkey.passkey_id)
    )
    (row,) = await replicated(running)
    assert str(row["valid_to"]) == "2026-05-11"
    assert events.PasskeyData.FromString(row["payload"]).public_key == device.keys[0].cose
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        await answered(running, device.prove(await asked(running)))
    with pytest.raises(ForbiddenError, match="session-ended"):
        await running.token_of(opened)
    with pytest.raises(NotFoundError, match="passkey-unknown"):
        await running.stub.RemovePasskey(
            pb.RemovePasskeyRequest(session_token=session.session_token, passkey_id=passkey.passkey_id)
        )
    actor = await running.parts.worker.pool.fetchval("SELECT actor FROM journal ORDER BY seq DESC LIMIT 1")
    assert actor["official_id"] == session.official_id


async def test_an_answer_is_good_once_and_for_five_minutes(running):
    device, session = SoftAuthenticator(), await running.signed_in("mogaha.kim")
    credential = device.make(await begin(running, session))
    await finish(running, session, credential)
    with pytest.raises(ForbiddenError, match="passkey-challenge-over"):
        await finish(running, session, credential)
    proof = device.prove(await asked(running))
    await answered(running, proof)
    with pytest.raises(ForbiddenError, match="passkey-challenge-over"):
        await answered(running, proof)
    late = device.prove(await asked(running))
    running.clock.advance(timedelta(minutes=5))
    with pytest.raises(ForbiddenError, match="passkey-challenge-over"):
        await answered(running, late)
    assert await running.parts.worker.pool.fetchval("SELECT count(*) FROM challenge") == 0


async def test_a_refused_answer_has_used_up_its_challenge(running):
    device = SoftAuthenticator()
    await made(running, await running.signed_in("mogaha.kim"), device)
    options = await asked(running)
    device.verifies = False
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        await answered(running, device.prove(options))
    device.verifies = True
    with pytest.raises(ForbiddenError, match="passkey-challenge-over"):
        await answered(running, device.prove(options))


async def test_a_challenge_serves_its_own_purpose_and_person_only(running):
    kim, lee = await running.signed_in("mogaha.kim"), await running.signed_in("mogaha.lee")
    device = SoftAuthenticator()
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        await finish(running, lee, device.make(await begin(running, kim)))
    await made(running, kim, device)
    registering = json.loads(await begin(running, await keyed(running, device)))
    confused = json.dumps({"challenge": registering["challenge"], "rpId": "localhost"})
    with pytest.raises(ForbiddenError, match="passkey-challenge-over"):
        await answered(running, device.prove(confused))
    for login in ("mogaha.lee", "nobody"):
        with pytest.raises(ForbiddenError, match="passkey-refused"):
            await answered(running, device.prove(await asked(running, login)))
    assert (await answered(running, device.prove(await asked(running, " Mogaha.Kim ")))).name == "김도윤"


async def test_a_copy_of_a_device_is_found_out_and_written_down(running):
    device = SoftAuthenticator()
    await made(running, await running.signed_in("mogaha.kim"), device)
    copy = device.copy()
    await answered(running, device.prove(await asked(running)))
    await answered(running, device.prove(await asked(running)))
    with pytest.raises(ForbiddenError, match="passkey-counter-back"):
        await answered(running, copy.prove(await asked(running)))
    assert (await outcomes(running))[-1] == "passkey-copied"
    still = SoftAuthenticator(counts=False)
    await made(running, await running.signed_in("mogaha.lee"), still)
    for _ in range(2):
        assert (await answered(running, still.prove(await asked(running)))).name == "이서진"


async def test_pages_of_elsewhere_are_refused(running):
    device, session = SoftAuthenticator(), await running.signed_in("mogaha.kim")
    await made(running, session, device)
    session = await keyed(running, device)
    for origin in ("https://localhost:8080", "http://evil.example", "http://127.0.0.1:8080"):
        with pytest.raises(ForbiddenError, match="passkey-refused"):
            await finish(running, session, SoftAuthenticator().make(await begin(running, session), origin))
        with pytest.raises(ForbiddenError, match="passkey-refused"):
            await answered(running, device.prove(await asked(running), origin))


async def test_our_page_inside_another_site_is_refused(running):
    device, session = SoftAuthenticator(), await running.signed_in("mogaha.kim")
    await made(running, session, device)
    session = await keyed(running, device)
    device.embedded = True
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        await answered(running, device.prove(await asked(running)))
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        await made(running, session, device)


async def test_a_key_of_another_site_or_another_hand_proves_nothing(running):
    device, stranger = SoftAuthenticator(), SoftAuthenticator()
    session = await running.signed_in("mogaha.kim")
    await made(running, session, device)
    options = json.loads(await begin(running, await keyed(running, device)))
    stranger.make(json.dumps(options))
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        await answered(running, stranger.prove(await asked(running)))
    stranger.keys[0].credential_id = device.keys[0].credential_id
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        await answered(running, stranger.prove(await asked(running)))
    device.keys[0].user_handle = b"somebody else..."
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        await answered(running, device.prove(await asked(running)))
    assert (await outcomes(running)).count("passkey-refused") == 3


async def test_one_key_for_one_person_and_not_too_many(running):
    kim = await running.signed_in("mogaha.kim")
    device = SoftAuthenticator()
    await made(running, kim, device)
    first, kim = device.keys[0], await keyed(running, device)
    with pytest.raises(ConflictError, match="passkey-known"):
        await finish(running, kim, remade(device, await begin(running, kim), first))
    with pytest.raises(InvalidError, match="passkey-name-too-long"):
        await finish(running, kim, device.make(await begin(running, kim)), "가" * 61)
    for _ in range(9):
        await made(running, kim, device)
    listed = await running.stub.ListPasskeys(pb.ListPasskeysRequest(session_token=kim.session_token))
    assert len(listed.passkeys) == 10
    with pytest.raises(ConflictError, match="passkeys-enough"):
        await begin(running, kim)


def remade(device: SoftAuthenticator, options: str, key) -> str:
    """A registration that claims the id of a key that is there already."""
    credential = json.loads(device.make(options))
    fresh = device.keys.pop()
    attestation = unb64(credential["response"]["attestationObject"]).replace(fresh.credential_id, key.credential_id)
    credential["response"]["attestationObject"] = b64(attestation)
    return json.dumps(credential | {"id": key.id, "rawId": key.id})


async def test_an_operator_takes_all_keys_of_a_login_out_of_use(running):
    device, kim, lee = SoftAuthenticator(), await running.signed_in("mogaha.kim"), await running.signed_in("mogaha.lee")
    await made(running, kim, device)
    await made(running, await keyed(running, device), device)
    await made(running, lee, device)
    device.keys.pop()
    opened = await answered(running, device.prove(await asked(running)))
    async with running.parts.worker.transaction() as unit:
        assert await remove_all(unit, " Mogaha.Kim", By({"system": "directory"}, "test")) == 2
        assert await remove_all(unit, "nobody", By({"system": "directory"}, "test")) == 0
    with pytest.raises(ForbiddenError, match="session-ended"):
        await running.token_of(opened)
    with pytest.raises(ForbiddenError, match="passkey-refused"):
        await answered(running, device.prove(await asked(running)))
    assert [row["valid_to"] is None for row in await replicated(running)] == [True, False, False]
    await running.token_of(kim)


async def test_challenges_nobody_answers_do_not_pile_up(running):
    for _ in range(5):
        await asked(running)
    running.clock.advance(timedelta(minutes=5))
    await asked(running)
    async with running.parts.worker.transaction() as unit:
        await forget_challenges(unit)
    assert await running.parts.worker.pool.fetchval("SELECT count(*) FROM challenge") == 1


async def test_a_stolen_session_makes_no_key_beside_its_owners_and_takes_none_away(running):
    owner, stolen = await running.signed_in("mogaha.kim"), await running.signed_in("mogaha.kim")
    passkey = await made(running, owner, SoftAuthenticator())
    removing = pb.RemovePasskeyRequest(session_token=stolen.session_token, passkey_id=passkey.passkey_id)
    with pytest.raises(ForbiddenError, match="passkey-session-needed"):
        await begin(running, stolen)
    with pytest.raises(ForbiddenError, match="passkey-session-needed"):
        await running.stub.RemovePasskey(removing)


async def test_a_challenge_from_before_the_first_key_makes_no_second(running):
    session, device = await running.signed_in("mogaha.kim"), SoftAuthenticator()
    early = await begin(running, session)
    await made(running, session, device)
    with pytest.raises(ForbiddenError, match="passkey-session-needed"):
        await finish(running, session, SoftAuthenticator().make(early))


async def test_a_session_left_open_makes_no_key(running):
    session = await running.signed_in("mogaha.kim")
    running.clock.advance(timedelta(minutes=16))
    with pytest.raises(ForbiddenError, match="session-not-fresh"):
        await begin(running, session)


async def test_without_a_session_there_are_no_passkeys(running):
    with pytest.raises(ForbiddenError, match="session-ended"):
        await running.stub.BeginPasskey(pb.BeginPasskeyRequest(session_token="x"))
