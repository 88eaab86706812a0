"""Yearly looks and rules of delegated decision: rows, the file, forms that keep what was typed."""

import csv
import io
from datetime import date

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import InvalidError
from gateway.page import Page
from gateway.pages.acts import Form
from gateway.pages.registration import disclosure_choices
from gateway.pages.reviews import Done, Typed, decision, typed_of
from gateway.pages.rules import Typed as TypedRule
from gateway.sentences import from_details
from gateway.views.choices import KINDS as DOCUMENT_KINDS
from gateway.views.choices import LEVELS, choices
from gateway.views.review import KINDS, as_csv, headings, review_row
from gateway.views.rules import rule_rows
from onnara.common.v1 import error_pb2
from onnara.directory.v1 import directory_service_pb2 as directory_pb
from onnara.directory.v1.events_pb2 import DelegationRuleData
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as doc
from support.rendered import BOXES, TITLE, checked, moment


def entry(title: str = TITLE, document_id: str = "doc", *, reviewed: bool = False) -> pb.ReviewEntry:
    summary = pb.DocumentSummary(
        document_id=document_id, title=title, registration=doc.RegistrationNumber(text="과-1"), department_name="총무과"
    )
    closed = doc.Disclosure(level=doc.DISCLOSURE_LEVEL_CLOSED, items=[5], reason="검토 중")
    at = moment() if reviewed else None
    return pb.ReviewEntry(document=summary, disclosure=closed, retention=doc.RETENTION_5_YEARS, reviewed_at=at)


def reviews(page: Page, kind: str, given: Typed, done: Done) -> str:
    rows = [review_row(page.reader, each) for each in (entry(), entry(document_id="seen", reviewed=True))]
    values = {
        "kind": kind, "kinds": [(name, page.reader.text(text)) for name, (_, text) in KINDS.items()], "year": 2026,
        "years": [2026, 2025], "rows": rows, "to_do": 1, "given": given, "done": done, "request_id": "r", "after": "",
        "offered": disclosure_choices(page), "following": "", "first_page": True, "problems": [],
    }  # fmt: skip
    return checked(page.html("reviews.html", boxes=BOXES, here="reviews", **values))


@pytest.mark.parametrize("kind", ["disclosure", "retention"])
def test_what_is_done_offers_no_tick(page: Page, kind: str) -> None:
    html = reviews(page, kind, Typed(), Done())
    assert html.count('name="document"') == 1
    assert 'value="doc"' in html
    assert ('name="level"' in html) is (kind == "disclosure")


def test_a_refused_look_keeps_what_wastyped_of_and_says_why_beside_the_document(page: Page) -> None:
    refused = from_details(page.reader, [error_pb2.ErrorDetail(code="review-not-due")])
    given = Typed(frozenset({"doc"}), 2, (6,), "개인정보", "일부만 남음")
    html = reviews(page, "disclosure", given, Done(3, {"doc": refused}))
    for kept in ('value="doc" data-tick checked', 'value="2" checked', 'value="6" checked', ">일부만 남음</textarea>"):
        assert kept in html
    assert refused[0].text in html


def test_one_result_is_the_same_request_however_often_it_is_sent() -> None:
    values = {
        "kind": "disclosure",
        "year": "2026",
        "level": "1",
        "why_closed": "남은 값",
        "reason": "공개",
        "request_id": "r",
    }
    form = Form(values, {"document": ["a", "b"], "item": ["5"]})
    typed = typed_of(form)
    assert decision(form, typed, "a") == decision(form, typed, "a")
    assert decision(form, typed, "a").request_id != decision(form, typed, "b").request_id
    # What is open has neither items nor a reason, whatever still stood in the fields.
    assert decision(form, typed, "a").disclosure == doc.Disclosure(level=doc.DISCLOSURE_LEVEL_OPEN)
    stays = Form({**values, "level": "0"}, {})
    assert not decision(stays, typed_of(stays), "a").HasField("disclosure")


def test_the_file_is_a_table_and_holds_no_formula(page: Page) -> None:
    rows = [review_row(page.reader, each) for each in (entry('=HYPERLINK("x")'), entry('두 줄\n제목, 따옴표 "'))]
    table = list(csv.reader(io.StringIO(as_csv(rows))))
    assert [len(each) for each in table] == [len(headings(page.reader))] * 2
    assert table[0][1] == '\'=HYPERLINK("x")'
    assert table[1][1] == '두 줄\n제목, 따옴표 "'


RULES = [
    directory_pb.DelegationRuleEntry(
        rule=DelegationRuleData(
            rule_id="one", title=TITLE, task_code="ZA010101", level=5, decision_strength=2, audit=True
        ),  # type: ignore[arg-type]
        valid_from="2026-01-01",
        changed_by="강우석",
        changed_at=Timestamp(seconds=1_777_000_000),
    ),
    directory_pb.DelegationRuleEntry(
        rule=DelegationRuleData(rule_id="two", title="별표 1 제9호", document_kind=6, level=4),  # type: ignore[arg-type]
        valid_from="2027-01-01",
        valid_to="2028-01-01",
    ),
]
TODAY = date(2026, 11, 23)


def test_rules_are_found_by_all_their_words(page: Page) -> None:
    tasks = {"ZA010101": "유통 관리"}
    both = rule_rows(page.reader, RULES, tasks, TODAY)
    assert [(row.rule_id, row.later, bool(row.strength)) for row in both] == [
        ("one", False, True),
        ("two", True, False),
    ]
    assert [bool(row.changed) for row in both] == [True, False]
    assert both[0].changed.startswith("강우석 ")
    assert "2026" in both[0].changed
    level = page.reader.text("level:4")
    for words, found in (("유통", "one"), ("za0101", "one"), (f"별표 {level}", "two"), ("유통 별표", "")):
        assert "".join(row.rule_id for row in rule_rows(page.reader, RULES, tasks, TODAY, words)) == found


@pytest.mark.parametrize("keeper", [True, False])
def test_only_keepers_are_offered_forms_which_keep_what_wastyped_of(page: Page, keeper: bool) -> None:
    form = TypedRule("two", "새 규정", "ZA010102", 6, 3, audit=True, begins="2026-12-01")
    values = {
        "q": "", "rows": rule_rows(page.reader, RULES, {}, TODAY), "total": 2, "keeper": keeper, "form": form,
        "changing": True, "ended": ("one", "2026-12-31"), "tasks": {"ZA010101": "유통"}, "today": "2026-11-23",
        "kinds": choices(page.reader, DOCUMENT_KINDS), "levels": choices(page.reader, LEVELS), "request_id": "r",
        "done": "", "problems": [],
    }  # fmt: skip
    html = checked(page.html("rules.html", boxes=BOXES, here="rules", **values))
    for kept in ('value="새 규정"', '"6" selected', '"3" selected', 'name="audit" value="1" checked', "2026-12-31"):
        assert (kept in html) is keeper


def test_numbers_no_contract_holds_are_refused() -> None:
    for text in ("-1", str(1 << 31), "x"):
        with pytest.raises(InvalidError, match="form-unreadable"):
            Form({"level": text}, {}).number("level")
    assert Form({}, {"item": ["5", "12", "²", "x"]}).digits("item") == (5,)
