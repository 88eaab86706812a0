"""Passkeys (WebAuthn): made by whoever has a session, good for opening one, taken out of use and never forgotten.

A ceremony is two calls: a challenge goes out and is stored; whoever answers takes it away, right or wrong. Refusals are
values here, because the transaction that has taken the challenge away must be committed.
"""

import os
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import structlog

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, RefusalError
from chassis.uow import UnitOfWork
from directory import tables, translate
from directory.domain.capacities import TIME_ZONE, days_of, live
from directory.domain.passkeys import (
    CHALLENGE_LIFETIME,
    LONGEST_NAME,
    MOST_PASSKEYS,
    counter_goes_on,
    keeping_refusal,
)
from directory.domain.records import Passkey
from directory.handlers.change_records import By, change_records, lock_directory
from directory.handlers.people import Person, person_of
from directory.handlers.sessions import Session
from directory.handlers.sign_in import Attempt, SignedIn, open_for, record
from directory.ports.passkeys import CHALLENGE_BYTES, Answer, Passkeys

_REGISTER, _SIGN_IN = "register", "sign-in"
_MINE = "SELECT * FROM passkey WHERE official_id = $1 AND valid_to IS NULL ORDER BY registered_at DESC, passkey_id"
_KNOWN = "SELECT 1 FROM passkey WHERE passkey_id = $1"
_LIVE = """
SELECT p.*, c.login FROM passkey p LEFT JOIN credential c ON c.official_id = p.official_id
WHERE p.passkey_id = $1 AND p.valid_to IS NULL FOR UPDATE OF p
"""
_LOGIN = "SELECT login FROM credential WHERE official_id = $1"
_OFFICIAL = "SELECT official_id FROM credential WHERE login = $1"
_TAKE = "DELETE FROM challenge WHERE challenge = $1 RETURNING purpose, official_id, named, expires_at"
_FORGET = "DELETE FROM challenge WHERE expires_at <= $1"
_USED = "UPDATE passkey SET sign_count = $2 WHERE passkey_id = $1"
_END_SESSIONS = """
UPDATE session SET ended_at = $3 WHERE passkey_id = ANY ($1::text[]) AND session_id IS DISTINCT FROM $2 AND ended_at IS NULL
"""

logger = structlog.get_logger(__name__)


async def begin_registration(unit: UnitOfWork, passkeys: Passkeys, session: Session) -> str:
    """Options for making a passkey; raises ForbiddenError, and ConflictError when there are enough of them."""
    passkeys.require_origins()
    person = session.person
    mine = await passkeys_of(unit, person.official_id)
    _require_keeping(unit, session, mine)
    if len(mine) >= MOST_PASSKEYS:
        raise ConflictError("passkeys-enough", params={"most": MOST_PASSKEYS})
    rows = await unit.fetch(_LOGIN, person.official_id)
    login = rows[0]["login"] if rows else person.name
    challenge = _challenge(unit, _REGISTER, person.official_id, named=True)
    known = [passkey.passkey_id for passkey in mine]
    return passkeys.registration_options(challenge, person.official_id.bytes, login, person.name, known)


async def finish_registration(
    unit: UnitOfWork, passkeys: Passkeys, session: Session, answer: Answer, name: str, by: By
) -> Passkey | RefusalError:
    """Stores the passkey that was made for a challenge of this person."""
    person = session.person
    if len(name.strip()) > LONGEST_NAME:
        return InvalidError("passkey-name-too-long", params={"most": LONGEST_NAME}, field="name")
    refusal = await _take(unit, answer, _REGISTER, person.official_id)
    if refusal is not None:
        return refusal
    try:
        made = passkeys.made(answer)
    except ForbiddenError as error:
        return error
    await lock_directory(unit)
    if await unit.fetch(_KNOWN, made.passkey_id):
        return ConflictError("passkey-known", field="credential_json")
    mine = await passkeys_of(unit, person.official_id)
    if refusal := _keeping(unit, session, mine):
        return refusal
    if len(mine) >= MOST_PASSKEYS:
        return ConflictError("passkeys-enough", params={"most": MOST_PASSKEYS})
    passkey = Passkey(
        passkey_id=made.passkey_id,
        official_id=person.official_id,
        agency_id=person.agency_id,
        public_key=made.public_key,
        name=name.strip(),
        registered_at=unit.now,
        # A day early, so that a service whose day has not begun yet knows it too, and the row of one that is removed
        # on the same day is not empty.
        valid_from=days_of(_zone(person), unit.now)[0] - timedelta(days=1),
        sign_count=made.sign_count,
    )
    await change_records(unit, [passkey], by=by)
    return passkey


async def passkeys_of(unit: UnitOfWork, official_id: UUID) -> list[Passkey]:
    """A person's passkeys that are in use, newest first."""
    return [translate.passkey(row) for row in await unit.fetch(_MINE, official_id)]


async def remove_passkey(unit: UnitOfWork, session: Session, passkey_id: str, by: By) -> None:
    """Takes a passkey of the session's person out of use, with the sessions it has opened; raises NotFoundError."""
    await lock_directory(unit)
    mine = {passkey.passkey_id: passkey for passkey in await passkeys_of(unit, session.person.official_id)}
    passkey = mine.get(passkey_id)
    if passkey is None:
        raise NotFoundError("passkey-unknown", field="passkey_id")
    _require_keeping(unit, session, mine.values())
    # The earliest of the days that anybody counts now: from this moment nobody takes it any more.
    ended = replace(passkey, valid_to=days_of(_zone(session.person), unit.now)[0])
    await change_records(unit, [ended], by=by)
    await unit.connection.execute(_END_SESSIONS, [passkey_id], session.session_id, unit.now)


async def remove_all(unit: UnitOfWork, login: str, by: By) -> int:
    """Takes all passkeys of a login out of use, with the sessions they have opened; answers how many there were."""
    await lock_directory(unit)
    rows = await unit.fetch(_OFFICIAL, login.strip().lower())
    person = await person_of(unit, rows[0]["official_id"]) if rows else None
    if person is None:
        return 0
    mine = await passkeys_of(unit, person.official_id)
    day = days_of(_zone(person), unit.now)[0]
    await change_records(unit, [replace(passkey, valid_to=day) for passkey in mine], by=by)
    await unit.connection.execute(_END_SESSIONS, [passkey.passkey_id for passkey in mine], None, unit.now)
    return len(mine)


async def begin_sign_in(unit: UnitOfWork, passkeys: Passkeys, login: str) -> str:
    """Options for signing in; the same kind of answer for every login, known or not."""
    passkeys.require_origins()
    rows = await unit.fetch(_OFFICIAL, login.strip().lower()) if login.strip() else []
    challenge = _challenge(unit, _SIGN_IN, rows[0]["official_id"] if rows else None, named=bool(login.strip()))
    return passkeys.sign_in_options(challenge)


async def forget_challenges(unit: UnitOfWork) -> None:
    """Deletes challenges nobody has answered in time: anybody may ask for one, so they must not pile up."""
    await unit.connection.execute(_FORGET, unit.now)


async def finish_sign_in(
    unit: UnitOfWork, passkeys: Passkeys, answer: Answer, client_address: str
) -> SignedIn | RefusalError:
    """Opens a session for whoever proves a passkey, with the strength of a passkey."""
    rows = await unit.fetch(_LIVE, answer.passkey_id)
    found = rows[0] if rows else None
    official_id: UUID | None = found["official_id"] if found else None
    attempt = Attempt((found["login"] or "") if found else "", official_id, None, False, client_address)
    refusal = await _take(unit, answer, _SIGN_IN, official_id)
    if refusal is None and found is not None and official_id is not None:
        refusal = await _prove(unit, passkeys, answer, translate.passkey(found))
    if refusal is not None or official_id is None:
        record(unit, attempt, "passkey-copied" if _is(refusal, "passkey-counter-back") else "passkey-refused")
        return refusal or ForbiddenError("passkey-refused")
    person = await person_of(unit, official_id)
    capacities = live(person.capacities, unit.now) if person else []
    if person is None or not capacities:
        record(unit, attempt, "no-capacity")
        return ForbiddenError("no-capacity")
    record(unit, attempt, "signed-in", person.agency_id)
    return open_for(unit, person, capacities, "passkey", client_address, answer.passkey_id)


async def _prove(unit: UnitOfWork, passkeys: Passkeys, answer: Answer, passkey: Passkey) -> RefusalError | None:
    if answer.user_handle and answer.user_handle != passkey.official_id.bytes:
        return ForbiddenError("passkey-refused")
    try:
        told = passkeys.proven(answer, passkey.public_key)
    except ForbiddenError as error:
        return error
    if not counter_goes_on(passkey.sign_count, told):
        logger.warning("passkey-counter-back", passkey=passkey.passkey_id, stored=passkey.sign_count, told=told)
        return ForbiddenError("passkey-counter-back")
    await unit.connection.execute(_USED, passkey.passkey_id, told)
    return None


def _keeping(unit: UnitOfWork, session: Session, mine: Collection[Passkey]) -> RefusalError | None:
    return keeping_refusal(session.strength, session.opened_at, unit.now, has_any=bool(mine))


def _require_keeping(unit: UnitOfWork, session: Session, mine: Collection[Passkey]) -> None:
    if refusal := _keeping(unit, session, mine):
        raise refusal


def _is(refusal: RefusalError | None, code: str) -> bool:
    return refusal is not None and refusal.code == code


def _challenge(unit: UnitOfWork, purpose: str, official_id: UUID | None, *, named: bool) -> bytes:
    challenge = os.urandom(CHALLENGE_BYTES)
    row = {
        "challenge": challenge,
        "purpose": purpose,
        "official_id": official_id,
        "named": named,
        "expires_at": unit.now + CHALLENGE_LIFETIME,
    }
    unit.insert(tables.CHALLENGE, row)
    return challenge


async def _take(unit: UnitOfWork, answer: Answer, purpose: str, official_id: UUID | None) -> RefusalError | None:
    """Takes the challenge of an answer away; refuses one that is unknown, used, too old, or meant for something else."""
    rows = await unit.fetch(_TAKE, answer.challenge)
    if not rows or rows[0]["purpose"] != purpose or rows[0]["expires_at"] <= unit.now:
        return ForbiddenError("passkey-challenge-over", field="credential_json")
    if rows[0]["named"] and rows[0]["official_id"] != official_id:
        return ForbiddenError("passkey-refused", field="credential_json")
    return None


def _zone(person: Person) -> str:
    return person.capacities[0].time_zone if person.capacities else TIME_ZONE
