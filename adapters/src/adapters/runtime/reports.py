"""What becomes of reports (people, posts, absences, units): the service that took one says so, and its record is settled."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from adapters.runtime import accounting
from adapters.runtime.tables import RECORD
from chassis.envelope import Incoming
from chassis.errors import NotFoundError
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from onnara.exchange.v1.reports_pb2 import ReportEffect, ReportStored

_RECORDS = "SELECT id::text, revision, reasons FROM record WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE"
_OUTDATED = {"code": "report-outdated", "params": {}, "field": "", "source": "", "severity": "loss"}


async def settle_reports(unit: UnitOfWork, batch: Sequence[Incoming[ReportStored]]) -> Sequence[Outcome]:
    """Settles the records; what a person should look at stands with them."""
    wanted = [identity for m in batch if (identity := _uuid(m.content.origin.record_id)) is not None]
    rows = {row["id"]: dict(row) for row in await unit.fetch(_RECORDS, wanted)}
    settled: dict[str, dict[str, Any]] = {}
    outcomes: list[Outcome] = []
    for message in batch:
        stored = message.content
        row = rows.get(stored.origin.record_id)
        outcomes.append(None if row else NotFoundError("record-unknown", params={"record": stored.origin.record_id}))
        # The answer to what has been read again since, is no answer any more.
        if row and row["revision"] == stored.origin.revision:
            settled[row["id"]] = {
                "id": UUID(row["id"]),
                "state": "settled",
                "stage": "",
                "reasons": [*row["reasons"], *_notices(stored)],
                "changed_at": unit.now,
            }
    for change in settled.values():
        unit.update(RECORD, change)
    return outcomes


def _notices(stored: ReportStored) -> list[dict[str, Any]]:
    said = [{**notice, "severity": "loss"} for notice in accounting.reasons_of_errors(stored.notices)]
    return [*said, *([_OUTDATED] if stored.effect == ReportEffect.REPORT_EFFECT_OUTDATED else [])]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
