"""The records officer's hand-overs to the records system (이관)."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.errors import InvalidError, NotFoundError
from chassis.uow import UnitOfWork
from documents.domain import handing
from documents.handlers.handing import Plan, candidates, extend, hand_over, is_abolished, plan, records_officer
from documents.ports.directory import View
from documents.queries import handing as queries
from documents.queries.boxes import HIGHEST
from documents.rpc.calls import Calls, Context, official
from documents.translate import handing as translate
from documents.translate import views
from documents.translate.content import uuid_or_none
from documents.translate.handing import Selection
from onnara.documents.v1 import records_service_pb2 as pb
from onnara.documents.v1.records_service_pb2_grpc import RecordsServiceServicer
from onnara.exchange.v1.official_document_pb2 import OfficialDocument, Task, Unit

PAGE, MOST = 50, 100
SHOWN = 200
"""Records that are not ready shown in a plan."""
_AT_ONCE = 64


class RecordsServicer(Calls, RecordsServiceServicer):
    """Hand-overs of the caller's agency."""

    async def ListRecordYears(self, request: pb.ListRecordYearsRequest, context: Context) -> pb.ListRecordYearsResponse:
        """Departments with their years, and what was handed over of each."""
        actor = official()
        records_officer(actor)
        async with self._reading(actor) as unit:
            rows, standing, reports, extensions = await queries.years(unit, actor.agency_id, request.year)
            now = unit.now
        counts = {(row["department_code"], row["year"], row["state"]): row["n"] for row in standing}
        told = {(row["department_code"], row["year"]): row["state"] for row in reports}
        later = {(row["department_code"], row["year"]): row["until_year"] for row in extensions}
        view, years = self._directory.view(now), []
        today = now.astimezone(ZoneInfo(view.zone(actor.agency_id))).date()
        for row in rows:
            key = row["department_code"], row["year"]
            season = handing.Season(row["year"], today, is_abolished(view, key[0]), later.get(key, 0))
            years.append(_year(row, season, counts, told.get(key, "")))
        return pb.ListRecordYearsResponse(years=years)

    async def PlanHandOver(self, request: pb.PlanHandOverRequest, context: Context) -> pb.PlanHandOverResponse:
        """What would go, and what is not ready and why."""
        actor = official()
        records_officer(actor)
        asked, view = translate.selection_of(request.selection), self._view()
        missing = await self._missing(asked)
        async with self._reading(actor) as unit:
            found = await plan(unit, asked, actor, view, missing)
        return _planned(found, asked, view)

    async def HandOver(self, request: pb.HandOverRequest, context: Context) -> pb.HandOverResponse:
        """Hands over what is ready."""
        actor = official()
        records_officer(actor)
        asked = translate.selection_of(request.selection)
        corrects = _identity(request.corrects_transfer_id) if request.corrects_transfer_id else None
        missing = await self._missing(asked)

        async def handle(unit: UnitOfWork) -> pb.HandOverResponse:
            view = self._directory.view(unit.now)
            expected = request.expected_records
            transfer_id, records = await hand_over(
                unit, asked, actor, view, missing, expected=expected, corrects=corrects
            )
            return pb.HandOverResponse(transfer_id=str(transfer_id), records=records)

        return await self._command(handle, pb.HandOverResponse, "HandOver", request.request_id)

    async def ListHandOvers(self, request: pb.ListHandOversRequest, context: Context) -> pb.ListHandOversResponse:
        """Hand-overs, newest first."""
        actor = official()
        records_officer(actor)
        size = min(request.page_size, MOST) if request.page_size > 0 else PAGE
        below = HIGHEST if not request.page_token else uuid_or_none(request.page_token)
        if below is None:
            raise InvalidError("page-token-invalid", field="page_token")
        async with self._reading(actor) as unit:
            rows = await queries.hand_overs(unit, actor.agency_id, request.department_code, below, size + 1)
        token = str(rows[size - 1]["id"]) if len(rows) > size else ""
        return pb.ListHandOversResponse(
            hand_overs=[translate.hand_over(row) for row in rows[:size]], next_page_token=token
        )

    async def GetHandOver(self, request: pb.GetHandOverRequest, context: Context) -> pb.GetHandOverResponse:
        """One hand-over with a page of its records."""
        actor, transfer_id = official(), _identity(request.transfer_id)
        records_officer(actor)
        size = min(request.page_size, MOST) if request.page_size > 0 else PAGE
        after = _place(request.page_token)
        async with self._reading(actor, snapshot=True) as unit:
            row = await queries.hand_over(unit, transfer_id)
            if row is None:
                raise NotFoundError("hand-over-unknown", params={"transfer": request.transfer_id}, field="transfer_id")
            rows = await queries.entries(unit, transfer_id, after, size + 1)
        token = f"{int(rows[size - 1]['faultless'])}|{rows[size - 1]['position']}" if len(rows) > size else ""
        return pb.GetHandOverResponse(
            hand_over=translate.hand_over(row),
            records=[translate.record(each) for each in rows[:size]],
            next_page_token=token,
        )

    async def ExtendTransfer(self, request: pb.ExtendTransferRequest, context: Context) -> pb.ExtendTransferResponse:
        """Lets a department keep the records of a year longer."""
        actor = official()
        records_officer(actor)

        async def handle(unit: UnitOfWork) -> pb.ExtendTransferResponse:
            view = self._directory.view(unit.now)
            where = request.department_code, request.year
            row = await extend(unit, *where, request.until_year, request.reason, actor, view)
            return pb.ExtendTransferResponse(extension=translate.extension(row))

        return await self._command(handle, pb.ExtendTransferResponse, "ExtendTransfer", request.request_id)

    async def _missing(self, asked: Selection) -> Mapping[UUID, Sequence[str]]:
        """Attachments whose bytes are not in the store, of what a transfer would take."""
        actor = official()
        if asked.kind != handing.TRANSFER:
            return {}
        async with self._reading(actor) as unit:
            rows = await candidates(unit, asked, actor.agency_id)
        files = [
            (row["id"], file)
            for row in rows
            if row["attachment_count"]
            for file in OfficialDocument.FromString(row["content"]).attachments
        ]
        found: dict[UUID, list[str]] = {}
        for start in range(0, len(files), _AT_ONCE):
            some = files[start : start + _AT_ONCE]
            there = await asyncio.gather(*(self._blobs.exists(actor.agency_id, file.sha256) for _, file in some))
            for (document_id, file), exists in zip(some, there, strict=True):
                if not exists:
                    found.setdefault(document_id, []).append(file.name)
        return found


def _year(
    row: Mapping[str, Any], season: handing.Season, counts: Mapping[tuple[str, int, str], int], report: str
) -> pb.RecordYear:
    department, year = row["department_code"], row["year"]
    shown = pb.RecordYear(
        department=Unit(code=department, name=row["department_name"]),
        year=year,
        registered=row["n"],
        waiting=counts.get((department, year, handing.WAITING), 0),
        accepted=counts.get((department, year, handing.ACCEPTED), 0),
        returned=counts.get((department, year, handing.RETURNED), 0),
        report_state=report,
        abolished=season.abolished,
    )
    if year <= season.last_year:
        shown.transfer_due_on = season.due_on.isoformat()
        shown.report_due_on = handing.report_due(year).isoformat()
    return shown


def _planned(found: Plan, asked: Selection, view: View) -> pb.PlanHandOverResponse:
    files: dict[str, pb.HandOverFile] = {}
    for rows, name in ((found.ready, "ready"), ([row for row, _ in found.unready], "not_ready")):
        for row in rows:
            file = files.get(row["file_code"]) or files.setdefault(row["file_code"], _file(row, view))
            file.retention = max(file.retention, row["retention"])
            setattr(file, name, getattr(file, name) + 1)
    due = handing.report_due(asked.year) if asked.kind == handing.REPORT else found.season.due_on
    returned = next((row for row in found.earlier[:1] if row["state"] == handing.RETURNED), None)
    response = pb.PlanHandOverResponse(
        files=[files[code] for code in sorted(files)],
        ready=len(found.ready),
        not_ready=len(found.unready),
        unready=[
            pb.UnreadyRecord(document=views.summary(row), reasons=translate.details(problems))
            for row, problems in found.unready[:SHOWN]
        ],
        refusals=translate.details(found.refusals),
        due_on=due.isoformat(),
        returned_transfer_id=str(returned["id"]) if returned else "",
    )
    if found.extension is not None:
        response.extension.CopyFrom(translate.extension(found.extension))
    return response


def _file(row: Mapping[str, Any], view: View) -> pb.HandOverFile:
    code = handing.task_of(row["file_code"])
    task = view.task(code) if code else None
    return pb.HandOverFile(file_code=row["file_code"], task=Task(code=code, name=task.name if task else ""))


def _identity(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise InvalidError("id-invalid", params={"value": text}, field="transfer_id")
    return found


def _place(token: str) -> tuple[bool, int]:
    if not token:
        return False, -1
    faultless, _, position = token.partition("|")
    if faultless not in {"0", "1"} or not position.isascii() or not position.isdigit() or len(position) > 9:
        raise InvalidError("page-token-invalid", field="page_token")
    return faultless == "1", int(position)
