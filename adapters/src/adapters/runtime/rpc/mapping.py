"""Mappings over gRPC: for operators of the agency a connection speaks for; two of them are needed to change one."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, TypeVar

import grpc
from google.protobuf.message import Message

from adapters.contract import Item
from adapters.formats.findings import Finding, rejected
from adapters.runtime import mappings, queries
from adapters.runtime.accounting import detail_of, reasons_of
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.rawbytes import parts_of
from adapters.runtime.replay import Readings, replay
from adapters.runtime.rpc.interoperability import named, read_uuid
from adapters.runtime.trying import Difference, Shown, Tried, differences, try_item
from adapters.runtime.units import Units
from chassis.actor import Actor
from chassis.blobs import Blobs
from chassis.errors import ForbiddenError, InvalidError, NotFoundError
from chassis.requests import run_command
from chassis.rpc import current_call
from chassis.uow import Database, UnitOfWork
from onnara.adapters.v1 import interoperability_service_pb2 as shared
from onnara.adapters.v1 import mapping_service_pb2 as pb
from onnara.adapters.v1.mapping_service_pb2_grpc import MappingServiceServicer

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
R = TypeVar("R", bound=Message)
ROLE = "operator"
SHOWN, MOST = 20, 200
LARGEST_SAMPLE = 16 * 1024 * 1024
_STATES = {
    "proposed": pb.MAPPING_STATE_PROPOSED,
    "live": pb.MAPPING_STATE_LIVE,
    "refused": pb.MAPPING_STATE_REFUSED,
    "superseded": pb.MAPPING_STATE_SUPERSEDED,
}


class MappingService(MappingServiceServicer):
    """Reads and writes under row-level security as the caller's agency."""

    def __init__(self, database: Database, endpoints: Endpoints, blobs: Blobs, decoder: Decoder, units: Units) -> None:
        """Takes the rpc role's database and the units as the directory has them."""
        self._database = database
        self._endpoints = endpoints
        self._blobs = blobs
        self._decoder = decoder
        self._units = units

    async def ListMappings(self, request: pb.ListMappingsRequest, context: Context) -> pb.ListMappingsResponse:
        """All versions, newest first, the one that came with the adapter last."""
        actor, endpoint = self._operator(request.endpoint)
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            return pb.ListMappingsResponse(versions=await self._versions(unit, endpoint, actor))

    async def GetMapping(self, request: pb.GetMappingRequest, context: Context) -> pb.GetMappingResponse:
        """One version with its text."""
        actor, endpoint = self._operator(request.endpoint)
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            found = await mappings.of_version(unit, endpoint, request.version)
            versions = await self._versions(unit, endpoint, actor)
        version = next(each for each in versions if each.version == found.version)
        return pb.GetMappingResponse(version=version, text=found.text or mappings.shipped_text(endpoint))

    async def TryMapping(self, request: pb.TryMappingRequest, context: Context) -> pb.TryMappingResponse:
        """What a text makes of a sample, in a worker."""
        actor, endpoint = self._operator(request.endpoint)
        if sum(map(len, request.sample.parts.values())) > LARGEST_SAMPLE:
            raise InvalidError("sample-too-large", params={"limit": LARGEST_SAMPLE}, field="sample")
        if not request.sample.parts:
            raise InvalidError("sample-missing", field="sample")
        if request.text and (problems := mappings.problems_of(endpoint.adapter, request.text)):
            return pb.TryMappingResponse(problems=problems)
        text = request.text
        if not text:
            async with self._database.transaction(agency_id=actor.agency_id) as unit:
                text = (await mappings.of_version(unit, endpoint, 0)).text
        item = Item(request.sample.name, dict(request.sample.parts))
        limit = min(request.limit or SHOWN, MOST)
        tried = await self._decoder.run(try_item, endpoint.adapter, text, item, limit)
        if isinstance(tried, Finding):
            tried = Tried((), 0, 0, [(tried, 1)])
        return _tried(endpoint.adapter, tried)

    async def ProposeMapping(self, request: pb.ProposeMappingRequest, context: Context) -> pb.ProposeMappingResponse:
        """Keeps a text for another operator."""
        actor, endpoint = self._operator(request.endpoint)
        if not request.note.strip():
            raise InvalidError("note-missing", field="note")

        async def handle(unit: UnitOfWork) -> pb.ProposeMappingResponse:
            note = request.note.strip()
            version = await mappings.propose(unit, endpoint, actor.agency_id, request.text, note, actor)
            await unit.flush()
            return pb.ProposeMappingResponse(version=await self._version(unit, endpoint, version, actor))

        return await self._command(handle, pb.ProposeMappingResponse, "ProposeMapping", request.request_id)

    async def DecideMapping(self, request: pb.DecideMappingRequest, context: Context) -> pb.DecideMappingResponse:
        """Puts somebody else's proposal in force, or refuses it."""
        actor, endpoint = self._operator(request.endpoint)
        if request.refuse and not request.reason.strip():
            raise InvalidError("reason-missing", field="reason")

        async def handle(unit: UnitOfWork) -> pb.DecideMappingResponse:
            refusal = request.reason.strip() if request.refuse else None
            await mappings.decide(unit, endpoint, request.version, actor, refusal)
            await unit.flush()
            return pb.DecideMappingResponse(version=await self._version(unit, endpoint, request.version, actor))

        return await self._command(handle, pb.DecideMappingResponse, "DecideMapping", request.request_id)

    async def CompareFile(self, request: pb.CompareFileRequest, context: Context) -> pb.CompareFileResponse:
        """A file read by the mapping it came with and by the one in force."""
        actor = self._operator_of()
        file_id = read_uuid(request.file_id, "file_id")
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            rows = await queries.records_of(unit, file_id)
            endpoint = self._endpoint_of(rows, request.file_id)
            before = await mappings.of_version(unit, endpoint, rows[0]["mapping_version"])
            after = await mappings.of_version(unit, endpoint, 0)
        item = Item(rows[0]["file_name"], await parts_of(self._blobs, rows[0]))
        results = [await self._decoder.decode(each.adapter, item, each.text) for each in (before, after)]
        found = list(differences(*results))
        known = {row["ordinal"]: row for row in rows}
        limit = min(request.limit or 50, MOST)
        return pb.CompareFileResponse(
            version_before=before.version,
            version_after=after.version,
            records=len(rows),
            changed=len(found),
            changes=[_change(endpoint.adapter, each, known.get(each.ordinal)) for each in found[:limit]],
        )

    async def ReplayFile(self, request: pb.ReplayFileRequest, context: Context) -> pb.ReplayFileResponse:
        """The quarantined records of a file, one after the other; one that stays back keeps no other."""
        actor = self._operator_of()
        file_id = read_uuid(request.file_id, "file_id")
        if not request.note.strip():
            raise InvalidError("note-missing", field="note")
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            rows = await queries.records_of(unit, file_id)
        self._endpoint_of(rows, request.file_id)
        answer, note = pb.ReplayFileResponse(), f"{actor.name}: {request.note.strip()}"
        readings = Readings(self._blobs, self._decoder, self._units.owner)
        for row in rows:
            if row["state"] != "quarantined" or row["stage"] != "intake":
                continue
            async with self._database.transaction(agency_id=actor.agency_id) as unit:
                done = await replay(unit, self._endpoints, readings, row["id"], b"", note)
            answer.sent_on += done.state == "in-flight"
            answer.still_quarantined += done.state == "quarantined"
        return answer

    async def _command(
        self, handle: Callable[[UnitOfWork], Awaitable[R]], response: type[R], method: str, request_id: str
    ) -> R:
        actor = current_call().actor
        return await run_command(
            self._database, handle, response,
            agency_id=actor.agency_id, client=actor.official_id, method=method, request_id=request_id,
        )  # fmt: skip

    def _operator(self, name: str) -> tuple[Actor, Endpoint]:
        """The caller and the connection. Raises ForbiddenError role-missing, NotFoundError endpoint-unknown."""
        actor = self._operator_of()
        endpoint = self._endpoints.by_name.get(name)
        if endpoint is None or self._units.owner(endpoint.agency_code) != actor.agency_id:
            raise NotFoundError("endpoint-unknown", params={"endpoint": name}, field="endpoint")
        return actor, endpoint

    def _operator_of(self) -> Actor:
        actor = current_call().actor
        if actor.is_system or ROLE not in actor.roles:
            raise ForbiddenError("role-missing", params={"roles": ROLE})
        return actor

    def _endpoint_of(self, rows: Any, file_id: str) -> Endpoint:
        endpoint = self._endpoints.by_name.get(rows[0]["endpoint"]) if rows else None
        if endpoint is None:
            raise NotFoundError("file-unknown", params={"file": file_id}, field="file_id")
        return endpoint

    async def _version(self, unit: UnitOfWork, endpoint: Endpoint, version: int, actor: Actor) -> pb.MappingVersion:
        return next(each for each in await self._versions(unit, endpoint, actor) if each.version == version)

    async def _versions(self, unit: UnitOfWork, endpoint: Endpoint, actor: Actor) -> list[pb.MappingVersion]:
        live = (await mappings.of_version(unit, endpoint, 0)).version
        rows = await mappings.versions(unit, endpoint)
        own = mappings.shipped(endpoint).version
        shipped = pb.MappingVersion(
            endpoint=endpoint.name, version=own, adapter=endpoint.adapter, state=pb.MAPPING_STATE_SHIPPED,
            in_force=own == live,
        )  # fmt: skip
        made = [_version(row, live, actor) for row in rows]
        return sorted([*made, shipped], key=lambda each: -each.version)


def _version(row: Mapping[str, Any], live: int, actor: Actor) -> pb.MappingVersion:
    shown = pb.MappingVersion(
        endpoint=row["endpoint"],
        version=row["version"],
        adapter=row["adapter"],
        state=_STATES[row["state"]],
        note=row["note"],
        proposed_by=row["proposed_name"],
        decided_by=row["decided_name"],
        reason=row["reason"],
        in_force=row["version"] == live,
        own=row["proposed_by"] == actor.official_id,
    )
    shown.proposed_at.FromDatetime(row["proposed_at"])
    if row["decided_at"] is not None:
        shown.decided_at.FromDatetime(row["decided_at"])
    return shown


def _tried(adapter: str, tried: Tried) -> pb.TryMappingResponse:
    return pb.TryMappingResponse(
        records=[_record(adapter, each) for each in tried.records],
        accepted=tried.accepted,
        refused=tried.refused,
        findings=[
            pb.FindingCount(first=_said(adapter, finding), count=count, severity=finding.severity)
            for finding, count in tried.counts
        ],
    )


def _record(adapter: str, shown: Shown) -> pb.TriedRecord:
    return pb.TriedRecord(
        ordinal=shown.ordinal,
        part=shown.part,
        offset=shown.offset,
        accepted=shown.accepted,
        fields=[
            shared.FieldView(
                name=each.name, label=each.label, offset=each.offset, length=len(each.raw), raw=each.raw,
                value=each.value or "", findings=[_said(adapter, finding) for finding in each.findings],
            )
            for each in shown.fields
        ],
        message_json=shown.message_json,
        findings=[_said(adapter, finding) for finding in shown.findings],
    )  # fmt: skip


def _change(adapter: str, found: Difference, row: Mapping[str, Any] | None) -> pb.RecordChange:
    after = found.after.findings if found.after else ()
    return pb.RecordChange(
        record_id=str(row["id"]) if row else "",
        ordinal=found.ordinal,
        state=row["state"] if row else "",
        accepted_before=bool(found.before and found.before.type and not rejected(found.before.findings)),
        accepted_after=bool(found.after and found.after.type and not rejected(after)),
        fields=[pb.FieldChange(path=path, before=before, after=after) for path, before, after in found.fields],
        findings_after=[_said(adapter, finding) for finding in after],
    )


def _said(adapter: str, finding: Finding) -> Any:
    [reason] = reasons_of([finding])
    return named(adapter, detail_of(reason))
