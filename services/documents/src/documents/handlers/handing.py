"""Records handed over to the records system (이관, 생산현황 통보): planned, begun, put off by the records officer.

The card goes on to 이관 중 at once, so that nothing of it changes while its files are made (``preparing``) and its answer
is waited for (``answering``). Numbers of statements do not depend on how many records go.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.actor import Actor
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, Problem
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain import handing
from documents.domain.handing import Candidate, Season
from documents.domain.state import State
from documents.handlers.cards import refusal_of
from documents.handlers.relations import RECORDS_ROLE
from documents.ports.directory import View
from documents.tables import DOCUMENT, RECORD_TRANSFER, RECORD_TRANSFER_ENTRY, TRANSFER_EXTENSION
from documents.translate import handing as translate
from documents.translate.handing import Selection
from onnara.documents.v1.events_pb2 import TransferExtended

Missing = Mapping[UUID, Sequence[str]]
"""Names of attachments whose bytes are not there, by document."""
_CANDIDATES = """
SELECT d.id, d.title, d.state, d.version, d.content, d.file_code, d.retention, d.department_name, d.drafter_name,
    d.changed_at, d.attachment_count, d.line_id, d.recipients_label, d.author_id, d.agency_id, d.correlation_id,
    r.cancelled, r.retained_until, r.department_code AS reg_department, r.year, r.serial, r.text AS number,
    r.date AS registered_on
FROM registration r JOIN document d ON d.id = r.document_id
WHERE r.department_code = $1 AND r.year = $2 AND r.agency_id = $3 ORDER BY d.id
"""
_EXTENSION = """
SELECT * FROM transfer_extension WHERE department_code = $1 AND year = $2 AND agency_id = $3 ORDER BY id DESC LIMIT 1
"""
_EARLIER = """
SELECT id, state FROM record_transfer
WHERE department_code = $1 AND year = $2 AND kind = $3 AND agency_id = $4 ORDER BY id DESC
"""
# Two hand-overs of one department come one after the other.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a hand-over would take. ready: rows in the order of their numbers. unready: the others with their reasons."""

    season: Season
    ready: Sequence[Mapping[str, Any]]
    unready: Sequence[tuple[Mapping[str, Any], Sequence[Problem]]]
    refusals: Sequence[Problem]
    extension: Mapping[str, Any] | None
    earlier: Sequence[Mapping[str, Any]]


def records_officer(actor: Actor) -> None:
    """Raises ForbiddenError role-missing unless the actor is a records officer (기록물관리책임자)."""
    if RECORDS_ROLE not in actor.roles:
        raise ForbiddenError("role-missing", params={"roles": RECORDS_ROLE}, source=handing.TRANSFERRING)


async def candidates(unit: UnitOfWork, selection: Selection, agency_id: str) -> Sequence[Mapping[str, Any]]:
    """Registered documents that a selection means, read without a lock."""
    rows = await unit.fetch(_CANDIDATES, selection.department_code, selection.year, agency_id)
    return [row for row in rows if _is_meant(row, selection)]


async def plan(
    unit: UnitOfWork, selection: Selection, actor: Actor, view: View, missing: Missing, *, lock: bool = False
) -> Plan:
    """What goes and what does not. lock: the cards are held until the commit. Three statements."""
    where = selection.department_code, selection.year
    statement = f"{_CANDIDATES} FOR UPDATE OF d" if lock else _CANDIDATES
    rows = await unit.fetch(statement, *where, actor.agency_id)
    extensions = await unit.fetch(_EXTENSION, *where, actor.agency_id)
    earlier = await unit.fetch(_EARLIER, *where, selection.kind, actor.agency_id)
    season = season_of(selection, view, actor.agency_id, unit.now, extensions)
    ready, unready = [], []
    for row in sorted(rows, key=lambda row: row["serial"]):
        if not _is_meant(row, selection):
            continue
        problems = _problems(row, selection, season.today, missing)
        if problems:
            unready.append((row, problems))
        else:
            ready.append(row)
    refusals = handing.refusals_of(selection.kind, season)
    return Plan(season, ready, unready, refusals, extensions[0] if extensions else None, earlier)


def season_of(
    selection: Selection, view: View, agency_id: str, now: datetime, extensions: Sequence[Mapping[str, Any]] = ()
) -> Season:
    """The department's year as the rules look at it today."""
    today = now.astimezone(ZoneInfo(view.zone(agency_id))).date()
    extended = extensions[0]["until_year"] if extensions else 0
    return Season(selection.year, today, is_abolished(view, selection.department_code), extended)


def is_abolished(view: View, department_code: str) -> bool:
    """Whether a department is gone without successor (법 58③)."""
    return view.unit(department_code) is None and view.successors(department_code) == []


def _is_meant(row: Mapping[str, Any], selection: Selection) -> bool:
    if selection.kind == handing.TRANSFER and handing.is_gone(State(row["state"])):
        return False
    return handing.is_meant(row["file_code"], row["retention"], selection.task_code, selection.minimum)


def _problems(row: Mapping[str, Any], selection: Selection, today: date, missing: Missing) -> list[Problem]:
    """A report tells of everything that has a number; nothing has to be ready for it."""
    if selection.kind == handing.REPORT:
        return []
    names = tuple(missing.get(row["id"], ()))
    return handing.problems_of(Candidate(State(row["state"]), row["file_code"], row["retained_until"], names), today)


async def hand_over(
    unit: UnitOfWork,
    selection: Selection,
    actor: Actor,
    view: View,
    missing: Missing,
    *,
    expected: int = 0,
    corrects: UUID | None = None,
) -> tuple[UUID, int]:
    """Begins to hand over what is ready; answers its id and how many records go.

    expected: how many the caller was shown; 0: any. Raises InvalidError, ConflictError, NotFoundError for what it corrects.
    """
    await unit.connection.execute(_LOCK, f"hand-over|{selection.department_code}")
    found = await plan(unit, selection, actor, view, missing, lock=selection.kind == handing.TRANSFER)
    _check(found, selection, expected, corrects)
    row = _new_row(unit, selection, found, actor, view, corrects)
    unit.insert(RECORD_TRANSFER, row)
    for position, card in enumerate(found.ready):
        unit.insert(RECORD_TRANSFER_ENTRY, _entry(row, card, position))
        if selection.kind == handing.TRANSFER:
            _move(unit, dict(card), row["id"], actor)
    _record(unit, row, actor)
    return row["id"], row["records"]


def _check(found: Plan, selection: Selection, expected: int, corrects: UUID | None) -> None:
    if found.refusals:
        raise refusal_of(found.refusals)
    earlier = {each["id"]: each["state"] for each in found.earlier}
    if selection.kind == handing.REPORT:
        handing.check_report(earlier.values())
    if corrects is not None and earlier.get(corrects) is None:
        raise NotFoundError("hand-over-unknown", params={"transfer": str(corrects)}, field="corrects_transfer_id")
    if not found.ready:
        raise InvalidError("hand-over-nothing", field="selection", source=handing.TRANSFERRING)
    size = sum(translate.size_of(row) for row in found.ready) if selection.kind == handing.TRANSFER else 0
    handing.check_size(len(found.ready), size)
    if expected and expected != len(found.ready):
        params = {"expected": expected, "count": len(found.ready)}
        raise ConflictError("hand-over-moved-on", params=params, field="expected_records")


def _new_row(
    unit: UnitOfWork, selection: Selection, found: Plan, actor: Actor, view: View, corrects: UUID | None
) -> dict[str, Any]:
    department = view.unit(selection.department_code)
    return {
        "id": uuid7(),
        "agency_id": actor.agency_id,
        "department_code": selection.department_code,
        "department_name": department.name if department else found.ready[-1]["department_name"],
        "kind": selection.kind,
        "year": selection.year,
        "task_code": selection.task_code,
        "minimum_retention": selection.minimum,
        "state": handing.PREPARING,
        "version": 1,
        "records": len(found.ready),
        "files": len({row["file_code"] for row in found.ready if row["file_code"]}),
        "accepted": 0,
        "returned": 0,
        "digest": b"",
        "made_by": actor.official_id,
        "made_name": actor.name,
        "made_position": actor.position,
        "made_at": unit.now,
        "look_at": unit.now,
        "answered_at": None,
        "code": "",
        "reason": "",
        "faults": [],
        "corrects_id": corrects,
        "correlation_id": str(uuid7()),
    }


def _entry(transfer: Mapping[str, Any], card: Mapping[str, Any], position: int) -> dict[str, Any]:
    return {
        "transfer_id": transfer["id"],
        "document_id": card["id"],
        "agency_id": transfer["agency_id"],
        "kind": transfer["kind"],
        "position": position,
        "registration_key": f"{card['reg_department']}{card['year']:04}{card['serial']:06}",
        "file_code": card["file_code"],
        "before": card["state"],
        "state": handing.WAITING,
        "faults": [],
    }


def _move(unit: UnitOfWork, card: dict[str, Any], transfer_id: UUID, actor: Actor) -> None:
    card.update(state=handing.handed_over(State(card["state"])), version=card["version"] + 1, changed_at=unit.now)
    unit.update(DOCUMENT, {name: card[name] for name in ("id", "state", "version", "changed_at")})
    unit.record(
        translate.record_progressed(card, "hand-over-records", transfer_id),
        aggregate_id=card["id"],
        version=card["version"],
        agency_id=card["agency_id"],
        actor=actor.to_dict(),
        correlation_id=card["correlation_id"],
    )


def _record(unit: UnitOfWork, row: Mapping[str, Any], actor: Actor) -> None:
    unit.record(
        translate.hand_over_progressed(row),
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=actor.to_dict(),
        correlation_id=row["correlation_id"],
    )


async def extend(
    unit: UnitOfWork, department_code: str, year: int, until_year: int, reason: str, actor: Actor, view: View
) -> Mapping[str, Any]:
    """Lets a department keep the records of a year longer (시행령 32). Raises InvalidError."""
    department = view.unit(department_code)
    if department is None or department.agency_id != actor.agency_id:
        raise InvalidError("department-unknown", params={"code": department_code}, field="department_code")
    handing.check_extension(year, until_year, reason)
    if "\x00" in reason:
        raise InvalidError("nul-inside", field="reason")
    row: dict[str, Any] = {
        "id": uuid7(),
        "agency_id": actor.agency_id,
        "department_code": department_code,
        "year": year,
        "until_year": until_year,
        "reason": reason.strip(),
        "decided_by": actor.official_id,
        "decided_name": actor.name,
        "decided_at": unit.now,
    }
    unit.insert(TRANSFER_EXTENSION, row)
    event = TransferExtended(
        department_code=department_code,
        year=year,
        until_year=until_year,
        reason_sha256=hashlib.sha256(reason.encode()).hexdigest(),
    )
    unit.record(
        event,
        aggregate_id=row["id"],
        version=1,
        agency_id=actor.agency_id,
        actor=actor.to_dict(),
        correlation_id=str(row["id"]),
    )
    return row
