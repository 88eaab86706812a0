"""Requests of agencies' own systems through the running suite: a file comes in, is reviewed and decided, its answer goes back."""

import asyncio
import random
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters import catalogue
from adapters.canonical.dbase import dbase
from adapters.contract import Record
from adapters.items import read
from onnara.approval.v1.approval_service_pb2 import Action
from onnara.exchange.v1.events_pb2 import RequestStatus, ResultReported
from tools import roads_batch
from tools.demo.officials import Official, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers]
LONGEST = 20.0


def roads(number: str, title: str) -> Mapping[str, bytes]:
    """A batch of one request of the road works host."""
    signers = [roads_batch.signer("D", 20260506093000), roads_batch.signer("R"), roads_batch.signer("B")]
    change = {"REQUEST-NO": number, "TITLE": title, "RECIPIENT-CODE": "", "SIGNER": signers}
    row = roads_batch.request(1, random.Random(4), **change)
    return {f"{number}.ebc": roads_batch.whole(roads_batch.header(), [row], roads_batch.trailer([row]))}


def incident(number: str, title: str) -> Mapping[str, bytes]:
    """A table of one incident of the Coast Guard, with its memos."""
    row = {
        "INC_NO": number, "STATION": "Z530101", "TITLE": title, "KIND": "A", "HAPPENED": "2026-11-20", "REPORT": "첫 줄\r\n둘째 줄",
        "DRAFTER": "KCG0101", "DRAFTED": "20261121093000", "REVIEWER": "KCG0102", "APPROVER": "KCG0103", "DELEGATED": "true",
        "TASK": "ZE010101", "RETENTION": "10", "DISCLOSE": "1NNNNNNNN",
    }  # fmt: skip
    return dbase(catalogue.manifest_of("kcg_incidents")).write([("mapping", row)], f"INC{number}")


def drop(inbox: Path, name: str, parts: Mapping[str, bytes]) -> None:
    """Puts an item into an inbox so that nobody sees a part of it."""
    if len(parts) == 1:
        [(single, data)] = parts.items()
        (inbox / f"{single}.tmp").write_bytes(data)
        (inbox / f"{single}.tmp").rename(inbox / single)
        return
    hidden = inbox / f".{name}"
    hidden.mkdir()
    for part, data in parts.items():
        (hidden / part).write_bytes(data)
    shutil.move(hidden, inbox / name)


def answers(adapter: str, outbox: Path) -> list[Record]:
    """Everything the system has been told so far."""
    known = catalogue.load(adapter)
    return [record for path in sorted(outbox.glob("[!.]*")) for record in known.decode(read(path)).records]


@pytest.mark.parametrize(
    ("adapter", "people", "make"),
    [("moct_roads", ("moct.lee", "moct.park"), roads), ("kcg_incidents", ("kcg.lee", "kcg.park"), incident)],
)
async def test_a_request_is_decided_and_its_answer_goes_back(
    suite: Suite, adapter: str, people: tuple[str, str], make: Callable[[str, str], Mapping[str, bytes]]
) -> None:
    number = f"{datetime.now(UTC):%H%M%S}-{adapter[:3].upper()}"
    title, endpoint = f"연계 시험 {number}", suite.transport / adapter.replace("_", "-")
    drop(endpoint / "in", number, make(number, title))
    async with services_of(suite) as services:
        for login in people:
            official = await Official.sign_in(services, login)
            await official.decide(await official.wait_for(title), Action.ACTION_APPROVE)

    async def told() -> ResultReported:
        while True:
            for record in answers(adapter, endpoint / "out"):
                message = record.message
                if isinstance(message, ResultReported) and message.origin.natural_key == number:
                    return message
            await asyncio.sleep(0.1)

    async with asyncio.timeout(LONGEST):
        message = await told()
    assert message.status == RequestStatus.REQUEST_STATUS_REGISTERED
    assert message.registration.text
