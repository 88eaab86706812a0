"""docs/cases/06-redistribution.md: given to the wrong department, back at once, given to the right one, accepted."""

import pytest
from tests.support.desk import Desk
from tests.support.from_budget import from_budget, titled
from tests.support.words import copies, refusal, state
from tests.support.worked_case import BY_ITSELF, WorkedCase

from onnara.documents.v1 import documents_service_pb2 as pb
from tools.demo.officials import Services

pytestmark = [pytest.mark.servers]
OFFICE, WRONG, RIGHT, TASK = "Z310103", "Z310102", "Z310101", "ZA010101"


async def test_redistribution(services: Services, exchange: None) -> None:
    title = titled("전자문서 유통 실태 자료 제출 요청")
    sender, sent = await from_budget(services, title)
    clerk = await Desk.sign_in(services, "mogaha.jung", OFFICE)
    others, head = await Desk.sign_in(services, "mogaha.kang"), await Desk.sign_in(services, "mogaha.seo")
    staff, registrar = await Desk.sign_in(services, "mogaha.kim"), await Desk.sign_in(services, "mogaha.han")
    case = WorkedCase(
        "06-redistribution.md",
        {
            "발신 기안자": sender,
            "문서과": clerk,
            "다른 과 직원": others,
            "다른 과의 장": head,
            "처리과 직원": staff,
            "처리과 서무": registrar,
        },
    )

    document = await clerk.arrived(title)
    case.step(BY_ITSELF, "it arrives for 행정자치부", f"{state(await clerk.look(document))} with the 문서과")
    card = await sender.copied(sent, "RECEIVED")
    case.step("발신 기안자", "looks at the copy", copies(card))

    await clerk.receive("Distribute", document, department_code=WRONG)
    card = await head.look(document)
    case.step("문서과", "distributes it (배부) to 정보화기획과", f"{state(card)} of {card.receipt.department_name}")
    refused = await refusal(others.receive("AskRedistribution", document, reason="소관이 아닙니다."))
    case.step("다른 과 직원", "tries to give it back himself", refused)
    refused = await refusal(head.receive("AskRedistribution", document))
    case.step("다른 과의 장", "gives it back without a word", refused)
    await head.receive(
        "AskRedistribution", document, reason="전자문서 유통은 행정능률과 소관입니다.", suggested_department_code=RIGHT
    )
    card = await clerk.look(document)
    asked = document in {each.document_id for each in await clerk.box(pb.BOX_ARRIVED)}
    case.step(
        "다른 과의 장",
        "asks for redistribution (재배부요청) and says whose it is",
        f"{state(card)}, {'again with the 문서과' if asked else 'nowhere'}: “{card.receipt.reason}”",
    )
    assert not card.receipt.HasField("accepted_at")

    await clerk.receive("Distribute", document, department_code=RIGHT)
    card = await clerk.look(document)
    case.step("문서과", "distributes it to 행정능률과 (재배부)", f"{state(card)} of {card.receipt.department_name}")
    refused = await refusal(head.look(document))
    case.step("다른 과의 장", "looks for it once more", refused)
    refused = await refusal(staff.receive("Accept", document, task_code=TASK))
    case.step("처리과 직원", "tries to accept it", refused)
    answer = await registrar.receive("Accept", document, task_code=TASK)
    card = await registrar.look(document)
    assert card.receipt.HasField("accepted_at")
    number = answer.registration.text
    case.step("처리과 서무", "accepts it (접수) for 행정능률과", f"{state(card)} as {number}, at once numbered")

    card = await sender.copied(sent, "ACCEPTED")
    [person] = [each for each in card.deliveries[0].events if each.person]
    case.step("발신 기안자", "looks at the copy", f"{copies(card)} by {person.department} {person.person}")
    acts = [each.params["act"] for each in await registrar.history(document) if each.type == "ReceiptProgressed"]
    case.step("처리과 서무", "reads the history", ", ".join(acts))
    case.check()
