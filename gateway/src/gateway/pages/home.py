"""The home page: the person's pending lines under the numbers of all boxes."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.errors import OnnaraError
from gateway.counts import box_counts
from gateway.page import Official, Page
from gateway.sentences import Sentence, sentences
from gateway.views.line import waits_for
from gateway.views.pending import PendingRow, pending_row
from onnara.approval.v1 import approval_service_pb2 as pb

router = APIRouter()
PAGE = 50
# As many as can be decided on at once.
MOST = 500


@router.get("/")
async def home(page: Official, after: str = "", size: int = PAGE) -> Response:
    """Pending lines, oldest first. A service that is away leaves a notice in its place, not an error page."""
    boxes, (answer, problems) = await asyncio.gather(
        box_counts(page), _pending(page, after, MOST if size > PAGE else PAGE)
    )
    return page.render(
        "home.html",
        boxes=boxes,
        here="pending",
        rows=_rows(page, answer),
        following=answer.next_page_token,
        first_page=not after,
        most=MOST if size <= PAGE and answer.next_page_token else 0,
        large=size > PAGE,
        problems=problems,
    )


@router.get("/counts")
async def counts(page: Official, here: str = "") -> Response:
    """The numbers once more, for an open page."""
    return page.render("parts/counts.html", boxes=await box_counts(page), here=here)


async def _pending(page: Page, after: str, size: int) -> tuple[pb.ListPendingResponse, list[Sentence]]:
    request = pb.ListPendingRequest(page_size=size, page_token=after)
    try:
        return await page.caller.call(page.site.clients.approval.ListPending, request), []
    except OnnaraError as error:
        return pb.ListPendingResponse(), sentences(page.reader, error.problems)


def _rows(page: Page, answer: pb.ListPendingResponse) -> list[PendingRow]:
    opened = page.remembered.opened
    return [
        pending_row(page.reader, line, waits_for(line, page.session.official_id), opened=line.document_id in opened)
        for line in answer.lines
    ]
