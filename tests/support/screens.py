"""Officials at the screens of a running suite: signed in, in a language, at a width; what journeys of the pages share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page

from support.browsing import DESKTOP, Visitor, visit
from tools.demo.officials import PASSWORD
from tools.suite import Suite


@asynccontextmanager
async def signed_in(suite: Suite, browser: Browser, login: str, width: int = DESKTOP) -> AsyncIterator[Visitor]:
    """A window in which an official has signed in."""
    async with visit(browser, f"http://{suite.address('gateway')}", width=width) as visitor:
        await visitor.sign_in(login, PASSWORD)
        yield visitor


async def choose(page: Page, language: str) -> None:
    """Switches the language when the page is in the other one."""
    if await page.get_attribute("html", "lang") != language:
        await page.click(f"form[action='/language'] button[value='{language}']")
        await page.wait_for_load_state()
    assert await page.get_attribute("html", "lang") == language


async def quarantined(visitor: Visitor, batch: str) -> str:
    """Address of a record of a batch, once its file has been taken in."""
    async with asyncio.timeout(30):
        while True:
            await visitor.page.goto(f"{visitor.base}/interop/quarantine")
            row = visitor.page.locator("[data-row]", has_text=batch).locator("[data-open-row]").first
            if await row.count():
                return str(await row.get_attribute("href"))
            await asyncio.sleep(0.2)
