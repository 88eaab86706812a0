"""docs/cases/02-deputy-of-a-delegate.md: the director is on a trip, his deputy decides what was delegated to him, he reads it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.support.clockwork import ring
from tests.support.desk import Desk, delegated, letter, review, until
from tests.support.printed import printed
from tests.support.words import line, problem, refusal, shown_to, state
from tests.support.worked_case import BY_ITSELF, WorkedCase

from onnara.approval.v1 import approval_service_pb2 as lines
from onnara.directory.v1 import directory_service_pb2 as directory
from onnara.directory.v1.events_pb2 import AbsenceData
from onnara.documents.v1 import documents_service_pb2 as pb
from tools.demo.officials import Services
from tools.suite import Suite

pytestmark = [pytest.mark.servers]
TASK = "ZA010101"


@asynccontextmanager
async def away(official: Desk, deputy: Desk) -> AsyncIterator[None]:
    """The official is on a trip, from now until the block ends."""
    wanted = AbsenceData(reason="trip", note="국외 출장", deputy_official_id=deputy.official_id)
    request = directory.RegisterAbsenceRequest(request_id=f"away-{official.login}", absence=wanted)
    absence = (await official.call(official.directory.RegisterAbsence, request)).absence
    try:
        yield
    finally:
        ended = directory.EndAbsenceRequest(request_id=f"back-{official.login}", absence_id=absence.absence_id)
        await official.call(official.directory.EndAbsence, ended)


async def warning(drafter: Desk, *, absent: bool) -> str:
    """What a proposed line says of the absent director, once approval has heard of his going or coming."""
    found = ""

    async def look() -> bool:
        nonlocal found
        answer = await drafter.call(drafter.lines.ProposeLine, lines.ProposeLineRequest(task_code=TASK))
        [by_rule] = [each for each in answer.proposals if each.kind == lines.PROPOSAL_KIND_RULE]
        found = ", ".join(problem(each, "name", "reason", "deputy") for each in by_rule.problems)
        return bool(found) is absent

    await until(look)
    return found


async def test_deputy_of_a_delegate(services: Services, suite: Suite) -> None:
    drafter = await Desk.sign_in(services, "mogaha.kim")
    chief = await Desk.sign_in(services, "mogaha.lee")
    director = await Desk.sign_in(services, "mogaha.park")
    deputy = await Desk.sign_in(services, "mogaha.oh")
    people = {"기안자": drafter, "과장": chief, "국장": director, "대리자": deputy}
    case = WorkedCase("02-deputy-of-a-delegate.md", people)

    async with away(director, deputy):
        warned = await warning(drafter, absent=True)
        case.step("국장", "registers a trip from now on and who acts for him", f"a proposed line warns: {warned}")

        document = await drafter.write(letter("전자문서 유통 장애 대응", TASK))
        await drafter.submit(document, [review(chief), delegated(director)])
        case.step("기안자", "submits with the 국장 as approver", line((await drafter.line(document)).steps))

        await chief.approve(document)
        refused = await refusal(chief.approve(document, acting_for=director.official_id))
        case.step("과장", "reviews, and then tries to decide for the 국장", refused)

        waiting = next(each for each in await deputy.pending() if each.document_id == document)
        names = {each.official_id: each.name for each in people.values()}
        case.step(
            "대리자",
            "looks at what waits for her (결재대기)",
            f"{waiting.title}, for {names[waiting.acting_for]}",
        )

        await deputy.shown(document)
        card = await deputy.approve(document, acting_for=director.official_id)
        case.step(
            "대리자",
            "decides for the 국장 (대결)",
            f"{state(card)} as {card.content.registration.text}: {line(card.content.steps)}",
        )
        case.step("기안자", "prints it", f"signature cells {(await printed(drafter, document)).signatures}")
        asked = (await drafter.look(document)).circulation
        case.step(BY_ITSELF, "he is asked to read it afterwards", shown_to(asked))

        assert await ring(suite, "confirm-reading", document) == 1
        case.step(BY_ITSELF, "working days pass and he has not read it", await reminded(drafter, document, 1))

    [row] = [each for each in await director.box(pb.BOX_TO_READ) if each.document_id == document]
    case.step("국장", "is back and looks at what he has to read", f"{row.title}: {row.reason}")
    await director.open(document)
    assert document not in {each.document_id for each in await director.box(pb.BOX_TO_READ)}
    asked = (await director.look(document)).circulation
    case.step("국장", "reads it (후열)", shown_to(asked))
    assert await ring(suite, "confirm-reading", document) == 1
    assert await ring(suite, "confirm-reading", document) == 0
    case.step(BY_ITSELF, "more working days pass", await reminded(drafter, document, 1))

    await warning(drafter, absent=False)
    again = await drafter.write(letter("전자문서 유통 장애 재발 방지", TASK))
    await drafter.submit(again, [delegated(director)])
    refused = await refusal(deputy.approve(again, acting_for=director.official_id))
    case.step("대리자", "tries to act for the 국장, who is back, on the next document", refused)
    await director.approve(again)
    case.check()


async def reminded(official: Desk, document: str, times: int) -> str:
    """How often the history says that somebody was reminded."""

    async def count() -> int:
        entries = await official.history(document)
        return sum(each.type == "ReadersChanged" and each.params["act"] == "remind" for each in entries)

    found = await until(count)
    assert found == times
    return f"reminded {found} time{'s' if found > 1 else ''} in all"
