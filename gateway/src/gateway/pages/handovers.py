"""The records officer hands records over to the records centre (이관): what is due, what would go, what came of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.errors import NotFoundError, OnnaraError
from gateway.counts import box_counts
from gateway.page import Official, Page, Posted
from gateway.pages.acts import Form
from gateway.pages.registration import form_of, kept_id
from gateway.sentences import Sentence, from_details, sentences
from gateway.views.handover import KINDS, file_row, hand_over_row, record_row, unready_row, year_row
from gateway.views.words import RETENTION
from onnara.documents.v1 import records_service_pb2 as pb

router = APIRouter(prefix="/hand-overs")
Year = Annotated[int, Query(ge=0, le=9999)]
Period = Annotated[int, Query(ge=0, le=8)]
_PAGE, _RECENT = 50, 20
_EARLIER = 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be handed over, as addresses and forms name it. corrects: the hand-over that came back."""

    kind: str
    department: str
    year: int
    task: str = ""
    retention: int = 0
    corrects: str = ""

    @property
    def address(self) -> str:
        """Where it is planned."""
        values = {"kind": self.kind, "department": self.department, "year": self.year}
        rest = {"task": self.task, "retention": self.retention, "corrects": self.corrects}
        return f"/hand-overs/plan?{urlencode(values | {name: each for name, each in rest.items() if each})}"

    def selection(self) -> pb.HandOverSelection:
        """As documents takes it. Raises NotFoundError page-unknown for another kind."""
        if self.kind not in KINDS:
            raise NotFoundError("page-unknown")
        return pb.HandOverSelection(
            kind=KINDS[self.kind][0],
            department_code=self.department,
            year=self.year,
            task_code=self.task,
            minimum_retention=self.retention,  # type: ignore[arg-type]
        )


@dataclass(frozen=True, slots=True)
class Typed:
    """What was filled in, to come back when something was refused. until: year of an extension."""

    until: int = 0
    reason: str = ""
    request_id: str = ""


@router.get("")
async def overview(page: Official, year: Year = 0, after: str = "") -> Response:
    """Departments with what is due of a year, and the hand-overs so far. 0: last year."""
    today = datetime.now(UTC).astimezone(page.reader.zone).date()
    this = today.year
    wanted = year or this - 1
    records, call = page.site.clients.records, page.caller.call
    years: pb.ListRecordYearsResponse = await call(records.ListRecordYears, pb.ListRecordYearsRequest(year=wanted))
    found: pb.ListHandOversResponse = await call(
        records.ListHandOvers, pb.ListHandOversRequest(page_size=_RECENT, page_token=after)
    )
    return page.render(
        "handovers.html",
        boxes=await box_counts(page),
        here="handovers",
        year=wanted,
        years=range(this, this - _EARLIER, -1),
        rows=[year_row(page.reader, each, today) for each in years.years],
        recent=[hand_over_row(page.reader, each) for each in found.hand_overs],
        following=found.next_page_token,
        first_page=not after,
    )


@router.get("/plan")
async def plan(
    page: Official,
    department: str,
    year: Year,
    kind: str = "transfer",
    task: str = "",
    retention: Period = 0,
    corrects: str = "",
) -> Response:
    """What would go, and what is not ready and why."""
    return await _plan(page, Chosen(kind, department, year, task, retention, corrects), Typed())


@router.post("", dependencies=[Posted])
async def hand_over(page: Official, request: Request) -> Response:
    """Hands over what was shown."""
    form = await form_of(request)
    chosen = _chosen(form)
    wanted = pb.HandOverRequest(
        request_id=form.one("request_id"),
        selection=chosen.selection(),
        expected_records=form.number("expected"),
        corrects_transfer_id=chosen.corrects,
    )
    try:
        begun: pb.HandOverResponse = await page.caller.call(page.site.clients.records.HandOver, wanted)
    except OnnaraError as error:
        typed = Typed(request_id=kept_id(error, form))
        return await _plan(page, chosen, typed, sentences(page.reader, error.problems), status=422)
    return page.go(f"/hand-overs/{begun.transfer_id}")


@router.post("/extension", dependencies=[Posted])
async def extend(page: Official, request: Request) -> Response:
    """Lets a department keep the records of a year longer, with a reason."""
    form = await form_of(request)
    chosen = _chosen(form)
    typed = Typed(form.number("until"), form.one("reason"))
    wanted = pb.ExtendTransferRequest(
        request_id=form.one("request_id"),
        department_code=chosen.department,
        year=chosen.year,
        until_year=typed.until,
        reason=typed.reason,
    )
    try:
        await page.caller.call(page.site.clients.records.ExtendTransfer, wanted)
    except OnnaraError as error:
        typed = replace(typed, request_id=kept_id(error, form))
        return await _plan(page, chosen, typed, sentences(page.reader, error.problems), status=422)
    return page.go(chosen.address)


@router.get("/{transfer_id}")
async def show(page: Official, transfer_id: str, after: str = "") -> Response:
    """One hand-over: its answer and its records, those with faults first."""
    wanted = pb.GetHandOverRequest(transfer_id=transfer_id, page_size=_PAGE, page_token=after)
    found: pb.GetHandOverResponse = await page.caller.call(page.site.clients.records.GetHandOver, wanted)
    row = hand_over_row(page.reader, found.hand_over)
    again = Chosen(row.kind, row.department_code, row.year, row.task_code, row.retention, row.transfer_id)
    return page.render(
        "handover.html",
        boxes=await box_counts(page),
        here="handovers",
        each=row,
        again=again.address,
        records=[record_row(page.reader, record) for record in found.records],
        following=found.next_page_token,
        first_page=not after,
    )


def _chosen(form: Form) -> Chosen:
    return Chosen(
        form.one("kind"),
        form.one("department"),
        form.number("year"),
        form.one("task"),
        form.number("retention"),
        form.one("corrects"),
    )


async def _plan(
    page: Page, chosen: Chosen, typed: Typed, problems: list[Sentence] | None = None, status: int = 200
) -> Response:
    wanted = pb.PlanHandOverRequest(selection=chosen.selection())
    found: pb.PlanHandOverResponse = await page.caller.call(page.site.clients.records.PlanHandOver, wanted)
    years: pb.ListRecordYearsResponse = await page.caller.call(
        page.site.clients.records.ListRecordYears, pb.ListRecordYearsRequest(year=chosen.year)
    )
    names = {each.department.code: each.department.name for each in years.years}
    reader = page.reader
    return page.render(
        "handover_plan.html",
        status=status,
        boxes=await box_counts(page),
        here="handovers",
        chosen=chosen,
        kinds=[(name, reader.text(text)) for name, (_, text) in KINDS.items()],
        addresses={name: replace(chosen, kind=name, task="", retention=0, corrects="").address for name in KINDS},
        department=names.get(chosen.department, chosen.department),
        departments=sorted(names.items(), key=lambda item: item[1]),
        retentions=[(int(value), reader.text(text)) for value, text in RETENTION.items()],
        files=[file_row(reader, each) for each in found.files],
        unready=[unready_row(reader, each) for each in found.unready],
        ready=found.ready,
        not_ready=found.not_ready,
        refusals=from_details(reader, found.refusals),
        due=reader.day(found.due_on),
        extension=found.extension if found.HasField("extension") else None,
        extended_until=reader.day(found.extension.until),
        returned=found.returned_transfer_id,
        typed=typed,
        until=typed.until or chosen.year + 2,
        request_id=typed.request_id or uuid4().hex,
        problems=problems or [],
    )
