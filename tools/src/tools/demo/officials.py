"""The seeded officials at work: they sign in, open what waits for them and decide, through the same calls as the web pages."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

from google.protobuf.message import Message

from chassis.errors import TransientError
from chassis.rpc import Connection, bearer, connect
from onnara.approval.v1.approval_service_pb2 import (
    Action,
    BulkItem,
    DecideInBulkRequest,
    DecideInBulkResponse,
    DecideRequest,
    DecideResponse,
    Line,
    ListPendingRequest,
)
from onnara.approval.v1.approval_service_pb2_grpc import ApprovalServiceStub
from onnara.directory.v1.directory_service_pb2 import IssueTokenRequest, SignInRequest, SignInResponse
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub
from onnara.documents.v1.dispatch_service_pb2_grpc import DispatchServiceStub
from onnara.documents.v1.documents_service_pb2 import Document, GetDocumentRequest, GetDocumentResponse
from onnara.documents.v1.documents_service_pb2_grpc import DocumentsServiceStub
from onnara.documents.v1.receipt_service_pb2_grpc import ReceiptServiceStub
from tools.suite import Suite

BULK = 500
RENEW_SECONDS = 240.0
PASSWORD = "onnara-demo-2026"  # noqa: S105 - printed by the demo, refused outside of it


@dataclass
class Services:
    """Connections to the services, as the gateway has them."""

    directory: Connection
    documents: Connection
    approval: Connection
    adapters: Connection


@asynccontextmanager
async def services_of(suite: Suite) -> AsyncIterator[Services]:
    """Connections to a running suite."""
    names = ("directory", "documents", "approval", "adapters")
    connections = [connect(suite.address(name), timeout=30) for name in names]
    try:
        yield Services(*connections)
    finally:
        for connection in connections:
            await connection.close()


class Official:
    """One signed-in official in one capacity."""

    def __init__(self, services: Services, login: str, signed_in: SignInResponse) -> None:
        self._services = services
        self._session = signed_in.session_token
        self._token, self._renew_at = "", 0.0
        self.login = login
        self.name = signed_in.name
        self.official_id = signed_in.official_id
        self.capacity = signed_in.capacities[0]

    @classmethod
    async def sign_in(cls, services: Services, login: str, department: str = "") -> Self:
        """Signs in with the demo's password and takes the capacity in a department, or the first one."""
        directory = DirectoryServiceStub(services.directory)
        answer = await directory.SignIn(SignInRequest(login=login, password=PASSWORD, client_address="127.0.0.1"))
        official = cls(services, login, answer)
        if department:
            official.capacity = next(each for each in answer.capacities if each.department_code == department)
        return official

    @property
    def directory(self) -> DirectoryServiceStub:
        """Absences, rules, people."""
        return DirectoryServiceStub(self._services.directory)

    @property
    def lines(self) -> ApprovalServiceStub:
        """Approval lines."""
        return ApprovalServiceStub(self._services.approval)

    @property
    def documents(self) -> DocumentsServiceStub:
        """Cards."""
        return DocumentsServiceStub(self._services.documents)

    @property
    def dispatch(self) -> DispatchServiceStub:
        """The sending desk."""
        return DispatchServiceStub(self._services.documents)

    @property
    def receipts(self) -> ReceiptServiceStub:
        """Received documents."""
        return ReceiptServiceStub(self._services.documents)

    async def call(self, method: Callable[..., Awaitable[Any]], request: Message) -> Any:
        """Calls a method of one of the stubs above with this official's authority; raises what the service refuses with."""
        return await method(request, metadata=await self.authority())

    async def authority(self) -> tuple[tuple[str, str], ...]:
        """Metadata with an actor token, a new one before the old one ends, as the gateway does it."""
        if time.monotonic() > self._renew_at:
            request = IssueTokenRequest(session_token=self._session, appointment_id=self.capacity.appointment_id)
            answer = await DirectoryServiceStub(self._services.directory).IssueToken(request)
            self._token, self._renew_at = answer.actor_token, time.monotonic() + RENEW_SECONDS
        return bearer(self._token)

    async def pending(self, *, at_most: int = BULK) -> Sequence[Line]:
        """Lines that wait for this official, oldest first."""
        approval = ApprovalServiceStub(self._services.approval)
        answer = await approval.ListPending(ListPendingRequest(page_size=at_most), metadata=await self.authority())
        return list(answer.lines)

    async def wait_for(self, title: str, seconds: float = 30, *, other_than: Collection[str] = ()) -> Line:
        """The pending line with a title, the newest of several; raises TimeoutError when it does not come."""
        async with asyncio.timeout(seconds):
            while True:
                for line in reversed(await self.pending()):
                    if line.title == title and line.line_id not in other_than:
                        return line
                await asyncio.sleep(0.05)

    async def look(self, document_id: str) -> Document:
        """The card as it stands, its text closed; no reading is recorded."""
        answer: GetDocumentResponse = await self.call(
            self.documents.GetDocument, GetDocumentRequest(document_id=document_id)
        )
        return answer.document

    async def open(self, document_id: str) -> Document:
        """Reads a document; the reading is recorded."""
        documents = DocumentsServiceStub(self._services.documents)
        request = GetDocumentRequest(document_id=document_id, open=True)
        answer: GetDocumentResponse = await documents.GetDocument(request, metadata=await self.authority())
        return answer.document

    async def decide(self, line: Line, action: Action.ValueType, opinion: str = "") -> int:
        """Decides on exactly the manifest that was shown; answers the line's new version."""
        request = DecideRequest(
            request_id=str(uuid4()),
            line_id=line.line_id,
            expected_version=line.version,
            manifest_hash=line.manifest_hash,
            action=action,
            opinion=opinion,
        )
        answer: DecideResponse = await ApprovalServiceStub(self._services.approval).Decide(
            request, metadata=await self.authority()
        )
        return answer.version

    async def decide_in_bulk(
        self, lines: Sequence[Line], metadata: tuple[tuple[str, str], ...] = ()
    ) -> DecideInBulkResponse:
        """Approves up to 500 lines, each with an outcome of its own."""
        items = [
            BulkItem(
                request_id=str(uuid4()),
                line_id=line.line_id,
                expected_version=line.version,
                manifest_hash=line.manifest_hash,
            )
            for line in lines
        ]
        request = DecideInBulkRequest(items=items, action=Action.ACTION_APPROVE)
        approval = ApprovalServiceStub(self._services.approval)
        answer: DecideInBulkResponse = await approval.DecideInBulk(request, metadata=metadata or await self.authority())
        return answer


@asynccontextmanager
async def approving(*officials: Official) -> AsyncIterator[dict[str, int]]:
    """Lets officials approve in bulk whatever comes to them for the length of the block; answers how many, by login."""
    done = dict.fromkeys((official.login for official in officials), 0)
    tasks = [asyncio.create_task(_approve(official, done)) for official in officials]
    try:
        yield done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _approve(official: Official, done: dict[str, int]) -> None:
    seen: set[tuple[str, int]] = set()
    while True:
        try:
            lines = [line for line in await official.pending() if (line.line_id, line.version) not in seen]
            if not lines:
                await asyncio.sleep(0.03)
                continue
            answer = await official.decide_in_bulk(lines)
        except TransientError:
            await asyncio.sleep(0.5)
            continue
        seen.update((line.line_id, line.version) for line in lines)
        done[official.login] += sum(1 for outcome in answer.outcomes if not outcome.HasField("error"))
