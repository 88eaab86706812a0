"""Batches of the road works host: the round trip as a property, what a record cannot say, damage."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.contract import Item, Outgoing
from adapters.formats.copybook import HOST, join
from adapters.formats.ebcdic import page
from adapters.formats.xhtml import validate
from onnara.exchange.v1.events_pb2 import DeliveryReported, RequestReceived, ResultReported
from onnara.exchange.v1.official_document_pb2 import Notification, Retention, StepMode, StepOutcome
from tools.roads_batch import DAMAGE, damaged, file, header, make_batch, request, signer, trailer, whole

ADAPTER = catalogue.load("moct_roads")
REFUSED = ("packed", "packed-digit", "code", "agency", "signers", "date", "cut-reason", "letter", "short", "segment")
letters = st.sampled_from(list("도로사업승인요청경부선가國AZaz09.,-()[]<>&\"'％"))
words = st.text(letters, max_size=14).map(str.strip)
signers = st.lists(
    st.tuples(st.sampled_from("DRCAB"), st.sampled_from([0, 20060506103000, 19491001000000])).map(
        lambda pair: signer(*pair)
    ),
    min_size=2,
    max_size=9,
)
values = st.fixed_dictionaries(
    {
        "TITLE": words.filter(bool), "CONTENT": words, "SITE": st.text("도로사업", max_size=20), "WORKS-KIND": st.sampled_from(["01", "06"]),
        "ROAD-LENGTH": st.integers(0, 10**8 - 1).map(lambda each: Decimal(each).scaleb(-3)), "WORKS-COST": st.integers(0, 10**13 - 1),
        "COMPENSATION": st.integers(-(10**13) + 1, 10**13 - 1), "RECIPIENT-CODE": st.sampled_from(["", "6280000"]),
        "DISCLOSURE": st.from_regex(r"[123][YN]{8}", fullmatch=True), "DISCLOSURE-REASON": words, "RETENTION": st.sampled_from(["01", "97", "99"]),
        "SIGNER": signers,
    }
)  # fmt: skip


def decode(data: bytes):
    return ADAPTER.decode(Item("b.ebc", {"b.ebc": data}))


def first(**change) -> RequestReceived:
    row = request(1, random.Random(2), **{"RECIPIENT-CODE": "6280000", **change})
    record = decode(whole(header(), [row], trailer([row]))).records[0]
    assert record.findings == ()
    return record.message


@settings(deadline=None)
@given(rows=st.lists(values, min_size=1, max_size=3), flag=st.sampled_from("NFA"), batch=st.integers(0, 10**9 - 1))
def test_a_batch_goes_round_to_the_byte(rows, flag, batch):
    rows = [{**request(number, random.Random(1)), **row} for number, row in enumerate(rows, 1)]
    data = whole(header(batch, flag), rows, trailer(rows))
    decoded = decode(data)
    assert decoded.findings == ()
    messages = [record.message for record in decoded.records]
    assert all(messages)
    back = ADAPTER.encode([Outgoing(message, {}, "b") for message in messages])
    assert (dict(back.rejected), back.findings) == ({}, ())
    assert back.items[0].parts == {"b.ebc": data}
    for message in messages:
        assert validate(message.document.body) == []


def test_a_record_is_a_request_with_its_line():
    message = first(
        SIGNER=[signer("D", 20060506093000), signer("R"), signer("C", 20060506100000), signer("B")], RETENTION="97"
    )
    document = message.document
    assert (message.origin.natural_key, message.origin.agency_code) == ("RW06-0000001", "Z150000")
    assert message.origin.notification == Notification.NOTIFICATION_FINAL
    assert [step.person.external_id for step in document.steps] == ["RD000101", "RD000102", "RD000201", "RD000103"]
    assert [step.outcome for step in document.steps] == [
        StepOutcome.STEP_OUTCOME_SUBMITTED, StepOutcome.STEP_OUTCOME_PENDING,
        StepOutcome.STEP_OUTCOME_AGREED, StepOutcome.STEP_OUTCOME_PENDING,
    ]  # fmt: skip
    assert [step.asserted_by for step in document.steps] == ["moct-roads", "", "moct-roads", ""]
    assert document.steps[3].mode == StepMode.STEP_MODE_DELEGATED
    assert document.steps[0].acted_at.ToJsonString() == "2006-05-06T00:30:00Z"
    assert (document.retention, document.sender_name) == (Retention.RETENTION_SEMI_PERMANENT, "건설교통부장관")
    assert "원</td>" in document.body


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (lambda m: m.document.attachments.add(name="a.hwp"), "value-not-carried", "attachments"),
        (lambda m: m.document.recipients.add(), "value-not-carried", "recipients"),
        (lambda m: setattr(m.document, "title", "가" * 40), "text-cut", "TITLE"),
        (lambda m: setattr(m.document, "title", "똠방각하"), "char-substituted", "TITLE"),
        (lambda m: setattr(m.document.steps[0].person, "name", "똠"), "char-unencodable", "SIGNER-NAME"),
        (lambda m: setattr(m.document.steps[0].person, "external_id", "LONGER-THAN-8"), "text-cut", "SIGNER-ID"),
        (lambda m: setattr(m.document, "title", "한\n글"), "control-inside", "TITLE"),
        (lambda m: setattr(m.document, "summary", "요약"), "value-not-carried", "summary"),
        (lambda m: m.document.extensions.update({"moct_roads.works_cost": "x"}), "value-unmapped", "WORKS-COST"),
        (
            lambda m: m.document.extensions.update({"moct_roads.batch_no": "-1"}),
            "number-does-not-fit",
            "BATCH-NO",
        ),
        (lambda m: m.document.ClearField("retention"), "value-missing", "RETENTION"),
        (lambda m: setattr(m.document.steps[1], "mode", StepMode.STEP_MODE_ACTING), "value-unmapped", "SIGNER-ROLE"),
        (lambda m: m.document.ClearField("steps"), "occurs-out-of-range", "SIGNER"),
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


def test_an_answer_goes_round_with_its_opinions():
    answer = ResultReported(status=3, title="요청")
    answer.origin.natural_key, answer.origin.agency_code = "RW06-0000001", "Z150000"
    answer.origin.system, answer.origin.notification = "moct-roads", Notification.NOTIFICATION_FINAL
    number = answer.registration
    number.department_code, number.year, number.serial, number.date = "Z150101", 2006, 31, "2006-05-08"
    number.text = "도로정책과-31"
    answer.reported_at.FromJsonString("2006-05-08T05:00:05Z")
    step = answer.steps.add(order=1, role=2, mode=1, outcome=4, opinion="보상비 확인")
    step.person.external_id, step.person.name = "RD000102", "이보람"
    item = ADAPTER.encode([Outgoing(answer)]).items[0]
    assert decode(next(iter(item.parts.values()))).records[0].message == answer


@pytest.mark.parametrize("message", [DeliveryReported(), ResultReported(status=3), ResultReported()])
def test_other_messages_and_keys_of_others_are_refused(message):
    result = ADAPTER.encode([Outgoing(message)])
    assert not result.items
    assert result.rejected[0][0].code in {"message-not-carried", "natural-key-unreadable"}


def test_every_kind_of_damage_costs_its_own_record_alone():
    decoded = decode(damaged())
    assert len(decoded.records) == len(DAMAGE) + 4
    accepted = [record.ordinal - 2 for record in decoded.records if record.message is not None]
    names = ["good", *DAMAGE, "good", "broken word", "good"]
    assert [names[at] for at in range(len(names)) if at not in accepted] == [*REFUSED, "broken word"]
    codes = {finding.code for record in decoded.records for finding in record.findings}
    assert {
        "packed-invalid",
        "record-cut",
        "segment-unknown",
        "record-word-invalid",
        "hangul-cut",
        "shift-unclosed",
    } <= codes
    assert {"charset-invalid", "occurs-out-of-range", "date-invalid", "code-unknown", "pattern-mismatch"} <= codes
    assert {finding.code for finding in decoded.findings} == {"trailer-count-mismatch", "trailer-sum-mismatch"}


def test_fields_are_shown_with_their_bytes_and_what_would_be_written_otherwise():
    row = bytearray(file().kinds["REQUEST-REC"].write(request(1, random.Random(1))))
    at = file().kinds["REQUEST-REC"].node.find("WORKS-COST").offset
    row[at : at + 7] = bytes.fromhex("0000012500000F")
    views = {view.name: view for view in ADAPTER.fields(bytes(row), "b")}
    assert (views["WORKS-COST"].value, views["WORKS-COST"].binary) == ("12500000", True)
    assert [finding.code for finding in views["WORKS-COST"].findings] == ["bytes-differ"]
    assert views["SIGNER[1].SIGNER-NAME"].value == "김태환"
    assert views["SIGNER[1].SIGNER-NAME"].label == "성명"
    assert ADAPTER.fields(b"\x00\x01", "b")[0].raw == b"\x00\x01"


def test_a_file_without_header_or_trailer_says_so():
    rows = [file().kinds["REQUEST-REC"].write(request(1, random.Random(1)))]
    decoded = decode(join(rows, HOST))
    assert [record.message is not None for record in decoded.records] == [True]
    assert {finding.code for finding in decoded.findings} == {"header-missing", "trailer-missing"}


@pytest.mark.parametrize("kind", ["HEADER-REC", "TRAILER-REC"])
def test_a_header_cut_short_refuses_no_record(kind):
    parts = [
        file().kinds[name].write(values) for name, values in (("HEADER-REC", header()), ("TRAILER-REC", trailer([])))
    ]
    row = file().kinds["REQUEST-REC"].write(request(1, random.Random(1)))
    parts = [part[:5] if (index == 0) == (kind == "HEADER-REC") else part for index, part in enumerate(parts)]
    decoded = decode(join([parts[0], row, parts[1]], HOST))
    assert [record.message is not None for record in decoded.records] == [True]
    assert "record-cut" in {finding.code for finding in decoded.findings}


def test_host_text_is_korean_ebcdic():
    raw = file().kinds["REQUEST-REC"].write(request(1, random.Random(1), TITLE="홍길동ABC"))
    assert page("cp933").write("홍길동ABC")[0] in raw
    assert len(make_batch(3)) == len(make_batch(3, seed=1))


def test_two_files_in_one_item_count_their_records_on():
    decoded = ADAPTER.decode(Item("d", {"a": make_batch(2), "b": make_batch(2)}))
    assert len({record.ordinal for record in decoded.records}) == 4
