"""The records officer's year: registration data corrected with what was and what is, yearly looks decided, rules kept by the operator."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Browser
from tests.support.browsing import PHONE, browsing
from tests.support.screens import signed_in
from tests.support.seeded import registered

from tools.demo.officials import Official, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers, pytest.mark.browser]
DRAFTER, OFFICER, APPROVER, OPERATOR = "mogaha.kim", "mogaha.choi", "mogaha.park", "mogaha.kang"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as found:
        yield found


@pytest.fixture(scope="module")
async def filed(suite: Suite, browser: Browser) -> tuple[str, str]:
    """Id and title of a closed document with its number."""
    title = f"등록정보를 고칠 문서 {uuid4().hex[:6]}"
    async with services_of(suite) as services:
        drafter = await Official.sign_in(services, DRAFTER)
        document = await registered(drafter, await Official.sign_in(services, APPROVER), title)
        async with asyncio.timeout(20):
            while not (await drafter.look(document)).content.registration.text:
                await asyncio.sleep(0.1)
    return document, title


async def test_registration_data_is_corrected_and_both_values_stand_beside_each_other(
    suite: Suite, browser: Browser, filed: tuple[str, str]
) -> None:
    document, title = filed
    async with signed_in(suite, browser, OFFICER) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.base}/documents/{document}")
        await page.click(".panel-link")
        # A disclosure without its ground is refused, and nothing that was typed is lost.
        await page.fill("#title", f"{title} (정정)")
        await page.uncheck("#item-5", force=True)
        await page.fill("#reason", "제목 오기 정정")
        await page.click(".amend button.primary")
        await page.locator(".notice.danger").wait_for()
        assert await page.input_value("#title") == f"{title} (정정)"
        assert await page.input_value("#reason") == "제목 오기 정정"
        await page.check("#item-6", force=True)
        await page.click(".amend button.primary")
        await page.wait_for_url("**done=1")
        await page.goto(f"{visitor.base}/documents/{document}")
        rows = [each.split("\t") for each in await page.locator(".timeline .was-now tbody tr").all_inner_texts()]
        assert rows[0][1:] == [title, f"{title} (정정)"]
        assert "비공개(5)" in rows[1][1]
        assert "비공개(6)" in rows[1][2]
        assert await visitor.complaints() == []
    async with signed_in(suite, browser, DRAFTER, PHONE) as visitor:
        await visitor.page.goto(f"{visitor.base}/documents/{document}/registration")
        assert not await visitor.page.locator(".amend").count()
        assert "최민아" in await visitor.page.inner_text("#h-ask >> xpath=..")


async def test_what_is_due_is_looked_at_and_taken_home_as_a_list(
    suite: Suite, browser: Browser, filed: tuple[str, str]
) -> None:
    document, _ = filed
    async with signed_in(suite, browser, OFFICER) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.base}/reviews")
        await page.check(f"[data-tick][value='{document}']", force=True)
        await page.fill("#reason", "사유가 남아 있음")
        await page.click("[data-needs-ticks]")
        await page.wait_for_url("**done=1**")
        assert not await page.locator(f"[data-tick][value='{document}']").count()
        told = await (await page.request.get(f"{visitor.base}/reviews/list.csv")).text()
        number = (await page.locator("tr", has=page.locator(f"a[href='/documents/{document}']")).inner_text()).split()
        [row] = [each for each in csv.reader(io.StringIO(told)) if each and each[0] in number]
        assert row[-1]
    async with signed_in(suite, browser, DRAFTER) as visitor:
        assert (await visitor.page.goto(f"{visitor.base}/reviews")).status == 403  # type: ignore[union-attr]
        assert not await visitor.page.locator("a[href='/reviews']").count()


async def test_a_rule_is_added_from_a_day_on_found_and_ended(suite: Suite, browser: Browser) -> None:
    later = (datetime.now(UTC) + timedelta(days=40)).date().isoformat()
    async with signed_in(suite, browser, OPERATOR) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.base}/rules")
        await page.fill("#title", "시험 규정 별표 9 제7호")
        await page.fill("#task", "ZA999999")
        await page.select_option("#kind", "7")
        await page.fill("#begins", later)
        await page.click("form[action='/rules'] button.primary")
        await page.locator(".notice.danger").wait_for()
        assert [await page.input_value(each) for each in ("#kind", "#begins")] == ["7", later]
        await page.fill("#task", "ZA010102")
        await page.click("form[action='/rules'] button.primary")
        await page.wait_for_url("**done=rule")
        await page.fill("#q", "별표 9 과장")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**q=*")
        row = page.locator("tbody tr")
        assert "시험 규정" in await row.inner_text()
        await row.locator("summary").click()
        await row.locator("input[type=date]").fill(later)
        await row.locator("form button").click()
        await page.wait_for_url("**done=rule-ended")
        assert "시험 규정" not in await page.inner_text("main")
