"""docs/cases/06-redistribution.md: given to the wrong department, back at once, given to the right one, accepted."""

import pytest
from tests.support.desk import Desk
from tests.support.from_budget import from_budget, titled
from tests.support.words import copies, refusal, state
from tests.support.worked_case import BY_ITSELF, WorkedCase

from onnara.documents.v1 import documents_service_pb2 as pb
from tools.demo.officials import Services

pytestmark = [pytest.mark.servers]
OFFICE, WRONG, RIGHT, TASK = "Z310103", "Z310101", "Z310103", "ZA010302"


async def test_redistribution(services: Services, exchange: None) -> None:
    title = titled("기록물 관리 실태 자료 제출 요청")
    sender, sent = await from_budget(services, title)
    clerk = await Desk.sign_in(services, "mogaha.jung", OFFICE)
    staff = await Desk.sign_in(services, "mogaha.kim")
    head = await Desk.sign_in(services, "mogaha.park")
    case = WorkedCase(
        "06-redistribution.md",
        {"발신 기안자": sender, "문서과": clerk, "처리과 직원": staff, "처리과의 장": head},
    )

    document = await clerk.arrived(title)
    case.step(BY_ITSELF, "it arrives for 행정자치부", f"{state(await clerk.look(document))} with the 문서과")
    card = await sender.copied(sent, "RECEIVED")
    case.step("발신 기안자", "looks at the copy", copies(card))

    await clerk.receive("Distribute", document, department_code=WRONG)
    card = await head.look(document)
    case.step("문서과", "distributes it (배부) to 행정능률과", f"{state(card)} of {card.receipt.department_name}")
    refused = await refusal(staff.receive("AskRedistribution", document, reason="소관이 아닙니다."))
    case.step("처리과 직원", "tries to give it back himself", refused)
    refused = await refusal(head.receive("AskRedistribution", document))
    case.step("처리과의 장", "gives it back without a word", refused)
    await head.receive(
        "AskRedistribution", document, reason="기록물 관리는 총무과 소관입니다.", suggested_department_code=RIGHT
    )
    card = await clerk.look(document)
    asked = document in {each.document_id for each in await clerk.box(pb.BOX_ARRIVED)}
    case.step(
        "처리과의 장",
        "asks for redistribution (재배부요청) and says whose it is",
        f"{state(card)}, {'again with the 문서과' if asked else 'nowhere'}: “{card.receipt.reason}”",
    )
    assert not card.receipt.HasField("accepted_at")

    await clerk.receive("Distribute", document, department_code=RIGHT)
    card = await clerk.look(document)
    case.step("문서과", "distributes it to 총무과 (재배부)", f"{state(card)} of {card.receipt.department_name}")
    answer = await clerk.receive("Accept", document, task_code=TASK)
    card = await clerk.look(document)
    assert card.receipt.HasField("accepted_at")
    case.step(
        "문서과", "accepts it (접수) for 총무과", f"{state(card)} as {answer.registration.text}, at once numbered"
    )

    card = await sender.copied(sent, "ACCEPTED")
    [person] = [each for each in card.deliveries[0].events if each.person]
    case.step("발신 기안자", "looks at the copy", f"{copies(card)} by {person.department} {person.person}")
    acts = [each.params["act"] for each in await clerk.history(document) if each.type == "ReceiptProgressed"]
    case.step("문서과", "reads the history", ", ".join(acts))
    case.check()
