"""Own settings and the seals: what was typed comes back after a refusal, and who must sign in anew is led there and back."""

import json
from html import unescape
from types import SimpleNamespace

import httpx
import pytest

from gateway.page import Page
from gateway.pages.own import AGAIN
from gateway.sentences import from_details
from gateway.session import COOKIE, Session
from gateway.views.choices import SEALS, choices
from gateway.views.given import NOTHING, Given
from onnara.common.v1 import error_pb2
from support.rendered import BOXES, TITLE, checked, moment


def own(page: Page, given: Given = NOTHING, code: str = "") -> str:
    problems = from_details(page.reader, [error_pb2.ErrorDetail(code=code)]) if code else []
    session = {"id": "s", "since": "a", "until": "b", "address": "c", "strength": "d", "current": False}
    values = {
        "done": "", "problems": problems, "given": given, "again": AGAIN, "reasons": [("leave", "a"), ("trip", "b")],
        "absences": [], "passkeys": [("key", TITLE, "2026")], "sessions": [session],
    }  # fmt: skip
    return checked(page.html("own.html", boxes=BOXES, here="own", **values))


def test_a_refused_absence_keeps_what_was_typed_and_picked(page: Page) -> None:
    typed = {
        "reason": ["trip"], "note": ['출장 "A"'], "starts": ["2026-12-01T09:00"], "ends": ["2026-12-02T18:00"],
        "official": ["off-2"], "official_label": ["이서진 과장"],
    }  # fmt: skip
    html = own(page, Given("absence", typed), "absence-overlaps")
    for kept in ('"trip" selected', "출장 &#34;A&#34;", 'value="2026-12-01T09:00"', 'value="2026-12-02T18:00"'):
        assert kept in html
    [chosen] = [part.split("'")[0] for part in html.split("data-chosen='")[1:]]
    assert json.loads(unescape(chosen)) == [{"label": "이서진 과장", "fields": {"official": "off-2"}}]


@pytest.mark.parametrize("code", AGAIN)
def test_who_may_not_keep_passkeys_yet_is_led_to_a_fresh_sign_in(page: Page, code: str) -> None:
    # Once beside the button that makes one, hidden until it is refused; once more with the refusal itself.
    assert own(page).count('action="/own/again"') == 1
    assert own(page, code=code).count('action="/own/again"') == 2
    assert own(page, code="absence-overlaps").count('action="/own/again"') == 1


async def test_signing_in_anew_leads_back_here(signed: httpx.AsyncClient, official: Session) -> None:
    answer = await signed.post("/own/again", data={"csrf": official.csrf})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/own%23h-passkeys"
    form = await signed.get(answer.headers["location"], headers={"cookie": f"{COOKIE}={answer.cookies[COOKIE]}"})
    assert 'name="next" value="/own#h-passkeys"' in form.text


def test_a_refused_seal_keeps_its_name_and_the_reason_to_retire_one(page: Page) -> None:
    seal = SimpleNamespace(seal_id="one", name=TITLE, registered_at=moment())
    values = {
        "year": 2026, "years": [2026, 2025], "rows": [], "seals": [(seal, "")], "kinds": choices(page.reader, SEALS)[:2],
        "keeper": True, "following": "", "first_page": True, "problems": [], "done": "",
    }  # fmt: skip
    for given, kept in (
        (Given("register", {"name": ["장관의 인"], "kind": ["2"]}), ['value="장관의 인"', '"2" selected']),
        (Given("dispose-one", {"reason": ["닳음"]}), ['value="닳음"', '<details class="settle" open>']),
    ):
        html = checked(page.html("seals.html", boxes=BOXES, here="seals", given=given, **values))
        for each in kept:
            assert each in html
