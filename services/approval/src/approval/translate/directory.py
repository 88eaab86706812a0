"""Directory rows as they travel -> rows of the replica."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from chassis.replica import ReplicaRow
from onnara.directory.v1 import events_pb2 as events
from onnara.directory.v1.directory_service_pb2 import ListChangesRequest

UNIT = events.ReplicaKind.Name(events.REPLICA_KIND_UNIT)
OFFICIAL = events.ReplicaKind.Name(events.REPLICA_KIND_OFFICIAL)
APPOINTMENT = events.ReplicaKind.Name(events.REPLICA_KIND_APPOINTMENT)
TOKEN_KEY = events.ReplicaKind.Name(events.REPLICA_KIND_TOKEN_KEY)
DELEGATION_RULE = events.ReplicaKind.Name(events.REPLICA_KIND_DELEGATION_RULE)
ABSENCE = events.ReplicaKind.Name(events.REPLICA_KIND_ABSENCE)
PASSKEY = events.ReplicaKind.Name(events.REPLICA_KIND_PASSKEY)

# Kinds not asked about are taken along unread, so that the copy's version is comparable with that of other services.
DECODE: Mapping[str, Callable[[bytes], Any]] = dict.fromkeys(events.ReplicaKind.keys(), bytes) | {
    UNIT: events.UnitData.FromString,
    OFFICIAL: events.OfficialData.FromString,
    APPOINTMENT: events.AppointmentData.FromString,
    TOKEN_KEY: events.TokenKeyData.FromString,
    DELEGATION_RULE: events.DelegationRuleData.FromString,
    ABSENCE: events.AbsenceData.FromString,
    PASSKEY: events.PasskeyData.FromString,
}
PAGE = 5_000


def rows_of(message: events.DirectoryChanged) -> Sequence[ReplicaRow]:
    """Rows of a change of the directory."""
    return [_row(row) for row in message.rows]


def _row(row: events.DirectoryRow) -> ReplicaRow:
    return ReplicaRow(
        kind=events.ReplicaKind.Name(row.kind),
        id=row.id,
        valid_from=date.fromisoformat(row.valid_from),
        valid_to=date.fromisoformat(row.valid_to) if row.valid_to else None,
        version=row.version,
        payload=row.payload,
    )


class DirectoryFeed:
    """Fetches the directory's changes over gRPC. stub: of DirectoryService."""

    def __init__(self, stub: Any) -> None:
        self._stub = stub

    async def __call__(self, after: int) -> Sequence[ReplicaRow]:
        """Rows after a version; empty: nothing newer."""
        response = await self._stub.ListChanges(ListChangesRequest(after=after, page_size=PAGE))
        return [_row(row) for row in response.rows]
