"""Registration data changed, registrations cancelled, yearly looks: the records officer's work, each with its reason.

What was decided on stays as it was decided: the card's attributes change, its text and manifest do not. Values before and
after are kept word for word beside the card; the history holds of texts only their hashes (공공기록물법 시행규칙 6).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import ConflictError, InvalidError
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain import amending, registration, relating, retention
from documents.domain.amending import Attributes
from documents.domain.state import RECEIVED, State
from documents.domain.transition import moved
from documents.handlers.cards import refusal_of
from documents.handlers.circulating import card_to_change
from documents.handlers.readers import change_audience, known_facts, make_findable, open_later
from documents.handlers.relations import relations
from documents.ports.directory import View
from documents.tables import DOCUMENT, RECEIPT, REGISTRATION, REGISTRATION_CHANGE, REVIEW
from documents.translate import register as translate
from documents.translate.content import restored
from onnara.exchange.v1.official_document_pb2 import Disclosure, OfficialDocument

DISCLOSURE, RETENTION = "disclosure", "retention"
_REGISTERED = "SELECT * FROM registration WHERE document_id = $1"
_RECEIPT = "SELECT task_code FROM receipt WHERE document_id = $1"
_REVIEWED = "SELECT 1 FROM review WHERE document_id = $1 AND kind = $2 AND year = $3"


@dataclass(frozen=True, slots=True)
class Case:
    """A registered card in the hands of the records officer. kept: its registration's row."""

    unit: UnitOfWork
    row: dict[str, Any]
    kept: Mapping[str, Any]
    document: OfficialDocument
    before: Attributes
    actor: Actor
    view: View


async def open_case(unit: UnitOfWork, document_id: UUID, act: str, actor: Actor, view: View) -> Case:
    """Raises NotFoundError, ForbiddenError, or ConflictError for what is not registered or cancelled."""
    row = await card_to_change(unit, document_id)
    outcome = moved(relating.TABLE, State(row["state"]), act, await relations(unit, row, actor, view))
    if not isinstance(outcome, State):
        raise outcome
    found = await unit.fetch(_REGISTERED, document_id)
    if not found:
        raise ConflictError("act-not-now", params={"act": act, "state": row["state"]}, source=relating.CHANGING)
    if found[0]["cancelled"]:
        raise ConflictError("registration-cancelled", source=relating.CHANGING)
    document = restored(row, "")
    task = document.task.code
    if State(row["state"]) in RECEIVED:
        receipts = await unit.fetch(_RECEIPT, document_id)
        task = receipts[0]["task_code"] if receipts else ""
    return Case(unit, row, found[0], document, translate.attributes(document, task, row["retention"]), actor, view)


async def change_registration(
    case: Case, expected_version: int, changed: OfficialDocument, fields: Sequence[str], reason: str, *, cancel: bool
) -> int:
    """Changes what is named, or cancels; answers the card's version. Raises ConflictError or InvalidError."""
    row = case.row
    if row["version"] != expected_version:
        raise ConflictError("document-moved-on", params={"state": row["state"], "version": row["version"]})
    if not reason.strip():
        raise InvalidError("reason-missing", field="reason", source=relating.CHANGING)
    unknown = sorted(set(fields) - set(amending.FIELDS))
    if unknown:
        raise InvalidError("field-unknown", params={"field": unknown[0]}, field="fields")
    wanted = amending.changed(case.before, translate.attributes(changed, changed.task.code, changed.retention), fields)
    problems = amending.problems_of(wanted, fields, case.view.may_file(wanted.task_code, row["department_code"]))
    if problems:
        raise refusal_of(problems)
    if not cancel and wanted == case.before:
        raise InvalidError("change-nothing", field="fields", source=relating.CHANGING)
    return await _apply(case, wanted, reason, cancel=cancel)


async def decide_review(case: Case, kind: str, year: int, disclosure: Disclosure | None, reason: str) -> None:
    """Keeps the result of a yearly look, and changes the disclosure where it came out differently.

    disclosure: as it is from now on; None: it stays. Raises ConflictError or InvalidError.
    """
    if not _is_due(case, kind, year):
        raise InvalidError("review-not-due", field="document_id", source=relating.REVIEWING)
    if await case.unit.fetch(_REVIEWED, case.row["id"], kind, year):
        raise ConflictError("review-done", params={"year": year}, source=relating.REVIEWING)
    if not reason.strip():
        raise InvalidError("reason-missing", field="reason", source=relating.REVIEWING)
    wanted = replace(case.before, disclosure=translate.disclosure_of(disclosure)) if disclosure else case.before
    problems = amending.problems_of(wanted, ("disclosure",), may_file=True)
    if problems:
        raise refusal_of(problems)
    if wanted != case.before:
        await _apply(case, wanted, reason, cancel=False)
    case.unit.insert(
        REVIEW,
        {
            "document_id": case.row["id"],
            "kind": kind,
            "year": year,
            "agency_id": case.row["agency_id"],
            "reviewed_at": case.unit.now,
            "reviewed_by": case.actor.official_id,
            "reviewed_name": case.actor.name,
            "reason": reason,
            "changed": wanted != case.before,
        },
    )


def _is_due(case: Case, kind: str, year: int) -> bool:
    if kind == DISCLOSURE:
        return case.kept["disclosure"] in {2, 3} and case.kept["year"] <= year
    return retention.has_ended(case.kept["retained_until"], date(year, 1, 1))


async def _apply(case: Case, wanted: Attributes, reason: str, *, cancel: bool) -> int:
    unit, row, before = case.unit, case.row, case.before
    facts = await known_facts(unit, row, case.document, case.view)
    translate.put(case.document, wanted, task_is_ours=State(row["state"]) not in RECEIVED)
    _name_task(case, wanted)
    row.update(
        title=wanted.title,
        content=translate.kept(case.document, row["content"]),
        retention=wanted.retention,
        version=row["version"] + 1,
        changed_at=unit.now,
    )
    if wanted.task_code != before.task_code:
        row["file_code"] = registration.file_code(row["department_code"], wanted.task_code, case.kept["year"])
    if wanted.reading != before.reading:
        after = await known_facts(unit, row, case.document, case.view)
        await change_audience(unit, row["id"], facts, after)
        open_later(unit, row, after, case.view)
    names = ("id", "title", "content", "retention", "version", "changed_at", "file_code")
    unit.update(DOCUMENT, {name: row[name] for name in names})
    unit.update(REGISTRATION, _registration(case, wanted, cancel=cancel), key=("document_id",))
    if wanted.title != before.title:
        in_charge = case.view.position_of(row["in_charge_id"], row["agency_id"])[0] if row["in_charge_id"] else ""
        make_findable(unit, row, case.document, in_charge)
    _keep(case, amending.differences(before, wanted), reason, cancel=cancel)
    return int(row["version"])


def _name_task(case: Case, wanted: Attributes) -> None:
    if wanted.task_code == case.before.task_code:
        return
    if State(case.row["state"]) in RECEIVED:
        task = {"document_id": case.row["id"], "task_code": wanted.task_code}
        case.unit.update(RECEIPT, task, key=("document_id",))
        return
    known = case.view.task(wanted.task_code)
    case.document.task.name = known.name if known else ""


def _registration(case: Case, wanted: Attributes, *, cancel: bool) -> dict[str, Any]:
    return {
        "document_id": case.row["id"],
        "disclosure": wanted.disclosure[0],
        "retained_until": retention.last_day(wanted.retention, case.kept["year"]),
        "cancelled": cancel,
    }


def _keep(case: Case, changes: Sequence[tuple[str, str, str]], reason: str, *, cancel: bool) -> None:
    unit, row = case.unit, case.row
    unit.insert(
        REGISTRATION_CHANGE,
        {
            "id": uuid7(),
            "document_id": row["id"],
            "agency_id": row["agency_id"],
            "version": row["version"],
            "changes": [list(change) for change in changes],
            "reason": reason,
            "cancelled": cancel,
            "changed_by": case.actor.official_id,
            "changed_name": case.actor.name,
            "changed_at": unit.now,
        },
    )
    event = translate.changed(row, changes, hashlib.sha256(reason.encode()).hexdigest(), cancelled=cancel)
    unit.record(
        event,
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=case.actor.to_dict(),
        correlation_id=row["correlation_id"],
    )
