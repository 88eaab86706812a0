"""An official's desk: the acts of daily work in one call each, through the same calls as the web pages.

``Desk`` writes, submits, decides, sends, receives; what comes of it is read in ``tests.support.words``.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import uuid4

from google.protobuf.message import Message

from chassis.errors import ConflictError, NotFoundError, RefusalError
from onnara.approval.v1 import approval_service_pb2 as lines
from onnara.documents.v1 import dispatch_service_pb2 as dispatch
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1 import receipt_service_pb2 as receipts
from onnara.exchange.v1 import official_document_pb2 as doc
from tools.demo.officials import Official

Found = TypeVar("Found")
SECONDS = 40.0


async def until(look: Callable[[], Awaitable[Found]], seconds: float = SECONDS) -> Found:
    """What a look finds, once it finds something. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(0.1)


class Desk(Official):
    """An official at work."""

    async def write(self, content: doc.OfficialDocument) -> str:
        """A private draft; answers its id."""
        request = pb.CreateDocumentRequest(request_id=uuid4().hex, content=content)
        answer = await self.call(self.documents.CreateDocument, request)
        return str(answer.document_id)

    async def submit(self, document_id: str, steps: Sequence[doc.ApprovalStep]) -> pb.Document:
        """Sends a draft into its line; answers the card once the line stands or was refused."""
        card = await self.look(document_id)
        request = pb.SubmitDocumentRequest(
            request_id=uuid4().hex, document_id=document_id, expected_version=card.version, steps=steps
        )
        line_id = (await self.call(self.documents.SubmitDocument, request)).line_id

        async def settled() -> pb.Document | None:
            now = await self.look(document_id)
            refused = now.state == pb.DOCUMENT_STATE_DRAFT and now.problems
            return now if refused or await self._line(line_id=line_id) else None

        return await until(settled)

    async def line(self, document_id: str) -> lines.Line:
        """The document's line."""
        return (await self.call(self.lines.GetLine, lines.GetLineRequest(document_id=document_id))).line

    async def _line(self, line_id: str) -> lines.Line | None:
        try:
            return (await self.call(self.lines.GetLine, lines.GetLineRequest(line_id=line_id))).line
        except RefusalError:
            return None

    async def act(self, document_id: str, action: int, opinion: str = "", **more: Any) -> pb.Document:
        """Acts on one's step of what lies before one; answers the card as it is then.

        more: return_to, acting_for, manifest_hash.
        """
        line = await self.line(document_id)
        request = lines.DecideRequest(
            request_id=uuid4().hex,
            line_id=line.line_id,
            expected_version=line.version,
            action=action,  # type: ignore[arg-type]
            opinion=opinion,
            **{"manifest_hash": line.manifest_hash, **more},
        )

        async def decided() -> int:
            try:
                return int((await self.call(self.lines.Decide, request)).version)
            except ConflictError as error:
                # A text of one's own is heard of a moment after it was stored.
                if error.code != "manifest-changed" or "manifest_hash" not in more:
                    raise
                return 0

        return await self.followed(document_id, await until(decided))

    async def revise(self, document_id: str, content: doc.OfficialDocument) -> bytes:
        """Stores a changed text; answers the manifest that one's decision has to name."""
        line = await self.line(document_id)
        request = pb.ReviseDocumentRequest(
            request_id=uuid4().hex, document_id=document_id, base_hash=line.manifest_hash, content=content
        )
        return bytes((await self.call(self.documents.ReviseDocument, request)).manifest_hash)

    async def approve(self, document_id: str, opinion: str = "", **more: Any) -> pb.Document:
        """검토, 협조, 결재."""
        return await self.act(document_id, lines.ACTION_APPROVE, opinion, **more)

    async def followed(self, document_id: str, version: int) -> pb.Document:
        """The card once it has followed its line as far as a version."""
        request = pb.GetDocumentRequest(document_id=document_id, at_least_line_version=version)
        return (await self.call(self.documents.GetDocument, request)).document

    async def shown(self, document_id: str) -> pb.Document:
        """Opens a document that this official is about to be shown, once it is."""

        async def look() -> pb.Document | None:
            try:
                return await self.open(document_id)
            except NotFoundError:
                return None

        return await until(look)

    async def pending_lines(self) -> set[str]:
        """Documents that wait for this official (결재대기)."""
        return {line.document_id for line in await self.pending()}

    async def box(self, box: int) -> list[pb.DocumentSummary]:
        """The newest hundred of a box."""
        request = pb.ListDocumentsRequest(box=box, page_size=100)  # type: ignore[arg-type]
        return list((await self.call(self.documents.ListDocuments, request)).documents)

    async def history(self, document_id: str) -> list[pb.HistoryEntry]:
        """Everything that happened to a document."""
        return list((await self.call(self.documents.GetHistory, pb.GetHistoryRequest(document_id=document_id))).entries)

    async def copied(self, document_id: str, *states: str) -> pb.Document:
        """The card once its copies stand in these states, in their order."""

        async def reached() -> bool:
            return [copy.state for copy in (await self.look(document_id)).deliveries] == list(states)

        await until(reached)
        # Once more: card and copies are read one after the other, so the card may have been a moment older.
        return await self.look(document_id)

    async def arrived(self, title: str) -> str:
        """Id of a document that arrived from another agency, once it has."""

        async def look() -> str:
            return next((row.document_id for row in await self.box(pb.BOX_ARRIVED) if row.title == title), "")

        return await until(look)

    async def receive(self, method: str, document_id: str, **values: Any) -> Any:
        """An act on a received document, on the version it has: Distribute, Accept, Transfer ..."""
        return await self._on_version(self.receipts, receipts, method, document_id, values)

    async def ask_recipients(self, document_id: str, **values: Any) -> str:
        """Asks for further recipients; answers the key of the request."""
        answer = await self._on_version(self.dispatch, dispatch, "AskRecipients", document_id, values)
        return str(answer.request_key)

    async def decide_recipients(self, document_id: str, key: str, **values: Any) -> None:
        """Agrees to further recipients, or refuses."""
        request = dispatch.DecideRecipientsRequest(
            request_id=uuid4().hex, document_id=document_id, request_key=key, **values
        )
        await self.call(self.dispatch.DecideRecipients, request)

    async def _on_version(self, stub: Any, module: Any, method: str, document_id: str, values: dict[str, Any]) -> Any:
        card = await self.look(document_id)
        request: Message = getattr(module, f"{method}Request")(
            request_id=uuid4().hex, document_id=document_id, expected_version=card.version, **values
        )
        return await self.call(getattr(stub, method), request)


def step(official: Official, role: int, mode: int, agency_id: str = "") -> doc.ApprovalStep:
    """A step of a line to submit."""
    person = doc.StepPerson(official_id=official.official_id)
    return doc.ApprovalStep(role=role, mode=mode, person=person, agency_id=agency_id)  # type: ignore[arg-type]


def review(official: Official) -> doc.ApprovalStep:
    """검토."""
    return step(official, doc.STEP_ROLE_REVIEW, doc.STEP_MODE_NORMAL)


def cooperate(official: Official) -> doc.ApprovalStep:
    """협조."""
    return step(official, doc.STEP_ROLE_COOPERATE, doc.STEP_MODE_SERIAL)


def delegated(official: Official) -> doc.ApprovalStep:
    """전결."""
    return step(official, doc.STEP_ROLE_DECIDE, doc.STEP_MODE_DELEGATED)


def own(official: Official) -> doc.ApprovalStep:
    """결재 by the head of the agency."""
    return step(official, doc.STEP_ROLE_DECIDE, doc.STEP_MODE_OWN)


def joint(official: Official) -> doc.ApprovalStep:
    """결재 by the head of another agency on a joint draft."""
    return step(official, doc.STEP_ROLE_DECIDE, doc.STEP_MODE_JOINT, official.capacity.agency_id)


def letter(title: str, task: str, *to: doc.Recipient, sender: str = "") -> doc.OfficialDocument:
    """A simple text; without recipients an internal decision (내부결재). sender: 발신명의."""
    seal = doc.Seal(omitted=True, kind=doc.SEAL_KIND_SEAL_OMITTED) if to else None
    return doc.OfficialDocument(
        title=title,
        body="<p>1. 자료를 제출하여 주시기 바랍니다.  끝.</p>",
        recipients=to,
        sender_name=sender,
        seal=seal,
        disclosure=doc.Disclosure(level=doc.DISCLOSURE_LEVEL_OPEN),
        task=doc.Task(code=task),
    )


def agency(code: str, printed_as: str) -> doc.Recipient:
    """An agency to write to."""
    return doc.Recipient(kind=doc.RECIPIENT_KIND_GOVERNMENT, agency=doc.Unit(code=code), printed_as=printed_as)
