"""Drafting with others, in a real browser on the whole suite: several documents, agencies, writers and departments in one matter."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect
from tests.support.browsing import browsing
from tests.support.officials_at_work import (
    APPROVER,
    DRAFTER,
    NAMES,
    REVIEWER,
    add_person,
    at_work,
    base,
    decide,
    line_of,
    pick,
    registered,
    stored,
    submit,
    write,
)

from tools.demo.officials import PASSWORD
from tools.suite import Suite

pytestmark = [pytest.mark.servers, pytest.mark.browser]
COLLEAGUE, HEAD_THERE, ASKED = "mogaha.han", "mpb.yoon", "mogaha.seo"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as found:
        yield found


async def turn(page: Page, document: str) -> None:
    """The card once it is the person's turn."""
    async with asyncio.timeout(20):
        while True:
            await page.goto(f"{base(page)}/documents/{document}")
            if await page.locator("[data-decision] button[value='approve']").count():
                return
            await asyncio.sleep(0.2)


async def test_several_documents_are_drafted_together_and_each_gets_its_number(suite: Suite, browser: Browser) -> None:
    async with at_work(suite, browser, DRAFTER) as page:
        await write(page, "함께 결재받을 둘째 문서", "둘째 내용  끝.")
        second = await stored(page)
        await write(page, "함께 결재받을 첫째 문서", "첫째 내용  끝.")
        await line_of(page)
        await page.click("#batch summary")
        await page.get_by_label("함께 결재받을 둘째 문서", exact=True).check(force=True)
        assert await page.inner_text("#batch-count") == "1"
        first = await submit(page)
    async with at_work(suite, browser, REVIEWER) as page:
        await decide(page, first)
    async with at_work(suite, browser, APPROVER) as page:
        await turn(page, first)
        assert "함께 결재받을 둘째 문서" in await page.inner_text("#decide .together")
        await decide(page, first)
        texts = [await registered(page, each) for each in (first, second)]
    numbers = [int(found[1]) for text in texts if (found := re.search(r"시행 *행정능률과-(\d+)", text))]
    assert numbers == [numbers[0], numbers[0] + 1]
    assert "함께 결재받을 첫째 문서" in texts[1]


async def test_a_joint_draft_is_decided_by_both_heads_the_lead_first(suite: Suite, browser: Browser) -> None:
    async with at_work(suite, browser, DRAFTER) as page:
        await write(page, "두 기관이 함께 하는 일", "공동 추진 계획  끝.")
        await line_of(page)
        await pick(page, "#joint", "기획예산처")
        await expect(page.locator(".line-row").last).to_contain_text("윤혜숙")
        await stored(page)
        # Dragged before the lead's own decision it is refused, beside the step.
        await page.locator(".line-row [data-handle]").last.press("ArrowUp")
        await page.locator(".line-row .line-fault, #line-problems li").first.wait_for()
        await page.locator(".line-row [data-handle]").nth(1).press("ArrowDown")
        await expect(page.locator(".line-row .line-fault, #line-problems li")).to_have_count(0)
        document = await submit(page)
    for login in (REVIEWER, APPROVER, HEAD_THERE):
        async with at_work(suite, browser, login) as page:
            await turn(page, document)
            await decide(page, document)
    async with at_work(suite, browser, DRAFTER) as page:
        text = await registered(page, document)
    assert "기획예산처" in text
    assert text.index("박정훈") < text.index("윤혜숙")


async def test_two_write_on_one_draft_and_no_text_is_lost(suite: Suite, browser: Browser) -> None:
    async with at_work(suite, browser, DRAFTER) as author:
        await write(author, "둘이 쓰는 초안", "처음 글")
        document = await stored(author)
        await pick(author, "#co-drafter", "한지안")
        await expect(author.locator("[data-shared=yes]")).to_be_visible()
        async with at_work(suite, browser, COLLEAGUE) as page:
            await page.goto(f"{base(page)}/boxes/drafts")
            row = page.locator("[data-row]", has_text="둘이 쓰는 초안")
            assert "공동 작성" in await row.inner_text()
            await row.locator("a").click()
            assert "김도윤" in await page.inner_text(".boundary")
            assert not await page.locator("#submit").count()
            await page.click(".body-text")
            await page.keyboard.press("Control+End")
            await page.keyboard.type(" 동료가 보탠 글")
            await stored(page)
        await author.click(".body-text")
        await author.keyboard.press("Control+End")
        await author.keyboard.type(" 작성자가 보탠 글")
        await author.locator("#conflict").wait_for()
        assert "동료가 보탠 글" in await author.inner_text("#conflict-text")
        assert "한지안" in await author.inner_text("#conflict-who")
        assert "작성자가 보탠 글" in await author.inner_text(".body-text")
        await author.click("#conflict-apart")
        other = await stored(author)
        assert other != document
        await author.goto(f"{base(author)}/drafts/{document}")
        assert "동료가 보탠 글" in await author.inner_text(".body-text")


async def test_a_department_answers_by_a_line_of_its_own(suite: Suite, browser: Browser) -> None:
    async with at_work(suite, browser, DRAFTER) as page:
        await write(page, "정보화기획과의 협조가 필요한 문서", "협조를 구합니다.  끝.")
        await page.wait_for_load_state("networkidle")
        while await page.locator(".line-row .line-remove").count():
            await page.locator(".line-row .line-remove").first.click()
        await add_person(page, NAMES[REVIEWER])
        await page.locator(".line-row select").first.select_option("STEP_ROLE_DECIDE/STEP_MODE_DELEGATED")
        fault = page.locator(".line-row.is-faulty .line-fault")
        assert "이서진" in await fault.inner_text()
        assert "위임전결규정 별표 1 제1호" in await fault.inner_text()
        await page.locator(".line-row .line-remove").first.click()
        await add_person(page, NAMES[APPROVER])
        await page.locator(".line-row select").first.select_option("STEP_ROLE_DECIDE/STEP_MODE_DELEGATED")
        await pick(page, "#department", "정보화기획과")
        await expect(fault).to_have_count(0)
        document = await submit(page)
    async with at_work(suite, browser, ASKED) as page:
        await page.goto(f"{base(page)}/documents/{document}")
        await pick(page, "form[action$='/take-up'] [data-people]", "서민규")
        await page.click("form[action$='/take-up'] button.secondary")
        await page.wait_for_url("**acted=take-up")
        await decide(page, document, opinion="정보화기획과는 동의합니다.")
    async with at_work(suite, browser, APPROVER) as page:
        await turn(page, document)
        assert "정보화기획과는 동의합니다." in await page.inner_text(".sub-steps")
        await decide(page, document)
        assert "서민규" in await registered(page, document)


async def test_what_was_typed_survives_a_session_that_ended(suite: Suite, browser: Browser) -> None:
    async with at_work(suite, browser, DRAFTER) as page:
        await write(page, "로그인이 끝난 뒤의 초안", "앞서 쓴 글")
        await stored(page)
        await page.context.clear_cookies()
        await page.click(".body-text")
        await page.keyboard.press("Control+End")
        await page.keyboard.type(" 이어서 쓴 글")
        await page.locator("#draft-saved[data-state=failed]").wait_for(timeout=10_000)
        assert "다시 로그인" in await page.inner_text("#draft-problems")
        beside = await page.context.new_page()
        await beside.goto(f"{base(page)}/sign-in")
        await beside.fill("#login", DRAFTER)
        await beside.fill("#password", PASSWORD)
        await beside.click("main button.primary")
        await beside.wait_for_url(f"{base(page)}/")
        await page.keyboard.press("Control+s")
        await stored(page)
        await page.reload()
        assert "이어서 쓴 글" in await page.inner_text(".body-text")
        await line_of(page)
        document = await submit(page)
    async with at_work(suite, browser, REVIEWER) as page:
        await turn(page, document)
        await page.fill("#opinion", "길게 쓴 의견")
        await page.context.clear_cookies()
        await page.click("[data-decision] button[value='approve']")
        await page.locator(".gate-title").wait_for()
        await page.goto(f"{base(page)}/sign-in")
        await page.fill("#login", REVIEWER)
        await page.fill("#password", PASSWORD)
        await page.click("main button.primary")
        await page.wait_for_url(f"{base(page)}/")
        await turn(page, document)
        assert await page.input_value("#opinion") == "길게 쓴 의견"
        await decide(page, document)
        await page.goto(f"{base(page)}/documents/{document}")
        assert "길게 쓴 의견" in await page.inner_text(".signatures")
