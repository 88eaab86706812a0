"""What must hold when everything has come to rest: in = delivered + quarantined, every number given once, every file written once.

The adapters' own accounts (`reconcile`) are asked, and every database is counted by itself beside.
"""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tools.suite import Suite

_RECORDS = """
SELECT count(*) AS n, count(*) FILTER (WHERE r.state = 'registered') AS registered,
    count(*) FILTER (WHERE r.state = 'quarantined') AS quarantined,
    count(DISTINCT r.document_id) FILTER (WHERE r.state = 'registered') AS documents
FROM record r JOIN intake_file f ON f.id = r.file_id WHERE f.name LIKE $1
"""
_NUMBERS = """
SELECT department_code, count(*) AS n, count(DISTINCT serial) AS d, max(serial) - min(serial) + 1 AS span,
    count(DISTINCT document_id) AS documents
FROM registration GROUP BY department_code
"""
_OUT = "SELECT count(*) AS n, count(DISTINCT key) AS d, count(*) FILTER (WHERE state = 'sent') AS sent FROM outgoing WHERE kind = 'dispatch'"


@dataclass(frozen=True, slots=True)
class Accounts:
    """The adapters' records of the files: all, registered, quarantined; documents they name."""

    records: int
    registered: int
    quarantined: int
    documents: int

    @property
    def at_rest(self) -> bool:
        """Whether nothing is under way any more."""
        return self.records == self.registered + self.quarantined


async def accounts(suite: Suite, files: str) -> Accounts:
    """Counts the records of the files whose names fit a pattern. Raises OSError and PostgresError while the database is away."""
    row = await _one(suite, "adapters", _RECORDS, files)
    return Accounts(row["n"], row["registered"], row["quarantined"], row["documents"])


async def faults(suite: Suite, files: str, records: int, delivered: Path | None) -> list[str]:
    """What does not hold, a sentence each. records: put in. delivered: folder of files that went out; None: not looked at."""
    found: list[str] = []

    def same(what: str, one: object, other: object) -> None:
        if one != other:
            found.append(f"{what}: {one} is not {other}")

    own = await accounts(suite, files)
    same("records taken in and put in", own.records, records)
    same("registered + quarantined and taken in", own.registered + own.quarantined, own.records)
    same("documents named and records registered", own.documents, own.registered)
    connection = await asyncpg.connect(suite.database_url("documents"))
    try:
        await connection.execute("SET row_security = off")
        for row in await connection.fetch(_NUMBERS):
            same(f"numbers of {row['department_code']} and different ones", row["n"], row["d"])
            same(f"numbers of {row['department_code']} without a gap", row["n"], row["span"])
            same(f"documents of {row['department_code']} and their numbers", row["documents"], row["n"])
    finally:
        await connection.close()
    out = await _one(suite, "adapters", _OUT)
    same("messages going out and different ones", out["n"], out["d"])
    if delivered is not None:
        written = await asyncio.to_thread(lambda: sum(1 for each in delivered.iterdir() if each.suffix == ".xml"))
        same("registered records and messages that went out", own.registered, out["sent"])
        same("files delivered and messages that went out", written, out["sent"])
    for line in suite.run("reconcile", "--json", service="adapters").splitlines():
        account = json.loads(line)
        found += [f"{account['endpoint']}: {difference}" for difference in account["differences"]]
    return found


async def waiting(suite: Suite) -> int:
    """Messages that have not gone out yet."""
    row = await _one(suite, "adapters", "SELECT count(*) AS n FROM outgoing WHERE state = 'waiting'")
    return int(row["n"])


async def _one(suite: Suite, service: str, statement: str, *arguments: object) -> asyncpg.Record:
    connection = await asyncpg.connect(suite.database_url(service))
    try:
        await connection.execute("SET row_security = off")
        return (await connection.fetch(statement, *arguments))[0]
    finally:
        await connection.close()
