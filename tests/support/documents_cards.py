"""A small government and its papers for tests of documents: directory rows, requests, lines, reports as others send them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from google.protobuf.message import Message

from chassis.actor import Actor
from chassis.envelope import Incoming
from chassis.ids import uuid7
from chassis.replica import ReplicaRow
from documents.translate import directory as kinds
from onnara.approval.v1 import events_pb2 as approval
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.directory.v1 import events_pb2 as directory
from onnara.exchange.v1 import events_pb2 as exchange
from onnara.exchange.v1 import official_document_pb2 as pb

HOME, ABROAD = "agency-home", "agency-abroad"
HOME_CODE, ABROAD_CODE = "T310000", "T990000"
ROADS, PARKS, OFFICE = "T310101", "T310202", "T990101"
TASK = "A0000001"
SYSTEM, ENDPOINT = "ADM131000040", "enara-home"
SINCE = date(2020, 1, 1)
NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
PEOPLE = {"drafter": ROADS, "reviewer": ROADS, "chief": ROADS, "neighbour": PARKS}
DECIDED, IN_PATH = approval.LINE_STATUS_DECIDED, approval.LINE_STATUS_IN_PATH
HELD, RETURNED = approval.LINE_STATUS_HELD, approval.LINE_STATUS_RETURNED


def official(name: str, agency_id: str = HOME) -> str:
    return str(uuid5(NAMESPACE_DNS, f"{agency_id}/{name}"))


def person(name: str, agency_id: str = HOME, **changes: object) -> Actor:
    values = {
        "official_id": official(name, agency_id),
        "appointment_id": f"appointment-{name}",
        "post_id": f"post-{name}",
        "agency_id": agency_id,
        "department_code": PEOPLE[name] if agency_id == HOME else OFFICE,
        "name": name,
        "position": f"position of {name}",
        **changes,
    }
    return Actor(**values)


def step(role: int, name: str, **changes: Any) -> pb.ApprovalStep:
    """A step of a legacy request: people by the ids of the legacy system."""
    return pb.ApprovalStep(**{"role": role, "person": pb.StepPerson(external_id=name, name=name), **changes})


def usual_steps() -> list[pb.ApprovalStep]:
    return [
        step(pb.STEP_ROLE_DRAFT, "drafter", outcome=pb.STEP_OUTCOME_SUBMITTED, order=1),
        step(pb.STEP_ROLE_REVIEW, "reviewer", order=2),
        step(pb.STEP_ROLE_DECIDE, "chief", order=3, mode=pb.STEP_MODE_DELEGATED),
    ]


def recipient(code: str = ABROAD_CODE, **changes: Any) -> pb.Recipient:
    values = {"kind": pb.RECIPIENT_KIND_GOVERNMENT, "agency": pb.Unit(code=code), "printed_as": f"{code}장", **changes}
    return pb.Recipient(**values)


def paper(**changes: Any) -> pb.OfficialDocument:
    """A document that nothing is wrong with, addressed to one agency."""
    values = {
        "sender": pb.Sender(agency=pb.Unit(code=HOME_CODE), department=pb.Unit(code=ROADS)),
        "recipients": [recipient()],
        "title": "도로 점용 허가",
        "body": "<p>1. 관련: 도로정책과-12</p><p>2. 허가합니다.  끝.</p>",
        "steps": usual_steps(),
        "sender_name": "시험시장",
        "disclosure": pb.Disclosure(level=pb.DISCLOSURE_LEVEL_OPEN),
        "task": pb.Task(code=TASK),
        **changes,
    }
    return pb.OfficialDocument(**values)


def origin(key: str, revision: int = 1, **changes: Any) -> exchange.Origin:
    values = {
        "record_id": f"record-{key}",
        "revision": revision,
        "endpoint": ENDPOINT,
        "adapter": "enara",
        "system": SYSTEM,
        "natural_key": key,
        "notification": pb.NOTIFICATION_ALL,
        "agency_code": HOME_CODE,
        **changes,
    }
    return exchange.Origin(**values)


def request(key: str, revision: int = 1, *, origin_changes: dict[str, Any] | None = None, **changes: Any) -> Message:
    return exchange.RequestReceived(origin=origin(key, revision, **(origin_changes or {})), document=paper(**changes))


def arrival(key: str, receiver: str = ROADS, **changes: Any) -> exchange.DocumentArrived:
    document = paper(
        sender=pb.Sender(agency=pb.Unit(code=ABROAD_CODE, name="먼시"), department=pb.Unit(code=OFFICE)),
        document_id=f"DCT-{key}",
        **changes,
    )
    return exchange.DocumentArrived(origin=origin(key, system="relay"), document=document, receiver_code=receiver)


def line_changed(row: Any, version: int, status: int = DECIDED, **changes: Any) -> approval.LineChanged:
    """What approval says about a card's line."""
    steps = pb.OfficialDocument.FromString(row["steps"]).steps
    values = {
        "line_id": str(row["line_id"]),
        "version": version,
        "document_id": str(row["id"]),
        "status": status,
        "manifest_hash": row["manifest_hash"],
        "steps": steps,
        "acted_order": version,
    } | ({"decided_at": NOW} if status == DECIDED else {})
    return approval.LineChanged(**(values | changes))


def line_refused(row: Any, *codes: str) -> approval.LineRefused:
    errors = [ErrorDetail(code=code, field="steps") for code in codes or ("final-step-missing",)]
    return approval.LineRefused(line_id=str(row["line_id"]), document_id=str(row["id"]), errors=errors)


def report(document_id: object, step_name: str, report_id: str = "", **changes: Any) -> exchange.DeliveryReported:
    values = {
        "document_id": str(document_id),
        "receiver_code": ABROAD_CODE,
        "step": exchange.DeliveryStep.Value(f"DELIVERY_STEP_{step_name}"),
        "happened_at": NOW,
        "report_id": report_id or f"{document_id}|{step_name}",
        **changes,
    }
    return exchange.DeliveryReported(**values)


def incoming(message: Message, agency_id: str = HOME) -> Incoming[bytes]:
    return Incoming(
        uuid7(),
        message.DESCRIPTOR.full_name,
        agency_id,
        {"system": "tests"},
        "journey",
        NOW,
        message.SerializeToString(),
    )


@dataclass
class Government:
    """Directory rows: a home agency with two departments, one abroad that is not served here, people, a task, a key."""

    public_key: bytes
    rows: list[ReplicaRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add_unit(HOME, HOME_CODE, "시험시", HOME, is_agency=True, served_here=True)
        self.add_unit(ABROAD, ABROAD_CODE, "먼시", ABROAD, is_agency=True)
        self.add_unit("roads", ROADS, "도로정책과", HOME)
        self.add_unit("parks", PARKS, "공원과", HOME)
        self.add_unit("office", OFFICE, "민원실", ABROAD)
        for name, department in PEOPLE.items():
            self.add_official(name, HOME, department)
            self.add_official(name, ABROAD, OFFICE)
        client = directory.ClientSystemData(system=SYSTEM, agency_ids=[HOME])
        self.add(kinds.CLIENT_SYSTEM, SYSTEM, client)
        task = directory.TaskData(code=TASK, name="도로 점용", retention=4, department_codes=[ROADS, PARKS])
        self.add(kinds.TASK, TASK, task)
        self.add(kinds.TOKEN_KEY, "key", directory.TokenKeyData(key_id="key", public_key=self.public_key))

    def add_unit(self, identity: str, code: str, name: str, agency_id: str, **changes: Any) -> None:
        data = directory.UnitData(unit_id=identity, code=code, name=name, agency_id=agency_id, **changes)
        self.add(kinds.UNIT, identity, data)

    def add_official(self, name: str, agency_id: str, department: str) -> None:
        identity = official(name, agency_id)
        self.add(kinds.OFFICIAL, identity, directory.OfficialData(official_id=identity, name=name, agency_id=agency_id))
        post = directory.AppointmentData(
            appointment_id=f"appointment-{identity}",
            official_id=identity,
            agency_id=agency_id,
            department_code=department,
            position=f"position of {name}",
        )
        self.add(kinds.APPOINTMENT, post.appointment_id, post)
        if agency_id == HOME:
            known = directory.ExternalIdentityData(system=SYSTEM, external_id=name, official_id=identity)
            self.add(kinds.EXTERNAL_IDENTITY, f"{SYSTEM}/{name}", known)

    def add(
        self, kind: str, identity: str, payload: Message, valid_to: date | None = None, valid_from: date = SINCE
    ) -> None:
        version = len(self.rows) + 1
        self.rows.append(ReplicaRow(kind, identity, valid_from, valid_to, version, payload.SerializeToString()))

    async def fetch(self, after: int) -> Sequence[ReplicaRow]:
        return [row for row in self.rows if row.version > after]
