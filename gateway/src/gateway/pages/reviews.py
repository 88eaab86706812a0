"""The records officer's yearly looks: what is due, deciding one or many, the list as a file."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from chassis.errors import NotFoundError, OnnaraError, Problem
from gateway.counts import box_counts
from gateway.page import Official, Page, Posted
from gateway.pages.acts import Form
from gateway.pages.registration import disclosure_choices, form_of, kept_id
from gateway.sentences import Sentence, sentences
from gateway.views.review import KINDS, ReviewRow, as_csv, headings, review_row
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1.official_document_pb2 import DISCLOSURE_LEVEL_OPEN, Disclosure

router = APIRouter(prefix="/reviews")
_PAGE = 100
Year = Annotated[int, Query(ge=0, le=9999)]
Count = Annotated[int, Query(ge=0)]
_EARLIER = 5


@dataclass(frozen=True, slots=True)
class Typed:
    """What was filled in: it comes back with the page when something was refused. level 0: disclosure stays."""

    ticked: frozenset[str] = frozenset()
    level: int = 0
    items: tuple[int, ...] = ()
    why_closed: str = ""
    reason: str = ""


@dataclass(slots=True)
class Done:
    """How many were decided, and by document why the others were not."""

    count: int = 0
    refused: dict[str, list[Sentence]] = field(default_factory=dict)


@router.get("")
async def show(page: Official, kind: str = "disclosure", year: Year = 0, after: str = "", done: Count = 0) -> Response:
    """What is to be looked at in a year; 0: this year."""
    return await _show(page, kind, year, after, Typed(), Done(done))


@router.post("", dependencies=[Posted])
async def decide(page: Official, request: Request) -> Response:
    """Keeps one result for every ticked document; each is decided on its own."""
    form = await form_of(request)
    kind, year, after = form.one("kind"), form.number("year"), form.one("after")
    typed = typed_of(form)
    done = Done()
    problems = [] if typed.ticked else sentences(page.reader, [Problem("nothing-ticked", field="document")])
    kept = ""
    for document_id in form.many("document"):
        try:
            await page.caller.call(page.site.clients.documents.DecideReview, decision(form, typed, document_id))
        except OnnaraError as error:
            done.refused[document_id] = sentences(page.reader, error.problems)
            kept = kept or kept_id(error, form)
        else:
            done.count += 1
    if not problems and not done.refused:
        return page.go(f"/reviews?kind={quote(kind)}&year={year}&done={done.count}&after={quote(after)}")
    left = Typed(frozenset(done.refused), typed.level, typed.items, typed.why_closed, typed.reason)
    return await _show(page, kind, year, after, left, done, problems, request_id=kept, status=422)


@router.get("/list.csv")
async def as_file(page: Official, kind: str = "disclosure", year: Year = 0) -> Response:
    """The whole list of a year as CSV, with the mark by which spreadsheets know UTF-8."""
    first = await _list(page, kind, year, "")

    async def lines() -> AsyncIterator[str]:
        yield "\ufeff" + ",".join(f'"{name}"' for name in headings(page.reader)) + "\r\n"
        found = first
        while True:
            yield as_csv(review_row(page.reader, each) for each in found.entries)
            if not found.next_page_token:
                return
            found = await _list(page, kind, year, found.next_page_token)

    name = f"review-{kind}-{year or _this_year(page)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def typed_of(form: Form) -> Typed:
    """What was filled in. Raises InvalidError form-unreadable."""
    level = form.number("level")
    closed = level not in {0, DISCLOSURE_LEVEL_OPEN}
    return Typed(
        ticked=frozenset(form.many("document")),
        level=level,
        items=form.digits("item") if closed else (),
        why_closed=form.one("why_closed") if closed else "",
        reason=form.one("reason"),
    )


def decision(form: Form, typed: Typed, document_id: str) -> pb.DecideReviewRequest:
    """The same request however often the form is sent."""
    wanted = pb.DecideReviewRequest(
        request_id=uuid5(NAMESPACE_URL, f"{form.one('request_id')}/{document_id}").hex,
        document_id=document_id,
        kind=_kind(form.one("kind")),  # type: ignore[arg-type]
        year=form.number("year"),
        reason=typed.reason,
    )
    if typed.level:
        wanted.disclosure.CopyFrom(
            Disclosure(level=typed.level, items=typed.items, reason=typed.why_closed)  # type: ignore[arg-type]
        )
    return wanted


def _kind(kind: str) -> int:
    if kind not in KINDS:
        raise NotFoundError("page-unknown")
    return int(KINDS[kind][0])


async def _list(page: Page, kind: str, year: int, after: str) -> pb.ListReviewsResponse:
    request = pb.ListReviewsRequest(kind=_kind(kind), year=year, page_size=_PAGE, page_token=after)  # type: ignore[arg-type]
    answer: pb.ListReviewsResponse = await page.caller.call(page.site.clients.documents.ListReviews, request)
    return answer


def _this_year(page: Page) -> int:
    return datetime.now(UTC).astimezone(page.reader.zone).year


async def _show(
    page: Page,
    kind: str,
    year: int,
    after: str,
    typed: Typed,
    done: Done,
    problems: list[Sentence] | None = None,
    request_id: str = "",
    status: int = 200,
) -> Response:
    found = await _list(page, kind, year, after)
    this = _this_year(page)
    rows: list[ReviewRow] = [review_row(page.reader, each) for each in found.entries]
    return page.render(
        "reviews.html",
        status=status,
        boxes=await box_counts(page),
        here="reviews",
        kind=kind,
        kinds=[(name, page.reader.text(text)) for name, (_, text) in KINDS.items()],
        year=year or this,
        years=range(this, this - _EARLIER, -1),
        rows=rows,
        to_do=sum(not row.reviewed for row in rows),
        given=typed,
        done=done,
        offered=disclosure_choices(page),
        request_id=request_id or uuid4().hex,
        after=after,
        following=found.next_page_token,
        first_page=not after,
        problems=problems or [],
    )
