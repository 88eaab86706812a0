"""Writing a document: the draft's page, saving as one types, checking, sending into the line.

Data goes: page -> JSON of the browser (proto3 JSON of ``OfficialDocument``) -> documents -> JSON answer with sentences.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError

from chassis.errors import ConflictError, InvalidError, NotFoundError, OnnaraError, RefusalError
from gateway.counts import box_counts
from gateway.failures import as_json, status_of
from gateway.page import Official, Page, Posted
from gateway.sentences import from_details
from gateway.views.body import safe_body
from gateway.views.draft import draft_view
from gateway.views.form import pictures
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1.official_document_pb2 import ApprovalStep, OfficialDocument

router = APIRouter(prefix="/drafts")
revisions = APIRouter()
_EDITABLE = {pb.DOCUMENT_STATE_DRAFT, pb.DOCUMENT_STATE_RETURNED}
_PATIENCE = 3.0
_DRAFTS = pb.ListDocumentsRequest(box=pb.BOX_DRAFTS, page_size=100)


@router.get("/new")
async def new(page: Official) -> Response:
    """An empty sheet; nothing is stored before something is written."""
    return await _show(page, pb.Document())


@router.get("/others")
async def others(page: Official, without: str = "") -> Response:
    """The writer's other drafts, which may be decided on together with this one."""
    found = (await page.caller.call(page.site.clients.documents.ListDocuments, _DRAFTS)).documents
    return JSONResponse(
        [
            {"id": each.document_id, "title": each.title or page.reader.text("(no title)")}
            for each in found
            # What colleagues let one write along on is theirs to submit.
            if each.document_id != without and each.drafter_name == page.session.name
        ]
    )


@router.get("/{document_id}")
async def show(page: Official, document_id: str) -> Response:
    """A draft, or a returned document that its author writes anew."""
    request = pb.GetDocumentRequest(document_id=document_id, open=True)
    document = (await page.caller.call(page.site.clients.documents.GetDocument, request)).document
    if document.state not in _EDITABLE:
        return page.go(f"/documents/{document_id}")
    return await _show(page, document)


@router.post("/save", dependencies=[Posted])
async def save(page: Official, request: Request) -> Response:
    """Stores the draft: the first time it gets its id, then its next version."""
    sent = await _sent(request)
    content = _content(sent)
    documents = page.site.clients.documents
    document_id, version = str(sent.get("document_id", "")), int(sent.get("version", 0))
    request_id = str(sent.get("request_id") or uuid4().hex)
    try:
        if document_id:
            update = pb.UpdateDraftRequest(
                request_id=request_id, document_id=document_id, expected_version=version, content=content
            )
            version = (await page.caller.call(documents.UpdateDraft, update)).version
        else:
            create = pb.CreateDocumentRequest(request_id=request_id, content=content)
            made = await page.caller.call(documents.CreateDocument, create)
            document_id, version = made.document_id, made.version
    except ConflictError as error:
        if error.code != "document-moved-on":
            return refused(page, error)
        return as_json(page.reader, error, 409, theirs=await _theirs(page, document_id))
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({"document_id": document_id, "version": version})


async def _theirs(page: Page, document_id: str) -> dict[str, Any]:
    """What somebody else stored meanwhile, to be looked at beside one's own text; only its state when it is no draft now."""
    request = pb.GetDocumentRequest(document_id=document_id, open=True)
    document = (await page.caller.call(page.site.clients.documents.GetDocument, request)).document
    last = document.versions[-1] if document.versions else pb.DocumentVersion()
    return {
        "open": document.state in _EDITABLE,
        "version": document.version,
        "title": document.content.title,
        "body": str(safe_body(document.content.body, pictures(document))),
        "who": " ".join(part for part in (last.author_position, last.author_name) if part),
        "at": page.reader.moment(document.changed_at),
    }


@router.post("/check", dependencies=[Posted])
async def check(page: Official, request: Request) -> Response:
    """Findings about title and body by the rules of the official layout; with ``correct`` the corrected body too."""
    sent = await _sent(request)
    wanted = pb.CheckBodyRequest(
        title=str(sent.get("title", "")),
        body=str(sent.get("body", "")),
        attachment_count=int(sent.get("attachment_count", 0)),
        has_recipients=bool(sent.get("has_recipients")),
        correct=bool(sent.get("correct")),
    )
    try:
        answer = await page.caller.call(page.site.clients.documents.CheckBody, wanted)
    except RefusalError as error:
        return refused(page, error)
    findings = [
        {
            "text": from_details(page.reader, [each.detail])[0].text,
            "excerpt": each.excerpt,
            "suggestion": each.suggestion,
            "must": each.must,
            "paragraph": each.paragraph,
        }
        for each in answer.findings
    ]
    return JSONResponse({"findings": findings, "corrected": answer.corrected})


@router.post("/submit", dependencies=[Posted])
async def submit(page: Official, request: Request) -> Response:
    """Sends the draft into its line, after the line was checked; answers where the document now is, or all problems."""
    sent = await _sent(request)
    steps = steps_of(sent)
    content = _content(sent)
    check_line = approval_pb.CheckLineRequest(
        kind=content.kind,
        task_code=content.task.code,
        steps=steps,
        joint_agency_ids=[str(each) for each in sent.get("joint", ())],
    )
    try:
        checked = await page.caller.call(page.site.clients.approval.CheckLine, check_line)
        if checked.problems:
            found = from_details(page.reader, checked.problems)
            return JSONResponse({"problems": [asdict(each) for each in found]}, status_code=422)
        document_id, line_id = await _submitted(page, sent, steps)
    except RefusalError as error:
        return refused(page, error)
    await _line_is_open(page, line_id)
    return JSONResponse({"address": f"/documents/{document_id}?acted=submit"})


async def _submitted(page: Page, sent: Mapping[str, Any], steps: list[ApprovalStep]) -> tuple[str, str]:
    """Sends the draft into its line, with the other drafts of a batch (일괄기안) behind it; answers document and line."""
    documents, request_id = page.site.clients.documents, str(sent.get("request_id") or uuid4().hex)
    document_id, version = str(sent.get("document_id", "")), int(sent.get("version", 0))
    others = [str(each) for each in sent.get("batch", ())]
    if not others:
        submission = pb.SubmitDocumentRequest(
            request_id=request_id,
            document_id=document_id,
            expected_version=version,
            steps=steps,
            carry_over=bool(sent.get("carry_over")),
        )
        made = await page.caller.call(documents.SubmitDocument, submission)
        return made.document_id, made.line_id
    drafts = [pb.DraftVersion(document_id=document_id, expected_version=version)]
    for other in others:
        found = (await page.caller.call(documents.GetDocument, pb.GetDocumentRequest(document_id=other))).document
        drafts.append(pb.DraftVersion(document_id=other, expected_version=found.version))
    batch = pb.SubmitBatchRequest(request_id=request_id, drafts=drafts, steps=steps)
    return document_id, (await page.caller.call(documents.SubmitBatch, batch)).line_id


@router.post("/{document_id}/co-drafters", dependencies=[Posted])
async def co_drafters(page: Official, document_id: str, request: Request) -> Response:
    """Everybody who shall write on the draft beside its author from now on."""
    sent = await _sent(request)
    wanted = pb.SetCoDraftersRequest(
        request_id=uuid4().hex, document_id=document_id, official_ids=[str(each) for each in sent.get("officials", ())]
    )
    try:
        await page.caller.call(page.site.clients.documents.SetCoDrafters, wanted)
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({})


@router.post("/{document_id}/delete", dependencies=[Posted])
async def delete(page: Official, document_id: str, request: Request) -> Response:
    """Throws a never submitted draft away."""
    version = int(str((await request.form()).get("version", "0")) or 0)
    wanted = pb.DeleteDraftRequest(request_id=uuid4().hex, document_id=document_id, expected_version=version)
    await page.caller.call(page.site.clients.documents.DeleteDraft, wanted)
    return page.go("/boxes/drafts")


@router.post("/from/{document_id}", dependencies=[Posted])
async def redraft(page: Official, document_id: str, request: Request) -> Response:
    """A new draft of a document the person may read; ``answer``: sender and recipient change places."""
    answer = bool((await request.form()).get("answer"))
    wanted = pb.RedraftRequest(request_id=uuid4().hex, document_id=document_id, answer=answer)
    made = await page.caller.call(page.site.clients.documents.Redraft, wanted)
    return page.go(f"/drafts/{made.document_id}")


@revisions.get("/documents/{document_id}/revise")
async def revise(page: Official, document_id: str) -> Response:
    """The editor on the text of a document under way."""
    request = pb.GetDocumentRequest(document_id=document_id, open=True)
    document = (await page.caller.call(page.site.clients.documents.GetDocument, request)).document
    return page.render(
        "revise.html",
        boxes=await box_counts(page),
        here="",
        draft=draft_view(page.reader, document, (), page.session),
    )


@revisions.post("/documents/{document_id}/revise", dependencies=[Posted])
async def store_revision(page: Official, document_id: str, request: Request) -> Response:
    """Stores the changed text beside the one that is under way; the decision on the card then names it."""
    sent = await _sent(request)
    try:
        base = bytes.fromhex(str(sent.get("base", "")))
    except ValueError:
        raise InvalidError("form-unreadable", field="base") from None
    wanted = pb.ReviseDocumentRequest(
        request_id=uuid4().hex, document_id=document_id, base_hash=base, content=_content(sent)
    )
    try:
        made = await page.caller.call(page.site.clients.documents.ReviseDocument, wanted)
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({"address": f"/documents/{document_id}?revision={made.manifest_hash.hex()}#decide"})


def refused(page: Page, error: OnnaraError) -> Response:
    """A refusal as JSON with sentences in the reader's language."""
    return as_json(page.reader, error, status_of(error))


def steps_of(sent: Mapping[str, Any]) -> list[ApprovalStep]:
    """Steps as the browser's line editor sends them. Raises InvalidError form-unreadable."""
    try:
        return [ParseDict(step, ApprovalStep(), ignore_unknown_fields=True) for step in sent.get("steps", ())]
    except (ParseError, TypeError):
        raise InvalidError("form-unreadable", field="steps") from None


async def _show(page: Page, document: pb.Document) -> Response:
    documents = page.site.clients.documents
    boxes = await box_counts(page)
    tasks = (await page.caller.call(documents.ListTasks, pb.ListTasksRequest())).tasks
    if document.document_id and not document.content.ByteSize():
        raise NotFoundError("document-unknown")
    return page.render(
        "draft.html",
        boxes=boxes,
        here="new" if not document.document_id else "drafts",
        draft=draft_view(page.reader, document, tasks, page.session, await _author(page, document)),
        problems=from_details(page.reader, document.problems),
    )


async def _author(page: Page, document: pb.Document) -> str:
    """Name of the author of a draft somebody writes along on; the list of drafts tells it."""
    if not document.document_id or "submit" in document.allowed:
        return ""
    found = (await page.caller.call(page.site.clients.documents.ListDocuments, _DRAFTS)).documents
    return next((each.drafter_name for each in found if each.document_id == document.document_id), "")


async def _line_is_open(page: Page, line_id: str) -> None:
    """Waits a moment for the line, so that the card that follows shows it; the card can do without."""
    request = approval_pb.GetLineRequest(line_id=line_id, at_least_version=1)
    try:
        await page.caller.call(page.site.clients.approval.GetLine, request, within=_PATIENCE)
    except OnnaraError:
        return


async def _sent(request: Request) -> Mapping[str, Any]:
    try:
        sent = await request.json()
    except ValueError:
        raise InvalidError("form-unreadable") from None
    if not isinstance(sent, dict):
        raise InvalidError("form-unreadable")
    return sent


def _content(sent: Mapping[str, Any]) -> OfficialDocument:
    try:
        return ParseDict(sent.get("content", {}), OfficialDocument(), ignore_unknown_fields=True)
    except (ParseError, TypeError):
        raise InvalidError("form-unreadable", field="content") from None


def message_json(message: Any) -> Any:
    """A message as the browser's modules read it."""
    return MessageToDict(message)
