"""A restricted document of the security service: a transmission comes in, is reviewed and decided, its answer goes back."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters import catalogue
from adapters.formats.control import CONTROL, Control, ListedFile, write_control
from adapters.items import read
from onnara.approval.v1.approval_service_pb2 import Action
from onnara.exchange.v1.events_pb2 import RequestStatus
from onnara.exchange.v1.official_document_pb2 import DisclosureLevel, ReadingLimit, ReadingRange
from tools.demo.officials import Official, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers]
LONGEST = 20.0


def drop(suite: Suite, number: str, title: str) -> None:
    """Puts a transmission of one record into the folder."""
    cells = [
        number, "Z030000", "Z030101", "PSS0101", f"{datetime.now(UTC):%Y%m%d}101500", "PSS0102", "", "PSS0103", "1", title,
        "점검 결과를 다음과 같이 보고합니다.", "ZF010101", "05", "", "3NYNNNNNN", "경호 업무에 지장을 줄 우려", "5", "2", "20311231", "Y",
    ]  # fmt: skip
    data = "\0".join(cells).encode("cp949") + b"\n"
    name = f"Z030101_SEC_DOC_{datetime.now(UTC):%y%m%d%H%M%S}.txt"
    said = {
        "key": number, "orgCode": "Z030000", "onePlatformYN": "N", "onLineYN": "N", "workCode": "SEC_APPROVAL", "workDiv": "approval",
    }  # fmt: skip
    inbox = suite.transport / "pss-security" / "in"
    folder = inbox / f".{number}"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(data)
    (folder / CONTROL).write_bytes(write_control(Control.of(said, (ListedFile(name, len(data)),))))
    shutil.move(folder, inbox / number)


async def answer(suite: Suite, number: str) -> Path | None:
    """The folder of the final answer, once it is there."""
    deadline = asyncio.get_running_loop().time() + LONGEST
    outbox = suite.transport / "pss-security" / "out"
    while asyncio.get_running_loop().time() < deadline:
        if found := next(iter(outbox.glob(f"SECR{number}C*")), None):
            return found
        await asyncio.sleep(0.1)
    return None


async def test_a_restricted_document_is_decided_and_its_answer_goes_back(suite: Suite) -> None:
    number = f"SEC{datetime.now(UTC):%Y%m%d%H%M%S}"
    title = f"경호 시설 점검 결과 {number}"
    drop(suite, number, title)
    async with services_of(suite) as services:
        reviewer = await Official.sign_in(services, "pss.lee")
        line = await reviewer.wait_for(title)
        content = (await reviewer.open(line.document_id)).content
        assert content.disclosure.level == DisclosureLevel.DISCLOSURE_LEVEL_CLOSED
        assert list(content.disclosure.items) == [2]
        assert (content.reading_range, content.reading_limit, content.reading_limit_until) == (
            ReadingRange.READING_RANGE_LINE, ReadingLimit.READING_LIMIT_UNTIL_DAY, "2031-12-31",
        )  # fmt: skip
        await reviewer.decide(line, Action.ACTION_APPROVE)
        approver = await Official.sign_in(services, "pss.park")
        await approver.decide(await approver.wait_for(title), Action.ACTION_APPROVE)
    folder = await answer(suite, number)
    assert folder is not None
    [record] = catalogue.load("pss_security").decode(read(folder)).records
    assert record.message.status == RequestStatus.REQUEST_STATUS_REGISTERED
    assert record.message.origin.natural_key == number
    assert record.message.registration.text.startswith("행정과-")
