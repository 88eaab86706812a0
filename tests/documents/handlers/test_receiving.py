"""Requests of legacy systems: accepted once, refused with every reason, corrected only while no line decides on them."""

import asyncio

import pytest

from chassis.messaging.inbox import Inbox
from onnara.documents.v1.events_pb2 import DocumentSubmitted
from onnara.exchange.v1 import official_document_pb2 as pb
from onnara.exchange.v1.events_pb2 import RequestRefused
from support.documents_cards import (
    ABROAD_CODE,
    HOME,
    PARKS,
    RETURNED,
    ROADS,
    SYSTEM,
    incoming,
    line_changed,
    line_refused,
    official,
    paper,
    recipient,
    request,
    step,
    usual_steps,
)

LONG = "가" * 501
DRAFT, REVIEW, DECIDE, AFTER = pb.STEP_ROLE_DRAFT, pb.STEP_ROLE_REVIEW, pb.STEP_ROLE_DECIDE, pb.STEP_ROLE_AFTER
CLOSED = pb.DISCLOSURE_LEVEL_CLOSED


async def test_a_request_becomes_a_document_in_its_line(documents) -> None:
    await documents.take(request("A1"))
    card = await documents.card("A1")
    assert (card["state"], card["agency_id"], card["department_code"]) == ("in-path", HOME, ROADS)
    assert (card["author_id"], card["drafter_name"]) == (official("drafter"), "drafter")
    [event] = await documents.events(DocumentSubmitted)
    assert (event.document_id, event.line_id) == (str(card["id"]), str(card["line_id"]))
    assert (event.manifest_hash, event.has_recipients) == (card["manifest_hash"], True)
    assert event.directory_version == documents.parts.replica.snapshot.version
    assert [each.person.official_id for each in event.steps] == [official(n) for n in ("drafter", "reviewer", "chief")]
    [manifest] = await documents.rows("manifest")
    assert (manifest["document_id"], manifest["hash"]) == (card["id"], card["manifest_hash"])
    [text] = await documents.rows("document_version")
    assert (text["body"], text["manifest_hash"]) == (paper().body, card["manifest_hash"])
    readers = {(row["token"], row["reader_agency"]) for row in await documents.rows("audience")}
    assert readers == {(f"official:{official(n)}", HOME) for n in ("drafter", "reviewer", "chief")}


async def test_what_was_done_before_is_what_the_system_says(documents) -> None:
    claimed = step(DRAFT, "drafter", outcome=pb.STEP_OUTCOME_SUBMITTED, asserted_by="somebody", manifest_hash=b"x" * 32)
    await documents.take(request("A1", steps=[claimed, *usual_steps()[1:]]))
    [event] = await documents.events(DocumentSubmitted)
    assert [(each.asserted_by, each.manifest_hash) for each in event.steps] == [(SYSTEM, b""), ("", b""), ("", b"")]


REFUSALS = {
    "title-missing": ({"title": " "}, "document.title"),
    "title-too-long": ({"title": LONG}, "document.title"),
    "nul-inside": ({"title": "a\x00b"}, "document.title"),
    "body-too-large": ({"body": "x" * (256 * 1024 + 1)}, "document.body"),
    "body-element-foreign": ({"body": "<p>a<script>b</script></p>"}, "document.body"),
    "body-active-content": ({"body": "<p onclick='x()'>a</p>"}, "document.body"),
    "body-not-well-formed": ({"body": "<p><a href='x>y</a></p>"}, "document.body"),
    "disclosure-missing": ({"disclosure": pb.Disclosure()}, "document.disclosure.level"),
    "disclosure-item-unknown": (
        {"disclosure": pb.Disclosure(level=CLOSED, items=[9], reason="r")}, "document.disclosure.items",
    ),
    "disclosure-item-missing": ({"disclosure": pb.Disclosure(level=CLOSED, reason="r")}, "document.disclosure.items"),
    "disclosure-item-of-open": ({"disclosure": pb.Disclosure(level=1, items=[5])}, "document.disclosure.items"),
    "disclosure-reason-missing": (
        {"disclosure": pb.Disclosure(level=CLOSED, items=[5])}, "document.disclosure.reason",
    ),
    "sender-name-missing": ({"sender_name": ""}, "document.sender_name"),
    "recipient-doubled": ({"recipients": [recipient(), recipient()]}, "document.recipients[1].code"),
    "recipient-code-invalid": ({"recipients": [recipient("가나다라마바사")]}, "document.recipients[0].code"),
    "recipient-unknown": ({"recipients": [recipient("T000000")]}, "document.recipients[0].code"),
    "attachment-hash-missing": ({"attachments": [pb.Attachment(name="a")]}, "document.attachments[0].sha256"),
    "unknown-official": (
        {"steps": [*usual_steps()[:1], step(DECIDE, "nobody")]}, "document.steps[1].person",
    ),
    "draft-step-missing": ({"steps": usual_steps()[1:]}, "document.steps"),
    "final-step-missing": ({"steps": usual_steps()[:2]}, "document.steps"),
    "final-step-doubled": ({"steps": [*usual_steps(), step(DECIDE, "chief")]}, "document.steps"),
    "final-step-not-last": ({"steps": [*usual_steps(), step(REVIEW, "reviewer")]}, "document.steps"),
    "final-step-decided": (
        {"steps": [*usual_steps()[:2], step(DECIDE, "chief", outcome=pb.STEP_OUTCOME_APPROVED)]}, "document.steps",
    ),
    "step-kind-unknown": ({"steps": [*usual_steps(), step(99, "reviewer")]}, "document.steps[3].role"),
    "unknown-task": ({"task": pb.Task(code="A9999999")}, "document.task.code"),
    "department-unknown": (
        {"sender": pb.Sender(agency=pb.Unit(code="T310000"), department=pb.Unit(code="T990101"))},
        "document.sender.department.code",
    ),
    "agency-unknown": ({"sender": pb.Sender(agency=pb.Unit(code="T777777"))}, "document.sender.agency.code"),
    "client-system-not-allowed": ({"sender": pb.Sender(agency=pb.Unit(code=ABROAD_CODE))}, "origin.system"),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSALS)
async def test_every_rule_refuses_by_its_own_name(documents, code) -> None:
    changes, field = REFUSALS[code]
    await documents.take(request("bad", **changes), request("good"))
    [refused] = await documents.events(RequestRefused)
    assert (code, field) in [(error.code, error.field) for error in refused.errors]
    assert (refused.stage, refused.origin.natural_key) == ("documents", "bad")
    # The refusal stays in the inbox too, and the good one beside it went its way.
    [stored] = await documents.refusals()
    assert stored == [error.code for error in refused.errors]
    assert (await documents.card("good"))["state"] == "in-path"
    assert (await documents.card("bad"), await documents.parked()) == (None, [])


async def test_a_task_of_another_department_is_refused(documents, government) -> None:
    from documents.translate import directory as kinds
    from onnara.directory.v1.events_pb2 import TaskData

    government.add(kinds.TASK, "B0000001", TaskData(code="B0000001", name="공원", department_codes=[PARKS]))
    await documents.parts.replica.catch_up()
    await documents.take(request("bad", task=pb.Task(code="B0000001")))
    assert await documents.refusals() == [["task-of-another-department"]]


async def test_an_abolished_recipient_is_refused_with_its_successors(documents, government) -> None:
    from datetime import date

    from documents.translate import directory as kinds
    from onnara.directory.v1.events_pb2 import UnitData

    old = UnitData(unit_id="old", code="T555555", agency_id="old", is_agency=True, successor_codes=[ABROAD_CODE])
    government.add(kinds.UNIT, "old", old, valid_to=date(2024, 1, 1))
    await documents.parts.replica.catch_up()
    await documents.take(request("bad", recipients=[recipient("T555555")]))
    [refused] = await documents.events(RequestRefused)
    assert [(e.code, dict(e.params)) for e in refused.errors] == [
        ("recipient-abolished", {"code": "T555555", "successors": ABROAD_CODE})
    ]


async def test_a_system_without_a_name_speaks_for_nobody(documents) -> None:
    await documents.take(request("bad", origin_changes={"system": "", "endpoint": ""}))
    assert "client-system-not-allowed" in (await documents.refusals())[0]


async def test_no_problem_hides_another(documents) -> None:
    sender = pb.Sender(agency=pb.Unit(code="T777777"))
    await documents.take(request("bad", sender=sender, title="", body="<video/>", steps=usual_steps()[:2]))
    [found] = await documents.refusals()
    assert found == ["agency-unknown", "final-step-missing", "title-missing", "body-element-foreign"]


async def test_the_same_record_under_other_message_ids_makes_one_document(documents) -> None:
    await documents.take(request("A1"), request("A1"))
    await documents.take(request("A1"))
    assert [len(await documents.rows(table)) for table in ("document", "manifest", "journal")] == [1, 1, 1]
    assert (await documents.refusals(), await documents.parked()) == ([], [])


async def test_replicas_that_get_the_same_records_at_once_make_each_document_once(documents) -> None:
    messages = [request(f"A{number}") for number in range(40)]
    inbox, taking = Inbox(documents.parts.worker), documents.subscription(messages[0])
    orders = (messages, messages[::-1], messages[20:] + messages[:20])
    await asyncio.gather(*(inbox.handle(taking, [incoming(each) for each in order]) for order in orders))
    assert [len(await documents.rows(table)) for table in ("document", "journal", "parked")] == [40, 40, 0]


async def test_one_record_twice_at_the_same_moment_is_one_document(documents) -> None:
    inbox, taking = Inbox(documents.parts.worker), documents.subscription(request("A1"))
    for number in range(10):
        one = request(f"A{number}")
        await asyncio.gather(*(inbox.handle(taking, [incoming(one)]) for _ in range(4)))
    assert [len(await documents.rows(table)) for table in ("document", "parked")] == [10, 0]


async def test_a_revision_is_taken_while_no_document_stands(documents) -> None:
    await documents.take(request("A1", 1, title=""))
    await documents.take(request("A1", 2))
    assert (await documents.card("A1"))["origin_revision"] == 2
    # What came before is over: neither refused again nor taken.
    await documents.take(request("A1", 1, title=""))
    assert (len(await documents.rows("document")), len(await documents.refusals())) == (1, 1)


async def test_nothing_is_swapped_under_a_line_that_decides(documents) -> None:
    await documents.take(request("A1", 1))
    before = await documents.card("A1")
    await documents.take(request("A1", 2, title="다른 제목"))
    assert await documents.refusals() == [["request-already-submitted"]]
    assert await documents.card("A1") == before


@pytest.mark.parametrize("end", ["refused", "returned"])
async def test_what_came_back_may_come_again(documents, end) -> None:
    await documents.take(request("A1", 1))
    first = await documents.card("A1")
    await documents.take(line_refused(first) if end == "refused" else line_changed(first, 2, RETURNED))
    # The same revision again is the same record; it does not go round.
    await documents.take(request("A1", 1))
    assert len(await documents.rows("document")) == 1
    await documents.take(request("A1", 2, title="고친 제목"), request("A1", 3, title="또 고친 제목"))
    states = [(row["state"], row["title"]) for row in await documents.rows("document", "id")]
    assert states == [(end, "도로 점용 허가"), ("in-path", "고친 제목")]
    assert await documents.refusals() == [["request-already-submitted"]]
    assert (await documents.card("A1"))["line_id"] != first["line_id"]
