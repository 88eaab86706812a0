"""The records officer hands last year's records over (이관): planned, handed over with the keyboard, come back, handed over again."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page
from tests.support.browsing import PHONE, browsing
from tests.support.handing import answer, of_last_year, taken
from tests.support.screens import choose, signed_in
from tests.support.seeded import registered

from onnara.exchange.v1.records_pb2 import HAND_OVER_OUTCOME_ACCEPTED, HAND_OVER_OUTCOME_RETURNED, RecordFault
from tools.demo.officials import Official, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers, pytest.mark.browser]
OPENED = re.compile(r"/hand-overs/[0-9a-f-]{36}$")
DRAFTER, OFFICER, APPROVER = "mogaha.kim", "mogaha.choi", "mogaha.park"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as found:
        yield found


@pytest.fixture(scope="module")
async def planned(suite: Suite) -> tuple[str, str]:
    """Address of the plan of last year, and title of a record in it."""
    title = f"이관할 문서 {uuid4().hex[:6]}"
    async with services_of(suite) as services:
        drafter = await Official.sign_in(services, DRAFTER)
        document = await registered(drafter, await Official.sign_in(services, APPROVER), title)
        return await of_last_year(suite, document), title


async def test_records_are_handed_over_come_back_and_are_handed_over_again(
    suite: Suite, browser: Browser, planned: tuple[str, str]
) -> None:
    """The test plays the records centre: it returns what it got, then takes it over; the files lie in its folder."""
    address, title = planned
    async with signed_in(suite, browser, OFFICER, width=PHONE) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.base}{address}")
        await choose(page, "ko")
        button = page.locator("form[action='/hand-overs'] button")
        assert re.search(r"\d+건 이관하기", await button.inner_text())
        await button.focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url(OPENED)
        assert title in await page.inner_text("main")
        first = page.url
        lists = await taken(suite, first.rpartition("/")[2])
        [record] = [each for each in lists.records if each.title == title]
        assert record.components[0].pages == 1
        key = f"{lists.department.code}{record.registration.year:04}{record.registration.serial:06}"
        fault = RecordFault(registration_key=key, code="00302", reason="열 수 없음")
        answer(suite, lists, HAND_OVER_OUTCOME_RETURNED, "90000", fault)
        await seen(page, ".notice.danger")
        assert "열 수 없음" in await page.inner_text("table")
        await page.click(".notice.danger a.primary")
        await page.wait_for_url("**/hand-overs/plan?**corrects=**")
        await page.click("form[action='/hand-overs'] button")
        await page.wait_for_url(OPENED)
        assert page.url != first
        assert first.endswith(str(await page.locator("dl a[href^='/hand-overs/']").get_attribute("href")))
        lists = await taken(suite, page.url.rpartition("/")[2])
        assert lists.corrects_transfer_id == first.rpartition("/")[2]
        answer(suite, lists, HAND_OVER_OUTCOME_ACCEPTED, "00000")
        await seen(page, ".page-lead .bg-light-success")
        await page.click(f"text={title}")
        await page.wait_for_url("**/documents/**")
        assert "기록관" in await page.inner_text(".page-head, .card-head, main")
        assert "사본" in await page.inner_text("main")


async def seen(page: Page, what: str) -> None:
    """Looks again until it is there."""
    async with asyncio.timeout(30):
        while not await page.locator(what).count():
            await page.wait_for_timeout(200)
            await page.reload()


async def test_a_department_may_keep_them_longer_with_a_reason(
    suite: Suite, browser: Browser, planned: tuple[str, str]
) -> None:
    address, _ = planned
    year = int(address.rpartition("=")[2])
    async with signed_in(suite, browser, OFFICER) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.base}{address}")
        await choose(page, "ko")
        await page.click("details.handed-later summary")
        await page.fill("#until", str(year + 5))
        await page.fill("#reason", "업무 참고 빈번")
        await page.click("details.handed-later button")
        await page.locator(".notice.warning").wait_for()
        assert f"{year + 5}년 말까지" in await page.inner_text(".notice.warning")
        assert "업무 참고 빈번" in await page.inner_text("main")
        assert not await page.locator("form[action='/hand-overs']").count()
        # What was put off may be taken back, by the same way.
        await page.click("details.handed-later summary")
        await page.fill("#until", str(year + 1))
        await page.fill("#reason", "기록관 설치")
        await page.click("details.handed-later button")
        await page.wait_for_url(f"**{address.partition('&')[0]}**")
