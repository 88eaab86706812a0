"""The four services as the pages see them: one call, one answer, refusals as ``chassis.errors``.

Data goes: page -> ``Clients.acting(session)`` -> gRPC with the actor token of the chosen capacity -> message back.
Tokens last five minutes; one per session and capacity is kept until half a minute before its end.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.errors import ForbiddenError
from chassis.rpc import ClientTls, bearer, connect
from gateway.session import Memory, Session
from gateway.settings import Settings
from onnara.adapters.v1 import interoperability_service_pb2_grpc as adapters_rpc
from onnara.adapters.v1 import mapping_service_pb2_grpc as mappings_rpc
from onnara.approval.v1 import approval_service_pb2_grpc as approval_rpc
from onnara.directory.v1 import directory_service_pb2 as directory_pb
from onnara.directory.v1 import directory_service_pb2_grpc as directory_rpc
from onnara.documents.v1 import dispatch_service_pb2_grpc as dispatch_rpc
from onnara.documents.v1 import documents_service_pb2_grpc as documents_rpc
from onnara.documents.v1 import receipt_service_pb2_grpc as receipts_rpc
from onnara.documents.v1 import records_service_pb2_grpc as records_rpc
from onnara.documents.v1 import upload_service_pb2_grpc as uploads_rpc

EARLY = timedelta(seconds=30)
# Refusals that mean: sign in again.
ENDED = {"session-ended", "session-unknown", "token-invalid", "token-expired", "token-missing", "token-key-unknown"}


class SignInNeededError(Exception):
    """The session has ended, or nobody is signed in: the person must sign in (again)."""


class Caller:
    """The services in the hands of one person in one capacity."""

    def __init__(self, clients: "Clients", session: Session) -> None:
        self._clients = clients
        self._session = session

    async def token(self) -> str:
        """An actor token with at least half a minute to live.

        Raises SignInNeededError when directory no longer knows the session.
        """
        if not self._session.appointment_id:
            raise SignInNeededError
        remembered = self._clients.memory.of(self._session)
        async with remembered.asking:
            token, until = remembered.tokens.get(self._session.appointment_id, ("", datetime.min.replace(tzinfo=UTC)))
            if until - datetime.now(UTC) > EARLY:
                return token
            answer = await self._issued()
            until = answer.expires_at.ToDatetime(UTC)
            remembered.tokens[self._session.appointment_id] = (answer.actor_token, until)
            return str(answer.actor_token)

    async def _issued(self) -> directory_pb.IssueTokenResponse:
        request = directory_pb.IssueTokenRequest(
            session_token=self._session.session_token, appointment_id=self._session.appointment_id
        )
        try:
            answer: directory_pb.IssueTokenResponse = await self._clients.directory.IssueToken(request)
        except ForbiddenError as error:
            raise self._ended(error) from error
        return answer

    async def call(self, method: Any, request: Any, *, within: float | None = None) -> Any:
        """One unary call in the person's name; within: seconds it may take, if fewer than usual.

        Raises chassis.errors.OnnaraError or SignInNeededError.
        """
        try:
            return await method(request, timeout=within, metadata=bearer(await self.token()))
        except ForbiddenError as error:
            raise self._ended(error) from error

    async def stream(self, method: Any, request: Any) -> AsyncIterator[Any]:
        """A server stream in the person's name; same errors as ``call``."""
        try:
            async for piece in method(request, metadata=bearer(await self.token())):
                yield piece
        except ForbiddenError as error:
            raise self._ended(error) from error

    def _ended(self, error: ForbiddenError) -> Exception:
        """The error, or SignInNeededError when it says that session or token are no longer good."""
        if error.code not in ENDED:
            return error
        self._clients.memory.of(self._session).tokens.pop(self._session.appointment_id, None)
        return SignInNeededError()


class Clients:
    """Connections to the four services and the memory of tokens. Open for the life of the process."""

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self.memory = memory
        tls = ClientTls(server_ca=settings.tls_server_ca) if settings.tls_server_ca else None
        addresses = (
            settings.directory_address,
            settings.documents_address,
            settings.approval_address,
            settings.adapters_address,
        )
        self._connections = [connect(address, tls=tls, timeout=settings.call_timeout) for address in addresses]
        directory, documents, approval, adapters = self._connections
        self.directory: Any = directory_rpc.DirectoryServiceStub(directory)
        self.documents: Any = documents_rpc.DocumentsServiceStub(documents)
        self.dispatch: Any = dispatch_rpc.DispatchServiceStub(documents)
        self.receipts: Any = receipts_rpc.ReceiptServiceStub(documents)
        self.records: Any = records_rpc.RecordsServiceStub(documents)
        self.uploads: Any = uploads_rpc.UploadServiceStub(documents)
        self.approval: Any = approval_rpc.ApprovalServiceStub(approval)
        self.adapters: Any = adapters_rpc.InteroperabilityServiceStub(adapters)
        self.mappings: Any = mappings_rpc.MappingServiceStub(adapters)

    def acting(self, session: Session) -> Caller:
        """The services in the hands of the session's person."""
        return Caller(self, session)

    async def close(self) -> None:
        """Closes the connections."""
        for connection in self._connections:
            await connection.close()
