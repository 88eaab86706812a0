"""Acts on received documents: distributed, accepted, assigned, passed on, completed."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from google.protobuf.message import Message

from chassis.rpc import current_call
from chassis.uow import UnitOfWork
from documents.handlers import passing, receiving
from documents.handlers.passing import Onward
from documents.handlers.received import Asked
from documents.handlers.receiving import Charge
from documents.ports.directory import View
from documents.rpc.calls import Calls, Context, identity, official
from documents.translate import content, receipts
from onnara.documents.v1 import receipt_service_pb2 as pb
from onnara.documents.v1.receipt_service_pb2_grpc import ReceiptServiceServicer
from onnara.exchange.v1.official_document_pb2 import Attachment, OfficialDocument

R = TypeVar("R", bound=Message)
ORIGINAL_NAME = "경유 원문.xhtml"
"""Name of the file that holds the original in what carries it on."""


class ReceiptServicer(Calls, ReceiptServiceServicer):
    """Received documents (접수문서)."""

    async def Distribute(self, request: pb.DistributeRequest, context: Context) -> pb.DistributeResponse:
        """배부, or again to another department before that accepts it."""

        async def handle(unit: UnitOfWork, asked: Asked, view: View) -> pb.DistributeResponse:
            informed = list(request.informed_department_codes)
            version = await receiving.distribute(unit, asked, request.department_code, informed, request.note, view)
            return pb.DistributeResponse(version=version)

        return await self._act(request, handle, pb.DistributeResponse)

    async def Accept(self, request: pb.AcceptRequest, context: Context) -> pb.AcceptResponse:
        """접수, with its number."""

        async def handle(unit: UnitOfWork, asked: Asked, view: View) -> pb.AcceptResponse:
            version, number = await receiving.accept(unit, asked, request.task_code, view)
            return pb.AcceptResponse(version=version, registration=content.registration(number))

        return await self._act(request, handle, pb.AcceptResponse)

    async def Assign(self, request: pb.AssignRequest, context: Context) -> pb.AssignResponse:
        """담당 지정 and 공람."""
        charge = Charge(request.official_id, list(request.circulate_to), request.instruction, request.due_on)

        async def handle(unit: UnitOfWork, asked: Asked, view: View) -> pb.AssignResponse:
            return pb.AssignResponse(version=await receiving.assign(unit, asked, charge, view))

        return await self._act(request, handle, pb.AssignResponse)

    async def AskRedistribution(
        self, request: pb.AskRedistributionRequest, context: Context
    ) -> pb.AskRedistributionResponse:
        """재배부요청."""

        async def handle(unit: UnitOfWork, asked: Asked, view: View) -> pb.AskRedistributionResponse:
            suggested = request.suggested_department_code
            version = await receiving.ask_redistribution(unit, asked, request.reason, suggested, view)
            return pb.AskRedistributionResponse(version=version)

        return await self._act(request, handle, pb.AskRedistributionResponse)

    async def Transfer(self, request: pb.TransferRequest, context: Context) -> pb.TransferResponse:
        """이송."""

        async def handle(unit: UnitOfWork, asked: Asked, view: View) -> pb.TransferResponse:
            onward = Onward(request.recipient, request.reason)
            return pb.TransferResponse(version=await passing.transfer(unit, asked, onward, view))

        return await self._act(request, handle, pb.TransferResponse)

    async def SendBack(self, request: pb.SendBackRequest, context: Context) -> pb.SendBackResponse:
        """반송."""

        async def handle(unit: UnitOfWork, asked: Asked, view: View) -> pb.SendBackResponse:
            defect = receipts.DEFECTS.get(request.defect, "")
            return pb.SendBackResponse(version=await passing.send_back(unit, asked, defect, request.reason, view))

        return await self._act(request, handle, pb.SendBackResponse)

    async def Forward(self, request: pb.ForwardRequest, context: Context) -> pb.ForwardResponse:
        """경유: the original becomes a file of the draft that carries it on."""
        actor, document_id = official(), identity(request.document_id)
        async with self._reading(actor) as unit:
            page = await self._keep_page(await passing.original(unit, document_id), actor.agency_id)

        async def handle(unit: UnitOfWork, asked: Asked, view: View) -> pb.ForwardResponse:
            onward = Onward(request.recipient, request.opinion)
            version, draft = await passing.forward(unit, asked, onward, page, view)
            return pb.ForwardResponse(version=version, draft_document_id=str(draft["id"]))

        return await self._act(request, handle, pb.ForwardResponse)

    async def Complete(self, request: pb.CompleteRequest, context: Context) -> pb.CompleteResponse:
        """완료."""
        answer_id = identity(request.answer_document_id) if request.answer_document_id else None

        async def handle(unit: UnitOfWork, asked: Asked, view: View) -> pb.CompleteResponse:
            return pb.CompleteResponse(version=await passing.complete(unit, asked, answer_id, request.note, view))

        return await self._act(request, handle, pb.CompleteResponse)

    async def _keep_page(self, document: OfficialDocument, agency_id: str) -> Attachment:
        page = receipts.original_page(document)
        blob = await self._blobs.put(agency_id, page)
        return Attachment(sha256=blob.sha256, size=blob.size, media_type="application/xhtml+xml", name=ORIGINAL_NAME)

    async def _act(
        self, request: Any, handle: Callable[[UnitOfWork, Asked, View], Awaitable[R]], response: type[R]
    ) -> R:
        """Carries out one act of the caller, once for each request id."""
        actor = official()
        correlation_id = current_call().correlation_id
        asked = Asked(identity(request.document_id), request.expected_version, actor, correlation_id)

        async def once(unit: UnitOfWork) -> R:
            return await handle(unit, asked, self._directory.view(unit.now))

        method = type(request).DESCRIPTOR.name.removesuffix("Request")
        return await self._command(once, response, method, request.request_id)
