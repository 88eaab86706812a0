"""Journal rows of lines -> their history as people read it: who did what when, and the line as it was then."""

from collections.abc import Iterable, Mapping
from typing import Any

from approval.domain.machine import Act
from approval.translate.journal import actor_of
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import events_pb2 as events
from onnara.exchange.v1.official_document_pb2 import STEP_ROLE_DRAFT

_OPENED = events.LineOpened.DESCRIPTOR.full_name
_CHANGED = events.LineChanged.DESCRIPTOR.full_name


def history_message(rows: Iterable[Mapping[str, Any]]) -> pb.GetLineHistoryResponse:
    """All acts in the order of the rows. An act whose content was disposed of is shown with what is left of it."""
    return pb.GetLineHistoryResponse(entries=[_entry(row) for row in rows if row["type"] in {_OPENED, _CHANGED}])


def _entry(row: Mapping[str, Any]) -> pb.LineHistoryEntry:
    entry = pb.LineHistoryEntry(
        occurred_at=row["occurred_at"],
        line_id=str(row["aggregate_id"]),
        version=row["aggregate_version"],
        actor=actor_of(row["actor"]),
    )
    payload = row["payload"] or b""
    if row["type"] == _OPENED:
        _opened(entry, events.LineOpened.FromString(payload))
    else:
        _changed(entry, events.LineChanged.FromString(payload))
    return entry


def _opened(entry: pb.LineHistoryEntry, event: events.LineOpened) -> None:
    entry.act = Act.OPEN.value
    entry.order = next((step.order for step in event.steps if step.role == STEP_ROLE_DRAFT), 0)
    entry.manifest_hash = event.manifest_hash
    entry.status = events.LINE_STATUS_IN_PATH
    entry.steps.extend(event.steps)


def _changed(entry: pb.LineHistoryEntry, event: events.LineChanged) -> None:
    entry.act = event.act
    entry.order = event.acted_order
    entry.opinion = event.opinion
    entry.manifest_hash = event.manifest_hash
    entry.returned_to = event.returned_to
    entry.status = event.status
    entry.steps.extend(event.steps)
