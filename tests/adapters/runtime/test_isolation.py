"""An agency's files, records and bytes are its own: as the people's role, whatever a handler forgets to ask."""

from uuid import UUID

from adapters.runtime import queries
from chassis import db
from chassis.clock import SystemClock
from chassis.uow import Database
from support.runtime import AGENCY, Runtime, make_batch

OTHER = "395eab1a-d4b6-5d2c-a2f2-15c5ce93426a"


async def test_another_agency_sees_nothing(runtime: Runtime) -> None:
    runtime.drop("A.DAT", make_batch(3))
    intake = runtime.intake()
    await intake.scan_once()
    await intake.scan_once()
    record: UUID = await runtime.database.pool.fetchval("SELECT id FROM record LIMIT 1")
    pool = await db.open_pool(runtime.database_address.url("rpc"), size=1)
    try:
        people = Database(pool, SystemClock())
        seen = {}
        for agency in (AGENCY, OTHER):
            async with people.transaction(agency_id=agency, tokens=("operator",)) as unit:
                tables = [
                    await unit.connection.fetchval(f"SELECT count(*) FROM {t}")
                    for t in ("intake_file", "record", "outgoing")
                ]
                seen[agency] = (tables, await queries.record(unit, record) is not None)
        assert seen == {AGENCY: ([1, 3, 0], True), OTHER: ([0, 0, 0], False)}
        assert await pool.fetchval("SELECT count(*) FROM record") == 0
    finally:
        await pool.close()
