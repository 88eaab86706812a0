"""Decisions taken in somebody's absence are reported to him afterwards (사후보고, 행정업무규정 10③): reminded until he has read.

registration -> a timer for each such document -> the clock marks what was not read, says so in the history, and looks again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis import schedule
from chassis.actor import system_actor
from chassis.schedule import Timer
from chassis.uow import UnitOfWork
from documents.domain.relating import CONFIRM
from documents.domain.visibility import official
from documents.ports.directory import View
from documents.translate.line import told_afterwards
from documents.translate.readers import readers_changed

KIND = "confirm-reading"
_UNREAD = """
UPDATE circulation SET reminded_at = $3 WHERE document_id = $1 AND kind = $2 AND read_at IS NULL
RETURNING official_id, reader_agency
"""
_CARD = "SELECT id, agency_id, version, correlation_id FROM document WHERE id = $1"


def confirm_timer(row: Mapping[str, Any], steps: Iterable[Any], decided_at: datetime, view: View) -> Timer | None:
    """When a deputy decided an important matter: the moment to look whether the absent approver has read it."""
    found = list(steps)
    if not any(step.report_after for step in found) or CONFIRM not in told_afterwards(found, row["agency_id"]):
        return None
    return _timer(row["id"], 1, view.deadlines.confirm_at(view.zone(row["agency_id"]), decided_at))


async def remind(unit: UnitOfWork, timer: Timer, view: View) -> None:
    """Marks what was not read in time; sets the next look while there is any."""
    document_id = UUID(timer.payload["document"])
    unread = await unit.fetch(_UNREAD, document_id, CONFIRM, unit.now)
    rows = await unit.fetch(_CARD, document_id) if unread else []
    for row in rows:
        bearers = [official(each["official_id"], each["reader_agency"]) for each in unread]
        unit.record(
            readers_changed(document_id, "remind", bearers),
            aggregate_id=document_id,
            version=row["version"],
            agency_id=row["agency_id"],
            actor=system_actor("documents", row["agency_id"]).to_dict(),
            correlation_id=row["correlation_id"],
        )
        due_at = view.deadlines.confirm_at(view.zone(row["agency_id"]), unit.now)
        await schedule.add(unit.connection, [_timer(document_id, int(timer.payload["turn"]) + 1, due_at)])


def _timer(document_id: UUID, turn: int, due_at: datetime) -> Timer:
    return Timer(KIND, f"{document_id}/{turn}", due_at, {"document": str(document_id), "turn": turn})
