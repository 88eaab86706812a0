"""docs/cases/07-transfer-and-sending-back.md: another agency's business goes there; only a formal defect goes back."""

import pytest
from tests.support.desk import Desk, agency
from tests.support.from_budget import from_budget, titled
from tests.support.words import copies, refusal, state
from tests.support.worked_case import WorkedCase

from onnara.documents.v1 import receipt_service_pb2 as receipts
from onnara.exchange.v1.events_pb2 import DELIVERY_STEP_ACCEPTED
from tools.demo.officials import Services

pytestmark = [pytest.mark.servers]
OFFICE, THEIR_OFFICE, TASK = "Z310103", "Z150103", "ZC010301"


async def test_transfer_and_sending_back(services: Services, exchange: None) -> None:
    title = titled("도로 건설 예산 자료 제출 요청")
    sender, sent = await from_budget(services, title)
    clerk = await Desk.sign_in(services, "mogaha.jung", OFFICE)
    theirs = await Desk.sign_in(services, "moct.jung", THEIR_OFFICE)
    case = WorkedCase(
        "07-transfer-and-sending-back.md", {"발신 기안자": sender, "문서과": clerk, "소관 기관 문서과": theirs}
    )

    document = await clerk.arrived(title)
    to = agency("Z150000", "건설교통부장관")
    refused = await refusal(clerk.receive("SendBack", document, reason="우리 기관 소관이 아닙니다."))
    case.step("문서과", "tries to send back (반송) what is not its business", refused)
    refused = await refusal(clerk.receive("Transfer", document, recipient=to))
    case.step("문서과", "transfers (이송) without a reason", refused)
    await clerk.receive("Transfer", document, recipient=to, reason="도로 건설은 건설교통부 소관입니다.")
    card = await clerk.look(document)
    case.step("문서과", "transfers it to 건설교통부", f"to {card.receipt.passed_to}: “{card.receipt.reason}”")
    [event] = [each for each in (await sender.copied(sent, "TRANSFERRED")).deliveries[0].events if each.passed_to]
    case.step("발신 기안자", "looks at the copy", f"sent on to {event.passed_to}: “{event.reason}”")

    received = await theirs.arrived(title)
    came = await theirs.look(received)
    case.step(
        "소관 기관 문서과",
        "sees it arrive",
        f"{state(came)}: {came.content.registration.text} of {came.content.sender.agency.name}",
    )
    await theirs.receive("Distribute", received, department_code=THEIR_OFFICE)
    answer = await theirs.receive("Accept", received, task_code=TASK)
    case.step("소관 기관 문서과", "accepts it", answer.registration.text)
    card = await clerk.copied(document, "ACCEPTED")
    case.step("문서과", "looks at what became of it", f"{state(card)}: {copies(card)}")
    card = await sender.copied(sent, "ACCEPTED")
    [person] = [each.department for each in card.deliveries[0].events if each.step == DELIVERY_STEP_ACCEPTED]
    case.step("발신 기안자", "looks at the copy again", f"{copies(card)} by {person}")

    title = titled("붙임 없는 자료 요청")
    sender, sent = await from_budget(services, title)
    document = await clerk.arrived(title)
    refused = await refusal(clerk.receive("SendBack", document, defect=receipts.DEFECT_ATTACHMENT))
    case.step("문서과", "sends another one back for a missing file, without a word", refused)
    await clerk.receive(
        "SendBack", document, defect=receipts.DEFECT_ATTACHMENT, reason="붙임 서식이 첨부되지 않았습니다."
    )
    case.step("문서과", "sends it back (반송) and says what is missing", state(await clerk.look(document)))
    card = await sender.copied(sent, "RETURNED")
    [copy] = card.deliveries
    [reason] = [each.reason for each in copy.events if each.reason]
    case.step(
        "발신 기안자",
        "looks at the copy",
        f"{copies(card)}, {state(card)}, to be settled: {copy.reason}; {reason.replace(title, 'the title')}",
    )
    case.step(
        "문서과",
        "tries to accept it all the same",
        await refusal(clerk.receive("Accept", document, task_code="ZA010301")),
    )
    case.check()
