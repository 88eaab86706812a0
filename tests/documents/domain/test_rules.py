"""The pure rules: manifest, numbers, disclosure, bodies, copies on their way."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.domain import body, disclosure, registration
from documents.domain.delivery import SIDE, STEPS, Standing, document_state, standing_of
from documents.domain.manifest import AttachedFile, Manifest, hash_of
from documents.domain.state import State

SEOUL = ZoneInfo("Asia/Seoul")
FILES = st.builds(AttachedFile, st.text("0123456789abcdef", min_size=64, max_size=64), st.text(), st.integers(0))
MANIFESTS = st.builds(
    Manifest,
    title=st.text(),
    body=st.text(),
    attachments=st.lists(FILES, max_size=3),
    recipients=st.lists(st.tuples(st.text(), st.text(), st.booleans()), max_size=3),
    sender_name=st.text(),
    disclosure=st.tuples(st.integers(0, 3), st.lists(st.integers(1, 8), max_size=3), st.text()),
    task_code=st.text(),
)
USUAL = Manifest("t", "b", [AttachedFile("00", "n", 1)], [("c", "p", False)], "s", (1, (), ""), "task")


@given(MANIFESTS)
def test_the_canonical_form_has_no_accidents(manifest: Manifest) -> None:
    again = replace(
        manifest,
        attachments=tuple(manifest.attachments),
        recipients=tuple(manifest.recipients),
        disclosure=(manifest.disclosure[0], tuple(reversed(manifest.disclosure[1])), manifest.disclosure[2]),
    )
    assert again.canonical() == manifest.canonical()
    assert len(hash_of(manifest.canonical())) == 32


@given(MANIFESTS, MANIFESTS)
def test_two_manifests_have_one_hash_only_when_they_say_the_same(one: Manifest, two: Manifest) -> None:
    def meant(manifest: Manifest) -> tuple[object, ...]:
        level, items, reason = manifest.disclosure
        files, recipients = tuple(manifest.attachments), tuple(manifest.recipients)
        return (manifest.title, manifest.body, files, recipients, manifest.sender_name, level, sorted(items), reason, manifest.task_code)  # fmt: skip

    assert (meant(one) == meant(two)) == (one.canonical() == two.canonical())


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "T"},
        {"body": "B"},
        {"attachments": []},
        {"attachments": [AttachedFile("01", "n", 1)]},
        {"attachments": [AttachedFile("00", "N", 1)]},
        {"attachments": [AttachedFile("00", "n", 2)]},
        {"attachments": [AttachedFile("00", "n", 1)] * 2},
        {"recipients": [("C", "p", False)]},
        {"recipients": [("c", "P", False)]},
        {"recipients": [("c", "p", True)]},
        {"sender_name": "S"},
        {"disclosure": (2, (), "")},
        {"disclosure": (1, (5,), "")},
        {"disclosure": (1, (), "r")},
        {"task_code": "TASK"},
    ],
)
def test_whatever_is_swapped_the_hash_tells(changed) -> None:
    assert hash_of(replace(USUAL, **changed).canonical()) != hash_of(USUAL.canonical())


def test_the_form_stays_as_it_was_when_documents_were_decided() -> None:
    assert hash_of(USUAL.canonical()).hex() == EXPECTED_HASH


EXPECTED_HASH = "bd141bfc080c063e5cbbbfc6a978698dc89f6ef493fb7a2f268658d6adb7a21b"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_numbers_belong_to_the_day_in_seoul(moment: datetime) -> None:
    number = registration.number_of("T310101", "도로정책과", 7, moment, "Asia/Seoul")
    assert number.date == moment.astimezone(SEOUL).date().isoformat()
    assert registration.series_of("T310101", moment, "Asia/Seoul") == ("T310101", number.year)
    assert number.text == "도로정책과-7"


def test_the_year_turns_at_fifteen_hours_utc() -> None:
    edge = datetime(2026, 12, 31, 15, tzinfo=UTC)
    years = [registration.series_of("d", edge + timedelta(microseconds=n), "Asia/Seoul")[1] for n in (-1, 0)]
    assert years == [2026, 2027]
    assert registration.series_of("d", edge, "UTC")[1] == 2026


def test_a_file_has_its_25_places() -> None:
    assert registration.file_code("T310101", "A0000001", 2026) == "T310101A00000012026000001"


@given(st.dictionaries(st.tuples(st.text(max_size=3), st.integers(2020, 2030)), st.integers(1, 50), min_size=1))
def test_batches_after_one_another_leave_no_gap(counts) -> None:
    last = dict.fromkeys(counts, 0)
    for _ in range(3):
        before = dict(last)
        last = {series: n + counts[series] for series, n in last.items()}
        assert registration.assign(last, counts) == {series: n + 1 for series, n in before.items()}


@given(st.integers(-1, 5), st.lists(st.integers(-1, 10), max_size=4), st.sampled_from(["", " ", "사유"]))
def test_disclosure_is_whole_or_says_what_is_missing(level, items, reason) -> None:
    codes = {problem.code for problem in disclosure.problems_of(level, items, reason)}
    good = all(item in range(1, 9) for item in items) and (
        (level == 1 and not items) or (level in {2, 3} and bool(items) and reason == "사유")
    )
    assert (codes == set()) == good


GOOD = [
    "",
    "글 < 3 그리고 > 2",
    "<p>가</p>",
    "<P>가</P>",
    '<table border="1"><tr><td colspan=2 nowrap>가</td></tr></table>',
    "<a href='http://example.go.kr/on=1?x=javascript'>a</a>",
    '<p title="onclick = no">가</p>',
    "<p/>",
]
BAD = {
    "<script>x</script>": "body-element-foreign",
    "<SVG/onload=x()>": "body-element-foreign",
    "<!--x-->": "body-element-foreign",
    "<?php ?>": "body-element-foreign",
    "<!DOCTYPE p>": "body-element-foreign",
    "<x:p>a</x:p>": "body-element-foreign",
    "<p/onclick=x()>": "body-active-content",
    "<p ONCLICK = 'x()'>": "body-active-content",
    '<p a="b"onclick=x()>': "body-active-content",
    "<a href=javascript:x()>": "body-active-content",
    "<a href=' java\tscript:x()'>": "body-active-content",
    "<a href='&#106;avascript:x()'>": "body-active-content",
    "<a href='javascript&colon;x()'>": "body-active-content",
    "<img src='data:text/html,x'>": "body-active-content",
    "<p title='>' onclick='x()'>": "body-not-well-formed",
    "<p title=\"<\" onclick='x()'>": "body-not-well-formed",
    "<p": "body-not-well-formed",
}


@pytest.mark.parametrize("text", GOOD)
def test_what_the_standard_knows_is_taken(text) -> None:
    assert body.problems_of(text) == []


@pytest.mark.parametrize("text", BAD)
def test_what_runs_or_hides_is_not(text) -> None:
    assert BAD[text] in {problem.code for problem in body.problems_of(text)}


@pytest.mark.parametrize("piece", ["<", "<p ", "<a href=", "<p '", "<!", "</", '<p "', "<p on", "<a href=' ", "&#"])
def test_no_body_takes_long_to_look_at(piece) -> None:
    text = (piece * (body.LARGEST // len(piece)))[: body.LARGEST]
    started = time.process_time()
    body.problems_of(text)
    body.problems_of("<p " + text.replace("<", " "))
    assert time.process_time() - started < 5


def test_a_body_is_measured_in_bytes() -> None:
    assert body.problems_of("가" * (body.LARGEST // 3)) == []
    assert [problem.code for problem in body.problems_of("가" * (body.LARGEST // 3 + 1))] == ["body-too-large"]


REPORTS = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 3)), max_size=12)


@given(REPORTS, st.randoms())
def test_any_order_and_any_doubles_stand_the_same(reports, random) -> None:
    doubled = reports + random.choices(reports, k=3) if reports else []
    random.shuffle(doubled)

    def stand(found) -> Standing:
        distinct = dict.fromkeys(found)  # as they are stored: each report once
        return standing_of(step for step, _ in distinct)

    assert stand(doubled) == stand(reports)


@given(REPORTS)
def test_trouble_is_what_waits_for_a_person(reports) -> None:
    standing = standing_of(step for step, _ in reports)
    assert standing.needs_person == (standing.state in SIDE)


@given(REPORTS)
def test_a_return_is_never_forgotten(reports) -> None:
    steps = [step for step, _ in reports]
    assert (standing_of(steps).state == "RETURNED") == ("RETURNED" in steps)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ("", "QUEUED"),
        ("SENT", "SENT"),
        ("ACCEPTED", "ACCEPTED"),
        ("RECEIVED SENT", "RECEIVED"),
        ("FAILED", "FAILED"),
        ("SENT FAILED", "FAILED"),
        ("SENT ARRIVED FAILED", "FAILED"),
        ("SENT FAILED SENT", "SENT"),
        ("FAILED RECEIVED", "RECEIVED"),
        ("FAILED ACCEPTED", "ACCEPTED"),
        ("RESEND_REQUESTED", "RESEND_REQUESTED"),
        ("SENT ARRIVED RESEND_REQUESTED", "RESEND_REQUESTED"),
        ("SENT ARRIVED RESEND_REQUESTED SENT", "ARRIVED"),
        ("SENT RESEND_REQUESTED SENT RESEND_REQUESTED", "RESEND_REQUESTED"),
        ("SENT RESEND_REQUESTED ACCEPTED", "ACCEPTED"),
        ("ACCEPTED RETURNED", "RETURNED"),
    ],
)
def test_where_a_copy_stands(steps, state) -> None:
    assert standing_of(steps.split()).state == state


@pytest.mark.parametrize(
    ("copies", "state"),
    [
        ({"QUEUED"}, State.SENDING),
        ({"QUEUED", "ACCEPTED"}, State.SENDING),
        ({"SENT", "ACCEPTED"}, State.SENT),
        ({"QUEUED", "FAILED"}, State.SENT_PARTIAL),
        ({"ACCEPTED", "RETURNED"}, State.SENT_PARTIAL),
    ],
)
def test_a_document_is_as_far_as_its_copies(copies, state) -> None:
    assert document_state(copies) == state
