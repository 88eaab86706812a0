"""Approval on a database of its own, with a small government, real gRPC and a frozen clock."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from approval.domain.opening import Submission
from approval.main import Parts, build
from approval.settings import Settings
from chassis.actor import Actor, TokenSigner
from chassis.clock import FrozenClock
from chassis.messaging.inbox import Inbox
from chassis.rpc import Connection, bearer, connect
from chassis.testing.servers import ServiceDatabase
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1.approval_service_pb2_grpc import ApprovalServiceStub
from support.approval_lines import Government, incoming, person

MIGRATIONS = Path(__file__).parents[2] / "services" / "approval" / "migrations"
SIGNER = TokenSigner("key", bytes(range(32)))


@dataclass
class Running:
    """Approval in this process, listening on a port."""

    parts: Parts
    database: ServiceDatabase
    connection: Connection
    clock: FrozenClock

    async def submit(self, *submissions: Submission) -> None:
        """Hands submissions over as the broker would."""
        await Inbox(self.parts.worker).handle(self.parts.subscriptions[0], [incoming(each) for each in submissions])

    def token(self, actor: Actor) -> str:
        return SIGNER.issue(actor, "onnara", self.clock.now())

    async def call(self, method: str, request: Any, actor: Actor | str = "chief", **options: Any) -> Any:
        """Calls a method as somebody."""
        who = person(actor) if isinstance(actor, str) else actor
        stub = ApprovalServiceStub(self.connection)
        return await getattr(stub, method)(request, metadata=bearer(self.token(who)), **options)

    async def line(self, line_id: object) -> pb.Line:
        return (await self.call("GetLine", pb.GetLineRequest(line_id=str(line_id)))).line

    async def events(self) -> Sequence[Any]:
        """Journal rows, oldest first."""
        return await self.parts.worker.pool.fetch("SELECT * FROM journal ORDER BY seq")


@pytest_asyncio.fixture
async def approval_database(service_database: Callable[..., Awaitable[ServiceDatabase]]) -> ServiceDatabase:
    return await service_database("approval", MIGRATIONS)


@pytest.fixture
def government() -> Government:
    return Government(SIGNER.public_key)


@pytest_asyncio.fixture
async def approval(
    approval_database: ServiceDatabase, frozen_clock: FrozenClock, government: Government
) -> AsyncIterator[Running]:
    settings = Settings(
        worker_database_url=approval_database.url("worker"),
        rpc_database_url=approval_database.url("rpc"),
        shutdown_seconds=0,
    )
    async with (
        build(settings, clock=frozen_clock, fetch=government.fetch) as parts,
        parts.server as server,
        connect(f"127.0.0.1:{server.port}") as connection,
    ):
        yield Running(parts, approval_database, connection, frozen_clock)
