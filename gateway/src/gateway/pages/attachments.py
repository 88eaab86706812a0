"""Downloads of attachments, piece by piece from documents to the browser."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from chassis.errors import NotFoundError
from gateway.page import Official
from onnara.documents.v1 import documents_service_pb2 as pb

router = APIRouter()


@router.get("/documents/{document_id}/attachments/{sha256}")
async def download(page: Official, document_id: str, sha256: str) -> Response:
    """The bytes of one attachment under its own name; always as a file, never shown in place."""
    clients, caller = page.site.clients, page.caller
    request = pb.GetDocumentRequest(document_id=document_id)
    document = (await caller.call(clients.documents.GetDocument, request)).document
    found = next((each for each in document.content.attachments if each.sha256.hex() == sha256), None)
    if found is None:
        raise NotFoundError("attachment-unknown")
    pieces = caller.stream(
        clients.documents.DownloadAttachment, pb.DownloadAttachmentRequest(document_id=document_id, sha256=found.sha256)
    )
    first = await anext(pieces, None)  # a refusal comes with the first piece, before the answer has begun

    disposition = f"attachment; filename*=UTF-8''{quote(found.name)}"
    headers = {"Content-Disposition": disposition, "Content-Length": str(found.size)}
    return StreamingResponse(_bytes(first, pieces), media_type="application/octet-stream", headers=headers)


async def _bytes(first: Any, pieces: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    if first is not None:
        yield first.chunk
    async for piece in pieces:
        yield piece.chunk
