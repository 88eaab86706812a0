"""Transferred, sent back, forwarded, completed: by whom, what the others are told, and what follows by itself."""

from uuid import UUID

import pytest

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import ReceiptProgressed
from onnara.documents.v1.receipt_service_pb2 import Defect
from onnara.exchange.v1.events_pb2 import DeliveryStep, DispatchRequested, ReceiptReported
from onnara.exchange.v1.official_document_pb2 import RegistrationNumber, Source
from support.documents_cards import ABROAD_CODE, HOME_CODE, OFFICE, PARKS, ROADS, TASK, paper, recipient, report
from support.receiving import DOCS, who

FARTHER = "T880000"
CAME = RegistrationNumber(department_code=OFFICE, year=2026, serial=7, text="민원실-7", date="2026-05-10")


@pytest.fixture
def government(government):
    government.add_unit("farther", FARTHER, "더먼시", "farther", is_agency=True)
    return government


def to(code: str = FARTHER):
    return recipient(code)


async def copies(office, row):
    rows = await office.documents.rows("delivery", "position")
    return [(each["receiver_code"], each["state"]) for each in rows if each["document_id"] == row["id"]]


async def history(office, row) -> list[str]:
    events = await office.documents.events(ReceiptProgressed)
    return [event.act for event in events if event.document_id == str(row["id"])]


async def test_another_agencys_business_is_sent_on_as_it_came(office) -> None:
    row = await office.arrived(registration=CAME)
    await office.act("doc-clerk", "Transfer", row, recipient=to(), reason="귀 기관 소관")
    [parcel] = await office.documents.parcels(DispatchRequested)
    assert (parcel.document.document_id, parcel.document.title, parcel.document.body) == (
        str(row["id"]), paper().title, paper().body,
    )  # fmt: skip
    assert (parcel.document.sender.agency.name, parcel.document.registration.text) == ("먼시", "민원실-7")
    assert (parcel.transferred_by.agency.code, parcel.transferred_by.department.code) == (HOME_CODE, DOCS)
    assert [each.agency.code for each in parcel.document.recipients] == [FARTHER]
    [delivery] = parcel.deliveries
    assert (delivery.receiver_code, delivery.recipient, parcel.agency_id) == (FARTHER, 0, row["agency_id"])
    card, receipt = await office.card(row["id"]), await office.receipt(row["id"])
    assert (card["state"], receipt["passed_to"], receipt["reason"]) == ("transferring", f"{FARTHER}장", "귀 기관 소관")
    [told] = await office.documents.events(ReceiptReported)
    assert (told.step, told.passed_to.code, told.passed_to.name, told.reason, told.agency.code, told.person) == (
        DeliveryStep.DELIVERY_STEP_TRANSFERRED, FARTHER, f"{FARTHER}장", "귀 기관 소관", HOME_CODE, "doc-clerk",
    )  # fmt: skip


async def test_its_sender_hears_of_the_acceptance_by_whom_it_was_sent_on_to(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Transfer", row, recipient=to(), reason="귀 기관 소관")
    accepted = report(row["id"], "ACCEPTED", receiver_code=FARTHER, department="연구정책과", person="한접수")
    accepted.reporter_agency.code, accepted.reporter_agency.name = FARTHER, "더먼시"
    await office.documents.take(accepted)
    await office.documents.take(accepted)
    told = [each for each in await office.documents.events(ReceiptReported) if each.document_id == str(row["id"])]
    assert [(each.step, each.agency.name, each.department.name, each.person) for each in told][1:] == [
        (DeliveryStep.DELIVERY_STEP_ACCEPTED, "더먼시", "연구정책과", "한접수")
    ]


async def test_what_was_accepted_here_first_is_told_as_accepted_once(office) -> None:
    row = await office.accepted()
    await office.act("clerk", "Transfer", row, recipient=to(), reason="귀 기관 소관")
    await office.documents.take(report(row["id"], "ACCEPTED", receiver_code=FARTHER))
    steps = [each.step for each in await office.documents.events(ReceiptReported)]
    assert steps == [DeliveryStep.DELIVERY_STEP_ACCEPTED, DeliveryStep.DELIVERY_STEP_TRANSFERRED]


async def test_it_has_gone_once_its_copy_is_on_the_way(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Transfer", row, recipient=to(), reason="귀 기관 소관")
    await office.documents.take(report(row["id"], "SENT", receiver_code=FARTHER))
    assert (await office.card(row["id"]))["state"] == "transferred-away"
    await office.documents.take(report(row["id"], "ARRIVED", receiver_code=FARTHER))
    assert (await office.card(row["id"]))["state"] == "transferred-away"
    assert await history(office, row) == ["transfer", "transferred"]
    assert await copies(office, row) == [(FARTHER, "ARRIVED")]


async def test_whoever_transferred_it_sees_how_far_the_copy_has_come_and_what_was_done(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Transfer", row, recipient=to(), reason="귀 기관 소관")
    await office.documents.take(report(row["id"], "ACCEPTED", receiver_code=FARTHER))
    card = await office.opened(row, "doc-clerk")
    assert [(copy.receiver_code, copy.state, list(copy.allowed)) for copy in card.deliveries] == [
        (FARTHER, "ACCEPTED", [])
    ]
    request = pb.GetHistoryRequest(document_id=str(row["id"]))
    entries = (await office.documents.call("GetHistory", request, who("doc-clerk"))).entries
    params = [dict(each.params) for each in entries if each.type == "ReceiptProgressed"]
    told = {"act": "transfer", "state": "transferring", "department": DOCS, "number": ""}
    assert params[0] == told | {"source": "행정업무규정 시행규칙 제16조제2항"}


async def test_a_transfer_that_failed_goes_elsewhere(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Transfer", row, recipient=to(), reason="귀 기관 소관")
    with pytest.raises(InvalidError, match="transfer-under-way"):
        await office.act("doc-clerk", "Transfer", row, recipient=to(ABROAD_CODE), reason="다시")
    await office.documents.take(report(row["id"], "FAILED", receiver_code=FARTHER))
    assert (await office.card(row["id"]))["state"] == "transferring"
    await office.act("doc-clerk", "Transfer", row, recipient=to(ABROAD_CODE), reason="다시")
    assert await copies(office, row) == [(FARTHER, "FAILED"), (ABROAD_CODE, "QUEUED")]


async def test_a_transfer_that_failed_is_sent_to_the_same_agency_again(office) -> None:
    row = await office.arrived()
    await office.act("doc-clerk", "Transfer", row, recipient=to(), reason="귀 기관 소관")
    for number in range(2):
        await office.documents.take(report(row["id"], "FAILED", f"failed {number}", receiver_code=FARTHER))
        await office.act("doc-clerk", "Transfer", row, recipient=to(), reason="다시")
        assert await copies(office, row) == [(FARTHER, "QUEUED")]
    first, *again = await office.documents.parcels(DispatchRequested)
    assert [each.deliveries[0].transmission for each in (first, *again)] == [1, 3, 3]
    assert len({each.deliveries[0].delivery_id for each in (first, *again)}) == 1
    await office.documents.take(report(row["id"], "SENT", receiver_code=FARTHER))
    assert (await office.card(row["id"]))["state"] == "transferred-away"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"recipient": recipient(PARKS), "reason": "x"}, "recipient-of-own-agency"),
        ({"recipient": recipient("T000000"), "reason": "x"}, "recipient-unknown"),
        ({"recipient": recipient("가나"), "reason": "x"}, "recipient-code-invalid"),
        ({"recipient": recipient(FARTHER), "reason": " "}, "reason-missing"),
    ],
)
async def test_a_transfer_needs_another_agency_and_a_reason(office, values, code) -> None:
    row = await office.arrived()
    with pytest.raises(InvalidError, match=code):
        await office.act("doc-clerk", "Transfer", row, **values)
    assert await office.documents.parcels(DispatchRequested) == []


@pytest.mark.parametrize("name", ["clerk", "head"])
async def test_the_department_transfers_what_it_has_accepted(office, name) -> None:
    row = await office.accepted()
    for other in ("worker", "parks-clerk"):
        with pytest.raises((ForbiddenError, NotFoundError)):
            await office.act(other, "Transfer", row, recipient=to(), reason="x")
    await office.act(name, "Transfer", row, recipient=to(), reason="귀 기관 소관")
    assert (await office.card(row["id"]))["state"] == "transferring"


DEFECTS = [
    (Defect.DEFECT_SEAL, DeliveryStep.DELIVERY_STEP_RETURNED, "seal"),
    (Defect.DEFECT_FORM, DeliveryStep.DELIVERY_STEP_RETURNED, "form"),
    (Defect.DEFECT_ATTACHMENT, DeliveryStep.DELIVERY_STEP_RETURNED, "attachment"),
    (Defect.DEFECT_UNREADABLE, DeliveryStep.DELIVERY_STEP_RESEND_REQUESTED, "unreadable"),
]


@pytest.mark.parametrize(("defect", "step", "kept"), DEFECTS)
async def test_a_formal_defect_goes_back_with_number_day_title_and_reason(office, defect, step, kept) -> None:
    row = await office.arrived(registration=CAME, enforced_on="2026-05-10")
    await office.act("doc-clerk", "SendBack", row, defect=defect, reason="관인이 없습니다.")
    [told] = await office.documents.events(ReceiptReported)
    assert (told.step, told.reason, told.title) == (step, "관인이 없습니다.", paper().title)
    assert (told.sender_registration.text, told.enforced_on, told.person) == ("민원실-7", "2026-05-10", "doc-clerk")
    card, receipt = await office.card(row["id"]), await office.receipt(row["id"])
    assert (card["state"], receipt["defect"], receipt["reason"]) == ("sent-back", kept, "관인이 없습니다.")


@pytest.mark.parametrize(
    ("values", "code"), [({"reason": "소관 아님"}, "defect-missing"), ({"defect": 1, "reason": " "}, "reason-missing")]
)
async def test_nothing_else_is_sent_back(office, values, code) -> None:
    row = await office.arrived()
    with pytest.raises(InvalidError, match=code):
        await office.act("doc-clerk", "SendBack", row, **values)
    assert await office.documents.events(ReceiptReported) == []


async def test_what_was_accepted_is_sent_back_by_the_clerk_and_keeps_its_number(office) -> None:
    row = await office.assigned()
    with pytest.raises(ForbiddenError):
        await office.act("worker", "SendBack", row, defect=1, reason="x")
    await office.act("clerk", "SendBack", row, defect=1, reason="관인 없음")
    assert len(await office.documents.rows("registration")) == 1
    for act, values in (("SendBack", {"defect": 1, "reason": "x"}), ("Complete", {})):
        with pytest.raises((ConflictError, ForbiddenError)):
            await office.act("clerk", act, row, **values)


async def test_forwarding_makes_a_draft_with_opinion_and_original(office) -> None:
    data = b"attached"
    uploaded = await office.upload("worker", "붙임.txt", data)
    row = await office.assigned(registration=CAME, attachments=[uploaded])
    answer = await office.act("worker", "Forward", row, recipient=to(), opinion="이견 없음 <a>\n\n검토 바랍니다.")
    draft = (
        await office.documents.call(
            "GetDocument", pb.GetDocumentRequest(document_id=answer.draft_document_id, open=True), who("worker")
        )
    ).document
    assert (draft.state, draft.content.title) == (pb.DOCUMENT_STATE_DRAFT, paper().title)
    assert draft.content.body == "<p>이견 없음 &lt;a&gt;</p><p>검토 바랍니다.</p>"
    assert [each.agency.code for each in draft.content.recipients] == [FARTHER]
    assert (draft.content.task.code, draft.content.sender_name) == (TASK, "시험시장")
    [source] = draft.content.sources
    assert (source.kind, source.id) == (Source.KIND_RECEIVED_DOCUMENT, str(row["id"]))
    page, file = draft.content.attachments
    assert (page.name, file.sha256) == ("경유 원문.xhtml", uploaded.sha256)
    text = (await office.blob(page)).decode()
    assert "민원실-7" in text
    assert paper().body in text
    card, receipt = await office.card(row["id"]), await office.receipt(row["id"])
    assert (card["state"], str(receipt["forward_id"])) == ("forwarding", answer.draft_document_id)


async def test_it_is_forwarded_when_the_draft_has_gone(office) -> None:
    row = await office.assigned()
    answer = await office.act("worker", "Forward", row, recipient=to(), opinion="이견 없음")
    with pytest.raises(ConflictError, match="forward-under-way"):
        await office.act("worker", "Forward", row, recipient=to(), opinion="다시")
    draft = UUID(answer.draft_document_id)
    await office.went_out(draft, FARTHER)
    await office.documents.take(report(draft, "FAILED", receiver_code=FARTHER))
    assert (await office.card(row["id"]))["state"] == "forwarding"
    await office.documents.take(
        report(draft, "SENT", "again", receiver_code=FARTHER), report(draft, "SENT", "twice", receiver_code=FARTHER)
    )
    assert (await office.card(row["id"]))["state"] == "forwarded"
    assert (await history(office, row))[-2:] == ["forward", "forwarded"]


async def test_a_draft_that_came_to_nothing_is_replaced(office) -> None:
    row = await office.assigned()
    first = await office.act("worker", "Forward", row, recipient=to(), opinion="이견 없음")
    await office.documents.parts.worker.pool.execute(
        "UPDATE document SET state = 'stopped' WHERE id = $1", UUID(first.draft_document_id)
    )
    second = await office.act("worker", "Forward", row, recipient=to(ABROAD_CODE), opinion="이견 없음")
    assert str((await office.receipt(row["id"]))["forward_id"]) == second.draft_document_id


async def test_done_with_the_document_that_answered_it(office) -> None:
    [answer] = await office.documents.registered("A1")
    row = await office.assigned()
    with pytest.raises(ForbiddenError):
        await office.act("head", "Complete", row)
    await office.act("worker", "Complete", row, answer_document_id=str(answer["id"]), note="회신함")
    card, receipt = await office.card(row["id"]), await office.receipt(row["id"])
    assert (card["state"], receipt["answer_id"], receipt["note"]) == ("completed", answer["id"], "회신함")
    assert card["file_code"] == f"{ROADS}{TASK}2026000001"


async def test_only_a_registered_document_one_may_read_is_an_answer(office) -> None:
    row = await office.assigned()
    mine = await office.documents.call("CreateDocument", pb.CreateDocumentRequest(content=paper()), who("worker"))
    others = await office.documents.call("CreateDocument", pb.CreateDocumentRequest(content=paper()), who("outsider"))
    with pytest.raises(InvalidError, match="answer-not-registered"):
        await office.act("worker", "Complete", row, answer_document_id=mine.document_id)
    for hidden in (others.document_id, str(UUID(int=1))):
        with pytest.raises(NotFoundError, match="document-unknown"):
            await office.act("worker", "Complete", row, answer_document_id=hidden)
    assert (await office.card(row["id"]))["state"] == "assigned"


async def test_a_document_of_our_own_is_no_received_one(office) -> None:
    [card] = await office.documents.registered("A1")
    with pytest.raises(NotFoundError):
        await office.act("clerk", "Accept", card, task_code=TASK)
