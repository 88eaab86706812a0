"""docs/cases/04-back-and-on.md: the approver sends it back to one step; mended there, it goes on where it was."""

import pytest
from tests.support.desk import Desk, cooperate, delegated, letter, review
from tests.support.words import line, state, texts
from tests.support.worked_case import WorkedCase

from onnara.approval.v1 import approval_service_pb2 as lines
from tools.demo.officials import Services

pytestmark = [pytest.mark.servers]
TASK, REVIEW = "ZA010101", 2


async def test_back_to_a_step_and_on(services: Services) -> None:
    drafter = await Desk.sign_in(services, "mogaha.kim")
    chief = await Desk.sign_in(services, "mogaha.lee")
    helper = await Desk.sign_in(services, "mogaha.seo")
    director = await Desk.sign_in(services, "mogaha.park")
    case = WorkedCase("04-back-and-on.md", {"기안자": drafter, "과장": chief, "다른 과장": helper, "국장": director})

    content = letter("전자문서 유통 교육 계획", TASK)
    document = await drafter.write(content)
    await drafter.submit(document, [review(chief), cooperate(helper), delegated(director)])
    case.step("기안자", "submits", line((await drafter.line(document)).steps))
    await chief.approve(document)
    case.step("과장", "reviews (검토)", line((await drafter.line(document)).steps))
    await helper.approve(document)
    case.step("다른 과장", "agrees (협조)", line((await drafter.line(document)).steps))

    card = await director.act(document, lines.ACTION_RETURN, "교육 일정이 빠졌습니다.", return_to=REVIEW)
    before = await drafter.line(document)
    case.step("국장", "sends it back to the review (재검토)", f"{state(card)}, same line: {line(before.steps)}")
    waiting = [word for word, one in (("과장", chief), ("다른 과장", helper), ("국장", director))
               if document in await one.pending_lines()]  # fmt: skip
    assert waiting == ["과장"]

    content.body = "<p>1. 교육은 2026. 12. 7.부터 12. 9.까지 합니다.  끝.</p>"
    manifest = await chief.revise(document, content)
    card = await chief.approve(document, manifest_hash=manifest)
    after = await drafter.line(document)
    assert after.line_id == before.line_id
    case.step("과장", "mends the text and reviews again", f"{texts(card)}; {line(after.steps)}")
    assert document not in await helper.pending_lines()

    assert document in await director.pending_lines()
    card = await director.approve(document)
    case.step(
        "국장",
        "decides (전결)",
        f"{state(card)} as {card.content.registration.text}: {line(card.content.steps)}",
    )
    case.step("기안자", "looks at what each has signed", signed(card, await drafter.look(document)))
    case.step("기안자", "reads the history of the line", await told(drafter, document))
    case.check()


def signed(card, seen) -> str:
    """Which text each step names."""
    numbers = {each.manifest_hash: each.number for each in seen.versions}
    return ", ".join(f"{each.person.name} text {numbers[each.manifest_hash]}" for each in card.content.steps)


async def told(official: Desk, document: str) -> str:
    """Acts of the line's history, oldest first."""
    request = lines.GetLineHistoryRequest(document_id=document)
    entries = (await official.call(official.lines.GetLineHistory, request)).entries
    said = [f"{each.act} {each.actor.name}" + (f" “{each.opinion}”" if each.opinion else "") for each in entries]
    return ", ".join(said)
