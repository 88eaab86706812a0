"""A petition is put into the portal's folder: it waits for its service in a durable queue, and the portal hears that it is safe."""

import asyncio
from pathlib import Path

import pytest

from adapters import catalogue, items
from adapters.contract import Item
from adapters.runtime.transports.folders import put_all
from onnara.exchange.v1.petitions_pb2 import PetitionStatus
from tools.suite import Suite

pytestmark = [pytest.mark.servers]
NUMBER = "1AA-2611-0000001"
LONGEST = 15.0


async def test_a_petition_is_kept_for_its_service_and_the_portal_hears_of_it(suite: Suite) -> None:
    adapter = catalogue.load("petition_portal")
    sample = items.read(Path(str(catalogue.folder("petition_portal"))) / "samples" / "petition" / "in" / NUMBER)
    put_all(suite.transport / "petition-portal" / "in", [Item("from-portal", sample.parts)])
    told = suite.transport / "petition-portal" / "out" / f"{NUMBER}-ARRIVED"
    async with asyncio.timeout(LONGEST):
        while not told.is_dir():
            await asyncio.sleep(0.1)
    [report] = adapter.decode(items.read(told)).records
    # Told only when the broker has confirmed that the service's queue holds it.
    assert (report.message.status, report.message.confirms) == (PetitionStatus.PETITION_STATUS_ARRIVED, NUMBER)
    assert not any((suite.transport / "petition-portal" / "in").iterdir())
