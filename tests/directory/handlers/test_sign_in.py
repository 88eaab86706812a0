"""Signing in: who may, who is slowed down, and what stays written when it fails."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from chassis.errors import ForbiddenError
from chassis.testing.statements import counted_pool
from chassis.uow import Database
from directory.domain.throttle import FREE_FAILURES
from directory.handlers import sessions, sign_in
from directory.handlers.credentials import set_password
from directory.ports.passwords import Passwords
from directory.seed import DEMO_PASSWORD, seed

TRANSACTION = ("BEGIN;", "COMMIT;")


async def attempt(directory, passwords, login, password, *, demonstration=True):
    async with directory.worker.transaction() as unit:
        counted = await sign_in.count_attempt(unit, login, "192.0.2.7")
    if not isinstance(counted, sign_in.Attempt):
        return counted
    proof = await passwords.verify(counted.stored_hash, password)
    async with directory.worker.transaction() as unit:
        if not proof.right:
            return sign_in.refuse(unit, counted)
        return await sign_in.open_session(unit, counted, renewed_hash=proof.renewed, demonstration=demonstration)


async def outcomes(directory) -> list[tuple[str, str]]:
    rows = await directory.worker.pool.fetch("SELECT login, outcome FROM sign_in ORDER BY id")
    return [tuple(row) for row in rows]


async def test_the_right_password_opens_a_session_that_is_stored_as_a_hash(seeded, passwords):
    signed = await attempt(seeded, passwords, " MOGAHA.jung ", DEMO_PASSWORD)
    assert signed.person.name == "정하늘"
    assert {capacity.appointment.roles for capacity in signed.capacities} == {("clerk", "seal-keeper"), ("drafter",)}
    assert {capacity.department_name for capacity in signed.capacities} == {"총무과", "정보화기획과"}
    assert signed.expires_at - seeded.clock.now() == timedelta(hours=12)
    stored = await seeded.worker.pool.fetch("SELECT * FROM session")
    assert len(stored) == 1
    assert signed.token not in str(dict(stored[0]))
    assert await outcomes(seeded) == [("mogaha.jung", "signed-in")]


async def test_wrong_and_unknown_are_answered_alike_and_unknown_leaves_no_text(seeded, passwords):
    wrong = await attempt(seeded, passwords, "mpb.kim", "guess")
    unknown = await attempt(seeded, passwords, "my-secret-typed-here", "guess")
    assert wrong.problems == unknown.problems
    assert await outcomes(seeded) == [("mpb.kim", "wrong-password"), ("", "unknown-login")]


async def test_known_and_unknown_logins_are_verified_with_the_same_work(passwords):
    hashed = await passwords.hash("right")
    assert (await passwords.verify(hashed, "right")).right
    assert not (await passwords.verify(hashed, "wrong")).right
    assert not (await passwords.verify(None, "nobody")).right
    known, nobody = hashed.split("$")[1:4], passwords._nobody.split("$")[1:4]
    assert known == nobody


@pytest.mark.parametrize("login", ["mpb.kim", "nobody.there"])
async def test_repeated_failures_lock_a_login_known_or_not_and_time_opens_it(seeded, passwords, login):
    for _ in range(FREE_FAILURES):
        assert (await attempt(seeded, passwords, login, "guess")).code == "sign-in-failed"
    locked = await attempt(seeded, passwords, login, DEMO_PASSWORD)
    assert locked.code == "sign-in-locked"
    assert locked.problems[0].params == {"seconds": "31"}
    seeded.clock.advance(timedelta(seconds=31))
    after = await attempt(seeded, passwords, login, DEMO_PASSWORD)
    assert isinstance(after, ForbiddenError) == (login == "nobody.there")


async def test_success_forgives(seeded, passwords):
    for _ in range(FREE_FAILURES - 1):
        await attempt(seeded, passwords, "mpb.kim", "guess")
    await attempt(seeded, passwords, "mpb.kim", DEMO_PASSWORD)
    assert (await attempt(seeded, passwords, "mpb.kim", "guess")).code == "sign-in-failed"
    assert await seeded.worker.pool.fetchval("SELECT failures FROM throttle") == 1


async def test_published_passwords_are_refused_outside_of_a_demonstration(seeded, passwords):
    refused = await attempt(seeded, passwords, "mpb.kim", DEMO_PASSWORD, demonstration=False)
    assert refused.code == "password-must-be-changed"
    assert await seeded.worker.pool.fetchval("SELECT count(*) FROM session") == 0


async def test_who_has_no_post_today_does_not_come_in(seeded, passwords):
    await seeded.worker.pool.execute(
        "UPDATE appointment SET valid_to = '2026-05-11' WHERE official_id = (SELECT official_id FROM official WHERE login = 'mpb.kim')"
    )
    assert (await attempt(seeded, passwords, "mpb.kim", DEMO_PASSWORD)).code == "no-capacity"


async def test_a_capacity_is_chosen_among_ones_own_live_ones(seeded, passwords):
    signed = await attempt(seeded, passwords, "mogaha.jung", DEMO_PASSWORD)
    mine = signed.capacities[1].appointment
    async with seeded.worker.transaction() as unit:
        acting = await sessions.choose_capacity(unit, signed.token, str(mine.appointment_id))
    assert acting.capacity.appointment == mine
    others = next(held for held in seed().appointments if held.official_id != mine.official_id)
    for appointment_id in (str(others.appointment_id), "not-a-uuid", ""):
        async with seeded.worker.transaction() as unit:
            with pytest.raises(ForbiddenError, match="capacity-not-yours"):
                await sessions.choose_capacity(unit, signed.token, appointment_id)
    await seeded.worker.pool.execute(
        "UPDATE appointment SET valid_to = '2026-05-11' WHERE appointment_id = $1", mine.appointment_id
    )
    async with seeded.worker.transaction() as unit:
        with pytest.raises(ForbiddenError, match="capacity-not-yours"):
            await sessions.choose_capacity(unit, signed.token, str(mine.appointment_id))


async def test_a_session_ends_by_signing_out_or_after_twelve_hours(seeded, passwords):
    first = await attempt(seeded, passwords, "mpb.kim", DEMO_PASSWORD)
    second = await attempt(seeded, passwords, "mpb.kim", DEMO_PASSWORD)
    appointment = str(first.capacities[0].appointment.appointment_id)
    async with seeded.worker.transaction() as unit:
        await sessions.end_session(unit, first.token)
        with pytest.raises(ForbiddenError, match="session-ended"):
            await sessions.choose_capacity(unit, first.token, appointment)
        await sessions.choose_capacity(unit, second.token, appointment)
    seeded.clock.advance(timedelta(hours=12))
    async with seeded.worker.transaction() as unit:
        with pytest.raises(ForbiddenError, match="session-ended"):
            await sessions.choose_capacity(unit, second.token, appointment)


async def test_old_traces_are_forgotten(seeded, passwords):
    await attempt(seeded, passwords, "mpb.kim", DEMO_PASSWORD)
    await attempt(seeded, passwords, "mpb.kim", "guess")
    seeded.clock.advance(timedelta(days=8))
    async with seeded.worker.transaction() as unit:
        await sessions.prune(unit)
    assert await seeded.worker.pool.fetchval("SELECT count(*) FROM session") == 0
    assert await seeded.worker.pool.fetchval("SELECT count(*) FROM throttle") == 0


async def test_a_burst_of_guesses_is_counted_one_by_one(seeded, passwords):
    answers = await asyncio.gather(*(attempt(seeded, passwords, "mpb.kim", f"guess{n}") for n in range(30)))
    codes = [answer.code for answer in answers]
    assert codes.count("sign-in-failed") == FREE_FAILURES
    assert codes.count("sign-in-locked") == 30 - FREE_FAILURES
    assert len(await outcomes(seeded)) == 30


async def test_a_new_password_ends_sessions_and_is_good_enough(seeded, passwords):
    signed = await attempt(seeded, passwords, "mpb.kim", DEMO_PASSWORD)
    hashed = await passwords.hash("another one")
    async with seeded.worker.transaction() as unit:
        assert await set_password(unit, "mpb.kim", hashed)
        assert not await set_password(unit, "nobody", hashed)
    async with seeded.worker.transaction() as unit:
        with pytest.raises(ForbiddenError, match="session-ended"):
            await sessions.choose_capacity(unit, signed.token, str(signed.capacities[0].appointment.appointment_id))
    assert (await attempt(seeded, passwords, "mpb.kim", DEMO_PASSWORD)).code == "sign-in-failed"
    again = await attempt(seeded, passwords, "mpb.kim", "another one", demonstration=False)
    assert again.person.name == "김나래"


async def test_weak_hashes_are_renewed_when_their_owner_comes(seeded):
    strong = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert (await attempt(seeded, strong, "mpb.kim", DEMO_PASSWORD)).person.name == "김나래"
    stored = await seeded.worker.pool.fetchval("SELECT password_hash FROM credential WHERE login = 'mpb.kim'")
    assert "$m=16,t=2,p=1$" in stored
    assert (await strong.verify(stored, DEMO_PASSWORD)).renewed == ""


async def test_statements_of_a_sign_in_and_of_a_token(seeded, passwords):
    async with counted_pool(seeded.server.url("worker")) as (pool, texts):
        counted = replace(seeded, worker=Database(pool, seeded.clock))
        await attempt(counted, passwords, "mpb.kim", DEMO_PASSWORD)
        texts.clear()
        signed = await attempt(counted, passwords, "mogaha.jung", DEMO_PASSWORD)
        assert len([text for text in texts if text not in TRANSACTION]) <= 8
        texts.clear()
        async with counted.worker.transaction() as unit:
            await sessions.choose_capacity(unit, signed.token, str(signed.capacities[0].appointment.appointment_id))
        assert len([text for text in texts if text not in TRANSACTION]) <= 3
