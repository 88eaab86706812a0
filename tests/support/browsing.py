"""Looking at pages as a person's browser does: Chromium, real policy of the site, axe-core; complaints as texts.

A test asks for nothing but an address: ``async with browsing() as browser, visit(browser, base) as page: ...``; pages that
need a person sign in through the form (``sign_in``).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tools.stack import browser as chromium

AXE = Path(__file__).parents[2] / "gateway" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP, PHONE, NARROW = 1440, 390, 360


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A Chromium of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.provide(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


class Visitor:
    """One browser window on a site, and what it noticed: errors of the console, requests that left the site."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.noticed: list[str] = []
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.noticed.append(f"script: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        # Pages that answer with 4xx are visited on purpose; the browser reports each of them.
        if kind == "error" and not text.startswith("Failed to load resource: the server responded"):
            self.noticed.append(f"console: {text}")

    def _request(self, address: str) -> None:
        if not address.startswith((self.base, "data:")):
            self.noticed.append(f"left the site: {address}")

    async def open(self, path: str) -> list[str]:
        """Goes to a page and looks at it."""
        await self.page.goto(self.base + path)
        return await self.complaints()

    async def complaints(self) -> list[str]:
        """What is wrong with the page as it stands: serious and critical findings of axe, sideways scrolling, and what was noticed."""
        noticed = list(self.noticed)
        await self.page.evaluate(_axe())
        found = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        bad = [
            f"axe {each['id']}: {node['html'][:160]}"
            for each in found["violations"]
            if each["impact"] in {"serious", "critical"}
            for node in each["nodes"]
        ]
        beyond = await self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            bad.append(f"{beyond} pixels wider than the window")
        # axe sets styles while it measures, which the site's policy rightly stops: what it caused itself is not counted.
        self.noticed.clear()
        return [f"{self.page.url} {each}" for each in (*bad, *noticed)]

    async def sign_in(self, login: str, password: str) -> None:
        """Signs in through the form and waits for the page behind it; takes the first post when there are several."""
        await self.page.goto(f"{self.base}/sign-in")
        await self.page.fill("#login", login)
        await self.page.fill("#password", password)
        await self.page.click("main button.primary")
        await self.page.wait_for_load_state()
        if self.page.url.startswith(f"{self.base}/capacity"):
            await self.page.click(".capacity >> nth=0")
            await self.page.wait_for_load_state()


@asynccontextmanager
async def visit(browser: Browser, base: str, *, width: int = DESKTOP, height: int = 1000) -> AsyncIterator[Visitor]:
    """A fresh window, without cookies of another."""
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="ko-KR")
    try:
        yield Visitor(await context.new_page(), base)
    finally:
        await context.close()


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")
