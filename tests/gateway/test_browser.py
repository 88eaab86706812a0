"""The site in a real browser, with every service away: what can be seen without them is sound, on every width, in both languages."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import asdict, replace

import pytest
import uvicorn
from playwright.async_api import Browser

from gateway.main import create_app
from gateway.seal import Seal
from gateway.session import COOKIE, Session
from gateway.settings import Settings
from support.browsing import DESKTOP, NARROW, PHONE, browsing, visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
async def site(settings: Settings) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(settings), log_config=None, ws="none", lifespan="on")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await running


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browsing() as browser:
        yield browser


@pytest.mark.parametrize("width", [DESKTOP, PHONE, NARROW])
@pytest.mark.parametrize("language", ["ko", "en"])
async def test_what_is_seen_without_services_is_sound(
    site: str, chromium: Browser, settings: Settings, official: Session, width: int, language: str
) -> None:
    async with visit(chromium, site, width=width) as visitor:
        bad = await visitor.open("/sign-in")
        value = Seal(settings.session_secret).close(asdict(replace(official, language=language)))
        await visitor.page.context.add_cookies([{"name": COOKIE, "value": value, "url": site}])
        for path in ("/", "/session", "/documents/nothing", "/nothing"):
            bad += await visitor.open(path)
        assert await visitor.page.get_attribute("html", "lang") == language
    assert bad == []


async def test_the_first_tab_leads_to_the_content(site: str, chromium: Browser) -> None:
    async with visit(chromium, site) as visitor:
        await visitor.page.goto(f"{site}/nothing")
        await visitor.page.keyboard.press("Tab")
        await visitor.page.keyboard.press("Enter")
        assert visitor.page.url.endswith("#main")
        assert await visitor.page.evaluate("document.activeElement.id") == "main"


async def test_signing_in_with_the_directory_away_says_so(site: str, chromium: Browser) -> None:
    async with visit(chromium, site) as visitor:
        await visitor.sign_in("kim", "a password")
        assert "서비스가 응답하지 않습니다" in await visitor.page.inner_text("[role=alert]")
        assert await visitor.complaints() == []
