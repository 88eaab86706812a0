"""Registration data: values of the history parted and put into words, the form with what was typed, whom to ask."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from documents.domain.amending import Attributes, differences
from gateway.i18n import Reader
from gateway.page import Page
from gateway.pages.acts import Form
from gateway.pages.registration import disclosure_choices, read_form
from gateway.views.choices import LIMITS, RANGES, choices
from gateway.views.registration import amendments, changes_of, in_words, registration_of
from gateway.views.timeline import timeline
from gateway.views.words import DOCUMENT, RETENTION, badge
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as doc
from support.rendered import BOXES, TITLE, checked, moment

READER = Reader("ko", ZoneInfo("Asia/Seoul"))
PLAIN = some.text(some.characters(codec="utf-8", exclude_characters=",/\x00"), min_size=1, max_size=20).filter(
    lambda text: text.strip() and not text[0].isdigit()
)
ATTRIBUTES = some.builds(
    Attributes,
    title=PLAIN,
    task_code=some.sampled_from(["ZA010101", "ZA010102"]),
    # What is open has neither items nor a reason.
    disclosure=some.just((1, (), ""))
    | some.tuples(
        some.integers(2, 3),
        some.lists(some.integers(1, 8), min_size=1, max_size=3, unique=True).map(tuple),
        PLAIN | some.just(""),
    ),
    retention=some.integers(1, 8),
    reading=some.one_of(
        some.tuples(some.integers(1, 5), some.integers(1, 2), some.just("")),
        some.tuples(some.integers(1, 5), some.just(3), some.dates().map(str)),
    ),
)


def entry(changes: list[tuple[str, str, str]], act: str = "change-registration") -> pb.HistoryEntry:
    """A change as the service tells it."""
    values = {
        "act": act,
        "fields": ", ".join(each[0] for each in changes),
        "before": ", ".join(each[1] for each in changes),
        "after": ", ".join(each[2] for each in changes),
        "reason": "오기 정정",
    }
    return pb.HistoryEntry(type="RegistrationChanged", occurred_at=moment(), params=values)


@given(ATTRIBUTES, ATTRIBUTES)
def test_every_change_is_parted_again(before: Attributes, after: Attributes) -> None:
    told = differences(before, after)
    found = changes_of(READER, entry(told).params)
    assert len(found) == len(told)
    for (name, *_), change in zip(told, found, strict=True):
        assert change.was != change.now
        if name == "title":
            assert (change.was, change.now) == (before.title, after.title)
        if name == "retention":
            assert change.now == READER.text(RETENTION[after.retention])  # type: ignore[index]


def test_values_are_words_and_stand_beside_each_other(page: Page) -> None:
    told = [("title", "허가, 1, 4", "통보"), ("disclosure", "1", "3 / 5 / 6 / 의사결정 과정"), ("retention", "4", "8")]
    title, disclosed, kept = changes_of(page.reader, entry(told).params)
    assert (title.was, title.now) == ("허가, 1, 4", "통보")
    assert disclosed.now == page.reader.text("disclosure:closed") + "(5, 6) · 의사결정 과정"
    assert (kept.was, kept.now) == (page.reader.text("10 years"), page.reader.text("Permanent"))
    [happened] = timeline(page.reader, [entry(told)], [], [])
    assert [each.now for each in happened.changes] == ["통보", disclosed.now, kept.now]
    assert happened.note == "오기 정정"


def test_a_text_that_cannot_be_parted_is_shown_as_it_stands(page: Page) -> None:
    [shown] = changes_of(page.reader, {"fields": "retention, task", "before": "odd", "after": "stranger, than"})
    assert (shown.was, shown.now) == ("odd", "stranger, than")
    assert changes_of(page.reader, {"state": "FILED"}) == []


def document(allowed: list[str]) -> pb.Document:
    closed = doc.Disclosure(level=doc.DISCLOSURE_LEVEL_CLOSED, items=[5], reason="검토 중")
    content = doc.OfficialDocument(
        title=TITLE, disclosure=closed, retention=doc.RETENTION_5_YEARS, reading_range=doc.READING_RANGE_DEPARTMENT
    )
    return pb.Document(document_id="doc", version=7, content=content, allowed=allowed)


def shown(page: Page, form: Form | None = None, allowed: tuple[str, ...] = ("change-registration",)) -> str:
    kept = registration_of(document(list(allowed)))
    history = [entry([("title", "a", TITLE)]), entry([], "cancel-registration")]
    values = {
        "document_id": "doc", "title": TITLE, "number": "과-1", "version": 7, "request_id": "r", "cancelled": False,
        "state": badge(page.reader, DOCUMENT, pb.DOCUMENT_STATE_FILED), "may": bool(allowed), "done": False,
        "form": read_form(form) if form else kept, "now": in_words(page.reader, kept), "problems": [], "tasks": [("Z", "일")],
        "reason": form.one("reason") if form else "", "retentions": choices(page.reader, dict(RETENTION)),  # type: ignore[arg-type]
        "ranges": choices(page.reader, RANGES), "limits": choices(page.reader, LIMITS), "offered": disclosure_choices(page),
        "officers": [("이기록 주무관", "운영지원과")], "amendments": amendments(page.reader, history),
    }  # fmt: skip
    return checked(page.html("registration.html", boxes=BOXES, here="", **values))


def test_the_form_keeps_what_was_typed_beside_what_is_registered(page: Page) -> None:
    typed = {"title": "새 제목", "level": "2", "retention": "8", "reach": "5", "limit": "3", "limit_day": "2027-01-01"}
    html = shown(page, Form({**typed, "why_closed": "사유", "reason": "정정"}, {"item": ["6"]}))
    for kept in (
        'value="새 제목"',
        'value="2" checked',
        'value="6" checked',
        '"8" selected',
        ">정정</textarea>",
        "검토 중",
    ):
        assert kept in html
    assert 'value="5" checked' not in html


def test_who_may_not_change_sees_whom_to_ask(page: Page) -> None:
    html = shown(page, allowed=())
    assert "이기록 주무관" in html
    assert '<form method="post" action="/documents' not in html


@pytest.mark.parametrize(("posted", "fields"), [
    ({}, []),
    ({"title": "다른 제목"}, ["title"]),
    ({"level": "1"}, ["disclosure"]),
    ({"limit": "2", "limit_day": "2027-01-01"}, ["reading"]),
])  # fmt: skip
def test_only_what_differs_is_changed(posted: dict[str, str], fields: list[str]) -> None:
    before = registration_of(document([]))
    same = {"title": TITLE, "level": "3", "why_closed": "검토 중", "retention": "3", "reach": "4"}
    wanted = read_form(Form({**same, **posted}, {"item": ["5"]}))
    assert wanted.changed_from(before) == fields
    if "level" in posted:
        assert wanted.content().disclosure == doc.Disclosure(level=doc.DISCLOSURE_LEVEL_OPEN)
