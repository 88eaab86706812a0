"""The person's own session: what it is, its language, its end."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from chassis.errors import OnnaraError
from gateway.clients import SignInNeededError
from gateway.i18n import LANGUAGES
from gateway.page import Anyone, Official, Posted, inside
from gateway.session import anonymous
from onnara.directory.v1 import directory_service_pb2 as pb

router = APIRouter()


@router.get("/session")
async def show(page: Official) -> Response:
    """Who is signed in, since when, in which capacities."""
    session = page.session
    return page.render(
        "session.html",
        since=page.reader.moment(datetime.fromisoformat(session.signed_in_at), seconds=True),
        until=page.reader.moment(datetime.fromisoformat(session.expires_at)),
        opened=len(page.remembered.opened),
    )


@router.post("/language", dependencies=[Posted])
async def language(page: Anyone, language: Annotated[str, Form()], next: Annotated[str, Form()] = "/") -> Response:  # noqa: A002
    """Shows everything in another language from here on."""
    wanted = language if language in LANGUAGES else page.session.language
    return page.go(inside(next), replace(page.session, language=wanted))


@router.post("/sign-out", dependencies=[Posted])
async def sign_out(page: Anyone) -> Response:
    """Ends the session with directory and in this browser; the browser's half ends even when directory is away."""
    clients = page.site.clients
    if page.session.signed_in:
        with suppress(OnnaraError, SignInNeededError):
            await clients.directory.SignOut(pb.SignOutRequest(session_token=page.session.session_token))
        clients.memory.forget(page.session)
    return page.go("/sign-in?ended=1", anonymous(page.session.language))
