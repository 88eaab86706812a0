"""Letting further people, departments or agencies read, or no longer (열람 허가). The reason is kept with each grant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import ConflictError, InvalidError
from chassis.uow import UnitOfWork
from documents.domain import relating, visibility
from documents.domain.state import State
from documents.domain.transition import moved
from documents.domain.visibility import Bearer
from documents.handlers.circulating import card_to_change
from documents.handlers.readers import change_audience, known_facts
from documents.handlers.relations import relations
from documents.ports.directory import View
from documents.tables import READER_GRANT
from documents.translate.content import restored
from documents.translate.readers import readers_changed

MOST = 200
_LIVE = """
SELECT token, granted_at FROM reader_grant
WHERE document_id = $1 AND token = ANY ($2::text[]) AND revoked_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A reader as a caller names one: a person, a department or an agency. An agency beside a person is the person's."""

    official_id: str = ""
    department_code: str = ""
    agency_id: str = ""


async def set_readers(
    unit: UnitOfWork,
    document_id: UUID,
    grant: Sequence[Named],
    revoke: Sequence[Named],
    reason: str,
    actor: Actor,
    view: View,
) -> Mapping[str, Any]:
    """Grants and revokes. Raises NotFoundError, ForbiddenError, ConflictError or InvalidError."""
    row = await card_to_change(unit, document_id)
    outcome = moved(relating.TABLE, State(row["state"]), "set-readers", await relations(unit, row, actor, view))
    if not isinstance(outcome, State):
        raise outcome
    if not reason.strip():
        raise InvalidError("reason-missing", field="reason", source=relating.READING)
    if not 0 < len(grant) + len(revoke) <= MOST:
        raise InvalidError(
            "readers-missing" if not grant else "readers-too-many", params={"limit": MOST}, field="grant"
        )
    given = frozenset(_bearer(each, f"grant[{place}]", view) for place, each in enumerate(grant))
    taken = frozenset(_bearer(each, f"revoke[{place}]", view) for place, each in enumerate(revoke)) - given
    before = await known_facts(unit, row, restored(row, ""), view)
    after = replace(before, granted=(before.granted - taken) | given)
    if not await change_audience(unit, document_id, before, after):
        raise ConflictError("document-moved-on", params={"state": row["state"], "version": row["version"]})
    _give(unit, row, given - before.granted, actor, reason)
    await _take(unit, row, taken & before.granted, actor, reason)
    return row


def _bearer(named: Named, place: str, view: View) -> Bearer:
    """The token of a reader; raises InvalidError for nobody, several at once, or somebody the directory does not know."""
    if bool(named.official_id) + bool(named.department_code) > 1:
        raise InvalidError("reader-ambiguous", field=place)
    if named.official_id:
        agency_id = view.agency_of(named.official_id)
        if not agency_id or named.agency_id not in {"", agency_id}:
            raise InvalidError("unknown-official", params={"person": named.official_id}, field=place)
        return visibility.official(named.official_id, agency_id)
    if named.department_code:
        department = view.unit(named.department_code)
        if department is None or department.is_agency:
            raise InvalidError("department-unknown", params={"code": named.department_code}, field=place)
        return visibility.department(named.department_code, department.agency_id)
    if view.agency(named.agency_id) is None:
        raise InvalidError("agency-unknown", params={"code": named.agency_id}, field=place)
    return visibility.member(named.agency_id)


def _give(unit: UnitOfWork, row: Mapping[str, Any], given: frozenset[Bearer], actor: Actor, reason: str) -> None:
    for bearer in sorted(given):
        unit.insert(
            READER_GRANT,
            {
                "document_id": row["id"],
                "token": bearer.token,
                "agency_id": row["agency_id"],
                "reader_agency": bearer.agency_id,
                "granted_by": actor.official_id,
                "granted_name": actor.name,
                "granted_at": unit.now,
                "reason": reason,
            },
        )
    _say(unit, row, "grant", given, actor)


async def _take(unit: UnitOfWork, row: Mapping[str, Any], taken: frozenset[Bearer], actor: Actor, reason: str) -> None:
    for live in await unit.fetch(_LIVE, row["id"], [bearer.token for bearer in taken]):
        unit.update(
            READER_GRANT,
            {
                "document_id": row["id"],
                "token": live["token"],
                "granted_at": live["granted_at"],
                "revoked_by": actor.official_id,
                "revoked_at": unit.now,
                "revoke_reason": reason,
            },
            key=("document_id", "token", "granted_at"),
        )
    _say(unit, row, "revoke", taken, actor)


def _say(unit: UnitOfWork, row: Mapping[str, Any], act: str, bearers: frozenset[Bearer], actor: Actor) -> None:
    if bearers:
        unit.record(
            readers_changed(row["id"], act, bearers),
            aggregate_id=row["id"],
            version=row["version"],
            agency_id=row["agency_id"],
            actor=actor.to_dict(),
            correlation_id=row["correlation_id"],
        )
