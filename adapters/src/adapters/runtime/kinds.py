"""What the runtime does with each kind of canonical message: a row per kind, so that a new one needs no code of its own.

``ARRIVING``: records that come in, by message. ``LEAVING``: parcels of services that go to the endpoint of the agency's own
system which takes them (``takes`` in the operator's file).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from google.protobuf.message import Message

from adapters.canonical.forms import PETITIONED, REPORTS
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.exchange.v1.disclosures_pb2 import DisclosureReturned, DocumentDisclosed
from onnara.exchange.v1.events_pb2 import DeliveryReported, DispatchRequested, DocumentArrived, RequestReceived
from onnara.exchange.v1.official_document_pb2 import Attachment
from onnara.exchange.v1.petitions_pb2 import (
    PetitionReceived,
    PetitionStatusReported,
    PetitionStatusReturned,
    PetitionSupplemented,
    PetitionWithdrawn,
)
from onnara.exchange.v1.records_pb2 import (
    HAND_OVER_KIND_PRODUCTION_REPORT,
    HAND_OVER_OUTCOME_RETURNED,
    HandOverAnswered,
    RecordFault,
    RecordsContent,
    RecordsHandedOver,
)


@dataclass(frozen=True, slots=True)
class Arriving:
    """A record that comes in. record: its kind in the accounts. moment: field that says when.

    stamped: the runtime says when, whatever the record said. harmless: said once more, it says nothing new.
    repeatable: said once more in the same bytes, it says nothing new; in others it is refused.
    """

    record: str
    moment: str = ""
    stamped: bool = False
    harmless: bool = False
    repeatable: bool = False


_ARRIVING: Mapping[type[Message], Arriving] = {
    RequestReceived: Arriving("request", "received_at", stamped=True),
    DocumentArrived: Arriving("arrival", "arrived_at", stamped=True),
    DeliveryReported: Arriving("acknowledgement", harmless=True),
    **dict.fromkeys(REPORTS, Arriving("report", "reported_at", harmless=True)),
    # Settled when they lie in the durable queue of the service to come (awaited.py).
    **dict.fromkeys(PETITIONED, Arriving("petition", "received_at", stamped=True, repeatable=True)),
    # Settled like a report: taken by the service concerned, or refused with its reasons.
    HandOverAnswered: Arriving("report", "happened_at", harmless=True),
}
ARRIVING: Final[Mapping[str, Arriving]] = {form.DESCRIPTOR.full_name: row for form, row in _ARRIVING.items()}


@dataclass(frozen=True, slots=True)
class Leaving:
    """A parcel for the agency's own system. kind: of the outgoing item. key: names it once. files: e-files to go with it.

    undelivered: what its service hears when it cannot be delivered, from the message, the reason's code and the moment.
    """

    kind: str
    key: Callable[[Any], str]
    files: Callable[[Any], Sequence[Attachment]]
    undelivered: Callable[[Any, str, datetime], Message]


def _e_files(message: RecordsHandedOver) -> Sequence[Attachment]:
    lists = RecordsContent.FromString(message.content)
    if lists.kind == HAND_OVER_KIND_PRODUCTION_REPORT:
        # It tells of them; they stay here.
        return ()
    found = (part.file for record in lists.records for part in record.components if part.file.sha256)
    return list({file.sha256: file for file in found}.values())


def _not_handed_over(message: RecordsHandedOver, code: str, now: datetime) -> Message:
    """Nothing was handed over: for the department it is as if the records system had sent it back."""
    fault = RecordFault(code=code, meaning=ErrorDetail(code="hand-over-not-sent"))
    answer = HandOverAnswered(
        transfer_id=message.transfer_id, outcome=HAND_OVER_OUTCOME_RETURNED, code=code, faults=[fault]
    )
    answer.happened_at.FromDatetime(now)
    return answer


def _not_published(message: DocumentDisclosed, code: str, now: datetime) -> Message:
    answer = DisclosureReturned(document_id=message.document_id, version=message.version, code=code)
    answer.happened_at.FromDatetime(now)
    return answer


def _not_told(message: PetitionStatusReported, code: str, now: datetime) -> Message:
    answer = PetitionStatusReturned(portal_number=message.portal_number, version=message.version, code=code)
    answer.happened_at.FromDatetime(now)
    return answer


PETITION_STATUS: Final = "petition-status"
LEAVING: Final[Mapping[type[Message], Leaving]] = {
    RecordsHandedOver: Leaving("records", lambda message: str(message.transfer_id), _e_files, _not_handed_over),
    DocumentDisclosed: Leaving(
        "disclosure",
        lambda message: f"{message.document_id}:{message.version}",
        lambda message: message.files,
        _not_published,
    ),
    PetitionStatusReported: Leaving(
        PETITION_STATUS,
        lambda message: f"{message.agency_id}:{message.portal_number}:{message.version}",
        lambda message: message.attachments,
        _not_told,
    ),
}
AWAITED: Final[Mapping[str, tuple[type[Message], ...]]] = {
    "petitions": (PetitionReceived, PetitionSupplemented, PetitionWithdrawn, PetitionStatusReturned)
}
"""By service: messages for which queues stand although it may not be there yet."""
TAKEN: Final = frozenset(form.DESCRIPTOR.name for form in LEAVING)
"""Names of messages an endpoint may take."""
NAMED: Final = frozenset({"dispatch", "ack"})
"""Kinds of outgoing items that bear the names of the exchange standard."""


def files_of(message: Message) -> Sequence[Attachment]:
    """Files whose bytes an outgoing message is encoded with."""
    if isinstance(message, DispatchRequested):
        document = message.document
        return [*document.attachments, *([document.seal.image] if document.seal.image.sha256 else [])]
    row = LEAVING.get(type(message))
    return row.files(message) if row else ()
