"""What officials do every day, each from the first click to the last, in a real browser on the whole suite."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser
from tests.support.browsing import Visitor, browsing, visit
from tests.support.officials_at_work import (
    APPROVER,
    DRAFTER,
    NAMES,
    REVIEWER,
    add_person,
    at_work,
    base,
    decide,
    drafted,
    line_of,
    registered,
    submit,
    write,
)

from onnara.approval.v1.approval_service_pb2 import GetProofRequest
from onnara.directory.v1.directory_service_pb2 import PutDelegationRuleRequest
from onnara.directory.v1.events_pb2 import DelegationRuleData
from tools.demo.officials import PASSWORD, Official, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers, pytest.mark.browser]


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as found:
        yield found


async def test_a_document_is_written_reviewed_and_decided(suite: Suite, browser: Browser) -> None:
    document = await drafted(suite, browser, "행정능률 진단 계획 보고")
    async with at_work(suite, browser, REVIEWER) as page:
        await decide(page, document, opinion="일정을 당겨 주십시오.")
    async with at_work(suite, browser, APPROVER) as page:
        await decide(page, document)
        text = await registered(page, document)
    assert "일정을 당겨 주십시오." in text
    assert "전결" in text


async def test_a_draft_stays_private_and_is_stored_while_one_writes(suite: Suite, browser: Browser) -> None:
    async with at_work(suite, browser, DRAFTER) as page:
        await write(page, "아직 아무도 볼 수 없는 초안", "가. 생각 중")
        await page.locator("#draft-saved[data-state=done]").wait_for(timeout=8000)
        address = page.url
        assert "/drafts/" in address
    async with at_work(suite, browser, APPROVER) as page:
        assert (await page.goto(address)).status == 404  # type: ignore[union-attr]
    async with at_work(suite, browser, DRAFTER) as page:
        await page.goto(address)
        assert "생각 중" in await page.inner_text(".body-text")


async def test_items_are_numbered_and_pasted_text_is_cut_down_to_the_subset(suite: Suite, browser: Browser) -> None:
    async with at_work(suite, browser, DRAFTER) as page:
        await write(page, "항목 번호", "1. 첫째")
        await page.click(".body-text")
        await page.keyboard.press("Control+End")
        await page.keyboard.press("Enter")
        await page.keyboard.type("둘째")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.type("아래 단계")
        lines = (await page.inner_text(".body-text")).replace("\u00a0", " ").split("\n")
        assert [line.strip() for line in lines if line.strip()] == ["1. 첫째", "2. 둘째", "가. 아래 단계"]
        await page.evaluate(
            """() => { const data = new DataTransfer();
            data.setData('text/html', '<h1 class="x">제목</h1><script>bad()</script><table><tr><td>칸</td></tr></table>');
            document.querySelector('.body-text').dispatchEvent(
                new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""
        )
        await page.locator("#draft-saved[data-state=done]").wait_for(timeout=8000)
        html = await page.inner_html(".body-text")
        assert "<table" in html
        assert "bad()" not in html
        assert "<h1" not in html


async def test_a_returned_document_is_mended_and_submitted_again(suite: Suite, browser: Browser) -> None:
    document = await drafted(suite, browser, "반려될 문서")
    async with at_work(suite, browser, REVIEWER) as page:
        await decide(page, document, "return", "근거가 빠졌습니다.")
    async with at_work(suite, browser, DRAFTER) as page:
        async with asyncio.timeout(20):
            while "/drafts/" not in page.url:
                await page.goto(f"{base(page)}/drafts/{document}")
        await page.click(".body-text")
        await page.keyboard.press("Control+End")
        await page.keyboard.type(" 근거를 넣었습니다.")
        await line_of(page)
        assert await submit(page) == document
    async with at_work(suite, browser, REVIEWER) as page:
        await decide(page, document)
    async with at_work(suite, browser, APPROVER) as page:
        await decide(page, document)
        assert "근거를 넣었습니다." in await registered(page, document)


async def test_a_reviewer_changes_the_text_and_the_difference_is_shown(suite: Suite, browser: Browser) -> None:
    document = await drafted(suite, browser, "고쳐질 문서")
    async with at_work(suite, browser, REVIEWER) as page:
        await page.goto(f"{base(page)}/documents/{document}/revise")
        await page.click(".body-text")
        await page.keyboard.press("Control+Home")
        await page.keyboard.type("검토자가 고침 ")
        await page.click("#revise button.primary")
        await page.wait_for_url("**revision=**")
        await page.click("[data-decision] button[value='approve']")
        await page.wait_for_url("**acted=approve**")
        await page.click("a[href*='/difference']")
        assert "검토자가 고침" in await page.inner_text(".difference ins")


async def test_several_documents_are_decided_at_once(suite: Suite, browser: Browser) -> None:
    documents = [await drafted(suite, browser, f"한꺼번에 결재할 문서 {number}") for number in (1, 2)]
    async with at_work(suite, browser, REVIEWER) as page:
        async with asyncio.timeout(20):
            while True:
                await page.goto(f"{base(page)}/?size=500")
                rows = [
                    page.locator("[data-row]", has=page.locator(f"a[href='/documents/{each}']")) for each in documents
                ]
                if all([await row.count() for row in rows]):
                    break
        for row in rows:
            await row.locator("[data-tick]").check(force=True)
        await page.click(".bulk-bar button")
        await page.click("button[value='approve']")
        await page.locator("#job[data-finished]").wait_for(timeout=15000)
        assert await page.locator("#job .krds-badge.bg-light-danger").count() == 0


async def test_a_large_attachment_goes_on_where_the_line_broke(suite: Suite, browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "현황 자료.txt"
    file.write_bytes(("자료 " * 1000 + "\n").encode() * 600)
    async with at_work(suite, browser, DRAFTER) as page:
        await write(page, "붙임이 큰 문서", "붙임을 봐 주십시오.")
        sent: list[int] = []

        async def breaking(route) -> None:  # type: ignore[no-untyped-def]
            sent.append(int(route.request.url.rpartition("=")[2]))
            await (route.abort() if len(sent) == 2 else route.continue_())

        await page.route("**/uploads/*?offset=*", breaking)
        await page.set_input_files("#file", str(file))
        # A busy machine may need long; it is the place it goes on from that counts, not the time.
        remove = page.locator(".file-row").get_by_role("button", name="현황 자료.txt")
        await remove.wait_for(timeout=120_000)
        assert sent[1] > 0
        assert sent[2] == sent[1]
        assert sent == sorted(sent)
        await page.locator("#draft-saved[data-state=done]").wait_for(timeout=60_000)
        await page.unroute("**/uploads/*?offset=*")
        document = page.url.rpartition("/")[2]
        await page.goto(f"{base(page)}/documents/{document}")
        async with page.expect_download() as waited:
            await page.click(".files a[download]")
        assert (await (await waited.value).path()).read_bytes() == file.read_bytes()


async def test_a_document_is_found_by_number_title_and_person(suite: Suite, browser: Browser) -> None:
    document = await drafted(suite, browser, "검색으로 찾을 유일한 제목")
    async with at_work(suite, browser, DRAFTER) as page:
        for field, words in (("#q-title", "유일한 제목"), ("#q-person", "김도윤")):
            await page.goto(f"{base(page)}/search")
            await page.fill(field, words)
            await page.click(".search-form button")
            await page.locator(f"a[href='/documents/{document}']").wait_for(timeout=5000)


async def test_a_deputy_decides_for_an_absent_approver(suite: Suite, browser: Browser) -> None:
    async with at_work(suite, browser, APPROVER) as page:
        await page.goto(f"{base(page)}/own")
        await page.fill("#deputy", NAMES[REVIEWER])
        await page.locator(".picker-list:visible [role=option]").first.wait_for()
        await page.keyboard.press("Enter")
        await page.click("form[data-absence] button.primary")
        await page.wait_for_url("**done=absence")
    try:
        async with at_work(suite, browser, DRAFTER) as page:
            await write(page, "대결할 문서", "내용  끝.")
            await page.wait_for_load_state("networkidle")
            while await page.locator(".line-row .line-remove").count():
                await page.locator(".line-row .line-remove").first.click()
            await add_person(page, NAMES[APPROVER])
            await page.locator(".line-row select").first.select_option("STEP_ROLE_DECIDE/STEP_MODE_DELEGATED")
            document = await submit(page)
        async with at_work(suite, browser, REVIEWER) as page:
            await decide(page, document)
            text = await registered(page, document)
        assert "대결" in text
        assert NAMES[APPROVER] in text
        assert NAMES[REVIEWER] in text
    finally:
        async with at_work(suite, browser, APPROVER) as page:
            await page.goto(f"{base(page)}/own")
            await page.click("form[action$='/end'] button")
            await page.wait_for_url("**done=absence-ended")


@asynccontextmanager
async def with_passkeys(suite: Suite, browser: Browser) -> AsyncIterator[Visitor]:
    """A window whose browser has an authenticator; passkeys belong to localhost, not to an address."""
    async with visit(browser, f"http://localhost:{suite.address('gateway').rpartition(':')[2]}") as visitor:
        client = await visitor.page.context.new_cdp_session(visitor.page)
        await client.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        await client.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "isUserVerified": True}})
        yield visitor


async def make_passkey(visitor: Visitor) -> None:
    await visitor.page.goto(f"{visitor.base}/own")
    await visitor.page.fill("#passkey-name", "시험용 패스키")
    await visitor.page.click("#passkey-add")
    await visitor.page.wait_for_url("**done=passkey")


async def test_a_passkey_is_made_and_used_to_sign_in(suite: Suite, browser: Browser) -> None:
    async with with_passkeys(suite, browser) as visitor:
        page = visitor.page
        await visitor.sign_in("mogaha.han", PASSWORD)
        await make_passkey(visitor)
        assert "시험용 패스키" in await page.inner_text("main")
        await page.click("form[action='/sign-out'] button")
        await page.goto(f"{visitor.base}/sign-in")
        await page.fill("#login", "mogaha.han")
        await page.click("#passkey-sign-in")
        await page.wait_for_url(f"{visitor.base}/")
        await page.goto(f"{visitor.base}/own")
        assert "패스키 서명" in await page.inner_text("main")


async def test_a_decision_is_signed_with_a_passkey_and_can_be_verified_later(suite: Suite, browser: Browser) -> None:
    async with services_of(suite) as services:
        operator = await Official.sign_in(services, "mogaha.kang")
        rule = DelegationRuleData(
            title="시험 규정",
            task_code="ZA010102",
            document_kind=6,
            level=5,
            decision_strength=2,  # type: ignore[arg-type]
        )
        await operator.call(
            operator.directory.PutDelegationRule, PutDelegationRuleRequest(request_id="sign", rule=rule)
        )
        async with at_work(suite, browser, DRAFTER) as page:
            await write(page, "서명할 일일명령", "내용  끝.")
            await page.select_option("#kind", "6")
            await page.select_option("#task", "ZA010102")
            await page.wait_for_load_state("networkidle")
            while await page.locator(".line-row .line-remove").count():
                await page.locator(".line-row .line-remove").first.click()
            await add_person(page, NAMES[REVIEWER])
            await page.locator(".line-row select").first.select_option("STEP_ROLE_DECIDE/STEP_MODE_DELEGATED")
            document = await submit(page)
        async with with_passkeys(suite, browser) as visitor:
            await visitor.sign_in(REVIEWER, PASSWORD)
            await make_passkey(visitor)
            page = visitor.page
            await page.goto(f"{visitor.base}/documents/{document}")
            assert await page.locator("[data-decision][data-passkey=must]").count()
            line_id = await page.input_value("[data-decision] [name=line_id]")
            await page.click("[data-decision] button[value='approve']")
            await page.wait_for_url("**acted=approve**")
        reviewer = await Official.sign_in(services, REVIEWER)
        proof = await reviewer.call(reviewer.lines.GetProof, GetProofRequest(line_id=line_id, version=2))
        assert (proof.strength, proof.proof.root) == (2, proof.proof.leaf)
        assert proof.proof.credential_json
    suite.run("verify", line_id, "2", service="approval")


async def test_counts_come_by_themselves(suite: Suite, browser: Browser) -> None:
    async with at_work(suite, browser, REVIEWER) as page:
        await page.goto(f"{base(page)}/")
        before = int(await page.get_attribute("[data-box=pending]", "data-count") or 0)
        await drafted(suite, browser, "저절로 나타날 문서")
        await page.wait_for_function(
            "before => Number(document.querySelector('.tile [data-live=pending]').textContent.replaceAll(',', '')) > before",
            arg=before,
            timeout=15000,
        )
        assert await page.locator("#newer:visible").count()
