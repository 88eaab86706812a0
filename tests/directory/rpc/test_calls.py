"""The service over gRPC, as gateway and services meet it: sign-in to token, isolation, successors, changes, events."""

from datetime import timedelta

import pytest

from chassis.actor import TokenVerifier
from chassis.errors import ForbiddenError, InvalidError, NotFoundError
from chassis.rpc import bearer
from directory.domain.records import Kind
from directory.handlers.token_keys import rotate_keys
from directory.main import refresh_keys
from directory.seed import seed
from onnara.common.v1 import actor_pb2
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1 import events_pb2 as events
from support.reporting import report, unit


async def all_rows(running, page_size: int = 50) -> list[events.DirectoryRow]:
    rows: list[events.DirectoryRow] = []
    while True:
        after = rows[-1].version if rows else 0
        page = await running.stub.ListChanges(pb.ListChangesRequest(after=after, page_size=page_size))
        if not page.rows:
            assert after == page.latest
            return rows
        rows += page.rows


def keys_of(rows: list[events.DirectoryRow], today: str) -> dict[str, bytes]:
    return {
        row.id: events.TokenKeyData.FromString(row.payload).public_key
        for row in rows
        if row.kind == Kind.TOKEN_KEY and row.valid_from <= today and (not row.valid_to or today < row.valid_to)
    }


async def test_a_token_verifies_with_nothing_but_the_replicated_keys(running):
    answer = await running.token("mogaha.jung", place=1)
    keys = keys_of(await all_rows(running), "2026-05-11")
    assert len(keys) == 2
    claims = TokenVerifier(keys.get, "onnara", running.clock).claims(answer.actor_token)
    held = next(held for held in seed().appointments if str(held.appointment_id) == claims.actor.appointment_id)
    assert claims.actor.department_code == held.department_code == answer.actor.department_code
    assert claims.actor.roles == set(held.roles) == set(answer.roles)
    assert answer.actor.strength == actor_pb2.AUTH_STRENGTH_PASSWORD
    assert claims.actor.name == answer.actor.name == "정하늘"
    versions = {row.id: row.version for row in await all_rows(running) if row.kind == Kind.APPOINTMENT}
    assert claims.appointment_version == versions[claims.actor.appointment_id]
    assert answer.expires_at.ToDatetime() == (running.clock.now() + timedelta(minutes=5)).replace(tzinfo=None)


async def test_replicas_get_every_row_in_order_of_version(running):
    rows = await all_rows(running, page_size=7)
    assert [row.version for row in rows] == list(range(1, len(rows) + 1))
    units = {row.id: events.UnitData.FromString(row.payload) for row in rows if row.kind == Kind.UNIT}
    assert {unit.code for unit in units.values()} == {unit.code for unit in seed().units}
    identities = {row.id for row in rows if row.kind == Kind.EXTERNAL_IDENTITY}
    assert "ADM131000040/kimdy" in identities


async def test_wrong_password_is_one_code_and_a_row_that_stays(running):
    for login in ("mogaha.kim", "nobody"):
        with pytest.raises(ForbiddenError, match="sign-in-failed"):
            await running.stub.SignIn(pb.SignInRequest(login=login, password="guess"))
    assert await running.parts.worker.pool.fetchval("SELECT count(*) FROM sign_in") == 2
    with pytest.raises(InvalidError, match="password-too-long"):
        await running.stub.SignIn(pb.SignInRequest(login="mogaha.kim", password="x" * 2000))


async def test_signed_out_is_out(running):
    session = await running.signed_in("mpb.kim")
    await running.stub.SignOut(pb.SignOutRequest(session_token=session.session_token))
    with pytest.raises(ForbiddenError, match="session-ended"):
        await running.stub.IssueToken(
            pb.IssueTokenRequest(
                session_token=session.session_token, appointment_id=session.capacities[0].appointment_id
            )
        )


async def test_questions_need_a_token_and_answer_for_its_agency(running):
    with pytest.raises(ForbiddenError, match="token-missing"):
        await running.stub.ListOfficials(pb.ListOfficialsRequest())
    answer = await running.token("mpb.kim")
    found = await running.stub.ListOfficials(pb.ListOfficialsRequest(), metadata=bearer(answer.actor_token))
    assert len(found.officials) == 9
    mine = {str(official.official_id) for official in seed().officials if official.login.startswith("mpb.")}
    assert {official.official_id for official in found.officials} == mine
    other = await running.stub.ListOfficials(
        pb.ListOfficialsRequest(department_code="Z310101"), metadata=bearer(answer.actor_token)
    )
    assert not other.officials


async def test_units_by_code_and_words(running):
    metadata = bearer((await running.token("incheon.kim")).actor_token)
    unit = await running.stub.GetUnit(pb.GetUnitRequest(code="6286677", on="2021-01-01"), metadata=metadata)
    assert (unit.unit.name, unit.valid_from, unit.valid_to) == ("총무과", "2020-07-14", "")
    found = await running.stub.SearchUnits(pb.SearchUnitsRequest(query="청주 예산", page_size=5), metadata=metadata)
    assert [unit.code for unit in found.units] == ["5710294"]
    with pytest.raises(NotFoundError, match="unit-unknown"):
        await running.stub.GetUnit(pb.GetUnitRequest(code="0000001"), metadata=metadata)
    with pytest.raises(InvalidError, match="day-malformed"):
        await running.stub.GetUnit(pb.GetUnitRequest(code="6286677", on="어제"), metadata=metadata)


async def test_an_old_code_leads_to_the_units_of_a_day(running):
    metadata = bearer((await running.token("incheon.kim")).actor_token)
    await report(
        running.parts.worker,
        unit("0020001", created_on="2000-01-01", abolished_on="2014-07-01", abolished=True),
        unit(
            "0020002", created_on="2014-07-01", abolished_on="2020-07-01", abolished=True, predecessor_codes=["0020001"]
        ),
        unit("0020003", created_on="2020-07-01", predecessor_codes=["0020002"]),
    )
    for day, code in (("", "0020003"), ("2015-01-01", "0020002")):
        asked = pb.GetUnitRequest(code="0020001", on="2010-01-01", successors_on=day)
        found = await running.stub.GetUnit(asked, metadata=metadata)
        assert found.unit.code == "0020001"
        assert [each.code for each in found.successors] == [code]
    with pytest.raises(InvalidError, match="day-malformed"):
        await running.stub.GetUnit(pb.GetUnitRequest(code="0020001", successors_on="어제"), metadata=metadata)


async def test_tokens_live_five_minutes_and_outlive_a_rotation(running):
    answer = await running.token("mpb.kim")
    async with running.parts.worker.transaction() as unit:
        retired, _ = await rotate_keys(unit, running.parts.folder)
    running.parts.folder.remove(retired)
    await refresh_keys(running.parts.worker, running.parts.ring)
    fresh = await running.token("mpb.lee")
    for held in (answer, fresh):
        await running.stub.ListOfficials(pb.ListOfficialsRequest(), metadata=bearer(held.actor_token))
    running.clock.advance(timedelta(minutes=5, seconds=3))
    with pytest.raises(ForbiddenError, match="token-expired"):
        await running.stub.ListOfficials(pb.ListOfficialsRequest(), metadata=bearer(fresh.actor_token))


UNSTORABLE = (
    ("SignIn", pb.SignInRequest(login="a\x00"), "login"),
    ("GetUnit", pb.GetUnitRequest(code="\x00"), "code"),
    ("SearchUnits", pb.SearchUnitsRequest(query="과\x00"), "query"),
    ("ListOfficials", pb.ListOfficialsRequest(department_code="\x00"), "department_code"),
    ("SearchOfficials", pb.SearchOfficialsRequest(query="\x00"), "query"),
    ("RegisterAbsence", pb.RegisterAbsenceRequest(absence=events.AbsenceData(note="\x00")), "absence.note"),
    ("PutDelegationRule", pb.PutDelegationRuleRequest(rule=events.DelegationRuleData(title="\x00")), "rule.title"),
    ("ListDelegationRules", pb.ListDelegationRulesRequest(task_code="\x00"), "task_code"),
    ("FinishPasskey", pb.FinishPasskeyRequest(name="\x00"), "name"),
    ("RemovePasskey", pb.RemovePasskeyRequest(passkey_id="\x00"), "passkey_id"),
    ("BeginPasskeySignIn", pb.BeginPasskeySignInRequest(login="\x00"), "login"),
    ("FinishPasskeySignIn", pb.FinishPasskeySignInRequest(client_address="\x00"), "client_address"),
)


async def test_what_no_column_takes_is_refused_and_is_no_fault_of_ours(running):
    operator = await running.of("mogaha.kang")
    for method, request, field in UNSTORABLE:
        with pytest.raises(InvalidError, match="character-unstorable") as refused:
            await getattr(running.stub, method)(request, metadata=operator)
        assert refused.value.problems[0].field == field
