"""Directory rows as they travel -> rows of the replica."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from chassis.replica import ReplicaRow
from onnara.directory.v1 import events_pb2 as events
from onnara.directory.v1.directory_service_pb2 import ListChangesRequest

UNIT = events.ReplicaKind.Name(events.REPLICA_KIND_UNIT)
OFFICIAL = events.ReplicaKind.Name(events.REPLICA_KIND_OFFICIAL)
APPOINTMENT = events.ReplicaKind.Name(events.REPLICA_KIND_APPOINTMENT)
EXTERNAL_IDENTITY = events.ReplicaKind.Name(events.REPLICA_KIND_EXTERNAL_IDENTITY)
CLIENT_SYSTEM = events.ReplicaKind.Name(events.REPLICA_KIND_CLIENT_SYSTEM)
TASK = events.ReplicaKind.Name(events.REPLICA_KIND_TASK)
TOKEN_KEY = events.ReplicaKind.Name(events.REPLICA_KIND_TOKEN_KEY)
ABSENCE = events.ReplicaKind.Name(events.REPLICA_KIND_ABSENCE)

DECODE: Mapping[str, Callable[[bytes], Any]] = {
    UNIT: events.UnitData.FromString,
    OFFICIAL: events.OfficialData.FromString,
    APPOINTMENT: events.AppointmentData.FromString,
    EXTERNAL_IDENTITY: events.ExternalIdentityData.FromString,
    CLIENT_SYSTEM: events.ClientSystemData.FromString,
    TASK: events.TaskData.FromString,
    TOKEN_KEY: events.TokenKeyData.FromString,
    ABSENCE: events.AbsenceData.FromString,
}
PAGE = 5_000


def rows_of(message: events.DirectoryChanged) -> Sequence[ReplicaRow]:
    """Rows of a change of the directory."""
    return [_row(row) for row in message.rows]


def absences_of(rows: Iterable[ReplicaRow]) -> list[events.AbsenceData]:
    """Absences among changed rows."""
    return [events.AbsenceData.FromString(row.payload) for row in rows if row.kind == ABSENCE]


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
