"""A card follows its line; on the final decision number, class, file, deliveries and dispatch in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog

from chassis.envelope import Incoming
from chassis.errors import ConflictError, NotFoundError, Problem, TransientError
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from documents.domain import registration, retention
from documents.domain.dispatching import goes_at_once
from documents.domain.registration import Number
from documents.domain.state import REGISTERED, State
from documents.handlers.dispatching import start_dispatch
from documents.handlers.readers import set_audience
from documents.ports.directory import View
from documents.tables import DOCUMENT, REGISTRATION
from documents.translate import content, events
from documents.translate.dispatch import kind_of
from onnara.approval.v1.events_pb2 import LineChanged, LineRefused, LineStatus
from onnara.exchange.v1.events_pb2 import Origin, RequestStatus
from onnara.exchange.v1.official_document_pb2 import Notification

log = structlog.get_logger(__name__)

_BY_LINE = "SELECT * FROM document WHERE line_id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE"
_BODIES = """
SELECT d.id, v.body FROM document d JOIN document_version v ON v.document_id = d.id AND v.number = d.body_number
WHERE d.id = ANY ($1::uuid[])
"""
# The hot rows, last and in order: replicas that share series wait for each other instead of locking up.
_TAKE = """
INSERT INTO number_series (department_code, year, n)
SELECT d, y, k FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS v(d, y, k) ORDER BY d, y
ON CONFLICT (department_code, year) DO UPDATE SET n = number_series.n + excluded.n
RETURNING department_code, year, n
"""
_STATES = {
    LineStatus.LINE_STATUS_IN_PATH: State.IN_PATH,
    LineStatus.LINE_STATUS_HELD: State.HELD,
    LineStatus.LINE_STATUS_RETURNED: State.RETURNED,
}
_KEPT = (
    "id", "state", "version", "steps", "line_version", "report_version", "file_code", "changed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """A document whose line was decided: it will be registered in this transaction."""

    message: Incoming[LineChanged]
    row: dict[str, Any]
    at: datetime
    zone: str
    view: View


async def follow_lines(unit: UnitOfWork, batch: Sequence[Incoming[LineChanged]], view: View) -> Sequence[Outcome]:
    """Lines have changed: cards follow, decided documents are registered and dispatched, asking systems are told."""
    rows = await _rows(unit, [message.content.line_id for message in batch])
    outcomes: dict[UUID, Outcome] = {}
    touched: dict[UUID, dict[str, Any]] = {}
    decided: dict[UUID, Decided] = {}
    for message in sorted(batch, key=lambda message: message.content.version):
        line_id = content.uuid_or_none(message.content.line_id)
        row = rows.get(line_id) if line_id else None
        outcomes[message.id] = outcome = _judge(message.content, line_id, row)
        if outcome is not None or row is None or message.content.version <= row["line_version"]:
            continue
        touched[row["id"]] = row
        registered = row["state"] in REGISTERED or row["id"] in decided
        _follow(unit, message, row, registered=registered)
        if registered:
            if row["id"] not in decided:
                _note(unit, message, row)  # 후열, 통보: the answer with the number has been given
        elif message.content.status == LineStatus.LINE_STATUS_DECIDED:
            decided[row["id"]] = Decided(message, row, _decided_at(message), view.zone(row["agency_id"]), view)
        else:
            _tell(unit, message, row, None)
            _note(unit, message, row)
    if decided:
        await _register(unit, list(decided.values()))
    for row in touched.values():
        unit.update(DOCUMENT, {name: row[name] for name in _KEPT})
    return [outcomes[message.id] for message in batch]


async def refuse_submissions(unit: UnitOfWork, batch: Sequence[Incoming[LineRefused]]) -> Sequence[Outcome]:
    """Approval could not open a line: the card says so, and the reason goes back to where the request came from."""
    rows = await _rows(unit, [message.content.line_id for message in batch])
    outcomes: list[Outcome] = []
    for message in batch:
        line_id = content.uuid_or_none(message.content.line_id)
        row = rows.get(line_id) if line_id else None
        if line_id is None or row is None:
            outcomes.append(_nowhere(message.content.line_id, line_id))
            continue
        if row["state"] != State.REFUSED and row["line_version"]:
            log.error("line-refused-after-it-opened", document=str(row["id"]))
            outcomes.append(ConflictError("line-open", params={"document": row["id"]}))
            continue
        outcomes.append(None)
        if row["state"] == State.REFUSED:
            continue
        row.update(state=State.REFUSED, version=row["version"] + 1, changed_at=unit.now)
        unit.update(DOCUMENT, {name: row[name] for name in _KEPT})
        _note(unit, message, row)
        if row["origin"] is not None:
            problems = [Problem(e.code, dict(e.params), e.field, e.source) for e in message.content.errors]
            _record(unit, message, row, events.refused(Origin.FromString(row["origin"]), "approval", problems))
    return outcomes


async def _rows(unit: UnitOfWork, line_ids: Sequence[str]) -> dict[UUID, dict[str, Any]]:
    wanted = {found for line_id in line_ids if (found := content.uuid_or_none(line_id))}
    return {row["line_id"]: dict(row) for row in await unit.fetch(_BY_LINE, list(wanted))}


def _nowhere(text: str, line_id: UUID | None) -> Outcome:
    if line_id is None:
        return NotFoundError("line-unknown", params={"line": text})
    return TransientError("document-not-there-yet", params={"line": text})


def _judge(change: LineChanged, line_id: UUID | None, row: Mapping[str, Any] | None) -> Outcome:
    if row is None:
        return _nowhere(change.line_id, line_id)
    if change.version <= row["line_version"] or row["state"] in REGISTERED:
        return None  # seen already; after the decision only 후열 and 통보 may follow
    if change.manifest_hash != row["manifest_hash"]:
        # A decision on something else than what was submitted: nothing here may repair that.
        log.error("manifest-differs", document=str(row["id"]), line=change.line_id)
        return ConflictError("manifest-differs", params={"document": str(row["id"])})
    return None


def _decided_at(message: Incoming[LineChanged]) -> datetime:
    change = message.content
    return change.decided_at.ToDatetime(UTC) if change.HasField("decided_at") else message.occurred_at


def _follow(unit: UnitOfWork, message: Incoming[LineChanged], row: dict[str, Any], *, registered: bool) -> None:
    change = message.content
    row.update(
        state=row["state"] if registered else _STATES.get(change.status, row["state"]),
        version=row["version"] + 1,
        steps=content.steps_bytes(change.steps),
        line_version=change.version,
        changed_at=unit.now,
    )


async def _register(unit: UnitOfWork, fresh: Sequence[Decided]) -> None:
    """Takes the numbers of the whole batch, then writes what belongs to each registration."""
    bodies = {row["id"]: row["body"] for row in await unit.fetch(_BODIES, [one.row["id"] for one in fresh])}
    groups: dict[tuple[str, int], list[Decided]] = {}
    for one in sorted(fresh, key=lambda one: (one.at, one.row["id"])):
        series = registration.series_of(one.row["department_code"], one.at, one.zone)
        groups.setdefault(series, []).append(one)
    keys = sorted(groups)
    taken = await unit.fetch(_TAKE, [d for d, _ in keys], [y for _, y in keys], [len(groups[key]) for key in keys])
    last = {(row["department_code"], row["year"]): row["n"] for row in taken}
    first = registration.assign(last, {key: len(groups[key]) for key in keys})
    for key in keys:
        for serial, one in enumerate(groups[key], start=first[key]):
            row = one.row
            number = registration.number_of(row["department_code"], row["department_name"], serial, one.at, one.zone)
            _register_one(unit, one, number, bodies[row["id"]])


def _register_one(unit: UnitOfWork, one: Decided, number: Number, body: str) -> None:
    row, message = one.row, one.message
    document = content.restored(row, body, number)
    row["file_code"] = registration.file_code(row["department_code"], document.task.code, number.year)
    row["state"] = _state_of(document)
    unit.insert(
        REGISTRATION,
        {
            "department_code": number.department_code,
            "year": number.year,
            "serial": number.serial,
            "document_id": row["id"],
            "agency_id": row["agency_id"],
            "text": number.text,
            "date": number.date,
            "disclosure": document.disclosure.level,
            "retained_until": retention.last_day(document.retention, number.year),
            "cancelled": False,
        },
    )
    set_audience(unit, row, document, one.view)
    _record(unit, message, row, events.registered(row, number, document))
    _tell(unit, message, row, number)
    if row["state"] == State.SENDING:
        start_dispatch(unit, row, document, one.view, message.actor, row["correlation_id"])


def _state_of(document: Any) -> State:
    """Where a registered document goes: filed, sent at once (자동발송), or waiting for its seal."""
    if not document.recipients:
        return State.FILED
    return State.SENDING if goes_at_once(kind_of(document.seal)) else State.SEND_WAIT


def _tell(unit: UnitOfWork, message: Incoming[LineChanged], row: dict[str, Any], number: Number | None) -> None:
    """Reports to the asking system's adapter: every step if it wants all, returns and the registration always."""
    if row["origin"] is None:
        return
    status = RequestStatus.REQUEST_STATUS_IN_PROGRESS
    if number is not None:
        status = RequestStatus.REQUEST_STATUS_REGISTERED
    elif row["state"] == State.RETURNED:
        status = RequestStatus.REQUEST_STATUS_RETURNED
    elif row["notification"] != Notification.NOTIFICATION_ALL:
        return
    row["report_version"] += 1
    _record(unit, message, row, events.result(row, message.content.steps, status, number, unit.now))


def _note(unit: UnitOfWork, message: Incoming[Any], row: dict[str, Any]) -> None:
    _record(unit, message, row, events.progressed(row))


def _record(unit: UnitOfWork, message: Incoming[Any], row: Mapping[str, Any], event: Any) -> None:
    unit.record(
        event,
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=message.actor,
        correlation_id=row["correlation_id"],
    )
