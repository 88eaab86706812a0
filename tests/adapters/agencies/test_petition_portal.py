"""Petitions of a portal: any text goes round to the character, what is not as agreed is refused with its place, nothing is lost."""

import hashlib
import json
from typing import get_args

import msgspec
import pytest
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.agencies.petition_portal import schema, words
from adapters.agencies.petition_portal.reading import DOCUMENT, FORMS, HASHES, MOST_BYTES
from adapters.contract import Item, Outgoing
from onnara.common.v1.personal_pb2 import personal
from onnara.exchange.v1 import petitions_pb2 as pb
from onnara.exchange.v1.official_document_pb2 import Attachment

ADAPTER = catalogue.load("petition_portal")
HARD = "가뷁똠 나랏말ᄊᆞ미 듕귁😀👨‍👩‍👧<b>&amp;</b>\"'\\\u2028\t\r\n=cmd"
texts = st.text(st.sampled_from(HARD) | st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
lines = texts.map(lambda text: "".join(char for char in text if char not in "\t\r\n"))
filled = lines.filter(str.strip).filter(lambda text: any(ord(char) > 0x20 for char in text))
numbers = st.from_regex(r"[0-9]AA-[0-9]{4}-[0-9]{7}", fullmatch=True)
seconds = st.integers(0, 4_000_000_000)
file_names = st.sampled_from(["사진 1.jpg", "각서.hwp", "a'b.txt", "명부(원본).PDF", "*x", "- "])


def files(draw, message) -> dict[bytes, bytes]:
    blobs = {}
    for name in draw(st.lists(file_names, max_size=3, unique=True)):
        data = draw(st.binary(max_size=20))
        sha256 = hashlib.sha256(data).digest()
        blobs[sha256] = data
        message.attachments.add(sha256=sha256, size=len(data), name=name, title=draw(lines))
    return blobs


@st.composite
def messages(draw) -> Outgoing:
    message = draw(st.sampled_from(list(FORMS.values())))()
    message.portal_number = draw(numbers)
    if isinstance(message, pb.PetitionReceived):
        message.title, message.body, message.kind = draw(filled), draw(texts.filter(bool)), draw(st.integers(0, 6))
        for _ in range(draw(st.integers(1, 4))):
            message.petitioners.add(name=draw(filled), role=draw(st.integers(0, 2)), address=draw(lines))
        message.notifications.extend(draw(st.lists(st.integers(1, 7), max_size=3)))
        message.repeats.extend(draw(st.lists(numbers, max_size=2)))
        message.wanted_agency.code = "1310000"
        message.public, message.households, message.transfers = draw(st.booleans()), draw(st.integers(0, 99)), 2
    elif isinstance(message, pb.PetitionSupplemented):
        message.serial, message.kind, message.text = draw(st.integers(1, 999_999)), draw(st.integers(1, 9)), draw(texts)
    elif isinstance(message, pb.PetitionWithdrawn):
        message.reason = draw(texts)
    else:
        message.version, message.status, message.answer = (
            draw(st.integers(0, 2**50)),
            draw(st.integers(1, 13)),
            draw(texts),
        )
        message.due_at.FromMicroseconds(draw(seconds) * 1_000_000 + 5)
        message.confirms = draw(st.sampled_from(["", "1AA-2611-0000001/supplement/12", "1AA-2611-0000001/withdrawal"]))
    moment = message.applied_at if isinstance(message, pb.PetitionReceived) else message.happened_at
    moment.FromSeconds(draw(seconds))
    return Outgoing(message, files(draw, message) if hasattr(message, "attachments") else {})


@settings(deadline=None)
@given(st.lists(messages(), min_size=1, max_size=3))
def test_messages_go_round_to_themselves_with_their_files(outgoing):
    encoded = ADAPTER.encode(outgoing)
    assert (dict(encoded.rejected), encoded.carried) == ({}, [(index,) for index in range(len(outgoing))])
    for item, wanted in zip(encoded.items, outgoing, strict=True):
        [record] = ADAPTER.decode(item).records
        assert record.blobs == wanted.blobs
        if hasattr(record.message, "notices"):
            del record.message.notices[:]
        assert record.message == wanted.message
        [again] = ADAPTER.encode([Outgoing(record.message, record.blobs)]).items
        assert again == item


def document(**members) -> dict:
    return {
        "message": "petition", "format": "onnara-petition", "version": 1, "portal_number": "1AA-2611-0000001",
        "petitioners": [{"name": "홍가람"}], "title": "제목", "body": "내용", "applied_at": "2026-11-20T09:00:00+09:00",
    } | members  # fmt: skip


def folder(value, **files: bytes) -> Item:
    raw = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    parts = {**files, DOCUMENT: raw}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in parts.items())
    return Item("x", {**parts, HASHES: sums.encode()})


def refusals(item: Item) -> list[tuple[str, str | None]]:
    [record] = ADAPTER.decode(item).records
    assert (record.message, record.natural_key) == (None, "")
    return [(finding.code, finding.field) for finding in record.findings]


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"title": " \t"}, "$.title"), ({"title": "가" * 501}, "$.title"), ({"title": "두\n줄"}, "$.title"),
        ({"portal_number": "1AA-2611-0000001\n"}, "$.portal_number"), ({"portal_number": "../1"}, "$.portal_number"),
        ({"body": "가" * (schema.LONGEST_TEXT + 1)}, "$.body"), ({"public": "Y"}, "$.public"),
        ({"petitioners": [{"name": "홍"}, {"name": "길", "주민등록번호": "900101-1234567"}]}, "$.petitioners[1]"),
        ({"applied_at": "1850-01-01T00:00:00+09:00"}, "$.applied_at"), ({"households": -1}, "$.households"),
        ({"wanted_agency": {"code": "131000"}}, "$.wanted_agency.code"),
    ],
)  # fmt: skip
def test_what_is_not_as_agreed_is_refused_with_its_place_and_without_what_it_holds(members, place):
    item = folder(document(**members))
    assert [field for _, field in refusals(item)] == [place]
    [record] = ADAPTER.decode(item).records
    assert "900101" not in str(record.findings)


@pytest.mark.parametrize(
    "raw", [b"\xef\xbb\xbf{}", b'{"a":"\xb0\xa1"}', b'{"a": "\\ud800"}', b"[" * 5000, b"null", b""]
)
def test_what_is_no_json_in_utf8_is_refused(raw):
    assert {code for code, _ in refusals(folder(raw))} <= {"json-unreadable", "json-member-invalid"}


def test_a_lone_surrogate_in_a_text_never_becomes_a_message():
    raw = json.dumps(document(body="반쪽 \ud83d")).encode()
    assert {code for code, _ in refusals(folder(raw))} <= {"json-unreadable", "json-member-invalid"}


def test_a_file_of_the_whole_limit_is_read_and_a_byte_more_waits_for_people():
    value = document(attachments=[{"name": "big.bin"}])
    room = MOST_BYTES - folder(value, **{"big.bin": b""}).size
    [record] = ADAPTER.decode(folder(value, **{"big.bin": bytes(room)})).records
    assert record.message.attachments[0].size == room
    assert refusals(folder(value, **{"big.bin": bytes(room + 1)})) == [("petition-too-large", None)]
    sha256 = hashlib.sha256(data := bytes(MOST_BYTES)).digest()
    answer = pb.PetitionStatusReported(portal_number="1AA-2611-0000001", version=1, status=9)
    answer.happened_at.FromSeconds(1)
    answer.attachments.append(Attachment(sha256=sha256, size=MOST_BYTES, name="big.bin"))
    refused = ADAPTER.encode([Outgoing(answer, {sha256: data})])
    assert [finding.code for finding in refused.rejected[0]] == ["petition-too-large"]


def test_names_of_files_in_another_spelling_go_back_as_they_came():
    item = folder(document(attachments=[{"name": (name := "\u1100\u1161.txt")}]), **{name: b"x"})
    [record] = ADAPTER.decode(item).records
    [file] = record.message.attachments
    assert (file.name, file.raw_name) == ("가.txt", name)
    [back] = ADAPTER.encode([Outgoing(record.message, record.blobs)]).items
    assert back.parts[name] == b"x"


def test_numbers_in_free_text_stay_and_are_told():
    [record] = ADAPTER.decode(folder(document(body="９００１０１－１２３４５６７, 010-1234-5678"))).records
    assert record.message.body == "９００１０１－１２３４５６７, 010-1234-5678"
    assert [(each.field, each.kind, each.count) for each in record.message.notices] == [
        ("body", "mobile", 1),
        ("body", "resident-number", 1),
    ]
    assert all("1234" not in str(finding.params) for finding in record.findings)


@pytest.mark.parametrize(
    ("literal", "enum"),
    [
        (words.Kind, pb.PetitionKind), (words.Channel, pb.PetitionChannel), (words.Notice, pb.PetitionNotification),
        (words.Role, pb.PetitionerRole), (words.Supplement, pb.PetitionSupplementKind),
        (words.Status, pb.PetitionStatus), (words.Closing, pb.PetitionClosing),
    ],
)  # fmt: skip
def test_the_words_are_those_of_the_contract(literal, enum):
    name = enum.DESCRIPTOR.name
    said = [words.word_of(name, value.name) for value in enum.DESCRIPTOR.values]
    assert [word for word in said if word] == [word for word in get_args(literal) if word]
    assert [words.name_of(name, word) for word in said] == [value.name for value in enum.DESCRIPTOR.values]


def test_every_member_has_its_field_and_every_field_its_member():
    apart = {"format", "version", "report", "origin", "agency_id", "received_at", "notices"}
    for struct, form in FORMS.items():
        members = {field.name for field in msgspec.structs.fields(struct)}
        assert members - apart == {field.name for field in form.DESCRIPTOR.fields} - apart


def test_every_free_text_of_a_petition_is_marked_personal():
    coded = {"portal_number", "repeats", "matter_code", "agency_id", "agency_number", "reason_code", "remedies",
             "merged_into", "confirms"}  # fmt: skip
    for form in (*FORMS.values(), pb.Petitioner):
        for field in form.DESCRIPTOR.fields:
            if field.type == FieldDescriptor.TYPE_STRING and field.name not in coded:
                assert field.GetOptions().Extensions[personal], f"{form.DESCRIPTOR.name}.{field.name}"
