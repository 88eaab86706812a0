"""Officials in front of the screen: they write, choose their line, submit and decide, as the pages have it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page

from support.browsing import DESKTOP, visit
from tools.demo.officials import PASSWORD
from tools.suite import Suite

DRAFTER, REVIEWER, APPROVER = "mogaha.kim", "mogaha.lee", "mogaha.park"
NAMES = {REVIEWER: "이서진", APPROVER: "박정훈"}


@asynccontextmanager
async def at_work(suite: Suite, browser: Browser, login: str, width: int = DESKTOP) -> AsyncIterator[Page]:
    """An official at the screen; what the browser complained about while they worked fails the test."""
    async with visit(browser, f"http://{suite.address('gateway')}", width=width) as visitor:
        await visitor.sign_in(login, PASSWORD)
        yield visitor.page
        noticed = [each for each in visitor.noticed if "ERR_FAILED" not in each]
        assert not noticed, noticed


def base(page: Page) -> str:
    return re.sub(r"^(https?://[^/]+).*", r"\1", page.url)


async def write(page: Page, title: str, body: str) -> None:
    """Title and body of a new document, with unit task and disclosure."""
    await page.goto(f"{base(page)}/drafts/new")
    await page.fill("#title", title)
    await page.click(".body-text")
    await page.keyboard.type(body)
    await page.select_option("#task", index=1)
    # By its label: what is offered for the line may still move the page while it is clicked.
    await page.click("label[for=level-1]")


async def pick(page: Page, field: str, words: str) -> None:
    """Types into a field that offers what fits, and takes the first."""
    await page.fill(field, words)
    await page.locator(".picker-list:visible [role=option]").first.wait_for()
    await page.keyboard.press("Enter")


async def add_person(page: Page, name: str) -> None:
    await pick(page, "#person", name)


async def stored(page: Page) -> str:
    """Waits until the draft is stored; answers its id."""
    await page.locator("#draft-saved[data-state=done]").wait_for(timeout=20_000)
    return page.url.rpartition("/")[2]


async def submit(page: Page) -> str:
    """Submits the draft; answers the document's id."""
    await page.click("#submit")
    await page.wait_for_url(re.compile(r"/documents/[0-9a-f-]{36}\?acted=submit"))
    found = re.search(r"/documents/([0-9a-f-]{36})", page.url)
    assert found
    return found[1]


async def drafted(suite: Suite, browser: Browser, title: str) -> str:
    """A document on its way from the drafter over the reviewer to the approver."""
    async with at_work(suite, browser, DRAFTER) as page:
        await write(page, title, "1. 관련 근거를 붙입니다.  끝.")
        await line_of(page)
        return await submit(page)


async def line_of(page: Page) -> None:
    """The line of these tests, whatever was offered: the reviewer, then the approver."""
    await page.wait_for_load_state("networkidle")
    while await page.locator(".line-row .line-remove").count():
        await page.locator(".line-row .line-remove").first.click()
    for login in (REVIEWER, APPROVER):
        await add_person(page, NAMES[login])
    await page.locator(".line-row select").nth(0).select_option("STEP_ROLE_REVIEW/STEP_MODE_NORMAL")
    await page.locator(".line-row select").nth(1).select_option("STEP_ROLE_DECIDE/STEP_MODE_DELEGATED")


async def decide(page: Page, document: str, action: str = "approve", opinion: str = "") -> None:
    await page.goto(f"{base(page)}/documents/{document}")
    if opinion:
        await page.fill("#opinion", opinion)
    await page.click(f"[data-decision] button[value='{action}']")
    await page.wait_for_url(f"**acted={action}**")


async def registered(page: Page, document: str) -> str:
    """The card's text once it has its number."""
    async with asyncio.timeout(20):
        while True:
            await page.goto(f"{base(page)}/documents/{document}")
            text = re.sub(r"\s+", " ", await page.inner_text("main"))
            if re.search(r"시행 *행정능률과-\d+", text):
                return text
            await asyncio.sleep(0.2)
