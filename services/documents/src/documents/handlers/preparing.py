"""Hand-overs on their way out: e-files are made of the texts, then the lists are sealed and sent to the records system.

``Preparing.run`` -> one hand-over after the other: PDFs of its records, some at a time, each kept once -> ``seal_hand_over``.
Killed at any point, it goes on where it was: what was made stays, and nothing is sent before everything is there.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from chassis import db
from chassis.actor import system_actor
from chassis.blobs import Blobs
from chassis.errors import InvalidError, OnnaraError
from chassis.uow import Database, UnitOfWork
from documents.domain import handing
from documents.domain.handing import Fault, Settlement
from documents.handlers.answering import keep_transfer, move_entries, waiting_of
from documents.handlers.printing import pages_of, printed
from documents.ports.directory import Directory, View
from documents.rendering.press import Press, RenderingError
from documents.rendering.sheet import PDF
from documents.tables import RECORD_RENDITION
from documents.translate import records as translate
from documents.translate.handing import KIND_NUMBERS
from onnara.exchange.v1.official_document_pb2 import Unit
from onnara.exchange.v1.records_pb2 import RecordsContent

log = structlog.get_logger(__name__)

AT_ONCE = 20
POLL_SECONDS = 2.0
_LEASE = timedelta(seconds=60)
# Whoever takes one holds it for a while; when that process dies, another goes on.
_CLAIM = """
UPDATE record_transfer SET look_at = $2 WHERE id = (
    SELECT id FROM record_transfer WHERE state = 'preparing' AND look_at <= $1 ORDER BY look_at LIMIT 1
    FOR UPDATE SKIP LOCKED
) RETURNING id, kind
"""
_KEEP = "UPDATE record_transfer SET look_at = $2 WHERE id = $1 AND state = 'preparing'"
_JOINED = """
SELECT d.*, r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on, r.cancelled,
    p.accepted_at, p.distributed_at, p.in_charge_name, e.position
FROM record_transfer_entry e JOIN document d ON d.id = e.document_id JOIN registration r ON r.document_id = d.id
LEFT JOIN receipt p ON p.document_id = d.id
WHERE e.transfer_id = $1 AND e.state = 'waiting'
"""
_UNMADE = f"""
SELECT j.*, v.number AS version_number, v.body FROM ({_JOINED}) AS j
JOIN document_version v ON v.document_id = j.id AND (v.number = j.body_number OR EXISTS (
    SELECT FROM version_registration x WHERE x.document_id = v.document_id AND x.number = v.number
))
WHERE NOT EXISTS (SELECT FROM record_rendition m WHERE m.document_id = v.document_id AND m.number = v.number)
ORDER BY j.position, v.number LIMIT $2
"""
_LOCK = "SELECT * FROM record_transfer WHERE id = $1 AND state = 'preparing' FOR UPDATE"
_VERSIONS = """
SELECT x.*, v.title, v.content FROM version_registration x
JOIN document_version v ON v.document_id = x.document_id AND v.number = x.number
WHERE x.document_id = ANY ($1::uuid[]) ORDER BY x.document_id, x.number
"""
_CHANGES = "SELECT * FROM registration_change WHERE document_id = ANY ($1::uuid[]) ORDER BY document_id, version"
_MADE = "SELECT * FROM record_rendition WHERE document_id = ANY ($1::uuid[])"


class Preparing:
    """Prepares hand-overs, one at a time."""

    def __init__(self, database: Database, directory: Directory, blobs: Blobs, press: Press) -> None:
        self._database = database
        self._directory = directory
        self._blobs = blobs
        self._press = press

    async def run(self) -> None:
        """Runs until cancelled; outlives database and blob store."""
        while True:
            taken = False
            try:
                taken = await self.prepare_once()
            except (OnnaraError, *db.SERVER_ERRORS) as error:
                log.warning("hand-over-interrupted", error=type(error).__name__)
            if not taken:
                await asyncio.sleep(POLL_SECONDS)

    async def prepare_once(self) -> bool:
        """Prepares and sends one hand-over; False when none waits for that."""
        now = self._database.clock.now()
        row = await self._database.pool.fetchrow(_CLAIM, now, now + _LEASE)
        if row is None:
            return False
        while row["kind"] == handing.TRANSFER and await self._make_some(row["id"]):
            await self._database.pool.execute(_KEEP, row["id"], self._database.clock.now() + _LEASE)
        async with self._database.transaction() as unit:
            await seal_hand_over(unit, row["id"], self._directory.view(unit.now))
        return True

    async def _make_some(self, transfer_id: UUID) -> bool:
        """Makes the next files; False when all are there."""
        rows = await self._database.pool.fetch(_UNMADE, transfer_id, AT_ONCE)
        made: list[dict[str, Any]] = []
        failed: dict[UUID, Fault] = {}
        for row in rows:
            try:
                made.append(await self._made(row))
            except (InvalidError, RenderingError) as error:
                failed[row["id"]] = Fault(record_id=str(row["id"]), meaning=error.code)
        async with self._database.transaction() as unit:
            for rendition in made:
                unit.insert(RECORD_RENDITION, rendition, conflict="DO NOTHING")
            if failed:
                await leave_out(unit, transfer_id, failed)
        return bool(rows)

    async def _made(self, row: Mapping[str, Any]) -> dict[str, Any]:
        zone = self._directory.view(self._database.clock.now()).zone(row["agency_id"])
        data = await printed(self._press, self._blobs, row, row["body"], zone, PDF)
        blob = await self._blobs.put(row["agency_id"], data)
        return {
            "document_id": row["id"],
            "number": row["version_number"],
            "sha256": blob.sha256,
            "size": blob.size,
            "pages": pages_of(data),
            "made_at": self._database.clock.now(),
        }


async def leave_out(unit: UnitOfWork, transfer_id: UUID, failed: Mapping[UUID, Fault]) -> None:
    """Records no e-file can be made of stay behind with the reason; the rest goes."""
    rows = {row["id"]: dict(row) for row in await unit.fetch(_LOCK, transfer_id)}
    loaded = await waiting_of(unit, rows)
    for row in rows.values():
        faults = {str(document_id): [fault] for document_id, fault in failed.items()}
        settlement = Settlement(frozenset(), frozenset(faults), faults)
        actor = system_actor("documents", row["agency_id"]).to_dict()
        move_entries(unit, loaded, loaded.entries.get(row["id"], ()), settlement, actor)
        row.update(returned=row["returned"] + len(faults), version=row["version"] + 1)
        keep_transfer(unit, row, actor)


async def seal_hand_over(unit: UnitOfWork, transfer_id: UUID, view: View) -> None:
    """Seals the lists of a hand-over and sends them; nothing when somebody else did. At most five statements."""
    found = await unit.fetch(_LOCK, transfer_id)
    if not found:
        return
    row = dict(found[0])
    cards = await unit.fetch(f"{_JOINED} ORDER BY e.position", transfer_id)
    actor = system_actor("documents", row["agency_id"]).to_dict()
    if cards:
        parcel = translate.sealed(row, await _lists(unit, row, cards, view), unit.now)
        unit.send(parcel, agency_id=row["agency_id"], actor=actor, correlation_id=row["correlation_id"])
        row.update(state=handing.WAITING, digest=parcel.seal.digest)
    else:
        row.update(state=handing.RETURNED, answered_at=unit.now)
    row.update(look_at=None, version=row["version"] + 1)
    keep_transfer(unit, row, actor)


async def _lists(
    unit: UnitOfWork, row: Mapping[str, Any], cards: Sequence[Mapping[str, Any]], view: View
) -> RecordsContent:
    ids = [card["id"] for card in cards]
    versions = _grouped(await unit.fetch(_VERSIONS, ids))
    changes = _grouped(await unit.fetch(_CHANGES, ids))
    made = {
        document_id: {each["number"]: each for each in rows}
        for document_id, rows in _grouped(await unit.fetch(_MADE, ids)).items()
    }
    items = [
        item
        for card in cards
        for item in translate.items_of(
            card, versions.get(card["id"], ()), changes.get(card["id"], ()), made.get(card["id"], {})
        )
    ]
    codes = {str(card["id"]): card["file_code"] for card in cards}
    tasks = {code: view.task(code) for code in {handing.task_of(each) for each in codes.values() if each}}
    agency = view.agency(row["agency_id"])
    lists = RecordsContent(
        transfer_id=str(row["id"]),
        kind=KIND_NUMBERS[row["kind"]],  # type: ignore[arg-type]
        agency=Unit(code=agency.code, name=agency.name) if agency else Unit(),
        department=Unit(code=row["department_code"], name=row["department_name"]),
        year=row["year"],
        files=translate.files_of(items, codes, tasks),
        records=items,
        distributions=[line for card in cards if (line := translate.distribution(card)) is not None],
        corrects_transfer_id=str(row["corrects_id"] or ""),
    )
    lists.made_at.FromDatetime(row["made_at"])
    return lists


def _grouped(rows: Sequence[Mapping[str, Any]]) -> dict[UUID, list[Mapping[str, Any]]]:
    found: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["document_id"], []).append(row)
    return found
