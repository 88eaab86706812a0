"""Copies that their sender takes back before they have arrived (회수): what still waits to go out does not go out any more."""

from collections.abc import Sequence

from chassis.envelope import Incoming
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from onnara.exchange.v1.events_pb2 import DispatchRecalled

# The version moves on, so that an attempt under way that fails does not make the row wait again.
_STOP = """
UPDATE outgoing SET state = 'recalled', next_attempt_at = NULL, version = version + 1
WHERE kind = 'dispatch' AND state = 'waiting' AND split_part(key, ':', 1) = ANY ($1::text[])
"""


async def stop_deliveries(unit: UnitOfWork, batch: Sequence[Incoming[DispatchRecalled]]) -> Sequence[Outcome]:
    """Stops the items of recalled copies; one statement. What is being written at this moment goes out: it comes too late."""
    ids = [delivery_id for message in batch for delivery_id in message.content.delivery_ids]
    await unit.fetch(_STOP, ids)
    return [None] * len(batch)
