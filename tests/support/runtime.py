"""The runtime on real servers with one budget endpoint and one relay endpoint, in folders of the test's own."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters import catalogue
from adapters.contract import Outgoing
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.intake import Intake
from adapters.runtime.transports.folders import Folders
from chassis.blobs import Blobs
from chassis.testing.servers import ServiceDatabase
from chassis.uow import Database
from onnara.exchange.v1.events_pb2 import RequestReceived
from onnara.exchange.v1.official_document_pb2 import (
    ApprovalStep,
    DisclosureLevel,
    Notification,
    OfficialDocument,
    Recipient,
    RecipientKind,
    StepMode,
    StepOutcome,
    StepRole,
)

MIGRATIONS = Path(__file__).parents[2] / "adapters" / "migrations"
AGENCY = "cb0cffc0-6066-59c0-9791-bd06dea93a76"


@dataclass
class Runtime:
    """What a test needs: the database, the folders, and an intake that scans when told."""

    database: Database
    database_address: ServiceDatabase
    blobs: Blobs
    decoder: Decoder
    endpoints: Endpoints
    folder: Path

    @property
    def budget(self) -> Endpoint:
        return self.endpoints.by_name["mpb-budget"]

    def intake(self, name: str = "mpb-budget") -> Intake:
        return Intake(self.endpoints.by_name[name], self.database, self.blobs, self.decoder, lambda _: AGENCY)

    def drop(self, name: str, data: bytes, endpoint: str = "mpb-budget") -> Path:
        transport = self.endpoints.by_name[endpoint].transport
        assert isinstance(transport, Folders)
        inbox = transport.inbox
        assert inbox is not None
        inbox.mkdir(parents=True, exist_ok=True)
        path = inbox / name
        path.write_bytes(data)
        return path

    async def states(self) -> dict[str, int]:
        rows = await self.database.pool.fetch("SELECT state, count(*) AS n FROM record GROUP BY state")
        return {row["state"]: row["n"] for row in rows}


def make_batch(count: int, first: int = 1) -> bytes:
    adapter = catalogue.load("mpb_budget")
    encoded = adapter.encode([Outgoing(budget_request(first + n)) for n in range(count)])
    assert not encoded.rejected, encoded.rejected
    [item] = encoded.items
    [data] = item.parts.values()
    return data


def budget_request(number: int) -> RequestReceived:
    message = RequestReceived()
    message.origin.system = "mpb-budget"
    message.origin.notification = Notification.NOTIFICATION_FINAL
    document = message.document
    document.extensions.update(
        {
            "mpb_budget.request_no": f"{number:014d}",
            "mpb_budget.amount": str(1000 * number),
            "mpb_budget.fiscal_year": "2026",
            "mpb_budget.programme_code": "1131",
            "mpb_budget.text": "예산 요구 설명",
        }
    )
    document.title = f"2026년도 예산 요구 {number}"
    document.sender.agency.code, document.sender.department.code = "Z090000", "Z090101"
    document.disclosure.level = DisclosureLevel.DISCLOSURE_LEVEL_OPEN
    document.task.code = "ZB010101"
    document.recipients.append(Recipient(kind=RecipientKind.RECIPIENT_KIND_GOVERNMENT))
    document.recipients[0].agency.code = "3490000"
    roles = [
        (StepRole.STEP_ROLE_DRAFT, StepMode.STEP_MODE_NORMAL, StepOutcome.STEP_OUTCOME_SUBMITTED, "MPB00101"),
        (StepRole.STEP_ROLE_REVIEW, StepMode.STEP_MODE_NORMAL, StepOutcome.STEP_OUTCOME_PENDING, "MPB00102"),
        (StepRole.STEP_ROLE_DECIDE, StepMode.STEP_MODE_OWN, StepOutcome.STEP_OUTCOME_PENDING, "MPB00103"),
    ]
    for order, (role, mode, outcome, person) in enumerate(roles, start=1):
        step = ApprovalStep(order=order, role=role, mode=mode, outcome=outcome)
        step.person.external_id = person
        if order == 1:
            step.asserted_by = "mpb-budget"
            step.acted_at.FromDatetime(datetime(2026, 5, 10, 15, 0))
        document.steps.append(step)
    return message


def registered_document(document_id: str) -> OfficialDocument:
    """A decided and registered document, as documents would dispatch it."""
    document = OfficialDocument()
    document.CopyFrom(budget_request(1).document)
    document.document_id = document_id
    document.body = "<p>내용</p>"
    document.sender_name = "기획예산처장관"
    document.sender.agency.name, document.sender.department.name = "기획예산처", "예산총괄과"
    document.recipients[0].agency.name = "인천광역시 중구"
    document.enforced_on = "2026-05-11"
    document.registration.department_code, document.registration.year, document.registration.serial = "Z090101", 2026, 7
    document.registration.text, document.registration.date = "예산총괄과-7", "2026-05-11"
    for step, name in zip(document.steps, ("김나래", "이준호", "박성민"), strict=True):
        step.person.name, step.person.position = name, "과장"
        step.acted_at.FromDatetime(datetime(2026, 5, 11, 1, 0))
        if step.outcome == StepOutcome.STEP_OUTCOME_PENDING:
            step.outcome = StepOutcome.STEP_OUTCOME_APPROVED
    document.contact.zipcode, document.contact.address = "30113", "세종특별자치시 갈매로 477"
    document.contact.telephone, document.contact.fax = "044-000-0000", "044-000-0001"
    return document
