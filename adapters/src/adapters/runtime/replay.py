"""A person corrects a quarantined record, or a newer mapping reads it again: decoded anew and sent on as a new revision."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from adapters.contract import Item
from adapters.formats.findings import Finding, reject, rejected
from adapters.runtime import mappings, queries
from adapters.runtime.accounting import reasons_of
from adapters.runtime.decoding import Decoder, Wire
from adapters.runtime.endpoints import Endpoints
from adapters.runtime.intake import send_on
from adapters.runtime.rawbytes import parts_of
from adapters.runtime.tables import RECORD
from chassis.blobs import Blobs
from chassis.errors import ConflictError, NotFoundError
from chassis.uow import UnitOfWork

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
    """A record decoded again."""

    wire: Wire | None
    findings: tuple[Finding, ...]
    blobs: Mapping[bytes, bytes]


async def decode_again(
    blobs: Blobs, decoder: Decoder, row: Mapping[str, Any], corrected: bytes, mapping: mappings.Mapping
) -> Again:
    """Decodes the whole item with the corrected bytes in the record's place, and picks the record out again."""
    parts = await parts_of(blobs, row)
    part = row["part"] or row["file_name"]
    if corrected:
        start, data = row["byte_offset"], parts[part]
        parts[part] = data[:start] + corrected + data[start + row["byte_length"] :]
    result = await decoder.decode(mapping.adapter, Item(row["file_name"], parts), mapping.text)
    for wire in result.records:
        if wire.ordinal == row["ordinal"]:
            return Again(wire, wire.findings, result.blobs)
    return Again(None, result.findings or (reject("record-vanished"),), {})


async def replay(
    unit: UnitOfWork, endpoints: Endpoints, blobs: Blobs, decoder: Decoder, record_id: UUID, corrected: bytes, note: str
) -> Replayed:
    """Replays one quarantined record. Raises NotFoundError or ConflictError when there is nothing to replay."""
    row = await queries.record(unit, record_id)
    if row is None:
        raise NotFoundError("record-unknown", params={"record": record_id})
    endpoint = endpoints.by_name.get(row["endpoint"])
    if endpoint is None:
        raise ConflictError("endpoint-gone", params={"endpoint": row["endpoint"]})
    mapping = await mappings.of_version(unit, endpoint, 0)
    again = await asyncio.shield(decode_again(blobs, decoder, row, corrected, mapping))
    [locked] = await unit.fetch(_LOCK, record_id)
    if locked["state"] != "quarantined":
        raise ConflictError("record-not-quarantined", params={"state": locked["state"]})
    for data in again.blobs.values():
        await blobs.put(row["agency_id"], data)
    findings = again.findings
    key = again.wire.natural_key if again.wire and again.wire.natural_key else row["natural_key"]
    if await unit.fetch(_SAME_KEY, row["endpoint"], key, record_id):
        findings = (*findings, reject("record-doubled", natural_key=key))
    if again.wire is None or rejected(findings) or not again.wire.type:
        _keep(unit, row, "quarantined", locked["revision"], row["natural_key"], findings, corrected, note)
        return Replayed("quarantined", locked["revision"], reasons_of(findings), row["adapter"])
    revision = locked["revision"] + 1
    _keep(unit, row, "in-flight", revision, key, findings, corrected, note)
    send_on(
        unit,
        endpoint,
        row["agency_id"],
        again.wire,
        str(record_id),
        revision,
        key,
        mapping.version,
        row["file_name"],
    )
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
