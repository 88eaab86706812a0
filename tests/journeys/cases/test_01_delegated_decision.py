"""docs/cases/01-delegated-decision.md: what the published rule lets the director decide, he decides; nobody above, nobody below."""

import pytest
from tests.support.desk import Desk, delegated, letter, own, review
from tests.support.printed import printed
from tests.support.words import line, problem, proposed, state
from tests.support.worked_case import WorkedCase

from onnara.approval.v1 import approval_service_pb2 as pb
from tools.demo.officials import Services

pytestmark = [pytest.mark.servers]
TASK = "ZA010101"


async def test_delegated_decision(services: Services) -> None:
    drafter = await Desk.sign_in(services, "mogaha.kim")
    chief = await Desk.sign_in(services, "mogaha.lee")
    director = await Desk.sign_in(services, "mogaha.park")
    minister = await Desk.sign_in(services, "mogaha.yoon")
    case = WorkedCase(
        "01-delegated-decision.md", {"기안자": drafter, "과장": chief, "국장": director, "장관": minister}
    )

    found = await drafter.call(drafter.lines.ProposeLine, pb.ProposeLineRequest(task_code=TASK))
    [by_rule] = [each for each in found.proposals if each.kind == pb.PROPOSAL_KIND_RULE]
    case.step(
        "기안자",
        "asks for a line for the unit task 전자문서 유통 관리",
        f"level {found.level} decides by {found.rule}; proposed: {proposed(by_rule.steps)}",
    )

    document = await drafter.write(letter("전자문서 유통 점검 계획", TASK))
    for approver, line_to_be in (
        ("장관", [review(chief), review(director), own(minister)]),
        ("과장", [delegated(chief)]),
    ):
        card = await drafter.submit(document, line_to_be)
        [reason] = card.problems
        case.step(
            "기안자",
            f"submits (상신) with the {approver} as approver",
            f"refused: {problem(reason, 'rule', 'wanted', 'found')}; {state(card)}, no line",
        )
    assert not await minister.pending_lines() & {document}
    assert not await chief.pending_lines() & {document}

    card = await drafter.submit(document, [review(chief), delegated(director)])
    running = await drafter.line(document)
    assert not card.problems
    case.step(
        "기안자",
        "submits with the 국장 as approver",
        f"{state(await drafter.look(document))}: {line(running.steps)}; judged by {running.rule}",
    )

    assert document in await chief.pending_lines()
    assert document not in await director.pending_lines()
    await chief.approve(document, "점검 대상을 늘리면 좋겠습니다.")
    running = await director.line(document)
    case.step("과장", "reviews (검토) and writes an opinion", line(running.steps))

    card = await director.approve(document)
    case.step(
        "국장",
        "decides (전결)",
        f"{state(card)} as {card.content.registration.text}: {line(card.content.steps)}",
    )

    page = await printed(drafter, document)
    assert minister.name not in page.text
    case.step("기안자", "prints it", f"signature cells {page.signatures}; none for the 장관")
    case.check()
