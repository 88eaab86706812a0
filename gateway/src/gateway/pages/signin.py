"""Signing in: login and password, then the capacity when a person holds several posts (겸직)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from chassis.errors import ForbiddenError, InvalidError, NotFoundError, OnnaraError
from gateway.clients import SignInNeededError
from gateway.failures import status_of
from gateway.page import Anyone, Page, Posted, inside
from gateway.pages.drafts import refused
from gateway.sentences import sentences
from gateway.session import Capacity, Session, signed_in
from onnara.directory.v1 import directory_service_pb2 as pb

router = APIRouter()


@router.get("/sign-in")
async def form(page: Anyone, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """The sign-in form; who is signed in already goes on."""
    if page.session.signed_in and page.session.capacity:
        return page.go(inside(next))
    return page.render("signin.html", next=inside(next), login="", problems=[])


@router.post("/sign-in", dependencies=[Posted])
async def sign_in(
    page: Anyone,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """Proves the person with directory and opens the session."""
    client = page.request.client
    request = pb.SignInRequest(login=login.strip(), password=password, client_address=client.host if client else "")
    try:
        answer = await page.site.clients.directory.SignIn(request)
    except (ForbiddenError, InvalidError, NotFoundError, SignInNeededError) as error:
        return _again(page, error, login, next)
    except OnnaraError as error:
        return page.render(
            "signin.html",
            status=status_of(error),
            next=inside(next),
            login=login,
            problems=sentences(page.reader, error.problems),
        )
    session = _opened(page, answer)
    return page.go(_onward(session, next), session)


@router.post("/sign-in/passkey/begin", dependencies=[Posted])
async def begin_passkey(page: Anyone, request: Request) -> Response:
    """What a passkey has to sign to prove the person."""
    login = str((await request.json()).get("login", "")).strip()
    try:
        answer = await page.site.clients.directory.BeginPasskeySignIn(pb.BeginPasskeySignInRequest(login=login))
    except OnnaraError as error:
        return refused(page, error)
    return JSONResponse({"options": answer.options_json})


@router.post("/sign-in/passkey/finish", dependencies=[Posted])
async def finish_passkey(page: Anyone, request: Request) -> Response:
    """Opens the session of the person whose passkey signed."""
    sent, client = await request.json(), page.request.client
    wanted = pb.FinishPasskeySignInRequest(
        credential_json=str(sent.get("credential", "")), client_address=client.host if client else ""
    )
    try:
        answer = (await page.site.clients.directory.FinishPasskeySignIn(wanted)).session
    except OnnaraError as error:
        return refused(page, error)
    session = _opened(page, answer)
    response = JSONResponse({"address": _onward(session, str(sent.get("next", "/")))})
    page.keep(response, session)
    return response


@router.get("/capacity")
async def capacities(page: Anyone, next: str = "/") -> Response:  # noqa: A002
    """The choice among several posts."""
    if not page.session.signed_in:
        raise SignInNeededError
    return page.render("capacity.html", next=inside(next))


@router.post("/capacity", dependencies=[Posted])
async def choose(
    page: Anyone,
    appointment_id: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """Goes on in the chosen post."""
    if appointment_id not in {each.appointment_id for each in page.session.capacities}:
        raise InvalidError("capacity-unknown", field="appointment_id")
    return page.go(inside(next), replace(page.session, appointment_id=appointment_id))


def _opened(page: Page, answer: pb.SignInResponse) -> Session:
    return signed_in(
        page.session,
        token=answer.session_token,
        official_id=answer.official_id,
        name=answer.name,
        capacities=tuple(_capacity(each) for each in answer.capacities),
        now=datetime.now(UTC),
        until=answer.expires_at.ToDatetime(UTC),
    )


def _onward(session: Session, back: str) -> str:
    return inside(back) if session.capacity else f"/capacity?next={inside(back)}"


def _capacity(each: pb.Capacity) -> Capacity:
    return Capacity(
        each.appointment_id,
        each.position,
        each.department_code,
        each.department_name,
        each.agency_name,
        tuple(each.roles),
    )


def _again(page: Page, error: Exception, login: str, back: str) -> Response:
    """The form once more. Which of login and password was wrong is not said, whatever directory answered."""
    known = error.problems if isinstance(error, OnnaraError) else ForbiddenError("sign-in-failed").problems
    return page.render(
        "signin.html", status=401, next=inside(back), login=login, problems=sentences(page.reader, known)
    )
