"""An agency with a document department, clerks, a head and somebody in charge; papers of another agency on its desk."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from chassis.actor import Actor
from chassis.blobs import Blobs
from chassis.rpc import bearer
from documents.translate import directory as kinds
from onnara.directory.v1 import events_pb2 as directory
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1 import receipt_service_pb2 as acts
from onnara.documents.v1.documents_service_pb2_grpc import DocumentsServiceStub
from onnara.documents.v1.receipt_service_pb2_grpc import ReceiptServiceStub
from support.documents_cards import ABROAD, HOME, HOME_CODE, PARKS, ROADS, Government, arrival, official
from support.documents_cards import person as anybody

DOCS = "T310303"
CLERK = frozenset({"clerk"})
STAFF = {
    "doc-clerk": (DOCS, CLERK, 7),
    "clerk": (ROADS, CLERK, 7),
    "clerk2": (ROADS, CLERK, 7),
    "head": (ROADS, frozenset({"approver"}), 5),
    "worker": (ROADS, frozenset({"drafter"}), 7),
    "parks-clerk": (PARKS, CLERK, 7),
    "outsider": (PARKS, frozenset({"drafter"}), 7),
}


_KEYS = count(1)


def staffed(government: Government) -> Government:
    """With a document department, and with posts, roles and levels for the staff."""
    home = {"is_agency": True, "served_here": True, "document_department_code": DOCS, "head_title": "시험시장"}
    government.add_unit(HOME, HOME_CODE, "시험시", HOME, **home)
    government.add_unit("docs", DOCS, "총무과", HOME)
    for name, (department, roles, level) in STAFF.items():
        identity = official(name)
        known = directory.OfficialData(official_id=identity, name=name, agency_id=HOME)
        government.add(kinds.OFFICIAL, identity, known)
        post = directory.AppointmentData(
            appointment_id=f"a-{name}",
            official_id=identity,
            agency_id=HOME,
            department_code=department,
            position=f"position of {name}",
            roles=sorted(roles),
            level=level,
        )
        government.add(kinds.APPOINTMENT, post.appointment_id, post)
    return government


def who(name: str) -> Actor:
    """Somebody of the staff, or the clerk of another agency."""
    if name == "abroad":
        return anybody("chief", ABROAD, roles=CLERK)
    department, roles, _ = STAFF[name]
    return Actor(official(name), f"a-{name}", f"p-{name}", HOME, department, name, "position", roles=roles)


@dataclass
class Office:
    """Documents with received papers on the desk."""

    documents: Any
    blobs: Blobs

    async def arrived(self, receiver: str = HOME_CODE, **changes: Any) -> Any:
        """Row of a document that has just come in."""
        key = f"R{next(_KEYS)}"
        await self.documents.take(arrival(key, receiver, **changes))
        return await self.documents.card(key)

    async def card(self, document_id: Any) -> Any:
        return await self.documents.parts.worker.pool.fetchrow("SELECT * FROM document WHERE id = $1", document_id)

    async def receipt(self, document_id: Any) -> Any:
        find = "SELECT * FROM receipt WHERE document_id = $1"
        return await self.documents.parts.worker.pool.fetchrow(find, document_id)

    async def act(self, name: str, method: str, row: Any, request_id: str = "", **values: Any) -> Any:
        """Carries out an act on a card as somebody, on the version it has now unless another is given."""
        card = await self.card(row["id"])
        values.setdefault("expected_version", card["version"])
        request = getattr(acts, f"{method}Request")(
            request_id=request_id or uuid4().hex, document_id=str(row["id"]), **values
        )
        stub = ReceiptServiceStub(self.documents.connection)
        return await getattr(stub, method)(request, metadata=bearer(self.documents.token(who(name))))

    async def accepted(self, **changes: Any) -> Any:
        """Row of a document that the roads department has accepted."""
        row = await self.arrived(ROADS, **changes)
        await self.act("clerk", "Accept", row, task_code="A0000001")
        return await self.card(row["id"])

    async def assigned(self, **changes: Any) -> Any:
        row = await self.accepted(**changes)
        await self.act("clerk", "Assign", row, official_id=official("worker"))
        return await self.card(row["id"])

    async def opened(self, row: Any, name: str) -> pb.Document:
        wanted = pb.GetDocumentRequest(document_id=str(row["id"]), open=True)
        return (await self.documents.call("GetDocument", wanted, who(name))).document

    async def upload(self, name: str, file_name: str, data: bytes) -> Any:
        """A file stored as somebody's own."""

        async def pieces() -> AsyncIterator[pb.UploadAttachmentRequest]:
            yield pb.UploadAttachmentRequest(name=file_name, media_type="text/plain", chunk=data)

        stub = DocumentsServiceStub(self.documents.connection)
        answer = await stub.UploadAttachment(pieces(), metadata=bearer(self.documents.token(who(name))))
        return answer.attachment

    async def blob(self, file: Any) -> bytes:
        return await self.blobs.get(HOME, file.sha256)

    async def went_out(self, document_id: UUID, receiver_code: str) -> None:
        """As if a document of ours had been decided and its copy were queued."""
        pool = self.documents.parts.worker.pool
        await pool.execute("UPDATE document SET state = 'sending' WHERE id = $1", document_id)
        insert = """INSERT INTO delivery (id, document_id, agency_id, receiver_code, receiver_name, state, needs_person, changed_at)
        VALUES (gen_random_uuid(), $1, $2, $3, $3, 'QUEUED', false, now())"""
        await pool.execute(insert, document_id, HOME, receiver_code)
