"""A file of reports through both services: taken in, handed to the directory, answered, each record settled or quarantined."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest_asyncio
from google.protobuf import symbol_database

from adapters import catalogue
from adapters.canonical.forms import BY_TYPE
from adapters.runtime.consumer import subscriptions as adapters_subscriptions
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.transports.folders import Folders
from chassis import db
from chassis.blobs import Blobs
from chassis.clock import FrozenClock
from chassis.envelope import Incoming
from chassis.messaging import Subscription
from chassis.testing.servers import ServiceDatabase
from chassis.uow import Database
from chassis.wakeup import WakeUp
from directory.consumer import subscriptions as directory_subscriptions
from directory.handlers.seed_government import seed_government
from directory.seed import seed
from support.runtime import MIGRATIONS, Runtime

DIRECTORY = Path(__file__).parents[3] / "services" / "directory" / "migrations"
_MESSAGES = """
SELECT id, type, agency_id, actor, correlation_id, occurred_at, payload FROM {table} WHERE seq > $1 ORDER BY seq
"""
_RECORDS = "SELECT state, stage, kind, reasons FROM record ORDER BY ordinal"


class Both:
    """The adapters and the directory, and the broker's work between them done by hand."""

    def __init__(self, runtime: Runtime, directory: Database) -> None:
        self.runtime = runtime
        self.directory = directory
        self._seen: Counter[tuple[int, str]] = Counter()

    async def take(self, endpoint: str, name: str, data: bytes) -> Counter[str]:
        """Takes a file in, carries what came of it there and back; states of all records."""
        self.runtime.drop(name, data, endpoint)
        intake = self.runtime.intake(endpoint)
        for _ in range(2):
            await intake.scan_once()
        # Order of kinds does not matter to the broker either: people first spares the parked ones a second try.
        await self._carry(self.runtime.database, "parcel", self.directory, directory_subscriptions())
        back = adapters_subscriptions(self.runtime.endpoints, None, WakeUp())
        await self._carry(self.directory, "journal", self.runtime.database, back)
        return Counter(row["state"] for row in await self.runtime.database.pool.fetch(_RECORDS))

    async def _carry(
        self, source: Database, table: str, target: Database, known: Sequence[Subscription[Any, Any]]
    ) -> None:
        rows = await source.pool.fetch(_MESSAGES.format(table=table), self._seen[id(source), table])
        if not rows:
            return
        self._seen[id(source), table] += len(rows)
        for subscription in known:
            batch = [
                Incoming(row["id"], row["type"], row["agency_id"], row["actor"], row["correlation_id"], row["occurred_at"],
                         subscription.translate(symbol_database.Default().GetSymbol(row["type"]).FromString(row["payload"])) if row["type"] not in BY_TYPE else subscription.translate(BY_TYPE[row["type"]].FromString(row["payload"])))
                for row in rows if row["type"] == subscription.name
            ]  # fmt: skip
            if batch and not subscription.name.endswith("DirectoryChanged"):
                async with target.transaction() as unit:
                    await subscription.handle(unit, batch)


@pytest_asyncio.fixture
async def both(service_database: Callable[..., Awaitable[ServiceDatabase]], tmp_path: Path):
    addresses = [await service_database("adapters", MIGRATIONS), await service_database("directory", DIRECTORY)]
    pools = [await db.open_pool(address.url("worker"), size=4) for address in addresses]

    def endpoint(name: str, adapter: str) -> Endpoint:
        root = tmp_path / name
        return Endpoint(name, adapter, "1310000", Folders(root / "in", root / "taken", root / "error", None), (), name)

    endpoints = Endpoints([endpoint("personnel", "personnel"), endpoint("agency-codes", "agency_codes")])
    decoder = Decoder()
    # The morning on which the samples' files came.
    clock = FrozenClock(datetime(2026, 11, 23, 0, 0, tzinfo=UTC))
    directory = Database(pools[1], clock)
    async with directory.transaction() as unit:
        await seed_government(unit, seed(), "no password")
    runtime = Runtime(
        Database(pools[0], clock),
        addresses[0],
        Blobs((tmp_path / "blobs").as_uri()),
        decoder,
        endpoints,
        tmp_path,
    )
    yield Both(runtime, directory)
    decoder.close()
    for pool in pools:
        await pool.close()


def sample(adapter: str, case: str) -> tuple[str, bytes]:
    [path] = (Path(str(catalogue.folder(adapter))) / "samples" / case / "in").iterdir()
    return path.name, path.read_bytes()


async def test_a_nightly_file_reaches_the_directory_and_every_line_is_accounted_for(both):
    name, data = sample("personnel", "nightly")
    assert await both.take("personnel", name, data) == {"settled": 10}
    # The same file again says nothing new: its lines are counted, and nobody has to look at them.
    assert await both.take("personnel", f"again-{name}", data) == {"settled": 20}
    new = await both.directory.pool.fetchval("SELECT count(*) FROM official WHERE name IN ('한새롬', '남궁뷁')")
    assert new == 2
    damaged, data = sample("personnel", "field_damage")
    assert await both.take("personnel", damaged, data) == {"settled": 22, "quarantined": 6}


async def test_a_post_in_an_unknown_unit_returns_with_the_directorys_reason(both):
    lines = [
        "H\t1310000\t20261123020000",
        "P\t20261123000001\t00020871\t한새롬\t\t\t20190304\t99991231",
        "A\t20261123000002\t2026-제1호\t00020871\t1\tZ319999\t주무관\t7\t20261201\t99991231\tN",
        "T\t2\t1\t1\t0",
    ]
    assert await both.take("personnel", "HR.txt", "\r\n".join(lines).encode("cp949")) == {
        "settled": 1,
        "quarantined": 1,
    }
    [refused] = [row for row in await both.runtime.database.pool.fetch(_RECORDS) if row["state"] == "quarantined"]
    assert (refused["stage"], refused["kind"]) == ("directory", "report")
    assert [(reason["code"], reason["params"]) for reason in refused["reasons"]] == [
        ("unit-unknown", {"code": "Z319999"})
    ]


async def test_the_table_of_agency_codes_reaches_the_directory_and_the_end_of_a_served_unit_waits_for_people(both):
    name, data = sample("agency_codes", "excerpt")
    assert await both.take("agency-codes", name, data) == {"settled": 25}
    found = await both.directory.pool.fetch("SELECT successor_codes FROM unit WHERE code = '3490044'")
    assert [row["successor_codes"] for row in found] == [["3490050"]]
    head = data.split(b"\n")[0]
    row = next(line for line in data.split(b"\n") if line.startswith(b"6280000")).split(b"\t")
    row[20], row[21], row[22] = b"20261101", b"20261101", b"1"
    assert await both.take("agency-codes", "next.tsv", b"\n".join([head, b"\t".join(row), b""])) == {
        "settled": 25,
        "quarantined": 1,
    }
    told = [
        r
        for found in await both.runtime.database.pool.fetch(_RECORDS)
        for r in found["reasons"]
        if r["code"] == "served-unit-abolished"
    ]
    assert [reason["params"]["code"] for reason in told] == ["6280000"]
