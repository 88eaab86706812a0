"""Budget batches: the round trip as a property, the policies of fields, and the volume the journey needs."""

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.canonical.won import in_words, won
from adapters.contract import Item, Outgoing
from adapters.formats.fixedwidth import Row, encode
from adapters.formats.fixedwidth.amounts import marked_amount
from adapters.formats.xhtml import validate
from onnara.exchange.v1.events_pb2 import DeliveryReported, RequestReceived, ResultReported
from onnara.exchange.v1.official_document_pb2 import Notification, StepMode
from tools.budget_batch import DAMAGE, REFUSED, make_batch

ADAPTER = catalogue.load("mpb_budget")
LAYOUT = ADAPTER.layout
letters = st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 11)] + list("AZaz09.,-()[]<>&\"'·△%"))
words = st.lists(st.text(letters, min_size=1, max_size=4), min_size=1, max_size=4).map(" ".join)
code = st.text("ABCDEFGHXYZ0123456789", min_size=7, max_size=7)
user = st.from_regex(r"[A-Z]{3}[0-9]{1,5}", fullmatch=True)
maybe = st.none()
values = st.fixed_dictionaries(
    {
        "request_no": st.from_regex(r"[0-9A-Z-]{4,14}", fullmatch=True),
        "agency_code": st.just("Z090000"), "department_code": code, "drafter_id": user, "reviewer_id": maybe | user,
        "approver_id": user, "decision": st.sampled_from("01"), "title": words, "amount": st.integers(-(10**14), 10**14),
        "fiscal_year": st.integers(1950, 2099).map(str), "programme_code": maybe | st.just("P1031-01"),
        "task_code": maybe | st.just("ZB010101"), "recipient_code": maybe | code.filter(lambda each: each != "0000000"),
        "disclosure": st.from_regex(r"[123][YN]{8}", fullmatch=True), "disclosure_reason": maybe | words.map(lambda w: w[:18]),
        "requested_on": st.dates(dt.date(1970, 1, 2), dt.date(2099, 12, 31)), "text": maybe | words,
    }
)  # fmt: skip
headers = st.fixed_dictionaries(
    {
        "batch_id": st.just("B1"), "system": st.just("mpb-budget"), "agency_code": st.just("Z090000"),
        "created": maybe | st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 1, 1)).map(lambda t: t.replace(microsecond=0)),
        "notification": st.sampled_from("NFA"),
    }
)  # fmt: skip


def batch(header, rows):
    total = sum(row["amount"] for row in rows)
    trailer = {"count": str(len(rows)), "total": total}
    return encode([Row(header, "header"), *(Row(row) for row in rows), Row(trailer, "trailer")], LAYOUT)


@settings(deadline=None)
@given(header=headers, rows=st.lists(values, min_size=1, max_size=4))
def test_a_batch_goes_round_to_the_byte_and_its_messages_to_themselves(header, rows):
    data = batch(header, rows)
    decoded = ADAPTER.decode(Item("b.dat", {"b.dat": data}))
    assert decoded.findings == ()
    messages = [record.message for record in decoded.records]
    assert all(messages)
    back = ADAPTER.encode([Outgoing(message, {}, "b") for message in messages])
    assert (dict(back.rejected), back.findings) == ({}, ())
    assert back.items[0].parts == {"b.dat": data}
    for message in messages:
        assert validate(message.document.body) == []


def first(**change) -> RequestReceived:
    row = {
        "request_no": "R1-0001", "agency_code": "Z090000", "department_code": "Z090101", "drafter_id": "MPB1",
        "approver_id": "MPB3", "decision": "1", "title": "요구", "amount": 5, "fiscal_year": "2027",
        "recipient_code": "6280000", "disclosure": "1NNNNNNNN", "requested_on": dt.date(2026, 5, 6),
    } | change  # fmt: skip
    header = {"system": "mpb-budget", "agency_code": "Z090000", "notification": "F"}
    return ADAPTER.decode(Item("b", {"b": batch(header, [row])})).records[0].message


def test_a_record_is_a_request_with_its_line():
    request = first(reviewer_id="MPB2")
    assert (request.origin.natural_key, request.origin.agency_code) == ("R1-0001/2027", "Z090000")
    assert request.origin.notification == Notification.NOTIFICATION_FINAL
    assert [step.person.external_id for step in request.document.steps] == ["MPB1", "MPB2", "MPB3"]
    assert [step.order for step in request.document.steps] == [1, 2, 3]
    assert [step.asserted_by for step in request.document.steps] == ["mpb-budget", "", ""]
    assert request.document.steps[2].mode == StepMode.STEP_MODE_DELEGATED
    assert request.document.sender_name == "기획예산처장관"
    assert "금5원(금오원)" in request.document.body


def test_internal_requests_carry_no_sender_name():
    request = first(recipient_code=None)
    assert not request.document.recipients
    assert request.document.sender_name == ""


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (lambda m: m.document.steps[0].person.ClearField("external_id"), "value-missing", "drafter_id"),
        (lambda m: m.document.attachments.add(name="a.hwp"), "value-not-carried", "attachments"),
        (lambda m: m.document.recipients.add(), "value-not-carried", "recipients"),
        (lambda m: setattr(m.document, "title", "가" * 31), "text-cut", "title"),
        (lambda m: setattr(m.document, "summary", "요약"), "value-not-carried", "summary"),
        (lambda m: m.document.extensions.update({"mpb_budget.amount": "x"}), "value-unmapped", "amount"),
        (lambda m: setattr(m.document.task, "code", "TOO-LONG-CODE"), "text-cut", "task_code"),
        (lambda m: setattr(m.document.steps[1], "mode", StepMode.STEP_MODE_ACTING), "value-unmapped", "decision"),
    ],
)
def test_what_a_record_cannot_say_is_reported_or_refused(change, code, field):
    message = first()
    change(message)
    result = ADAPTER.encode([Outgoing(message)])
    found = [*result.findings, *(finding for findings in result.rejected.values() for finding in findings)]
    assert (code, field) in {(finding.code, finding.field) for finding in found}
    assert bool(result.rejected) == any(finding.severity == "reject" for finding in found)
    assert len(result.items) + len(result.rejected) == 1


def test_an_answer_goes_round():
    answer = ResultReported(status=2, title="요구")
    answer.origin.natural_key, answer.origin.agency_code = "R1-0001/2027", "Z090000"
    answer.origin.system, answer.origin.notification = "mpb-budget", Notification.NOTIFICATION_FINAL
    answer.steps.add(opinion="산출내역 보완")
    answer.reported_at.FromJsonString("2026-05-06T01:02:03Z")
    item = ADAPTER.encode([Outgoing(answer)]).items[0]
    assert ADAPTER.decode(item).records[0].message == answer


def test_an_answer_of_the_clock_in_use_goes_to_the_second():
    answer = ResultReported(status=2, title="요구")
    answer.origin.natural_key, answer.origin.agency_code = "R1-0001/2027", "Z090000"
    answer.reported_at.FromJsonString("2026-05-06T01:02:03.005262Z")
    result = ADAPTER.encode([Outgoing(answer)])
    assert not result.rejected
    message = ADAPTER.decode(result.items[0]).records[0].message
    assert message.reported_at.ToJsonString() == "2026-05-06T01:02:03Z"


@pytest.mark.parametrize("message", [DeliveryReported(), ResultReported(status=3)])
def test_other_messages_and_keys_of_others_are_refused(message):
    result = ADAPTER.encode([Outgoing(message)])
    assert not result.items
    assert result.rejected[0][0].code in {"message-not-carried", "natural-key-unreadable"}


def test_every_kind_of_damage_costs_its_own_record_alone():
    bad = dict.fromkeys(DAMAGE, 3)
    data = make_batch(100, bad, seed=3)
    decoded = ADAPTER.decode(Item("b", {"b": data}))
    refused = [record for record in decoded.records if record.message is None]
    assert len(decoded.records) == 100
    assert len(refused) == 3 * len(REFUSED)
    assert [record.ordinal for record in decoded.records] == list(range(2, 102))
    for record in decoded.records:
        assert data[record.offset : record.offset + len(record.raw)] == record.raw
        for finding in record.findings:
            assert finding.offset is None or record.offset <= finding.offset <= record.offset + 400


def test_totals_that_do_not_match_refuse_no_record():
    decoded = ADAPTER.decode(Item("b", {"b": make_batch(5, {"totals": 1})}))
    assert [finding.code for finding in decoded.findings] == ["trailer-count-mismatch", "trailer-sum-mismatch"]
    assert all(record.message for record in decoded.records)


def test_a_batch_is_the_same_for_the_same_seed_and_refuses_unknown_damage():
    assert make_batch(20, {"short": 2}, 5) == make_batch(20, {"short": 2}, 5) != make_batch(20, {"short": 2}, 6)
    with pytest.raises(ValueError, match="unknown damage"):
        make_batch(3, {"fire": 1})
    with pytest.raises(ValueError, match="more damage"):
        make_batch(1, {"short": 2})


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "영"), (10, "일십"), (113560, "일십일만삼천오백육십"), (100_000_000, "일억"), (20_010, "이만일십")],
)
def test_amounts_in_words(amount, text):
    assert in_words(amount) == text
    assert won(-amount).startswith("△금" if amount else "금")


@pytest.mark.parametrize(("raw", "amount"), [("△1,200", -1200), ("▲5", -5), ("-7", -7), ("7", None), ("△", None)])
def test_amounts_marked_negative(raw, amount):
    assert marked_amount(raw) == amount


def test_the_journeys_volume_is_read_in_time():
    """8,000 records a second and core are asked for; half of it still passes on a machine that is busy with other work."""
    item = Item("b", {"b": make_batch(4000)})
    began = time.process_time()
    decoded = ADAPTER.decode(item)
    taken = time.process_time() - began
    assert len(decoded.records) / taken > 4000
