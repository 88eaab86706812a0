"""Questions against a real database: units by code and words, officials of one's own agency only."""

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.errors import NotFoundError
from chassis.testing.statements import counted_pool
from chassis.uow import Database
from directory import queries
from directory.domain.merging import Listed
from directory.domain.records import unit_id
from directory.domain.search import words_of
from directory.handlers.import_units import import_units

TODAY, NOW = date(2026, 5, 11), datetime(2026, 5, 11, tzinfo=UTC)
MOGAHA, MPB = unit_id("1310000"), unit_id("Z090000")


def listed(code: str, name: str, *, since: str = "2000-01-01", until: str = "", after: tuple[str, ...] = ()) -> Listed:
    return Listed(
        code, name.rsplit(maxsplit=1)[-1], name, "6280000", "6280000", date.fromisoformat(since),
        date.fromisoformat(until) if until else None, after,
    )  # fmt: skip


async def take(directory, *table: Listed):
    async with directory.worker.transaction() as unit:
        return await import_units(unit, table)


async def names(directory, query: str, *, only_active: bool = True) -> list[str]:
    found = await queries.units_with(directory.rpc.pool, words_of(query), TODAY, limit=0, only_active=only_active)
    return [unit.full_name for unit in found]


async def test_an_abolished_code_answers_with_what_carries_on(seeded):
    await take(
        seeded,
        listed("6280900", "인천광역시 총무과", until="2010-01-01", after=("6280901",)),
        listed("6280901", "인천광역시 행정과", since="2010-01-01", until="2020-01-01", after=("6280902",)),
        listed("6280902", "인천광역시 행정지원과", since="2020-01-01"),
    )
    async with seeded.rpc.transaction() as unit:
        found = await queries.unit_of_code(unit, "6280900", TODAY, TODAY)
        assert (found.unit.name, found.unit.valid_to) == ("총무과", date(2010, 1, 1))
        assert [successor.code for successor in found.successors] == ["6280902"]
        with pytest.raises(NotFoundError, match="unit-unknown"):
            await queries.unit_of_code(unit, "9999999", TODAY, TODAY)


async def test_words_find_units_best_first(seeded):
    await take(
        seeded,
        listed("6280900", "인천광역시 총무국 민원과"),
        listed("6280901", "인천광역시 총무과", until="2010-01-01"),
        listed("6280902", "인천광역시 의회 총무과"),
    )
    found = await names(seeded, "인천 총무")
    assert found == ["인천광역시 의회 총무과", "인천광역시 행정국 총무과", "인천광역시 총무국 민원과"]
    assert (await names(seeded, "인천 총무", only_active=False))[-1] == "인천광역시 총무과"
    assert await names(seeded, "행정국총무과") == ["인천광역시 행정국 총무과"]
    assert (await names(seeded, "6280902")) == ["인천광역시 의회 총무과"]
    assert (await names(seeded, "과"))[:2] == sorted((await names(seeded, "과"))[:2], key=len)
    assert await names(seeded, "") == []
    assert await names(seeded, "%") == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_part_of_any_name_finds_it(seeded, data):
    rows = await seeded.rpc.pool.fetch("SELECT full_name FROM unit ORDER BY code")
    name = data.draw(st.sampled_from([row["full_name"] for row in rows]))
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : data.draw(st.integers(start + 1, len(name)))].strip()
    limit_reached = 20
    found = await names(seeded, part or name)
    assert name in found or len(found) == limit_reached


async def test_officials_of_ones_own_agency_in_their_posts_of_today(seeded):
    async with seeded.rpc.transaction(agency_id=str(MPB)) as unit:
        mine = await queries.officials_of(unit.connection, MPB, "", TODAY, NOW)
        first = await queries.officials_of(unit.connection, MPB, "Z090101", TODAY, NOW)
        others = await queries.officials_of(unit.connection, MOGAHA, "", TODAY, NOW)
        past = await queries.officials_of(unit.connection, MPB, "", TODAY - timedelta(days=9999), NOW)
    assert len(mine) == 9
    assert [(row["name"], row["position"], row["roles"]) for row in first] == [
        ("김나래", "행정사무관", ["drafter"]),
        ("박성민", "국장", ["approver"]),
        ("이준호", "과장", ["reviewer"]),
    ]
    assert others == past == []


TENANTS = ("official", "post", "appointment", "external_identity", "task", "delegation_rule", "absence")
HIDDEN = ("credential", "session", "throttle", "sign_in", "token_key", "change", "passkey", "challenge")


async def test_the_rpc_role_sees_the_rows_of_one_tenant(seeded):
    await seeded.worker.pool.execute(
        "INSERT INTO absence (absence_id, valid_from, official_id, agency_id, reason, note, starts_at, version)"
        " SELECT gen_random_uuid(), '2026-05-11', official_id, agency_id, 'trip', '', '2026-05-11', 0 FROM official"
    )
    for table in TENANTS:
        async with seeded.rpc.transaction() as unit:
            assert await unit.fetch(f"SELECT * FROM {table}") == []
        async with seeded.rpc.transaction(agency_id=str(MOGAHA)) as unit:
            rows = await unit.fetch(f"SELECT agency_id FROM {table}")
        assert {row["agency_id"] for row in rows} == {MOGAHA}, table


async def test_the_rpc_role_cannot_read_what_proves_people(seeded):
    async def read(table: str) -> None:
        async with seeded.rpc.transaction(agency_id=str(MPB)) as unit:
            await unit.fetch(f"SELECT * FROM {table}")

    for table in HIDDEN:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await read(table)


async def test_an_import_takes_the_same_statements_whatever_its_size(directory):
    async with counted_pool(directory.server.url("worker")) as (pool, texts):
        database = Database(pool, directory.clock)
        counts = []
        for size in (2, 1, 10, 100):
            texts.clear()
            table = [listed(f"6{size:03d}{place:03d}", f"인천광역시 {size} {place}과") for place in range(size)]
            async with database.transaction() as unit:
                await import_units(unit, table)
            counts.append(len(texts))
    assert counts[1:] == [counts[1]] * 3
    assert counts[1] <= 11
