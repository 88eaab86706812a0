"""Documents on a database of its own, with a small government, real gRPC, a blob folder and a frozen clock."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from chassis.actor import Actor, TokenSigner
from chassis.clock import FrozenClock
from chassis.messaging.inbox import Inbox, Subscription
from chassis.rpc import Connection, bearer, connect
from chassis.testing.servers import ServiceDatabase
from documents.main import Parts, build
from documents.settings import Settings
from onnara.documents.v1.documents_service_pb2_grpc import DocumentsServiceStub
from support.documents_cards import HOME_CODE, Government, incoming, line_changed, person, request

MIGRATIONS = Path(__file__).parents[2] / "services" / "documents" / "migrations"
SIGNER = TokenSigner("key", bytes(range(32)))


@dataclass
class Running:
    """Documents in this process, listening on a port."""

    parts: Parts
    database: ServiceDatabase
    connection: Connection
    clock: FrozenClock

    def subscription(self, message: Any) -> Subscription[Any, Any]:
        return next(each for each in self.parts.subscriptions if each.name == message.DESCRIPTOR.full_name)

    async def take(self, *messages: Any) -> None:
        """Hands messages of one type over in one batch, as the broker would, each under an id of its own."""
        await Inbox(self.parts.worker).handle(self.subscription(messages[0]), [incoming(each) for each in messages])

    async def registered(self, *keys: str, **changes: Any) -> Sequence[Any]:
        """Requests taken through their line to their number; their cards in the order of the keys."""
        await self.take(*(request(key, **changes) for key in keys))
        await self.take(*[line_changed(await self.card(key), 2) for key in keys])
        return [await self.card(key) for key in keys]

    async def card(self, key: str) -> Any:
        """Row of the newest card of a natural key."""
        find = "SELECT * FROM document WHERE origin_key LIKE '%|' || $1 ORDER BY id DESC LIMIT 1"
        return await self.parts.worker.pool.fetchrow(find, key)

    async def rows(self, table: str, order: str = "1") -> Sequence[Any]:
        return await self.parts.worker.pool.fetch(f"SELECT * FROM {table} ORDER BY {order}")

    async def events(self, kind: Any = None) -> Sequence[Any]:
        """Journal rows, oldest first, or the messages of one type."""
        rows = await self.rows("journal", "seq")
        if kind is None:
            return rows
        return [kind.FromString(row["payload"]) for row in rows if row["type"] == kind.DESCRIPTOR.full_name]

    async def parcels(self, kind: Any) -> Sequence[Any]:
        rows = await self.rows("parcel", "seq")
        return [kind.FromString(row["payload"]) for row in rows if row["type"] == kind.DESCRIPTOR.full_name]

    async def refusals(self) -> Sequence[Sequence[str]]:
        rows = await self.parts.worker.pool.fetch("SELECT refusal FROM inbox WHERE refusal IS NOT NULL")
        return [[problem["code"] for problem in row["refusal"]] for row in rows]

    async def parked(self) -> Sequence[str]:
        return [row["problems"][0]["code"] for row in await self.rows("parked", "id")]

    def token(self, actor: Actor) -> str:
        return SIGNER.issue(actor, "onnara", self.clock.now())

    async def call(self, method: str, message: Any, actor: Actor | str = "drafter", **options: Any) -> Any:
        """Calls a method as somebody."""
        who = person(actor) if isinstance(actor, str) else actor
        stub = DocumentsServiceStub(self.connection)
        return await getattr(stub, method)(message, metadata=bearer(self.token(who)), **options)


@pytest_asyncio.fixture
async def documents_database(service_database: Callable[..., Awaitable[ServiceDatabase]]) -> ServiceDatabase:
    return await service_database("documents", MIGRATIONS)


@pytest.fixture
def government() -> Government:
    return Government(SIGNER.public_key)


@pytest_asyncio.fixture
async def documents(
    documents_database: ServiceDatabase, frozen_clock: FrozenClock, government: Government, tmp_path: Path
) -> AsyncIterator[Running]:
    settings = Settings(
        worker_database_url=documents_database.url("worker"),
        rpc_database_url=documents_database.url("rpc"),
        blob_url=f"file://{tmp_path}/blobs",
        shutdown_seconds=0,
        publishing=HOME_CODE,
        publishing_hours="1-11",
    )
    async with (
        build(settings, clock=frozen_clock, fetch=government.fetch) as parts,
        parts.server as server,
        connect(f"127.0.0.1:{server.port}") as connection,
    ):
        yield Running(parts, documents_database, connection, frozen_clock)
