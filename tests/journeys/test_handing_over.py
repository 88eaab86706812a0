"""The records officer hands last year's records over (이관): planned, handed over with the keyboard, come back, handed over again."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from playwright.async_api import Browser
from tests.support.browsing import PHONE, browsing
from tests.support.handing import of_last_year
from tests.support.screens import choose, signed_in
from tests.support.seeded import registered

from tools.demo.officials import Official, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers, pytest.mark.browser]
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
    """No records system is connected to this suite, so everything comes back and says so."""
    address, title = planned
    async with signed_in(suite, browser, OFFICER, width=PHONE) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.base}{address}")
        await choose(page, "ko")
        button = page.locator("form[action='/hand-overs'] button")
        assert re.search(r"\d+건 이관하기", await button.inner_text())
        await button.focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url(re.compile(r"/hand-overs/[0-9a-f-]{36}$"))
        assert title in await page.inner_text("main")
        for _ in range(100):
            if await page.locator(".notice.danger").count():
                break
            await page.wait_for_timeout(200)
            await page.reload()
        assert "보낼 연결이 없거나" in await page.inner_text(".notice.danger")
        first = page.url
        await page.click(".notice.danger a.primary")
        await page.wait_for_url("**/hand-overs/plan?**corrects=**")
        await page.click("form[action='/hand-overs'] button")
        await page.wait_for_url(re.compile(r"/hand-overs/[0-9a-f-]{36}$"))
        assert page.url != first
        assert first.endswith(str(await page.locator("dl a[href^='/hand-overs/']").get_attribute("href")))


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
