"""Takes items in: reads, keeps the raw bytes, decodes, and writes file, records and messages in one transaction.

The item leaves its inbox only after the commit. Killed at any point, the next scan finds it again: either nothing was
written, or the file is known by name and hash and is only moved.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from adapters import catalogue
from adapters.canonical.forms import BY_TYPE
from adapters.contract import Item
from adapters.formats.findings import reject, rejected
from adapters.runtime import rawbytes
from adapters.runtime.accounting import reasons_of
from adapters.runtime.decoding import Decoder, Result, Wire
from adapters.runtime.endpoints import Endpoint
from adapters.runtime.handlers import ONCE, outgoing
from adapters.runtime.kinds import ARRIVING
from adapters.runtime.mappings import in_force
from adapters.runtime.tables import INTAKE_FILE, OUTGOING, RECORD
from adapters.runtime.transports.contract import ItemError, TransportError
from adapters.runtime.troubles import Troubles
from chassis import db
from chassis.blobs import Blobs
from chassis.envelope import Incoming
from chassis.errors import TransientError
from chassis.ids import uuid7
from chassis.uow import Database, UnitOfWork
from onnara.exchange.v1.events_pb2 import DeliveryReported, DeliveryStep, DocumentArrived, Origin

log = structlog.get_logger(__name__)

_KNOWN_FILE = "SELECT 1 FROM intake_file WHERE endpoint = $1 AND name = $2 AND sha256 = $3"
_WAITING = "SELECT count(*) FROM (SELECT FROM outbox LIMIT $1) AS waiting"
_LOOK_EVERY = 20
# A single item that stays behind is shown for longer than it is left alone.
_SHOWN_SECONDS = 120.0
_KNOWN_KEYS = """
SELECT r.natural_key, f.sha256 FROM record r JOIN intake_file f ON f.id = r.file_id
WHERE r.endpoint = $1 AND r.natural_key = ANY ($2::text[])
"""


@dataclass(frozen=True, slots=True)
class Taking:
    """One item on its way in."""

    endpoint: Endpoint
    item: Item
    sha256: bytes
    agency_id: str
    file_id: UUID
    result: Result
    mapping_version: int


class Intake:
    """Watches where the items of one endpoint come from."""

    def __init__(
        self,
        endpoint: Endpoint,
        database: Database,
        blobs: Blobs,
        decoder: Decoder,
        agency_of: Callable[[str], str],
        *,
        scan_seconds: float = 1.0,
        backlog: int = 20_000,
        troubles: Troubles | None = None,
    ) -> None:
        """backlog: messages that may wait for the broker before no more items are taken. troubles: told what keeps items out."""
        self._endpoint = endpoint
        self._database = database
        self._blobs = blobs
        self._decoder = decoder
        self._agency_of = agency_of
        self._scan_seconds = scan_seconds
        self._backlog = backlog
        self._troubles = troubles if troubles is not None else Troubles()
        self._source = endpoint.transport.source(catalogue.load(endpoint.adapter).is_complete)

    async def run(self) -> None:
        """Scans until cancelled; an item that cannot be taken now is found again by the next scan."""
        try:
            while True:
                try:
                    await self.scan_once()
                except (TransientError, *db.SERVER_ERRORS) as error:
                    log.warning("intake-interrupted", endpoint=self._endpoint.name, error=type(error).__name__)
                except TransportError as error:
                    self._troubled(error)
                await asyncio.sleep(self._scan_seconds)
        finally:
            await self._source.close()

    async def scan_once(self) -> int:
        """Takes every complete item there is, unless too much waits to be handed on already; answers how many."""
        if await self._is_backed_up():
            return 0
        names = await self._source.names()
        for taken, name in enumerate(names, start=1):
            try:
                await self.take(name)
            except ItemError as error:
                # It stays where it is, and keeps no other from being taken.
                self._troubled(error, _SHOWN_SECONDS)
            if taken % _LOOK_EVERY == 0 and await self._is_backed_up():
                return taken
        self._troubles.forget(self._endpoint.name)
        return len(names)

    def _troubled(self, error: TransportError, seconds: float = 0.0) -> None:
        log.warning("transport-failed", endpoint=self._endpoint.name, place=error.place, reason=error.reason)
        self._troubles.note(self._endpoint.name, error.finding, seconds=seconds)

    async def _is_backed_up(self) -> bool:
        """True when the broker is slow or gone: what is still outside is safer there than in our outbox."""
        waiting: int = await self._database.pool.fetchval(_WAITING, self._backlog)
        if waiting < self._backlog:
            return False
        log.warning("intake-waits", endpoint=self._endpoint.name, waiting=waiting)
        return True

    async def take(self, name: str) -> None:
        """Takes one item: blob, decode, transaction, move."""
        item = await self._source.read(name)
        if item is None:
            return
        agency_id = self._agency_of(self._endpoint.agency_code)
        sha256 = await rawbytes.keep(self._blobs, agency_id, item)
        known = await self._database.pool.fetchval(_KNOWN_FILE, self._endpoint.name, item.name, sha256)
        unreadable = False
        if not known:
            mapping = await in_force(self._database.pool, self._endpoint)
            result = await self._decoder.decode(self._endpoint.adapter, item, mapping.text)
            unreadable = result.unreadable
            for owner in self._owners(result, agency_id):
                for data in result.blobs.values():
                    await self._blobs.put(owner, data)
            taking = Taking(self._endpoint, item, sha256, agency_id, uuid7(), result, mapping.version)
            try:
                async with self._database.transaction() as unit:
                    await store_item(unit, taking)
            except asyncpg.UniqueViolationError as error:
                # Another replica took the same item or the same record in this moment: look again at the next scan.
                log.info("intake-raced", endpoint=self._endpoint.name, constraint=error.constraint_name)
                return
        await self._source.put_away(name, unreadable=unreadable)

    def _owners(self, result: Result, agency_id: str) -> set[str]:
        """Agencies under whom an item's files are kept: those it is addressed to, else the connection's own."""
        owners = set()
        for wire in result.records:
            if wire.type == DocumentArrived.DESCRIPTOR.full_name:
                with contextlib.suppress(TransientError):  # nobody's code: documents will say so
                    owners.add(self._agency_of(DocumentArrived.FromString(wire.payload).receiver_code))
        return owners or {agency_id}


async def store_item(unit: UnitOfWork, taking: Taking) -> None:
    """Writes an item's file row, its records and the messages they become."""
    endpoint = taking.endpoint
    wires = taking.result.records or _whole_as_record(taking)
    unit.insert(
        INTAKE_FILE,
        {
            "id": taking.file_id,
            "endpoint": endpoint.name,
            "adapter": endpoint.adapter,
            "mapping_version": taking.mapping_version,
            "agency_id": taking.agency_id,
            "name": taking.item.name,
            "size": taking.item.size,
            "sha256": taking.sha256,
            "taken_at": unit.now,
            "record_count": len(wires),
            "findings": reasons_of(taking.result.findings),
        },
    )
    keys = [_natural_key(taking, wire) for wire in wires]
    known = {row["natural_key"]: row["sha256"] for row in await unit.fetch(_KNOWN_KEYS, endpoint.name, keys)}
    for wire, key in zip(wires, keys, strict=True):
        _store_record(unit, taking, wire, key, double=key in known, same=known.get(key) == taking.sha256)
        known.setdefault(key, taking.sha256)


def _whole_as_record(taking: Taking) -> Sequence[Wire]:
    """An item without a readable record is one record in quarantine, so that the accounts hold."""
    if not taking.result.unreadable:
        return ()
    return (Wire(1, "", 0, taking.item.size, "", "", b"", taking.result.findings),)


def _natural_key(taking: Taking, wire: Wire) -> str:
    return wire.natural_key or f"{taking.sha256.hex()}:{taking.item.name}:{wire.ordinal}"


def _store_record(unit: UnitOfWork, taking: Taking, wire: Wire, key: str, *, double: bool, same: bool) -> None:
    record_id = uuid7()
    known = ARRIVING.get(wire.type)
    kind = known.record if known else "unreadable"
    findings = wire.findings
    is_ack = kind == "acknowledgement"
    # Said once more, it says nothing new: nobody has to look at it.
    harmless = double and known is not None and (known.harmless or (known.repeatable and same))
    if double:
        findings = (*findings, reject("record-doubled", natural_key=key))
    if kind == "unreadable" and not rejected(findings):
        findings = (*findings, reject("record-kind-unexpected", type=wire.type))
    refused = rejected(findings) and not harmless
    unit.insert(
        RECORD,
        {
            "id": record_id,
            "file_id": taking.file_id,
            "ordinal": wire.ordinal,
            "part": wire.part,
            "byte_offset": wire.offset,
            "byte_length": wire.length,
            "endpoint": taking.endpoint.name,
            "agency_id": taking.agency_id,
            # A double keeps the key it repeats visible, but cannot take its place.
            "natural_key": f"{key} (double {record_id})" if double else key,
            "kind": kind,
            "state": "quarantined" if refused else "settled" if is_ack or harmless else "in-flight",
            "stage": "intake" if refused else "",
            "reasons": reasons_of(findings),
            "revision": 1,
            "document_id": "",
            "result_version": 0,
            "corrected": None,
            "note": "",
            "changed_at": unit.now,
        },
    )
    if not refused and not double:
        version, name = taking.mapping_version, taking.item.name
        send_on(unit, taking.endpoint, taking.agency_id, wire, str(record_id), 1, key, version, name)


def send_on(
    unit: UnitOfWork,
    endpoint: Endpoint,
    agency_id: str,
    wire: Wire,
    record_id: str,
    revision: int,
    natural_key: str,
    mapping_version: int,
    file_name: str,
) -> None:
    """Hands a decoded record to the services, and acknowledges arrivals to their sender."""
    message: Any = BY_TYPE[wire.type].FromString(wire.payload)
    actor = {"system": f"adapters/{endpoint.name}"}
    if isinstance(message, DeliveryReported):
        message.report_id = message.report_id or natural_key
        message.file_name, message.endpoint = file_name, endpoint.name
        unit.record(
            message, aggregate_id=UUID(record_id), version=1, agency_id=agency_id, actor=actor, correlation_id=record_id
        )
        return
    message.origin.MergeFrom(
        Origin(
            record_id=record_id,
            revision=revision,
            endpoint=endpoint.name,
            adapter=endpoint.adapter,
            mapping_version=mapping_version,
            # An adapter may keep in the message's own key what it needs for the way back.
            natural_key=message.origin.natural_key or natural_key,
            agency_code=message.origin.agency_code or endpoint.agency_code,
            system=message.origin.system or endpoint.system,
        )
    )
    known = ARRIVING[wire.type]
    if known.stamped or not message.HasField(known.moment):
        getattr(message, known.moment).FromDatetime(unit.now)
    unit.send(message, agency_id=agency_id, actor=actor, correlation_id=record_id)
    if isinstance(message, DocumentArrived) and endpoint.writes:
        cause = Incoming(UUID(record_id), wire.type, agency_id, actor, record_id, unit.now, message)
        report = _arrival_report(message, unit)
        codes = (report.receiver_code, report.sender_code)
        unit.insert(
            OUTGOING, outgoing("ack", f"{record_id}:arrive", report, endpoint, cause, unit, codes=codes), conflict=ONCE
        )


def _arrival_report(message: DocumentArrived, unit: UnitOfWork) -> DeliveryReported:
    document = message.document
    report = DeliveryReported(
        document_id=document.document_id,
        receiver_code=message.receiver_code,
        step=DeliveryStep.DELIVERY_STEP_ARRIVED,
        sender_code=document.sender.department.code or document.sender.agency.code,
        title=document.title,
    )
    addressed = next(
        (r for r in document.recipients if message.receiver_code in {r.agency.code, r.department.code}), None
    )
    if addressed is not None:
        report.reporter_agency.CopyFrom(addressed.agency)
    report.reporter.code = message.receiver_code
    report.happened_at.FromDatetime(unit.now)
    return report
