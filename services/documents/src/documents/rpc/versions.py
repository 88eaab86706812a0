"""Texts changed on the way: by reviewers and approvers, in their own name."""

from chassis.rpc import current_call
from chassis.uow import UnitOfWork
from documents.handlers.revising import revise
from documents.rpc.calls import Calls, Context, identity, official
from onnara.documents.v1 import documents_service_pb2 as pb


class Revising(Calls):
    """What the caller changes of a document under way."""

    async def ReviseDocument(self, request: pb.ReviseDocumentRequest, context: Context) -> pb.ReviseDocumentResponse:
        """Stores a changed text; it counts once the caller's step names it."""
        call, document_id = current_call(), identity(request.document_id)
        official()
        await self._check_attached(request.content.attachments, call.actor)

        async def handle(unit: UnitOfWork) -> pb.ReviseDocumentResponse:
            stored = await revise(
                unit,
                document_id,
                request.base_hash,
                request.content,
                call.actor,
                self._directory.view(unit.now),
                call.correlation_id,
            )
            return pb.ReviseDocumentResponse(manifest_hash=stored.manifest_hash, number=stored.number)

        return await self._command(handle, pb.ReviseDocumentResponse, "ReviseDocument", request.request_id)
