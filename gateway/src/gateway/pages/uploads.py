"""Attachments on their way in, piece by piece: the browser goes on where a broken line stopped. JSON answers."""

import base64
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from chassis.errors import InvalidError, RefusalError
from chassis.rpc import bearer
from gateway.page import Official, Posted
from gateway.pages.drafts import message_json, refused
from onnara.documents.v1 import upload_service_pb2 as pb

router = APIRouter(prefix="/uploads")
_PIECE = 256 * 1024


@router.post("", dependencies=[Posted])
async def begin(page: Official, request: Request) -> Response:
    """Opens an upload, or says how far the same one has come."""
    sent = await request.json()
    try:
        wanted = pb.BeginUploadRequest(
            name=str(sent.get("name", "")),
            size=int(sent.get("size", 0)),
            media_type=str(sent.get("type", "")),
            fingerprint=str(sent.get("fingerprint", "")),
            sha256=base64.b64decode(str(sent.get("sha256", ""))),
        )
    except (TypeError, ValueError):
        raise InvalidError("form-unreadable") from None
    try:
        answer = await page.caller.call(page.site.clients.uploads.BeginUpload, wanted)
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({"id": answer.upload_id, "offset": answer.offset, "piece": answer.piece})


@router.put("/{upload_id}", dependencies=[Posted])
async def append(page: Official, upload_id: str, offset: int, request: Request) -> Response:
    """Adds the request's bytes at an offset."""

    async def messages() -> AsyncIterator[Any]:
        yield pb.AppendUploadRequest(upload_id=upload_id, offset=offset)
        async for chunk in request.stream():
            for start in range(0, len(chunk), _PIECE):
                yield pb.AppendUploadRequest(chunk=chunk[start : start + _PIECE])

    try:
        metadata = bearer(await page.caller.token())
        answer = await page.site.clients.uploads.AppendUpload(messages(), metadata=metadata)
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({"offset": answer.offset})


@router.post("/{upload_id}/finish", dependencies=[Posted])
async def finish(page: Official, upload_id: str) -> Response:
    """Checks and stores it; answers the attachment as a draft's content holds it."""
    try:
        answer = await page.caller.call(
            page.site.clients.uploads.FinishUpload, pb.FinishUploadRequest(upload_id=upload_id)
        )
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({"attachment": message_json(answer.attachment)})


@router.post("/{upload_id}/cancel", dependencies=[Posted])
async def cancel(page: Official, upload_id: str) -> Response:
    """Throws it away."""
    await page.caller.call(page.site.clients.uploads.CancelUpload, pb.CancelUploadRequest(upload_id=upload_id))
    return JSONResponse({})
