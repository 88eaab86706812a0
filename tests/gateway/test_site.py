"""The site as a browser meets it, with every service away."""

import re
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st

from gateway.page import inside, same_site
from gateway.session import Session


def csrf(html: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', html)[1]  # type: ignore[index]


def posts(app: FastAPI) -> list[APIRoute]:
    from gateway.pages import routers

    return [
        route
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in route.methods
    ]


def test_every_post_asks_for_the_token_of_the_session(app: FastAPI) -> None:
    found = posts(app)
    assert len(found) >= 8
    for route in found:
        assert same_site in [each.call for each in route.dependant.dependencies], route.path


async def test_a_post_without_token_is_refused(browser: httpx.AsyncClient) -> None:
    await browser.get("/sign-in")
    answer = await browser.post("/sign-in", data={"login": "kim", "password": "x"})
    assert answer.status_code == 403
    assert "form-out-of-date" in answer.text


async def test_a_token_of_another_session_is_refused(browser: httpx.AsyncClient, official: Session) -> None:
    await browser.get("/sign-in")
    answer = await browser.post("/language", data={"language": "en", "csrf": official.csrf})
    assert answer.status_code == 403


async def test_korean_is_the_language_until_another_is_chosen(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/sign-in", headers={"Accept-Language": "en"})
    assert '<html lang="ko">' in first.text
    answer = await browser.post("/language", data={"language": "en", "next": "/sign-in", "csrf": csrf(first.text)})
    assert answer.status_code == 303
    assert '<html lang="en">' in (await browser.get("/sign-in")).text


async def test_who_is_not_signed_in_comes_back_to_the_page_after_signing_in(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/documents/abc?line_version=3")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/documents/abc%3Fline_version%3D3"


async def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/live", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/sign-in?next=/live")


async def test_sign_in_says_that_the_directory_is_away_and_keeps_the_login(browser: httpx.AsyncClient) -> None:
    token = csrf((await browser.get("/sign-in")).text)
    answer = await browser.post("/sign-in", data={"login": "kim", "password": "secret", "csrf": token})
    assert answer.status_code == 503
    assert 'value="kim"' in answer.text
    assert "secret" not in answer.text


async def test_home_is_away_as_a_page_when_the_directory_is(signed: httpx.AsyncClient) -> None:
    answer = await signed.get("/")
    assert answer.status_code == 200
    assert "지금 일부 서비스가 응답하지 않습니다" in answer.text
    assert answer.text.count("–</strong>") == 10


async def test_a_card_is_an_error_page_when_documents_is_away(signed: httpx.AsyncClient) -> None:
    answer = await signed.get("/documents/abc")
    assert answer.status_code == 503
    assert "다시 시도" in answer.text


@pytest.mark.parametrize("address", ["/nothing", "/boxes/nothing", "/bulk/none", "/interop/replay/none"])
async def test_what_does_not_exist_is_said_so(signed: httpx.AsyncClient, address: str) -> None:
    answer = await signed.get(address)
    assert answer.status_code == 404
    assert "찾을 수 없습니다" in answer.text


async def test_signing_out_ends_the_session_here_even_when_the_directory_is_away(
    signed: httpx.AsyncClient, official: Session
) -> None:
    answer = await signed.post("/sign-out", data={"csrf": official.csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?ended=1")
    signed.cookies = httpx.Cookies(answer.cookies)
    assert (await signed.get("/session")).status_code == 303


async def test_pages_name_nothing_outside_and_hold_no_script_or_style(signed: httpx.AsyncClient) -> None:
    for address in ("/", "/session", "/interop", "/nothing"):
        answer = await signed.get(address)
        html = answer.text
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", html)
        addresses = re.findall(r'(?:src|href|action|hx-get)="([^"]*)"', html)
        assert addresses
        assert not [each for each in addresses if urlsplit(each).netloc]


async def test_every_file_a_page_loads_is_there_and_may_be_kept(browser: httpx.AsyncClient) -> None:
    html = (await browser.get("/sign-in")).text
    files = re.findall(r'(?:src|href)="(/assets/[^"]+\?v=[^"]+)"', html)
    assert len(files) >= 7
    for file in files:
        answer = await browser.get(file)
        assert answer.status_code == 200, file
        assert "immutable" in answer.headers["cache-control"]


async def test_pages_are_never_kept_by_the_browser(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/sign-in")).headers["cache-control"] == "no-store"


async def test_alive(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/healthz")
    assert answer.json() == {"status": "alive"}
    assert "set-cookie" not in answer.headers


@given(st.text(max_size=30))
def test_a_sign_in_link_never_leads_elsewhere(address: str) -> None:
    parts = urlsplit(inside(address))
    assert (parts.scheme, parts.netloc) == ("", "")
    assert inside(address).startswith("/")


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", ""]
)
def test_known_tricks_lead_home(address: str) -> None:
    assert inside(address) == "/"
