"""Readers over gRPC: ranges, grants, circulation and the log of readings, each as somebody it concerns and as strangers."""

from uuid import uuid4

import pytest

from chassis.errors import ForbiddenError, InvalidError, NotFoundError
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import ReadersChanged
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import ABROAD, HOME, OFFICE, PARKS, ROADS, official, person, request, step, usual_steps

AFTER = step(doc.STEP_ROLE_AFTER, "neighbour", order=4, mode=doc.STEP_MODE_INFORM)
RECORDS = person("neighbour", official_id=official("keeper of the register"), roles=frozenset({"records"}))
COLLEAGUE = person("drafter", official_id=official("colleague"))
STRANGER = person("neighbour", official_id=official("stranger"))
FAR = person("chief", ABROAD)


async def reads(documents, card, who) -> bool:
    try:
        wanted = pb.GetDocumentRequest(document_id=str(card["id"]), open=True)
        return bool((await documents.call("GetDocument", wanted, who)).document.content.body)
    except NotFoundError:
        return False


async def readings(documents, card, who="drafter", **changes) -> pb.ListReadingsResponse:
    return await documents.call("ListReadings", pb.ListReadingsRequest(document_id=str(card["id"]), **changes), who)


async def set_readers(documents, card, who="drafter", reason="공동 점검", **changes) -> None:
    wanted = pb.SetReadersRequest(request_id=uuid4().hex, document_id=str(card["id"]), reason=reason, **changes)
    await documents.call("SetReaders", wanted, who)


async def circulate(documents, card, names, who="drafter", instruction="") -> None:
    wanted = pb.CirculateRequest(request_id=uuid4().hex, document_id=str(card["id"]), instruction=instruction)
    wanted.official_ids.extend(official(name) for name in names)
    await documents.call("Circulate", wanted, who)


@pytest.mark.parametrize(
    ("reach", "readers"),
    [
        (doc.READING_RANGE_UNSPECIFIED, {"drafter", "colleague", "records"}),
        (doc.READING_RANGE_LINE, {"drafter", "records"}),
        (doc.READING_RANGE_DEPARTMENT, {"drafter", "colleague", "records"}),
        (doc.READING_RANGE_DIVISION, {"drafter", "colleague", "records", "stranger"}),
        (doc.READING_RANGE_ORGAN, {"drafter", "colleague", "records", "stranger"}),
        (doc.READING_RANGE_ALL, {"drafter", "colleague", "records", "stranger", "far"}),
    ],
)
async def test_a_range_lets_in_whom_it_names(documents, government, reach, readers) -> None:
    bureau = "T310900"
    government.add_unit("bureau", bureau, "건설국", HOME)
    for identity, code, name in (("roads", ROADS, "도로정책과"), ("parks", PARKS, "공원과")):
        government.add_unit(identity, code, name, HOME, parent_code=bureau)
    await documents.parts.replica.catch_up()
    await documents.parts.replica.refresh()
    people = {
        "drafter": person("drafter"),
        "colleague": COLLEAGUE,
        "records": RECORDS,
        "stranger": STRANGER,
        "far": FAR,
    }
    [card] = await documents.registered("A1", reading_range=reach)
    assert {name for name, actor in people.items() if await reads(documents, card, actor)} == readers


async def test_before_the_decision_a_document_is_its_lines(documents) -> None:
    await documents.take(
        request("A1", reading_range=doc.READING_RANGE_ALL, steps=[*request("x").document.steps, AFTER])
    )
    card = await documents.card("A1")
    assert [await reads(documents, card, who) for who in ("drafter", "reviewer", "chief")] == [True] * 3
    assert [await reads(documents, card, who) for who in ("neighbour", COLLEAGUE, RECORDS, FAR)] == [False] * 4


async def test_until_its_day_only_the_line_reads(documents) -> None:
    limited = {"reading_limit": doc.READING_LIMIT_UNTIL_DAY, "reading_range": doc.READING_RANGE_ALL}
    [later] = await documents.registered("A1", reading_limit_until="2026-05-12", **limited)
    [today] = await documents.registered("A2", reading_limit_until="2026-05-11", **limited)
    assert [await reads(documents, later, who) for who in ("drafter", "chief", RECORDS)] == [True] * 3
    assert [await reads(documents, later, who) for who in (COLLEAGUE, STRANGER, FAR)] == [False] * 3
    assert [await reads(documents, today, who) for who in (COLLEAGUE, STRANGER, FAR)] == [True] * 3


async def test_grants_reach_people_departments_and_other_agencies_and_end(documents) -> None:
    [card] = await documents.registered("A1", reading_range=doc.READING_RANGE_LINE)
    named = [
        (pb.Reader(official_id=official("neighbour")), person("neighbour")),
        (pb.Reader(department_code=PARKS), STRANGER),
        (pb.Reader(department_code=OFFICE), person("reviewer", ABROAD)),
        (pb.Reader(agency_id=ABROAD), FAR),
    ]
    for reader, who in named:
        assert not await reads(documents, card, who)
        await set_readers(documents, card, grant=[reader])
        assert await reads(documents, card, who)
        await set_readers(documents, card, revoke=[reader], reason="끝남")
        assert not await reads(documents, card, who)
    acts = [(event.act, list(event.tokens)) for event in await documents.events(ReadersChanged)]
    assert acts[:2] == [(act, [f"official:{official('neighbour')}"]) for act in ("grant", "revoke")]
    kept = await documents.rows("reader_grant", "granted_at")
    assert {(row["reason"], row["revoke_reason"]) for row in kept} == {("공동 점검", "끝남")}


async def test_what_the_rule_gives_is_not_revoked(documents) -> None:
    [card] = await documents.registered("A1")
    await set_readers(documents, card, grant=[pb.Reader(department_code=ROADS)])
    for reader in (pb.Reader(department_code=ROADS), pb.Reader(official_id=official("reviewer"))):
        await set_readers(documents, card, revoke=[reader])
    assert await reads(documents, card, COLLEAGUE)
    assert await reads(documents, card, "reviewer")


async def test_who_may_set_readers_and_what_is_refused(documents) -> None:
    [card] = await documents.registered("A1")
    grant = [pb.Reader(agency_id=ABROAD)]
    with pytest.raises(ForbiddenError, match="act-not-yours"):
        await set_readers(documents, card, COLLEAGUE, grant=grant)
    with pytest.raises(NotFoundError, match="document-unknown"):
        await set_readers(documents, card, STRANGER, grant=grant)
    await set_readers(documents, card, RECORDS, grant=grant)
    for changes, code in (
        ({"grant": grant, "reason": " "}, "reason-missing"),
        ({}, "readers-missing"),
        ({"grant": [pb.Reader(official_id="nobody")]}, "unknown-official"),
        ({"grant": [pb.Reader(official_id=official("chief"), agency_id=ABROAD)]}, "unknown-official"),
        ({"grant": [pb.Reader(department_code="T000000")]}, "department-unknown"),
        ({"grant": [pb.Reader(agency_id="nowhere")]}, "agency-unknown"),
        ({"grant": [pb.Reader(official_id="a", department_code="b")]}, "reader-ambiguous"),
        ({"grant": grant * 201}, "readers-too-many"),
    ):
        with pytest.raises(InvalidError, match=code):
            await set_readers(documents, card, **changes)


async def test_circulated_documents_say_when_they_were_read(documents) -> None:
    [card] = await documents.registered("A1", reading_range=doc.READING_RANGE_LINE)
    await circulate(documents, card, ["neighbour", "reviewer"], instruction="5월 말까지 의견")
    await circulate(documents, card, ["neighbour"])
    asked = {row["official_id"]: row for row in await documents.rows("circulation")}
    assert set(asked) == {official("neighbour"), official("reviewer")}
    row = asked[official("neighbour")]
    assert (row["name"], row["department_name"], row["instruction"], row["read_at"]) == (
        "neighbour", "공원과", "5월 말까지 의견", None,
    )  # fmt: skip
    closed = pb.GetDocumentRequest(document_id=str(card["id"]))
    await documents.call("GetDocument", closed, "neighbour")
    assert (await documents.rows("circulation"))[0]["read_at"] is None
    assert await reads(documents, card, "neighbour")
    read = {row["official_id"]: row["read_at"] for row in await documents.rows("circulation")}
    assert read == {official("neighbour"): documents.clock.now(), official("reviewer"): None}


async def test_a_step_behind_the_decision_is_done_when_its_reader_has_read(documents) -> None:
    told = step(doc.STEP_ROLE_AFTER, "neighbour", mode=doc.STEP_MODE_INFORM, order=4)
    [card] = await documents.registered("A1", steps=[*usual_steps(), told])

    async def outcome() -> tuple[int, bool]:
        found = await documents.call("GetDocument", pb.GetDocumentRequest(document_id=str(card["id"])), "drafter")
        [after] = [each for each in found.document.content.steps if each.role == doc.STEP_ROLE_AFTER]
        return after.outcome, after.HasField("acted_at")

    assert await outcome() == (doc.STEP_OUTCOME_PENDING, False)
    assert await reads(documents, card, "neighbour")
    assert await outcome() == (doc.STEP_OUTCOME_READ, True)


async def test_circulating_is_for_those_who_answer_for_it(documents) -> None:
    [card] = await documents.registered("A1")
    with pytest.raises(ForbiddenError, match="act-not-yours"):
        await circulate(documents, card, ["neighbour"], COLLEAGUE)
    for names, code in (([], "readers-missing"), (["somebody"], "unknown-official")):
        with pytest.raises(InvalidError, match=code):
            await circulate(documents, card, names)
    await circulate(documents, card, ["neighbour"], person("drafter", official_id=official("x"), roles={"clerk"}))


async def test_readings_name_the_right_and_keep_refused_attempts(documents) -> None:
    [card] = await documents.registered("A1")
    await set_readers(documents, card, grant=[pb.Reader(agency_id=ABROAD)])
    await circulate(documents, card, ["neighbour"])
    people = ["drafter", "reviewer", COLLEAGUE, "neighbour", RECORDS, FAR, STRANGER]
    assert [await reads(documents, card, who) for who in people] == [True] * 6 + [False]
    found = (await readings(documents, card)).readings
    assert [(each.right, each.allowed, each.agency_name, each.department_name, each.what) for each in found] == [
        ("", False, "시험시", "공원과", "body"),
        ("grant", True, "먼시", "민원실", "body"),
        ("records", True, "시험시", "공원과", "body"),
        ("circulation", True, "시험시", "공원과", "body"),
        ("department", True, "시험시", "도로정책과", "body"),
        ("line", True, "시험시", "도로정책과", "body"),
        ("author", True, "시험시", "도로정책과", "body"),
    ]
    first = await readings(documents, card, page_size=3)
    rest = await readings(documents, card, page_size=5, page_token=first.next_page_token)
    assert [*first.readings, *rest.readings] == list(found)
    assert await readings(documents, card, RECORDS) == await readings(documents, card)
    for who, error in (("reviewer", ForbiddenError), (COLLEAGUE, ForbiddenError), (FAR, ForbiddenError)):
        with pytest.raises(error, match="act-not-yours"):
            await readings(documents, card, who)
    with pytest.raises(NotFoundError, match="document-unknown"):
        await readings(documents, card, STRANGER)
    with pytest.raises(InvalidError, match="page-token-invalid"):
        await readings(documents, card, page_token="x")
