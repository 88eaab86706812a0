"""Every page there is, looked at by axe-core and at the width of a telephone. The list comes from the routes: none is forgotten."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.async_api import Browser
from tests.support.browsing import DESKTOP, PHONE, Visitor, browsing
from tests.support.handing import of_last_year
from tests.support.screens import choose, quarantined, signed_in
from tests.support.seeded import Seeded, seeded

from gateway.pages import routers
from tools.demo.input import drop_budget_batch
from tools.demo.officials import Services, services_of
from tools.suite import Suite

DRAFTER, OFFICER, APPROVER, KEEPER, OPERATOR, ELSEWHERE = (
    "mogaha.kim", "mogaha.choi", "mogaha.park", "mogaha.jung", "mogaha.kang", "mpb.kang",
)  # fmt: skip
BATCH = "EVERY.DAT"
# Answers that are no pages: files, pictures, streams, JSON and parts that pages ask for.
NO_PAGES: Final = frozenset({
    "/documents/{document_id}/file/{kind}", "/documents/{document_id}/images/{sha256}", "/reviews/list.csv",
    "/documents/{document_id}/attachments/{sha256}", "/proofs/{line_id}/{version}/file", "/live", "/drafts/others",
    "/interop/records/{record_id}/state", "/lookup/people", "/lookup/heads", "/lookup/documents", "/lookup/units",
    "/lookup/departments", "/lookup/lines",
})  # fmt: skip
# Tick boxes that the design system hides without drawing others in their place.
UNSEEN: Final = """[...document.querySelectorAll("input[type=checkbox], input[type=radio]")]
    .filter(each => each.checkVisibility() && !each.closest(".krds-form-check") && each.getBoundingClientRect().width < 12)
    .map(each => each.name)"""
# Pages that are reached by doing something, last of all.
WALKED: Final = frozenset({"/bulk/{job_id}", "/interop/replay/{job_id}", "/sign-in", "/capacity"})


@dataclass(frozen=True, slots=True)
class Look:
    """Who opens a page, and where it is among what was made for the test."""

    login: str
    addresses: Callable[[Seeded], list[str]]


def at(login: str, *addresses: str) -> Look:
    """Pages whose addresses are known beforehand."""
    return Look(login, lambda _: list(addresses))


LOOKS: Final[Mapping[str, Look]] = {
    "/": at(APPROVER, "/", "/?box=acting", "/?box=department"),
    # Boxes are one page with other columns.
    "/boxes/{box}": at(KEEPER, "/boxes/registered", "/boxes/arrived", "/boxes/in-progress"),
    "/session": at(DRAFTER, "/session", "/documents/nowhere"),
    "/documents/{document_id}": Look(APPROVER, lambda made: [f"/documents/{made.waiting}", f"/documents/{made.filed}"]),
    "/documents/{document_id}/difference": Look(
        APPROVER, lambda made: [f"/documents/{made.waiting}/difference?old=1&new=2"]
    ),
    "/documents/{document_id}/readings": Look(OFFICER, lambda made: [f"/documents/{made.filed}/readings"]),
    "/documents/{document_id}/revise": Look(APPROVER, lambda made: [f"/documents/{made.waiting}/revise"]),
    "/documents/{document_id}/registration": Look(OFFICER, lambda made: [f"/documents/{made.filed}/registration"]),
    "/proofs/{line_id}/{version}": Look(OFFICER, lambda made: [f"/proofs/{made.line}/{made.signed_version}"]),
    "/reviews": at(OFFICER, "/reviews", "/reviews?kind=retention"),
    "/hand-overs": at(OFFICER, "/hand-overs", "/hand-overs?year=2026"),
    "/hand-overs/plan": Look(OFFICER, lambda made: [made.planned, made.planned.replace("transfer", "report")]),
    "/hand-overs/{transfer_id}": Look(OFFICER, lambda made: [made.handed_over]),
    "/rules": at(OPERATOR, "/rules", "/rules?q=nothing"),
    "/drafts/new": at(DRAFTER, "/drafts/new"),
    "/drafts/{document_id}": Look(DRAFTER, lambda made: [f"/drafts/{made.draft}"]),
    "/search": at(APPROVER, "/search", "/search?title=%ED%99%94%EB%A9%B4", "/search?number=%EC%97%86%EC%9D%8C-1"),
    "/dispatch": at(DRAFTER, "/dispatch", "/dispatch?settle=1"),
    "/seals": at(KEEPER, "/seals"),
    "/own": at(OFFICER, "/own"),
    "/interop": at(ELSEWHERE, "/interop"),
    "/interop/files": at(ELSEWHERE, "/interop/files"),
    "/interop/quarantine": at(ELSEWHERE, "/interop/quarantine"),
    "/interop/mappings/{endpoint}": at(ELSEWHERE, "/interop/mappings/mpb-budget"),
    "/interop/files/{file_id}/compare": Look(ELSEWHERE, lambda made: [made.compared]),
    "/interop/records/{record_id}": Look(ELSEWHERE, lambda made: [made.record]),
}  # fmt: skip


def test_no_page_is_forgotten() -> None:
    pages = {route.path for router in routers for route in router.routes if "GET" in route.methods}  # type: ignore[attr-defined]
    assert pages == set(LOOKS) | WALKED | NO_PAGES


@pytest.fixture(scope="module")
async def services(suite: Suite) -> AsyncIterator[Services]:
    async with services_of(suite) as found:
        yield found


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as found:
        yield found


@pytest.fixture(scope="module")
async def made(suite: Suite, services: Services, browser: Browser) -> Seeded:
    """What the pages show: documents in several states, a signed decision, a record in quarantine."""
    drop_budget_batch(suite, BATCH, 6, {"amount": 1}, seed=977)
    made = await seeded(services)
    async with signed_in(suite, browser, ELSEWHERE) as operator:
        made.record = await quarantined(operator, BATCH)
        await operator.page.goto(f"{operator.base}/interop/files")
        compare = operator.page.locator("tr", has_text=BATCH).locator("a[href$='/compare']").first
        made.compared = str(await compare.get_attribute("href"))
    made.planned = await of_last_year(suite, made.old)
    async with signed_in(suite, browser, OFFICER) as officer:
        await officer.page.goto(officer.base + made.planned)
        await officer.page.click("form[action='/hand-overs'] button")
        await officer.page.wait_for_url(re.compile(r"/hand-overs/[0-9a-f-]{36}$"))
        made.handed_over = officer.page.url.removeprefix(officer.base)
    return made


@pytest.mark.servers
@pytest.mark.browser
async def test_every_page_is_sound_and_fits_a_telephone(suite: Suite, browser: Browser, made: Seeded) -> None:
    by_login: dict[str, list[str]] = defaultdict(list)
    for look in LOOKS.values():
        by_login[look.login] += look.addresses(made)
    # Officials work side by side: while one page is measured, another is made.
    desks = [looked_at(suite, browser, login, addresses) for login, addresses in by_login.items()]
    assert [each for found in await asyncio.gather(*desks) for each in found] == []


async def looked_at(suite: Suite, browser: Browser, login: str, addresses: list[str]) -> list[str]:
    """What is wrong with the pages of one official: in English at a desk and on a telephone, in Korean on a telephone."""
    bad: list[str] = []
    async with signed_in(suite, browser, login) as visitor:
        await choose(visitor.page, "en")
        for address in addresses:
            await visitor.page.goto(visitor.base + address)
            bad += await both(visitor)
        await choose(visitor.page, "ko")
        await visitor.page.set_viewport_size({"width": PHONE, "height": 844})
        for address in addresses:
            await visitor.page.goto(visitor.base + address)
            bad += await beyond(visitor)
    return bad


@pytest.mark.servers
@pytest.mark.browser
async def test_pages_reached_by_doing_are_sound_too(suite: Suite, browser: Browser, made: Seeded) -> None:
    bad: list[str] = []
    async with signed_in(suite, browser, APPROVER) as visitor:
        page = visitor.page
        await (
            page.locator("[data-row]", has=page.locator(f"a[href='/documents/{made.waiting}']"))
            .locator("[data-tick]")
            .check(force=True)
        )
        await page.click(".bulk-bar button")
        await page.wait_for_url("**/bulk")
        bad += await both(visitor)
        await page.click("button[value='approve']")
        await page.wait_for_url("**/bulk/*")
        await page.locator("#job[data-finished]").wait_for(timeout=15000)
        bad += await both(visitor)
        await page.context.clear_cookies()
        await page.goto(f"{visitor.base}/sign-in")
        bad += await both(visitor)
    async with signed_in(suite, browser, ELSEWHERE) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.base}/interop/quarantine")
        await page.locator("[data-row]", has_text=BATCH).first.locator("[data-tick]").check(force=True)
        await page.fill(".bulk-note", "다시 읽어 봄")
        await page.click(".bulk-bar button")
        await page.wait_for_url("**/interop/replay/*")
        await page.locator("#job[data-finished]").wait_for(timeout=15000)
        bad += await both(visitor)
        await page.goto(f"{visitor.base}/capacity")
        bad += await both(visitor)
    assert bad == []


async def both(visitor: Visitor) -> list[str]:
    """The page as it stands, at a desk and on a telephone."""
    bad = await visitor.complaints()
    await visitor.page.set_viewport_size({"width": PHONE, "height": 844})
    bad += await beyond(visitor)
    await visitor.page.set_viewport_size({"width": DESKTOP, "height": 1000})
    return bad


async def beyond(visitor: Visitor) -> list[str]:
    """How far the page is wider than the window, if it is, and tick boxes nobody sees."""
    wide = await visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    unseen = await visitor.page.evaluate(UNSEEN)
    return [f"{visitor.page.url}: {wide} pixels wider than the window"] * (wide > 0) + [
        f"{visitor.page.url}: nobody sees where to tick {name}" for name in unseen
    ]
