"""The records system's answers (인수, 반려): records become copies, or come back with their faults, each hand-over once.

HandOverAnswered -> rows of the hand-overs, their entries, cards and copies, each read once a batch -> ``domain.handing``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.envelope import Incoming
from chassis.errors import NotFoundError, RefusalError
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from documents.domain import handing
from documents.domain.handing import Entry, Fault, Settlement
from documents.domain.state import State
from documents.tables import DOCUMENT, RECORD_TRANSFER, RECORD_TRANSFER_ENTRY
from documents.translate import handing as translate
from documents.translate.handing import Answer
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.exchange.v1.events_pb2 import Origin, RequestRefused
from onnara.exchange.v1.reports_pb2 import ReportEffect, ReportStored

_TRANSFERS = """
SELECT * FROM record_transfer WHERE id = ANY ($1::uuid[]) OR id IN (
    SELECT t.id FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS k(department, kind, moment)
    JOIN record_transfer t ON t.department_code = k.department AND t.kind = k.kind
        AND t.made_at >= k.moment AND t.made_at < k.moment + interval '1 second'
) ORDER BY id FOR UPDATE
"""
_ENTRIES = """
SELECT * FROM record_transfer_entry WHERE transfer_id = ANY ($1::uuid[]) AND state = 'waiting' ORDER BY transfer_id, position
"""
_CARDS = """
SELECT id, state, version, agency_id, correlation_id FROM document WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE
"""
_COPIES = "SELECT document_id, state FROM delivery WHERE document_id = ANY ($1::uuid[])"
_STAGE = "documents"


@dataclass(slots=True)
class Loaded:
    """All that a batch is about. entries: those that wait, by hand-over. copies: their states, by document."""

    transfers: Mapping[UUID, dict[str, Any]]
    entries: Mapping[UUID, Sequence[Mapping[str, Any]]]
    cards: Mapping[UUID, dict[str, Any]]
    copies: Mapping[UUID, Sequence[str]]

    def find(self, answer: Answer) -> dict[str, Any] | None:
        """The hand-over an answer is about: by its id, else by department, kind and second."""
        if answer.transfer_id is not None:
            return self.transfers.get(answer.transfer_id)
        for row in self.transfers.values():
            if answer.key == (row["department_code"], row["kind"], row["made_at"].replace(microsecond=0)):
                return row
        return None


async def record_answers(unit: UnitOfWork, batch: Sequence[Incoming[Answer | RefusalError]]) -> Sequence[Outcome]:
    """Takes answers; whoever brought one hears that it was stored, or why it was refused. At most four reads a batch."""
    answers = [message.content for message in batch if isinstance(message.content, Answer)]
    loaded = await _load(unit, answers)
    outcomes: list[Outcome] = []
    for message in batch:
        outcome = _take(unit, message, loaded)
        outcomes.append(outcome if isinstance(outcome, RefusalError) else None)
        if isinstance(message.content, Answer):
            _tell(unit, message, message.content, outcome)
    return outcomes


async def _load(unit: UnitOfWork, answers: Sequence[Answer]) -> Loaded:
    ids = [answer.transfer_id for answer in answers if answer.transfer_id is not None]
    keys = [answer.key for answer in answers if answer.transfer_id is None and answer.key is not None]
    places = [list(each) for each in zip(*keys, strict=True)] or [[], [], []]
    rows = {row["id"]: dict(row) for row in await unit.fetch(_TRANSFERS, ids, *places)}
    return await waiting_of(unit, rows)


async def waiting_of(unit: UnitOfWork, transfers: Mapping[UUID, dict[str, Any]]) -> Loaded:
    """What still waits of hand-overs that are locked. Three statements."""
    entries = await unit.fetch(_ENTRIES, list(transfers))
    by_transfer: dict[UUID, list[Mapping[str, Any]]] = {}
    for entry in entries:
        by_transfer.setdefault(entry["transfer_id"], []).append(entry)
    moved = [entry["document_id"] for entry in entries if entry["kind"] == handing.TRANSFER]
    cards = {row["id"]: dict(row) for row in await unit.fetch(_CARDS, moved)}
    copies: dict[UUID, list[str]] = {}
    for copy in await unit.fetch(_COPIES, moved):
        copies.setdefault(copy["document_id"], []).append(copy["state"])
    return Loaded(transfers, by_transfer, cards, copies)


def _take(unit: UnitOfWork, message: Incoming[Answer | RefusalError], loaded: Loaded) -> RefusalError | bool:
    """Whether the answer changed anything, or why it was refused."""
    answer = message.content
    if isinstance(answer, RefusalError):
        return answer
    row = loaded.find(answer)
    if row is None or row["agency_id"] != message.agency_id:
        return NotFoundError(
            "hand-over-unknown", params={"transfer": str(answer.transfer_id or "")}, field="transfer_id"
        )
    judged = handing.judge_answer(row["state"], accepted=answer.accepted)
    if judged is not True:
        return judged
    waiting = loaded.entries.get(row["id"], [])
    settlement = handing.settle([_named(each) for each in waiting], answer.faults, accepted=answer.accepted)
    move_entries(unit, loaded, waiting, settlement, message.actor)
    loaded.entries = {**loaded.entries, row["id"]: []}
    row.update(
        state=handing.ACCEPTED if answer.accepted else handing.RETURNED,
        version=row["version"] + 1,
        accepted=row["accepted"] + len(settlement.accepted),
        returned=row["returned"] + len(settlement.returned),
        answered_at=answer.happened_at or unit.now,
        code=answer.code,
        reason=answer.reason,
        faults=[*row["faults"], *translate.kept(settlement.loose)],
        look_at=None,
    )
    keep_transfer(unit, row, message.actor)
    return True


def keep_transfer(unit: UnitOfWork, row: Mapping[str, Any], actor: Mapping[str, Any]) -> None:
    """Writes where a hand-over stands, and records it."""
    names = (
        "id", "state", "version", "accepted", "returned", "answered_at", "code", "reason", "faults", "look_at", "digest",
    )  # fmt: skip
    unit.update(RECORD_TRANSFER, {name: row[name] for name in names})
    unit.record(
        translate.hand_over_progressed(row),
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=actor,
        correlation_id=row["correlation_id"],
    )


def move_entries(
    unit: UnitOfWork,
    loaded: Loaded,
    waiting: Iterable[Mapping[str, Any]],
    settlement: Settlement,
    actor: Mapping[str, Any],
) -> None:
    """Moves the entries a settlement names, with their cards where the records themselves were handed over."""
    for entry in waiting:
        identity = str(entry["document_id"])
        accepted = identity in settlement.accepted
        if not accepted and identity not in settlement.returned:
            continue
        faults = settlement.faults.get(identity, ())
        unit.update(
            RECORD_TRANSFER_ENTRY,
            {
                "transfer_id": entry["transfer_id"],
                "document_id": entry["document_id"],
                "state": handing.ACCEPTED if accepted else handing.RETURNED,
                "faults": translate.kept(faults),
            },
            key=("transfer_id", "document_id"),
        )
        card = loaded.cards.get(entry["document_id"])
        if card is not None:
            _move_card(unit, loaded, card, entry, faults, actor, accepted=accepted)


def _move_card(
    unit: UnitOfWork,
    loaded: Loaded,
    card: dict[str, Any],
    entry: Mapping[str, Any],
    faults: Sequence[Fault],
    actor: Mapping[str, Any],
    *,
    accepted: bool,
) -> None:
    copies = loaded.copies.get(card["id"], ())
    state = handing.after_answer(State(card["state"]), State(entry["before"]), accepted=accepted, copies=copies)
    card.update(state=state, version=card["version"] + 1)
    changed = {"id": card["id"], "state": state, "version": card["version"], "changed_at": unit.now}
    unit.update(DOCUMENT, changed)
    act = "accept-records" if accepted else "return-records"
    unit.record(
        translate.record_progressed(card, act, entry["transfer_id"], faults),
        aggregate_id=card["id"],
        version=card["version"],
        agency_id=card["agency_id"],
        actor=actor,
        correlation_id=card["correlation_id"],
    )


def _named(entry: Mapping[str, Any]) -> Entry:
    return Entry(str(entry["document_id"]), entry["registration_key"], entry["file_code"])


def _tell(unit: UnitOfWork, message: Incoming[Any], answer: Answer, outcome: RefusalError | bool) -> None:
    """Tells the adapter's record what became of it; an adapter that spoke for itself has none."""
    if not answer.record_id:
        return
    told = _refused(answer, outcome) if isinstance(outcome, RefusalError) else _stored(unit, answer, changed=outcome)
    unit.record(
        told,
        aggregate_id=message.id,
        version=1,
        agency_id=message.agency_id,
        actor=message.actor,
        correlation_id=message.correlation_id,
    )


def _stored(unit: UnitOfWork, answer: Answer, *, changed: bool) -> ReportStored:
    effect = ReportEffect.REPORT_EFFECT_CHANGED if changed else ReportEffect.REPORT_EFFECT_UNCHANGED
    stored = ReportStored(origin=Origin.FromString(answer.origin), stage=_STAGE, effect=effect)
    stored.stored_at.FromDatetime(unit.now)
    return stored


def _refused(answer: Answer, error: RefusalError) -> RequestRefused:
    details: list[ErrorDetail] = translate.details(error.problems)
    return RequestRefused(origin=Origin.FromString(answer.origin), stage=_STAGE, errors=details)
