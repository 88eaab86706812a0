"""What documents listens to: requests, arrivals and answers from adapters, lines from approval, the directory."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from chassis.envelope import Incoming
from chassis.messaging import Outcome, Subscription
from chassis.replica import Replica, ReplicaRow
from chassis.uow import UnitOfWork
from documents.handlers import standing
from documents.handlers.answering import record_answers
from documents.handlers.arriving import store_arrivals
from documents.handlers.delivering import record_reports
from documents.handlers.disclosing import note_returned
from documents.handlers.following import follow_lines, refuse_submissions
from documents.handlers.submitting import receive_requests
from documents.ports.directory import Directory, View
from documents.ports.watch import CardWatch
from documents.translate.content import Request, submission_of
from documents.translate.directory import absences_of, rows_of
from documents.translate.handing import answer_of
from onnara.approval.v1.events_pb2 import LineChanged, LineRefused
from onnara.directory.v1.events_pb2 import DirectoryChanged
from onnara.exchange.v1.disclosures_pb2 import DisclosureReturned
from onnara.exchange.v1.events_pb2 import DeliveryReported, DocumentArrived, RequestReceived
from onnara.exchange.v1.records_pb2 import HandOverAnswered

C = TypeVar("C")
Judging = Callable[[UnitOfWork, Sequence[Incoming[C]], View], Awaitable[Sequence[Outcome]]]


def subscriptions(directory: Directory, replica: Replica | None, watch: CardWatch) -> list[Subscription[Any, Any]]:
    """All of them. replica: None for commands that only look at parked messages."""

    async def follow_directory(unit: UnitOfWork, batch: Sequence[Incoming[Sequence[ReplicaRow]]]) -> Sequence[Outcome]:
        rows = [row for message in batch for row in message.content]
        if replica is not None:
            await replica.apply(rows, unit.connection)
        await standing.expect(unit, absences_of(rows))
        return [None] * len(batch)

    async def follow(unit: UnitOfWork, batch: Sequence[Incoming[LineChanged]]) -> Sequence[Outcome]:
        unit.after_commit.append(watch.changed)
        return await follow_lines(unit, batch, directory.view(unit.now))

    return [
        Subscription(RequestReceived, request_of, _judged(receive_requests, directory)),
        Subscription(DocumentArrived, _same, _judged(store_arrivals, directory)),
        Subscription(DeliveryReported, _same, record_reports),
        Subscription(HandOverAnswered, answer_of, record_answers),
        Subscription(DisclosureReturned, _same, note_returned),
        Subscription(LineChanged, _same, follow),
        Subscription(LineRefused, _same, refuse_submissions),
        Subscription(DirectoryChanged, rows_of, follow_directory),
    ]


def request_of(message: RequestReceived) -> Request:
    """A request as the handlers carry it."""
    return Request(submission_of(message.document, message.origin), message.document, message.origin)


def _same(message: C) -> C:
    return message


def _judged(
    handle: Judging[C], directory: Directory
) -> Callable[[UnitOfWork, Sequence[Incoming[C]]], Awaitable[Sequence[Outcome]]]:
    """A handler that judges by the directory as it is at its moment."""

    async def with_view(unit: UnitOfWork, batch: Sequence[Incoming[C]]) -> Sequence[Outcome]:
        return await handle(unit, batch, directory.view(unit.now))

    return with_view
