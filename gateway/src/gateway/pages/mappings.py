"""Mappings of a connection: tried on a sample, edited row by row, proposed, decided on by a second person; files compared."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response

from chassis.errors import NotFoundError, RefusalError
from gateway.counts import box_counts
from gateway.failures import status_of
from gateway.page import Official, Page, Posted
from gateway.sentences import Sentence, from_details, sentences
from gateway.views.mapping import LOSSES, Outcome, changes, edited, next_version, outcome, rows_of
from gateway.views.words import MAPPING_STATE, RECORD_STATE, badge
from onnara.adapters.v1 import mapping_service_pb2 as pb

router = APIRouter(prefix="/interop")
# A sample travels with the form from one trial to the next.
_LARGEST_KEPT = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """A file somebody dropped; kept: it fits into the form."""

    name: str = ""
    data: bytes = b""

    @property
    def kept(self) -> str:
        """For a hidden field; empty when it is too large to travel."""
        return base64.b64encode(self.data).decode() if 0 < len(self.data) <= _LARGEST_KEPT else ""


@router.get("/mappings/{endpoint}")
async def show(page: Official, endpoint: str, version: int = 0) -> Response:
    """The mapping in force, or another version to begin from."""
    got = await page.caller.call(
        page.site.clients.mappings.GetMapping, pb.GetMappingRequest(endpoint=endpoint, version=version)
    )
    return await _show(page, endpoint, got.text)


@router.post("/mappings/{endpoint}/try", dependencies=[Posted])
async def attempt(page: Official, endpoint: str, request: Request, sample: UploadFile | None = None) -> Response:
    """What the mapping as it stands in the form makes of the sample. Nothing is stored."""
    form = {name: str(value) for name, value in (await request.form()).items() if isinstance(value, str)}
    chosen = await _sample(sample, form)
    text = form.get("text", "")
    try:
        text = _text(form)
        if not chosen.data:
            return await _show(page, endpoint, text)
        wanted = pb.TryMappingRequest(
            endpoint=endpoint, text=text, sample=pb.Sample(name=chosen.name, parts={chosen.name: chosen.data})
        )
        answer = await page.caller.call(page.site.clients.mappings.TryMapping, wanted)
    except NotFoundError:
        raise
    except RefusalError as error:
        problems = sentences(page.reader, error.problems)
        return await _show(page, endpoint, text, sample=chosen, problems=problems, status=status_of(error))
    return await _show(page, endpoint, text, sample=chosen, result=outcome(page.reader, answer))


@router.post("/mappings/{endpoint}/propose", dependencies=[Posted])
async def propose(
    page: Official,
    endpoint: str,
    text: Annotated[str, Form()],
    request_id: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Keeps the mapping as the next version until a second person has looked at it."""
    text = text.replace("\r\n", "\n")
    listed = await _versions(page, endpoint)
    wanted = pb.ProposeMappingRequest(
        request_id=request_id,
        endpoint=endpoint,
        text=next_version(text, max(each.version for each in listed) + 1),
        note=note.strip(),
    )
    try:
        await page.caller.call(page.site.clients.mappings.ProposeMapping, wanted)
    except NotFoundError:
        raise
    except RefusalError as error:
        problems = sentences(page.reader, error.problems)
        return await _show(page, endpoint, text, note=note, problems=problems, status=status_of(error))
    return page.go(f"/interop/mappings/{endpoint}?done=proposed")


@router.post("/mappings/{endpoint}/decide", dependencies=[Posted])
async def decide(
    page: Official,
    endpoint: str,
    version: Annotated[int, Form()],
    request_id: Annotated[str, Form()],
    refuse: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Puts a colleague's proposal in force, or refuses it with a reason."""
    wanted = pb.DecideMappingRequest(
        request_id=request_id, endpoint=endpoint, version=version, refuse=bool(refuse), reason=reason.strip()
    )
    try:
        await page.caller.call(page.site.clients.mappings.DecideMapping, wanted)
    except NotFoundError:
        raise
    except RefusalError as error:
        got = await page.caller.call(page.site.clients.mappings.GetMapping, pb.GetMappingRequest(endpoint=endpoint))
        problems = sentences(page.reader, error.problems)
        return await _show(page, endpoint, got.text, problems=problems, reason=reason, status=status_of(error))
    return page.go(f"/interop/mappings/{endpoint}?done={'refused' if refuse else 'live'}")


@router.get("/files/{file_id}/compare")
async def compare(page: Official, file_id: str) -> Response:
    """What the mapping in force would make of a file, beside what was made of it."""
    return await _compare(page, file_id)


@router.post("/files/{file_id}/replay", dependencies=[Posted])
async def replay(
    page: Official, file_id: str, request_id: Annotated[str, Form()], note: Annotated[str, Form()] = ""
) -> Response:
    """Reads the file's quarantined records again by the mapping in force."""
    wanted = pb.ReplayFileRequest(request_id=request_id, file_id=file_id, note=note.strip())
    try:
        done = await page.caller.call(page.site.clients.mappings.ReplayFile, wanted)
    except NotFoundError:
        raise
    except RefusalError as error:
        return await _compare(
            page, file_id, note=note, problems=sentences(page.reader, error.problems), status=status_of(error)
        )
    return await _compare(page, file_id, done=done)


async def _compare(
    page: Page,
    file_id: str,
    *,
    note: str = "",
    problems: list[Sentence] | None = None,
    done: pb.ReplayFileResponse | None = None,
    status: int = 200,
) -> Response:
    request = pb.CompareFileRequest(file_id=file_id)
    answer = await page.caller.call(page.site.clients.mappings.CompareFile, request)
    rows = [
        (each, badge(page.reader, RECORD_STATE, each.state), from_details(page.reader, each.findings_after))
        for each in answer.changes
    ]
    return page.render(
        "compare.html",
        status=status,
        boxes=await box_counts(page),
        here="files",
        file_id=file_id,
        answer=answer,
        rows=rows,
        note=note,
        problems=problems or [],
        done=done,
        request_id=uuid4().hex,
    )


async def _show(
    page: Page,
    endpoint: str,
    text: str,
    *,
    sample: Sample | None = None,
    result: Outcome | None = None,
    problems: list[Sentence] | None = None,
    note: str = "",
    reason: str = "",
    status: int = 200,
) -> Response:
    mappings = page.site.clients.mappings
    listed = await _versions(page, endpoint)
    live = next(each.version for each in listed if each.in_force)
    in_force = (await page.caller.call(mappings.GetMapping, pb.GetMappingRequest(endpoint=endpoint))).text
    waiting = next((each for each in listed if each.state == pb.MAPPING_STATE_PROPOSED), None)
    difference: Any = []
    if waiting:
        asked = pb.GetMappingRequest(endpoint=endpoint, version=waiting.version)
        difference = changes(in_force, (await page.caller.call(mappings.GetMapping, asked)).text)
    return page.render(
        "mapping.html",
        status=status,
        boxes=await box_counts(page),
        here="interop",
        endpoint=endpoint,
        versions=[(each, badge(page.reader, MAPPING_STATE, each.state)) for each in listed],
        live=live,
        text=text,
        rows=rows_of(text),
        losses=[(value, page.reader.text(text)) for value, text in LOSSES.items()],
        own_changes=changes(in_force, text),
        waiting=waiting,
        difference=difference,
        sample=sample or Sample(),
        result=result,
        problems=problems or [],
        note=note,
        reason=reason,
        request_id=uuid4().hex,
    )


async def _versions(page: Page, endpoint: str) -> list[pb.MappingVersion]:
    request = pb.ListMappingsRequest(endpoint=endpoint)
    return list((await page.caller.call(page.site.clients.mappings.ListMappings, request)).versions)


async def _sample(sent: UploadFile | None, form: dict[str, str]) -> Sample:
    """The file just dropped, else the one that travels with the form."""
    if sent is not None and sent.filename:
        return Sample(sent.filename.rpartition("/")[2], await sent.read())
    try:
        return Sample(form.get("kept_name", ""), base64.b64decode(form.get("kept", ""), validate=True))
    except binascii.Error:
        return Sample()


def _text(form: dict[str, str]) -> str:
    """The whole text when somebody has changed it, else the text with the cells of its rows."""
    base, whole = form.get("text", "").replace("\r\n", "\n"), form.get("whole", "").replace("\r\n", "\n")
    if whole.strip() and whole.strip() != base.strip():
        return whole
    return edited(base, form)
