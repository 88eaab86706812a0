"""What approval listens to: submitted documents, texts edited on the way, and changes of the directory."""

from collections.abc import Sequence
from typing import Any

from approval.domain.opening import Submission
from approval.handlers.editing import keep_texts
from approval.handlers.opening import open_lines
from approval.ports.directory import Directory
from approval.ports.watch import LineWatch
from approval.translate.directory import rows_of
from approval.translate.lines import submission_of
from approval.translate.manifests import stored_text
from chassis.envelope import Incoming
from chassis.messaging import Outcome, Subscription
from chassis.replica import Replica, ReplicaRow
from chassis.uow import UnitOfWork
from onnara.directory.v1.events_pb2 import DirectoryChanged
from onnara.documents.v1.events_pb2 import DocumentSubmitted, ManifestStored


def subscriptions(directory: Directory, replica: Replica, watch: LineWatch) -> list[Subscription[Any, Any]]:
    """All of them."""

    async def open_submitted(unit: UnitOfWork, batch: Sequence[Incoming[Submission]]) -> Sequence[Outcome]:
        return await open_lines(unit, batch, directory.view(unit.now), watch)

    async def follow_directory(unit: UnitOfWork, batch: Sequence[Incoming[Sequence[ReplicaRow]]]) -> Sequence[Outcome]:
        await replica.apply((row for message in batch for row in message.content), unit.connection)
        return [None] * len(batch)

    return [
        Subscription(DocumentSubmitted, submission_of, open_submitted),
        Subscription(DirectoryChanged, rows_of, follow_directory),
        Subscription(ManifestStored, stored_text, keep_texts),
    ]
