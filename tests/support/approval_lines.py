"""People, documents and lines for tests of approval: as domain objects, and as the messages that other services send."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import NAMESPACE_DNS, uuid5

from google.protobuf.message import Message

from approval.domain.opening import Submission
from approval.domain.step import Mode, Outcome, Role, Step
from approval.translate import directory as kinds
from approval.translate.steps import step_message
from chassis.actor import Actor
from chassis.envelope import Incoming
from chassis.ids import uuid7
from chassis.replica import ReplicaRow
from onnara.directory.v1 import events_pb2 as directory
from onnara.documents.v1.events_pb2 import DocumentSubmitted

HOME, ABROAD = "agency-home", "agency-abroad"
DEPARTMENT = "T310101"
MANIFEST = hashlib.sha256(b"manifest").digest()
SUBMITTED = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)
SINCE = date(2020, 1, 1)
PEOPLE = ("drafter", "reviewer", "partner", "colleague", "auditor", "chief", "reader")


def official(name: str, agency_id: str = HOME) -> str:
    return str(uuid5(NAMESPACE_DNS, f"{agency_id}/{name}"))


def person(name: str, agency_id: str = HOME, **changes: object) -> Actor:
    values = {
        "official_id": official(name, agency_id),
        "appointment_id": f"appointment-{name}",
        "post_id": f"post-{name}",
        "agency_id": agency_id,
        "department_code": DEPARTMENT,
        "name": name,
        "position": f"position of {name}",
        **changes,
    }
    return Actor(**values)


def step(order: int, role: Role, name: str, mode: Mode = Mode.NORMAL, **changes: object) -> Step:
    return Step(order, role, mode, **{"official_id": official(name), "name": name, **changes})


def usual_steps() -> tuple[Step, ...]:
    """Drafter, reviewer, two who cooperate in parallel, audit, final approver, one who is informed."""
    return (
        step(1, Role.DRAFT, "drafter", outcome=Outcome.SUBMITTED, acted_at=SUBMITTED),
        step(2, Role.REVIEW, "reviewer"),
        step(3, Role.COOPERATE, "partner", Mode.PARALLEL),
        step(4, Role.COOPERATE, "colleague", Mode.PARALLEL),
        step(5, Role.AUDIT, "auditor", Mode.PERSON),
        step(6, Role.DECIDE, "chief", Mode.OWN),
        step(7, Role.AFTER, "reader", Mode.INFORM),
    )


def short_steps() -> tuple[Step, ...]:
    """Drafter and final approver."""
    return (
        step(1, Role.DRAFT, "drafter", outcome=Outcome.SUBMITTED, acted_at=SUBMITTED),
        step(2, Role.DECIDE, "chief", Mode.DELEGATED),
    )


def submission(steps: Sequence[Step] = (), **changes: object) -> Submission:
    values = {
        "line_id": uuid7(),
        "document_id": uuid7(),
        "agency_id": HOME,
        "department_code": DEPARTMENT,
        "title": "도로 점용 허가",
        "manifest_hash": MANIFEST,
        "steps": tuple(steps) or usual_steps(),
        "submitted_at": SUBMITTED,
        "attachment_count": 2,
        "has_recipients": True,
        **changes,
    }
    return Submission(**values)


def submitted(content: Submission) -> DocumentSubmitted:
    return DocumentSubmitted(
        document_id=str(content.document_id),
        version=1,
        line_id=str(content.line_id),
        agency_id=content.agency_id,
        department_code=content.department_code,
        title=content.title,
        manifest_hash=content.manifest_hash,
        steps=[step_message(each) for each in content.steps],
        submitted_at=content.submitted_at,
        has_recipients=content.has_recipients,
        attachment_count=content.attachment_count,
        directory_version=content.directory_version,
        kind=content.kind,
        task_code=content.task_code,
        joint_agency_ids=content.joint_agency_ids,
        carry_over_line_id=str(content.carry_over or ""),
    )


def incoming(content: Submission) -> Incoming[bytes]:
    message = submitted(content)
    return Incoming(
        uuid7(),
        message.DESCRIPTOR.full_name,
        content.agency_id,
        person("drafter").to_dict(),
        f"journey-{content.document_id}",
        content.submitted_at,
        message.SerializeToString(),
    )


@dataclass
class Government:
    """Directory rows: two agencies, the same people in each, a token key."""

    public_key: bytes
    rows: list[ReplicaRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        for agency_id in (HOME, ABROAD):
            self.add(
                kinds.UNIT, agency_id, directory.UnitData(unit_id=agency_id, code=f"{agency_id}-code", is_agency=True)
            )
            for name in PEOPLE:
                self.add_official(name, agency_id)
        self.add(
            kinds.UNIT,
            "department",
            directory.UnitData(unit_id="department", code=DEPARTMENT, name="도로정책과", agency_id=HOME),
        )
        self.add(kinds.TOKEN_KEY, "key", directory.TokenKeyData(key_id="key", public_key=self.public_key))

    def add_official(self, name: str, agency_id: str) -> None:
        identity = official(name, agency_id)
        self.add(kinds.OFFICIAL, identity, directory.OfficialData(official_id=identity, name=name, agency_id=agency_id))
        appointment = f"appointment-{name}" if agency_id == HOME else f"appointment-{name}-{agency_id}"
        data = directory.AppointmentData(appointment_id=appointment, official_id=identity, agency_id=agency_id)
        self.add(kinds.APPOINTMENT, appointment, data)

    def add(
        self, kind: str, identity: str, payload: Message, valid_to: date | None = None, valid_from: date = SINCE
    ) -> None:
        self.rows.append(
            ReplicaRow(kind, identity, valid_from, valid_to, len(self.rows) + 1, payload.SerializeToString())
        )

    async def fetch(self, after: int) -> Sequence[ReplicaRow]:
        return [row for row in self.rows if row.version > after]
