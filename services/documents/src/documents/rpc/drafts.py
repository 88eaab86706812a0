"""Writing: drafts of our own people, alone or together, and what they may be filed under."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.rpc import current_call
from chassis.uow import UnitOfWork
from documents.handlers.batching import submit_drafts
from documents.handlers.drafting import change_co_drafters, create_draft, delete_draft, update_draft
from documents.handlers.redrafting import redraft
from documents.rpc.calls import Calls, Context, identity, official
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1.official_document_pb2 import Task


class Drafting(Calls):
    """What the caller writes."""

    async def CreateDocument(self, request: pb.CreateDocumentRequest, context: Context) -> pb.CreateDocumentResponse:
        """Saves a private draft."""
        call = current_call()
        official()
        await self._check_attached(request.content.attachments, call.actor)

        async def handle(unit: UnitOfWork) -> pb.CreateDocumentResponse:
            view = self._directory.view(unit.now)
            row = await create_draft(unit, request.content, call.actor, view, call.correlation_id)
            return pb.CreateDocumentResponse(document_id=str(row["id"]), version=row["version"])

        return await self._command(handle, pb.CreateDocumentResponse, "CreateDocument", request.request_id)

    async def UpdateDraft(self, request: pb.UpdateDraftRequest, context: Context) -> pb.UpdateDraftResponse:
        """Changes a draft: its author or a co-drafter; what was returned, its author only."""
        actor, document_id = official(), identity(request.document_id)
        await self._check_attached(request.content.attachments, actor)

        async def handle(unit: UnitOfWork) -> pb.UpdateDraftResponse:
            view = self._directory.view(unit.now)
            version = await update_draft(unit, document_id, request.expected_version, request.content, actor, view)
            return pb.UpdateDraftResponse(version=version)

        return await self._command(handle, pb.UpdateDraftResponse, "UpdateDraft", request.request_id)

    async def DeleteDraft(self, request: pb.DeleteDraftRequest, context: Context) -> pb.DeleteDraftResponse:
        """Removes a draft that was never submitted."""
        actor, document_id = official(), identity(request.document_id)

        async def handle(unit: UnitOfWork) -> pb.DeleteDraftResponse:
            view = self._directory.view(unit.now)
            await delete_draft(unit, document_id, request.expected_version, actor, view)
            return pb.DeleteDraftResponse()

        return await self._command(handle, pb.DeleteDraftResponse, "DeleteDraft", request.request_id)

    async def SetCoDrafters(self, request: pb.SetCoDraftersRequest, context: Context) -> pb.SetCoDraftersResponse:
        """Names everybody who writes on a draft beside its author."""
        actor, document_id = official(), identity(request.document_id)

        async def handle(unit: UnitOfWork) -> pb.SetCoDraftersResponse:
            view = self._directory.view(unit.now)
            await change_co_drafters(unit, document_id, request.official_ids, actor, view)
            return pb.SetCoDraftersResponse()

        return await self._command(handle, pb.SetCoDraftersResponse, "SetCoDrafters", request.request_id)

    async def SubmitDocument(self, request: pb.SubmitDocumentRequest, context: Context) -> pb.SubmitDocumentResponse:
        """Sends a draft into its line, or a returned document into a new one."""
        call, document_id = current_call(), identity(request.document_id)
        official()

        async def handle(unit: UnitOfWork) -> pb.SubmitDocumentResponse:
            [row] = await submit_drafts(
                unit,
                [(document_id, request.expected_version)],
                request.steps,
                call.actor,
                self._directory.view(unit.now),
                call.correlation_id,
                carry_over=request.carry_over,
            )
            return _submitted(row)

        return await self._command(handle, pb.SubmitDocumentResponse, "SubmitDocument", request.request_id)

    async def SubmitBatch(self, request: pb.SubmitBatchRequest, context: Context) -> pb.SubmitBatchResponse:
        """Sends several drafts into one line."""
        call = current_call()
        official()
        wanted = [(identity(each.document_id), each.expected_version) for each in request.drafts]

        async def handle(unit: UnitOfWork) -> pb.SubmitBatchResponse:
            view = self._directory.view(unit.now)
            rows = await submit_drafts(unit, wanted, request.steps, call.actor, view, call.correlation_id)
            return _batch(rows)

        return await self._command(handle, pb.SubmitBatchResponse, "SubmitBatch", request.request_id)

    async def Redraft(self, request: pb.RedraftRequest, context: Context) -> pb.RedraftResponse:
        """A new draft of a document the caller may read, or an answer to it."""
        call, document_id = current_call(), identity(request.document_id)
        official()

        async def handle(unit: UnitOfWork) -> pb.RedraftResponse:
            view = self._directory.view(unit.now)
            row = await redraft(unit, document_id, call.actor, view, call.correlation_id, answer=request.answer)
            return pb.RedraftResponse(document_id=str(row["id"]), version=row["version"])

        return await self._command(handle, pb.RedraftResponse, "Redraft", request.request_id)

    async def ListTasks(self, request: pb.ListTasksRequest, context: Context) -> pb.ListTasksResponse:
        """Unit tasks of the department the caller acts for."""
        actor = official()
        view = self._directory.view(self._rpc.clock.now())
        tasks = view.tasks_of(actor.department_code)
        return pb.ListTasksResponse(
            tasks=[pb.TaskEntry(task=Task(code=each.code, name=each.name), retention=each.retention) for each in tasks]
        )


def _submitted(row: Mapping[str, Any]) -> pb.SubmitDocumentResponse:
    return pb.SubmitDocumentResponse(
        document_id=str(row["id"]),
        version=row["version"],
        line_id=str(row["line_id"]),
        manifest_hash=row["manifest_hash"],
    )


def _batch(rows: Sequence[Mapping[str, Any]]) -> pb.SubmitBatchResponse:
    return pb.SubmitBatchResponse(line_id=str(rows[0]["line_id"]), documents=[_submitted(row) for row in rows])
