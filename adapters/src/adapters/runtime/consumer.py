"""Which events the adapters listen to, and how their messages become the runtime's terms."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from google.protobuf.message import Message

from adapters.runtime import handlers, recalls, receipts, reports, translate
from adapters.runtime.endpoints import Endpoints
from adapters.runtime.kinds import LEAVING
from adapters.runtime.units import Units
from chassis.envelope import Incoming
from chassis.errors import TransientError
from chassis.messaging import Outcome, Subscription
from chassis.replica import Replica, ReplicaRow
from chassis.uow import UnitOfWork
from chassis.wakeup import WakeUp
from onnara.directory.v1.events_pb2 import DirectoryChanged
from onnara.exchange.v1.events_pb2 import (
    ArrivalStored,
    DispatchRecalled,
    DispatchRequested,
    ReceiptReported,
    RequestRefused,
    ResultReported,
)
from onnara.exchange.v1.reports_pb2 import ReportStored

M = TypeVar("M", bound=Message)


def subscriptions(endpoints: Endpoints, replica: Replica | None, wake_up: WakeUp) -> list[Subscription[Any, Any]]:
    """All subscriptions; the delivery workers are woken when something may have to go out.

    replica: None for commands that only look at parked messages.
    """

    async def results(unit: UnitOfWork, batch: Sequence[Incoming[ResultReported]]) -> Sequence[Outcome]:
        outcomes = await handlers.report_results(unit, endpoints, batch)
        unit.after_commit.append(wake_up.set)
        return outcomes

    async def arrivals(unit: UnitOfWork, batch: Sequence[Incoming[ArrivalStored]]) -> Sequence[Outcome]:
        outcomes = await handlers.store_arrivals(unit, endpoints, batch)
        unit.after_commit.append(wake_up.set)
        return outcomes

    async def told(unit: UnitOfWork, batch: Sequence[Incoming[ReceiptReported]]) -> Sequence[Outcome]:
        outcomes = await receipts.tell_senders(unit, endpoints, batch)
        unit.after_commit.append(wake_up.set)
        return outcomes

    async def dispatches(unit: UnitOfWork, batch: Sequence[Incoming[DispatchRequested]]) -> Sequence[Outcome]:
        outcomes = await handlers.dispatch_documents(unit, endpoints, batch)
        unit.after_commit.append(wake_up.set)
        return outcomes

    async def parcels(unit: UnitOfWork, batch: Sequence[Incoming[Message]]) -> Sequence[Outcome]:
        if replica is None:
            raise TransientError("replica-away")
        outcomes = await handlers.take_parcels(unit, endpoints, Units(replica).owner, batch)
        unit.after_commit.append(wake_up.set)
        return outcomes

    async def directory(unit: UnitOfWork, batch: Sequence[Incoming[Sequence[ReplicaRow]]]) -> Sequence[Outcome]:
        if replica is None:
            raise TransientError("replica-away")
        await replica.apply([row for message in batch for row in message.content], unit.connection)
        return [None] * len(batch)

    return [
        Subscription(RequestRefused, same(RequestRefused), handlers.refuse_requests),
        Subscription(ResultReported, same(ResultReported), results),
        Subscription(ArrivalStored, same(ArrivalStored), arrivals),
        Subscription(ReceiptReported, same(ReceiptReported), told),
        Subscription(DispatchRequested, same(DispatchRequested), dispatches),
        Subscription(DispatchRecalled, same(DispatchRecalled), recalls.stop_deliveries),
        Subscription(ReportStored, same(ReportStored), reports.settle_reports),
        *(Subscription(form, same(form), parcels) for form in LEAVING),
        Subscription(DirectoryChanged, translate.replica_rows, directory),
    ]


def same(_: type[M]) -> Callable[[M], M]:
    """Adapters live at the edge: the contract's messages are their terms."""
    return lambda message: message
