"""The four services as the pages see them: one call, one answer, refusals as ``chassis.errors``.

Data goes: page -> ``Services.<service>(session)`` -> gRPC with the actor token of the chosen capacity -> message back.
Tokens last five minutes; one per session and capacity is kept until half a minute before its end.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
from onnara.adapters.v1 import interoperability_service_pb2_grpc as adapters_rpc
from onnara.approval.v1 import approval_service_pb2_grpc as approval_rpc
from onnara.directory.v1 import directory_service_pb2 as directory_pb
from onnara.directory.v1 import directory_service_pb2_grpc as directory_rpc
from onnara.documents.v1 import documents_service_pb2_grpc as documents_rpc

from gateway.refusals import SignInNeededError, translated
from gateway.session import Memory, Session
from gateway.settings import Settings

EARLY = timedelta(seconds=30)


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
        tokens = self._clients.memory.of(self._session).tokens
        token, until = tokens.get(self._session.appointment_id, ("", datetime.min.replace(tzinfo=UTC)))
        if until - datetime.now(UTC) < EARLY:
            request = directory_pb.IssueTokenRequest(
                session_token=self._session.session_token, appointment_id=self._session.appointment_id
            )
            answer = await self._clients.anonymous(self._clients.directory.IssueToken, request)
            token = answer.actor_token
            tokens[self._session.appointment_id] = (token, answer.expires_at.ToDatetime(UTC))
        return token

    async def call(self, method: Any, request: Any, *, timeout: float | None = None) -> Any:
        """One unary call in the person's name. Raises chassis.errors.OnnaraError or SignInNeededError."""
        with translated():
            return await method(
                request,
                timeout=timeout or self._clients.timeout,
                metadata=(("authorization", f"Bearer {await self.token()}"),),
            )

    async def stream(self, method: Any, request: Any) -> AsyncIterator[Any]:
        """A server stream in the person's name; same errors as ``call``."""
        with translated():
            async for piece in method(request, metadata=(("authorization", f"Bearer {await self.token()}"),)):
                yield piece


class Clients:
    """Channels to the four services and the memory of tokens. Open for the life of the process."""

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self.memory = memory
        self.timeout = settings.call_timeout
        self._channels = {
            name: grpc.aio.insecure_channel(address)
            for name, address in (
                ("directory", settings.directory_address),
                ("documents", settings.documents_address),
                ("approval", settings.approval_address),
                ("adapters", settings.adapters_address),
            )
        }
        self.directory: Any = directory_rpc.DirectoryServiceStub(self._channels["directory"])
        self.documents: Any = documents_rpc.DocumentsServiceStub(self._channels["documents"])
        self.approval: Any = approval_rpc.ApprovalServiceStub(self._channels["approval"])
        self.adapters: Any = adapters_rpc.InteroperabilityServiceStub(self._channels["adapters"])

    def acting(self, session: Session) -> Caller:
        """The services in the hands of the session's person."""
        return Caller(self, session)

    async def anonymous(self, method: Any, request: Any) -> Any:
        """A call that needs no actor: signing in and out, asking for a token."""
        with translated():
            return await method(request, timeout=self.timeout)

    async def close(self) -> None:
        """Closes the channels."""
        for channel in self._channels.values():
            await channel.close()
