"""Deciding one document, for oneself or as a deputy, with a passkey where one is asked for.

A refused decision brings the card back with the reason and the opinion.
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from chassis.errors import ConflictError, InvalidError, RefusalError, TransientError
from gateway.page import Official, Page, Posted
from gateway.pages.card import next_pending, refused_card
from gateway.pages.drafts import refused
from gateway.views.given import Given
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.common.v1 import actor_pb2

router = APIRouter()
_LOOKS, _PAUSE = 10, 0.2

ACTIONS = {
    "approve": pb.ACTION_APPROVE,
    "return": pb.ACTION_RETURN,
    "hold": pb.ACTION_HOLD,
    "resume": pb.ACTION_RESUME,
    "disagree": pb.ACTION_DISAGREE,
    "withdraw": pb.ACTION_WITHDRAW,
    "stop": pb.ACTION_STOP,
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
    return_to: Annotated[int, Form()] = 0,
    acting_for: Annotated[str, Form()] = "",
    credential: Annotated[str, Form()] = "",
    revised: Annotated[bool, Form()] = False,
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
        opinion=said(opinion),
        return_to=return_to if wanted == "return" else 0,
        acting_for=acting_for,
    )
    if credential:
        request.assertion.credential_json = credential
    try:
        answer = await _decided(page, request, looks=_LOOKS if revised else 1)
    except (RefusalError, TransientError) as error:
        values = {"opinion": [opinion], "return_to": [str(return_to)]}
        return await refused_card(page, document_id, error, Given("decide", values, request_id))
    following = await next_pending(page, document_id) if onward == "next" else ""
    if following:
        return page.go(f"/documents/{following}")
    return page.go(f"/documents/{document_id}?line_version={answer.version}&acted={wanted}")


async def _decided(page: Page, request: pb.DecideRequest, looks: int) -> pb.DecideResponse:
    """The answer; a text just changed may be on its way to approval still, so its decision is tried again for a moment."""
    for look in range(looks):
        try:
            answer: pb.DecideResponse = await page.caller.call(page.site.clients.approval.Decide, request)
        except ConflictError as error:
            if error.code != "manifest-changed" or look == looks - 1:
                raise
            await asyncio.sleep(_PAUSE)
        else:
            return answer
    raise InvalidError("form-unreadable", field="revised")


@router.post("/decisions/prepare", dependencies=[Posted])
async def prepare(page: Official, request: Request) -> Response:
    """What a passkey has to sign for some decisions, and whether one must."""
    sent = await request.json()
    items = [
        pb.BulkItem(
            line_id=str(each.get("line_id", "")),
            expected_version=int(each.get("version", 0)),
            manifest_hash=_hash(str(each.get("manifest", ""))),
            acting_for=str(each.get("acting_for", "")),
        )
        for each in sent.get("items", ())
    ]
    action = ACTIONS.get(str(sent.get("action")), pb.ACTION_APPROVE)
    wanted = pb.PrepareDecisionRequest(items=items, action=action, opinion=said(str(sent.get("opinion", ""))))
    try:
        answer = await _prepared(page, wanted)
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({"options": answer.options_json, "required": _needs_passkey(answer)})


async def _prepared(page: Page, wanted: pb.PrepareDecisionRequest) -> pb.PrepareDecisionResponse:
    """What has to be signed; a passkey just made may be on its way to approval still, so it is asked again for a moment."""
    for look in range(_LOOKS):
        answer: pb.PrepareDecisionResponse = await page.caller.call(page.site.clients.approval.PrepareDecision, wanted)
        if answer.options_json or not _needs_passkey(answer) or look == _LOOKS - 1:
            break
        await asyncio.sleep(_PAUSE)
    return answer


def _needs_passkey(answer: pb.PrepareDecisionResponse) -> bool:
    return answer.required_strength == actor_pb2.AUTH_STRENGTH_PASSKEY


def said(opinion: str) -> str:
    """An opinion as it is signed and kept: browsers end the lines of forms otherwise than those of scripts."""
    return opinion.replace("\r\n", "\n").strip()


def _hash(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise InvalidError("manifest-unreadable", field="manifest") from None
