"""The document card (문서관리카드): the sheet, its line, its copies, its history. Opening it is recorded as read."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.errors import ConflictError, NotFoundError, OnnaraError, TransientError
from gateway.counts import box_counts
from gateway.failures import status_of
from gateway.page import Official, Page
from gateway.sentences import Sentence, sentences
from gateway.views.card import card_view
from gateway.views.choices import DEFECTS, GROUNDS, SEALS, choices
from gateway.views.given import NOTHING, Given
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.documents.v1 import dispatch_service_pb2 as dispatch_pb
from onnara.documents.v1 import documents_service_pb2 as pb

router = APIRouter()
# Seconds a card waits for what has just been decided.
_PATIENCE = 3.0
_HASH_SIGNS = 64


@router.get("/documents/{document_id}")
async def show(
    page: Official, document_id: str, line_version: int = 0, acted: str = "", revision: str = ""
) -> Response:
    """The card, as new as the decision the person has just made (``line_version``).

    revision: manifest of the changed text the person has just stored; it is what their decision will name.
    """
    return await render_card(page, document_id, line_version=line_version, acted=acted, revision=revision)


async def render_card(
    page: Page,
    document_id: str,
    *,
    line_version: int = 0,
    acted: str = "",
    problems: list[Sentence] | None = None,
    given: Given = NOTHING,
    status: int = 200,
    revision: str = "",
) -> Response:
    """The card with what a refused form left behind: its problems, and everything that was typed and picked."""
    boxes, (document, line, history, acts) = await asyncio.gather(
        box_counts(page), _gather(page, document_id, line_version)
    )
    page.remembered.opened.add(document_id)
    return page.render(
        "card.html",
        status=status,
        boxes=boxes,
        here="",
        card=card_view(page.reader, document, line, history, page.session.official_id, _hexadecimal(revision), acts),
        choosing=await _choosing(page, document),
        request_id=given.request_id or uuid4().hex,
        acted=acted,
        next_document=await next_pending(page, document_id) if acted else "",
        problems=problems or [],
        given=given,
        opinion=given.one("decide", "opinion"),
    )


async def refused_card(page: Page, document_id: str, error: OnnaraError, given: Given) -> Response:
    """The card after a refused form. Raises the error itself for what is unknown, and where the card is away too.

    Nobody knows whether a call to a service that went away was done: the form keeps its id, so it is done once only.
    """
    if isinstance(error, NotFoundError):
        raise error
    unsure = isinstance(error, TransientError)
    try:
        return await render_card(
            page,
            document_id,
            problems=sentences(page.reader, error.problems),
            given=given if unsure else replace(given, request_id=""),
            status=status_of(error) if unsure or isinstance(error, ConflictError) else 422,
        )
    except TransientError:
        raise error from None


async def _choosing(page: Page, document: pb.Document) -> dict[str, Any]:
    """What the forms of the allowed acts offer."""
    found: dict[str, Any] = {
        "tasks": [],
        "seals": [],
        "seal_kinds": choices(page.reader, SEALS),
        "grounds": [(value, page.reader.text(text)) for value, text in GROUNDS.items()],
        "defects": choices(page.reader, DEFECTS),
    }
    if "accept" in document.allowed:
        request = pb.ListTasksRequest()
        tasks = (await page.caller.call(page.site.clients.documents.ListTasks, request)).tasks
        found["tasks"] = [(each.task.code, each.task.name) for each in tasks]
    if "seal" in document.allowed:
        seals = (await page.caller.call(page.site.clients.dispatch.ListSeals, dispatch_pb.ListSealsRequest())).seals
        found["seals"] = [(each.seal_id, each.name) for each in seals]
    return found


def _hexadecimal(text: str) -> str:
    return text if len(text) == _HASH_SIGNS and all(sign in "0123456789abcdef" for sign in text) else ""


async def next_pending(page: Page, but: str) -> str:
    """The oldest other document that waits for the person; empty when there is none. It is not opened by this."""
    request = approval_pb.ListPendingRequest(page_size=2)
    try:
        answer = await page.caller.call(page.site.clients.approval.ListPending, request)
    except OnnaraError:
        return ""
    return next((line.document_id for line in answer.lines if line.document_id != but), "")


async def _gather(
    page: Page, document_id: str, line_version: int
) -> tuple[pb.Document, approval_pb.Line | None, list[Any], list[approval_pb.LineHistoryEntry]]:
    clients, caller = page.site.clients, page.caller
    document = await _document(page, document_id, line_version)
    line, acts, history = await asyncio.gather(
        _line(page, document.line_id, line_version),
        _acts(page, document),
        caller.call(clients.documents.GetHistory, pb.GetHistoryRequest(document_id=document_id)),
    )
    return document, line, list(history.entries), acts


async def _acts(page: Page, document: pb.Document) -> list[approval_pb.LineHistoryEntry]:
    """Everything done with the document's lines; none when it has no line, or is not the reader's to see."""
    if not document.line_id:
        return []
    request = approval_pb.GetLineHistoryRequest(document_id=document.document_id)
    try:
        answer = await page.caller.call(page.site.clients.approval.GetLineHistory, request, within=_PATIENCE)
    except OnnaraError:
        return []
    return list(answer.entries)


async def _document(page: Page, document_id: str, line_version: int) -> pb.Document:
    """The document; when it has not followed its line in time, as it stands: the decision is made, the card only lags."""
    method = page.site.clients.documents.GetDocument
    if line_version:
        request = pb.GetDocumentRequest(document_id=document_id, at_least_line_version=line_version, open=True)
        with suppress(TransientError):
            return (await page.caller.call(method, request, within=_PATIENCE)).document  # type: ignore[no-any-return]
    request = pb.GetDocumentRequest(document_id=document_id, open=True)
    return (await page.caller.call(method, request)).document  # type: ignore[no-any-return]


async def _line(page: Page, line_id: str, version: int) -> approval_pb.Line | None:
    """The line, or None when there is none yet or approval is away: the card is worth showing without it."""
    if not line_id:
        return None
    request = approval_pb.GetLineRequest(line_id=line_id, at_least_version=version)
    try:
        answer = await page.caller.call(page.site.clients.approval.GetLine, request, within=_PATIENCE)
    except OnnaraError:
        return None
    line: approval_pb.Line = answer.line
    return line
