"""Incidents in dBase tables with memos: the round trip as a property, lost memos, deleted records, what does not fit."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.canonical.dbase import dbase
from adapters.contract import Item, Outgoing
from adapters.formats.findings import FormatError
from adapters.formats.xhtml import validate
from onnara.exchange.v1.events_pb2 import RequestStatus, ResultReported
from onnara.exchange.v1.official_document_pb2 import StepMode

ADAPTER = catalogue.load("kcg_incidents")
CODEC = dbase(catalogue.manifest_of("kcg_incidents"))
letters = st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 13)] + list("AZaz09.,-()[]<>&\"'·△%=+"))
words = st.lists(st.text(letters, min_size=1, max_size=4), min_size=1, max_size=4).map(" ".join)
memo = st.lists(words, min_size=1, max_size=60).map("\r\n".join)
blank = st.just("")
records = st.fixed_dictionaries(
    {
        "INC_NO": st.from_regex(r"[0-9A-Z-]{6,14}", fullmatch=True), "STATION": st.just("Z530102"), "TITLE": words,
        "KIND": st.sampled_from("ABCDEFZ"), "HAPPENED": st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(str), "PLACE": blank | words,
        "VESSEL": blank | st.text(letters, min_size=1, max_size=12).map(str.strip), "TONNAGE": blank | st.just("1234.50"),
        "ABOARD": blank | st.integers(0, 99999).map(str), "MISSING": blank, "REPORT": memo, "MEASURES": blank | memo,
        "DRAFTER": st.from_regex(r"KCG[0-9]{4}", fullmatch=True), "DRAFTED": st.just("20261121093000"),
        "REVIEWER": blank | st.just("KCG0102"), "APPROVER": st.just("KCG0103"), "DELEGATED": st.sampled_from(["true", "false"]),
        "TASK": blank | st.just("ZE010201"), "RETENTION": st.sampled_from(["", "3", "10", "99"]),
        "DISCLOSE": st.from_regex(r"[123][YN]{8}", fullmatch=True), "WHY_CLOSED": blank | words, "SEND_TO": blank | st.just("1310000"),
    }
)  # fmt: skip


def item(*rows: dict[str, str], table: str = "mapping", name: str = "INC1") -> Item:
    return Item(name, dict(CODEC.write([(table, row) for row in rows], name)))


def row(**change: str) -> dict[str, str]:
    values = {
        "INC_NO": "2026-INC0001", "STATION": "Z530102", "TITLE": "제목", "KIND": "A", "HAPPENED": "2026-11-20",
        "REPORT": "첫 줄\r\n둘째 줄", "DRAFTER": "KCG0105", "DRAFTED": "20261121093000", "APPROVER": "KCG0103",
        "DELEGATED": "true", "DISCLOSE": "1NNNNNNNN",
    }  # fmt: skip
    return values | change


@settings(max_examples=40, deadline=None)
@given(st.lists(records, min_size=1, max_size=3, unique_by=lambda each: each["INC_NO"]))
def test_a_transmission_goes_round_to_the_byte(rows):
    came = item(*rows)
    decoded = ADAPTER.decode(came)
    assert decoded.findings == ()
    messages = [record.message for record in decoded.records]
    assert all(messages)
    back = ADAPTER.encode([Outgoing(message, {}, "INC1") for message in messages])
    assert (dict(back.rejected), back.findings) == ({}, ())
    assert back.items[0].parts == came.parts
    for message in messages:
        assert validate(message.document.body) == []


def test_lines_of_a_report_are_paragraphs_and_the_decision_is_delegated():
    message = ADAPTER.decode(item(row())).records[0].message
    assert "<p>첫 줄</p><p>둘째 줄</p>" in message.document.body
    assert [step.mode for step in message.document.steps][-1] == StepMode.STEP_MODE_DELEGATED
    assert message.origin.natural_key == "2026-INC0001"


def test_a_table_without_its_memo_file_is_not_whole():
    names = list(item(row()).parts)
    assert ADAPTER.is_complete(names)
    assert not ADAPTER.is_complete(names[:1])
    assert ADAPTER.is_complete(["INC9.DBF", "INC9.DBT"])


def test_a_record_whose_memo_is_gone_is_refused_and_told():
    came = item(row())
    alone = Item("INC1", {name: data for name, data in came.parts.items() if name.endswith(".dbf")})
    record = ADAPTER.decode(alone).records[0]
    assert record.message is None
    assert {finding.code for finding in record.findings} == {"memo-missing"}


def test_a_deleted_record_is_told_of_and_not_decided_on():
    came = item(row(), row(INC_NO="2026-INC0002"))
    name = next(name for name in came.parts if name.endswith(".dbf"))
    data = bytearray(came.parts[name])
    data[int.from_bytes(data[8:10], "little")] = ord("*")
    decoded = ADAPTER.decode(Item("INC1", {**came.parts, name: bytes(data)}))
    assert [record.message.origin.natural_key for record in decoded.records] == ["2026-INC0002"]
    assert [finding.code for finding in decoded.findings] == ["record-deleted"]


@pytest.mark.parametrize("stray", ["readme.txt", "INC2.dbt"])
def test_a_file_that_belongs_to_no_table_refuses_the_item(stray):
    came = item(row())
    with pytest.raises(FormatError) as refusal:
        ADAPTER.decode(Item("INC1", {**came.parts, stray: b"x"}))
    assert [finding.code for finding in refusal.value.findings] == ["part-unknown"]


def test_a_title_too_long_for_its_column_is_refused_never_cut():
    message = ADAPTER.decode(item(row())).records[0].message
    message.document.title = "가" * 41
    result = ADAPTER.encode([Outgoing(message)])
    assert not result.items
    assert {finding.code for finding in result.rejected[0]} == {"dbf-value-does-not-fit"}


def test_an_answer_goes_round():
    answer = ResultReported(status=RequestStatus.REQUEST_STATUS_RETURNED, title="제목")
    answer.origin.natural_key, answer.origin.agency_code = "2026-INC0001", "Z530000"
    answer.origin.system, answer.origin.notification = "kcg-incidents", 2
    answer.steps.add(opinion="근거를 덧붙일 것.\r\n재상신 바람.")
    answer.reported_at.FromJsonString("2026-11-23T07:00:00Z")
    made = ADAPTER.encode([Outgoing(answer)]).items[0]
    assert sorted(name[-4:] for name in made.parts) == [".dbf", ".dbt"]
    read = ADAPTER.decode(made).records[0].message
    assert read.steps[0].opinion == answer.steps[0].opinion
    assert (read.status, read.origin.natural_key) == (answer.status, "2026-INC0001")
