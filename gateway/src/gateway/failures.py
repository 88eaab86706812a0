"""What a reader sees when something is refused, missing, away or broken: a page, or a part of one when htmx asked."""

import logging
from dataclasses import asdict
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from chassis.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    OnnaraError,
    Problem,
    TransientError,
    problems_of,
)
from gateway.clients import SignInNeededError
from gateway.i18n import Reader
from gateway.page import anyone, sign_in_address
from gateway.sentences import sentences

log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[OnnaraError], int], ...] = (
    (NotFoundError, 404),
    (ForbiddenError, 403),
    (ConflictError, 409),
    (InvalidError, 422),
    (TransientError, 503),
)


def status_of(error: BaseException) -> int:
    """The HTTP status an error is answered with; a damaged address leads nowhere, like an unknown one."""
    if isinstance(error, InvalidError) and error.code == "id-invalid":
        return 404
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def install(app: FastAPI) -> None:
    """Registers the handlers."""
    app.add_exception_handler(SignInNeededError, _sign_in)
    app.add_exception_handler(OnnaraError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _broken)


async def _sign_in(request: Request, _error: Exception) -> Response:
    page = await anyone(request)
    if _asks_for_json(request):
        # What was typed stays on the page; it is sent again once the person has signed in beside it.
        return as_json(page.reader, ForbiddenError("session-ended"), 401)
    if request.headers.get("Accept") == "text/event-stream":
        # Counts that come by themselves end here; a page of HTML would be taken for a broken stream.
        return Response(status_code=204)
    return page.go(sign_in_address(request))


async def _refused(request: Request, error: Exception) -> Response:
    return await _answer(request, error, status_of(error))


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return await _answer(
        request, NotFoundError("page-unknown") if status == 404 else InvalidError("form-unreadable"), status
    )


async def _unreadable(request: Request, _error: Exception) -> Response:
    return await _answer(request, InvalidError("form-unreadable"), 422)


async def _broken(request: Request, error: Exception) -> Response:
    # The number the reader is shown is the one this line is found by.
    known = str(structlog.contextvars.get_contextvars().get("correlation_id", ""))
    log.error("page failed: %s %s", request.method, request.url.path, exc_info=error)
    problem = Problem("internal", {"type": type(error).__name__, "correlation_id": known})
    page = await anyone(request)
    return page.render("error.html", status=500, problems=sentences(page.reader, [problem]), error_status=500)


async def _answer(request: Request, error: BaseException, status: int) -> Response:
    page = await anyone(request)
    if _asks_for_json(request):
        return as_json(page.reader, error, status)
    template = "parts/problems.html" if page.is_fragment else "error.html"
    return page.render(
        template, status=status, problems=sentences(page.reader, problems_of(error)), error_status=status
    )


def as_json(reader: Reader, error: BaseException, status: int, **more: Any) -> Response:
    """A refusal for the browser's modules: its problems in the reader's language."""
    return JSONResponse({"problems": [asdict(each) for each in sentences(reader, problems_of(error))], **more}, status)


def _asks_for_json(request: Request) -> bool:
    return request.headers.get("Accept") == "application/json"
