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
_BOXES = {"pending", "acting", "department"}


@router.get("/")
async def home(page: Official, after: str = "", size: int = PAGE, box: str = "pending") -> Response:
    """Pending lines, oldest first; those of the department, or of people one stands in for, as ``box`` says.

    A service that is away leaves a notice in its place, not an error page.
    """
    boxes, (answer, problems) = await asyncio.gather(
        box_counts(page), _pending(page, after, MOST if size > PAGE else PAGE, box)
    )
    return page.render(
        "home.html",
        boxes=boxes,
        here=box if box in _BOXES else "pending",
        rows=_rows(page, answer),
        following=answer.next_page_token,
        first_page=not after,
        most=MOST if size <= PAGE and answer.next_page_token else 0,
        large=size > PAGE,
        problems=problems,
    )


async def _pending(page: Page, after: str, size: int, box: str) -> tuple[pb.ListPendingResponse, list[Sentence]]:
    request = pb.ListPendingRequest(page_size=size, page_token=after)
    try:
        if box == "department":
            listed = pb.ListBoxRequest(box=pb.LINE_BOX_DEPARTMENT, page_size=size, page_token=after)
            answer = await page.caller.call(page.site.clients.approval.ListBox, listed)
            return pb.ListPendingResponse(lines=answer.lines, next_page_token=answer.next_page_token), []
        answer = await page.caller.call(page.site.clients.approval.ListPending, request)
        if box == "acting":
            kept = [line for line in answer.lines if line.acting_for]
            return pb.ListPendingResponse(lines=kept, next_page_token=answer.next_page_token), []
        return answer, []  # noqa: TRY300 - the answer belongs to the call
    except OnnaraError as error:
        return pb.ListPendingResponse(), sentences(page.reader, error.problems)


def _rows(page: Page, answer: pb.ListPendingResponse) -> list[PendingRow]:
    opened = page.remembered.opened
    return [
        pending_row(
            page.reader,
            line,
            waits_for(line, line.acting_for or page.session.official_id),
            opened=line.document_id in opened,
        )
        for line in answer.lines
    ]
