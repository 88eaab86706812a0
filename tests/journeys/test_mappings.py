"""A connection's mapping is changed by two operators in the browser: tried on a sample, proposed, put in force."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser
from tests.support.browsing import browsing
from tests.support.screens import signed_in

from tools.suite import Suite

pytestmark = [pytest.mark.servers, pytest.mark.browser]
SAMPLES = Path(__file__).parents[2] / "adapters" / "src" / "adapters" / "agencies" / "mpb_budget" / "samples"
PATH = "/interop/mappings/mpb-budget"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as found:
        yield found


async def test_a_mapping_is_tried_proposed_and_put_in_force_by_a_second_person(suite: Suite, browser: Browser) -> None:
    sample = next((SAMPLES / "plain" / "in").iterdir())
    async with signed_in(suite, browser, "mpb.kang") as operator:
        page = operator.page
        await page.goto(f"{operator.base}/interop")
        await page.click(f"a[href='{PATH}']")
        await page.set_input_files("#sample", str(sample))
        await page.click("button:has-text('시험') >> nth=0")
        assert "읽은 결과" in await page.inner_text("main")
        readable = await page.inner_text(".loss-sum .good")
        assert await page.locator(".tried .octets").count() > 5
        # Stricter than the sample is: nothing of it could be read.
        rest = page.locator("[name=rest-0]")
        assert await page.input_value("[name=field-0]") == "request_no"
        before = await rest.input_value()
        await rest.fill(before.replace("[0-9A-Z-]{4,14}", "[X]{14}"))
        await page.click("button:has-text('시험') >> nth=0")
        assert await page.inner_text(".loss-sum .good") == "0"
        assert await page.locator(".loss-reject").count()
        await page.locator("[name=rest-0]").fill(before)
        await page.locator("[name=label-0]").fill("예산 요구번호")
        await page.click("button:has-text('시험') >> nth=0")
        assert await page.inner_text(".loss-sum .good") == readable
        await page.fill("#note", "기관이 항목 이름을 바꿈")
        await page.click("button:has-text('제안') >> nth=-1")
        await page.wait_for_url("**done=proposed")
        assert "예산 요구번호" in await page.inner_text(".diff-lines ins >> nth=-1")
        assert not await page.locator("form[action$='/decide']").count()
    async with signed_in(suite, browser, "mpb.seo") as second:
        page = second.page
        await page.goto(f"{second.base}{PATH}")
        await page.click("form[action$='/decide'] button.primary")
        await page.wait_for_url("**done=live")
        assert "적용 중" in await page.inner_text("main")
        assert await page.input_value("[name=label-0]") == "예산 요구번호"
    async with signed_in(suite, browser, "mpb.kim") as drafter:
        answer = await drafter.page.goto(f"{drafter.base}{PATH}")
        assert answer is not None
        assert answer.status == 403
        drafter.noticed.clear()
