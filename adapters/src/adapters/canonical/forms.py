"""The kinds of canonical messages there are, by name: what a manifest may name, what lines hold, what the runtime hands on."""

from collections.abc import Mapping
from typing import Final

from google.protobuf.message import Message

from onnara.exchange.v1.disclosures_pb2 import DocumentDisclosed
from onnara.exchange.v1.events_pb2 import (
    DeliveryReported,
    DispatchRequested,
    DocumentArrived,
    RequestReceived,
    ResultReported,
)
from onnara.exchange.v1.personnel_pb2 import AbsenceReported, AppointmentReported, OfficialReported
from onnara.exchange.v1.petitions_pb2 import (
    PetitionReceived,
    PetitionStatusReported,
    PetitionSupplemented,
    PetitionWithdrawn,
)
from onnara.exchange.v1.records_pb2 import HandOverAnswered, RecordsHandedOver
from onnara.exchange.v1.units_pb2 import UnitReported

# Facts of neighbouring systems that ask for nothing: taken (ReportStored) or refused (RequestRefused) by the service concerned.
REPORTS: Final[tuple[type[Message], ...]] = (OfficialReported, AppointmentReported, AbsenceReported, UnitReported)
DOCUMENTS: Final[tuple[type[Message], ...]] = (
    RequestReceived,
    DocumentArrived,
    DeliveryReported,
    ResultReported,
    DispatchRequested,
    DocumentDisclosed,
)
# Hand-overs to a records system, and its answers.
RECORDS: Final[tuple[type[Message], ...]] = (RecordsHandedOver, HandOverAnswered)
# What petitioners send by a portal, and what becomes of it.
PETITIONED: Final[tuple[type[Message], ...]] = (PetitionReceived, PetitionSupplemented, PetitionWithdrawn)
PETITIONS: Final[tuple[type[Message], ...]] = (*PETITIONED, PetitionStatusReported)
FORMS: Final[Mapping[str, type[Message]]] = {
    form.DESCRIPTOR.name: form for form in (*DOCUMENTS, *REPORTS, *RECORDS, *PETITIONS)
}
BY_TYPE: Final[Mapping[str, type[Message]]] = {form.DESCRIPTOR.full_name: form for form in FORMS.values()}
