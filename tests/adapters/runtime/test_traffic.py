"""How connections fare: by the hour and by six, of the caller's agency, read through indexes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from adapters.runtime.traffic import DAY, WEEK, stretches, traffic
from chassis import db
from chassis.clock import SystemClock
from chassis.uow import Database
from support.runtime import AGENCY, Runtime, make_batch

OTHER = "395eab1a-d4b6-5d2c-a2f2-15c5ce93426a"


@pytest.mark.parametrize(("hours", "count", "length"), [(DAY, 24, 1), (1, 24, 1), (WEEK, 28, 6), (10_000, 28, 6)])
def test_stretches_end_with_the_present_one(hours: int, count: int, length: int) -> None:
    now = datetime(2026, 5, 6, 9, 30, tzinfo=UTC)
    begins = stretches(now, hours)
    assert (len(begins), begins[-1]) == (count, datetime(2026, 5, 6, 9, tzinfo=UTC))
    assert {after - before for before, after in pairwise(begins)} == {timedelta(hours=length)}


async def test_what_came_and_what_waits_is_counted_by_the_hour(runtime: Runtime) -> None:
    for name, first in (("A.DAT", 1), ("B.DAT", 11)):
        runtime.drop(name, make_batch(3, first=first))
    intake = runtime.intake()
    for _ in range(2):
        await intake.scan_once()
    pool = runtime.database.pool
    await pool.execute("UPDATE intake_file SET taken_at = taken_at - interval '2 hours' WHERE name = 'A.DAT'")
    oldest = await pool.fetchval(
        "UPDATE record SET changed_at = changed_at - interval '3 hours'"
        " WHERE id = (SELECT id FROM record ORDER BY id LIMIT 1) RETURNING changed_at"
    )
    people = await db.open_pool(runtime.database_address.url("rpc"), size=1)
    try:
        seen = {}
        for agency in (AGENCY, OTHER):
            async with Database(people, SystemClock()).transaction(agency_id=agency) as unit:
                begins = stretches(unit.now, DAY)
                seen[agency] = await traffic(unit, begins)
        assert seen[OTHER] == {}
        found = seen[AGENCY]["mpb-budget"]
        assert [found.received.get(begin, 0) for begin in (begins[-3], begins[-1])] == [3, 3]
        assert sum(found.received.values()) == 6
        assert (found.delivered, found.unanswered_since, found.waiting_since) == ({}, oldest, None)
        assert await people.fetchval("SELECT count(*) FROM record") == 0
    finally:
        await people.close()
