"""Officials at their screens: the whole suite behind the pages, a real browser in front of them."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import httpx
import pytest
from playwright.async_api import Browser, Page
from tests.support.browsing import Visitor, browsing
from tests.support.screens import quarantined, signed_in

from tools.demo.input import TITLE, drop_budget_batch, drop_enara_request
from tools.demo.officials import Official, Services, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers, pytest.mark.browser]
# Pages are made in well under 200 ms; machines that run tests do more than one thing at a time.
SECONDS = 0.5
LOADS = 5
BATCH = "PAGES.DAT"
BAD = {"amount": 1, "date": 1}


@pytest.fixture(scope="module")
async def services(suite: Suite) -> AsyncIterator[Services]:
    async with services_of(suite) as found:
        yield found


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as found:
        yield found


@pytest.fixture(scope="module")
async def waiting(suite: Suite, services: Services) -> str:
    """A request from E-nara and a budget batch have come in; answers the document that waits for 이서진."""
    # Numbers of its own: another batch of the session may have brought the same records before.
    drop_budget_batch(suite, BATCH, 12, BAD, seed=4242)
    reviewer = await Official.sign_in(services, "mogaha.lee")
    before = {line.document_id for line in await reviewer.pending()}
    drop_enara_request(suite, datetime.now(UTC))
    async with asyncio.timeout(30):
        while True:
            fresh = [line for line in await reviewer.pending() if line.document_id not in before]
            if fresh:
                return fresh[0].document_id
            await asyncio.sleep(0.1)


async def test_pages_are_made_quickly(suite: Suite, browser: Browser, waiting: str) -> None:
    async with signed_in(suite, browser, "mogaha.lee") as reader:
        times = await timed(
            reader, ["/", f"/documents/{waiting}", "/boxes/registered", "/search?title=%EC%9E%90%EB%A3%8C"]
        )
    async with signed_in(suite, browser, "mpb.kang") as operator:
        times |= await timed(operator, ["/interop", "/interop/files", await quarantined(operator, BATCH)])
    assert {path: seconds for path, seconds in times.items() if seconds > SECONDS} == {}


async def timed(visitor: Visitor, paths: list[str]) -> dict[str, float]:
    """Median seconds until the whole page has come, by path, with the visitor's session."""
    cookies = {each["name"]: each["value"] for each in await visitor.page.context.cookies()}
    found = {}
    async with httpx.AsyncClient(base_url=visitor.base, cookies=cookies) as client:
        for path in paths:
            seconds = []
            for _ in range(LOADS):
                started = perf_counter()
                assert (await client.get(path)).status_code == 200
                seconds.append(perf_counter() - started)
            found[path] = median(seconds)
    return found


async def test_a_request_is_decided_with_the_keyboard_alone(suite: Suite, browser: Browser, waiting: str) -> None:
    for login, opinion in (("mogaha.lee", "기한을 늘려 주시면 좋겠습니다."), ("mogaha.kang", ""), ("mogaha.park", "")):
        async with signed_in(suite, browser, login) as official:
            await arrive(official, waiting)
            await decide(official.page, opinion)
    async with signed_in(suite, browser, "mogaha.park") as official:
        text = await settled(official, waiting)
        assert await official.complaints() == []
    assert re.search(r"시행 *행정능률과-\d+", text)
    assert "기한을 늘려 주시면 좋겠습니다." in text
    assert TITLE in text


async def arrive(official: Visitor, document: str) -> None:
    """Opens the document from the list with j and Enter."""
    page = official.page
    row = f"[data-open-row][href='/documents/{document}']"
    async with asyncio.timeout(20):
        while not await page.locator(row).count():
            await page.goto(f"{official.base}/")
            await asyncio.sleep(0.1)
    for _ in range(await page.locator("[data-open-row]").count()):
        await page.keyboard.press("j")
        if await page.evaluate("row => document.activeElement.matches(row)", row):
            break
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/documents/{document}")


async def decide(page: Page, opinion: str) -> None:
    """Writes the opinion and approves: o, text, Tab, Enter."""
    await page.keyboard.press("o")
    await page.keyboard.type(opinion)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.value") == "approve"
    await page.keyboard.press("Enter")
    await page.wait_for_url("**acted=approve")
    assert await page.locator(".notice.success").count() == 1


async def settled(official: Visitor, document: str) -> str:
    """The card's text once the document has its number."""
    async with asyncio.timeout(20):
        while True:
            await official.page.goto(f"{official.base}/documents/{document}")
            text = await official.page.inner_text("main")
            if "행정능률과-" in text:
                return re.sub(r"\s+", " ", text)
            await asyncio.sleep(0.2)


async def test_a_corrected_record_goes_on_its_way(suite: Suite, browser: Browser, waiting: str) -> None:
    assert waiting
    async with signed_in(suite, browser, "mpb.kang") as operator:
        page = operator.page
        await quarantined(operator, BATCH)
        await page.locator("[data-row]", has_text=BATCH).filter(has_text="금액").locator("[data-open-row]").click()
        await page.wait_for_load_state()
        before = await page.input_value("#raw-text")
        await page.fill("#raw-text", before.replace("12,500 thousand", "000000012500000"))
        await page.fill("#note", "예산총괄과에 전화로 확인")
        await page.click("form[action$='/replay'] button.primary")
        await page.wait_for_url("**sent=1")
        assert "진행 중" in await page.inner_text("#record-state")
        assert await operator.complaints() == []
        assert not await page.locator("#raw-text").count()
