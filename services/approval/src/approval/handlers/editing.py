"""Texts that documents has stored beside the ones under way: remembered until a step names them, or never."""

from collections.abc import Sequence

from approval.tables import MANIFEST
from approval.translate.manifests import StoredText, manifest_row
from chassis.envelope import Incoming
from chassis.messaging.outcome import Outcome
from chassis.uow import UnitOfWork


async def keep_texts(unit: UnitOfWork, batch: Sequence[Incoming[StoredText]]) -> Sequence[Outcome]:
    """Keeps each text once. The line may not be there yet: nothing here depends on it."""
    for message in batch:
        row = manifest_row(message.content, message.agency_id)
        unit.insert(MANIFEST, row, conflict="(line_id, author_id, hash) DO NOTHING")
    return [None] * len(batch)
