"""Requests of the security service: round trip as a property, restrictions that are never read too widely, answers."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.contract import Item, Outgoing
from adapters.formats.control import Control, ListedFile, write_control
from adapters.formats.xhtml import validate
from onnara.exchange.v1.events_pb2 import ResultReported
from onnara.exchange.v1.official_document_pb2 import DisclosureLevel, Notification, ReadingLimit, ReadingRange

ADAPTER = catalogue.load("pss_security")
NAME = "Z030101_SEC_DOC_261123101530.txt"
letters = st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 11)] + list("AZaz09.,-()[]<>&\"'·△%=+"))
words = st.lists(st.text(letters, min_size=1, max_size=4), min_size=1, max_size=4).map(" ".join)
user = st.from_regex(r"PSS[0-9]{4}", fullmatch=True)
empty = st.just("")
day = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)).map(lambda d: f"{d:%Y%m%d}")
records = st.tuples(
    st.from_regex(r"[0-9A-Z-]{4,20}", fullmatch=True), st.just("Z030000"), st.just("Z030101"), user,
    day.map(lambda d: f"{d}101500"), empty | user, empty | user, user, st.sampled_from("012"), words, empty | words,
    empty | st.just("ZF010101"), st.sampled_from(["", "01", "25", "30", "40"]), empty | st.just("Z310101"),
    st.from_regex(r"[123][YN]{8}", fullmatch=True), empty | words, st.sampled_from("12345"), st.sampled_from("012"),
    empty | day, st.sampled_from("YAN"),
).map(list)  # fmt: skip


def item(*rows: list[str], **said: str) -> Item:
    data = b"".join("\0".join(row).encode("cp949") + b"\n" for row in rows)
    values = {
        "key": "K-1", "year": "2026", "orgCode": "Z030000", "onePlatformYN": "N", "onLineYN": "N", "workCode": "SEC_APPROVAL",
        "workDiv": "approval", "send.ip": "10.0.0.1",
    } | said  # fmt: skip
    return Item("i", {NAME: data, "exchange.xml": write_control(Control.of(values, (ListedFile(NAME, len(data)),)))})


def row(**change: str) -> list[str]:
    values = {
        "number": "SEC-1", "agency": "Z030000", "department": "Z030101", "drafter": "PSS0101", "at": "20261123101500",
        "reviewer": "", "cooperates": "", "approver": "PSS0103", "form": "1", "title": "제목", "text": "", "task": "",
        "retention": "", "to": "", "disclosure": "3NYNNNNNN", "why": "사유", "range": "5", "limit": "0", "until": "", "tell": "Y",
    } | change  # fmt: skip
    return list(values.values())


@settings(max_examples=40, deadline=None)
@given(st.lists(records, min_size=1, max_size=3))
def test_a_transmission_goes_round_to_the_byte_and_its_messages_to_themselves(rows):
    came = item(*rows)
    decoded = ADAPTER.decode(came)
    assert decoded.findings == ()
    messages = [record.message for record in decoded.records]
    assert all(messages)
    assert len(messages) == len(rows)
    back = ADAPTER.encode([Outgoing(message) for message in messages])
    assert (dict(back.rejected), back.findings) == ({}, ())
    assert back.items[0].parts == came.parts
    for message in messages:
        assert validate(message.document.body) == []


def test_restrictions_are_carried_as_they_stand():
    document = ADAPTER.decode(item(row(limit="2", until="20311231"))).records[0].message.document
    assert document.disclosure.level == DisclosureLevel.DISCLOSURE_LEVEL_CLOSED
    assert list(document.disclosure.items) == [2]
    assert document.reading_range == ReadingRange.READING_RANGE_LINE
    assert document.reading_limit == ReadingLimit.READING_LIMIT_UNTIL_DAY
    assert document.reading_limit_until == "2031-12-31"


@pytest.mark.parametrize(
    "change", [{"range": ""}, {"range": "9"}, {"limit": ""}, {"limit": "x"}, {"disclosure": "3"}, {"disclosure": ""}]
)
def test_a_restriction_that_is_not_understood_refuses_the_record(change):
    assert ADAPTER.decode(item(row(**change))).records[0].message is None


@pytest.mark.parametrize("title", ["두 줄\n제목", "널\0제목"])
def test_a_value_that_would_part_records_is_refused_on_the_way_out(title):
    message = ADAPTER.decode(item(row())).records[0].message
    message.document.title = title
    result = ADAPTER.encode([Outgoing(message)])
    assert not result.items
    assert "cell-unwritable" in {finding.code for finding in result.rejected[0]}


def test_an_answer_goes_round():
    answer = ResultReported(status=2, title="제목")
    answer.origin.natural_key, answer.origin.agency_code = "SEC-1", "Z030000"
    answer.origin.system, answer.origin.notification = "pss-security", Notification.NOTIFICATION_FINAL
    answer.steps.add(opinion="다시 확인")
    answer.reported_at.FromJsonString("2026-11-23T07:00:00Z")
    made = ADAPTER.encode([Outgoing(answer)]).items[0]
    assert list(made.parts) == ["Z030103_SEC_RESULT_261123160000.txt", "exchange.xml"]
    assert ADAPTER.decode(made).records[0].message == answer


def test_two_answers_to_one_request_have_names_of_their_own():
    answers = []
    for second in (0, 1):
        answer = ResultReported(status=2)
        answer.origin.natural_key = "SEC-1"
        answer.reported_at.FromSeconds(1_800_000_000 + second)
        answers.append(Outgoing(answer))
    made = ADAPTER.encode(answers)
    assert len({each.name for each in made.items}) == 2
    assert list(made.carried) == [(0,), (1,)]
