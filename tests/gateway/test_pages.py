"""Every page rendered in both languages from the messages the services answer with."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from gateway.jobs import Job
from gateway.page import Page
from gateway.pages.bulk import MOST_OPINION, refusal_of
from gateway.pages.interop import balance
from gateway.sentences import from_details
from gateway.views.card import card_view
from gateway.views.draft import draft_view
from gateway.views.given import NOTHING
from gateway.views.line import waits_for
from gateway.views.octets import hex_rows, to_text
from gateway.views.pending import pending_row
from gateway.views.traffic import chart
from gateway.views.words import DOCUMENT, RECORD_STATE, badge
from onnara.adapters.v1 import interoperability_service_pb2 as adapters_pb
from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.approval.v1 import events_pb2 as approval_events_pb
from onnara.common.v1 import error_pb2
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as exchange_pb
from support.rendered import BOXES, TITLE, checked, moment


def line(official_id: str = "off-1", outcome: int = exchange_pb.STEP_OUTCOME_PENDING) -> approval_pb.Line:
    def step(order: int, role: int, mode: int, state: int, person: str) -> exchange_pb.ApprovalStep:
        who = exchange_pb.StepPerson(official_id=person, name=f"사람{order}", position="과장")
        return exchange_pb.ApprovalStep(order=order, role=role, mode=mode, outcome=state, person=who, acted_at=moment())  # type: ignore[arg-type]

    mine = official_id == "off-1"
    held = outcome == exchange_pb.STEP_OUTCOME_HELD
    acts = [approval_pb.ACTION_RESUME] if held else [approval_pb.ACTION_APPROVE, approval_pb.ACTION_RETURN]
    return approval_pb.Line(
        allowed=acts if mine else [],
        line_id="line",
        document_id="doc",
        title=TITLE,
        version=4,
        status=approval_events_pb.LINE_STATUS_IN_PATH,
        manifest_hash=b"m" * 32,
        current_order=2,
        submitted_at=moment(),
        steps=[
            step(1, exchange_pb.STEP_ROLE_DRAFT, exchange_pb.STEP_MODE_NORMAL, exchange_pb.STEP_OUTCOME_SUBMITTED, "d"),
            step(2, exchange_pb.STEP_ROLE_DECIDE, exchange_pb.STEP_MODE_DELEGATED, outcome, official_id),
        ],
    )


def document(**more: object) -> pb.Document:
    recipients = [exchange_pb.Recipient(agency=exchange_pb.Unit(name=name)) for name in ("행정안전부장관", "경찰청장")]
    content = exchange_pb.OfficialDocument(
        title=TITLE,
        body="<p>본문</p><script>bad()</script>",
        recipients=recipients,
        sender_name="기획예산처장관",
        attachments=[exchange_pb.Attachment(sha256=b"a" * 32, size=1234, name="내역 & 표.pdf")],
        disclosure=exchange_pb.Disclosure(level=exchange_pb.DISCLOSURE_LEVEL_PARTIAL, items=[5]),
    )
    deliveries = [pb.DeliveryView(receiver_code="1741000", receiver_name="행정안전부장관", state="QUEUED")]
    return pb.Document(
        document_id="doc",
        state=pb.DOCUMENT_STATE_IN_PATH,
        content=content,
        line_id="line",
        deliveries=deliveries,
        **more,
    )  # type: ignore[arg-type]


def card(page: Page, its_line: approval_pb.Line | None, **values: object) -> str:
    given = {
        "request_id": "r",
        "acted": "",
        "next_document": "",
        "problems": [],
        "opinion": "",
        "given": NOTHING,
        "choosing": {},
    } | values
    view = card_view(page.reader, document(), its_line, [], page.session.official_id)
    return checked(page.html("card.html", boxes=BOXES, here="", card=view, **given))


def test_the_card_offers_a_decision_on_exactly_what_is_shown(page: Page) -> None:
    html = card(page, line())
    assert f'name="manifest" value="{(b"m" * 32).hex()}"' in html
    assert 'name="version" value="4"' in html
    assert 'value="approve"' in html
    assert 'value="return"' in html
    assert f"/documents/doc/attachments/{(b'a' * 32).hex()}" in html


def test_the_card_of_somebody_else_s_turn_offers_nothing(page: Page) -> None:
    html = card(page, line("off-2"))
    assert 'name="action"' not in html
    assert "사람2" in html


def test_a_held_document_offers_to_end_the_hold_only(page: Page) -> None:
    html = card(page, line(outcome=exchange_pb.STEP_OUTCOME_HELD))
    assert re.findall(r'name="action" value="(\w+)"', html) == ["resume"]


def test_a_card_without_its_line_is_still_a_card(page: Page) -> None:
    assert "본문" in card(page, None)


def test_a_refused_decision_keeps_the_opinion_and_says_why(page: Page) -> None:
    problems = from_details(page.reader, [error_pb2.ErrorDetail(code="manifest-changed")])
    html = card(page, line(), problems=problems, opinion="제 의견입니다")
    assert ">제 의견입니다</textarea>" in html
    assert problems[0].text in html
    assert problems[0].advice in html


def test_the_sheet_is_korean_for_every_reader(page: Page) -> None:
    html = card(page, line())
    sheet = html[html.index("<article") : html.index("</article>")]
    for word in ("수신자 참조", "제목", "붙임", "부분공개(5)", "행정안전부장관, 경찰청장", "기획예산처장관"):
        assert word in sheet


def test_the_list_carries_line_version_and_manifest(page: Page) -> None:
    row = pending_row(page.reader, line(), waits_for(line(), "off-1"), opened=False)
    values = {"following": "50", "first_page": True, "problems": [], "most": 500, "large": False}
    html = checked(page.html("home.html", boxes=BOXES, here="pending", rows=[row], **values))
    assert "/?size=500" in html
    assert f'value="line.4.{(b"m" * 32).hex()}."' in html
    assert "after=50" in html


def test_the_bulk_page_names_what_was_never_opened(page: Page) -> None:
    rows = [pending_row(page.reader, line(), None, opened=opened) for opened in (True, False)]
    values = {
        "gone": 1,
        "too_many": 0,
        "most": 500,
        "job_id": "j",
        "problems": [],
        "unopened": 1,
        "titles": "{}",
        "opinion": "의견",
    }
    html = checked(page.html("bulk.html", boxes=BOXES, here="pending", rows=rows, **values))
    assert html.count('class="unopened"') == 1
    assert ">의견</textarea>" in html
    assert "maxlength" not in html


def test_no_browser_cuts_an_opinion_short_before_it_is_signed(page: Page) -> None:
    opinion = re.search(r"<textarea[^>]*data-opinion[^>]*>", card(page, line()))
    assert opinion
    assert "maxlength" not in opinion[0]


@pytest.mark.parametrize(
    ("action", "opinion", "code"),
    [
        ("approve", "", None),
        ("approve", "가" * MOST_OPINION + "\r\n", None),
        ("approve", "가" * MOST_OPINION + "나", "opinion-too-long"),
        ("return", " ", "opinion-missing"),
    ],
)
def test_an_opinion_on_many_is_looked_at_before_anything_is_decided(
    action: str, opinion: str, code: str | None
) -> None:
    refused = refusal_of(2, action, opinion)
    assert (refused and refused.code) == code


@pytest.mark.parametrize("finished", [True, False])
def test_progress_is_shown_and_asked_again_until_the_end(page: Page, finished: bool) -> None:
    job = Job("j", "me", 4, results=[1, 2], finished=finished)
    html = checked(page.html("bulk_job.html", boxes=BOXES, here="pending", job=job, rows=[], failed=0))
    assert 'max="4" value="2"' in html
    assert ('hx-get="/bulk/j"' in html) is not finished


def test_a_sum_that_does_not_add_up_is_an_alarm(page: Page) -> None:
    totals = [adapters_pb.Totals(received=10, registered=7, quarantined=1, in_flight=flight) for flight in (2, 1)]
    assert [balance(each) for each in totals] == [0, 1]
    rows = [
        (adapters_pb.Endpoint(name=f"e{at}", totals=each), "", None, balance(each), None)
        for at, each in enumerate(totals)
    ]
    html = checked(page.html("interop.html", boxes=BOXES, here="interop", rows=rows, span="day"))
    assert html.count("bg-danger") == 1


def test_a_connection_shows_what_went_through_it_as_bars_and_as_a_table(page: Page) -> None:
    now = datetime(2026, 5, 6, 9, 30, tzinfo=UTC)
    traffic = adapters_pb.EndpointTraffic(endpoint="e0")
    for hour in range(24):
        traffic.buckets.add(received=12 * (hour == 3), delivered=int(hour == 4)).begin.FromDatetime(
            now.replace(minute=0) - timedelta(hours=23 - hour)
        )
    traffic.oldest_unanswered.FromDatetime(now - timedelta(hours=3, minutes=5))
    made = chart(page.reader, traffic, 1, now)
    assert [(each.kind, each.height) for each in made.bars] == [("in", 120.0), ("out", 10.0)]
    assert (made.top, made.received, made.delivered, made.waiting) == (12, 12, 1, "")
    assert "3" in made.unanswered
    rows = [(adapters_pb.Endpoint(name="e0"), "", None, 0, made)]
    html = checked(page.html("interop.html", boxes=BOXES, here="interop", rows=rows, span="week"))
    assert html.count("<rect") == 2
    assert html.count('<th scope="row">') == 24
    assert 'role="img" aria-labelledby="t1-title"' in html
    assert 'href="/interop?span=week" aria-current="true"' in html


def test_a_record_shows_its_bytes_beside_its_fields(page: Page) -> None:
    raw = "국립".encode("cp949") + b"\xb0<"
    finding = error_pb2.ErrorDetail(code="charset-invalid", params={"byte": "B0", "offset": "104"}, field="name")
    field = adapters_pb.FieldView(name="name", label="이름", offset=0, length=6, raw=raw, findings=[finding])
    record = adapters_pb.QuarantinedRecord(record_id="r", offset=100, ordinal=2, reasons=[finding])
    reasons = from_details(page.reader, record.reasons)
    html = checked(
        page.html(
            "record.html",
            boxes=BOXES,
            here="quarantine",
            record=record,
            name="R2026-1",
            charset="cp949",
            revision=1,
            size=len(raw),
            rows=hex_rows(raw, 100, "cp949", [("name", 0, 6)]),
            fields=[(field, reasons)],
            faulty={"name"},
            reasons=reasons,
            stage="",
            state=badge(page.reader, RECORD_STATE, "quarantined"),
            raw_state="quarantined",
            text=to_text(raw, "cp949"),
            note="",
            problems=[],
            still=False,
            request_id="q",
            look=0,
            travelling=False,
        )
    )
    assert "국립\\xB0&lt;</textarea>" in html
    assert '<th scope="row">100</th>' in html
    assert "B0" in reasons[0].text


def test_a_new_draft_says_where_the_line_between_draft_and_record_lies(page: Page) -> None:
    tasks = [pb.TaskEntry(task=exchange_pb.Task(code="ZA010101", name="유통 관리"), retention=4)]
    view = draft_view(page.reader, pb.Document(), tasks, page.session)
    html = checked(page.html("draft.html", boxes=BOXES, here="new", draft=view, problems=[]))
    assert html.count("<option") > 20
    assert (
        page.reader.text(
            "Private draft: nobody but you can see it until you submit it. From then on every version, opinion and reading is kept as a record."
        )
        in html
    )


def test_a_stored_draft_shows_what_was_chosen(page: Page) -> None:
    made = document(version=3)
    made.state = pb.DOCUMENT_STATE_DRAFT
    made.content.kind = exchange_pb.DOCUMENT_KIND_PUBLIC_NOTICE
    view = draft_view(page.reader, made, [], page.session)
    html = checked(page.html("draft.html", boxes=BOXES, here="drafts", draft=view, problems=[]))
    assert f'<option value="{exchange_pb.DOCUMENT_KIND_PUBLIC_NOTICE}" selected>' in html
    assert 'value="2" checked' in html
    assert checked(page.html("revise.html", boxes=BOXES, here="", draft=view))


def test_what_was_found_stands_in_rows(page: Page) -> None:
    found = pb.DocumentSummary(document_id="doc", title=TITLE, state=pb.DOCUMENT_STATE_FILED, drafter_name="김도윤")
    asked = dict.fromkeys(("title", "number", "person", "since", "until"), "")
    values = {"asked": asked, "searched": True, "problems": [], "following": "", "first_page": True}
    html = checked(
        page.html("search.html", boxes=BOXES, here="search", rows=[(found, badge(page.reader, DOCUMENT, 5))], **values)
    )
    assert "/documents/doc" in html


def test_what_comes_next_is_the_act_that_stands_open(page: Page) -> None:
    made = document(allowed=["redraft", "cancel", "hold", "ask-seal", "circulate"])
    view = card_view(page.reader, made, None, [], "off-1")
    values = {"request_id": "r", "acted": "", "next_document": "", "problems": [], "opinion": "", "given": NOTHING}
    html = checked(page.html("card.html", boxes=BOXES, here="", card=view, choosing={"seal_kinds": []}, **values))
    assert re.findall(r'<details class="act" open><summary[^>]*>([^<]+)', html) == [
        page.reader.text("Ask for the seal")
    ]
