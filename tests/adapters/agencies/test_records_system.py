"""Hand-overs and answers: round trips as properties, nothing lost silently, faults that cost only what they touch."""

import dataclasses
import datetime as dt
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.contract import Item, Outgoing
from adapters.formats.control import Control, ListedFile, read_control, write_control
from onnara.exchange.v1 import official_document_pb2 as doc
from onnara.exchange.v1 import records_pb2 as pb

ADAPTER = catalogue.load("records_system")
DEPARTMENT = "Z310101"
letters = st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 17)] + list("AZaz09.,-()<>&\"'·△%=+"))
text = st.text(letters, max_size=8)
some = st.text(letters, min_size=1, max_size=8)
day = st.dates(min_value=dt.date(2025, 1, 1), max_value=dt.date(2025, 12, 31)).map(str)
moment = st.integers(1_740_000_000, 1_760_000_000)
items = st.lists(st.integers(1, 8), unique=True).map(sorted)


@st.composite
def amendments(draw):
    made = pb.RegistrationAmendment(reason=draw(text), name=draw(text))
    made.amended_at.FromSeconds(draw(moment))
    before, after = draw(text), draw(some)
    made.fields.add(field="title", before=before, after=after)
    return made


@st.composite
def components(draw, blobs, *, files):
    made = []
    for sequence in range(draw(st.integers(1, 3))):
        part = pb.RecordComponent(role=2 if sequence else 1, sequence=sequence, pages=draw(st.integers(0, 999)))
        if files:
            data = draw(st.binary(max_size=20))
            sha256 = hashlib.sha256(data).digest()
            blobs[sha256] = data
            part.extension = draw(st.sampled_from(["pdf", "hwpx", "", "tar.gz", "한글"])) if sequence else "pdf"
            part.software = draw(text)
            name = draw(some)
            part.file.CopyFrom(
                doc.Attachment(sha256=sha256, size=len(data), name=name, media_type="a/b", title=draw(text))
            )
        made.append(part)
    return made


@st.composite
def records(draw, serial, key, blobs, *, files):
    record = pb.RecordItem(
        record_id=f"0197-{serial}", kind=draw(st.sampled_from([1, 2])), title=draw(some), approver=draw(some),
        approver_position=draw(text), drafter=draw(text), completed_on=draw(day), counterpart=draw(text),
        former_number=draw(text), retention=draw(st.integers(1, 8)), form=draw(st.integers(1, 5)), pages=draw(st.integers(0, 5000)),
        electronic=draw(st.booleans()), rejected_version=draw(st.booleans()), summary=draw(text), restricted_until=draw(day),
        audiovisual_kind=draw(text),
    )  # fmt: skip
    if record.form not in {3, 4}:
        record.ClearField("summary")
        record.ClearField("audiovisual_kind")
    if record.approver.startswith("/") or not record.drafter:
        record.drafter_position = ""
    registered = draw(day)
    record.registration.CopyFrom(
        doc.RegistrationNumber(
            department_code=DEPARTMENT, year=2025, serial=serial, text=f"행정제도과-{serial}", date=registered
        )
    )
    record.producer.name = draw(some)
    record.disclosure.level = draw(st.integers(1, 3))
    record.disclosure.items.extend(draw(items))
    if draw(st.booleans()):
        record.file.CopyFrom(key)
    record.components.extend(draw(components(blobs, files=files)))
    record.special_listings.extend(
        pb.SpecialListing(sequence=place + 1, titles=[draw(some)]) for place in range(draw(st.integers(0, 2)))
    )
    if draw(st.booleans()):
        record.amendments.append(draw(amendments()))
    record.cancelled = draw(st.booleans())
    return record


@st.composite
def contents(draw, kind, blobs):
    transfer = kind == pb.HAND_OVER_KIND_TRANSFER
    content = pb.RecordsContent(transfer_id="0197b0de-1", kind=kind, year=2025)
    content.agency.code, content.department.code, content.department.name = "1310000", DEPARTMENT, "행정제도과"
    content.made_at.FromSeconds(draw(moment))
    key = pb.RecordFileKey(department_code=DEPARTMENT, task_code="ZA010101", year=2025, serial=7, volume=1)
    file = content.files.add(
        key=key, code=f"{DEPARTMENT}ZA0101012025000007", title=draw(some), form=1, end_year=2025, retention=draw(st.integers(1, 8)),
        keeping_method=draw(text), display_until=draw(day), person_in_charge=draw(text), record_count=draw(st.integers(0, 99)),
        taken_over=draw(st.booleans()),
    )  # fmt: skip
    if file.taken_over:
        file.previous_key.CopyFrom(key)
    if draw(st.booleans()):
        file.amendments.append(draw(amendments()))
    for serial in range(1, draw(st.integers(2, 4))):
        content.records.append(draw(records(serial, key, blobs, files=transfer)))
    if transfer:
        content.agency.name, content.corrects_transfer_id = draw(text), draw(st.sampled_from(["", "0197-old"]))
    if draw(st.booleans()):
        line = content.distributions.add(
            record_id="0197-1", year=2025, number=draw(st.integers(0, 99)), title=draw(text)
        )
        line.receiver.code, line.person = DEPARTMENT, draw(text)
        line.distributed_at.FromSeconds(1_740_000_000 // 60 * 60)
        line.accepted_at.FromSeconds(1_740_000_000 // 60 * 60 + 60 * draw(st.integers(0, 300_000)))
    return content


def handed_over(content: pb.RecordsContent) -> pb.RecordsHandedOver:
    data = content.SerializeToString(deterministic=True)
    message = pb.RecordsHandedOver(transfer_id=content.transfer_id, content=data)
    message.seal.digest, message.seal.name = hashlib.sha256(data).digest(), "최민아"
    message.seal.sealed_at.FromSeconds(1_750_000_000)
    return message


def plain(kind: int = pb.HAND_OVER_KIND_TRANSFER) -> tuple[pb.RecordsContent, dict[bytes, bytes]]:
    data = b"%PDF-"
    sha256 = hashlib.sha256(data).digest()
    content = pb.RecordsContent(transfer_id="0197b0de-2", kind=kind, year=2025)
    content.agency.code, content.department.code, content.department.name = "1310000", DEPARTMENT, "행정제도과"
    content.made_at.FromSeconds(1_750_000_000)
    record = content.records.add(
        record_id="0197-1", kind=1, title="제목", retention=4, form=1, completed_on="2025-03-02"
    )
    record.registration.CopyFrom(
        doc.RegistrationNumber(department_code=DEPARTMENT, year=2025, serial=3, text="행정제도과-3", date="2025-03-02")
    )
    record.disclosure.level = 1
    part = record.components.add(role=1, extension="pdf")
    part.file.CopyFrom(doc.Attachment(sha256=sha256, size=len(data), name="a.pdf"))
    return content, {sha256: data}


def encoded(content: pb.RecordsContent, blobs: dict[bytes, bytes]) -> Item:
    result = ADAPTER.encode([Outgoing(handed_over(content), blobs)])
    assert dict(result.rejected) == {}
    return result.items[0]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_transfer_goes_round_whole_with_its_files(data):
    blobs: dict[bytes, bytes] = {}
    message = handed_over(data.draw(contents(pb.HAND_OVER_KIND_TRANSFER, blobs)))
    result = ADAPTER.encode([Outgoing(message, blobs)])
    assert (dict(result.rejected), result.findings) == ({}, ())
    record = ADAPTER.decode(result.items[0]).records[0]
    assert record.findings == ()
    assert record.message == message
    assert record.blobs == blobs
    assert ADAPTER.encode([Outgoing(record.message, record.blobs)]).items == result.items


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_report_goes_round_without_its_seal(data):
    message = handed_over(data.draw(contents(pb.HAND_OVER_KIND_PRODUCTION_REPORT, {})))
    result = ADAPTER.encode([Outgoing(message)])
    assert (dict(result.rejected), [finding.field for finding in result.findings]) == ({}, ["seal"])
    record = ADAPTER.decode(result.items[0]).records[0]
    assert record.findings == ()
    assert record.message.content == message.content


def test_the_files_of_a_transfer_bear_their_names_and_come_before_the_end():
    content, blobs = plain()
    content.records[0].components.add(role=2, sequence=1, extension="hwpx").file.CopyFrom(
        content.records[0].components[0].file
    )
    item = encoded(content, blobs)
    names = [file.name for file in read_control(item.parts["exchange.xml"], "exchange.xml")[0].files]
    assert list(item.parts)[-1] == "exchange.xml"
    assert [name.split("_", 1)[-1][:-17] for name in names if name.endswith(".txt")] == [
        "TRANS_DOC", "TRANS_PAGE", "TRANS_EFILE", "TRANS_END",
    ]  # fmt: skip
    assert names[-3:-1] == ["2025Z31010100000300N.pdf", "2025Z31010100000301S.hwpx"]
    assert item.name == "Z310101_TRANS_250616000640_0197b0de-2"


def amend(record: pb.RecordItem) -> None:
    record.amendments.add(reason="사유").fields.add(field="disclosure", before="1", after="3")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda c: setattr(c.records[0].disclosure, "reason", "개인정보"), "records.disclosure.reason"),
        (lambda c: amend(c.records[0]), "records.amendments.fields"),
        (lambda c: setattr(c.records[0].registration, "text", "제도과-3"), "records.registration.text"),
        (lambda c: setattr(c.records[0], "enforced_on", "2025-03-03"), "records.enforced_on"),
        (lambda c: setattr(c.records[0], "summary", "두 줄\n요약"), "records.summary"),
    ],
)
def test_what_has_no_column_is_left_behind_and_told(change, field):
    content, blobs = plain()
    change(content)
    result = ADAPTER.encode([Outgoing(handed_over(content), blobs)])
    assert not result.rejected
    assert [(finding.code, finding.field, finding.severity) for finding in result.findings] == [
        ("value-not-carried", field, "loss")
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda c: setattr(c.records[0], "title", "두 줄\n제목"), "cell-unwritable"),
        (lambda c: setattr(c.records[0], "counterpart", "널\0수신자"), "cell-unwritable"),
        (lambda c: setattr(c.records[0], "title", "😀"), "char-unencodable"),
        (lambda c: setattr(c.records[0].registration, "serial", 1_000_000), "pattern-mismatch"),
        (lambda c: setattr(c.records[0].registration, "year", 2024), "value-not-carried"),
        (lambda c: setattr(c.records[0], "approver", "가/나"), "value-not-carried"),
        (lambda c: setattr(c.records[0], "attachment_number", 100), "value-unmapped"),
        (lambda c: setattr(c.records[0].components[0], "pages", 1000), "digits-invalid"),
        (lambda c: setattr(c.records[0].components[0].file, "size", 9), "value-not-carried"),
        (lambda c: setattr(c.records[0].components[0].file, "sha256", b""), "attachment-missing"),
        (lambda c: c.records.append(c.records[0]), "part-listed-twice"),
        (lambda c: setattr(c, "kind", 0), "value-missing"),
        (lambda c: c.ClearField("made_at"), "value-missing"),
        (lambda c: c.ClearField("records"), "value-missing"),
        (lambda c: setattr(c.department, "code", "../x"), "pattern-mismatch"),
    ],
)
def test_what_would_be_another_hand_over_is_not_written(change, code):
    content, blobs = plain()
    change(content)
    result = ADAPTER.encode([Outgoing(handed_over(content), blobs)])
    assert not result.items
    assert code in {finding.code for finding in result.rejected[0]}


def test_signs_the_character_set_lacks_are_replaced_where_nobody_can_correct_them():
    content, blobs = plain()
    content.records[0].counterpart = "가\u2027나"
    content.records[0].components[0].file.name = "붙임😀.pdf"
    result = ADAPTER.encode([Outgoing(handed_over(content), blobs)])
    assert [(finding.code, finding.field, finding.params["put"]) for finding in result.findings] == [
        ("char-substituted", "records[1].counterpart", "\u00b7"),
        ("char-substituted", "records[1].components[1].file.name", "\u3013"),
    ]
    got = pb.RecordsContent.FromString(ADAPTER.decode(result.items[0]).records[0].message.content)
    assert (got.records[0].counterpart, got.records[0].components[0].file.name) == ("가\u00b7나", "붙임\u3013.pdf")


def test_what_cannot_be_written_is_told_with_its_row():
    content, blobs = plain()
    content.records[0].title = "두 줄\n제목"
    [finding] = ADAPTER.encode([Outgoing(handed_over(content), blobs)]).rejected[0]
    assert (finding.code, finding.field) == ("cell-unwritable", "DOC[1].제목")


def test_what_is_not_what_was_sealed_is_not_written():
    content, blobs = plain()
    message = handed_over(content)
    content.records[0].title = "다른 제목"
    message.content = content.SerializeToString(deterministic=True)
    assert [finding.code for finding in ADAPTER.encode([Outgoing(message, blobs)]).rejected[0]] == ["seal-differs"]


def spoiled(item: Item, part: str, change) -> Item:
    """Change a file and the list with it."""
    parts = dict(item.parts)
    name = next(name for name in parts if part in name)
    parts[name] = change(parts[name])
    control, _ = read_control(parts["exchange.xml"], "x")
    files = tuple(ListedFile(file.name, len(parts[file.name]), file.path) for file in control.files)
    return Item(item.name, {**parts, "exchange.xml": write_control(dataclasses.replace(control, files=files))})


@pytest.mark.parametrize(
    ("part", "change", "code"),
    [
        ("00N.pdf", lambda data: data + b"x", "efile-differs"),
        ("_EFILE_", lambda data: data.replace(b"2025", b"2024", 1), "records-key-unknown"),
        ("_PAGE_", lambda data: data + data.replace(b"000003", b"000009"), "records-key-unknown"),
        ("_END_", lambda data: data.replace(b"\x001\x001\x00", b"\x002\x001\x00"), "trailer-count-mismatch"),
        ("_DOC_", lambda data: data.replace(b"20250302", b"20251302", 1), "date-invalid"),
        ("_DOC_", lambda data: data[:-20] + b"\n", "cells-missing"),
    ],
)
def test_a_transfer_with_a_fault_anywhere_is_refused_as_a_whole(part, change, code):
    record = ADAPTER.decode(spoiled(encoded(*plain()), part, change)).records[0]
    assert record.message is None
    assert code in {finding.code for finding in record.findings}


def test_a_file_nobody_lists_or_that_is_not_there_refuses_a_transfer():
    item = encoded(*plain())
    pdf = next(name for name in item.parts if name.endswith("N.pdf"))
    for parts, code in (
        ({**item.parts, "더.pdf": b"x"}, "part-unlisted"),
        ({name: data for name, data in item.parts.items() if name != pdf}, "part-missing"),
        ({**item.parts, pdf: b""}, "part-shorter"),
    ):
        decoded = ADAPTER.decode(Item(item.name, parts))
        assert decoded.records[0].message is None
        assert [finding.code for finding in decoded.records[0].findings] == [code]


faults = st.builds(
    pb.RecordFault,
    registration_key=st.just("Z3101012025000003"),
    field=text,
    code=st.sampled_from(["00102", "99999"]),
    reason=text,
)


@settings(max_examples=30, deadline=None)
@given(st.lists(faults, max_size=3), some, moment, st.sampled_from([1, 2]))
def test_answers_go_round(found, reason, when, kind):
    for outcome in (pb.HAND_OVER_OUTCOME_ACCEPTED, pb.HAND_OVER_OUTCOME_RETURNED):
        accepted = outcome == pb.HAND_OVER_OUTCOME_ACCEPTED
        answer = pb.HandOverAnswered(
            transfer_id="0197-1", outcome=outcome, code="00000" if accepted else "90000", reason=reason,
            department_code=DEPARTMENT, kind=kind, faults=[] if accepted else found,
        )  # fmt: skip
        answer.happened_at.FromSeconds(when)
        answer.made_at.FromSeconds(when - 60)
        answer.origin.agency_code = "1310000"
        result = ADAPTER.encode([Outgoing(answer)])
        assert (dict(result.rejected), result.findings) == ({}, ())
        record = ADAPTER.decode(result.items[0]).records[0]
        got = record.message
        assert got.origin.natural_key == record.natural_key != ""
        got.origin.natural_key = ""
        assert [fault.meaning.code for fault in got.faults] == [
            "records-field-invalid" if fault.code == "00102" else "" for fault in answer.faults
        ]
        for fault in got.faults:
            fault.ClearField("meaning")
        assert got == answer
        assert ADAPTER.encode([Outgoing(got)]).items == result.items


def transmission(files: dict[str, bytes], div: str) -> Item:
    listed = tuple(ListedFile(name, len(data)) for name, data in files.items())
    return Item("i", {**files, "exchange.xml": write_control(Control(org_code="1310000", work_div=div, files=listed))})


@pytest.mark.parametrize(
    ("about", "key", "got"),
    [
        ("D", "2025Z310101000012", ("Z3101012025000012", "")),
        ("F", "Z310101ZA0101012025000001", ("", "Z310101ZA0101012025000001")),
        ("F", "Z310101ZA0101012025000001001", ("", "Z310101ZA0101012025000001")),
        ("D", "2025-12", None),
        ("F", "", None),
    ],
)
def test_a_fault_names_its_record_as_the_lists_do(about, key, got):
    cells = [DEPARTMENT, "", "k1", "", about, key, "TITLE", "00102", "", "20260601090000"]
    name = f"{DEPARTMENT}_PROD_RETURN_260601090000.txt"
    [record] = ADAPTER.decode(transmission({name: "\0".join(cells).encode() + b"\n"}, "transfer")).records
    if got is None:
        assert [finding.code for finding in record.findings] == ["pattern-mismatch"]
    else:
        assert (record.message.faults[0].registration_key, record.message.faults[0].file_code) == got


def test_what_was_distributed_in_december_and_accepted_in_january_keeps_its_days():
    content, blobs = plain()
    line = content.distributions.add(record_id="0197-1", year=2025, title="제목")
    line.distributed_at.FromJsonString("2024-12-31T08:00:00Z")
    line.accepted_at.FromJsonString("2025-01-02T00:30:00Z")
    result = ADAPTER.encode([Outgoing(handed_over(content), blobs)])
    assert [finding.field for finding in result.findings] == ["distributions.year"]
    [got] = pb.RecordsContent.FromString(ADAPTER.decode(result.items[0]).records[0].message.content).distributions
    assert (got.distributed_at, got.accepted_at, got.year) == (line.distributed_at, line.accepted_at, 2024)


def test_two_answers_in_one_file_are_two():
    cells = [DEPARTMENT, "", "{}", "", "A", "", "", "90000", "", "20260601090000"]
    line = "\0".join(cells) + "\n"
    data = "".join(line.format(key) for key in ("k1", "k1", "k2")).encode()
    records = ADAPTER.decode(transmission({f"{DEPARTMENT}_PROD_RETURN_260601090000.txt": data}, "transfer")).records
    assert [record.message.transfer_id for record in records] == ["k1", "k2"]
    assert b"\n".join(record.raw for record in records) + b"\n" == data


def test_unit_tasks_and_classes_are_accounted_for_one_by_one():
    name = f"{DEPARTMENT}_NEW_UNIT_FILE_260102090000.txt"
    row = b"\0".join([b"Z310101", b"ZA010103", b"x", b"10", b"20260101", b"N"]) + b"\n"
    decoded = ADAPTER.decode(transmission({name: row * 3}, "classify"))
    assert [[finding.code for finding in record.findings] for record in decoded.records] == [["tasks-not-taken"]] * 3
    views = {view.name: view.value for view in ADAPTER.fields(decoded.records[0].raw, name)}
    assert views["단위과제"] == "ZA010103"


def test_a_control_file_that_does_not_say_what_is_answered_refuses_the_answer():
    name = f"{DEPARTMENT}_PROD_ACCEPT_260601090000.txt"
    data = b"\0".join([b"Z310101", b"", b"k", b"", b"00000", b"", b"20260601090000"]) + b"\n"
    record = ADAPTER.decode(transmission({name: data}, "other")).records[0]
    assert [finding.code for finding in record.findings] == ["code-unknown"]
