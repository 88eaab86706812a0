"""Distributed, accepted, assigned, given back: by whom, with which number, and who sees it."""

import asyncio

import pytest

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from documents.domain.receiving import TABLE
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import ReadersChanged, ReceiptProgressed
from onnara.exchange.v1.events_pb2 import DeliveryStep, ReceiptReported
from onnara.exchange.v1.official_document_pb2 import RegistrationNumber
from support.documents_cards import HOME, HOME_CODE, PARKS, ROADS, TASK, official
from support.receiving import DOCS, who

ACCEPTED = DeliveryStep.DELIVERY_STEP_ACCEPTED


async def tokens(office, row) -> set[str]:
    rows = await office.documents.parts.worker.pool.fetch("SELECT * FROM audience WHERE document_id = $1", row["id"])
    found = {each["token"] for each in rows}
    assert f"records:{HOME}" in found
    return found - {f"records:{HOME}"}


@pytest.mark.parametrize(
    ("receiver", "state", "department"),
    [(HOME_CODE, "arrived", DOCS), (DOCS, "arrived", DOCS), (ROADS, "to-accept", ROADS)],
)
async def test_it_begins_with_the_document_department_or_with_the_department(
    office, receiver, state, department
) -> None:
    row = await office.arrived(receiver)
    assert (row["state"], row["department_code"]) == (state, department)
    assert await tokens(office, row) == {f"department:{department}"}
    receipt = await office.receipt(row["id"])
    assert (receipt["receiver_code"], receipt["arrived_at"]) == (receiver, office.documents.clock.now())


async def test_from_arrival_to_the_person_in_charge(office) -> None:
    row = await office.arrived()
    await office.act(
        "doc-clerk", "Distribute", row, department_code=ROADS, informed_department_codes=[PARKS], note="귀 과 소관"
    )
    answer = await office.act("clerk", "Accept", row, task_code=TASK)
    assert (answer.version, answer.registration.text, answer.registration.serial) == (3, "도로정책과-1", 1)
    await office.act(
        "clerk", "Assign", row, official_id=official("worker"), instruction="검토 보고", due_on="2026-12-31"
    )
    card, receipt = await office.card(row["id"]), await office.receipt(row["id"])
    assert (card["state"], card["version"], card["in_charge_id"]) == ("assigned", 4, official("worker"))
    assert (card["retention"], card["file_code"]) == (4, f"{ROADS}{TASK}2026000001")
    assert (receipt["informed"], receipt["task_code"], receipt["note"]) == ([PARKS], TASK, "귀 과 소관")
    assert (receipt["in_charge_name"], receipt["instruction"], receipt["due_on"]) == (
        "worker",
        "검토 보고",
        "2026-12-31",
    )
    assert await tokens(office, row) == {
        f"department:{DOCS}", f"department:{ROADS}", f"department:{PARKS}", f"official:{official('worker')}",
    }  # fmt: skip
    acts = [(e.act, e.version, e.state, e.department_code) for e in await office.documents.events(ReceiptProgressed)]
    assert acts == [
        ("distribute", 2, "to-accept", ROADS), ("accept", 3, "accepted", ROADS), ("assign", 4, "assigned", ROADS),
    ]  # fmt: skip
    [informed] = await office.documents.events(ReadersChanged)
    assert (informed.act, list(informed.tokens)) == ("inform", [f"department:{PARKS}"])


async def test_the_sender_is_told_the_number(office) -> None:
    row = await office.accepted()
    [told] = await office.documents.events(ReceiptReported)
    assert (told.step, told.registration.text, told.sender_document_id) == (
        ACCEPTED, "도로정책과-1", f"DCT-{told.origin.natural_key}",
    )  # fmt: skip
    assert (told.agency.code, told.department.code, told.department.name, told.person) == (
        HOME_CODE, ROADS, "도로정책과", "clerk",
    )  # fmt: skip
    assert (told.document_id, told.title) == (str(row["id"]), row["title"])


async def test_produced_and_received_documents_share_one_series(office) -> None:
    [produced] = await office.documents.registered("A1")
    await office.accepted()
    await office.documents.registered("A2")
    await office.accepted()
    rows = await office.documents.rows("registration", "serial")
    assert [row["text"] for row in rows] == [f"도로정책과-{n}" for n in range(1, 5)]
    assert [row["document_id"] == produced["id"] for row in rows] == [True, False, False, False]


async def test_of_twenty_clerks_one_accepts(office) -> None:
    row = await office.arrived(ROADS)
    version = (await office.card(row["id"]))["version"]
    answers = await asyncio.gather(
        *(
            office.act(("clerk", "clerk2")[n % 2], "Accept", row, task_code=TASK, expected_version=version)
            for n in range(20)
        ),
        return_exceptions=True,
    )
    won = [answer for answer in answers if not isinstance(answer, Exception)]
    assert (len(won), {type(answer) for answer in answers if answer not in won}) == (1, {ConflictError})
    assert [r["serial"] for r in await office.documents.rows("registration")] == [1]
    assert [r["n"] for r in await office.documents.rows("number_series")] == [1]
    assert len(await office.documents.events(ReceiptReported)) == 1


async def test_one_request_repeated_is_one_acceptance(office) -> None:
    row = await office.arrived(ROADS)
    version = row["version"]
    answers = await asyncio.gather(
        *(office.act("clerk", "Accept", row, "once", task_code=TASK, expected_version=version) for _ in range(8))
    )
    assert {answer.registration.text for answer in answers} == {"도로정책과-1"}


async def test_cards_accepted_side_by_side_have_numbers_of_their_own(office) -> None:
    rows = [await office.arrived(ROADS) for _ in range(10)]
    answers = await asyncio.gather(*(office.act("clerk", "Accept", row, task_code=TASK) for row in rows))
    assert sorted(answer.registration.serial for answer in answers) == list(range(1, 11))


async def test_each_department_addressed_has_a_card_and_a_number_of_its_own(office) -> None:
    roads, parks = await office.arrived(ROADS), await office.arrived(PARKS)
    first = await office.act("clerk", "Accept", roads, task_code=TASK)
    second = await office.act("parks-clerk", "Accept", parks, task_code=TASK)
    assert (first.registration.text, second.registration.text) == ("도로정책과-1", "공원과-1")


async def test_not_our_business_goes_back_and_to_another_department(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Distribute", row, department_code=ROADS)
    await office.act("clerk", "AskRedistribution", row, reason="공원과 소관", suggested_department_code=PARKS)
    card, receipt = await office.card(row["id"]), await office.receipt(row["id"])
    assert (card["state"], card["department_code"], receipt["passed_to"]) == ("redistribution-asked", DOCS, PARKS)
    with pytest.raises(ForbiddenError, match="act-not-yours"):
        await office.act("clerk", "Accept", row, task_code=TASK)
    await office.act("doc-clerk", "Distribute", row, department_code=PARKS)
    answer = await office.act("parks-clerk", "Accept", row, task_code=TASK)
    assert answer.registration.text == "공원과-1"


async def test_before_acceptance_the_document_department_may_give_it_to_another(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Distribute", row, department_code=ROADS)
    await office.act("doc-clerk", "Distribute", row, department_code=PARKS)
    await office.act("parks-clerk", "Accept", row, task_code=TASK)
    with pytest.raises(ConflictError, match="act-not-now"):
        await office.act("doc-clerk", "Distribute", row, department_code=ROADS)


REFUSED = [
    ("doc-clerk", "Distribute", HOME_CODE, {"department_code": "T990101"}, "department-unknown"),
    ("doc-clerk", "Distribute", HOME_CODE, {"department_code": ""}, "department-unknown"),
    (
        "doc-clerk", "Distribute", HOME_CODE, {"department_code": ROADS, "informed_department_codes": [ROADS]},
        "department-doubled",
    ),
    ("doc-clerk", "Distribute", HOME_CODE, {"department_code": ROADS, "note": "a\x00"}, "nul-inside"),
    ("clerk", "Accept", ROADS, {"task_code": "A9999999"}, "unknown-task"),
    ("clerk", "Accept", ROADS, {"task_code": ""}, "unknown-task"),
    ("clerk", "AskRedistribution", ROADS, {"reason": " "}, "reason-missing"),
    ("clerk", "AskRedistribution", ROADS, {"reason": "x", "suggested_department_code": "T990101"}, "department-unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "method", "receiver", "values", "code"), REFUSED)
async def test_what_cannot_be_is_refused(office, name, method, receiver, values, code) -> None:
    row = await office.arrived(receiver)
    with pytest.raises(InvalidError, match=code):
        await office.act(name, method, row, **values)
    assert (await office.card(row["id"]))["version"] == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"official_id": official("parks-clerk")}, "official-of-another-department"),
        ({"official_id": "nobody"}, "official-of-another-department"),
        ({}, "official-missing"),
        ({"official_id": official("worker"), "due_on": "tomorrow"}, "day-invalid"),
        ({"official_id": official("worker"), "due_on": "2020-01-01"}, "due-day-past"),
    ],
)
async def test_a_charge_is_given_to_somebody_of_the_department(office, values, code) -> None:
    row = await office.accepted()
    with pytest.raises(InvalidError, match=code):
        await office.act("clerk", "Assign", row, **values)


async def test_the_head_names_another(office) -> None:
    row = await office.assigned()
    await office.act("head", "Assign", row, official_id=official("clerk2"))
    assert (await office.card(row["id"]))["in_charge_id"] == official("clerk2")
    with pytest.raises(ForbiddenError, match="act-not-yours"):
        await office.act("worker", "Complete", row)


OUTSIDERS = {
    "doc-clerk": ForbiddenError, "worker": ForbiddenError, "parks-clerk": NotFoundError, "outsider": NotFoundError,
    "abroad": NotFoundError,
}  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_nobody_else_accepts(office, name) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Distribute", row, department_code=ROADS)
    with pytest.raises(OUTSIDERS[name]):
        await office.act(name, "Accept", row, task_code=TASK)
    with pytest.raises((ForbiddenError, NotFoundError)):
        await office.act("clerk", "Distribute", row, department_code=PARKS)


async def test_an_older_version_is_refused(office) -> None:
    row = await office.arrived(ROADS)
    with pytest.raises(ConflictError, match="document-moved-on"):
        await office.act("clerk", "Accept", row, task_code=TASK, expected_version=7)


async def test_a_small_agency_without_a_document_department_distributes_by_any_clerk(office, government) -> None:
    government.add_unit(HOME, HOME_CODE, "시험시", HOME, is_agency=True, served_here=True)
    await office.documents.parts.replica.catch_up()
    row = await office.arrived()
    assert await tokens(office, row) == {f"agency:{HOME}", f"department:{HOME_CODE}"}
    await office.act("parks-clerk", "Distribute", row, department_code=ROADS)
    await office.act("clerk", "AskRedistribution", row, reason="소관 아님")
    await office.act("clerk2", "Distribute", row, department_code=PARKS)
    assert (await office.card(row["id"]))["department_code"] == PARKS


async def test_the_card_says_what_became_of_it_and_what_one_may_do(office) -> None:
    came = RegistrationNumber(department_code="T990101", year=2026, serial=7, text="민원실-7", date="2026-05-10")
    row = await office.assigned(registration=came, enforced_on="2026-05-10")
    card = await office.opened(row, "worker")
    assert (card.content.registration.text, card.content.enforced_on) == ("민원실-7", "2026-05-10")
    assert (card.content.task.code, card.content.retention) == (TASK, 4)
    assert (card.receipt.registration.text, card.receipt.department_code) == ("도로정책과-1", ROADS)
    assert (card.receipt.in_charge_id, card.receipt.in_charge_name) == (official("worker"), "worker")
    assert card.receipt.arrived_at == card.receipt.accepted_at
    assert {"circulate", "forward", "complete"} <= set(card.allowed)
    assert not {"assign", "accept", "send-back"} & set(card.allowed)
    assert {"assign", "transfer", "send-back", "complete"} <= set((await office.opened(row, "clerk")).allowed)


async def test_before_acceptance_the_card_names_no_number_of_ours(office) -> None:
    row = await office.arrived()
    card = await office.opened(row, "doc-clerk")
    assert (card.receipt.HasField("registration"), card.receipt.HasField("accepted_at")) == (False, False)
    assert (card.receipt.department_code, card.content.HasField("registration")) == ("", False)
    assert {"distribute", "transfer", "send-back"} == set(card.allowed) & {row.act for row in TABLE}


async def test_with_the_charge_it_is_shown_to_those_who_should_know(office) -> None:
    row = await office.accepted()
    shown = [official("head"), official("outsider"), official("head")]
    await office.act(
        "clerk", "Assign", row, official_id=official("worker"), circulate_to=shown, instruction="5월까지 처리"
    )
    rows = await office.documents.rows("circulation", "name")
    assert [(each["name"], each["kind"], each["instruction"], each["read_at"]) for each in rows] == [
        ("head", "circulate", "5월까지 처리", None), ("outsider", "circulate", "5월까지 처리", None),
    ]  # fmt: skip
    assert (await office.opened(row, "outsider")).document_id == str(row["id"])
    with pytest.raises(InvalidError, match="unknown-official"):
        await office.act("clerk", "Assign", row, circulate_to=["nobody"])


async def test_it_can_be_shown_before_anybody_is_in_charge(office) -> None:
    row = await office.accepted()
    await office.act("head", "Assign", row, circulate_to=[official("worker")])
    assert (await office.card(row["id"]))["state"] == "accepted"
    assert [event.act for event in await office.documents.events(ReceiptProgressed)] == ["accept", "circulate"]


async def test_the_register_knows_disclosure_and_retention_of_what_was_accepted(office) -> None:
    await office.accepted()
    [row] = await office.documents.rows("registration")
    assert (row["disclosure"], str(row["retained_until"]), row["cancelled"]) == (1, "2036-12-31", False)


async def test_a_department_that_had_it_wrongly_loses_sight_of_it(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Distribute", row, department_code=ROADS)
    await office.act("clerk", "AskRedistribution", row, reason="공원 소관", suggested_department_code=PARKS)
    assert f"department:{ROADS}" in await tokens(office, row)  # still to be seen whether it comes back
    await office.act("doc-clerk", "Distribute", row, department_code=PARKS)
    assert await tokens(office, row) == {f"department:{DOCS}", f"department:{PARKS}"}
    with pytest.raises(NotFoundError, match="document-unknown"):
        await office.act("clerk", "Accept", row, task_code=TASK)


async def test_a_department_that_is_informed_keeps_sight_of_it(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Distribute", row, department_code=ROADS)
    await office.act("doc-clerk", "Distribute", row, department_code=PARKS, informed_department_codes=[ROADS])
    assert await tokens(office, row) == {f"department:{code}" for code in (DOCS, PARKS, ROADS)}


async def test_what_comes_back_to_the_same_department_is_seen_there(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Distribute", row, department_code=ROADS)
    await office.act("clerk", "AskRedistribution", row, reason="소관 아님")
    await office.act("doc-clerk", "Distribute", row, department_code=ROADS)
    assert await tokens(office, row) == {f"department:{DOCS}", f"department:{ROADS}"}
    await office.act("clerk", "Accept", row, task_code=TASK)


async def test_who_is_in_charge_finds_it_by_name_and_so_do_others_of_the_department(office) -> None:
    row = await office.accepted()
    await office.act("clerk", "Assign", row, official_id=official("worker"))
    found = await office.documents.call("SearchDocuments", pb.SearchDocumentsRequest(person="worker"), who("clerk"))
    assert [each.document_id for each in found.documents] == [str(row["id"])]
