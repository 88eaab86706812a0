"""Signing keys: two live, rotated without a gap, their private halves readable by nobody else."""

import asyncio
from datetime import timedelta

from chassis.actor import Actor, TokenSigner, TokenVerifier
from chassis.errors import ForbiddenError
from directory import queries
from directory.domain.records import Kind
from directory.handlers.token_keys import ensure_keys, rotate_keys, signing_key
from directory.ports.keys import KeyFolder
from onnara.directory.v1 import events_pb2 as events

ACTOR = Actor("official", "appointment", "post", "agency", "Z310101", "김도윤", "행정사무관")


async def ensured(directory, folder) -> list[str]:
    async with directory.worker.transaction() as unit:
        return await ensure_keys(unit, folder)


async def replicated(directory) -> dict[str, bytes]:
    """Keys as a replica sees them today."""
    today = directory.clock.now().date()
    page = await queries.changes_after(directory.worker.pool, 0, 5000)
    return {
        row["id"]: events.TokenKeyData.FromString(row["payload"]).public_key
        for row in page.rows
        if row["kind"] == Kind.TOKEN_KEY
        and row["valid_from"] <= today
        and (row["valid_to"] is None or today < row["valid_to"])
    }


async def token(directory, folder) -> str:
    async with directory.worker.transaction() as unit:
        key_id = await signing_key(unit)
    return TokenSigner(key_id, folder.read(key_id)).issue(ACTOR, "onnara", directory.clock.now())


def verified(directory, keys, text) -> bool:
    try:
        actor = TokenVerifier(keys.get, "onnara", directory.clock).verify(text)
    except ForbiddenError as error:
        return error.code != "token-key-unknown"
    return actor == ACTOR


async def test_two_keys_are_made_once_and_only_their_owner_can_read_them(directory, tmp_path):
    folder = KeyFolder(tmp_path / "keys")
    first = await ensured(directory, folder)
    assert len(first) == 2
    assert await ensured(directory, folder) == first
    files = list((tmp_path / "keys").iterdir())
    assert len(files) == 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert await directory.worker.pool.fetchval("SELECT count(*) FROM token_key") == 2


async def test_replicas_that_start_together_agree_on_the_keys(directory, tmp_path):
    folder = KeyFolder(tmp_path / "keys")
    answers = await asyncio.gather(*(ensured(directory, folder) for _ in range(5)))
    assert answers == [answers[0]] * 5
    assert len(await replicated(directory)) == 2


async def test_rotation_leaves_no_moment_in_which_a_token_is_unknown(directory, tmp_path):
    folder = KeyFolder(tmp_path / "keys")
    await ensured(directory, folder)
    before, old = await replicated(directory), await token(directory, folder)
    async with directory.worker.transaction() as unit:
        retired, made = await rotate_keys(unit, folder)
    folder.remove(retired)
    after, new = await replicated(directory), await token(directory, folder)
    # A service that has not heard of the rotation yet knows the key that signs now.
    assert verified(directory, before, old)
    assert verified(directory, before, new)
    assert verified(directory, after, old)
    assert verified(directory, after, new)
    assert made in after
    directory.clock.advance(timedelta(days=3))
    assert retired not in await replicated(directory)
    assert len(await ensured(directory, folder)) == 2


async def test_a_revoked_key_is_unknown_at_once(directory, tmp_path):
    folder = KeyFolder(tmp_path / "keys")
    await ensured(directory, folder)
    stolen = await token(directory, folder)
    async with directory.worker.transaction() as unit:
        await rotate_keys(unit, folder, revoke=True)
    assert not verified(directory, await replicated(directory), stolen)


async def test_a_key_whose_private_half_is_gone_is_replaced(directory, tmp_path):
    folder = KeyFolder(tmp_path / "keys")
    first, second = await ensured(directory, folder)
    folder.remove(first)
    again = await ensured(directory, folder)
    assert again[0] == second
    assert first not in again
    assert verified(directory, await replicated(directory), await token(directory, folder))
