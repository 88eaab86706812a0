"""Writing: drafts of our own people, sent into their lines."""

from chassis.rpc import current_call
from chassis.uow import UnitOfWork
from documents.handlers.drafting import create_draft, submit_draft
from documents.rpc.calls import Calls, Context, identity, official
from onnara.documents.v1 import documents_service_pb2 as pb


class Drafting(Calls):
    """What the caller writes."""

    async def CreateDocument(self, request: pb.CreateDocumentRequest, context: Context) -> pb.CreateDocumentResponse:
        """Saves a private draft."""
        call = current_call()
        official()
        await self._check_stored(request.content.attachments, call.actor.agency_id)

        async def handle(unit: UnitOfWork) -> pb.CreateDocumentResponse:
            view = self._directory.view(unit.now)
            row = await create_draft(unit, request.content, call.actor, view, call.correlation_id)
            return pb.CreateDocumentResponse(document_id=str(row["id"]), version=row["version"])

        return await self._command(handle, pb.CreateDocumentResponse, "CreateDocument", request.request_id)

    async def SubmitDocument(self, request: pb.SubmitDocumentRequest, context: Context) -> pb.SubmitDocumentResponse:
        """Sends a draft into its line."""
        call, document_id = current_call(), identity(request.document_id)
        official()

        async def handle(unit: UnitOfWork) -> pb.SubmitDocumentResponse:
            view = self._directory.view(unit.now)
            row = await submit_draft(
                unit, document_id, request.expected_version, request.steps, call.actor, view, call.correlation_id
            )
            return pb.SubmitDocumentResponse(
                document_id=str(row["id"]),
                version=row["version"],
                line_id=str(row["line_id"]),
                manifest_hash=row["manifest_hash"],
            )

        return await self._command(handle, pb.SubmitDocumentResponse, "SubmitDocument", request.request_id)
