"""A request in a table of the local administration's own database: taken, reviewed and decided, and answered in another table."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from onnara.adapters.v1.interoperability_service_pb2 import ListEndpointsRequest
from onnara.adapters.v1.interoperability_service_pb2_grpc import InteroperabilityServiceStub
from onnara.approval.v1.approval_service_pb2 import Action
from tools.demo.neighbour import database_of
from tools.demo.officials import Official, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers]
LONGEST = 20.0
REQUEST = """
INSERT INTO sgg.tb_appr_req (req_no, sgg_cd, dept_cd, biz_gb, titl, cn, amt, task_cd, retn_cd, open_gb, line_cnt)
VALUES ($1, '5710000', '5710178', ' WLF', $2, E'첫 줄\\n둘째 줄', 48500000, 'ZH010101', ' 5', '1NNNNNNNN', 3)
"""
LINES = """
INSERT INTO sgg.tb_appr_line (req_no, line_seq, role_cd, sign_id, sign_dtm)
VALUES ($1, '1', '1', 'CJ000101', '20261123091000'), ($1, '2', '2', 'CJ000102', default), ($1, '3', '5', 'CJ000103', default)
"""
ANSWER = "SELECT * FROM sgg.tb_appr_rslt WHERE req_no = $1 AND state_cd = '90'"


async def test_a_row_is_decided_and_answered_by_a_row(suite: Suite) -> None:
    number = f"5710-{datetime.now(UTC):%H%M%S}"
    title = f"연계 시험 {number}"
    theirs = await asyncpg.connect(suite.server_url(database_of(suite)))
    try:
        async with theirs.transaction():
            await theirs.execute(REQUEST, number, title)
            await theirs.execute(LINES, number)
        async with services_of(suite) as services:
            for login in ("cheongju.lee", "cheongju.park"):
                official = await Official.sign_in(services, login)
                await official.decide(await official.wait_for(title), Action.ACTION_APPROVE)
        async with asyncio.timeout(LONGEST):
            while (row := await theirs.fetchrow(ANSWER, number)) is None:
                await asyncio.sleep(0.1)
        assert (row["titl"], row["reg_dept"], row["opn"], row["proc_yn"]) == (title, "5710178", None, "N")
        assert row["reg_no"].startswith("자치행정과-")
        assert await theirs.fetchval("SELECT send_yn FROM sgg.tb_appr_req WHERE req_no = $1", number) == "Y"
    finally:
        await theirs.close()


async def test_the_board_tells_what_their_table_lacks_until_it_is_there(suite: Suite) -> None:
    number = f"5711-{datetime.now(UTC):%H%M%S}"
    theirs = await asyncpg.connect(suite.server_url(database_of(suite)))
    try:
        async with services_of(suite) as services:
            official = await Official.sign_in(services, "cheongju.kang")
            board = InteroperabilityServiceStub(services.adapters)

            async def until(code: str) -> None:
                while True:
                    found = (await official.call(board.ListEndpoints, ListEndpointsRequest())).endpoints
                    [told] = [each.last_error for each in found if each.name == "local-administration"]
                    if (told.code, told.field) == (code, "titl" if code else ""):
                        return
                    await asyncio.sleep(0.1)

            async with asyncio.timeout(LONGEST):
                await theirs.execute("ALTER TABLE sgg.tb_appr_req RENAME titl TO title")
                await theirs.execute(REQUEST.replace("titl", "title"), number, f"연계 시험 {number}")
                await theirs.execute(LINES, number)
                await until("their-column-missing")
                await theirs.execute("ALTER TABLE sgg.tb_appr_req RENAME title TO titl")
                await until("")
            await (await Official.sign_in(services, "cheongju.lee")).wait_for(f"연계 시험 {number}")
    finally:
        await theirs.close()
