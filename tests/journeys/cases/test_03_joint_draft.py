"""docs/cases/03-joint-draft.md: two agencies decide on one text; the lead's head first, names and seals in that order."""

import pytest
from tests.support.desk import Desk, agency, joint, letter, own, review
from tests.support.printed import printed
from tests.support.words import copies, line, refusal, state
from tests.support.worked_case import BY_ITSELF, WorkedCase

from onnara.exchange.v1 import official_document_pb2 as doc
from tools.demo.officials import Services

pytestmark = [pytest.mark.servers]


async def test_joint_draft(services: Services, exchange: None) -> None:
    drafter = await Desk.sign_in(services, "mpb.kim")
    chief = await Desk.sign_in(services, "mpb.lee")
    lead = await Desk.sign_in(services, "mpb.yoon")
    other = await Desk.sign_in(services, "mogaha.yoon")
    other_records = await Desk.sign_in(services, "mogaha.choi")
    stranger = await Desk.sign_in(services, "mogaha.han")
    clerk = await Desk.sign_in(services, "moct.jung", "Z150103")
    case = WorkedCase(
        "03-joint-draft.md",
        {
            "기안자": drafter,
            "과장": chief,
            "주관 장관": lead,
            "관계 장관": other,
            "관계 기록물 담당": other_records,
            "관계 직원": stranger,
            "수신 문서과": clerk,
        },
    )

    title = "공공청사 정보화 예산 합동 점검"
    content = letter(title, "ZB010101", agency("Z150000", "건설교통부장관"), sender="기획예산처장관, 행정자치부장관")
    content.joint_agencies.append(doc.Unit(code="1310000"))
    document = await drafter.write(content)
    refused = await refusal(drafter.submit(document, [review(chief), own(lead)]))
    case.step("기안자", "drafts for two agencies, but submits without the other head", refused)
    refused = await refusal(drafter.submit(document, [review(chief), joint(other), own(lead)]))
    case.step("기안자", "submits with the other head before his own", refused)

    await drafter.submit(document, [review(chief), own(lead), joint(other)])
    case.step("기안자", "submits with his own head first", line((await drafter.line(document)).steps))

    await chief.approve(document)
    assert document not in await other.pending_lines()
    refused = await refusal(other.approve(document))
    case.step("관계 장관", "tries to decide before the lead agency has", refused)

    card = await lead.approve(document)
    case.step("주관 장관", "decides", f"{state(card)}, no number yet: {line((await lead.line(document)).steps)}")
    assert not card.content.registration.text

    assert document in await other.pending_lines()
    read = await other.open(document)
    case.step("관계 장관", "opens what waits for him", f"{read.agency_name}: {read.content.title}")
    refused = await refusal(other.revise(document, content))
    case.step("관계 장관", "tries to change the text", refused)
    card = await other.approve(document)
    case.step(
        "관계 장관",
        "decides",
        f"{card.content.registration.text}, on its way (관인생략): {line(card.content.steps)}",
    )

    page = await printed(drafter, document)
    case.step("기안자", "prints it", f"signature cells {page.signatures}")
    card = await other_records.look(document)
    case.step("관계 기록물 담당", "looks for it", f"reads it as {card.content.registration.text}")
    case.step("관계 직원", "looks for it", await refusal(stranger.look(document)))

    received = await clerk.arrived(title)
    came = await clerk.look(received)
    case.step("수신 문서과", "sees it arrive", f"{state(came)}, from {came.content.sender_name}")
    card = await drafter.copied(document, "RECEIVED")
    case.step(BY_ITSELF, "the arrival is acknowledged", copies(card))
    case.check()
