"""What several adapters share: days and times, disclosure, kept structures, loss policies."""

import datetime as dt

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from adapters.canonical import disclosure, moments, policy
from adapters.canonical.kept import keep, kept
from adapters.formats.exchange import Coded
from adapters.formats.findings import loss, repair
from adapters.formats.koreantime import KST
from onnara.exchange.v1.official_document_pb2 import Disclosure, OfficialDocument


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026.05.06", (2026, 5, 6)), ("2026-5-6", (2026, 5, 6)), ("2026. 5. 6.(수)", (2026, 5, 6)),
        ("2026년 5월 6일", (2026, 5, 6)), ("20260506", (2026, 5, 6)), (" 2026/05/06 ", (2026, 5, 6)),
        ("99991231", None), ("4294. 1. 1.", None), ("00000000", None), ("2026.13.01", None), ("'26.5.6", None), ("", None),
    ],
)  # fmt: skip
def test_days(text, day):
    assert moments.read_day(text) == (dt.date(*day) if day else None)


@pytest.mark.parametrize(
    ("text", "clock"),
    [("2026-05-06 10:15:00", (10, 15, 0)), ("2026-05-06T10:15:00.123", (10, 15, 0)), ("2026-05-06 1:02", (1, 2, 0))],
)
def test_stamps_are_korean_time(text, clock):
    assert moments.read_stamp(text) == dt.datetime(2026, 5, 6, *clock, tzinfo=KST)
    assert moments.read_stamp("2026-05-06") == dt.datetime(2026, 5, 6, tzinfo=KST)
    assert moments.read_stamp("2026-05-06 25:00:00") is None


def test_days_begin_at_korean_midnight():
    for day in (dt.date(1960, 1, 1), dt.date(2026, 5, 6)):
        seconds = moments.seconds_of_day(day)
        assert moments.korean(Timestamp(seconds=seconds)) == dt.datetime(day.year, day.month, day.day, tzinfo=KST)


def test_a_timestamp_beyond_the_calendar_is_its_last_day():
    assert moments.korean(Timestamp(seconds=253402300799)).year == 9999


@pytest.mark.parametrize(
    ("code", "words"), [("1NNNNNNNN", "공개"), ("2NNNNYYNN", "부분공개(5,6)"), ("3YNNNNNNN", "비공개(1)")]
)
def test_disclosure_goes_round(code, words):
    made = Disclosure()
    assert disclosure.fill(made, code)
    assert disclosure.code_of(made) == code
    assert disclosure.words_of(made) == words


@pytest.mark.parametrize("code", ["", "공개", "4NNNNNNNN", "1NNNNNNN", "1nnnnnnnn", "1NNNNNNNN\n"])
def test_other_codes_leave_no_trace(code):
    made = Disclosure()
    assert not disclosure.fill(made, code)
    assert made == Disclosure()
    assert disclosure.code_of(made) == ""


def test_kept_structures_go_round_and_foreign_ones_count_as_absent():
    document = OfficialDocument()
    keep(document, "a", Coded("dopt1", "일반", None))
    keep(document, "b", None)
    keep(document, "c", ())
    assert set(document.extensions) == {"a"}
    assert kept(document, "a", Coded) == Coded("dopt1", "일반", None)
    assert kept(document, "b", Coded) is None
    for foreign in ("{}", "[1]", "nonsense", '{"code": 1}'):
        document.extensions["a"] = foreign
        assert kept(document, "a", Coded) is None


def test_a_loss_refuses_only_where_the_policy_says_so():
    found = (
        loss("hangul-cut", "title"),
        loss("hangul-cut", "reason"),
        repair("date-form", "reason"),
        loss("nul-inside"),
    )
    judged = policy.apply(found, {"title": "substitute", "reason": "quarantine"})
    assert [finding.severity for finding in judged] == ["loss", "reject", "repair", "loss"]
