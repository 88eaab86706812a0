"""What a writer looks up while typing: people, receiving units, proposed lines, templates. JSON in, JSON out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from chassis.errors import RefusalError
from gateway.i18n import Reader
from gateway.page import Official, Page, Posted
from gateway.pages.drafts import message_json, refused, steps_of
from gateway.sentences import from_details
from gateway.views.choices import ABSENCES
from gateway.views.words import word
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1.events_pb2 import UnitData
from onnara.documents.v1 import documents_service_pb2 as documents_pb

router = APIRouter(prefix="/lookup")
_STEP = re.compile(r"steps\[(\d+)\]")
_ROWS, _MANY = 12, 100
# Levels of posts that decide for an agency on a joint draft: its head, and the one next to it.
_LEADING = 2
_RECEIVED = {
    documents_pb.DOCUMENT_STATE_ACCEPTED,
    documents_pb.DOCUMENT_STATE_ASSIGNED,
    documents_pb.DOCUMENT_STATE_COMPLETED,
    documents_pb.DOCUMENT_STATE_FORWARDING,
    documents_pb.DOCUMENT_STATE_FORWARDED,
}


@router.get("/people")
async def people(page: Official, q: str = "", agency: str = "") -> Response:
    """Officials by the beginning of name, position or department."""
    request = pb.SearchOfficialsRequest(query=q.strip(), agency_id=agency, page_size=_ROWS)
    found = (await page.caller.call(page.site.clients.directory.SearchOfficials, request)).officials
    return JSONResponse([_person(page.reader, each) for each in found])


@router.get("/heads")
async def heads(page: Official, agency: str) -> Response:
    """Who decides for another agency: its head and the one next to it, the head first."""
    request = pb.SearchOfficialsRequest(agency_id=agency, page_size=_MANY)
    found = (await page.caller.call(page.site.clients.directory.SearchOfficials, request)).officials
    leading = sorted((each for each in found if 0 < each.level <= _LEADING), key=lambda each: each.level)
    return JSONResponse([_person(page.reader, each) for each in leading])


@router.get("/documents")
async def documents(page: Official, q: str = "") -> Response:
    """Documents the writer may read, by words of the title or by number."""
    words = q.strip()
    request = documents_pb.SearchDocumentsRequest(page_size=_ROWS)
    if "-" in words and words[-1].isdigit():
        request.number = words
    else:
        request.title = words
    found = (await page.caller.call(page.site.clients.documents.SearchDocuments, request)).documents if words else []
    return JSONResponse(
        [
            {
                "id": each.document_id,
                "title": each.title,
                "number": each.registration.text,
                "received": each.state in _RECEIVED,
            }
            for each in found
        ]
    )


@router.get("/units")
async def units(page: Official, q: str = "") -> Response:
    """Agencies and departments of the whole government by name or code."""
    return _units(await _found(page, q, _ROWS))


@router.get("/departments")
async def departments(page: Official, q: str = "") -> Response:
    """Departments of the writer's own agency by name or code."""
    capacity = page.session.capacity
    request = pb.GetUnitRequest(code=capacity.department_code if capacity else "")
    own = (await page.caller.call(page.site.clients.directory.GetUnit, request)).unit.agency_id
    found = [each for each in await _found(page, q, _MANY) if each.agency_id == own and not each.is_agency]
    return _units(found[:_ROWS])


async def _found(page: Page, words: str, most: int) -> Sequence[UnitData]:
    request = pb.SearchUnitsRequest(query=words.strip(), page_size=most, only_active=True)
    if not words.strip():
        return ()
    found: Sequence[UnitData] = (await page.caller.call(page.site.clients.directory.SearchUnits, request)).units
    return found


def _units(found: Iterable[UnitData]) -> Response:
    return JSONResponse(
        [
            {
                "code": each.code,
                "name": each.name,
                "fullName": each.full_name or each.name,
                "agency": each.is_agency,
                "head": each.head_title,
                "agencyId": each.agency_id,
                "here": each.served_here,
            }
            for each in found
        ]
    )


@router.get("/lines")
async def lines(page: Official, kind: int = 0, task: str = "") -> Response:
    """Lines to begin with: as last used, from templates, by the rules of delegated decision."""
    request = approval_pb.ProposeLineRequest(kind=kind, task_code=task)  # type: ignore[arg-type]
    answer = await page.caller.call(page.site.clients.approval.ProposeLine, request)
    proposals = [
        {
            "kind": approval_pb.ProposalKind.Name(each.kind),
            "name": each.name,
            "templateId": each.template_id,
            "steps": [message_json(step) for step in each.steps],
            "problems": [problem.text for problem in from_details(page.reader, each.problems)],
        }
        for each in answer.proposals
    ]
    return JSONResponse({"proposals": proposals, "level": answer.level, "rule": answer.rule, "audit": answer.audit})


@router.post("/line-check", dependencies=[Posted])
async def line_check(page: Official, request: Request) -> Response:
    """Every reason why the line would be refused, with the place of the step it is about, from 0; -1: about the line."""
    sent = await request.json()
    wanted = approval_pb.CheckLineRequest(
        kind=sent.get("kind", 0),
        task_code=str(sent.get("task", "")),
        steps=steps_of(sent),
        joint_agency_ids=[str(each) for each in sent.get("joint", ())],
    )
    try:
        answer = await page.caller.call(page.site.clients.approval.CheckLine, wanted)
    except RefusalError as error:
        return refused(page, error)
    found = zip(from_details(page.reader, answer.problems), answer.problems, strict=True)
    return JSONResponse({"problems": [asdict(each) | {"step": _step_of(detail)} for each, detail in found]})


def _step_of(detail: ErrorDetail) -> int:
    """Place of the step a problem of a line is about: by its field, or by the order it names."""
    found = _STEP.match(detail.field)
    order = detail.params.get("order", "")
    return int(found[1]) if found else int(order) - 1 if order.isdigit() else -1


@router.post("/templates", dependencies=[Posted])
async def save_template(page: Official, request: Request) -> Response:
    """Keeps the line under a name, for the person or for the department."""
    sent = await request.json()
    template = approval_pb.LineTemplate(
        name=str(sent.get("name", "")).strip(),
        kind=sent.get("kind", 0),
        task_code=str(sent.get("task", "")),
        steps=steps_of(sent),
        shared=bool(sent.get("shared")),
    )
    wanted = approval_pb.SaveTemplateRequest(request_id=uuid4().hex, template=template)
    try:
        answer = await page.caller.call(page.site.clients.approval.SaveTemplate, wanted)
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({"templateId": answer.template.template_id})


@router.post("/templates/{template_id}/delete", dependencies=[Posted])
async def delete_template(page: Official, template_id: str) -> Response:
    """Throws a template away."""
    request = approval_pb.DeleteTemplateRequest(template_id=template_id)
    await page.caller.call(page.site.clients.approval.DeleteTemplate, request)
    return JSONResponse({})


def _person(reader: Reader, each: pb.OfficialEntry) -> dict[str, object]:
    return {
        "id": each.official_id,
        "name": each.name,
        "position": each.position,
        "department": each.department_name,
        "departmentCode": each.department_code,
        "agencyId": each.agency_id,
        "agency": each.agency_name,
        "level": each.level,
        "absent": word(reader, ABSENCES, each.absence.reason),
    }
