"""Requests of agencies' own systems through the running suite: a file comes in, is reviewed and decided, its answer goes back."""

import asyncio
import io
import random
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlwt

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


def city_csv(number: str, title: str) -> Mapping[str, bytes]:
    """A file of one request of Incheon, every cell quoted."""
    cells = {
        "연계번호": number, "담당부서": "6286268", "부서이름": "정보화담당관", "제목": title, "내용": "첫 줄\n둘째 줄", "사업비": "25000000",
        "기안일자": "2026-11-23", "기안자": "IC0101", "기안자성명": "김바다", "검토자": "IC0102", "결재자": "IC0103", "전결여부": "Y",
        "단위과제": "ZG010101", "보존기간": "5년", "공개구분": "1NNNNNNNN", "비공개사유": "", "수신기관": "",
    }  # fmt: skip
    text = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in (cells, cells.values()))
    return {f"{number}.csv": text.encode("cp949")}


def city_xls(number: str, title: str) -> Mapping[str, bytes]:
    """A workbook of Cheongju's form with one request."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    rows = (
        ("2026년 11월 결재 요청",),
        ("접수\n번호", "부서코드", "부서명", "제목", "소요예산(천원)", "기안일", "기안자", "성명", "검토자", "결재자", "결재구분", "단위과제", "보존기간", "공개구분", "수신처"),
        (number, 5710178, "자치행정과", title, 305000, "2026. 11. 23.", "CJ0101", "김청주", "CJ0102", "CJ0103", "결재", "ZH010101", "10년", "1NNNNNNNN", ""),
    )  # fmt: skip
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(place, column, cell)
    out = io.BytesIO()
    book.save(out)
    return {f"{number}.xls": out.getvalue()}


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
    [
        ("moct_roads", ("moct.lee", "moct.park"), roads),
        ("kcg_incidents", ("kcg.lee", "kcg.park"), incident),
        ("city_incheon", ("incheon.lee", "incheon.park"), city_csv),
        ("city_cheongju", ("cheongju.lee", "cheongju.park"), city_xls),
    ],
)
async def test_a_request_is_decided_and_its_answer_goes_back(
    suite: Suite, adapter: str, people: tuple[str, str], make: Callable[[str, str], Mapping[str, bytes]]
) -> None:
    number = f"{datetime.now(UTC):%H%M%S}-{adapter[-5:].upper()}"
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
