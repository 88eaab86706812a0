"""A person's own settings: absence and deputy, passkeys, sessions, password."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from chassis.errors import InvalidError, OnnaraError, RefusalError
from gateway.clients import ENDED, SignInNeededError
from gateway.counts import box_counts
from gateway.failures import status_of
from gateway.page import Official, Page, Posted
from gateway.pages.drafts import refused
from gateway.sentences import Sentence, sentences
from gateway.session import anonymous
from gateway.views.choices import ABSENCES
from gateway.views.given import NOTHING, Given, given
from gateway.views.words import STRENGTH, word
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1 import events_pb2

router = APIRouter(prefix="/own")
# Refusals after which a fresh sign-in helps.
AGAIN = ("passkey-session-needed", "session-not-fresh")


@router.get("")
async def show(page: Official, done: str = "") -> Response:
    """Everything at once."""
    return await _show(page, done=done)


@router.post("/absences", dependencies=[Posted])
async def register_absence(page: Official, request: Request) -> Response:
    """Says from when (empty: now) to when the person is away, and who acts meanwhile; refused, the form stays filled."""
    sent = given("absence", await request.form())

    def field(name: str) -> str:
        return sent.one("absence", name).strip()

    absence = events_pb2.AbsenceData(reason=field("reason"), note=field("note"), deputy_official_id=field("official"))
    try:
        if field("starts"):
            absence.starts_at.FromDatetime(_moment(page, field("starts"), "starts"))
        if field("ends"):
            absence.ends_at.FromDatetime(_moment(page, field("ends"), "ends"))
        wanted = pb.RegisterAbsenceRequest(request_id=uuid4().hex, absence=absence)
        await page.caller.call(page.site.clients.directory.RegisterAbsence, wanted)
    except RefusalError as error:
        return await _refused(page, error, sent)
    return page.go("/own?done=absence")


@router.post("/absences/{absence_id}/end", dependencies=[Posted])
async def end_absence(page: Official, absence_id: str) -> Response:
    """Back at work, or it did not happen."""
    request = pb.EndAbsenceRequest(request_id=uuid4().hex, absence_id=absence_id)
    try:
        await page.caller.call(page.site.clients.directory.EndAbsence, request)
    except RefusalError as error:
        return await _refused(page, error)
    return page.go("/own?done=absence-ended")


@router.post("/passkeys/begin", dependencies=[Posted])
async def begin_passkey(page: Official) -> Response:
    """What the browser makes a new passkey with."""
    request = pb.BeginPasskeyRequest(session_token=page.session.session_token)
    try:
        answer = await page.site.clients.directory.BeginPasskey(request)
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({"options": answer.options_json})


@router.post("/passkeys/finish", dependencies=[Posted])
async def finish_passkey(page: Official, request: Request) -> Response:
    """Stores the passkey that was made."""
    sent = await request.json()
    wanted = pb.FinishPasskeyRequest(
        session_token=page.session.session_token,
        credential_json=str(sent.get("credential", "")),
        name=str(sent.get("name", "")).strip(),
    )
    try:
        await page.site.clients.directory.FinishPasskey(wanted)
    except RefusalError as error:
        return refused(page, error)
    return JSONResponse({"address": "/own?done=passkey"})


@router.post("/passkeys/{passkey_id}/remove", dependencies=[Posted])
async def remove_passkey(page: Official, passkey_id: str) -> Response:
    """Takes a passkey out of use; a session that may not is asked to be opened anew."""
    request = pb.RemovePasskeyRequest(session_token=page.session.session_token, passkey_id=passkey_id)
    try:
        await page.site.clients.directory.RemovePasskey(request)
    except RefusalError as error:
        return await _refused(page, error)
    return page.go("/own?done=passkey-removed")


@router.post("/sessions/{session_id}/end", dependencies=[Posted])
async def end_session(page: Official, session_id: str) -> Response:
    """Ends another session of the person."""
    request = pb.EndSessionRequest(session_token=page.session.session_token, session_id=session_id)
    try:
        await page.site.clients.directory.EndSession(request)
    except RefusalError as error:
        return await _refused(page, error)
    return page.go("/own?done=session-ended")


@router.post("/again", dependencies=[Posted])
async def sign_in_again(page: Official) -> Response:
    """Ends this session and comes back here from a fresh sign-in, with a passkey or the password."""
    clients = page.site.clients
    with suppress(OnnaraError, SignInNeededError):
        await clients.directory.SignOut(pb.SignOutRequest(session_token=page.session.session_token))
    clients.memory.forget(page.session)
    return page.go(f"/sign-in?next={quote('/own#h-passkeys')}", anonymous(page.session.language))


@router.post("/password", dependencies=[Posted])
async def change_password(
    page: Official,
    old: Annotated[str, Form()],
    new: Annotated[str, Form()],
    again: Annotated[str, Form()],
) -> Response:
    """Sets a new password; every other session of the person ends."""
    try:
        if new != again:
            raise InvalidError("passwords-differ", field="again")
        request = pb.ChangePasswordRequest(session_token=page.session.session_token, old_password=old, new_password=new)
        await page.site.clients.directory.ChangePassword(request)
    except RefusalError as error:
        return await _refused(page, error)
    return page.go("/own?done=password")


async def _refused(page: Page, error: RefusalError, sent: Given = NOTHING) -> Response:
    """The page again with what was typed. A session that has ended is no refusal: its person signs in."""
    if error.code in ENDED:
        raise SignInNeededError from error
    return await _show(page, problems=sentences(page.reader, error.problems), sent=sent, status=status_of(error))


async def _show(
    page: Page,
    *,
    done: str = "",
    problems: list[Sentence] | None = None,
    sent: Given = NOTHING,
    status: int = 200,
) -> Response:
    directory, token = page.site.clients.directory, page.session.session_token
    absences = (await page.caller.call(directory.ListAbsences, pb.ListAbsencesRequest())).absences
    passkeys = (await directory.ListPasskeys(pb.ListPasskeysRequest(session_token=token))).passkeys
    sessions = (await directory.ListSessions(pb.ListSessionsRequest(session_token=token))).sessions
    return page.render(
        "own.html",
        status=status,
        boxes=await box_counts(page),
        here="own",
        done=done,
        problems=problems or [],
        given=sent,
        again=AGAIN,
        reasons=[(value, page.reader.text(text)) for value, text in ABSENCES.items()],
        absences=[
            {
                "id": each.absence.absence_id,
                "mine": each.absence.official_id == page.session.official_id,
                "official": each.official_name,
                "deputy": each.deputy_name,
                "reason": word(page.reader, ABSENCES, each.absence.reason),
                "note": each.absence.note,
                "starts": page.reader.moment(each.absence.starts_at),
                "ends": page.reader.moment(each.absence.ends_at) if each.absence.HasField("ends_at") else "",
            }
            for each in absences
        ],
        passkeys=[(each.passkey_id, each.name, page.reader.moment(each.registered_at)) for each in passkeys],
        sessions=[
            {
                "id": each.session_id,
                "since": page.reader.moment(each.created_at),
                "until": page.reader.moment(each.expires_at),
                "address": each.client_address,
                "strength": word(page.reader, STRENGTH, each.strength),
                "current": each.current,
            }
            for each in sessions
        ],
    )


def _moment(page: Page, text: str, field: str) -> datetime:
    """A local moment of a form; raises InvalidError date-unreadable."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidError("date-invalid", params={"value": text[:20]}, field=field) from None
    return moment.replace(tzinfo=page.reader.zone).astimezone(UTC)
