"""What happens to received documents by itself when something of ours has gone out: transferred, forwarded."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.uow import UnitOfWork
from documents.domain import receiving
from documents.domain.state import State
from documents.tables import DOCUMENT
from documents.translate import receipts
from onnara.exchange.v1.events_pb2 import DeliveryReported, DeliveryStep
from onnara.exchange.v1.official_document_pb2 import Unit

_CARDS = "SELECT * FROM document WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE"
_SENT_ON = """
SELECT d.* FROM document d JOIN receipt r ON r.document_id = d.id WHERE d.id = ANY ($1::uuid[]) AND r.accepted_at IS NULL
ORDER BY d.id
"""
_ACTOR = {"system": "documents"}


async def note_forwarded(
    unit: UnitOfWork, documents: Mapping[UUID, Mapping[str, Any]], copies: Mapping[UUID, Sequence[Mapping[str, Any]]]
) -> None:
    """Received documents whose carrier has gone out are forwarded (경유완료).

    documents: those that moved; ``carries`` names the received document, if any. At most one statement.
    """
    carried = [
        row["carries"]
        for document_id, row in documents.items()
        if row["carries"] and receiving.has_gone(copy["state"] for copy in copies[document_id])
    ]
    if not carried:
        return
    for found in await unit.fetch(_CARDS, carried):
        row = dict(found)
        state = receiving.driven("forwarded", State(row["state"]))
        if state != row["state"]:
            row.update(state=state, version=row["version"] + 1, changed_at=unit.now)
            unit.update(DOCUMENT, {name: row[name] for name in ("id", "state", "version", "changed_at")})
            record_by_itself(unit, row, "forwarded")


def note_transferred(unit: UnitOfWork, row: Mapping[str, Any], copies: Iterable[Mapping[str, Any]]) -> State:
    """State of a document after reports on its copies; a transferred one that has gone says so in its history."""
    before = State(row["state"])
    state = receiving.after_reports(before, (copy["state"] for copy in copies))
    if before == State.TRANSFERRING and state != before:
        record_by_itself(unit, {**row, "state": state}, "transferred")
    return state


async def tell_accepted(unit: UnitOfWork, reports: Mapping[UUID, tuple[DeliveryReported, str]]) -> None:
    """Tells the senders of transferred documents that whoever has them now has accepted; one statement.

    reports: of acceptance, by our card, with the name we sent it to: not every format names who reports. Who accepted it here before sending it on has told the sender already.
    """
    if not reports:
        return
    for found in await unit.fetch(_SENT_ON, list(reports)):
        row, (report, name) = dict(found), reports[found["id"]]
        agency = Unit(code=report.reporter_agency.code, name=report.reporter_agency.name or name)
        told = receipts.reported(row, DeliveryStep.DELIVERY_STEP_ACCEPTED, report.person, unit.now, agency=agency)
        told.department.CopyFrom(Unit(code=report.reporter.code, name=report.department or report.reporter.name))
        unit.record(
            told,
            aggregate_id=row["id"],
            version=row["version"],
            agency_id=row["agency_id"],
            actor=_ACTOR,
            correlation_id=row["correlation_id"],
        )


def record_by_itself(unit: UnitOfWork, row: Mapping[str, Any], act: str) -> None:
    """Writes into the journal what nobody did."""
    unit.record(
        receipts.progressed(row, act),
        aggregate_id=row["id"],
        version=row["version"],
        agency_id=row["agency_id"],
        actor=_ACTOR,
        correlation_id=row["correlation_id"],
    )
