"""A directory on a database of its own, its clock frozen, passwords hashed cheaply."""

from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from chassis import db
from chassis.clock import FrozenClock
from chassis.rpc import bearer, connect
from chassis.rpc.call import Metadata
from chassis.testing.servers import ServiceDatabase
from chassis.uow import Database
from directory.domain.records import Unit, unit_id
from directory.handlers.seed_government import seed_government
from directory.main import Parts, build
from directory.ports.passwords import Passwords
from directory.seed import DEMO_PASSWORD, seed
from directory.settings import Settings
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub

MIGRATIONS = Path(__file__).parents[2] / "services" / "directory" / "migrations"


@dataclass
class Directory:
    """The database under each of its roles."""

    server: ServiceDatabase
    worker: Database
    rpc: Database
    clock: FrozenClock


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest_asyncio.fixture
async def directory(
    service_database: Callable[[str, Path], Coroutine[None, None, ServiceDatabase]], frozen_clock: FrozenClock
) -> AsyncIterator[Directory]:
    server = await service_database("directory", MIGRATIONS)
    worker = await db.open_pool(server.url("worker"), size=8)
    rpc = await db.open_pool(server.url("rpc"), size=2)
    try:
        yield Directory(server, Database(worker, frozen_clock), Database(rpc, frozen_clock), frozen_clock)
    finally:
        await worker.close()
        await rpc.close()


@pytest_asyncio.fixture
async def seeded(directory: Directory, passwords: Passwords) -> Directory:
    hashed = await passwords.hash(DEMO_PASSWORD)
    async with directory.worker.transaction() as unit:
        await seed_government(unit, seed(), hashed)
    return directory


@dataclass
class Running:
    """A served directory, and what an edge does with it."""

    stub: DirectoryServiceStub
    parts: Parts
    clock: FrozenClock

    async def signed_in(self, login: str, password: str = DEMO_PASSWORD) -> pb.SignInResponse:
        return await self.stub.SignIn(pb.SignInRequest(login=login, password=password, client_address="192.0.2.1"))

    async def token(self, login: str, place: int = 0) -> pb.IssueTokenResponse:
        return await self.token_of(await self.signed_in(login), place)

    async def token_of(self, session: pb.SignInResponse, place: int = 0) -> pb.IssueTokenResponse:
        chosen = session.capacities[place].appointment_id
        return await self.stub.IssueToken(
            pb.IssueTokenRequest(session_token=session.session_token, appointment_id=chosen)
        )

    async def of(self, login: str, place: int = 0) -> Metadata:
        """Metadata of a call by an official."""
        return bearer((await self.token(login, place)).actor_token)


@pytest_asyncio.fixture
async def running(seeded: Directory, passwords: Passwords, tmp_path: Path) -> AsyncIterator[Running]:
    settings = Settings(
        worker_database_url=seeded.server.url("worker"),
        rpc_database_url=seeded.server.url("rpc"),
        key_folder=tmp_path / "keys",
        demo=True,
        shutdown_seconds=0,
    )
    async with (
        build(settings, clock=seeded.clock, passwords=passwords) as parts,
        parts.server as server,
        connect(f"127.0.0.1:{server.port}") as connection,
    ):
        yield Running(DirectoryServiceStub(connection), parts, seeded.clock)


@pytest.fixture(scope="session")
def unit_of() -> Callable[[int], Unit]:
    """Makes units that stand for nothing."""
    return _unit_of


def _unit_of(number: int, name: str = "과") -> Unit:
    code = f"T{number:06d}"
    return Unit(
        unit_id(code), code, f"{name}{number}", f"시험 {name}{number}", unit_id(code), "0000000",
        is_agency=True, valid_from=date(2020, 1, 1),
    )  # fmt: skip
