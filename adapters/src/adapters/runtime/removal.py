"""Raw bytes whose retention has ended are removed: a durable timer a day, files in batches, each journalled with its hash.

manifests' `raw_retention` -> days before which files may go -> files without a record in quarantine or in flight -> bytes ->
journal. What was made of a file stays: its row, its records, its accounts.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from adapters import catalogue
from adapters.canonical.retention import ended_before
from adapters.runtime import rawbytes
from adapters.runtime.tables import INTAKE_FILE
from adapters.runtime.units import SEOUL
from chassis import db, schedule
from chassis.blobs import Blobs
from chassis.schedule import Scheduler, Timer
from chassis.uow import Database, UnitOfWork
from onnara.adapters.v1.events_pb2 import RawBytesRemoved

KIND: Final = "raw-removal"
BATCH: Final = 200
# Batches of one day; the rest waits for the next.
BATCHES: Final = 20
_HOUR: Final = time(3)
_ACTOR: Final = {"system": "adapters/retention"}
_DUE = """
SELECT f.id, f.endpoint, f.adapter, f.agency_id, f.name, f.sha256, f.size, f.taken_at
FROM intake_file f JOIN unnest($1::text[], $2::timestamptz[]) AS term (adapter, before)
    ON f.adapter = term.adapter AND f.taken_at < term.before
WHERE f.raw_removed_at IS NULL AND NOT EXISTS (
    SELECT FROM record r WHERE r.file_id = f.id AND r.state IN ('quarantined', 'in-flight', 'returned')
) ORDER BY f.taken_at, f.id LIMIT $3 FOR UPDATE OF f SKIP LOCKED
"""
# The same bytes may have come under another name, or later: then they stay for that file.
_NEEDED = """
SELECT agency_id, sha256 FROM intake_file
WHERE sha256 = ANY ($1::bytea[]) AND id <> ALL ($2::uuid[]) AND raw_removed_at IS NULL
"""


def terms(today: date) -> Mapping[str, datetime]:
    """By adapter the moment before which its files' retention has ended; none for those that are kept for ever."""
    found = {}
    for name in catalogue.names():
        before = ended_before(catalogue.manifest_of(name).raw_retention, today)
        if before is not None:
            found[name] = datetime.combine(before, time(), SEOUL)
    return found


async def remove_batch(unit: UnitOfWork, blobs: Blobs, limit: int = BATCH) -> int:
    """Removes the bytes of files that are due, at most so many; answers how many files.

    The bytes go before the rows are committed: killed in between, the next turn finds the files again and nothing is forgotten.
    """
    before = terms(unit.now.astimezone(SEOUL).date())
    due = await unit.fetch(_DUE, list(before), list(before.values()), limit)
    if not due:
        return 0
    shared = await unit.fetch(_NEEDED, [row["sha256"] for row in due], [row["id"] for row in due])
    needed = {(row["agency_id"], row["sha256"]) for row in shared}
    for row in due:
        if (row["agency_id"], row["sha256"]) not in needed:
            await rawbytes.remove(blobs, row["agency_id"], row["sha256"])
        unit.update(INTAKE_FILE, {"id": row["id"], "raw_removed_at": unit.now})
        _journal(unit, row)
    return len(due)


def _journal(unit: UnitOfWork, row: Mapping[str, Any]) -> None:
    event = RawBytesRemoved(
        file_id=str(row["id"]),
        endpoint=row["endpoint"],
        name=row["name"],
        sha256=row["sha256"],
        size=row["size"],
        retention=catalogue.manifest_of(row["adapter"]).raw_retention,
    )
    event.taken_at.FromDatetime(row["taken_at"])
    unit.record(
        event,
        aggregate_id=row["id"],
        version=1,
        agency_id=row["agency_id"],
        actor=_ACTOR,
        correlation_id=str(row["id"]),
    )


def scheduler(database: Database, blobs: Blobs) -> Scheduler:
    """Fires the daily turn; run it beside the consumers."""

    async def effect(connection: db.Connection, timer: Timer) -> None:
        del timer
        now = database.clock.now()
        for _ in range(BATCHES):
            unit = UnitOfWork(connection, now)
            taken = await remove_batch(unit, blobs)
            await unit.flush()
            if taken < BATCH:
                break
        await schedule.add(connection, [_turn(now)])

    return Scheduler(database.pool, database.clock, {KIND: effect}, after_commit=database.wake_up.set)


async def start(database: Database) -> None:
    """Sets the next turn; one that is set already stays."""
    async with database.pool.acquire() as connection, connection.transaction():
        await schedule.add(connection, [_turn(database.clock.now())])


def _turn(now: datetime) -> Timer:
    """The next night."""
    day = now.astimezone(SEOUL).date() + timedelta(days=1)
    return Timer(KIND, day.isoformat(), datetime.combine(day, _HOUR, SEOUL).astimezone(UTC))
