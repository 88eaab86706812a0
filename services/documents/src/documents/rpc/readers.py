"""Readers: who read, who may read, whom a document is shown to."""

from chassis.errors import InvalidError, NotFoundError
from chassis.uow import UnitOfWork
from documents import queries
from documents.domain import relating
from documents.domain.state import State
from documents.domain.transition import moved
from documents.handlers.circulating import circulate
from documents.handlers.granting import Named, set_readers
from documents.handlers.relations import relations
from documents.rpc.calls import Calls, Context, identity, official
from documents.translate import readers as translate
from onnara.documents.v1 import documents_service_pb2 as pb

USUAL, MOST = 100, 500


class Sharing(Calls):
    """Readers beyond the reading range, and the log of readings."""

    async def ListReadings(self, request: pb.ListReadingsRequest, context: Context) -> pb.ListReadingsResponse:
        """Who read the document and who tried, newest first; for those who answer for it."""
        actor, document_id = official(), identity(request.document_id)
        size = min(request.page_size, MOST) if request.page_size > 0 else USUAL
        before = _before(request.page_token)
        async with self._reading(actor) as unit:
            row = await queries.row(unit, document_id)
            if row is None:
                raise NotFoundError("document-unknown", params={"document": request.document_id}, field="document_id")
            related = await relations(unit, row, actor, self._directory.view(unit.now))
            outcome = moved(relating.TABLE, State(row["state"]), "list-readings", related)
            if not isinstance(outcome, State):
                raise outcome
        # The log is out of the rpc role's reach: what is shown of it was decided above.
        async with self._worker.transaction() as unit:
            rows = await queries.readings(unit, document_id, before, size + 1)
        token = str(rows[size - 1]["id"]) if len(rows) > size else ""
        return pb.ListReadingsResponse(
            readings=[translate.reading(each) for each in rows[:size]], next_page_token=token
        )

    async def SetReaders(self, request: pb.SetReadersRequest, context: Context) -> pb.SetReadersResponse:
        """Lets further people, departments or agencies read, or no longer."""
        actor, document_id = official(), identity(request.document_id)

        async def handle(unit: UnitOfWork) -> pb.SetReadersResponse:
            view = self._directory.view(unit.now)
            grant, revoke = ([_named(each) for each in asked] for asked in (request.grant, request.revoke))
            await set_readers(unit, document_id, grant, revoke, request.reason, actor, view)
            return pb.SetReadersResponse()

        return await self._command(handle, pb.SetReadersResponse, "SetReaders", request.request_id)

    async def Circulate(self, request: pb.CirculateRequest, context: Context) -> pb.CirculateResponse:
        """Shows a decided or accepted document to people of the agency (공람, 통보)."""
        actor, document_id = official(), identity(request.document_id)

        async def handle(unit: UnitOfWork) -> pb.CirculateResponse:
            view = self._directory.view(unit.now)
            await circulate(unit, document_id, request.official_ids, request.instruction, actor, view)
            return pb.CirculateResponse()

        return await self._command(handle, pb.CirculateResponse, "Circulate", request.request_id)


def _named(reader: pb.Reader) -> Named:
    return Named(reader.official_id, reader.department_code, reader.agency_id)


def _before(token: str) -> int:
    if not token:
        return 2**63 - 1
    if not token.isascii() or not token.isdigit() or len(token) > 18:
        raise InvalidError("page-token-invalid", field="page_token")
    return int(token)
