"""Projects by SOAP: the round trip as a property in every generation, files in every way, what toolkits do, what is refused."""

import base64
import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import catalogue
from adapters.contract import Item, Outgoing
from adapters.formats.findings import FormatError
from adapters.formats.soap.model import Message, Part, Reference, Typed
from adapters.formats.soap.shape import BODY, GENERATIONS, TYPE
from adapters.formats.soap.write import write
from adapters.formats.xhtml import validate
from onnara.exchange.v1.events_pb2 import RequestStatus, ResultReported
from onnara.exchange.v1.official_document_pb2 import StepMode, StepOutcome, StepRole

ADAPTER = catalogue.load("most_projects")
NAMESPACE = "urn:most:projects:approval"
letters = st.sampled_from([chr(point) for point in range(0xAC00, 0xD7A4, 13)] + list("AZaz09.,-()[]<>&\"'·△%=+"))
words = st.lists(st.text(letters, min_size=1, max_size=4), min_size=1, max_size=4).map(" ".join)
moments = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)).map(
    lambda each: f"{each:%Y-%m-%dT%H:%M:%S}+09:00"
)
days = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)).map(str)
amounts = st.integers(0, 10**15).map(str)
optional = st.just("")
files = st.lists(st.tuples(words.map(lambda name: f"{name}.pdf"), st.binary(min_size=1, max_size=60)), max_size=3)
requests = st.fixed_dictionaries(
    {
        "project": st.fixed_dictionaries(
            {
                "number": st.from_regex(r"[0-9A-Z-]{6,20}", fullmatch=True), "round": st.integers(1, 99).map(str), "title": words,
                "program": st.sampled_from(["NR", "FR", "BS", "IC"]), "institute": words, "leader": words, "begins": days,
                "ends": days, "amount": amounts, "summary": st.lists(words, min_size=1, max_size=3).map("\n".join),
            }
        ),
        "approval": st.fixed_dictionaries(
            {
                "department": st.just("Z350101"), "requestedAt": moments, "task": st.just("ZD010101"),
                "retention": optional | st.sampled_from(["1", "10", "99"]), "disclosure": st.from_regex(r"[123][YN]{8}", fullmatch=True),
                "closedReason": optional | words, "receiver": optional | st.just("1310000"),
            }
        ),
        "budgets": st.lists(
            st.fixed_dictionaries({"year": st.integers(1990, 2099).map(str), "item": words, "amount": amounts}), min_size=1, max_size=3
        ),
        "participants": st.lists(
            st.fixed_dictionaries({"number": st.from_regex(r"[0-9]{8}", fullmatch=True), "name": words, "position": optional | words}), max_size=3
        ),
        "approvalLine": st.lists(
            st.fixed_dictionaries(
                {"kind": st.sampled_from(["검토", "협조", "결재", "전결"]), "userId": st.from_regex(r"MOST[0-9]{4}", fullmatch=True), "actedAt": optional | moments}
            ),
            min_size=1, max_size=4,
        ),
    }
)  # fmt: skip


def request(**change: Any) -> dict[str, Any]:
    """A whole request; `project__title="…"` changes a part, None leaves it out."""
    values: dict[str, Any] = {
        "project": {
            "number": "2026-NR-0042", "round": "1", "title": "양자점 소자", "program": "NR", "institute": "가람연구원", "leader": "홍가람",
            "begins": "2027-01-01", "ends": "2027-12-31", "amount": "1000000", "summary": "소자를 만든다.",
        },
        "approval": {"department": "Z350101", "requestedAt": "2026-11-23T09:30:00+09:00", "task": "ZD010101", "disclosure": "1NNNNNNNN"},
        "budgets": {"budget": [{"year": "2027", "item": "인건비", "amount": "1000000"}]},
        "approvalLine": {"signer": [{"kind": "기안", "userId": "MOST0101"}, {"kind": "전결", "userId": "MOST0103"}]},
    }  # fmt: skip
    for path, value in change.items():
        *above, last = path.split("__")
        at = values
        for name in above:
            at = at[name]
        at[last] = value
    return values


def item(values: Any, generation: str = "document-1.1", parts: Any = None, *, operation: str = "submitProject") -> Item:
    style, version = GENERATIONS[generation]
    body, kind = write(Message(operation, NAMESPACE, {"request": values}, version, style, attachments=parts or {}))
    return Item("call", {BODY: body, TYPE: kind.encode()})


def decoded(came: Item) -> Any:
    [record] = ADAPTER.decode(came).records
    return record


def codes(came: Item) -> dict[str | None, str]:
    return {finding.field: finding.code for finding in decoded(came).findings}


def wrapped(values: dict[str, Any], generation: str) -> dict[str, Any]:
    """Lists as the generation has them: arrays, or entries within an element."""
    if generation.startswith("rpc"):
        return values
    names = {"budgets": "budget", "participants": "participant", "approvalLine": "signer"}
    return {key: {names[key]: value} if key in names else value for key, value in values.items()}


@settings(max_examples=40, deadline=None)
@given(requests, st.sampled_from(sorted(GENERATIONS)), files)
def test_a_request_goes_round_in_every_generation(values, generation, kept):
    listed = [{"fileName": name, "content": Reference(f"f{at}")} for at, (name, _) in enumerate(kept)]
    parts = {f"f{at}": Part(data, "application/pdf") for at, (_, data) in enumerate(kept)}
    values["attachments"] = listed if generation.startswith("rpc") else {"attachment": listed}
    first = decoded(item(wrapped(values, generation), generation, parts))
    assert not first.findings
    assert [(each.name, each.size) for each in first.message.document.attachments] == [(n, len(d)) for n, d in kept]
    assert first.natural_key == f"{values['project']['number']}/{values['project']['round']}"
    assert first.message.origin.natural_key.endswith(generation)
    assert validate(first.message.document.body) == []
    back = ADAPTER.encode([Outgoing(first.message, first.blobs)])
    assert (dict(back.rejected), back.findings) == ({}, ())
    again = decoded(back.items[0])
    assert (again.message, dict(again.blobs)) == (first.message, dict(first.blobs))
    assert ADAPTER.encode([Outgoing(again.message, again.blobs)]).items[0].parts == back.items[0].parts


steps = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, 5]), st.sampled_from(["SUBMITTED", "APPROVED", "RETURNED", "AGREED"]), optional | words),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(GENERATIONS)), st.sampled_from([1, 2, 3]), steps)
def test_an_answer_goes_round_in_the_generation_of_the_question(generation, status, line):
    answer = ResultReported(status=status, title="제목")
    answer.origin.natural_key, answer.origin.agency_code = f"2026-NR-0042/1/{generation}", "Z350000"
    answer.origin.system, answer.origin.notification = "most-projects", 2
    answer.reported_at.FromJsonString("2026-11-24T02:10:00Z")
    for order, (role, outcome, opinion) in enumerate(line, 1):
        mode = StepMode.STEP_MODE_OWN if role == StepRole.STEP_ROLE_DECIDE else StepMode.STEP_MODE_NORMAL
        mode = StepMode.STEP_MODE_SERIAL if role == StepRole.STEP_ROLE_COOPERATE else mode
        step = answer.steps.add(order=order, role=role, mode=mode, outcome=StepOutcome.Value(f"STEP_OUTCOME_{outcome}"))
        step.person.external_id, step.opinion = "MOST0101", opinion
    if status == RequestStatus.REQUEST_STATUS_REGISTERED:
        answer.registration.text, answer.registration.serial, answer.registration.year = "연구개발조정과-41", 41, 2026
    made = ADAPTER.encode([Outgoing(answer)])
    assert (dict(made.rejected), made.findings) == ({}, ())
    assert decoded(made.items[0]).message == answer
    assert b"encodingStyle" in made.items[0].parts[BODY] or not generation.startswith("rpc")


PDF = b"%PDF-1.4\n"


@pytest.mark.parametrize(
    ("entry", "parts"),
    [
        ({"fileName": "요약.pdf", "content": Reference("f")}, {"f": Part(PDF, "application/pdf")}),
        ({"content": Reference("f")}, {"f": Part(PDF, "application/pdf", "요약.pdf")}),
        ({"fileName": "C:\\연구\\요약.pdf", "content": base64.b64encode(PDF).decode()}, {}),
        (None, {"f": Part(PDF, "application/pdf", "요약.pdf")}),
    ],
)
def test_a_file_is_an_attachment_however_it_came(entry, parts):
    record = decoded(item(request(attachments={"attachment": [entry]} if entry else None), parts=parts))
    [file] = record.message.document.attachments
    assert (file.name, record.blobs[file.sha256]) == ("요약.pdf", PDF)


@pytest.mark.parametrize(
    ("path", "sent", "kept"),
    [
        ("approval__requestedAt", "2026-11-22T15:30:00Z", "2026-11-23 00:30:00"),
        ("approval__requestedAt", "2026-11-23T24:00:00", "2026-11-24 00:00:00"),
        ("approval__requestedAt", "2026-11-23T09:30:00.999-03:30", "2026-11-23 22:00:00"),
        ("project__begins", "2026-12-31T15:00:00.000Z", "2027-01-01"),
        ("project__begins", "2027-01-01-05:00", "2027-01-01"),
        ("project__begins", "20270101", "2027-01-01"),
        ("project__amount", "7.5E8", "750000000"),
        ("project__amount", "1000000.00", "1000000"),
    ],
)
def test_a_value_means_what_its_place_says_whatever_its_type_claims(path, sent, kept):
    record = decoded(item(request(**{path: Typed(sent, "base64Binary")}), "rpc-1.1"))
    names = {"approval__requestedAt": "requested_at", "project__begins": "begins", "project__amount": "amount"}
    assert record.message.document.extensions[f"most_projects.{names[path]}"] == kept


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"project__leader": None}, "project.leader", "value-missing"),
        ({"approval__task": None}, "approval.task", "value-missing"),
        ({"project__round": "0"}, "project.round", "digits-invalid"),
        ({"project__amount": "1E99"}, "project.amount", "amount-invalid"),
        ({"project__begins": "2027-02-30"}, "project.begins", "date-invalid"),
        ({"project__title": ["하나", "둘"]}, "project.title", "soap-value-repeated"),
        ({"project__title": {"text": "하나"}}, "project.title", "soap-value-structured"),
        ({"project": "2026-NR-0042"}, "project", "soap-value-structured"),
        ({"budgets": None}, "budgets", "value-missing"),
        ({"budgets": {"budget": [{"year": "2027", "item": "인건비"}]}}, "budgets[1].amount", "value-missing"),
        ({"budgets": {"budget": [{"year": "내년", "item": "가", "amount": "1"}]}}, "budgets[1].year", "digits-invalid"),
        ({"budgets": {"budget": ["인건비"]}}, "budgets[1]", "soap-value-structured"),
        ({"attachments": {"attachment": [{"fileName": "a.pdf"}]}}, "attachments[1].content", "attachment-missing"),
        ({"attachments": {"attachment": [{"fileName": "a", "content": "가"}]}}, "attachments[1].content", "soap-content-invalid"),
        ({"attachments": {"attachment": [{"content": "YQ=="}]}}, "attachments[1].fileName", "value-missing"),
        ({"attachments": {"attachment": [{"fileName": "a", "fileSize": "9", "content": "YQ=="}]}}, "attachments[1].fileSize", "soap-file-size-differs"),
        ({"approvalLine": {"signer": [{"kind": "최고", "userId": "MOST0101"}]}}, "approvalLine[1].kind", "code-unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_path(change, field, code):
    came = item(request(**change))
    assert codes(came)[field] == code
    assert decoded(came).message is None


def test_what_nobody_knows_is_told_and_refuses_nothing():
    came = item(request(project__grade="A", extra={"a": "b"}))
    assert codes(came) == {"project.grade": "soap-value-unexpected", "extra": "soap-value-unexpected"}
    assert decoded(came).message is not None


@pytest.mark.parametrize(
    ("came", "code"),
    [
        (item({}, operation="reportIt"), "soap-operation-unknown"),
        (Item("a", {"b": b"x", "c": b"y"}), "part-missing"),
        (Item("a", {BODY: b"<soap/>"}), "soap-envelope-missing"),
    ],
)
def test_what_is_no_call_of_theirs_is_unreadable(came, code):
    with pytest.raises(FormatError) as refusal:
        ADAPTER.decode(came)
    assert [finding.code for finding in refusal.value.findings] == [code]


def test_a_saved_file_is_an_item_too():
    whole = item(request(), parts={"f": Part(PDF, "application/pdf", "요약.pdf")})
    record = decoded(Item("saved.txt", {"saved.txt": whole.parts[BODY]}))
    assert [file.name for file in record.message.document.attachments] == ["요약.pdf"]


def test_what_somebody_added_to_the_line_or_the_files_is_never_left_out():
    record = decoded(item(request()))
    record.message.document.attachments.add(name="요약.pdf", sha256=b"0" * 32, size=1)
    assert {each.code for each in ADAPTER.encode([Outgoing(record.message)]).rejected[0]} == {"attachment-missing"}
    record.message.document.attachments[0].media_type = ""
    lost = ADAPTER.encode([Outgoing(record.message, {b"0" * 32: b"x"})])
    assert {each.code for each in lost.rejected[0]} == {"value-not-carried"}


def test_answers_of_one_batch_have_names_of_their_own():
    answer = ResultReported(status=RequestStatus.REQUEST_STATUS_RETURNED)
    answer.origin.natural_key = "2026-NR-0042/1/rpc-1.1"
    answer.reported_at.FromJsonString("2026-11-24T02:10:00Z")
    names = [each.name for each in ADAPTER.encode([Outgoing(answer), Outgoing(answer)]).items]
    assert len(set(names)) == 2
    assert all(name.isascii() and name.replace("-", "").replace("_", "").isalnum() for name in names)


def test_fields_that_others_refer_to_are_shown_under_the_name_of_the_referrer():
    [sample] = list((catalogue.folder("most_projects") / "samples" / "references" / "in").iterdir())
    raw = (sample / BODY).read_bytes()
    views = {view.name: view for view in ADAPTER.fields(raw, BODY)}
    assert (views["project.leader"].value, views["budgets[2].item"].value) == ("설다온", "재료비")
    assert views["project.institute"].label == "주관연구기관"
    assert raw[views["project.title"].offset :].startswith(views["project.title"].raw)


@pytest.mark.parametrize("sample", ["generations/in/C2", "references/in/A1", "newer/in/N2"])
@settings(max_examples=20, deadline=None)
@given(value=words)
def test_what_an_operator_types_into_a_field_is_read_as_typed(sample, value):
    folder = catalogue.folder("most_projects") / "samples"
    parts = {part: (folder / sample / part).read_bytes() for part in (BODY, TYPE)}
    raw = parts[BODY]
    [view] = [each for each in ADAPTER.fields(raw, BODY) if each.name == "project.institute"]
    parts[BODY] = raw[: view.offset] + ADAPTER.typed(value, view, raw) + raw[view.offset + len(view.raw) :]
    assert decoded(Item("call", parts)).message.document.extensions["most_projects.institute"] == value


def test_a_value_in_cdata_is_typed_as_it_is():
    raw = item(request(project__leader="자리")).parts[BODY].replace("자리".encode(), "<![CDATA[홍가람]]>".encode())
    [view] = [each for each in ADAPTER.fields(raw, BODY) if each.name == "project.leader"]
    assert view.value == "홍가람"
    assert ADAPTER.typed("a & 나", view, raw) == "a & 나".encode()


def test_the_bytes_of_a_file_are_not_shown():
    content = base64.b64encode(bytes(10_000)).decode()
    came = item(request(attachments={"attachment": [{"fileName": "a.bin", "content": content}]}))
    [view] = [each for each in ADAPTER.fields(came.parts[BODY], BODY) if each.name == "attachments[1].content"]
    assert len(view.raw) == len(view.value or "") == 60


def test_a_file_within_the_envelope_may_be_large():
    data = b"\x00\xff" * 4_000_000
    content = base64.b64encode(data).decode()
    record = decoded(item(request(attachments={"attachment": [{"fileName": "큰 파일.bin", "content": content}]})))
    assert [file.size for file in record.message.document.attachments] == [len(data)]
