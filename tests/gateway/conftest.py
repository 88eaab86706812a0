"""The real application without services behind it: whatever needs one says that it is away."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request

from gateway.i18n import LANGUAGES, Reader
from gateway.main import create_app
from gateway.page import Page
from gateway.seal import Seal
from gateway.session import COOKIE, Capacity, Session, anonymous, signed_in
from gateway.settings import Settings

SECRET = "a secret of the tests"
CAPACITY = Capacity("app-1", "과장", "1480301", "예산총괄과", "기획예산처", ("approver",))
OTHER = Capacity("app-2", "단장", "1480500", "재정혁신추진단", "기획예산처")


@pytest.fixture(scope="session")
def settings() -> Settings:
    away = "unix:///nowhere/onnara"
    return Settings(
        session_secret=SECRET,
        directory_address=away,
        documents_address=away,
        approval_address=away,
        adapters_address=away,
        call_timeout=0.3,
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
def official() -> Session:
    now = datetime.now(UTC)
    return signed_in(
        anonymous("ko"),
        token="session-token",
        official_id="off-1",
        name="박정훈",
        capacities=(CAPACITY,),
        now=now,
        until=now + timedelta(hours=8),
    )


@pytest.fixture
def signed(browser: httpx.AsyncClient, official: Session) -> httpx.AsyncClient:
    browser.cookies.set(COOKIE, sealed(official))
    return browser


@pytest.fixture(params=LANGUAGES)
def page(request: pytest.FixtureRequest, app: FastAPI, official: Session) -> Page:
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"localhost")]}
    return Page(Request(scope), app.state.site, official, Reader(request.param, ZoneInfo("Asia/Seoul")))


def sealed(session: Session) -> str:
    from dataclasses import asdict

    return Seal(SECRET).close(asdict(session))
