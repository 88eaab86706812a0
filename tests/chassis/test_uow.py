"""One transaction holds state, journal and outbox; the number of statements does not grow with the rows."""

import asyncio
import contextlib
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, Uuid

from chassis import db, journal
from chassis.clock import SystemClock
from chassis.errors import ConflictError, TransientError
from chassis.testing.servers import ServiceDatabase
from chassis.testing.statements import counted_pool
from chassis.uow import Database, UnitOfWork
from onnara.approval.v1.events_pb2 import LineOpened, LineRefused
from onnara.exchange.v1.events_pb2 import RequestReceived
from support.probe import ACTOR, EFFECT, Probe

TOGETHER = Table(
    "effect",
    MetaData(),
    Column("message_id", Uuid),
    Column("series", Text),
    Column("number", BigInteger),
    info={"together": True},
)
TENANTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20) | st.sampled_from(
    ["'", "\\", "\\'; DROP TABLE effect; --", "E'\\x41'", "$1", "''", "a\\"]
)


async def counts(probe: Probe) -> tuple[int, int, int, int]:
    row = await probe.database.pool.fetchrow(
        "SELECT (SELECT count(*) FROM effect), (SELECT count(*) FROM journal),"
        " (SELECT count(*) FROM outbox), (SELECT count(*) FROM parcel)"
    )
    return tuple(row)


async def test_state_journal_and_outbox_commit_together(probe: Probe) -> None:
    async with probe.database.transaction() as unit:
        unit.insert(EFFECT, {"message_id": uuid4(), "series": "s", "number": 1})
        unit.record(
            LineRefused(line_id="1"), aggregate_id=uuid4(), version=1, agency_id="a", actor=ACTOR, correlation_id="c"
        )
        unit.record(
            LineOpened(line_id="1"), aggregate_id=uuid4(), version=1, agency_id="a", actor=ACTOR, correlation_id="c"
        )
        unit.send(RequestReceived(), agency_id="a", actor=ACTOR, correlation_id="c")
    # The journal-only event is kept but not published; the parcel is published but not kept.
    assert await counts(probe) == (1, 2, 2, 1)


async def test_a_refusal_leaves_nothing(probe: Probe) -> None:
    async def insert_and_refuse() -> None:
        async with probe.database.transaction() as unit:
            unit.insert(EFFECT, {"message_id": uuid4(), "series": "s", "number": 1})
            await unit.flush()
            raise ConflictError("line-moved-on")

    with pytest.raises(ConflictError):
        await insert_and_refuse()
    assert await counts(probe) == (0, 0, 0, 0)


async def test_an_update_that_finds_no_row_is_not_silent(probe: Probe) -> None:
    with pytest.raises(TransientError, match="row-vanished"):
        async with probe.database.transaction() as unit:
            unit.update(EFFECT, {"message_id": uuid4(), "number": 2}, key=("message_id",))


async def test_an_update_that_may_miss_changes_nothing_when_the_row_has_moved_on(probe: Probe) -> None:
    identity = uuid4()
    async with probe.database.transaction() as unit:
        unit.insert(EFFECT, {"message_id": identity, "series": "s", "number": 2})
    async with probe.database.transaction() as unit:
        stale = {"message_id": identity, "number": 1, "series": "stale"}
        unit.update(EFFECT, stale, key=("message_id", "number"), may_miss=True)
    assert await probe.database.pool.fetchval("SELECT series FROM effect") == "s"


async def test_a_failed_statement_that_somebody_hides_does_not_look_like_a_commit(probe: Probe) -> None:
    async def hide() -> None:
        async with probe.database.transaction() as unit:
            with contextlib.suppress(asyncpg.PostgresError):
                await unit.connection.execute("SELECT 1 / 0")

    with pytest.raises(TransientError, match="transaction-lost"):
        await hide()


async def test_a_savepoint_takes_back_its_own_part_only(probe: Probe) -> None:
    kept, gone = uuid4(), uuid4()
    async with probe.database.transaction() as unit:
        unit.insert(EFFECT, {"message_id": kept, "series": "s", "number": 1})
        await unit.flush()
        with pytest.raises(asyncpg.NotNullViolationError):
            await _failing_part(unit, gone)
        async with unit.savepoint():
            unit.insert(EFFECT, {"message_id": kept, "series": "s", "number": 2})
            await unit.flush()
    assert await probe.effects() == [kept, kept]


async def _failing_part(unit: UnitOfWork, identity: UUID) -> None:
    async with unit.savepoint():
        unit.insert(EFFECT, {"message_id": identity, "series": "s", "number": 1})
        await unit.flush()
        await unit.connection.execute("INSERT INTO effect (number) VALUES (1)")


async def test_tables_written_together_take_one_statement(probe: Probe) -> None:
    """Rows in and out, an update that must find its row, parcels and journal; each still does what it did alone."""
    there, gone, new = uuid4(), uuid4(), uuid4()
    async with probe.database.transaction() as unit:
        for identity in (there, gone):
            unit.insert(TOGETHER, {"message_id": identity, "series": "s", "number": 1})
    async with probe.database.transaction() as unit:
        statements: list[str] = []
        unit.connection.add_query_logger(lambda record: statements.append(record.query))
        unit.delete(TOGETHER, {"message_id": gone, "number": 1})
        unit.insert(TOGETHER, {"message_id": new, "series": "new", "number": 1})
        event = {"agency_id": "a", "actor": ACTOR, "correlation_id": "c"}
        unit.record(LineRefused(), aggregate_id=uuid4(), version=1, **event)
        unit.record(LineOpened(), aggregate_id=uuid4(), version=1, **event)
        unit.send(RequestReceived(), **event)
    assert len([text for text in statements if text.startswith("WITH w0")]) == 1
    assert await probe.effects() == [there, new]
    assert await counts(probe) == (2, 2, 2, 1)
    async with probe.database.transaction() as unit:
        unit.update(TOGETHER, {"message_id": there, "number": 2}, key=("message_id",))
        unit.record(LineRefused(), aggregate_id=uuid4(), version=1, **event)
    assert await probe.database.pool.fetchval("SELECT number FROM effect WHERE message_id = $1", there) == 2
    with pytest.raises(TransientError, match="row-vanished"):
        await _change_nobody(probe, event)
    assert await counts(probe) == (2, 3, 3, 1)


async def _change_nobody(probe: Probe, event: dict[str, Any]) -> None:
    async with probe.database.transaction() as unit:
        unit.update(TOGETHER, {"message_id": uuid4(), "number": 2}, key=("message_id",))
        unit.record(LineRefused(), aggregate_id=uuid4(), version=1, **event)


async def test_only_tables_written_together_lose_rows(probe: Probe) -> None:
    async with probe.database.transaction() as unit:
        with pytest.raises(TypeError, match="effect"):
            unit.delete(EFFECT, {"message_id": uuid4()})


async def test_a_row_put_in_and_changed_in_one_unit_is_changed(probe: Probe) -> None:
    identity = uuid4()
    async with probe.database.transaction() as unit:
        unit.insert(TOGETHER, {"message_id": identity, "series": "s", "number": 1})
        unit.update(TOGETHER, {"message_id": identity, "number": 2}, key=("message_id",))
        unit.update(TOGETHER, {"message_id": identity, "series": "t"}, key=("message_id",))
    row = await probe.database.pool.fetchrow("SELECT series, number FROM effect")
    assert tuple(row) == ("t", 2)


@given(TENANTS, st.lists(TENANTS, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
async def test_whose_a_transaction_is_cannot_say_more_than_that(probe: Probe, tenant: str, tokens: list[str]) -> None:
    """The tenant's name stands in the text of the statement that opens the transaction: nothing gets out of its quotes."""
    async with probe.database.transaction(agency_id=tenant, tokens=tokens, fixed_plans=True) as unit:
        told = "SELECT current_setting('app.agency'), current_setting('app.tokens'), current_setting('plan_cache_mode')"
        [row] = await unit.fetch(told)
        assert tuple(row) == (tenant, ",".join(tokens), "force_generic_plan")


async def test_settings_end_with_the_transaction_however_it_ends(probe_database: ServiceDatabase) -> None:
    async with counted_pool(probe_database.url("rpc")) as (pool, _):
        database = Database(pool, SystemClock())
        asked = "SELECT current_setting('app.agency', true), current_setting('plan_cache_mode')"
        for error in (None, ConflictError("line-moved-on"), asyncio.CancelledError()):
            with contextlib.suppress(ConflictError, asyncio.CancelledError):
                async with database.transaction(agency_id="a", fixed_plans=True) as unit:
                    assert tuple(*await unit.fetch(asked)) == ("a", "force_generic_plan")
                    if error:
                        raise error
            assert tuple(await pool.fetchrow(asked)) == ("", "auto")


async def test_a_text_that_postgresql_cannot_hold_opens_nothing(probe: Probe) -> None:
    with pytest.raises(ValueError, match="tenant"):
        async with probe.database.transaction(agency_id="a\0b"):
            pass
    assert await counts(probe) == (0, 0, 0, 0)


async def test_content_cannot_enter_the_journal_nor_events_leave_it(probe: Probe) -> None:
    async with probe.database.transaction() as unit:
        with pytest.raises(TypeError, match="carries content"):
            unit.record(
                RequestReceived(), aggregate_id=uuid4(), version=1, agency_id="a", actor=ACTOR, correlation_id="c"
            )
        with pytest.raises(TypeError, match="is an event"):
            unit.send(LineRefused(), agency_id="a", actor=ACTOR, correlation_id="c")


async def test_statements_are_the_same_for_1_10_and_100_rows(probe: Probe) -> None:
    seen: dict[int, int] = {}
    for size in (1, 10, 100):
        async with probe.database.transaction() as unit:
            statements: list[str] = []
            unit.connection.add_query_logger(lambda record, into=statements: into.append(record.query))
            for _ in range(size):
                unit.insert(EFFECT, {"message_id": uuid4(), "series": "s", "number": 1})
                unit.record(
                    LineRefused(), aggregate_id=uuid4(), version=1, agency_id="a", actor=ACTOR, correlation_id="c"
                )
            await unit.flush()
        seen[size] = len([text for text in statements if text.startswith("WITH w0")])
    assert seen == {1: 2, 10: 2, 100: 2}


async def test_the_journal_only_grows(probe: Probe, probe_database: ServiceDatabase) -> None:
    [identity] = await probe.publish(1)
    owner = await asyncpg.connect(probe_database.url("owner"))
    try:
        for statement in ("UPDATE journal SET type = 'x'", "DELETE FROM journal"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="journal-only-grows"):
                await owner.execute(statement)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await probe.database.pool.execute(statement)
        decision = uuid4()
        with pytest.raises(asyncpg.ForeignKeyViolationError, match="disposal-decision-missing"):
            await probe.database.pool.execute("SELECT journal_dispose($1, $2)", identity, decision)
        await owner.execute("INSERT INTO disposal VALUES ($1, now(), '{}', 'retention')", decision)
        before = await owner.fetchval("SELECT journal_leaf(journal) FROM journal")
        await probe.database.pool.execute("SELECT journal_dispose($1, $2)", identity, decision)
        row = await owner.fetchrow("SELECT payload, salt, leaf FROM journal")
        assert (row["payload"], row["salt"], row["leaf"]) == (None, None, before)
    finally:
        await owner.close()


async def test_readers_never_miss_a_late_commit(probe: Probe, probe_database: ServiceDatabase) -> None:
    """A transaction that began earlier and commits later must not be skipped by a reader that went on."""
    slow_pool = await db.open_pool(probe_database.url("worker"), size=1)
    async with slow_pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute("SELECT pg_current_xact_id()")
        await probe.publish(5)
        assert await journal.read_after(probe.database.pool, journal.Position(), 100) == []
        await transaction.rollback()
    await slow_pool.close()
    # What is visible ends at the oldest transaction of the whole server, and other databases have theirs.
    rows: list[Any] = []
    async with asyncio.timeout(30):
        while not rows:
            rows = list(await journal.read_after(probe.database.pool, journal.Position(), 3))
    last = journal.Position(rows[-1]["xid"], rows[-1]["seq"])
    rest = await journal.read_after(probe.database.pool, last, 100)
    assert len({row["id"] for row in (*rows, *rest)}) == 5


async def test_people_see_only_their_agency_in_journal_and_parked(
    probe: Probe, probe_database: ServiceDatabase
) -> None:
    await probe.publish(2)
    rpc = await db.open_pool(probe_database.url("rpc"), size=1)
    try:
        assert await rpc.fetchval("SELECT count(*) FROM journal") == 0
        async with rpc.acquire() as connection, connection.transaction():
            await connection.execute("SELECT set_config('app.agency', 'a1', true)")
            assert await connection.fetchval("SELECT count(*) FROM journal") == 2
            await connection.execute("SELECT set_config('app.agency', 'other', true)")
            assert await connection.fetchval("SELECT count(*) FROM journal") == 0
        assert await rpc.fetchval("SELECT count(*) FROM journal") == 0
    finally:
        await rpc.close()
