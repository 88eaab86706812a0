"""What a card holds beside its sheet: two versions side by side, who read it, the document as a file, pictures of its body."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from chassis.errors import NotFoundError
from gateway.counts import box_counts
from gateway.page import Official
from gateway.views.difference import difference_view
from gateway.views.words import READING_RIGHT, word
from onnara.documents.v1 import documents_service_pb2 as pb

router = APIRouter(prefix="/documents/{document_id}")
FORMATS = {"pdf": pb.OUTPUT_FORMAT_PDF, "odt": pb.OUTPUT_FORMAT_ODT, "pubdoc": pb.OUTPUT_FORMAT_PUBDOC}
_PICTURES = {"image/png", "image/jpeg", "image/gif"}


@router.get("/difference")
async def difference(page: Official, document_id: str, old: int, new: int) -> Response:
    """What one version changed of another: removed and added words, field by field."""
    request = pb.CompareVersionsRequest(document_id=document_id, to=new, **{"from": old})
    answer = await page.caller.call(page.site.clients.documents.CompareVersions, request)
    return page.render(
        "difference.html",
        boxes=await box_counts(page),
        here="",
        document_id=document_id,
        difference=difference_view(page.reader, answer),
    )


@router.get("/readings")
async def readings(page: Official, document_id: str, after: str = "") -> Response:
    """Who read it, from which agency, by what right; refused attempts too."""
    request = pb.ListReadingsRequest(document_id=document_id, page_token=after)
    answer = await page.caller.call(page.site.clients.documents.ListReadings, request)
    card = await page.caller.call(
        page.site.clients.documents.GetDocument, pb.GetDocumentRequest(document_id=document_id)
    )
    rows = [
        {
            "at": page.reader.moment(each.read_at, seconds=True),
            "name": each.name,
            "agency": each.agency_name,
            "department": each.department_name,
            "right": word(page.reader, READING_RIGHT, each.right),
            "what": page.reader.coded("reading", each.what) or each.what,
            "allowed": each.allowed,
        }
        for each in answer.readings
    ]
    return page.render(
        "readings.html",
        boxes=await box_counts(page),
        here="",
        document_id=document_id,
        title=card.document.content.title,
        rows=rows,
        following=answer.next_page_token,
        first_page=not after,
    )


@router.get("/file/{kind}")
async def as_file(page: Official, document_id: str, kind: str) -> Response:
    """The document as PDF, ODT or pubdoc; recorded as a reading."""
    if kind not in FORMATS:
        raise NotFoundError("page-unknown")
    request = pb.RenderDocumentRequest(document_id=document_id, format=FORMATS[kind])
    pieces = page.caller.stream(page.site.clients.documents.RenderDocument, request)
    first = await anext(pieces, None)
    if first is None:
        raise NotFoundError("document-unknown")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(first.file_name)}"}
    return StreamingResponse(_bytes(first, pieces), media_type=first.media_type, headers=headers)


@router.get("/images/{sha256}")
async def picture(page: Official, document_id: str, sha256: str) -> Response:
    """A picture of the body; only picture types are shown in place."""
    clients, caller = page.site.clients, page.caller
    request = pb.GetDocumentRequest(document_id=document_id)
    document = (await caller.call(clients.documents.GetDocument, request)).document
    found = next((each for each in document.content.attachments if each.sha256.hex() == sha256), None)
    if found is None or found.media_type not in _PICTURES:
        raise NotFoundError("attachment-unknown")
    pieces = caller.stream(
        clients.documents.DownloadAttachment, pb.DownloadAttachmentRequest(document_id=document_id, sha256=found.sha256)
    )
    first = await anext(pieces, None)
    return StreamingResponse(_bytes(first, pieces), media_type=found.media_type)


async def _bytes(first: Any, pieces: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    if first is not None:
        yield first.chunk
    async for piece in pieces:
        yield piece.chunk
