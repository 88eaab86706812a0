"""What worked cases share: connections to the running suite, and the government exchange between its agencies."""

from collections.abc import AsyncIterator

import pytest
from tests.support.relay import carrying

from tools.demo.officials import Services, services_of
from tools.suite import Suite

# Agencies of the cases, and departments that their packs name as senders.
CODES = ("1310000", "Z310101", "Z310103", "Z090000", "Z090101", "Z090103", "Z150000", "Z150101", "Z150103")


@pytest.fixture(scope="module")
async def services(suite: Suite) -> AsyncIterator[Services]:
    """Connections to the services."""
    async with services_of(suite) as found:
        yield found


@pytest.fixture(scope="module")
async def exchange(suite: Suite) -> AsyncIterator[None]:
    """전자문서유통 between the agencies of the cases."""
    async with carrying(suite, CODES):
        yield
