"""What was typed and picked stays when a form is refused: in the same form, or beside the reason where it is offered no more."""

import json
import re

import httpx
import pytest
from markupsafe import escape
from starlette.datastructures import FormData

from chassis.errors import ConflictError, InvalidError, NotFoundError, TransientError
from gateway.page import Page
from gateway.pages import card as card_page
from gateway.sentences import sentences
from gateway.views.card import card_view
from gateway.views.choices import DEFECTS, choices
from gateway.views.given import NOTHING, Given, given
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as exchange_pb
from support.rendered import BOXES, checked

REASON = 'Not ours <b>bold</b> & "theirs"'


def card(page: Page, allowed: list[str], was: Given) -> str:
    content = exchange_pb.OfficialDocument(title="문서", body="<p>본문</p>")
    document = pb.Document(document_id="doc", state=pb.DOCUMENT_STATE_TO_ACCEPT, content=content, allowed=allowed)
    values = {
        "choosing": {"tasks": [("ZA1", "하나"), ("ZA2", "둘")], "defects": choices(page.reader, DEFECTS)},
        "request_id": "r",
        "acted": "",
        "next_document": "",
        "opinion": was.one("decide", "opinion"),
        "problems": sentences(page.reader, [ConflictError("document-moved-on").problems[0]]),
    }
    view = card_view(page.reader, document, None, [], "off-1")
    return checked(page.html("card.html", boxes=BOXES, here="", card=view, given=was, **values))


def test_a_refused_act_stands_open_with_what_was_typed_and_picked(page: Page) -> None:
    sent = FormData([("reason", REASON), ("unit", "Z310101"), ("unit_name", "행정능률과"), ("unit_label", "능률과")])
    html = card(page, ["accept", "ask-redistribution", "send-back"], given("ask-redistribution", sent))
    [opened] = re.findall(r'<details class="act" open>.*?</details>', html, re.DOTALL)
    assert "/acts/ask-redistribution" in opened
    assert f">{escape(REASON)}</textarea>" in opened
    [chosen] = re.findall(r"data-chosen='([^']*)'", opened)
    assert json.loads(chosen) == [
        {"label": "능률과", "fields": {"unit": "Z310101", "unit_name": "행정능률과"}},
    ]
    # Nobody else's reason is filled in with it.
    assert html.count(str(escape(REASON))) == 1


def test_a_chosen_value_stays_chosen(page: Page) -> None:
    html = card(page, ["accept"], given("accept", FormData([("task", "ZA2")])))
    assert '<option value="ZA2" selected>' in html


def test_a_text_is_shown_when_its_form_is_offered_no_more(page: Page) -> None:
    html = card(page, ["accept"], given("send-back", FormData([("reason", REASON)])))
    assert f'<blockquote class="tl-note">{escape(REASON)}</blockquote>' in html


def test_nothing_is_filled_in_where_nothing_was_refused(page: Page) -> None:
    html = card(page, ["accept", "ask-redistribution"], NOTHING)
    assert set(re.findall(r"data-chosen='([^']*)'", html)) == {"[]"}
    assert "tl-note" not in html


def test_a_command_nobody_knows_the_end_of_keeps_its_id(page: Page) -> None:
    was = Given("send-back", {"reason": [REASON]}, "the-id")
    html = card(page, ["send-back"], was)
    assert (
        str(
            escape(
                page.reader.text(
                    "It is not certain whether it was done. Below is the document as it stands now; sending the same form again does it once only."
                )
            )
        )
        in html
    )


@pytest.mark.parametrize(
    ("error", "kept", "status"),
    [
        (InvalidError("reason-missing"), "", 422),
        (ConflictError("document-moved-on"), "", 409),
        (TransientError("service-away"), "the-id", 503),
    ],
)
async def test_the_id_is_kept_only_while_the_end_is_unknown(
    page: Page, monkeypatch: pytest.MonkeyPatch, error: Exception, kept: str, status: int
) -> None:
    shown = []

    async def render_card(*_: object, **values: object) -> None:
        shown.append(values)

    monkeypatch.setattr(card_page, "render_card", render_card)
    await card_page.refused_card(page, "doc", error, Given("hold", {}, "the-id"))  # type: ignore[arg-type]
    assert (shown[0]["given"].request_id, shown[0]["status"]) == (kept, status)  # type: ignore[attr-defined]


async def test_what_is_unknown_has_no_card(page: Page) -> None:
    with pytest.raises(NotFoundError):
        await card_page.refused_card(page, "doc", NotFoundError("document-unknown"), NOTHING)


async def test_with_every_service_away_the_first_reason_is_told(signed: httpx.AsyncClient) -> None:
    csrf = re.search(r'"X-CSRF-Token": "([^"]+)"', (await signed.get("/session")).text)
    assert csrf
    answer = await signed.post(
        "/documents/doc/acts/hold", data={"csrf": csrf[1], "reason": "사유", "request_id": "r-hold"}
    )
    assert answer.status_code == 503
