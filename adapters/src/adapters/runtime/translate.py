"""Between the contracts' messages and the chassis' terms."""

from collections.abc import Sequence
from datetime import date

from chassis.replica import ReplicaRow
from onnara.directory.v1.directory_service_pb2 import ListChangesRequest
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub
from onnara.directory.v1.events_pb2 import DirectoryChanged, DirectoryRow, ReplicaKind, TokenKeyData, UnitData

UNIT = ReplicaKind.Name(ReplicaKind.REPLICA_KIND_UNIT)
TOKEN_KEY = ReplicaKind.Name(ReplicaKind.REPLICA_KIND_TOKEN_KEY)
DECODE = {UNIT: UnitData.FromString, TOKEN_KEY: TokenKeyData.FromString}


def replica_rows(message: DirectoryChanged) -> Sequence[ReplicaRow]:
    """Rows of a change of the directory."""
    return [_row(row) for row in message.rows]


def _row(row: DirectoryRow) -> ReplicaRow:
    return ReplicaRow(
        kind=ReplicaKind.Name(row.kind),
        id=row.id,
        valid_from=date.fromisoformat(row.valid_from),
        valid_to=date.fromisoformat(row.valid_to) if row.valid_to else None,
        version=row.version,
        payload=row.payload,
    )


class DirectoryFeed:
    """Fetches the directory's changes over gRPC, for the replica."""

    def __init__(self, stub: DirectoryServiceStub) -> None:
        self._stub = stub

    async def __call__(self, after: int) -> Sequence[ReplicaRow]:
        """Rows after a version; empty: nothing newer."""
        response = await self._stub.ListChanges(ListChangesRequest(after=after, page_size=5000))
        return [_row(row) for row in response.rows]
