"""The clock looks at copies on their way: not arrived in minutes, not accepted in working days.

Copies carry the moment of the next look, so one look takes all that are due, however many were sent.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from chassis.actor import system_actor
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from documents.domain.delivery import NOT_ARRIVED, Standing, clock_step
from documents.handlers.copies import keep_copy, load_copies, stand
from documents.tables import DELIVERY_ACT, DOCUMENT
from onnara.documents.v1.events_pb2 import DispatchProgressed

log = structlog.get_logger(__name__)

LIMIT = 500
"""Documents taken by one look."""
# Whoever holds a document will be looked at again a moment later.
_DUE = """
SELECT id, state, version, agency_id, correlation_id FROM document WHERE id IN (
    SELECT document_id FROM delivery WHERE watch_at <= $1 ORDER BY watch_at LIMIT $2
) ORDER BY id FOR UPDATE SKIP LOCKED
"""


async def look_at_copies(unit: UnitOfWork) -> int:
    """Looks at the copies that are due; answers how many documents were taken."""
    documents = {row["id"]: dict(row) for row in await unit.fetch(_DUE, unit.now, LIMIT)}
    found: dict[str, int] = {}
    for document_id, copies in (await load_copies(unit, list(documents))).items():
        for copy in copies:
            if copy["watch_at"] is None or copy["watch_at"] > unit.now:
                continue
            step = _look(unit, documents[document_id], copy)
            if step:
                found[step] = found.get(step, 0) + 1
        _keep(unit, documents[document_id])
    if found.get(NOT_ARRIVED):
        log.warning("copies-not-arrived", count=found[NOT_ARRIVED])
    return len(documents)


def _look(unit: UnitOfWork, document: dict[str, Any], copy: dict[str, Any]) -> str:
    """One copy: what the clock reports of it, and when it is looked at next."""
    due_at = copy["due_at"] or unit.now
    step = clock_step(Standing(copy["state"], copy["reason"]), due_at, unit.now)
    if step:
        copy["steps"].append(step)
        _note(unit, copy, step)
        _record(unit, document, copy, step)
    copy["watch_at"] = due_at if due_at > unit.now else None
    stand(copy)
    keep_copy(unit, copy)
    return step


def _note(unit: UnitOfWork, copy: Mapping[str, Any], step: str) -> None:
    unit.insert(
        DELIVERY_ACT,
        {
            "id": uuid7(),
            "delivery_id": copy["id"],
            "document_id": copy["document_id"],
            "agency_id": copy["agency_id"],
            "act": step,
            "settled": {},
            "reason": "",
            "actor_id": "",
            "actor_name": "",
            "done_at": unit.now,
        },
    )


def _record(unit: UnitOfWork, document: dict[str, Any], copy: Mapping[str, Any], step: str) -> None:
    document["version"] += 1
    document["moved"] = True
    event = DispatchProgressed(
        document_id=str(document["id"]),
        version=document["version"],
        state=document["state"],
        act=step.lower().replace("_", "-"),
        recipient_codes=[copy["receiver_code"]],
    )
    unit.record(
        event,
        aggregate_id=document["id"],
        version=document["version"],
        agency_id=document["agency_id"],
        actor=system_actor("documents", document["agency_id"]).to_dict(),
        correlation_id=document["correlation_id"],
    )


def _keep(unit: UnitOfWork, document: Mapping[str, Any]) -> None:
    if document.get("moved"):
        changed: dict[str, UUID | int | datetime] = {
            "id": document["id"],
            "version": document["version"],
            "changed_at": unit.now,
        }
        unit.update(DOCUMENT, changed)
