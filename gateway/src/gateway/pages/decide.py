"""Deciding one document: approve, return, hold, resume. A refused decision brings the card back with the reason and the opinion."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from chassis.errors import ConflictError, InvalidError, NotFoundError, RefusalError
from gateway.failures import status_of
from gateway.page import Official, Posted
from gateway.pages.card import next_pending, render_card
from gateway.sentences import sentences
from onnara.approval.v1 import approval_service_pb2 as pb

router = APIRouter()

ACTIONS = {
    "approve": pb.ACTION_APPROVE,
    "return": pb.ACTION_RETURN,
    "hold": pb.ACTION_HOLD,
    "resume": pb.ACTION_RESUME,
}


@router.post("/documents/{document_id}/decide", dependencies=[Posted])
async def decide(
    page: Official,
    document_id: str,
    line_id: Annotated[str, Form()],
    version: Annotated[int, Form()],
    manifest: Annotated[str, Form()],
    request_id: Annotated[str, Form()],
    action: Annotated[str, Form()],
    opinion: Annotated[str, Form()] = "",
) -> Response:
    """One decision on exactly the version and content that was shown; ``approve-next`` also opens the next document."""
    wanted, _, onward = action.partition("-")
    if wanted not in ACTIONS:
        raise InvalidError("action-unknown", field="action")
    request = pb.DecideRequest(
        request_id=request_id,
        line_id=line_id,
        expected_version=version,
        manifest_hash=_hash(manifest),
        action=ACTIONS[wanted],
        opinion=opinion.strip(),
    )
    try:
        answer = await page.caller.call(page.site.clients.approval.Decide, request)
    except NotFoundError:
        raise
    except RefusalError as error:
        return await render_card(
            page,
            document_id,
            problems=sentences(page.reader, error.problems),
            opinion=opinion,
            status=status_of(error) if isinstance(error, ConflictError) else 422,
        )
    following = await next_pending(page, document_id) if onward == "next" else ""
    if following:
        return page.go(f"/documents/{following}")
    return page.go(f"/documents/{document_id}?line_version={answer.version}&acted={wanted}")


def _hash(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise InvalidError("manifest-unreadable", field="manifest") from None
