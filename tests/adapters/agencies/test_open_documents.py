"""Open documents: entries go round to themselves, nothing personal leaves, only PDF files go, one bad document refuses itself alone."""

import datetime as dt
import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.canonical.masking import find
from adapters.contract import Item, Outgoing
from adapters.formats.findings import rejected
from onnara.exchange.v1.disclosures_pb2 import DocumentDisclosed
from onnara.exchange.v1.official_document_pb2 import Retention

ADAPTER = catalogue.load("open_documents")
DATA = b"%PDF-1.7\n%%EOF\n"
names = (
    st.text(st.sampled_from([*"가나다라마똠뷁, \"';=-+@()·", "1"]), min_size=1, max_size=10).map(str.strip).filter(bool)
)
personal = st.sampled_from(["010-1234-5678", "900101-1234567", "hong@example.com", "농협 301-0123-4567-81", ""])


@st.composite
def documents(draw, title=names) -> DocumentDisclosed:
    level = draw(st.sampled_from([1, 2, 3]))
    message = DocumentDisclosed(
        document_id=draw(st.uuids().map(str)), title=draw(title), news=draw(st.sampled_from([1, 2])), listed=draw(st.booleans()),
        retention=draw(st.sampled_from([value for value in Retention.values() if value])), reporter_name=draw(st.just("") | names),
        disclosure_basis=draw(st.just("") | names), restricted_until=draw(st.sampled_from(["", "2031-12-31"])),
    )  # fmt: skip
    message.agency.code, message.department.code = "1310000", draw(st.from_regex(r"[0-9A-Z]{7}", fullmatch=True))
    message.registration.serial = draw(st.integers(1, 99999))
    message.disclosure.level = level
    message.disclosure.items.extend(sorted(draw(st.sets(st.integers(1, 8)))) if level > 1 else [])
    moment = draw(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 1, 1)))
    message.created_at.FromDatetime(moment.replace(microsecond=0))
    return message


def with_file(message: DocumentDisclosed, data: bytes = DATA) -> Outgoing:
    sha256 = hashlib.sha256(data).digest()
    copy = DocumentDisclosed()
    copy.CopyFrom(message)
    copy.files.add(sha256=sha256, size=len(data), media_type="application/pdf", name="원문.pdf")
    return Outgoing(copy, {sha256: data})


@settings(deadline=None)
@given(st.lists(documents(), min_size=1, max_size=4, unique_by=lambda each: each.document_id))
def test_entries_go_round_to_themselves_with_their_files(messages):
    [item] = (encoded := ADAPTER.encode([with_file(message) for message in messages])).items
    assert (dict(encoded.rejected), encoded.findings, encoded.carried) == ({}, (), [tuple(range(len(messages)))])
    decoded = ADAPTER.decode(Item(item.name, item.parts))
    for record, wanted in zip(decoded.records, messages, strict=True):
        assert [file.sha256 for file in record.message.files] == [hashlib.sha256(DATA).digest()]
        assert list(record.blobs.values()) == [DATA]
        record.message.ClearField("files")
        record.message.ClearField("origin")
        assert record.message == wanted
    assert list(item.parts)[-1].endswith(".csv")


@settings(deadline=None)
@given(documents(title=st.tuples(names, personal, names).map(" ".join)))
def test_nothing_personal_leaves_and_what_was_hidden_is_told(message):
    [item] = (encoded := ADAPTER.encode([Outgoing(message)])).items
    [data] = item.parts.values()
    hits = find(message.title)
    assert find(ADAPTER.decode(item).records[0].message.title) == []
    assert sum(int(each.params["count"]) for each in encoded.findings if each.field == "title") == len(hits)
    assert {each.code for each in encoded.findings} <= {"personal-data-hidden"}
    assert "010-1234-5678" not in data.decode("utf-8-sig")


def test_what_is_told_later_does_not_overwrite_and_an_id_is_no_path():
    message = DocumentDisclosed(document_id="D1", title="계획", news=1, retention=4, listed=True, version=4)
    message.agency.code = message.department.code = "1310000"
    message.disclosure.level = 1
    message.created_at.FromDatetime(dt.datetime(2026, 11, 22))
    [first] = ADAPTER.encode([with_file(message)]).items
    message.version = 5
    [second] = ADAPTER.encode([with_file(message)]).items
    assert first.name != second.name
    message.document_id = "../../D1"
    refused = ADAPTER.encode([with_file(message)])
    assert (list(refused.items), list(refused.rejected)) == ([], [0])


def test_personal_data_in_a_file_refuses_its_document():
    message = DocumentDisclosed(document_id="D1", title="계획", news=1, retention=4, listed=True, words="010-1234-5678")
    message.agency.code = message.department.code = "1310000"
    message.disclosure.level = 1
    message.created_at.FromDatetime(dt.datetime(2026, 11, 22))
    result = ADAPTER.encode([with_file(message)])
    assert [(each.code, each.params["kind"]) for each in result.rejected[0]] == [("personal-data-inside", "mobile")]
    # Without a file nothing of its words is published.
    assert not ADAPTER.encode([Outgoing(message)]).rejected


def test_a_file_that_is_no_pdf_refuses_its_document_alone():
    first, second, third = (
        DocumentDisclosed(document_id=f"D{n}", title="계획", news=1, retention=4, listed=True) for n in range(3)
    )
    for message in (first, second, third):
        message.agency.code = message.department.code = "1310000"
        message.disclosure.level = 1
        message.created_at.FromDatetime(dt.datetime(2026, 11, 22))
    missing = with_file(third)
    result = ADAPTER.encode([with_file(first), with_file(second, b"PK\x03\x04"), Outgoing(missing.message)])
    assert {index: [each.code for each in found] for index, found in result.rejected.items()} == {
        1: ["attachment-not-pdf"],
        2: ["attachment-missing"],
    }
    assert all(rejected(found) for found in result.rejected.values())
    [item] = result.items
    assert [name for name in item.parts if name.endswith(".pdf")] == ["D0_01.pdf"]
    assert result.carried == [(0,)]
