"""Tells senders, in their own format, what became of their documents here: accepted, sent back, wanted once more, sent on."""

from collections.abc import Mapping, Sequence

from prometheus_client import Counter

from adapters import catalogue
from adapters.contract import TellsReceipts
from adapters.runtime.endpoints import Endpoints
from adapters.runtime.handlers import ARRIVE_ACKS, ONCE, outgoing
from adapters.runtime.tables import OUTGOING
from chassis.envelope import Incoming
from chassis.errors import InvalidError
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from onnara.exchange.v1.events_pb2 import DeliveryReported, DeliveryStep, ReceiptReported

UNTOLD = Counter(
    "onnara_receipts_untold", "Acts on received documents that their sender's format has no word for.", ["endpoint"]
)
_NAMES: Mapping[int, str] = {
    DeliveryStep.DELIVERY_STEP_ACCEPTED: "accept",
    DeliveryStep.DELIVERY_STEP_RETURNED: "return",
    DeliveryStep.DELIVERY_STEP_RESEND_REQUESTED: "req-resend",
    DeliveryStep.DELIVERY_STEP_TRANSFERRED: "transfer",
}


async def tell_senders(
    unit: UnitOfWork, endpoints: Endpoints, batch: Sequence[Incoming[ReceiptReported]]
) -> Sequence[Outcome]:
    """Puts an acknowledgement on its way for each act, once; where the format has none, it is counted only.

    The addresses are those of the arrival's acknowledgement: without one the connection has no way back.
    """
    keys = [f"{message.content.origin.record_id}:arrive" for message in batch]
    arrivals = {row["key"]: row for row in await unit.fetch(ARRIVE_ACKS, keys)}
    outcomes: list[Outcome] = []
    for message, key in zip(batch, keys, strict=True):
        told = message.content
        name = _NAMES.get(told.step)
        if name is None:
            outcomes.append(InvalidError("delivery-step-unknown", params={"step": told.step}, field="step"))
            continue
        outcomes.append(None)
        arrival = arrivals.get(key)
        endpoint = endpoints.by_name.get(arrival["endpoint"]) if arrival else None
        adapter = catalogue.load(endpoint.adapter) if endpoint else None
        report = None
        if arrival and isinstance(adapter, TellsReceipts):
            report = adapter.encode_receipt(told, DeliveryReported.FromString(arrival["payload"]))
        if arrival is None or endpoint is None or report is None:
            UNTOLD.labels(told.origin.endpoint).inc()
            continue
        codes = (arrival["sender_code"], arrival["receiver_code"])
        kept = f"{told.origin.record_id}:{name}"
        if told.step == DeliveryStep.DELIVERY_STEP_TRANSFERRED:
            kept = f"{kept}:{message.id}"  # what came back is sent on elsewhere
        row = outgoing("ack", kept, report, endpoint, message, unit, codes=codes)
        unit.insert(OUTGOING, row, conflict=ONCE)
    return outcomes
