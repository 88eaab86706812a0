"""The other boxes: pages of documents, newest first."""

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.errors import NotFoundError
from gateway.counts import box_counts
from gateway.page import Official, Page
from gateway.views.words import DOCUMENT, badge
from onnara.documents.v1 import documents_service_pb2 as pb

router = APIRouter()

BOXES = {
    "drafts": pb.BOX_DRAFTS,
    "in-progress": pb.BOX_IN_PROGRESS,
    "returned": pb.BOX_RETURNED,
    "to-read": pb.BOX_TO_READ,
    "registered": pb.BOX_REGISTERED,
    "sent": pb.BOX_SENT,
    "arrived": pb.BOX_ARRIVED,
    "to-accept": pb.BOX_TO_ACCEPT,
    "to-assign": pb.BOX_TO_ASSIGN,
    "in-charge": pb.BOX_IN_CHARGE,
    "received": pb.BOX_RECEIVED,
    "send-wait": pb.BOX_SEND_WAIT,
    "seal-review": pb.BOX_SEAL_REVIEW,
    "recipients-asked": pb.BOX_RECIPIENTS_ASKED,
}


@router.get("/boxes/{box}")
async def show(page: Official, box: str, after: str = "") -> Response:
    """One box."""
    if box not in BOXES:
        raise NotFoundError("page-unknown")
    found = await _list(page, BOXES[box], after)
    rows = [(each, badge(page.reader, DOCUMENT, each.state)) for each in found.documents]
    boxes = await box_counts(page)
    return page.render(
        "box.html",
        boxes=boxes,
        here=box,
        title=next(each.title for each in boxes if each.name == box),
        rows=rows,
        following=found.next_page_token,
        first_page=not after,
    )


async def _list(page: Page, box: int, after: str, size: int = 50) -> pb.ListDocumentsResponse:
    request = pb.ListDocumentsRequest(box=box, page_size=size, page_token=after)  # type: ignore[arg-type]
    answer: pb.ListDocumentsResponse = await page.caller.call(page.site.clients.documents.ListDocuments, request)
    return answer
