"""One record: its bytes beside its fields; correcting the bytes and sending it through again; many at once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from chassis.errors import InvalidError, NotFoundError, OnnaraError, Problem, RefusalError
from gateway.counts import box_counts
from gateway.failures import status_of
from gateway.jobs import Job, named
from gateway.page import Official, Page, Posted
from gateway.pages.interop import record_name
from gateway.sentences import Sentence, from_details, problem_of, sentences
from gateway.views.octets import hex_rows, to_bytes, to_text
from gateway.views.words import RECORD_STATE, STAGE, badge, word
from onnara.adapters.v1 import interoperability_service_pb2 as pb

router = APIRouter(prefix="/interop")
# Looks at a travelling record before the page stops asking by itself.
_LOOKS = 40


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one record sent through again."""

    record_id: str
    name: str
    state: str
    problems: tuple[Problem, ...]


@router.get("/records/{record_id}")
async def show(page: Official, record_id: str) -> Response:
    """The record as it stands."""
    return await _show(page, record_id)


@router.get("/records/{record_id}/state")
async def state(page: Official, record_id: str, look: int = 0) -> Response:
    """How far a replayed record has come, for an open page."""
    got = await _get(page, record_id)
    return page.render(
        "parts/record_state.html",
        record=got.record,
        state=badge(page.reader, RECORD_STATE, got.state),
        raw_state=got.state,
        look=look + 1,
        travelling=got.state == "in-flight" and look < _LOOKS,
    )


@router.post("/records/{record_id}/replay", dependencies=[Posted])
async def replay(
    page: Official,
    record_id: str,
    request_id: Annotated[str, Form()],
    text: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Sends the record through again: with corrected bytes, or as it is when nothing was changed."""
    before = await _get(page, record_id)
    try:
        raw = _changed(before, text)
        request = pb.ReplayRecordRequest(request_id=request_id, record_id=record_id, raw=raw, note=note.strip())
        answer = await page.caller.call(page.site.clients.adapters.ReplayRecord, request)
    except NotFoundError:
        raise
    except RefusalError as error:
        problems = sentences(page.reader, error.problems)
        return await _show(page, record_id, text=text, note=note, problems=problems, status=status_of(error))
    if answer.state == "quarantined":
        problems = from_details(page.reader, answer.reasons)
        return await _show(page, record_id, text=text, note=note, problems=problems, status=422, still=True)
    return page.go(f"/interop/records/{record_id}?sent=1")


@router.post("/replay", dependencies=[Posted])
async def replay_many(
    page: Official,
    request: Request,
    job_id: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
    names: Annotated[str, Form()] = "{}",
) -> Response:
    """Sends ticked records through again with the present mapping; the page that follows shows how far they are."""
    ids = [str(value) for value in (await request.form()).getlist("record_id")]
    if not ids:
        return page.go("/interop/quarantine")
    if not note.strip():
        raise InvalidError("note-missing", field="note")
    known = named(names)
    page.site.jobs.start(
        Job(id=job_id, owner=page.session.key, total=len(ids)),
        _work(page, {each: known.get(each, each) for each in ids}, note.strip()),
    )
    return page.go(f"/interop/replay/{job_id}")


@router.get("/replay/{job_id}")
async def progress(page: Official, job_id: str) -> Response:
    """How far the replay is, and the outcome of each record."""
    job = page.site.jobs.find(job_id, page.session.key)
    if job is None:
        raise NotFoundError("job-unknown")
    rows = [
        (each.record_id, each.name, badge(page.reader, RECORD_STATE, each.state), sentences(page.reader, each.problems))
        for each in job.results
    ]
    if page.is_fragment:
        return page.render("parts/replay_progress.html", job=job, rows=rows)
    return page.render("replay_job.html", boxes=await box_counts(page), here="quarantine", job=job, rows=rows)


def _work(page: Page, names: dict[str, str], note: str) -> Callable[[Job], Awaitable[None]]:
    async def work(job: Job) -> None:
        for record_id, name in names.items():
            request = pb.ReplayRecordRequest(
                request_id=uuid5(NAMESPACE_URL, f"{job.id}/{record_id}").hex, record_id=record_id, note=note
            )
            try:
                answer = await page.caller.call(page.site.clients.adapters.ReplayRecord, request)
            except OnnaraError as error:
                job.results.append(Replayed(record_id, name, "quarantined", error.problems))
                continue
            problems = tuple(problem_of(reason) for reason in answer.reasons)
            job.results.append(Replayed(record_id, name, answer.state, problems))

    return work


def _changed(before: pb.GetRecordResponse, text: str) -> bytes:
    r"""The corrected bytes; empty when they are as before, so that the present mapping reads the same bytes again.

    Browsers post every line break as CR LF; a carriage return of the record itself stands in the text as ``\x0D``.
    """
    try:
        raw = to_bytes(text.replace("\r\n", "\n"), before.charset)
    except UnicodeEncodeError as error:
        params = {"character": error.object[error.start : error.end], "charset": before.charset}
        raise InvalidError("character-not-in-charset", params=params, field="text") from None
    return b"" if raw == before.raw else raw


async def _get(page: Page, record_id: str) -> pb.GetRecordResponse:
    request = pb.GetRecordRequest(record_id=record_id)
    answer: pb.GetRecordResponse = await page.caller.call(page.site.clients.adapters.GetRecord, request)
    return answer


async def _show(
    page: Page,
    record_id: str,
    *,
    text: str | None = None,
    note: str = "",
    problems: list[Sentence] | None = None,
    still: bool = False,
    status: int = 200,
) -> Response:
    got = await _get(page, record_id)
    fields = [(field.name, field.offset, field.length) for field in got.fields]
    values: dict[str, Any] = {
        "record": got.record,
        "name": record_name(page.reader, got.record),
        "charset": got.charset,
        "revision": got.revision,
        "size": len(got.raw),
        "rows": hex_rows(got.raw, got.record.offset, got.charset, fields),
        "fields": [(field, from_details(page.reader, field.findings)) for field in got.fields],
        "faulty": {field.name for field in got.fields if field.findings},
        "reasons": from_details(page.reader, got.record.reasons),
        "stage": word(page.reader, STAGE, got.record.stage),
        "state": badge(page.reader, RECORD_STATE, got.state),
        "raw_state": got.state,
        "text": to_text(got.raw, got.charset) if text is None else text,
        "note": note,
        "problems": problems or [],
        "still": still,
        "request_id": uuid4().hex,
        "look": 0,
        "travelling": got.state == "in-flight",
    }
    return page.render("record.html", status=status, boxes=await box_counts(page), here="quarantine", **values)
