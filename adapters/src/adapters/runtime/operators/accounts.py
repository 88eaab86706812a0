"""`reconcile`: what came in against what became of it, by endpoint, for the files of a period.

files' own counts <-> records <-> their states; acknowledgements <-> journal; messages waiting for the broker <-> records;
delivered records <-> documents. Everything is counted in the database, a statement a question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.runtime import rawbytes
from adapters.runtime.operators.desk import DIFFERENT, OK, Desk
from chassis.errors import OnnaraError

_FILES = """
WITH chosen AS (
    SELECT id, endpoint, name, record_count FROM intake_file
    WHERE taken_at >= $1 AND taken_at < $2 AND ($3 = '' OR endpoint = $3)
), sums AS (
    SELECT r.file_id, count(*) AS records,
        count(*) FILTER (WHERE r.state IN ('registered', 'settled')) AS delivered,
        count(*) FILTER (WHERE r.state = 'quarantined') AS quarantined,
        count(*) FILTER (WHERE r.state IN ('in-flight', 'returned')) AS in_flight,
        count(*) FILTER (WHERE r.state = 'registered') AS registered,
        count(*) FILTER (WHERE r.state = 'registered' AND r.document_id <> '') AS documents,
        count(*) FILTER (WHERE r.kind = 'acknowledgement' AND r.state = 'settled' AND r.natural_key NOT LIKE '% (double %')
            AS acknowledged,
        count(*) FILTER (WHERE r.kind = 'acknowledgement' AND r.state = 'settled' AND r.natural_key NOT LIKE '% (double %'
            AND EXISTS (SELECT FROM journal j WHERE j.aggregate_id = r.id)) AS journalled
    FROM record r JOIN chosen ON chosen.id = r.file_id GROUP BY r.file_id
)
SELECT c.endpoint, c.id, c.name, c.record_count, coalesce(s.records, 0) AS records, coalesce(s.delivered, 0) AS delivered,
    coalesce(s.quarantined, 0) AS quarantined, coalesce(s.in_flight, 0) AS in_flight, coalesce(s.registered, 0) AS registered,
    coalesce(s.documents, 0) AS documents, coalesce(s.acknowledged, 0) AS acknowledged, coalesce(s.journalled, 0) AS journalled
FROM chosen c LEFT JOIN sums s ON s.file_id = c.id ORDER BY c.endpoint, c.name
"""
_OUT = """
SELECT endpoint, count(*) FILTER (WHERE state = 'sent') AS sent, count(*) FILTER (WHERE state = 'waiting') AS going,
    count(*) FILTER (WHERE state = 'failed') AS failed
FROM outgoing WHERE created_at >= $1 AND created_at < $2 AND ($3 = '' OR endpoint = $3) GROUP BY endpoint
"""
# Messages are kept until the broker has them; their correlation is the record's id.
_HELD = "WITH held AS MATERIALIZED (SELECT id, correlation_id::uuid AS record FROM {table} WHERE correlation_id ~ '^[0-9a-f-]{{36}}$')"
_WAITING = f"""
{_HELD.format(table="parcel")}
SELECT r.endpoint, count(*) AS waiting FROM held JOIN record r ON r.id = held.record GROUP BY r.endpoint
"""
_PARKED = f"""
{_HELD.format(table="parked")}
SELECT r.endpoint, count(*) AS parked FROM held JOIN record r ON r.id = held.record GROUP BY r.endpoint
"""
_STRAY = f"""
{_HELD.format(table="parcel")}
SELECT held.id FROM held LEFT JOIN record r ON r.id = held.record WHERE r.id IS NULL LIMIT 100
"""
_RAW = """
SELECT id, endpoint, name, agency_id, sha256 FROM intake_file
WHERE raw_removed_at IS NULL AND taken_at >= $1 AND taken_at < $2 AND ($3 = '' OR endpoint = $3)
"""


@dataclass(slots=True)
class Account:
    """One endpoint's sums over a period."""

    endpoint: str
    files: int = 0
    received: int = 0
    delivered: int = 0
    quarantined: int = 0
    in_flight: int = 0
    waiting: int = 0
    parked: int = 0
    sent: int = 0
    going: int = 0
    failed: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in a file, and note what does not add up."""
        self.files += 1
        self.received += row["record_count"]
        for name in ("delivered", "quarantined", "in_flight"):
            setattr(self, name, getattr(self, name) + row[name])
        states = row["delivered"] + row["quarantined"] + row["in_flight"]
        for code, expected, found in (
            ("records", row["record_count"], row["records"]),
            ("states", row["records"], states),
            ("journal", row["acknowledged"], row["journalled"]),
            ("document", row["registered"], row["documents"]),
        ):
            if expected != found:
                self.differs(code, row["name"], expected, found)

    def differs(self, code: str, file: str, expected: int = 0, found: int = 0) -> None:
        """Note a difference."""
        self.differences.append({"code": code, "file": file, "expected": expected, "found": found})


async def accounts_of(
    desk: Desk, endpoint: str, begin: datetime, end: datetime, *, raw: bool = False
) -> Mapping[str, Account]:
    """The accounts of all endpoints that had something in a period, by name; messages without a record under ``""``."""
    pool = desk.database.pool
    found: dict[str, Account] = {}

    def of(name: str) -> Account:
        return found.setdefault(name, Account(name))

    # One snapshot: what goes on meanwhile would look like a difference.
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        for row in await connection.fetch(_FILES, begin, end, endpoint):
            of(row["endpoint"]).add(row)
        for row in await connection.fetch(_OUT, begin, end, endpoint):
            account = of(row["endpoint"])
            account.sent, account.going, account.failed = row["sent"], row["going"], row["failed"]
        for row in await connection.fetch(_WAITING):
            _set(found, row, "waiting")
        for row in await connection.fetch(_PARKED):
            _set(found, row, "parked")
        for row in await connection.fetch(_STRAY) if not endpoint else ():
            of("").differs("message", str(row["id"]))
        kept = await connection.fetch(_RAW, begin, end, endpoint) if raw else ()
    for row in kept:
        if not await _is_kept(desk, row):
            of(row["endpoint"]).differs("bytes", row["name"])
    return found


def _set(found: Mapping[str, Account], row: Mapping[str, Any], name: str) -> None:
    if row["endpoint"] in found:
        setattr(found[row["endpoint"]], name, row[name])


async def _is_kept(desk: Desk, row: Mapping[str, Any]) -> bool:
    try:
        return await rawbytes.is_kept(desk.blobs, row["agency_id"], row["sha256"])
    except OnnaraError:
        return False


async def reconciled(desk: Desk, endpoint: str, begin: datetime, end: datetime, *, raw: bool) -> int:
    """Tells the accounts. Answers DIFFERENT when anything does not add up."""
    accounts = await accounts_of(desk, endpoint, begin, end, raw=raw)
    differences = 0
    for account in accounts.values():
        facts = {name: getattr(account, name) for name in account.__slots__}
        lines = [desk.say(key, **facts) for key in ("account", "account-beside")] if account.endpoint else []
        desk.answer(facts, *lines, *_lines(desk, account.differences))
        differences += len(account.differences)
    if not desk.as_json:
        desk.answer({}, desk.say("differs", count=differences) if differences else desk.say("even"))
    return DIFFERENT if differences else OK


def _lines(desk: Desk, differences: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        desk.say(f"difference-{each['code']}", **{k: v for k, v in each.items() if k != "code"}) for each in differences
    ]
