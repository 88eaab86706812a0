"""A person corrects a quarantined record, or a newer mapping reads it again: decoded anew and sent on as a new revision."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from adapters.contract import Item
from adapters.formats.findings import Finding, reject, rejected
from adapters.runtime import mappings, queries
from adapters.runtime.accounting import reasons_of
from adapters.runtime.decoding import Decoder, Result, Wire
from adapters.runtime.endpoints import Endpoints
from adapters.runtime.intake import send_on
from adapters.runtime.rawbytes import parts_of
from adapters.runtime.tables import RECORD
from chassis.blobs import Blobs
from chassis.errors import ConflictError, NotFoundError
from chassis.uow import UnitOfWork
from onnara.exchange.v1.events_pb2 import DocumentArrived

_SAME_KEY = "SELECT id FROM record WHERE endpoint = $1 AND natural_key = $2 AND id <> $3"
_LOCK = "SELECT state, revision FROM record WHERE id = $1 FOR UPDATE"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it: the record's state and revision, and the reasons when it stays in quarantine, named by the adapter."""

    state: str
    revision: int
    reasons: list[dict[str, Any]]
    adapter: str


@dataclass(frozen=True, slots=True)
class Again:
    """A record decoded again. blobs: of the whole item."""

    wire: Wire | None
    findings: tuple[Finding, ...]
    blobs: Mapping[bytes, bytes]


class Readings:
    """Items decoded again, each once however many of its records are replayed one after the other.

    owner_of: stable id of the agency a code belongs to, empty when nobody knows it. Only the last item is held.
    """

    def __init__(self, blobs: Blobs, decoder: Decoder, owner_of: Callable[[str], str]) -> None:
        self._blobs = blobs
        self._decoder = decoder
        self._owner_of = owner_of
        self._last: tuple[UUID, mappings.Mapping] | None = None
        self._result: Result | None = None

    async def again(self, row: Mapping[str, Any], corrected: bytes, mapping: mappings.Mapping) -> Again:
        """Decodes the whole item, with the corrected bytes in the record's place, and picks the record out again."""
        result = await self.item(row, mapping) if not corrected else await self._corrected(row, corrected, mapping)
        for wire in result.records:
            if wire.ordinal == row["ordinal"]:
                return Again(wire, wire.findings, result.blobs)
        return Again(None, result.findings or (reject("record-vanished"),), {})

    async def item(self, row: Mapping[str, Any], mapping: mappings.Mapping) -> Result:
        """The item a record came in as a mapping reads it now. Raises NotFoundError blob-missing."""
        if self._result is None or self._last != (row["file_id"], mapping):
            item = Item(row["file_name"], await parts_of(self._blobs, row))
            self._result = await self._decoder.decode(mapping.adapter, item, mapping.text)
            self._last = (row["file_id"], mapping)
        return self._result

    async def _corrected(self, row: Mapping[str, Any], corrected: bytes, mapping: mappings.Mapping) -> Result:
        parts = await parts_of(self._blobs, row)
        part = row["part"] or row["file_name"]
        start, data = row["byte_offset"], parts[part]
        parts[part] = data[:start] + corrected + data[start + row["byte_length"] :]
        return await self._decoder.decode(mapping.adapter, Item(row["file_name"], parts), mapping.text)

    async def keep(self, again: Again, agency_id: str) -> None:
        """Keeps the item's files for whom the record is addressed to, as the intake does."""
        owner = ""
        if again.wire is not None and again.wire.type == DocumentArrived.DESCRIPTOR.full_name:
            owner = self._owner_of(DocumentArrived.FromString(again.wire.payload).receiver_code)
        for data in again.blobs.values():
            await self._blobs.put(owner or agency_id, data)


async def replay(
    unit: UnitOfWork, endpoints: Endpoints, readings: Readings, record_id: UUID, corrected: bytes, note: str
) -> Replayed:
    """Replays one quarantined record. Raises NotFoundError or ConflictError when there is nothing to replay."""
    row = await queries.record(unit, record_id)
    if row is None:
        raise NotFoundError("record-unknown", params={"record": record_id})
    endpoint = endpoints.by_name.get(row["endpoint"])
    if endpoint is None:
        raise ConflictError("endpoint-gone", params={"endpoint": row["endpoint"]})
    mapping = await mappings.of_version(unit, endpoint, 0)
    # What somebody corrected earlier stays corrected, whichever mapping reads it.
    again = await asyncio.shield(readings.again(row, corrected or bytes(row["corrected"] or b""), mapping))
    [locked] = await unit.fetch(_LOCK, record_id)
    if locked["state"] != "quarantined":
        raise ConflictError("record-not-quarantined", params={"state": locked["state"]})
    findings = again.findings
    key = again.wire.natural_key if again.wire and again.wire.natural_key else row["natural_key"]
    if await unit.fetch(_SAME_KEY, row["endpoint"], key, record_id):
        findings = (*findings, reject("record-doubled", natural_key=key))
    if again.wire is None or rejected(findings) or not again.wire.type:
        _keep(unit, row, "quarantined", locked["revision"], row["natural_key"], findings, corrected, note)
        return Replayed("quarantined", locked["revision"], reasons_of(findings), row["adapter"])
    await readings.keep(again, row["agency_id"])
    revision = locked["revision"] + 1
    _keep(unit, row, "in-flight", revision, key, findings, corrected, note)
    agency_id, name = row["agency_id"], row["file_name"]
    send_on(unit, endpoint, agency_id, again.wire, str(record_id), revision, key, mapping.version, name)
    return Replayed("in-flight", revision, reasons_of(findings), row["adapter"])


def _keep(
    unit: UnitOfWork,
    row: Mapping[str, Any],
    state: str,
    revision: int,
    natural_key: str,
    findings: tuple[Finding, ...],
    corrected: bytes,
    note: str,
) -> None:
    unit.update(
        RECORD,
        {
            "id": row["id"],
            "state": state,
            "stage": "intake" if state == "quarantined" else "",
            "reasons": reasons_of(findings),
            "revision": revision,
            "natural_key": natural_key,
            "corrected": corrected or row["corrected"],
            "note": note,
            "changed_at": unit.now,
        },
    )
