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
from chassis.testing.servers import ServiceDatabase
from chassis.uow import Database
from directory.domain.records import Unit, unit_id
from directory.handlers.seed_government import seed_government
from directory.ports.passwords import Passwords
from directory.seed import DEMO_PASSWORD, seed

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
