"""Dated copies of directory rows: kept in the service's own database, answered from memory.

directory -> ``fetch(after)`` at the start and now and then, ``apply`` for each event -> table ``replica`` -> ``Snapshot`` in
every process. With the directory down everything goes on from what the table holds.

Rows may arrive twice and in any order: the highest version of (kind, id, valid_from) stays. A row is taken back by closing
it on the day it began. How far the directory has been read without gaps is kept apart from the rows, because an event may
be ahead of rows that have not come yet.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self, TypeAlias

import asyncpg
import structlog
from sqlalchemy import BigInteger, Column, Date, Index, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.types import UserDefinedType

from chassis import db
from chassis.snapshot import Dated, IndexPlan, Snapshot

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
CATCH_UP_SECONDS = 600.0
START_SECONDS = 15.0
LONGEST_PAUSE = 30.0
_POSITION = "_position"


@dataclass(frozen=True, slots=True)
class ReplicaRow:
    """One dated row as the directory publishes it. valid_to: first day on which it no longer holds, None when open."""

    kind: str
    id: str
    valid_from: date
    valid_to: date | None
    version: int
    payload: bytes


Fetch: TypeAlias = Callable[[int], Awaitable[Sequence[ReplicaRow]]]
"""Rows after a version, lowest first; rows of one version are never cut apart; an empty page: nothing newer."""


class Xid8(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name in SQL."""
        return "xid8"


def replica_table(metadata: MetaData) -> Table:
    """The table, described; a migration creates it."""
    return Table(
        "replica",
        metadata,
        Column("kind", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("valid_from", Date, primary_key=True),
        Column("valid_to", Date),
        Column("version", BigInteger, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        # Transaction that wrote the row last. Versions commit in any order, so a reader that followed them would miss some.
        Column("changed", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
        Index("replica_changed", "changed"),
    )


_TABLE = replica_table(MetaData())
_KEYS = ("kind", "id", "valid_from", "valid_to", "version", "payload")
_UPSERT = db.insert_statement(
    _TABLE,
    _KEYS,
    "(kind, id, valid_from) DO UPDATE SET valid_to = excluded.valid_to, version = excluded.version,"
    " payload = excluded.payload, changed = pg_current_xact_id() WHERE replica.version < excluded.version",
)
# Below xmin of the snapshot nothing can change any more, so the next look begins there.
_CHANGED = """
SELECT kind, id, valid_from, valid_to, version, payload, pg_snapshot_xmin(pg_current_snapshot())::text AS position
FROM replica WHERE changed >= $1::text::xid8 AND kind = ANY ($2::text[])
"""
_READ_UP_TO = "SELECT coalesce(max(version), 0) FROM replica WHERE kind = $1"


class Replica:
    """The directory as one service sees it.

    pool: of the worker role, which may write; with the rpc role leave ``fetch`` out. decode: kinds this service wants and
    how to read their payloads; rows of other kinds are stored all the same, for a later release. Register indexes, then
    ``start``; read ``snapshot``, once per decision.
    """

    def __init__(self, pool: db.Pool, fetch: Fetch | None, decode: Mapping[str, Callable[[bytes], Any]]) -> None:
        self.snapshot = Snapshot()
        self._pool = pool
        self._fetch = fetch
        self._decode = dict(decode)
        self._plans: dict[str, IndexPlan] = {}
        self._position = "0"
        self._reading = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    def index(self, name: str, kind: str, key: Callable[[Any], Hashable | None]) -> None:
        """Lets rows of a kind be found by one key of their content; None leaves a row out."""

        def one(content: Any) -> Iterable[Hashable]:
            found = key(content)
            return () if found is None else (found,)

        self.index_many(name, kind, one)

    def index_many(self, name: str, kind: str, keys: Callable[[Any], Iterable[Hashable]]) -> None:
        """The same for contents with several keys. Raises RuntimeError once rows are loaded."""
        if self.snapshot.version:
            raise RuntimeError("register indexes before start")
        self._plans[name] = IndexPlan(kind, keys)
        self.snapshot = Snapshot(indexes={plan: {} for plan in self._plans})

    async def start(self) -> None:
        """Loads the table, catches up with the directory if it answers, and follows both from then on.

        Raises OSError or asyncpg.PostgresError when the service's own database does not answer.
        """
        await self.refresh()
        behind = bool(self._fetch)
        if self._fetch:
            try:
                async with asyncio.timeout(START_SECONDS):
                    await self.catch_up()
                behind = False
            except Exception as error:  # noqa: BLE001 - whatever keeps the directory away, the service starts
                log.warning("replica-starts-from-table", version=self.snapshot.version, error=type(error).__name__)
            self._tasks.append(asyncio.create_task(self._keep_up(behind=behind)))
        self._tasks.append(asyncio.create_task(self._follow()))

    async def close(self) -> None:
        """Stops following."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def apply(self, rows: Iterable[ReplicaRow], connection: "db.Connection | None" = None) -> None:
        """Stores rows in one statement; older versions never overwrite newer ones, repetition changes nothing.

        connection: of a transaction the caller commits; memory follows within a second, or at ``refresh``.
        """
        newest: dict[tuple[str, str, date], ReplicaRow] = {}
        for row in rows:
            place = (row.kind, row.id, row.valid_from)
            if place not in newest or newest[place].version < row.version:
                newest[place] = row
        if newest:
            # In order of key, so that two writers of the same rows wait for each other instead of locking up.
            columns = [[getattr(newest[place], key) for place in sorted(newest)] for key in _KEYS]
            await (connection or self._pool).execute(_UPSERT, *columns)

    async def refresh(self, *, everything: bool = False) -> Snapshot:
        """Brings memory up to what is committed, one statement; everything: looks at rows known as unchanged too."""
        async with self._reading:
            records = await self._pool.fetch(_CHANGED, "0" if everything else self._position, list(self._decode))
            if records:
                rows = [row for record in records if (row := self._decoded(record)) is not None]
                self.snapshot = self.snapshot.with_rows(rows, self._plans)
                self._position = records[0]["position"]
            return self.snapshot

    def _decoded(self, record: asyncpg.Record) -> Dated | None:
        """A row in memory's form; None when memory has it already or its payload cannot be read."""
        kind, identity, begin, end, version, payload, _ = record
        row = Dated(kind, identity, begin, end, version, None)
        if self.snapshot.holds(row):
            return None
        try:
            row.content = self._decode[kind](payload)
        except Exception:
            # One bad row must not keep thousands of good ones away; it stays stored and is read again later.
            log.exception("replica-row-unreadable", kind=kind, id=identity, version=version)
            return None
        return row

    async def catch_up(self) -> int:
        """Reads all pages the directory has after what was read without gaps; answers the number of rows.

        Raises what ``fetch`` raises, and RuntimeError for a page that does not lead on.
        """
        if self._fetch is None:
            raise RuntimeError("a replica without fetch only reads")
        count = 0
        position: int = await self._pool.fetchval(_READ_UP_TO, _POSITION)
        while rows := await self._fetch(position):
            reached = max(row.version for row in rows)
            if reached <= position:
                raise RuntimeError("page does not lead on")
            position = reached
            await self.apply([*rows, ReplicaRow(_POSITION, "", date.min, None, position, b"")])
            count += len(rows)
        await self.refresh()
        return count

    async def _follow(self) -> None:
        """Picks up what other processes, or this one's consumers, have committed."""
        pause = POLL_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                await self.refresh()
                pause = POLL_SECONDS
            except Exception as error:  # noqa: BLE001 - keeps following, whatever it was
                log.warning("replica-refresh-failed", error=type(error).__name__)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _keep_up(self, *, behind: bool) -> None:
        """Asks the directory again: soon when it did not answer, else now and then, in case an event was lost."""
        pause = POLL_SECONDS if behind else CATCH_UP_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                count = await self.catch_up()
                await self.refresh(everything=True)
                log.info("replica-caught-up", rows=count, version=self.snapshot.version)
                pause = CATCH_UP_SECONDS
            except Exception as error:  # noqa: BLE001 - keeps trying, whatever it was
                log.warning("directory-away", error=type(error).__name__)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
