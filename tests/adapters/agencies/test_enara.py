"""The link: every word of both generations both ways, the round trip as a property, answers in the asker's clothes."""

import dataclasses
import datetime as dt
import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.agencies.enara import keys
from adapters.agencies.enara.lines import Lines
from adapters.contract import Item, Outgoing
from adapters.formats.dtd import validate
from adapters.formats.exchange import (
    Addendum,
    Attachments,
    Body,
    Civilian,
    Coded,
    DirectOrder,
    DocInfo,
    Enforcement,
    Exchange,
    External,
    FileRef,
    Line,
    Modification,
    OtherOrg,
    Party,
    Person,
    Receipt,
    Request,
    SourceFile,
    SourceRef,
    Sources,
    TaskCard,
    ToKms,
    read_exchange,
    read_header_inf,
    write_exchange,
)
from adapters.formats.exchange.vocabulary import SANCTION_RESULTS, SANCTION_TYPES
from adapters.formats.findings import FormatError
from adapters.formats.xhtml import sanitise
from onnara.exchange.v1.events_pb2 import DeliveryReported, RequestStatus, ResultReported
from onnara.exchange.v1.official_document_pb2 import ApprovalStep

ADAPTER = catalogue.load("enara")
LINES = Lines(catalogue.manifest_of("enara").tables)
GENERATIONS = ("exchange", "exchange_mis")
letters = st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 11)] + list("AZaz09.,-()[]<>&\"'·"))
text = st.text(letters, max_size=4)
word = st.text(letters, min_size=1, max_size=4)
maybe = st.none() | text
user = st.sampled_from(["kimdy", "leesj", "MPB00101", "u"])
server = st.sampled_from(["ADM131000040", "ADM131000041", "BIZZ09000001"])
when = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 1, 1)).map(lambda t: t.strftime("%Y-%m-%d %H:%M:%S"))
code7 = st.sampled_from(["1310000", "Z090101", "B552555", "0000001"])
markup = st.lists(st.tuples(st.sampled_from(["p", "b", "u"]), text), max_size=3).map(
    lambda parts: sanitise("".join(f"<{t}>{w.replace('&', '&amp;').replace('<', '&lt;')}</{t}>" for t, w in parts))[0]
)


def coded(*codes, extra=False):
    return st.none() | st.builds(Coded, st.sampled_from(codes), text, maybe if extra else st.none())


def refs(kind):
    return st.lists(st.builds(SourceRef, text, text, kind), max_size=2).map(tuple)


@st.composite
def lines(draw, generation):
    count = draw(st.integers(1, 3))
    person = st.builds(Person, user, text, text, text, text)
    made = []
    for number in range(1, count + 1):
        level = "final" if number == count else str(number)
        kind, result = (
            draw(st.sampled_from(SANCTION_TYPES[generation])),
            draw(st.sampled_from(SANCTION_RESULTS[generation])),
        )
        made.append(Line(level, kind, result, draw(person), draw(st.just("") | when), draw(st.none() | word)))
    return tuple(made)


receivers = st.one_of(
    st.builds(
        External,
        text,
        text,
        maybe,
        maybe,
        st.booleans(),
        st.builds(Coded, st.sampled_from(["GOV", "PUB", "CIVIL"]), text),
    ),
    st.builds(OtherOrg, st.just("public"), text, maybe, symbol=maybe),
    st.builds(OtherOrg, st.just("private"), text, maybe, fax=maybe),
    st.builds(Civilian, text, maybe, maybe, maybe, maybe),
)
doc_infos = st.builds(
    DocInfo,
    summary=maybe, doc_kind=coded("dopt1", "dopt2"), reading_bound=coded("all", "dept"),
    reading_limit=coded("none", "setdate", extra=True),
    publication=st.none() | st.builds(Coded, st.sampled_from(["1NNNNNNNN", "3NNNNYNNN", "2YNNNNNNN"]), text, maybe),
    task_cards=st.lists(st.builds(TaskCard, st.sampled_from(["bis", "pjt", "org"]), text, text), max_size=2).map(tuple),
    sources=st.none() | st.builds(
        Sources, st.none() | st.builds(DirectOrder, text, st.just((SourceFile("1", "attach_0002.txt", "메모.txt"),)) | st.just(())),
        refs(st.just("")), refs(st.sampled_from(["doc", "enf"])), refs(st.just("")),
    ),
    to_kms=st.none() | st.builds(ToKms, st.booleans(), text, text), to_unikms=st.none() | st.booleans(),
    send_org_name=st.none() | word,
    enforcement=st.none() | st.builds(
        Enforcement, text, st.lists(st.builds(Receipt, text, code7, maybe, maybe, st.booleans()), max_size=2).map(tuple),
        st.lists(receivers, max_size=2).map(tuple),
    ),
)  # fmt: skip


@st.composite
def requests(draw):
    """An exchange as a business system writes it, in the form that goes back to the byte."""
    generation = draw(st.sampled_from(GENERATIONS))
    newer = generation == "exchange_mis"
    flag = st.builds(Modification, st.booleans(), maybe)
    attached = draw(st.booleans())
    return Exchange(
        sender=Party(draw(server), draw(user), draw(st.none() | st.just("a@example.go.kr"))),
        receiver=Party(draw(st.sampled_from(["DOC131000001", "ADM131000099"])), draw(user)),
        title=draw(text), created_date=draw(when), attach_count="1" if attached else draw(st.sampled_from(["0", "00"])),
        administrative_num=f"APP{draw(st.integers(0, 9)):017d}",
        direction=Request(
            draw(st.sampled_from(["all", "final", *(["none"] if newer else [])])), draw(lines(generation)), draw(flag),
            draw(st.none() | flag) if newer else None, draw(doc_infos) if newer else None,
        ),
        addenda=draw(st.lists(st.builds(Addendum, word, text, text), max_size=2).map(tuple)),
        body=draw(st.none() | st.builds(Body, markup)),
        attachments=Attachments((FileRef("attach_0001.hwp", "계획 서식.hwp"),)) if attached else None,
        generation=generation,
    )  # fmt: skip


def directory(exchange: Exchange) -> Item:
    files = {"attach_0001.hwp": b"HWP"} if exchange.attachments else {}
    files["attach_0002.txt"] = b"memo"
    data = write_exchange(exchange, exchange.generation)
    return Item("message", {"exchange.xml": data, "header.inf": b"type=send\n", **files, "eof.inf": b""})


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(exchange=requests())
def test_a_request_goes_back_to_the_byte_and_its_message_to_itself(exchange):
    item = directory(exchange)
    record = ADAPTER.decode(item).records[0]
    assert record.message is not None, record.findings
    assert record.natural_key == f"{exchange.administrative_num}@{exchange.sender.server_id}"
    result = ADAPTER.encode([Outgoing(record.message, record.blobs)])
    assert dict(result.rejected) == {}
    made = result.items[0]
    assert read_exchange(made.parts["exchange.xml"])[0] == exchange
    assert made.parts["exchange.xml"] == item.parts["exchange.xml"]
    assert list(made.parts)[-1] == "eof.inf"
    again = ADAPTER.decode(made).records[0]
    assert again.message == record.message
    assert again.blobs == record.blobs


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(exchange=requests(), status=st.sampled_from([1, 2, 3]), moment=st.integers(10**9, 2 * 10**9))
def test_an_answer_goes_round_in_the_generation_and_to_the_place_of_its_request(exchange, status, moment):
    request = ADAPTER.decode(directory(exchange)).records[0].message
    answer = ResultReported(document_id="D-1", version=3, status=status, title=exchange.title)
    answer.origin.CopyFrom(request.origin)
    answer.steps.extend(request.document.steps)
    answer.reported_at.seconds = moment
    if status == RequestStatus.REQUEST_STATUS_REGISTERED:
        answer.registration.text, answer.registration.department_code = "행정능률과-1", "Z310101"
        answer.registration.serial = 1
    result = ADAPTER.encode([Outgoing(answer)])
    assert dict(result.rejected) == {}
    made = result.items[0]
    data = made.parts["exchange.xml"]
    assert validate(exchange.generation, data) == []
    back, _ = read_exchange(data)
    assert back.generation == exchange.generation
    assert back.receiver.server_id == exchange.sender.server_id
    assert back.receiver.user_id == exchange.sender.user_id
    assert (back.sender.server_id, back.sender.user_id) == (exchange.receiver.server_id, exchange.receiver.user_id)
    assert back.administrative_num == exchange.administrative_num
    assert len(back.direction.lines) == len(exchange.direction.lines)
    assert back.direction.status == ("완료" if status == 3 else "진행")
    header, found = read_header_inf(made.parts["header.inf"])
    assert (header.receiver, header.administrative_num, found) == (back.receiver.server_id, back.administrative_num, [])
    read = ADAPTER.decode(made).records[0].message
    assert read.origin.natural_key == request.origin.natural_key
    assert read.document_id == "D-1"
    assert [step.person.external_id for step in read.steps] == [
        line.person.user_id for line in exchange.direction.lines
    ]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_word_maps_and_maps_back(generation):
    types, results = SANCTION_TYPES[generation], SANCTION_RESULTS[generation]
    back_types, back_results = set(), set()
    for kind in types:
        for result in results:
            meaning = LINES.meaning(kind, result, generation)
            assert meaning is not None
            role, mode, outcome = meaning
            assert role
            assert mode
            assert outcome
            step = ApprovalStep(order=1, role=role, mode=mode, outcome=outcome)
            findings = []
            pair = LINES.word_pair(step, generation, findings)
            assert findings == []
            assert LINES.meaning(*pair, generation) == meaning
            back_types.add(pair[0])
            back_results.add(pair[1])
    assert (back_types, back_results) == (set(types), set(results))


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_step_there_is_has_words_and_says_what_they_leave_out(generation):
    for role in range(1, 6):
        for mode in range(1, 12):
            for outcome in range(1, 13):
                step = ApprovalStep(order=1, role=role, mode=mode, outcome=outcome)
                findings = []
                kind, result = LINES.word_pair(step, generation, findings)
                assert kind in SANCTION_TYPES[generation]
                assert result in SANCTION_RESULTS[generation]
                exact = LINES.meaning(kind, result, generation) == (role, mode, outcome)
                assert exact == (not findings)


def sample() -> Exchange:
    line = Line("final", "결재", "미처리", Person("kimdy", "김도윤", "사무관", "Z310101", "1310000"))
    party = Party("ADM131000040", "kimdy"), Party("DOC131000001", "kimdy")
    request = Request("final", (line,))
    return Exchange(*party, "제목", "2026-05-06 10:00:00", "0", "APP1", request, body=Body("첫 줄 & 둘\n\n셋째 <줄"))


def decode(exchange: Exchange, **parts: bytes):
    item = directory(exchange)
    return ADAPTER.decode(Item(item.name, {**item.parts, **parts})).records[0]


def test_plain_text_becomes_a_paragraph_a_line():
    assert decode(sample()).message.document.body == "<p>첫 줄 &amp; 둘</p><p/><p>셋째 &lt;줄</p>"


def test_codes_in_dept_and_org_are_codes():
    sender = decode(sample()).message.document.sender
    assert (sender.agency.code, sender.department.code, sender.department.name) == ("1310000", "Z310101", "")


def test_a_bare_file_is_read_and_a_directory_needs_its_parts():
    data = write_exchange(sample(), "exchange_mis")
    assert ADAPTER.decode(Item("any.xml", {"any.xml": data})).records[0].message
    assert ADAPTER.is_complete(["EOF.INF", "exchange.xml"])
    assert not ADAPTER.is_complete(["exchange.xml", "header.inf"])
    assert not ADAPTER.is_complete(["eof.inf"])
    refused = ADAPTER.decode(Item("d", {"exchange.xml": data, "header.inf": b""})).records[0]
    assert refused.message is None
    with pytest.raises(FormatError, match="part-missing"):
        ADAPTER.decode(Item("d", {"header.inf": b"", "eof.inf": b""}))


def test_a_body_in_a_file_of_its_own():
    exchange = dataclasses.replace(sample(), body=Body("", "body.html", "본문"))
    record = decode(exchange, **{"body.html": "<p>파일 본문</p>".encode("cp949")})
    assert record.message.document.body == "<p>파일 본문</p>"
    made = ADAPTER.encode([Outgoing(record.message, record.blobs)]).items[0]
    assert made.parts["body.html"] == "<p>파일 본문</p>".encode("cp949")
    assert decode(exchange).message is None


def test_two_answers_never_get_one_name():
    answer = ResultReported(status=1, title="제목")
    answer.origin.natural_key = "APP1@ADM131000040"
    answer.steps.add(order=1, role=1, mode=1, outcome=2).person.external_id = "kimdy"
    answer.reported_at.seconds = 10**9
    result = ADAPTER.encode([Outgoing(answer), Outgoing(answer), Outgoing(answer)])
    assert len({item.name for item in result.items}) == 3
    assert [item.name for item in ADAPTER.encode([Outgoing(answer)]).items] == [result.items[0].name]


@pytest.mark.parametrize("key", ["", "APP1", "APP1@nowhere", "@ADM131000040", "APP1@ADM131000040?x=1"])
def test_keys_of_others_are_refused(key):
    answer = ResultReported(status=1)
    answer.origin.natural_key = key
    answer.steps.add(order=1, role=1, mode=1, outcome=2)
    assert ADAPTER.encode([Outgoing(answer)]).rejected[0][0].code == "natural-key-unreadable"


def test_addresses_go_round():
    address = keys.Address("APP&1=2", "ADM131000040", "exchange", "DOC131000001", "a b", "c&d")
    assert keys.parse(address.key()) == address


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (DeliveryReported(), "message-not-carried"),
        (ResultReported(), "natural-key-unreadable"),
    ],
)
def test_what_the_link_cannot_say_is_refused(message, code):
    assert ADAPTER.encode([Outgoing(message)]).rejected[0][0].code == code


def test_files_that_would_leave_the_directory_get_another_name():
    message = decode(sample()).message
    data = b"x"
    message.document.attachments.add(sha256=hashlib.sha256(data).digest(), size=1, name="가.hwp")
    for name in ("../../exchange.xml", "..", "eof.inf", "a\nb"):
        message.document.extensions["enara.file.0"] = name
        parts = ADAPTER.encode([Outgoing(message, {hashlib.sha256(data).digest(): data})]).items[0].parts
        assert set(parts) == {"exchange.xml", "header.inf", "attach_0001.hwp", "eof.inf"}


def test_a_request_without_its_number_is_refused_for_its_key_would_be_anyones():
    record = decode(dataclasses.replace(sample(), administrative_num=" "))
    assert record.message is None
    assert ("element-empty", "COMMON/ADMINISTRATIVE_NUM") in {(each.code, each.field) for each in record.findings}


def test_a_source_of_an_unknown_type_is_refused_in_words():
    sources = Sources(documents=(SourceRef("문서", "D1", "enf"), SourceRef("다른 문서", "D2", "doc")))
    request = dataclasses.replace(sample().direction, doc_info=DocInfo(sources=sources))
    item = directory(dataclasses.replace(sample(), direction=request))
    parts = {**item.parts, "exchange.xml": item.parts["exchange.xml"].replace(b'"enf"', b'"memo"')}
    [record] = ADAPTER.decode(Item(item.name, parts)).records
    assert record.message is None
    assert ("attribute-value-unknown", "DOCUMENT@type") in {(each.code, each.field) for each in record.findings}
