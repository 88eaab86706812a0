"""The home page: the person's pending lines under the numbers of all boxes."""

from chassis.errors import OnnaraError
from fastapi import APIRouter
from fastapi.responses import Response
from onnara.approval.v1 import approval_service_pb2 as pb

from gateway.counts import box_counts
from gateway.page import Official, Page
from gateway.sentences import Sentence, sentences
from gateway.views.line import waits_for
from gateway.views.pending import PendingRow, pending_row

router = APIRouter()
PAGE = 50


@router.get("/")
async def home(page: Official, after: str = "", done: str = "") -> Response:
    """Pending lines, oldest first. A service that is away leaves a notice in its place, not an error page."""
    rows: list[PendingRow] = []
    problems: list[Sentence] = []
    following = ""
    try:
        request = pb.ListPendingRequest(page_size=PAGE, page_token=after)
        answer = await page.caller.call(page.site.clients.approval.ListPending, request)
        rows, following = _rows(page, answer), answer.next_page_token
    except OnnaraError as error:
        problems = sentences(page.reader, error.problems)
    return page.render(
        "home.html",
        boxes=await box_counts(page),
        here="pending",
        rows=rows,
        following=following,
        first_page=not after,
        problems=problems,
        done=done,
    )


@router.get("/counts")
async def counts(page: Official, here: str = "") -> Response:
    """The numbers once more, for an open page."""
    return page.render("parts/counts.html", boxes=await box_counts(page), here=here)


def _rows(page: Page, answer: pb.ListPendingResponse) -> list[PendingRow]:
    opened = page.remembered.opened
    return [pending_row(page.reader, line, waits_for(line), opened=line.document_id in opened) for line in answer.lines]
