"""Changing a running line: steps put in or taken out, an absent reviewer passed over, a department's own line."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response

from chassis.errors import InvalidError, RefusalError, TransientError
from gateway.page import Official, Page, Posted
from gateway.pages.card import refused_card
from gateway.views.given import given
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as exchange_pb

router = APIRouter(prefix="/documents/{document_id}/line")


@router.post("/insert", dependencies=[Posted])
async def insert(
    page: Official,
    document_id: str,
    line_id: Annotated[str, Form()],
    version: Annotated[int, Form()],
    request_id: Annotated[str, Form()],
    before: Annotated[int, Form()],
    kind: Annotated[str, Form()],
    official: Annotated[str, Form()] = "",
    unit: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Puts a person, or a department, before a step that nobody has acted on."""
    role, _, mode = kind.partition("/")
    try:
        step = exchange_pb.ApprovalStep(role=role, mode=mode, department_code=unit)  # type: ignore[arg-type]
    except ValueError:
        raise InvalidError("form-unreadable", field="kind") from None
    step.person.official_id = official
    change = pb.StepChange(insert=pb.InsertStep(before=before, step=step))
    return await _change(page, document_id, line_id, version, request_id, change, reason, f"insert-{before}")


@router.post("/remove", dependencies=[Posted])
async def remove(
    page: Official,
    document_id: str,
    line_id: Annotated[str, Form()],
    version: Annotated[int, Form()],
    request_id: Annotated[str, Form()],
    order: Annotated[int, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Takes a step out that nobody has acted on."""
    change = pb.StepChange(remove=order)
    return await _change(page, document_id, line_id, version, request_id, change, reason, f"remove-{order}")


@router.post("/skip", dependencies=[Posted])
async def skip(
    page: Official,
    document_id: str,
    line_id: Annotated[str, Form()],
    version: Annotated[int, Form()],
    request_id: Annotated[str, Form()],
    order: Annotated[int, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Passes over an absent reviewer; the reason stands in the signature cell."""
    request = pb.SkipStepRequest(
        request_id=request_id, line_id=line_id, expected_version=version, order=order, reason=reason.strip()
    )
    return await _act(page, document_id, page.site.clients.approval.SkipStep, request, "skip", f"skip-{order}")


@router.post("/take-up", dependencies=[Posted])
async def take_up(
    page: Official,
    document_id: str,
    line_id: Annotated[str, Form()],
    version: Annotated[int, Form()],
    request_id: Annotated[str, Form()],
    order: Annotated[int, Form()],
    official: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """The department's own small line: those who were picked, in order; the last one answers for the department."""
    people = [each for each in official or [] if each]
    steps = [
        exchange_pb.ApprovalStep(
            order=number,
            role=exchange_pb.STEP_ROLE_DECIDE if number == len(people) else exchange_pb.STEP_ROLE_REVIEW,
            mode=exchange_pb.STEP_MODE_OWN if number == len(people) else exchange_pb.STEP_MODE_NORMAL,
            person=exchange_pb.StepPerson(official_id=each),
        )
        for number, each in enumerate(people, 1)
    ]
    request = pb.TakeUpStepRequest(
        request_id=request_id, line_id=line_id, expected_version=version, order=order, steps=steps
    )
    return await _act(page, document_id, page.site.clients.approval.TakeUpStep, request, "take-up", f"take-up-{order}")


async def _change(
    page: Page,
    document_id: str,
    line_id: str,
    version: int,
    request_id: str,
    change: pb.StepChange,
    reason: str,
    form: str,
) -> Response:
    request = pb.ChangeLineRequest(
        request_id=request_id, line_id=line_id, expected_version=version, changes=[change], reason=reason.strip()
    )
    return await _act(page, document_id, page.site.clients.approval.ChangeLine, request, "change", form)


async def _act(page: Page, document_id: str, method: Any, request: Any, act: str, form: str) -> Response:
    """Calls approval. form: name of the form on the card, with the order of its step."""
    try:
        answer = await page.caller.call(method, request)
    except (RefusalError, TransientError) as error:
        base = request.request_id.rpartition("-")[0]
        return await refused_card(page, document_id, error, given(form, await page.request.form(), base))
    return page.go(f"/documents/{document_id}?line_version={answer.line.version}&acted={act}")
