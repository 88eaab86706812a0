"""The suite in this process with a document in every state: made once for all tests of the package."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from authorisation.carrying_out import rehearse
from authorisation.stages import Papers, prepare
from authorisation.world import running
from chassis.clock import FrozenClock
from chassis.testing.servers import Databases


@pytest_asyncio.fixture(scope="session")
async def papers(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Papers]:
    clock = FrozenClock(datetime(2026, 5, 11, 1, 0, tzinfo=UTC))
    async with running(databases.create, clock, tmp_path_factory.mktemp("authorisation")) as world:
        papers = await prepare(world)
        rehearse(world)
        yield papers
