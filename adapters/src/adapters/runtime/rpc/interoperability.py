"""The gRPC side of the adapters: files, totals, quarantine, replay, each agency for itself.

Everybody sees how connections fare. What a record says is as private as the document it would become: it is shown to the
agency's clerks, records officers and operators, who have to mend it.
"""

import base64
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

import grpc
import msgspec

from adapters import catalogue
from adapters.formats.findings import FormatError
from adapters.runtime import queries
from adapters.runtime.accounting import detail_of, reasons_of
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.rawbytes import raw_of
from adapters.runtime.replay import Readings, replay
from adapters.runtime.traffic import DAY, Traffic, stretches, traffic
from adapters.runtime.troubles import Troubles
from adapters.runtime.units import Units
from chassis.actor import Actor
from chassis.blobs import Blobs
from chassis.errors import ForbiddenError, InvalidError, NotFoundError
from chassis.requests import run_command
from chassis.rpc import current_call
from chassis.uow import Database
from onnara.adapters.v1 import interoperability_service_pb2 as pb
from onnara.adapters.v1.interoperability_service_pb2_grpc import InteroperabilityServiceServicer
from onnara.common.v1.error_pb2 import ErrorDetail

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

PAGE = 50
MOST = 200
MENDING = frozenset({"clerk", "records", "operator"})
_LAST = UUID(int=2**128 - 1)
_END = datetime(9999, 12, 31, tzinfo=UTC)


class InteroperabilityService(InteroperabilityServiceServicer):
    """Reads under row-level security as the caller's agency."""

    def __init__(
        self,
        database: Database,
        endpoints: Endpoints,
        blobs: Blobs,
        decoder: Decoder,
        units: Units,
        troubles: Troubles | None = None,
    ) -> None:
        """Takes the rpc role's database, the units as the directory has them, and what the intakes find to be wrong."""
        self._database = database
        self._endpoints = endpoints
        self._blobs = blobs
        self._decoder = decoder
        self._units = units
        self._troubles = troubles if troubles is not None else Troubles()

    async def ListEndpoints(self, request: pb.ListEndpointsRequest, context: Context) -> pb.ListEndpointsResponse:
        """Endpoints with their totals."""
        actor = current_call().actor
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            records, going = await queries.endpoint_totals(unit)
        shown = self._shown({*records, *going}, actor)
        return pb.ListEndpointsResponse(
            endpoints=[self._endpoint(e, records.get(e.name), going.get(e.name)) for e in shown]
        )

    def _shown(self, busy: Collection[str], actor: Actor) -> list[Endpoint]:
        """Connections of the caller's agency, and those that had something for it."""
        return [e for e in self._endpoints.all if e.name in busy or self._units.owner(e.agency_code) == actor.agency_id]

    async def GetTraffic(self, request: pb.GetTrafficRequest, context: Context) -> pb.GetTrafficResponse:
        """What came in and went out of late."""
        actor = current_call().actor
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            begins = stretches(unit.now, request.hours or DAY)
            found = await traffic(unit, begins)
        length = begins[1] - begins[0]
        shown = self._shown(found, actor)
        return pb.GetTrafficResponse(
            endpoints=[_traffic(each.name, found.get(each.name, Traffic()), begins) for each in shown],
            bucket_hours=int(length.total_seconds() // 3600),
        )

    async def ListFiles(self, request: pb.ListFilesRequest, context: Context) -> pb.ListFilesResponse:
        """Files, newest first, each reconciled."""
        actor, size = current_call().actor, page_size(request.page_size)
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            rows, sums = await queries.files(unit, request.endpoint, read_token(request.page_token), size + 1)
        files = [_file(row, sums.get(row["id"])) for row in rows[:size]]
        return pb.ListFilesResponse(files=files, next_page_token=next_token(rows, size, "taken_at"))

    async def ListQuarantine(self, request: pb.ListQuarantineRequest, context: Context) -> pb.ListQuarantineResponse:
        """Quarantined records, newest first."""
        actor, size = mender(), page_size(request.page_size)
        file_id = read_uuid(request.file_id, "file_id") if request.file_id else None
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            rows = await queries.quarantine(unit, request.endpoint, file_id, read_token(request.page_token), size + 1)
        return pb.ListQuarantineResponse(
            records=[_quarantined(row) for row in rows[:size]], next_page_token=next_token(rows, size, "changed_at")
        )

    async def GetRecord(self, request: pb.GetRecordRequest, context: Context) -> pb.GetRecordResponse:
        """One record: bytes beside fields."""
        actor = mender()
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            row = await queries.record(unit, read_uuid(request.record_id, "record_id"))
        if row is None:
            raise NotFoundError("record-unknown", params={"record": request.record_id})
        raw = await raw_of(self._blobs, row)
        try:
            fields = catalogue.load(row["adapter"]).fields(raw, row["part"])
        except FormatError:
            fields = ()
        return pb.GetRecordResponse(
            record=_quarantined(row),
            raw=raw,
            fields=[
                pb.FieldView(
                    name=f.name,
                    label=f.label,
                    offset=f.offset,
                    length=len(f.raw),
                    raw=f.raw,
                    value=f.value or "",
                    findings=[named(row["adapter"], detail_of(reason)) for reason in reasons_of(f.findings)],
                )
                for f in fields
            ],
            charset="cp949",
            state=row["state"],
            revision=row["revision"],
        )

    async def ReplayRecord(self, request: pb.ReplayRecordRequest, context: Context) -> pb.ReplayRecordResponse:
        """Decodes a quarantined record again and sends it on."""
        actor = mender()
        record_id = read_uuid(request.record_id, "record_id")
        if not request.note.strip():
            raise InvalidError("note-missing", field="note")

        async def handle(unit: Any) -> pb.ReplayRecordResponse:
            note = f"{actor.name}: {request.note.strip()}"
            readings = Readings(self._blobs, self._decoder, self._units.owner)
            done = await replay(unit, self._endpoints, readings, record_id, request.raw, note)
            return pb.ReplayRecordResponse(
                state=done.state,
                revision=done.revision,
                reasons=[named(done.adapter, detail_of(reason)) for reason in done.reasons],
            )

        return await run_command(
            self._database,
            handle,
            pb.ReplayRecordResponse,
            agency_id=actor.agency_id,
            client=actor.official_id,
            method="ReplayRecord",
            request_id=request.request_id,
        )

    def _endpoint(
        self, endpoint: Endpoint, records: Mapping[str, Any] | None, going: Mapping[str, Any] | None
    ) -> pb.Endpoint:
        shown = pb.Endpoint(
            name=endpoint.name,
            adapter=endpoint.adapter,
            mapping_version=catalogue.load(endpoint.adapter).mapping_version,
            agency_code=endpoint.agency_code,
            agency_name=self._units.name(endpoint.agency_code),
            direction=endpoint.direction,
            totals=_totals(records),
            delivered=going["delivered"] if going else 0,
            waiting=going["waiting"] if going else 0,
        )
        last = max((row["last"] for row in (records, going) if row and row["last"]), default=None)
        if last:
            shown.last_activity.FromDatetime(last)
        trouble = self._troubles.of(endpoint.name)
        if trouble is not None:
            shown.last_error.CopyFrom(detail_of(trouble))
        elif going and going["problems"]:
            shown.last_error.CopyFrom(detail_of(going["problems"][0]))
        return shown


def _traffic(name: str, found: Traffic, begins: Sequence[datetime]) -> pb.EndpointTraffic:
    shown = pb.EndpointTraffic(endpoint=name)
    for begin in begins:
        bucket = shown.buckets.add(received=found.received.get(begin, 0), delivered=found.delivered.get(begin, 0))
        bucket.begin.FromDatetime(begin)
    if found.unanswered_since is not None:
        shown.oldest_unanswered.FromDatetime(found.unanswered_since)
    if found.waiting_since is not None:
        shown.oldest_waiting.FromDatetime(found.waiting_since)
    return shown


def mender() -> Actor:
    """Who calls. Raises ForbiddenError role-missing for people who do not mend records; systems never do."""
    actor = current_call().actor
    if actor.is_system or not actor.roles & MENDING:
        raise ForbiddenError("role-missing", params={"roles": ", ".join(sorted(MENDING))})
    return actor


def page_size(asked: int) -> int:
    """Rows of a page: what was asked, within bounds."""
    return min(asked or PAGE, MOST)


def read_uuid(text: str, field: str) -> UUID:
    """An id of a request. Raises InvalidError naming the field."""
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidError("id-invalid", params={"value": text}, field=field) from error


def read_token(token: str) -> tuple[datetime, UUID]:
    """Where a page begins; the beginning for an empty token. Raises InvalidError when it is not one of ours."""
    if not token:
        return _END, _LAST
    try:
        moment, identity = msgspec.json.decode(base64.urlsafe_b64decode(token), type=tuple[datetime, UUID])
    except (ValueError, msgspec.DecodeError) as error:
        raise InvalidError("page-token-invalid", field="page_token") from error
    return moment, identity


def next_token(rows: Sequence[Mapping[str, Any]], size: int, column: str) -> str:
    """Token of the page after the one that ends with row ``size``; empty when there is none."""
    if len(rows) <= size:
        return ""
    last = rows[size - 1]
    return base64.urlsafe_b64encode(msgspec.json.encode((last[column], last["id"]))).decode()


def _totals(row: Mapping[str, Any] | None) -> pb.Totals:
    if row is None:
        return pb.Totals()
    return pb.Totals(
        received=row["received"],
        registered=row["registered"],
        quarantined=row["quarantined"],
        in_flight=row["in_flight"],
        returned=row["returned"],
    )


def _file(row: Mapping[str, Any], sums: Mapping[str, Any] | None) -> pb.IntakeFile:
    totals = _totals(sums)
    totals.received = row["record_count"]
    file = pb.IntakeFile(
        file_id=str(row["id"]),
        endpoint=row["endpoint"],
        name=row["name"],
        size=row["size"],
        sha256=row["sha256"],
        totals=totals,
        findings=[detail_of(reason) for reason in row["findings"]],
        reconciled=row["record_count"] == totals.registered + totals.quarantined + totals.in_flight,
    )
    file.taken_at.FromDatetime(row["taken_at"])
    return file


def named(adapter: str, reason: ErrorDetail) -> ErrorDetail:
    """The reason with the name the agency has for its field (``label``), which is what its people call it."""
    if reason.field and adapter in catalogue.names():
        entries = catalogue.manifest_of(adapter).mapping
        label = next(
            (entry["label"] for entry in entries if entry.get("field") == reason.field and "label" in entry), ""
        )
        if label:
            reason.params["label"] = label
    return reason


def _quarantined(row: Mapping[str, Any]) -> pb.QuarantinedRecord:
    record = pb.QuarantinedRecord(
        record_id=str(row["id"]),
        file_id=str(row["file_id"]),
        file_name=row["file_name"],
        endpoint=row["endpoint"],
        ordinal=row["ordinal"],
        offset=row["byte_offset"],
        stage=row["stage"],
        reasons=[named(row["adapter"], detail_of(reason)) for reason in row["reasons"]],
        natural_key=row["natural_key"],
    )
    record.quarantined_at.FromDatetime(row["changed_at"])
    return record
