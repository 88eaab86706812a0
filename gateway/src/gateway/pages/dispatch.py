"""The sending desk: the board of documents on their way, the seal ledger, the registered seals."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Query, UploadFile
from fastapi.responses import Response

from chassis.errors import RefusalError
from chassis.rpc import bearer
from gateway.counts import box_counts
from gateway.failures import status_of
from gateway.page import Official, Page, Posted
from gateway.sentences import Sentence, sentences
from gateway.views.choices import SEALS, choices
from gateway.views.delivery import track
from gateway.views.given import NOTHING, Given
from gateway.views.words import DOCUMENT, badge, word
from onnara.documents.v1 import dispatch_service_pb2 as pb
from onnara.documents.v1 import documents_service_pb2 as documents_pb

router = APIRouter()
_PIECE = 256 * 1024
# Years of the ledger that are offered.
_EARLIER = 10


@router.get("/dispatch")
async def board(page: Official, settle: int = 0, after: str = "") -> Response:
    """Documents of the department on their way, each with its copies; ``settle``: only what waits for somebody."""
    request = pb.ListDispatchesRequest(to_settle=bool(settle), page_size=30, page_token=after)
    answer = await page.caller.call(page.site.clients.dispatch.ListDispatches, request)
    rows = [
        (
            each.document,
            badge(page.reader, DOCUMENT, each.document.state),
            [(track(page.reader, copy), copy) for copy in each.deliveries],
        )
        for each in answer.entries
    ]
    return page.render(
        "dispatch.html",
        boxes=await box_counts(page),
        here="trouble" if settle else "dispatch",
        settle=settle,
        rows=rows,
        given=NOTHING,
        following=answer.next_page_token,
        first_page=not after,
    )


@router.get("/seals")
async def ledger(
    page: Official, year: Annotated[int, Query(ge=0, le=9999)] = 0, after: str = "", done: str = ""
) -> Response:
    """The seal ledger of a year, 0: this one; and the seals in use."""
    return await _ledger(page, year, after, done=done)


@router.post("/seals", dependencies=[Posted])
async def register(
    page: Official,
    name: Annotated[str, Form()],
    kind: Annotated[int, Form()],
    image: UploadFile,
) -> Response:
    """Registers a seal with its picture."""

    async def pieces() -> AsyncIterator[documents_pb.UploadAttachmentRequest]:
        yield documents_pb.UploadAttachmentRequest(name=image.filename or "seal.png", media_type="image/png")
        while piece := await image.read(_PIECE):
            yield documents_pb.UploadAttachmentRequest(chunk=piece)

    try:
        metadata = bearer(await page.caller.token())
        stored = await page.site.clients.documents.UploadAttachment(pieces(), metadata=metadata)
        seal = pb.RegisteredSeal(name=name.strip(), kind=kind, image=stored.attachment)  # type: ignore[arg-type]
        request = pb.RegisterSealRequest(request_id=uuid4().hex, seal=seal)
        await page.caller.call(page.site.clients.dispatch.RegisterSeal, request)
    except RefusalError as error:
        typed = Given("register", {"name": [name], "kind": [str(kind)]})
        return await _ledger(
            page, problems=sentences(page.reader, error.problems), status=status_of(error), typed=typed
        )
    return page.go("/seals?done=seal")


@router.post("/seals/{seal_id}/dispose", dependencies=[Posted])
async def dispose(page: Official, seal_id: str, reason: Annotated[str, Form()] = "") -> Response:
    """Takes a seal out of use; what it has sealed stays."""
    request = pb.DisposeSealRequest(request_id=uuid4().hex, seal_id=seal_id, reason=reason.strip())
    try:
        await page.caller.call(page.site.clients.dispatch.DisposeSeal, request)
    except RefusalError as error:
        typed = Given(f"dispose-{seal_id}", {"reason": [reason]})
        return await _ledger(
            page, problems=sentences(page.reader, error.problems), status=status_of(error), typed=typed
        )
    return page.go("/seals?done=seal-disposed")


async def _ledger(
    page: Page,
    year: int = 0,
    after: str = "",
    *,
    done: str = "",
    problems: list[Sentence] | None = None,
    typed: Given = NOTHING,
    status: int = 200,
) -> Response:
    this = datetime.now(UTC).astimezone(page.reader.zone).year
    dispatch = page.site.clients.dispatch
    answer = await page.caller.call(
        dispatch.ListImprints, pb.ListImprintsRequest(year=year, page_size=50, page_token=after)
    )
    seals = (await page.caller.call(dispatch.ListSeals, pb.ListSealsRequest())).seals
    capacity = page.session.capacity
    return page.render(
        "seals.html",
        status=status,
        boxes=await box_counts(page),
        here="seals",
        year=year or this,
        years=range(this, this - _EARLIER, -1),
        done=done,
        given=typed,
        rows=[(each, word(page.reader, SEALS, each.kind)) for each in answer.imprints],
        seals=[(each, word(page.reader, SEALS, each.kind)) for each in seals],
        kinds=choices(page.reader, SEALS)[:2],
        keeper=bool(capacity and "seal-keeper" in capacity.roles),
        following=answer.next_page_token,
        first_page=not after,
        problems=problems or [],
    )
