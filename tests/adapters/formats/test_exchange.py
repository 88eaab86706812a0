"""Link messages of both generations, `header.inf`, directory names."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.formats.dtd import validate
from adapters.formats.exchange import (
    Addendum,
    AdministrativeInfo,
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
    FormField,
    FormInfo,
    HeaderInf,
    Line,
    MessageName,
    Modification,
    OtherOrg,
    Party,
    Person,
    Receipt,
    Request,
    Result,
    SourceFile,
    SourceRef,
    Sources,
    TaskCard,
    ToKms,
    build_message_name,
    parse_message_name,
    read_exchange,
    read_header_inf,
    write_exchange,
    write_header_inf,
)
from adapters.formats.exchange.vocabulary import SANCTION_RESULTS, SANCTION_TYPES
from adapters.formats.findings import FormatError

KST = dt.timezone(dt.timedelta(hours=9))
plain = st.text(
    st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 11)] + list("AZaz 09.,-()[]<>&\"'·")), max_size=15
)
anything = plain | st.sampled_from(["A\rB", "]]>", "<![CDATA[x]]>", "&nbsp;", "😀", " 앞뒤 ", "a\nb\tc"])
text = anything.map(str.strip)
maybe = st.none() | text
person = st.builds(Person, text, text, text, text, text)


def coded(words, extra=False):
    return st.none() | st.builds(Coded, st.sampled_from(words), text, maybe if extra else st.none())


def refs(kind):
    return st.lists(st.builds(SourceRef, text, text, kind), max_size=2).map(tuple)


files = st.builds(FileRef, text, text, maybe)
flags = st.builds(Modification, st.booleans(), maybe)


def lines(generation, least=0):
    kinds = (st.sampled_from(SANCTION_TYPES[generation]), st.sampled_from(SANCTION_RESULTS[generation]))
    return st.lists(st.builds(Line, text, *kinds, person, text, maybe), min_size=least, max_size=3).map(tuple)


receivers = (
    st.builds(External, text, text, maybe, maybe, st.booleans(), st.builds(Coded, st.just("PUB"), text))
    | st.builds(OtherOrg, st.just("public"), text, maybe, symbol=maybe)
    | st.builds(OtherOrg, st.just("private"), text, maybe, fax=maybe)
    | st.builds(Civilian, text, maybe, maybe, maybe, maybe)
)
doc_infos = st.builds(
    DocInfo,
    summary=maybe, doc_kind=coded(["dopt1", "dopt2"]), reading_bound=coded(["all", "line"]),
    reading_limit=coded(["none", "setdate"], extra=True), publication=coded(["1NNNNNNNN"], extra=True),
    task_cards=st.lists(st.builds(TaskCard, st.sampled_from(["bis", "pjt", "org"]), text, text), max_size=2).map(tuple),
    sources=st.none() | st.builds(
        Sources, st.none() | st.builds(DirectOrder, text, st.lists(st.builds(SourceFile, text, text, text), max_size=2).map(tuple)),
        refs(st.just("")), refs(st.sampled_from(["doc", "enf"])), refs(st.just(""))),
    to_kms=st.none() | st.builds(ToKms, st.booleans(), text, text), to_unikms=st.none() | st.booleans(), send_org_name=maybe,
    enforcement=st.none() | st.builds(
        Enforcement, text, st.lists(st.builds(Receipt, text, text, maybe, maybe, st.booleans()), max_size=2).map(tuple),
        st.lists(receivers, max_size=3).map(tuple)),
)  # fmt: skip
fields = st.builds(FormField, text, anything.filter(lambda value: "\r" not in value), st.booleans()) | st.builds(
    FormField, text, text, st.booleans(), row=text, column=text
)


def exchanges(generation):
    newer = generation == "exchange_mis"
    only = (lambda strategy: strategy) if newer else (lambda _: st.none())
    request = st.builds(
        Request,
        st.sampled_from(["all", "final"]),
        lines(generation),
        flags,
        only(st.none() | flags),
        only(st.none() | doc_infos),
    )
    result = st.builds(
        Result,
        text,
        text,
        st.sampled_from(["진행", "완료"]),
        lines(generation, 1),
        flags,
        only(st.none() | flags),
        only(maybe),
    )
    return st.builds(
        Exchange,
        sender=st.builds(Party, text, text, maybe), receiver=st.builds(Party, text, text, maybe), title=text, created_date=text,
        attach_count=text, administrative_num=text, direction=request | result,
        addenda=st.lists(st.builds(Addendum, text, text, text), max_size=2).map(tuple),
        body=st.none() | st.builds(Body, anything, only(maybe), only(maybe)),
        attachments=st.none() | st.builds(Attachments, st.lists(files, max_size=2).map(tuple), st.none() | files, st.none() | files),
        administrative_info=only(st.none() | st.builds(
            AdministrativeInfo, st.none() | files, st.none() | st.builds(FormInfo, text, text, maybe, text),
            st.lists(fields, max_size=2).map(tuple))),
        generation=st.just(generation),
    )  # fmt: skip


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.parametrize("generation", ["exchange", "exchange_mis"])
def test_every_message_is_valid_and_reads_back(generation):
    @given(exchanges(generation))
    @settings(deadline=None)
    def holds(message):
        data = write_exchange(message, generation)
        assert validate(generation, data) == []
        found, findings = read_exchange(data)
        assert dataclasses.replace(found, generation=generation) == message
        assert [
            finding for finding in findings if finding.code not in {"generation-by-content", "attribute-value-unknown"}
        ] == []

    holds()


HONG = Person("hong", "홍길동", "사무관", "행정제도과", "행정안전부")
REQUEST = Exchange(
    Party("ADM131000001", "hong"), Party("ADM131000040", "onnara"), "연계 문서", "2026-05-06 10:00:00", "0",
    "APP20260000000000001", Request(lines=(Line("1", "기안", "상신", HONG, "2026-05-06 10:00:00"),)), body=Body("본문"),
)  # fmt: skip


def test_a_message_that_lost_its_place_in_the_older_generation_says_so():
    message = dataclasses.replace(REQUEST, direction=dataclasses.replace(REQUEST.direction, doc_info=DocInfo("요지")))
    report = []
    data = write_exchange(message, "exchange", report=report)
    assert [(finding.code, finding.field, finding.severity) for finding in report] == [
        ("generation-lacks", "DOC_INFO", "loss")
    ]
    assert b'"exchange.dtd"' in data
    assert read_exchange(data)[0].generation == "exchange"


@pytest.mark.parametrize(("generation", "result"), [("exchange", "재검토"), ("exchange_mis", "승인")])
def test_a_word_of_the_other_generation_is_not_written(generation, result):
    line = Line("1", "검토", result, HONG)
    with pytest.raises(FormatError) as caught:
        write_exchange(dataclasses.replace(REQUEST, direction=Request(lines=(line,))), generation)
    assert codes(caught.value.findings) == ["attribute-value-unknown"]


def test_a_result_without_lines_is_not_written():
    with pytest.raises(FormatError) as caught:
        write_exchange(
            dataclasses.replace(REQUEST, direction=Result("과-1", "1310000000001", "완료", ())), "exchange_mis"
        )
    assert codes(caught.value.findings) == ["element-missing"]


def test_the_generation_is_judged_by_content_where_the_document_type_is_wrong():
    message = dataclasses.replace(REQUEST, direction=dataclasses.replace(REQUEST.direction, doc_info=DocInfo("요지")))
    data = write_exchange(message, "exchange_mis").replace(b"exchange_mis.dtd", b"exchange.dtd")
    found, findings = read_exchange(data)
    assert (found.generation, codes(findings)) == ("exchange_mis", ["generation-by-content"])


def changed(old, new):
    data = write_exchange(REQUEST, "exchange_mis").decode("cp949")
    assert old in data
    return data.replace(old, new)


def test_utf8_that_declares_euc_kr():
    found, findings = read_exchange(changed("연계 문서", "연계 문서").encode())
    assert (found.title, codes(findings)) == ("연계 문서", ["charset-declared-wrong"])


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (' result="상신"', "", []),
        (' result="상신"', ' result="몰라"', ["attribute-value-unknown"]),
        (' type="기안"', "", ["attribute-missing"]),
        ("<POSITION>사무관</POSITION>", "", ["element-missing"]),
        ("<ATTACHNUM>0</ATTACHNUM>", "<ATTACHNUM>0</ATTACHNUM><NEW/>", ["element-unknown"]),
        ("<LEVEL>1</LEVEL>", "<LEVEL>1", None),
    ],
)
def test_what_the_field_gets_wrong(old, new, found):
    data = changed(old, new).encode("cp949")
    if found is None:
        with pytest.raises(FormatError) as caught:
            read_exchange(data)
        assert codes(caught.value.findings) == ["xml-malformed"]
        return
    message, findings = read_exchange(data)
    assert codes(findings) == found
    assert message.administrative_num == "APP20260000000000001"


@pytest.mark.parametrize("data", [b"<exchange/>", b"<EXCHANGE/>"])
def test_other_files_are_refused(data):
    with pytest.raises(FormatError):
        read_exchange(data)


value = plain.map(str.strip)


@given(st.builds(HeaderInf, *[value] * 10, st.lists(st.tuples(st.just("x_key"), value), max_size=1).map(tuple)))
def test_header_inf_both_ways(header):
    assert read_header_inf(write_header_inf(header)) == (header, [])


def test_header_inf_as_it_comes():
    data = "TYPE = send\r\n# note\r\nsender_orgname=행정안전부\r\nbroken\r\ntype=x\r\nextra=1\r\n\x1a".encode("cp949")
    header, findings = read_header_inf(data)
    assert (header.type, header.sender_orgname, header.others) == ("send", "행정안전부", (("extra", "1"),))
    assert codes(findings) == ["header-line-unreadable", "header-key-twice"]


@pytest.mark.parametrize(
    "header", [HeaderInf(date="a\nb"), HeaderInf(others=(("a=b", "c"),)), HeaderInf(sender="\U0001f600")]
)
def test_a_header_that_could_not_be_read_back_is_not_written(header):
    with pytest.raises(FormatError):
        write_header_inf(header)


@given(
    st.from_regex(r"[a-z0-9][a-z0-9_.@-]{0,20}", fullmatch=True),
    st.from_regex(r"[A-Z]{3}[0-9A-Z]{7}[0-9]{2}", fullmatch=True),
    st.from_regex(r"[A-Z]{3}[0-9A-Z]{7}[0-9]{2}", fullmatch=True),
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)),
    st.integers(0, 99999),
)
def test_directory_names_both_ways(user, sender, receiver, when, seq):
    name = MessageName(user, sender, receiver, when.replace(microsecond=0, tzinfo=KST), seq)
    assert parse_message_name(build_message_name(name)) == name


@pytest.mark.parametrize("user", ["../etc", "a/b", "", "a b", "-x"])
def test_a_path_cannot_be_smuggled_into_a_name(user):
    with pytest.raises(FormatError):
        build_message_name(MessageName(user, "ADM131000001", "ADM131000040", dt.datetime(2026, 5, 6, tzinfo=KST)))
