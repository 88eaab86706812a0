"""From one served agency to another through the relay, and back: what the receiver does reaches the sender's card."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.formats.pack import parse_pack_file_name
from onnara.approval.v1.approval_service_pb2 import Action
from onnara.directory.v1.directory_service_pb2 import SignInRequest
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1 import receipt_service_pb2 as acts
from onnara.documents.v1.documents_service_pb2_grpc import DocumentsServiceStub
from onnara.documents.v1.receipt_service_pb2_grpc import ReceiptServiceStub
from onnara.exchange.v1 import official_document_pb2 as doc
from tools.demo.officials import PASSWORD, Official, Services, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers]
HOME, THERE = "1310000", "Z090000"
DEPARTMENT, MAIL_ROOM = "Z310101", "Z090103"
TASK, THEIR_TASK = "ZA010101", "ZB010301"
FILE = "붙임의 내용".encode()


@pytest.fixture(scope="module")
async def services(suite: Suite) -> AsyncIterator[Services]:
    async with services_of(suite) as found:
        yield found


@pytest.fixture(scope="module")
async def relay(suite: Suite) -> AsyncIterator[None]:
    """The relay between the two agencies: what one has put out is laid before the other, each pack once."""
    delivered, received = suite.folder / "delivered", suite.transport / "relay" / "receive"
    carrying = asyncio.create_task(carry(delivered, received))
    yield
    carrying.cancel()
    with suppress(asyncio.CancelledError):
        await carrying


async def carry(delivered: Path, received: Path) -> None:
    pairs = {(HOME, THERE), (DEPARTMENT, THERE), (THERE, DEPARTMENT), (THERE, HOME)}
    while True:
        for path in sorted(delivered.glob("*.xml")):
            name = parse_pack_file_name(path.name)
            if (name.send_id, name.receive_id) in pairs:
                temporary = received / f"{path.name}.tmp"
                temporary.write_bytes(path.read_bytes())
                path.unlink()
                temporary.rename(received / path.name)
        await asyncio.sleep(0.1)


class Desk(Official):
    """An official at a chosen desk who writes, receives and reads."""

    @classmethod
    async def at(cls, services: Services, login: str, department: str) -> "Desk":
        """Signs in and takes the post in a department."""
        desk = await cls.sign_in(services, login)
        assert isinstance(desk, cls)
        directory = DirectoryServiceStub(services.directory)
        answer = await directory.SignIn(SignInRequest(login=login, password=PASSWORD, client_address="127.0.0.1"))
        desk.capacity = next(each for each in answer.capacities if each.department_code == department)
        return desk

    @property
    def documents(self) -> DocumentsServiceStub:
        return DocumentsServiceStub(self._services.documents)

    async def act(self, method: str, document_id: str, **values: object) -> object:
        """An act on a received document, on the version it has."""
        card = await self.open(document_id)
        request = getattr(acts, f"{method}Request")(
            request_id=uuid4().hex, document_id=document_id, expected_version=card.version, **values
        )
        stub = ReceiptServiceStub(self._services.documents)
        return await getattr(stub, method)(request, metadata=await self.authority())

    async def upload(self, name: str, data: bytes) -> doc.Attachment:
        async def pieces() -> AsyncIterator[pb.UploadAttachmentRequest]:
            yield pb.UploadAttachmentRequest(name=name, media_type="text/plain", chunk=data)

        return (await self.documents.UploadAttachment(pieces(), metadata=await self.authority())).attachment

    async def download(self, document_id: str, sha256: bytes) -> bytes:
        request = pb.DownloadAttachmentRequest(document_id=document_id, sha256=sha256)
        answers = self.documents.DownloadAttachment(request, metadata=await self.authority())
        return b"".join([answer.chunk async for answer in answers])

    async def box(self, box: int) -> Sequence[pb.DocumentSummary]:
        request = pb.ListDocumentsRequest(box=box, page_size=100)  # type: ignore[arg-type]
        return list((await self.documents.ListDocuments(request, metadata=await self.authority())).documents)


async def until(look: Callable[[], Awaitable[object]], seconds: float = 40) -> object:
    """What a look finds, once it finds something."""
    async with asyncio.timeout(seconds):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(0.1)


async def sent(services: Services, title: str) -> str:
    """A document of 행정자치부 to 기획예산처, decided and on its way; answers its id."""
    drafter = await Desk.at(services, "mogaha.kim", DEPARTMENT)
    chief = await Desk.at(services, "mogaha.park", DEPARTMENT)
    content = doc.OfficialDocument(
        title=title,
        body="<p>1. 자료를 제출하여 주시기 바랍니다.  끝.</p>",
        recipients=[
            doc.Recipient(kind=doc.RECIPIENT_KIND_GOVERNMENT, agency=doc.Unit(code=THERE), printed_as="기획예산처장관")
        ],
        sender_name="행정자치부장관",
        seal=doc.Seal(omitted=True, kind=doc.SEAL_KIND_SEAL_OMITTED),
        disclosure=doc.Disclosure(level=doc.DISCLOSURE_LEVEL_OPEN),
        task=doc.Task(code=TASK),
        attachments=[await drafter.upload("붙임.txt", FILE)],
    )
    created = await drafter.documents.CreateDocument(
        pb.CreateDocumentRequest(request_id=uuid4().hex, content=content), metadata=await drafter.authority()
    )
    reviewer = await Desk.at(services, "mogaha.lee", DEPARTMENT)
    steps = [
        step(reviewer, doc.STEP_ROLE_REVIEW, doc.STEP_MODE_NORMAL),
        step(chief, doc.STEP_ROLE_DECIDE, doc.STEP_MODE_DELEGATED),
    ]
    await drafter.documents.SubmitDocument(
        pb.SubmitDocumentRequest(
            request_id=uuid4().hex,
            document_id=created.document_id,
            expected_version=created.version,
            steps=steps,
        ),
        metadata=await drafter.authority(),
    )
    for desk in (reviewer, chief):
        await desk.decide(await desk.wait_for(title), Action.ACTION_APPROVE)
    return str(created.document_id)


def step(desk: Desk, role: int, mode: int) -> doc.ApprovalStep:
    person = doc.StepPerson(official_id=desk.official_id)
    return doc.ApprovalStep(role=role, mode=mode, person=person)  # type: ignore[arg-type]


async def arrived(clerk: Desk, title: str) -> str:
    async def look() -> str:
        return next((row.document_id for row in await clerk.box(pb.BOX_ARRIVED) if row.title == title), "")

    return str(await until(look))


async def copy_of(services: Services, document_id: str, state: str) -> pb.DeliveryView:
    """The sender's copy once it stands in a state."""
    drafter = await Desk.at(services, "mogaha.kim", DEPARTMENT)

    async def look() -> pb.DeliveryView | None:
        copies = (await drafter.open(document_id)).deliveries
        return next((copy for copy in copies if copy.state == state), None)

    found = await until(look)
    assert isinstance(found, pb.DeliveryView)
    return found


async def test_acceptance_there_is_acceptance_here(services: Services, relay: None) -> None:
    title = f"자료 제출 요청 {uuid4().hex[:6]}"
    document_id = await sent(services, title)
    clerk = await Desk.at(services, "mpb.jung", MAIL_ROOM)
    received = await arrived(clerk, title)
    assert (await copy_of(services, document_id, "RECEIVED")).receiver_code == THERE
    await clerk.act("Distribute", received, department_code=MAIL_ROOM)
    answer = await clerk.act("Accept", received, task_code=THEIR_TASK)
    assert isinstance(answer, acts.AcceptResponse)
    assert answer.registration.text.startswith("총무과-")
    accepted = await copy_of(services, document_id, "ACCEPTED")
    assert [event.person for event in accepted.events if event.person] == [clerk.name]
    [file] = (await clerk.open(received)).content.attachments
    assert await clerk.download(received, file.sha256) == FILE


async def test_what_is_sent_back_there_waits_for_a_person_here(services: Services, relay: None) -> None:
    title = f"자료 제출 요청 {uuid4().hex[:6]}"
    document_id = await sent(services, title)
    clerk = await Desk.at(services, "mpb.jung", MAIL_ROOM)
    received = await arrived(clerk, title)
    await clerk.act("SendBack", received, defect=acts.DEFECT_FORM, reason="수신자가 누락되었습니다.")
    returned = await copy_of(services, document_id, "RETURNED")
    [reason] = [event.reason for event in returned.events if event.reason]
    assert "반송사유: 수신자가 누락되었습니다." in reason
    assert f"제목: {title}" in reason
