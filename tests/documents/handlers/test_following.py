"""Cards follow their lines; on the decision number, file, deliveries and dispatch happen once and together."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from chassis.messaging.inbox import Inbox
from chassis.messaging.parked import ParkedMessages
from onnara.documents.v1.events_pb2 import DocumentProgressed, DocumentRegistered
from onnara.exchange.v1 import events_pb2 as exchange
from onnara.exchange.v1 import official_document_pb2 as pb
from support.documents_cards import (
    DECIDED,
    HELD,
    IN_PATH,
    NOW,
    RETURNED,
    ROADS,
    TASK,
    incoming,
    line_changed,
    line_refused,
    recipient,
    request,
)

ALL, FINAL = pb.NOTIFICATION_ALL, pb.NOTIFICATION_FINAL


async def test_the_decision_registers_files_and_dispatches(documents) -> None:
    await documents.take(request("A1", recipients=[recipient(), recipient("T990101")]))
    row = await documents.card("A1")
    decided_at = datetime(2026, 5, 10, 23, 30, tzinfo=UTC)
    await documents.take(line_changed(row, 2, decided_at=decided_at))
    card = await documents.card("A1")
    assert (card["state"], card["line_version"], card["file_code"]) == ("sending", 2, f"{ROADS}{TASK}2026000001")
    [number] = await documents.rows("registration")
    assert (number["text"], number["date"], number["serial"]) == ("도로정책과-1", "2026-05-11", 1)
    copies = await documents.rows("delivery", "receiver_code")
    assert [(c["receiver_code"], c["state"]) for c in copies] == [("T990000", "QUEUED"), ("T990101", "QUEUED")]
    [event] = await documents.events(DocumentRegistered)
    assert (event.registration.text, event.line_version) == ("도로정책과-1", 2)
    [sent] = await documents.parcels(exchange.DispatchRequested)
    assert (sent.document.registration.text, sent.document.enforced_on) == ("도로정책과-1", "2026-05-11")
    assert sent.document.body.endswith("끝.</p>")
    assert {d.delivery_id for d in sent.deliveries} == {str(c["id"]) for c in copies}
    [told] = await documents.events(exchange.ResultReported)
    assert (told.status, told.registration.serial) == (exchange.REQUEST_STATUS_REGISTERED, 1)
    tokens = [row["token"] for row in await documents.rows("audience")]
    assert f"department:{ROADS}" in tokens


async def test_an_internal_decision_is_filed_and_goes_nowhere(documents) -> None:
    [card] = await documents.registered("A1", recipients=[], sender_name="")
    assert card["state"] == "filed"
    assert await documents.parcels(exchange.DispatchRequested) == []
    assert await documents.rows("delivery") == []


async def test_doubles_and_later_news_register_once(documents) -> None:
    await documents.take(request("A1"))
    row = await documents.card("A1")
    await documents.take(line_changed(row, 2), line_changed(row, 2), line_changed(row, 3))
    await documents.take(line_changed(row, 2), line_changed(row, 4), line_changed(row, 5, IN_PATH))
    assert [len(await documents.rows(t)) for t in ("registration", "delivery")] == [1, 1]
    assert len(await documents.parcels(exchange.DispatchRequested)) == 1
    card = await documents.card("A1")
    assert (card["state"], card["line_version"]) == ("sending", 5)
    # Nothing that comes after the number takes it back from the asking system.
    told = await documents.events(exchange.ResultReported)
    assert [(each.status, each.version) for each in told] == [(exchange.REQUEST_STATUS_REGISTERED, 1)]
    assert (await documents.refusals(), await documents.parked()) == ([], [])


async def test_a_line_ahead_of_its_document_waits_for_it(documents) -> None:
    await documents.take(request("A1"))
    row = await documents.card("A1")
    hide = "UPDATE document SET line_id = NULL WHERE id = $1"
    await documents.parts.worker.pool.execute(hide, row["id"])
    await documents.take(line_changed(row, 2), line_changed(row, 3))
    assert await documents.parked() == ["document-not-there-yet"] * 2
    await documents.parts.worker.pool.execute(
        "UPDATE document SET line_id = $1 WHERE id = $2", row["line_id"], row["id"]
    )
    documents.clock.advance(timedelta(seconds=2))
    assert await ParkedMessages(documents.parts.worker, documents.parts.subscriptions).retry_due() == 2
    assert (len(await documents.rows("registration")), await documents.parked()) == (1, [])


async def test_the_highest_version_wins_in_any_order(documents) -> None:
    await documents.take(request("A1"), request("A2"))
    for key, order in (("A1", (3, 2)), ("A2", (2, 3))):
        row = await documents.card(key)
        news = {2: line_changed(row, 2, IN_PATH), 3: line_changed(row, 3, HELD)}
        for version in order:
            await documents.take(news[version])
        card = await documents.card(key)
        assert (card["state"], card["line_version"]) == ("held", 3)
    states = [event.state for event in await documents.events(DocumentProgressed)]
    assert states == ["held", "in-path", "held"]


async def test_a_decision_on_something_else_registers_nothing(documents) -> None:
    await documents.take(request("A1"))
    row = await documents.card("A1")
    await documents.take(line_changed(row, 2, manifest_hash=b"x" * 32))
    assert await documents.refusals() == [["manifest-differs"]]
    assert (await documents.card("A1"), await documents.rows("registration")) == (row, [])


async def test_ids_that_cannot_be_are_refused_not_waited_for(documents) -> None:
    await documents.take(request("A1"))
    row = await documents.card("A1")
    await documents.take(line_changed(row, 2, line_id="no id"))
    bad = line_refused(row)
    bad.line_id = "no id"
    await documents.take(bad)
    assert (await documents.refusals(), await documents.parked()) == ([["line-unknown"]] * 2, [])


@pytest.mark.parametrize(("wish", "told"), [(ALL, [1, 2]), (FINAL, [2])])
async def test_the_asking_system_hears_what_it_asked_for(documents, wish, told) -> None:
    await documents.take(request("A1", origin_changes={"notification": wish}))
    row = await documents.card("A1")
    await documents.take(line_changed(row, 2, IN_PATH))
    await documents.take(line_changed(row, 3, RETURNED))
    assert (await documents.card("A1"))["state"] == "returned"
    reports = await documents.events(exchange.ResultReported)
    assert [report.status for report in reports] == told
    assert [report.version for report in reports] == list(range(1, len(told) + 1))


async def test_a_refused_line_returns_its_reason_once(documents) -> None:
    await documents.take(request("A1"))
    row = await documents.card("A1")
    await documents.take(line_refused(row, "final-step-missing", "step-official-unknown"), line_refused(row))
    await documents.take(line_refused(row))
    assert (await documents.card("A1"))["state"] == "refused"
    [refused] = await documents.events(exchange.RequestRefused)
    assert (refused.stage, [error.code for error in refused.errors]) == (
        "approval", ["final-step-missing", "step-official-unknown"],
    )  # fmt: skip
    assert (await documents.refusals(), await documents.parked()) == ([], [])


async def test_a_line_that_runs_is_not_refused(documents) -> None:
    [card] = await documents.registered("A1")
    await documents.take(line_refused(card))
    assert await documents.refusals() == [["line-open"]]
    assert await documents.card("A1") == card


async def test_years_are_the_agencys(documents) -> None:
    await documents.take(request("A1"), request("A2"), request("A3"))
    edge = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    times = {"A1": edge - timedelta(seconds=1), "A2": edge, "A3": edge + timedelta(seconds=1)}
    await documents.take(
        *[line_changed(await documents.card(key), 2, decided_at=at) for key, at in reversed(times.items())]
    )
    found = [(r["year"], r["serial"], r["date"]) for r in await documents.rows("registration", "year, serial")]
    assert found == [(2026, 1, "2026-12-31"), (2027, 1, "2027-01-01"), (2027, 2, "2027-01-01")]


async def test_numbers_follow_the_order_of_decisions(documents) -> None:
    await documents.take(*(request(f"A{number}") for number in range(5)))
    rows = [await documents.card(f"A{number}") for number in range(5)]
    moments = {row["id"]: NOW + timedelta(minutes=(number * 3) % 5) for number, row in enumerate(rows)}
    await documents.take(*(line_changed(row, 2, decided_at=moments[row["id"]]) for row in rows))
    taken = [row["document_id"] for row in await documents.rows("registration", "serial")]
    assert taken == sorted(moments, key=lambda identity: moments[identity])


async def test_three_replicas_share_one_series_without_gap_or_deadlock(documents) -> None:
    keys = [f"A{number}" for number in range(150)]
    await documents.take(*(request(key) for key in keys))
    changed = [incoming(line_changed(row, 2, DECIDED)) for row in await documents.rows("document", "id")]
    inbox, following = (
        Inbox(documents.parts.worker),
        documents.subscription(line_changed(await documents.card("A1"), 2)),
    )
    batches = [changed[start : start + 10] for start in range(0, 150, 10)]
    backwards = [list(reversed(batch)) for batch in reversed(batches)]
    mixed = batches[7:] + batches[:7]

    async def replica(work) -> None:
        for batch in work:
            await inbox.handle(following, batch)

    async with asyncio.timeout(60):
        await asyncio.gather(replica(batches), replica(backwards), replica(mixed))
    serials = sorted(row["serial"] for row in await documents.rows("registration"))
    assert serials == list(range(1, 151))
    assert [row["n"] for row in await documents.rows("number_series")] == [150]
    assert (await documents.parked(), len(await documents.parcels(exchange.DispatchRequested))) == ([], 150)


async def test_a_batch_that_fails_gives_its_numbers_back(documents) -> None:
    await documents.take(request("A1"), request("A2"))
    one, two = await documents.card("A1"), await documents.card("A2")
    # A document without its text cannot be registered; its neighbour must be, and with the first number.
    await documents.parts.worker.pool.execute("UPDATE document SET body_number = 9 WHERE id = $1", one["id"])
    await documents.take(line_changed(one, 2), line_changed(two, 2))
    [number] = await documents.rows("registration")
    assert (number["document_id"], number["serial"]) == (two["id"], 1)
    assert await documents.parked() == ["internal"]
