"""The records officer's desk over gRPC: changes and cancelling of registration data, yearly looks, what the history says of them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from documents import timers
from documents.domain import retention
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import ReadersChanged, RegistrationChanged
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import ABROAD, TASK, official, person

RECORDS = person("neighbour", official_id=official("keeper of the register"), roles=frozenset({"records"}))
CLOSED = doc.Disclosure(level=doc.DISCLOSURE_LEVEL_CLOSED, items=[5], reason="의사결정 과정")
OPEN = doc.Disclosure(level=doc.DISCLOSURE_LEVEL_OPEN)


async def change(documents, card, fields, who=RECORDS, reason="오기 정정", version=0, cancel=False, **changed) -> int:
    wanted = pb.ChangeRegistrationRequest(
        request_id=uuid4().hex,
        document_id=str(card["id"]),
        expected_version=version or (await now(documents, card))["version"],
        reason=reason,
        cancel=cancel,
        changed=doc.OfficialDocument(**changed),
        fields=fields,
    )
    return (await documents.call("ChangeRegistration", wanted, who)).version


async def now(documents, card):
    return await documents.parts.worker.pool.fetchrow("SELECT * FROM document WHERE id = $1", card["id"])


async def opened(documents, card, who=RECORDS) -> pb.Document:
    return (await documents.call("GetDocument", pb.GetDocumentRequest(document_id=str(card["id"])), who)).document


async def history(documents, card, who=RECORDS) -> list[pb.HistoryEntry]:
    answer = await documents.call("GetHistory", pb.GetHistoryRequest(document_id=str(card["id"])), who)
    return list(answer.entries)


async def reviews(documents, kind, who=RECORDS, year=0, size=0) -> list[pb.ReviewEntry]:
    found, token = [], ""
    while True:
        wanted = pb.ListReviewsRequest(kind=kind, year=year, page_size=size, page_token=token)
        page = await documents.call("ListReviews", wanted, who)
        found += page.entries
        token = page.next_page_token
        if not token:
            return found


async def decide(documents, card, kind, who=RECORDS, reason="사유가 남아 있음", year=0, **changes) -> None:
    wanted = pb.DecideReviewRequest(
        request_id=uuid4().hex, document_id=str(card["id"]), kind=kind, year=year, reason=reason, **changes
    )
    await documents.call("DecideReview", wanted, who)


async def test_every_field_is_changed_kept_and_told(documents) -> None:
    [card] = await documents.registered("A1")
    before = await now(documents, card)
    version = await change(
        documents, card, ["title", "disclosure", "retention"], title="도로 점용 허가 통보", disclosure=CLOSED,
        retention=doc.RETENTION_PERMANENT,
    )  # fmt: skip
    shown = await opened(documents, card)
    assert (shown.version, shown.content.title, shown.retained_until) == (version, "도로 점용 허가 통보", "")
    assert (shown.content.disclosure, shown.content.retention) == (CLOSED, doc.RETENTION_PERMANENT)
    assert shown.manifest_hash == before["manifest_hash"]
    assert shown.content.registration.text == "도로정책과-1"
    [event] = await documents.events(RegistrationChanged)
    assert [each.field for each in event.changes] == ["title", "disclosure", "retention"]
    assert not any(word in event.SerializeToString().decode(errors="ignore") for word in ("통보", "의사결정", "정정"))
    entry = (await history(documents, card))[-1]
    assert (entry.type, entry.actor.official_id) == ("RegistrationChanged", RECORDS.official_id)
    assert entry.params["fields"] == "title, disclosure, retention"
    assert entry.params["before"] == "도로 점용 허가, 1, 4"
    assert entry.params["after"] == "도로 점용 허가 통보, 3 / 5 / 의사결정 과정, 8"
    assert (entry.params["reason"], entry.params["source"]) == ("오기 정정", "공공기록물법 시행규칙 제6조")
    found = await documents.call("SearchDocuments", pb.SearchDocumentsRequest(title="허가통보"), "drafter")
    assert len(found.documents) == 1


async def test_a_cancelled_registration_keeps_its_number(documents) -> None:
    [card] = await documents.registered("A1")
    await change(documents, card, [], cancel=True, reason="이중 등록")
    shown = await opened(documents, card)
    assert (shown.cancelled, shown.content.registration.text) == (True, "도로정책과-1")
    assert not {"change-registration", "cancel-registration"} & set(shown.allowed)
    listed = await documents.call("ListDocuments", pb.ListDocumentsRequest(box=pb.BOX_REGISTERED))
    assert [each.cancelled for each in listed.documents] == [True]
    for fields in ([], ["title"]):
        with pytest.raises(ConflictError, match="registration-cancelled"):
            await change(documents, card, fields, title="x", cancel=not fields)
    [following] = await documents.registered("A2")
    assert (await opened(documents, following)).content.registration.text == "도로정책과-2"


async def test_a_narrower_range_takes_readers_away(documents) -> None:
    colleague, far = person("drafter", official_id=official("colleague")), person("chief", ABROAD)
    [card] = await documents.registered("A1", reading_range=doc.READING_RANGE_ALL)
    for who in (colleague, far):
        await opened(documents, card, who)
    await change(documents, card, ["reading"], reading_range=doc.READING_RANGE_LINE)
    for who in (colleague, far):
        with pytest.raises(NotFoundError):
            await opened(documents, card, who)
    for who in ("drafter", "chief", RECORDS):
        await opened(documents, card, who)


async def test_only_the_records_officer_changes_and_only_with_sense(documents) -> None:
    [card] = await documents.registered("A1")
    for who in ("drafter", "chief", person("drafter", roles=frozenset({"clerk"}))):
        with pytest.raises(ForbiddenError, match="act-not-yours"):
            await change(documents, card, ["title"], who, title="x")
    with pytest.raises(NotFoundError):
        await change(documents, card, ["title"], person("chief", ABROAD, roles=frozenset({"records"})), title="x")
    with pytest.raises(ConflictError, match="document-moved-on"):
        await change(documents, card, ["title"], version=99, title="x")
    for fields, changed, code in (
        (["title"], {"title": " "}, "title-missing"),
        (["title"], {"title": "도로 점용 허가"}, "change-nothing"),
        (["sender"], {}, "field-unknown"),
        (["task"], {"task": doc.Task(code="A9999999")}, "unknown-task"),
        (["disclosure"], {"disclosure": doc.Disclosure(level=3)}, "disclosure-item-missing"),
        (["retention"], {}, "retention-unknown"),
        (["reading"], {"reading_limit": 3}, "reading-limit-day-missing"),
        (["title"], {"title": "a\x00"}, "nul-inside"),
    ):
        with pytest.raises(InvalidError, match=code):
            await change(documents, card, fields, **changed)
    with pytest.raises(InvalidError, match="reason-missing"):
        await change(documents, card, ["title"], title="x", reason="")
    assert (await opened(documents, card)).content.task.code == TASK


async def test_what_is_closed_is_looked_at_every_year(documents) -> None:
    cards = await documents.registered("A1", "A2", "A3", disclosure=CLOSED)
    await documents.registered("B1")
    serials = {row["document_id"]: row["serial"] for row in await documents.rows("registration")}
    cards = sorted(cards, key=lambda card: serials[card["id"]])
    kind = pb.REVIEW_KIND_DISCLOSURE
    found = await reviews(documents, kind, size=2)
    assert [each.document.registration.serial for each in found] == [1, 2, 3]
    assert not any(each.HasField("reviewed_at") for each in found)
    await decide(documents, cards[0], kind, disclosure=OPEN, reason="사유 소멸")
    await decide(documents, cards[1], kind)
    with pytest.raises(ConflictError, match="review-done"):
        await decide(documents, cards[1], kind)
    left = await reviews(documents, kind)
    assert [(each.document.registration.serial, each.HasField("reviewed_at")) for each in left] == [
        (2, True), (3, False),
    ]  # fmt: skip
    assert (await opened(documents, cards[0])).content.disclosure == OPEN
    documents.clock.advance(datetime(2027, 2, 1, tzinfo=UTC) - documents.clock.now())
    assert not any(each.HasField("reviewed_at") for each in await reviews(documents, kind))
    assert [each.HasField("reviewed_at") for each in await reviews(documents, kind, year=2026)] == [True, False]


async def test_retention_ends_with_the_years_after_completion(documents) -> None:
    [card] = await documents.registered("A1")
    assert (await opened(documents, card)).retained_until == "2036-12-31"
    kind = pb.REVIEW_KIND_RETENTION
    assert await reviews(documents, kind) == []
    with pytest.raises(InvalidError, match="review-not-due"):
        await decide(documents, card, kind)
    documents.clock.advance(datetime(2037, 1, 2, tzinfo=UTC) - documents.clock.now())
    [entry] = await reviews(documents, kind)
    assert (entry.retained_until, entry.document.document_id) == ("2036-12-31", str(card["id"]))
    await decide(documents, card, kind, reason="기록물평가심의회 상정")
    [entry] = await reviews(documents, kind)
    assert entry.HasField("reviewed_at")


async def test_reviews_are_the_records_officers(documents) -> None:
    with pytest.raises(ForbiddenError, match="role-missing"):
        await reviews(documents, pb.REVIEW_KIND_DISCLOSURE, "drafter")
    with pytest.raises(InvalidError, match="review-kind-unknown"):
        await reviews(documents, 0)
    with pytest.raises(InvalidError, match="review-not-due"):
        await reviews(documents, pb.REVIEW_KIND_DISCLOSURE, year=2027)
    for token in ("x", "1|2|3", "1|x|" + str(uuid4())):
        wanted = pb.ListReviewsRequest(kind=pb.REVIEW_KIND_DISCLOSURE, page_token=token)
        with pytest.raises(InvalidError, match="page-token-invalid"):
            await documents.call("ListReviews", wanted, RECORDS)


@pytest.mark.parametrize(("period", "last"), [(1, "2027-12-31"), (4, "2036-12-31"), (6, "2056-12-31")])
def test_periods_are_counted_from_the_new_year(period: int, last: str) -> None:
    until = retention.last_day(period, 2026)
    assert until is not None
    assert until.isoformat() == last
    assert not retention.has_ended(until, until)


def test_some_periods_end_on_no_day() -> None:
    assert [retention.last_day(period, 2026) for period in (0, 7, 8)] == [None] * 3


async def test_a_limited_range_opens_on_its_day(documents) -> None:
    colleague = person("drafter", official_id=official("colleague"))
    limits = {"reading_limit": doc.READING_LIMIT_UNTIL_DAY, "reading_limit_until": "2026-05-13"}
    [card] = await documents.registered("A1", **limits)
    scheduler = timers.scheduler(documents.parts.worker, documents.parts.directory)
    for moment, opens in (
        (datetime(2026, 5, 12, 14, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 12, 15, tzinfo=UTC), True),
    ):
        documents.clock.advance(moment - documents.clock.now())
        await scheduler.fire_due()
        if opens:
            await opened(documents, card, colleague)
        else:
            with pytest.raises(NotFoundError):
                await opened(documents, card, colleague)
    [event] = await documents.events(ReadersChanged)
    assert (event.act, list(event.tokens)) == ("limit", ["department:T310101"])
