"""What the draft's page is told: problems beside their steps, refusals as JSON, who may submit, what may be gone back to."""

import re

import httpx
import pytest

from gateway.page import Page
from gateway.pages.lookups import _step_of
from gateway.views.draft import draft_view
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1.official_document_pb2 import OfficialDocument, Source
from support.rendered import BOXES, checked


@pytest.mark.parametrize(
    ("field", "params", "place"),
    [
        ("steps[2].person.official_id", {}, 2),
        ("steps[11]", {"order": "3"}, 11),
        ("steps", {"order": "3"}, 2),
        ("steps", {"order": ""}, -1),
        ("", {}, -1),
    ],
)
def test_a_problem_of_a_line_names_its_step(field: str, params: dict[str, str], place: int) -> None:
    assert _step_of(ErrorDetail(code="any", field=field, params=params)) == place


def draft(page: Page, allowed: list[str], *, writers: bool) -> str:
    document = pb.Document(
        document_id="doc", state=pb.DOCUMENT_STATE_DRAFT, content=OfficialDocument(title="초안"), allowed=allowed
    )
    if writers:
        document.co_drafters.add(official_id="off-9", name="한지안", position="주사")
    view = draft_view(page.reader, document, [], page.session, author="김도윤")
    return checked(page.html("draft.html", boxes=BOXES, here="drafts", draft=view, problems=[]))


def test_who_writes_along_is_told_whose_draft_it_is_and_cannot_submit_it(page: Page) -> None:
    along, own = draft(page, ["save"], writers=True), draft(page, ["save", "submit"], writers=True)
    assert 'id="submit"' not in along
    assert 'id="co-drafter"' not in along
    assert "김도윤" in along
    assert 'id="submit"' in own
    assert '<p data-shared="no" hidden>' in own
    assert '<p data-shared="yes" hidden>' in draft(page, ["submit"], writers=False)


def test_what_is_no_document_may_be_written_down_as_a_source(page: Page) -> None:
    html = draft(page, ["submit"], writers=False)
    kinds = re.findall(r'<select[^>]*id="source-kind".*?</select>', html, re.DOTALL)[0]
    assert {int(each) for each in re.findall(r'value="(\d)"', kinds)} == {
        Source.KIND_DIRECT,
        Source.KIND_INSTRUCTION,
        Source.KIND_MEMO,
    }


async def test_whose_session_ended_is_told_so_where_they_write(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/drafts/others", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert [each["code"] for each in answer.json()["problems"]] == ["session-ended"]
    assert (await browser.get("/drafts/others")).status_code == 303


async def test_a_service_that_is_away_is_named_as_json_to_the_browser_s_modules(signed: httpx.AsyncClient) -> None:
    answer = await signed.get("/drafts/others", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.json()["problems"][0]["text"]


async def test_counts_end_quietly_with_the_session(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/live", headers={"Accept": "text/event-stream"})).status_code == 204
