"""What the final decision brings, in one transaction with it: number, class and file, readers, circulation, dispatch.

Numbers of the whole batch are taken by one statement a series, in the order of the decisions; rejected versions of major
documents take theirs among them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis import schedule
from chassis.envelope import Incoming
from chassis.uow import UnitOfWork
from documents.domain import produced, registration, retention
from documents.domain.dispatching import goes_at_once
from documents.domain.registration import Number, SpecialSeries
from documents.domain.state import State
from documents.domain.visibility import Basis
from documents.handlers.circulating import show_to
from documents.handlers.dispatching import start_dispatch
from documents.handlers.numbering import take_serials
from documents.handlers.readers import set_audience, show
from documents.handlers.reminding import confirm_timer
from documents.ports.directory import View
from documents.tables import REGISTRATION, SPECIAL_NUMBER, VERSION_REGISTRATION
from documents.translate import content, events
from documents.translate.dispatch import kind_of
from documents.translate.line import told_afterwards
from onnara.approval.v1.events_pb2 import LineChanged
from onnara.exchange.v1.events_pb2 import RequestStatus
from onnara.exchange.v1.official_document_pb2 import Notification, OfficialDocument

_BODIES = """
SELECT d.id, v.body FROM unnest($1::uuid[], $2::integer[]) AS d(id, number)
JOIN document_version v ON v.document_id = d.id AND v.number = d.number
"""
_NUMBERED = "SELECT document_id, number FROM version_registration WHERE document_id = ANY ($1::uuid[])"
_TAKE_SPECIAL = """
INSERT INTO special_series (agency_id, kind, year, n)
SELECT a, k, y, c FROM unnest($1::text[], $2::integer[], $3::integer[], $4::bigint[]) AS v(a, k, y, c) ORDER BY a, k, y
ON CONFLICT (agency_id, kind, year) DO UPDATE SET n = special_series.n + excluded.n
RETURNING agency_id, kind, year, n
"""


@dataclass(frozen=True, slots=True)
class Decided:
    """A document whose line was decided: it will be registered in this transaction."""

    message: Incoming[LineChanged]
    row: dict[str, Any]
    at: datetime
    zone: str

    @property
    def order(self) -> tuple[datetime, UUID, int, UUID]:
        """Numbers follow the moments of decision, and within a batch of drafts their places (일괄기안)."""
        return self.at, self.row["lead_id"] or self.row["id"], self.row["place"], self.row["id"]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A version that is kept as a record of its own. number: of the version."""

    row: Mapping[str, Any]
    number: int
    at: datetime
    zone: str

    @property
    def order(self) -> tuple[datetime, UUID, int, UUID]:
        """Where it stands among the numbers of a batch."""
        return self.at, self.row["id"], -1, self.row["id"]


async def register(unit: UnitOfWork, fresh: Sequence[Decided], rejected: Sequence[Rejected], view: View) -> None:
    """Takes the numbers of the whole batch, then writes what belongs to each registration."""
    rejected = await _not_numbered_yet(unit, rejected)
    if not fresh and not rejected:
        return
    documents = await _documents(unit, fresh)
    groups: dict[tuple[str, int], list[Decided | Rejected]] = {}
    numbered: list[Decided | Rejected] = [*fresh, *rejected]
    for one in sorted(numbered, key=lambda one: one.order):
        groups.setdefault(registration.series_of(one.row["department_code"], one.at, one.zone), []).append(one)
    first = await take_serials(unit, {key: len(found) for key, found in groups.items()})
    special = await _special_numbers(unit, fresh, documents)
    for key in sorted(groups):
        for serial, one in enumerate(groups[key], start=first[key]):
            row = one.row
            number = registration.number_of(row["department_code"], row["department_name"], serial, one.at, one.zone)
            if isinstance(one, Rejected):
                unit.insert(VERSION_REGISTRATION, _number_row(number, row) | {"number": one.number})
            else:
                document = documents[row["id"]]
                _put_special(unit, one, document, special.get(row["id"]))
                content.put_number(document, number)
                _register_one(unit, one, number, document, view)
    timers = [timer for one in fresh if (timer := confirm_timer(one.row, documents[one.row["id"]].steps, one.at, view))]
    if timers:
        await schedule.add(unit.connection, timers)


async def _not_numbered_yet(unit: UnitOfWork, rejected: Sequence[Rejected]) -> Sequence[Rejected]:
    """Each version once: what came back a second time unchanged has its number already."""
    if not rejected:
        return ()
    found = await unit.fetch(_NUMBERED, [one.row["id"] for one in rejected])
    known = {(row["document_id"], row["number"]) for row in found}
    fresh = {(one.row["id"], one.number): one for one in reversed(rejected)}
    return [one for key, one in fresh.items() if key not in known]


async def _documents(unit: UnitOfWork, fresh: Sequence[Decided]) -> dict[UUID, OfficialDocument]:
    """The decided documents, whole."""
    if not fresh:
        return {}
    rows = [one.row for one in fresh]
    found = await unit.fetch(_BODIES, [row["id"] for row in rows], [row["body_number"] for row in rows])
    bodies = {row["id"]: row["body"] for row in found}
    return {row["id"]: content.restored(row, bodies[row["id"]]) for row in rows}


async def _special_numbers(
    unit: UnitOfWork, fresh: Sequence[Decided], documents: Mapping[UUID, OfficialDocument]
) -> Mapping[UUID, tuple[SpecialSeries, int, int]]:
    """Series, serial and year of decision of every order and notice (시행규칙 8)."""
    groups: dict[SpecialSeries, list[tuple[UUID, int]]] = {}
    for one in sorted(fresh, key=lambda one: one.order):
        _, year = registration.series_of(one.row["department_code"], one.at, one.zone)
        series = registration.special_series_of(one.row["agency_id"], documents[one.row["id"]].kind, year)
        if series is not None:
            groups.setdefault(series, []).append((one.row["id"], year))
    if not groups:
        return {}
    keys = sorted(groups)
    agencies, kinds, years = (list(column) for column in zip(*keys, strict=True))
    taken = await unit.fetch(_TAKE_SPECIAL, agencies, kinds, years, [len(groups[key]) for key in keys])
    last = {(row["agency_id"], row["kind"], row["year"]): row["n"] for row in taken}
    return {
        document_id: (key, serial, year)
        for key in keys
        for serial, (document_id, year) in enumerate(groups[key], start=last[key] - len(groups[key]) + 1)
    }


def _put_special(
    unit: UnitOfWork, one: Decided, document: OfficialDocument, taken: tuple[SpecialSeries, int, int] | None
) -> None:
    if taken is None:
        return
    (agency_id, kind, series_year), serial, year = taken
    document.special_number = registration.special_text(kind, year, serial)
    one.row["content"], _, _ = content.stored(document)
    one.row["special"] = True
    unit.insert(
        SPECIAL_NUMBER,
        {
            "agency_id": agency_id,
            "kind": kind,
            "year": series_year,
            "serial": serial,
            "document_id": one.row["id"],
            "text": document.special_number,
        },
    )


def _number_row(number: Number, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "department_code": number.department_code,
        "year": number.year,
        "serial": number.serial,
        "document_id": row["id"],
        "agency_id": row["agency_id"],
        "text": number.text,
        "date": number.date,
    }


def _register_one(unit: UnitOfWork, one: Decided, number: Number, document: OfficialDocument, view: View) -> None:
    row, message = one.row, one.message
    row["file_code"] = registration.file_code(row["department_code"], document.task.code, number.year)
    row["state"] = produced.followed(State(row["state"]), _way(document))
    kept = {
        "disclosure": document.disclosure.level,
        "retained_until": retention.last_day(document.retention, number.year),
        "cancelled": False,
    }
    unit.insert(REGISTRATION, _number_row(number, row) | kept)
    set_audience(unit, row, document, view)
    _show_joint(unit, row, document, view)
    for kind, people in told_afterwards(document.steps, row["agency_id"]).items():
        show_to(unit, row, people, kind, message.actor, view)
    record(unit, message, row, events.registered(row, number, document))
    tell(unit, message, row, number)
    if row["state"] == State.SENDING:
        start_dispatch(unit, row, document, view, message.actor, row["correlation_id"])


def _way(document: OfficialDocument) -> str:
    """Where a registered document goes: filed, sent at once (자동발송), or waiting for its seal."""
    if not document.recipients:
        return "file"
    return "send-at-once" if goes_at_once(kind_of(document.seal)) else "await-sending"


def _show_joint(unit: UnitOfWork, row: Mapping[str, Any], document: OfficialDocument, view: View) -> None:
    """The other agencies' records officers answer for it there as ours do here (공동기안)."""
    for joint in document.joint_agencies:
        agency = view.unit(joint.code)
        if agency is not None:
            show(unit, row["id"], f"records:{agency.agency_id}", agency.agency_id, Basis.RECORDS)


def decided_at(message: Incoming[LineChanged]) -> datetime:
    """Moment of the final decision: year and day of the number come from it."""
    change = message.content
    return change.decided_at.ToDatetime(UTC) if change.HasField("decided_at") else message.occurred_at


def tell(unit: UnitOfWork, message: Incoming[LineChanged], row: dict[str, Any], number: Number | None) -> None:
    """Reports to the asking system's adapter: every step if it wants all, the end and the registration always."""
    if row["origin"] is None:
        return
    status = RequestStatus.REQUEST_STATUS_IN_PROGRESS
    if number is not None:
        status = RequestStatus.REQUEST_STATUS_REGISTERED
    elif row["state"] in {State.RETURNED, State.STOPPED}:
        status = RequestStatus.REQUEST_STATUS_RETURNED
    elif row["notification"] != Notification.NOTIFICATION_ALL:
        return
    row["report_version"] += 1
    record(unit, message, row, events.result(row, message.content.steps, status, number, unit.now))


def note(unit: UnitOfWork, message: Incoming[Any], row: Mapping[str, Any]) -> None:
    """The card has moved."""
    record(unit, message, row, events.progressed(row))


def record(unit: UnitOfWork, message: Incoming[Any], row: Mapping[str, Any], event: Any) -> None:
    """Something that happened to a card by a message."""
    unit.record(
        event,
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=message.actor,
        correlation_id=row["correlation_id"],
    )
