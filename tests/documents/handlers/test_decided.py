"""What a decision brings beside the number: numbers of kinds, circulation behind it, reminders of absent approvers."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from chassis.messaging.inbox import Inbox
from documents import timers
from documents.translate import directory as kinds
from onnara.approval.v1 import events_pb2 as approval
from onnara.directory.v1 import events_pb2 as directory
from onnara.documents.v1.events_pb2 import ReadersChanged
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import HOME, NOW, incoming, line_changed, official, request
from support.documents_drafts import AFTER, DECIDE, REVIEW, asked, drafted, opened, row_of, submit

EDGE = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
ORDER, NOTICE, DAILY = doc.DOCUMENT_KIND_STANDING_ORDER, doc.DOCUMENT_KIND_PUBLIC_NOTICE, doc.DOCUMENT_KIND_DAILY_ORDER


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ORDER, ["훈령 제1호", "훈령 제2호", "훈령 제3호"]),
        (NOTICE, ["공고 2026-1", "공고 2026-2", "공고 2027-1"]),
        (DAILY, ["일일명령 제1호", "일일명령 제2호", "일일명령 제1호"]),
        (doc.DOCUMENT_KIND_GENERAL, ["", "", ""]),
    ],
)
async def test_orders_and_notices_bear_a_number_of_their_kind(documents, kind, expected) -> None:
    keys = ["A1", "A2", "A3"]
    await documents.take(*(request(key, kind=kind, recipients=[], sender_name="") for key in keys))
    times = [EDGE - timedelta(days=1), EDGE - timedelta(seconds=1), EDGE]
    rows = [await documents.card(key) for key in keys]
    await documents.take(
        *(line_changed(row, 2, decided_at=at) for row, at in reversed(list(zip(rows, times, strict=True))))
    )
    cards = [doc.OfficialDocument.FromString((await documents.card(key))["content"]) for key in keys]
    assert [card.special_number for card in cards] == expected
    assert len(await documents.rows("special_number")) == sum(map(bool, expected))


async def test_replicas_share_the_series_of_kinds_without_gap(documents) -> None:
    keys = [f"A{number}" for number in range(30)]
    await documents.take(
        *(request(key, kind=(ORDER, NOTICE, 0)[n % 3], recipients=[], sender_name="") for n, key in enumerate(keys))
    )
    changed = [incoming(line_changed(row, 2)) for row in await documents.rows("document", "id")]
    inbox, following = Inbox(documents.parts.worker), documents.subscription(approval.LineChanged())
    batches = [changed[start : start + 5] for start in range(0, 30, 5)]

    async def replica(work) -> None:
        for each in work:
            await inbox.handle(following, each)

    async with asyncio.timeout(60):
        await asyncio.gather(replica(batches), replica([list(reversed(each)) for each in reversed(batches)]))
    for kind in (ORDER, NOTICE):
        serials = [row["serial"] for row in await documents.rows("special_number", "serial") if row["kind"] == kind]
        assert serials == list(range(1, 11))
    assert [row["serial"] for row in await documents.rows("registration", "serial")] == list(range(1, 31))


async def test_steps_behind_the_decision_are_shown_it_when_it_is_decided(documents) -> None:
    made = await drafted(documents, recipients=[], sender_name="")
    steps = [
        asked(DECIDE, "chief", mode=doc.STEP_MODE_OWN),
        asked(AFTER, "reviewer", mode=doc.STEP_MODE_CONFIRM),
        asked(AFTER, "neighbour", mode=doc.STEP_MODE_INFORM),
    ]
    await submit(documents, made.document_id, 1, steps)
    assert await documents.rows("circulation") == []
    await documents.take(line_changed(await row_of(documents, made.document_id), 2))
    shown = {(row["name"], row["kind"], row["read_at"]) for row in await documents.rows("circulation")}
    assert shown == {("reviewer", "confirm", None), ("neighbour", "inform", None)}
    assert (await opened(documents, made.document_id, "neighbour")).content.registration.serial == 1


async def acting_decision(documents):
    """A document that a deputy decided for the absent chief, important enough to be reported afterwards."""
    made = await drafted(documents, recipients=[], sender_name="")
    await submit(documents, made.document_id, 1, [asked(REVIEW, "reviewer"), asked(DECIDE, "chief")])
    row = await row_of(documents, made.document_id)
    steps = doc.OfficialDocument.FromString(row["steps"]).steps
    steps[2].MergeFrom(
        doc.ApprovalStep(
            mode=doc.STEP_MODE_ACTING,
            outcome=doc.STEP_OUTCOME_APPROVED,
            acted_by=doc.StepPerson(official_id=official("neighbour"), name="neighbour"),
            report_after=True,
        )
    )
    await documents.take(line_changed(row, 2, steps=steps))
    return row


async def test_an_absent_approver_is_reminded_until_he_has_read(documents) -> None:
    row = await acting_decision(documents)
    scheduler = timers.scheduler(documents.parts.worker, documents.parts.directory)
    [shown] = await documents.rows("circulation")
    assert (shown["official_id"], shown["kind"], shown["reminded_at"]) == (official("chief"), "confirm", None)
    assert await scheduler.fire_due() == 0
    # Decided on Monday; Thursday ends the third working day after it.
    documents.clock.advance(datetime(2026, 5, 14, 15, 0, tzinfo=UTC) - documents.clock.now())
    assert await scheduler.fire_due() == 1
    [shown] = await documents.rows("circulation")
    assert shown["reminded_at"] == documents.clock.now()
    assert [event.act for event in await documents.events(ReadersChanged)] == ["confirm", "remind"]
    await documents.parts.worker.pool.execute(
        "UPDATE circulation SET read_at = now() WHERE document_id = $1", row["id"]
    )
    documents.clock.advance(timedelta(days=10))
    assert await scheduler.fire_due() == 1
    documents.clock.advance(timedelta(days=10))
    assert await scheduler.fire_due() == 0
    assert len(await documents.events(ReadersChanged)) == 2


@pytest.fixture
def government(government):
    """The chief is away, the neighbour acts for him."""
    away = directory.AbsenceData(
        absence_id="a", official_id=official("chief"), agency_id=HOME, deputy_official_id=official("neighbour")
    )
    away.starts_at.FromDatetime(NOW - timedelta(days=1))
    government.add(kinds.ABSENCE, "a", away)
    return government


async def test_a_deputy_reads_what_waits_for_the_absent_and_may_change_it(documents) -> None:
    made = await drafted(documents)
    await submit(documents, made.document_id, 1)
    card = await opened(documents, made.document_id, "neighbour")
    assert "revise" in card.allowed


async def test_a_deputy_named_while_the_document_waits_reads_it_once_the_absence_begins(documents) -> None:
    made = await drafted(documents)
    await submit(documents, made.document_id, 1)
    away = directory.AbsenceData(
        absence_id="b", official_id=official("reviewer"), agency_id=HOME, deputy_official_id=official("clerk")
    )
    away.starts_at.FromDatetime(NOW + timedelta(hours=2))
    row = directory.DirectoryRow(
        kind=directory.REPLICA_KIND_ABSENCE,
        id="b",
        valid_from="2026-01-01",
        version=99,
        payload=away.SerializeToString(),
    )
    await documents.take(directory.DirectoryChanged(rows=[row]))
    await documents.parts.replica.refresh()
    scheduler = timers.scheduler(documents.parts.worker, documents.parts.directory)
    waiting = f"official:{official('clerk')}"
    assert await scheduler.fire_due() == 0
    documents.clock.advance(timedelta(hours=3))
    assert await scheduler.fire_due() == 1
    assert [row["basis"] for row in await documents.rows("audience") if row["token"] == waiting] == ["line"]
