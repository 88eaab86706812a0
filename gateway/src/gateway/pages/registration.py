"""Registration data of one document: what is registered, every change of it, and the form of the records officer.

Reading it opens no text. Who is not the records officer sees whom to ask (공공기록물법 시행규칙 6).
"""

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.errors import NotFoundError, OnnaraError, TransientError
from gateway.counts import box_counts
from gateway.failures import status_of
from gateway.page import Official, Page, Posted
from gateway.pages.acts import Form
from gateway.sentences import Sentence, sentences
from gateway.views.choices import ITEMS, LIMITS, RANGES, choices
from gateway.views.registration import Registration, amendments, in_words, registration_of
from gateway.views.words import DISCLOSURE, DOCUMENT, RETENTION, badge
from onnara.directory.v1 import directory_service_pb2 as directory_pb
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as exchange_pb

router = APIRouter(prefix="/documents/{document_id}/registration")
ACT, OFFICER = "change-registration", "records"


@router.get("")
async def show(page: Official, document_id: str, done: int = 0) -> Response:
    """What is registered, and what was changed of it."""
    return await _show(page, document_id, done=bool(done))


@router.post("", dependencies=[Posted])
async def change(page: Official, document_id: str, request: Request) -> Response:
    """Changes the fields that differ from what was shown; refused, the form comes back as it was filled."""
    form = await form_of(request)
    wanted, reason = read_form(form), form.one("reason")
    before = registration_of(await _document(page, document_id))
    asked = pb.ChangeRegistrationRequest(
        request_id=form.one("request_id"),
        document_id=document_id,
        expected_version=form.number("version"),
        reason=reason,
        changed=wanted.content(),
        fields=wanted.changed_from(before),
    )
    try:
        await page.caller.call(page.site.clients.documents.ChangeRegistration, asked)
    except NotFoundError:
        raise
    except OnnaraError as error:
        problems, kept = sentences(page.reader, error.problems), kept_id(error, form)
        return await _show(
            page, document_id, typed=wanted, reason=reason, problems=problems, request_id=kept, status=status_of(error)
        )
    return page.go(f"/documents/{document_id}/registration?done=1")


def kept_id(error: OnnaraError, form: Form) -> str:
    """The form's id where nobody knows whether it was done, so that it is done once; a new one after a refusal."""
    return form.one("request_id") if isinstance(error, TransientError) else uuid4().hex


async def form_of(request: Request) -> Form:
    """The posted form."""
    sent = await request.form()
    names = list(dict.fromkeys(sent.keys()))
    return Form(
        {name: str(sent[name]) for name in names}, {name: [str(each) for each in sent.getlist(name)] for name in names}
    )


def read_form(form: Form) -> Registration:
    """Registration data as posted. Raises InvalidError form-unreadable."""
    level, limit = form.number("level"), form.number("limit")
    closed = level != exchange_pb.DISCLOSURE_LEVEL_OPEN
    return Registration(
        title=form.one("title"),
        task=form.one("task"),
        level=level,
        # What is open has no items and no reason, whatever still stood in the folded fields.
        items=form.digits("item") if closed else (),
        why_closed=form.one("why_closed") if closed else "",
        retention=form.number("retention"),
        reach=form.number("reach"),
        limit=limit,
        limit_day=form.one("limit_day") if limit == exchange_pb.READING_LIMIT_UNTIL_DAY else "",
    )


def disclosure_choices(page: Page) -> dict[str, Any]:
    """What the fields of a disclosure offer."""
    levels = [(int(value), page.reader.text(text)) for value, text in DISCLOSURE.items()]
    return {"levels": levels, "items": choices(page.reader, ITEMS)}


async def _document(page: Page, document_id: str) -> pb.Document:
    request = pb.GetDocumentRequest(document_id=document_id)
    answer: pb.GetDocumentResponse = await page.caller.call(page.site.clients.documents.GetDocument, request)
    return answer.document


async def _officers(page: Page) -> list[tuple[str, str]]:
    """Name and department of the agency's records officers; none when the directory is away."""
    try:
        request = directory_pb.ListOfficialsRequest()
        answer = await page.caller.call(page.site.clients.directory.ListOfficials, request)
    except OnnaraError:
        return []
    return [
        (f"{each.name} {each.position}", each.department_name) for each in answer.officials if OFFICER in each.roles
    ]


async def _show(
    page: Page,
    document_id: str,
    *,
    typed: Registration | None = None,
    reason: str = "",
    problems: list[Sentence] | None = None,
    request_id: str = "",
    status: int = 200,
    done: bool = False,
) -> Response:
    document = await _document(page, document_id)
    documents, reader = page.site.clients.documents, page.reader
    history = await page.caller.call(documents.GetHistory, pb.GetHistoryRequest(document_id=document_id))
    may, kept = ACT in document.allowed, registration_of(document)
    tasks = (await page.caller.call(documents.ListTasks, pb.ListTasksRequest())).tasks if may else ()
    return page.render(
        "registration.html",
        status=status,
        boxes=await box_counts(page),
        here="",
        document_id=document_id,
        title=document.content.title,
        number=document.content.registration.text,
        state=badge(reader, DOCUMENT, document.state),
        cancelled=document.cancelled,
        version=document.version,
        request_id=request_id or uuid4().hex,
        may=may,
        form=typed or kept,
        now=in_words(reader, kept, document.content.task.name),
        reason=reason,
        tasks=[(each.task.code, each.task.name) for each in tasks],
        retentions=choices(reader, {int(value): text for value, text in RETENTION.items()}),
        ranges=choices(reader, RANGES),
        limits=choices(reader, LIMITS),
        offered=disclosure_choices(page),
        officers=[] if may else await _officers(page),
        amendments=amendments(reader, history.entries),
        problems=problems or [],
        done=done,
    )
