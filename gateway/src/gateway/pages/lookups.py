"""What a writer looks up while typing: people, receiving units, proposed lines, templates. JSON in, JSON out."""

from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from chassis.errors import RefusalError
from gateway.page import Official, Posted
from gateway.pages.drafts import as_json, refused, steps_of
from gateway.sentences import from_details
from gateway.views.choices import ABSENCES
from gateway.views.words import word
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.directory.v1 import directory_service_pb2 as pb

router = APIRouter(prefix="/lookup")
_ROWS = 12


@router.get("/people")
async def people(page: Official, q: str = "", agency: str = "") -> Response:
    """Officials by the beginning of name, position or department."""
    request = pb.SearchOfficialsRequest(query=q.strip(), agency_id=agency, page_size=_ROWS)
    found = (await page.caller.call(page.site.clients.directory.SearchOfficials, request)).officials
    return JSONResponse(
        [
            {
                "id": each.official_id,
                "name": each.name,
                "position": each.position,
                "department": each.department_name,
                "departmentCode": each.department_code,
                "agencyId": each.agency_id,
                "agency": each.agency_name,
                "level": each.level,
                "absent": word(page.reader, ABSENCES, each.absence.reason),
            }
            for each in found
        ]
    )


@router.get("/units")
async def units(page: Official, q: str = "") -> Response:
    """Agencies and departments of the whole government by name or code."""
    request = pb.SearchUnitsRequest(query=q.strip(), page_size=_ROWS, only_active=True)
    found = (await page.caller.call(page.site.clients.directory.SearchUnits, request)).units if q.strip() else []
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
            "steps": [as_json(step) for step in each.steps],
            "problems": [problem.text for problem in from_details(page.reader, each.problems)],
        }
        for each in answer.proposals
    ]
    return JSONResponse({"proposals": proposals, "level": answer.level, "rule": answer.rule, "audit": answer.audit})


@router.post("/line-check", dependencies=[Posted])
async def line_check(page: Official, request: Request) -> Response:
    """Every reason why the line would be refused."""
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
    return JSONResponse({"problems": [each.text for each in from_details(page.reader, answer.problems)]})


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
