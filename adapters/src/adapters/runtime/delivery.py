"""Takes outgoing items out: claims due rows, fixes their names, encodes, writes, and reports, each in a short transaction.

A target that does not take its items delays only its own: every endpoint has a worker of its own, and failures are tried
again with growing pauses for days.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from google.protobuf.message import Message

from adapters.canonical.forms import BY_TYPE
from adapters.contract import Adapter, Encoded, Outgoing
from adapters.formats.findings import Finding, reject
from adapters.runtime.accounting import reasons_of
from adapters.runtime.encoding import encode
from adapters.runtime.endpoints import Endpoint
from adapters.runtime.handlers import report_undelivered
from adapters.runtime.kinds import LEAVING, NAMED, files_of
from adapters.runtime.mappings import in_force
from adapters.runtime.tables import OUTGOING
from adapters.runtime.transports.contract import TransportError
from chassis import db
from chassis.blobs import Blobs
from chassis.errors import OnnaraError
from chassis.uow import Database, UnitOfWork
from chassis.wakeup import WakeUp
from onnara.exchange.v1.events_pb2 import DeliveryReported, DeliveryStep, DispatchRequested

log = structlog.get_logger(__name__)

BATCH = 400
POLL_SECONDS = 1.0
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
# After about four days a person has to look; the sender hears FAILED.
MOST_ATTEMPTS = 100
NAMES_PER_SECOND = 100
SEOUL = ZoneInfo("Asia/Seoul")

# The pause doubles as a lease: a worker that dies gives its rows back when it is over.
_CLAIM = """
UPDATE outgoing SET attempts = attempts + 1, next_attempt_at = $2::timestamptz + interval '60 seconds'
WHERE id IN (
    SELECT id FROM outgoing WHERE state = 'waiting' AND endpoint = $1 AND next_attempt_at <= $2
    ORDER BY next_attempt_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
)
RETURNING id, kind, key, version, agency_id, type, payload, actor, correlation_id, sender_code, receiver_code, attempts, name, created_at
"""
# Names hold seconds and two digits, so a pair of units has 100 a second; a burst borrows the seconds that follow.
_TAKE_NAMES = """
INSERT INTO name_series (sender_code, receiver_code, n)
SELECT s, r, $4::bigint + k FROM unnest($1::text[], $2::text[], $3::bigint[]) AS v(s, r, k) ORDER BY s, r
ON CONFLICT (sender_code, receiver_code) DO UPDATE
SET n = greatest(name_series.n, $4::bigint) + excluded.n - $4::bigint
RETURNING sender_code, receiver_code, n
"""


@dataclass(frozen=True, slots=True)
class Due:
    """One claimed row with its message and its name."""

    row: Mapping[str, Any]
    message: Message
    name: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying a batch: problems by row id; no entry: it went out."""

    problems: Mapping[UUID, Sequence[Finding]]
    hopeless: frozenset[UUID]


class Delivery:
    """Takes out what waits for one endpoint."""

    def __init__(self, endpoint: Endpoint, database: Database, blobs: Blobs) -> None:
        self._endpoint = endpoint
        self._target = endpoint.transport.target()
        self._database = database
        self._blobs = blobs
        self.wake_up = WakeUp()
        """Set when something may have to go out."""

    async def run(self) -> None:
        """Runs until cancelled; outlives the database and the target."""
        try:
            while True:
                try:
                    taken = await self.deliver_once()
                except (OnnaraError, *db.SERVER_ERRORS) as error:
                    log.warning("delivery-interrupted", endpoint=self._endpoint.name, error=type(error).__name__)
                    taken = 0
                    await asyncio.sleep(POLL_SECONDS)
                if taken < BATCH:
                    await self.wake_up.wait(POLL_SECONDS)
        finally:
            await self._target.close()

    async def deliver_once(self) -> int:
        """Tries one batch; answers how many rows it took."""
        batch = await self._claim()
        if not batch:
            return 0
        adapter = (await in_force(self._database.pool, self._endpoint)).made()
        outgoing, missing = await self._with_blobs(batch)
        attempt = await self._encode_and_put(adapter, batch, outgoing, missing)
        async with self._database.transaction() as unit:
            for due in batch:
                settle(unit, self._endpoint, due, attempt)
        return len(batch)

    async def _claim(self) -> list[Due]:
        async with self._database.transaction() as unit:
            rows = await unit.fetch(_CLAIM, self._endpoint.name, unit.now, BATCH)
            names = await take_names(unit, [row for row in rows if not row["name"] and row["kind"] in NAMED])
            for row in rows:
                if row["id"] in names:
                    unit.update(OUTGOING, {"id": row["id"], "name": names[row["id"]]})
        return [
            Due(
                row,
                BY_TYPE[row["type"]].FromString(row["payload"]),
                names.get(row["id"]) or row["name"],
            )
            for row in rows
        ]

    async def _with_blobs(self, batch: Sequence[Due]) -> tuple[list[Outgoing], dict[int, Finding]]:
        outgoing, missing = [], {}
        for index, due in enumerate(batch):
            blobs: dict[bytes, bytes] = {}
            owner = getattr(due.message, "agency_id", due.row["agency_id"])
            for file in files_of(due.message):
                try:
                    blobs[file.sha256] = await self._blobs.get(owner, file.sha256)
                except OnnaraError as error:
                    missing[index] = reject(error.code, "document.attachments", name=file.name)
            outgoing.append(Outgoing(due.message, blobs, due.name))
        return outgoing, missing

    async def _encode_and_put(
        self, adapter: Adapter, batch: Sequence[Due], outgoing: Sequence[Outgoing], missing: Mapping[int, Finding]
    ) -> Attempt:
        """What cannot be said in the agency's format, or is refused by its system, is hopeless; a full disk is not."""
        wanted = [index for index in range(len(batch)) if index not in missing]
        problems: dict[UUID, Sequence[Finding]] = {
            batch[index].row["id"]: (finding,) for index, finding in missing.items()
        }
        encoded = await asyncio.to_thread(encode, adapter, [outgoing[index] for index in wanted])
        refused: dict[int, tuple[Finding, ...]] = dict(encoded.rejected)
        try:
            handed = await self._target.put(encoded.items)
            for index, reason in handed.refused.items():
                finding = reject("transport-refused", reason=reason)
                refused |= dict.fromkeys(_messages_of(encoded, index, len(wanted)), (finding,))
            for index, reason in handed.failed.items():
                finding = reject("transport-failed", folder=self._endpoint.name, error=reason)
                problems |= {
                    batch[wanted[at]].row["id"]: (finding,) for at in _messages_of(encoded, index, len(wanted))
                }
        except TransportError as error:
            problems |= {batch[index].row["id"]: (error.finding,) for index in wanted}
        hopeless = {batch[wanted[position]].row["id"]: findings for position, findings in refused.items()}
        return Attempt(problems | hopeless, frozenset(hopeless))


def _messages_of(encoded: Encoded, item: int, count: int) -> Sequence[int]:
    """Positions of the messages an item carries; all that could be encoded when the adapter does not say."""
    if encoded.carried:
        return encoded.carried[item]
    return [position for position in range(count) if position not in encoded.rejected]


async def take_names(unit: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    """Names for rows that have none: sender 7 + receiver 7 + time 14 + serial 2, each pair counting on its own."""
    groups: dict[tuple[str, str], list[UUID]] = {}
    for row in rows:
        groups.setdefault((row["sender_code"], row["receiver_code"]), []).append(row["id"])
    if not groups:
        return {}
    pairs = sorted(groups)
    now = int(unit.now.timestamp()) * NAMES_PER_SECOND
    taken = await unit.fetch(
        _TAKE_NAMES, [s for s, _ in pairs], [r for _, r in pairs], [len(groups[p]) for p in pairs], now
    )
    last = {(row["sender_code"], row["receiver_code"]): row["n"] for row in taken}
    return {
        identity: item_name(*pair, last[pair] - back)
        for pair in pairs
        for back, identity in enumerate(reversed(groups[pair]), start=1)
    }


def item_name(sender_code: str, receiver_code: str, n: int) -> str:
    """The 30 characters the exchange standard asks for; n counts hundredths of seconds since 1970."""
    moment = datetime.fromtimestamp(n // NAMES_PER_SECOND, SEOUL)
    return f"{sender_code}{receiver_code}{moment:%Y%m%d%H%M%S}{n % NAMES_PER_SECOND:02d}"


def settle(unit: UnitOfWork, endpoint: Endpoint, due: Due, attempt: Attempt) -> None:
    """Writes what came of one row: sent, tried again later, or failed for good; the sender hears of the first and last."""
    row, problems = due.row, attempt.problems.get(due.row["id"], ())
    given_up = row["id"] in attempt.hopeless or (bool(problems) and row["attempts"] >= MOST_ATTEMPTS)
    state = "failed" if given_up else "waiting" if problems else "sent"
    pause = min(FIRST_PAUSE * 2 ** min(row["attempts"] - 1, 20), LONGEST_PAUSE)
    unit.update(
        OUTGOING,
        {
            "id": row["id"],
            "state": state,
            "next_attempt_at": unit.now + pause if state == "waiting" else None,
            "sent_at": unit.now if state == "sent" else None,
            "problems": reasons_of(problems),
            "attempts": row["attempts"],
            "version": row["version"],
        },
        # A newer snapshot may have taken the row while this one went out: it stays due.
        key=("id", "version"),
        may_miss=True,
    )
    if isinstance(due.message, DispatchRequested) and state != "waiting":
        _report(unit, endpoint, due, state, problems)
    elif state == "failed" and type(due.message) in LEAVING:
        report_undelivered(unit, due.message, _codes(problems), row["agency_id"], row["actor"], row["correlation_id"])


def _report(unit: UnitOfWork, endpoint: Endpoint, due: Due, state: str, problems: Sequence[Finding]) -> None:
    message = due.message
    if not isinstance(message, DispatchRequested):
        return
    sent = state == "sent"
    report = DeliveryReported(
        document_id=message.document.document_id,
        receiver_code=due.row["receiver_code"],
        step=DeliveryStep.DELIVERY_STEP_SENT if sent else DeliveryStep.DELIVERY_STEP_FAILED,
        reason=_codes(problems),
        file_name=due.name,
        report_id=f"{due.row['key']}:{state}",
        endpoint=endpoint.name,
    )
    report.happened_at.FromDatetime(unit.now)
    unit.record(
        report,
        aggregate_id=due.row["id"],
        version=due.row["attempts"],
        agency_id=due.row["agency_id"],
        actor={"system": f"adapters/{endpoint.name}"},
        correlation_id=due.row["correlation_id"],
    )


def _codes(problems: Sequence[Finding]) -> str:
    return " ".join(sorted({finding.code for finding in problems if finding.severity == "reject"}))
