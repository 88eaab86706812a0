"""Deciding many at once (일괄결재): first what was ticked and what was never opened, then the outcome of each."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import msgspec
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from chassis.errors import InvalidError, NotFoundError, OnnaraError, Problem
from gateway.counts import box_counts
from gateway.jobs import Job, named
from gateway.page import Official, Page, Posted
from gateway.pages.decide import ACTIONS, said
from gateway.sentences import problem_of, sentence, sentences
from gateway.views.line import waits_for
from gateway.views.pending import PendingRow, pending_row
from gateway.views.words import LINE, badge
from onnara.approval.v1 import approval_service_pb2 as pb

router = APIRouter()
MOST = 500
# As many characters as approval keeps of an opinion.
MOST_OPINION = 4000
# Items per call: enough to be quick, few enough that progress is seen.
_CALL = 25
# Pages of pending lines that ticked ones are looked for in.
_PAGES = 20


@dataclass(frozen=True, slots=True)
class Item:
    """What a tick box stands for."""

    line_id: str
    version: int
    manifest: bytes
    acting_for: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: the line's status, or the problem."""

    item: Item
    status: int
    problem: Problem | None


@router.post("/bulk", dependencies=[Posted])
async def confirm(page: Official, request: Request) -> Response:
    """What is about to be decided, with a warning about what was never opened."""
    tickets = {str(value) for value in (await request.form()).getlist("ticket")}
    if not tickets:
        return page.go("/")
    return await _confirming(page, tickets)


async def _confirming(page: Page, tickets: set[str], error: OnnaraError | None = None, opinion: str = "") -> Response:
    """The page before the decisions. error: why it comes back, with the opinion that was typed."""
    rows = await _ticked(page, tickets)
    return page.render(
        "bulk.html",
        status=422 if error else 200,
        boxes=await box_counts(page),
        here="bulk",
        rows=rows,
        titles=msgspec.json.encode({row.line_id: row.title for row in rows}).decode(),
        unopened=sum(1 for row in rows if not row.opened),
        gone=len(tickets) - len(rows),
        too_many=max(0, len(tickets) - MOST),
        most=MOST,
        job_id=uuid4().hex,
        problems=sentences(page.reader, error.problems) if error else [],
        opinion=opinion,
    )


@router.post("/bulk/decide", dependencies=[Posted])
async def start(
    page: Official,
    request: Request,
    job_id: Annotated[str, Form()],
    action: Annotated[str, Form()] = "approve",
    opinion: Annotated[str, Form()] = "",
    titles: Annotated[str, Form()] = "{}",
    credential: Annotated[str, Form()] = "",
) -> Response:
    """Starts the decisions; the page that follows shows how far they are."""
    form = await request.form()
    known = named(titles)
    tickets = [str(ticket) for ticket in form.getlist("ticket")]
    items = [_item(ticket, known) for ticket in tickets]
    if action not in {"approve", "return"}:
        raise InvalidError("action-unknown", field="action")
    refusal = refusal_of(len(items), action, opinion)
    if refusal:
        return await _confirming(page, set(tickets), refusal, opinion)
    job = Job(id=job_id, owner=page.session.key, total=len(items))
    page.site.jobs.start(job, _work(page, items, ACTIONS[action], said(opinion), credential))
    return page.go(f"/bulk/{job_id}")


def refusal_of(count: int, action: str, opinion: str) -> InvalidError | None:
    """Why nothing at all is decided: too many, an opinion missing or longer than a line keeps."""
    if not 0 < count <= MOST:
        return InvalidError("bulk-size", params={"most": MOST, "count": count}, field="ticket")
    if action == "return" and not opinion.strip():
        return InvalidError("opinion-missing", field="opinion")
    if len(said(opinion)) > MOST_OPINION:
        # Before anything is decided: what was typed stays in the form, instead of 500 refusals without it.
        return InvalidError("opinion-too-long", params={"most": MOST_OPINION}, field="opinion")
    return None


@router.get("/bulk/{job_id}")
async def progress(page: Official, job_id: str) -> Response:
    """How far the decisions are, and the outcome of each."""
    job = page.site.jobs.find(job_id, page.session.key)
    if job is None:
        raise NotFoundError("job-unknown")
    rows = [
        (
            outcome.item,
            badge(page.reader, LINE, outcome.status) if outcome.problem is None else None,
            sentence(page.reader, outcome.problem) if outcome.problem else None,
        )
        for outcome in job.results
    ]
    failed = sum(1 for outcome in job.results if outcome.problem)
    values: dict[str, Any] = {"job": job, "rows": sorted(rows, key=lambda row: row[2] is None), "failed": failed}
    if page.is_fragment:
        return page.render("parts/bulk_progress.html", **values)
    return page.render("bulk_job.html", boxes=await box_counts(page), here="bulk", **values)


def _work(
    page: Page, items: list[Item], action: int, opinion: str, credential: str
) -> Callable[[Job], Awaitable[None]]:
    # One signature covers all items together, so they cannot be told in parts.
    at_once = len(items) if credential else _CALL

    async def work(job: Job) -> None:
        for first in range(0, len(items), at_once):
            part = items[first : first + at_once]
            try:
                answer = await page.caller.call(
                    page.site.clients.approval.DecideInBulk, _request(job, part, action, opinion, credential)
                )
            except OnnaraError as error:
                job.results += [Outcome(item, 0, error.problems[0]) for item in part]
                continue
            for item, outcome in zip(part, answer.outcomes, strict=True):
                problem = problem_of(outcome.error) if outcome.HasField("error") else None
                job.results.append(Outcome(item, outcome.status, problem))

    return work


def _request(job: Job, part: list[Item], action: int, opinion: str, credential: str) -> pb.DecideInBulkRequest:
    """One request id per item, the same for the same job: posting a form twice decides once."""
    request = pb.DecideInBulkRequest(
        items=[
            pb.BulkItem(
                request_id=uuid5(NAMESPACE_URL, f"{job.id}/{item.line_id}").hex,
                line_id=item.line_id,
                expected_version=item.version,
                manifest_hash=item.manifest,
                acting_for=item.acting_for,
            )
            for item in part
        ],
        action=action,  # type: ignore[arg-type]
        opinion=opinion,
    )
    if credential:
        request.assertion.credential_json = credential
    return request


async def _ticked(page: Page, tickets: set[str]) -> list[PendingRow]:
    """Rows of the ticked lines that still wait as they did; looked for until all are found or the list ends."""
    rows: list[PendingRow] = []
    opened, after = page.remembered.opened, ""
    for _ in range(_PAGES):
        request = pb.ListPendingRequest(page_size=MOST, page_token=after)
        answer = await page.caller.call(page.site.clients.approval.ListPending, request)
        for line in answer.lines:
            mine = waits_for(line, line.acting_for or page.session.official_id)
            row = pending_row(page.reader, line, mine, opened=line.document_id in opened)
            rows += [row] if row.ticket in tickets else []
        after = answer.next_page_token
        if not after or len(rows) == len(tickets):
            break
    return rows


def _item(ticket: str, titles: Mapping[str, str]) -> Item:
    try:
        line_id, version, manifest, acting_for = ticket.split(".")
        return Item(line_id, int(version), bytes.fromhex(manifest), acting_for, titles.get(line_id, ""))
    except ValueError:
        raise InvalidError("ticket-unreadable", field="ticket") from None
