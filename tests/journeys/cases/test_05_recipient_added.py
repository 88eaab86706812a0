"""docs/cases/05-recipient-added.md: after sending, one more agency gets it, on a ground of the law and with the head's word."""

import pytest
from tests.support.desk import Desk, agency, delegated, letter, review
from tests.support.words import copies, refusal, state
from tests.support.worked_case import WorkedCase

from onnara.documents.v1 import documents_service_pb2 as pb
from tools.demo.officials import Services

pytestmark = [pytest.mark.servers]
TASK = "ZA010101"
MPB, MOCT, KCG = ("Z090000", "기획예산처장관"), ("Z150000", "건설교통부장관"), ("Z530000", "해양경찰청장")


def asked(card: pb.Document) -> str:
    """Requests for further recipients on the card."""
    return "; ".join(
        f"{', '.join(to.printed_as for to in each.recipients)} on {each.ground}, asked by {each.asked_by}: {each.state}"
        + (f" by {each.decided_by}" if each.decided_by else "")
        + (f", “{each.reason}”" if each.reason else "")
        for each in card.recipients_asked
    )


async def test_recipient_added_after_sending(services: Services, exchange: None) -> None:
    drafter = await Desk.sign_in(services, "mogaha.kim")
    head = await Desk.sign_in(services, "mogaha.lee")
    director = await Desk.sign_in(services, "mogaha.park")
    clerk = await Desk.sign_in(services, "moct.jung", "Z150103")
    case = WorkedCase(
        "05-recipient-added.md", {"기안자": drafter, "과장": head, "국장": director, "수신 문서과": clerk}
    )

    title = "전자문서 유통 시험 일정 통보"
    document = await drafter.write(letter(title, TASK, agency(*MPB), sender="행정자치부장관"))
    await drafter.submit(document, [review(head), delegated(director)])
    await head.approve(document)
    card = await director.approve(document)
    case.step("국장", "decides (전결); 관인생략, so it goes at once", card.content.registration.text)
    card = await drafter.copied(document, "RECEIVED")
    case.step("기안자", "looks at the copies (발송 현황)", f"{state(card)}: {copies(card)}")

    refused = await refusal(drafter.ask_recipients(document, recipients=[agency(*MOCT)], ground="more-is-better"))
    case.step("기안자", "asks for another recipient without one of the grounds", refused)
    wanted = {"ground": "agency-request", "note": "건설교통부가 2026. 11. 20. 전화로 요청"}
    refused = await refusal(drafter.ask_recipients(document, recipients=[agency(*MPB)], **wanted))
    case.step("기안자", "asks for one that has it already", refused)
    key = await drafter.ask_recipients(document, recipients=[agency(*MOCT)], **wanted)
    card = await drafter.look(document)
    case.step("기안자", "asks because 건설교통부 has asked for it", f"{asked(card)}; copies: {copies(card)}")

    case.step("국장", "tries to agree", await refusal(director.decide_recipients(document, key)))
    rows = [each.document_id for each in await head.box(pb.BOX_RECIPIENTS_ASKED)]
    assert document in rows
    await head.decide_recipients(document, key)
    card = await head.look(document)
    [addition] = card.recipients_asked
    assert addition.HasField("decided_at")
    case.step("과장", "agrees, as head of the producing department (처리과)", asked(card))

    received = await clerk.arrived(title)
    came = await clerk.look(received)
    case.step("수신 문서과", "sees it arrive", f"{state(came)}, number {came.content.registration.text}")
    card = await drafter.copied(document, "RECEIVED", "RECEIVED")
    decided_on = ", ".join(each.printed_as for each in card.content.recipients)
    case.step("기안자", "looks at the copies", f"{copies(card)}; decided on: {decided_on}")

    key = await drafter.ask_recipients(document, recipients=[agency(*KCG)], ground="mistake", note="착오")
    await head.decide_recipients(document, key, refuse=True, reason="해양경찰청 소관이 아닙니다.")
    card = await drafter.look(document)
    [last] = [each for each in card.recipients_asked if each.request_key == key]
    case.step(
        "과장", "refuses a further request", f"{asked(pb.Document(recipients_asked=[last]))}; copies: {copies(card)}"
    )
    case.check()
