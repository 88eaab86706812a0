"""The clock: copies that have not arrived in minutes, or are not accepted in working days, wait for a person."""

from datetime import UTC, datetime, timedelta

from chassis.testing.statements import counted_pool
from chassis.uow import Database
from documents import timers
from documents.handlers.watching import look_at_copies
from support.documents_cards import OFFICE, recipient, report

MINUTE = timedelta(minutes=1)


async def turn(desk, **passed: float) -> int:
    """Lets time pass, and a minute more, and the timers fire."""
    desk.documents.clock.advance(timedelta(**passed) + MINUTE)
    return await timers.scheduler(desk.documents.parts.worker).fire_due()


async def standing(desk, card) -> list[tuple[str, str]]:
    return [(copy["state"], copy["reason"]) for copy in await desk.copies(card)]


async def test_silence_is_trouble_until_it_ends(desk) -> None:
    documents = desk.documents
    await timers.start(documents.parts.worker)
    card = await desk.waiting(kind=0, recipients=[recipient(), recipient(OFFICE)])
    await documents.take(report(card["id"], "SENT"), report(card["id"], "ARRIVED", receiver_code=OFFICE))
    await turn(desk, minutes=30)
    assert await standing(desk, card) == [("SENT", ""), ("ARRIVED", "")]
    await turn(desk, minutes=30)
    assert await standing(desk, card) == [("SENT", "not-arrived"), ("ARRIVED", "")]
    assert await desk.state(card) == "sent"
    await documents.take(report(card["id"], "ARRIVED"))
    assert await standing(desk, card) == [("ARRIVED", ""), ("ARRIVED", "")]
    assert await desk.acts() == ["not-arrived"]


async def test_working_days_pass_without_acceptance(desk) -> None:
    documents = desk.documents
    await timers.start(documents.parts.worker)
    card = await desk.waiting(kind=0, recipients=[recipient(), recipient(OFFICE)])
    await documents.take(*(report(card["id"], step) for step in ("SENT", "ARRIVED")))
    await documents.take(*(report(card["id"], s, f"{s}2", receiver_code=OFFICE) for s in ("ARRIVED", "ACCEPTED")))
    # Monday 11 May, three working days: until the end of Thursday in Seoul.
    [first, second] = await desk.copies(card)
    assert first["due_at"] == datetime(2026, 5, 14, 15, tzinfo=UTC)
    assert second["watch_at"] is None
    await turn(desk, hours=3)
    await turn(desk, days=3, hours=10)
    assert await standing(desk, card) == [("ARRIVED", ""), ("ACCEPTED", "")]
    await turn(desk, hours=1)
    assert await standing(desk, card) == [("ARRIVED", "overdue"), ("ACCEPTED", "")]
    board = await desk.call("ListDispatches", to_settle=True)
    [entry] = board.entries
    assert [(d.to_settle, d.reason, d.allowed) for d in entry.deliveries] == [
        (True, "overdue", ["resend", "close"]),
        (False, "", []),
    ]
    assert [act.act for act in entry.deliveries[0].acts] == ["overdue"]
    await documents.take(report(card["id"], "ACCEPTED"))
    assert await standing(desk, card) == [("ACCEPTED", ""), ("ACCEPTED", "")]
    assert list((await desk.call("ListDispatches", to_settle=True)).entries) == []


async def test_a_copy_sent_again_has_its_time_anew(desk) -> None:
    documents = desk.documents
    await timers.start(documents.parts.worker)
    card = await desk.waiting(kind=0)
    await turn(desk, hours=2)
    [copy] = await desk.copies(card)
    assert (copy["state"], copy["reason"]) == ("QUEUED", "not-arrived")
    await desk.call("SettleDelivery", card=card, delivery_id=str(copy["id"]), action=1)
    assert await standing(desk, card) == [("QUEUED", "")]
    await turn(desk, minutes=30)
    assert await standing(desk, card) == [("QUEUED", "")]
    await turn(desk, minutes=40)
    assert await standing(desk, card) == [("QUEUED", "not-arrived")]
    await turn(desk, days=6)
    assert await standing(desk, card) == [("QUEUED", "overdue")]


async def test_each_turn_sets_the_next_and_fires_once(desk) -> None:
    worker = desk.documents.parts.worker
    await timers.start(worker)
    await timers.start(worker)
    assert len(await desk.documents.rows("timer")) == 1
    for _ in range(3):
        await turn(desk)
    rows = await desk.documents.rows("timer", "due_at")
    assert [row["done_at"] is None for row in rows] == [False, False, False, True]
    assert await turn(desk, hours=3) == 1
    assert len(await desk.documents.rows("timer")) == 2  # what is long done is forgotten


async def test_a_turn_takes_more_than_one_batch(desk, monkeypatch) -> None:
    monkeypatch.setattr("documents.handlers.watching.LIMIT", 2)
    every = dict(timers.EVERY)
    length, _, work = every[timers.WATCH_COPIES]
    monkeypatch.setattr(timers, "EVERY", every | {timers.WATCH_COPIES: (length, 2, work)})
    await timers.start(desk.documents.parts.worker)
    cards = await desk.documents.registered(*(f"A{number}" for number in range(5)))
    await turn(desk, hours=2)
    assert [(await standing(desk, card)) for card in cards] == [[("QUEUED", "not-arrived")]] * 5


async def test_a_look_costs_the_same_for_many(desk, documents_database) -> None:
    seen, number = {}, 0
    async with counted_pool(documents_database.url("worker")) as (pool, texts):
        for size in (2, 1, 10):
            await desk.documents.registered(*(f"A{number + place}" for place in range(size)))
            number += size
            desk.documents.clock.advance(timedelta(hours=2))
            async with Database(pool, desk.documents.clock).transaction() as unit:
                texts.clear()
                assert await look_at_copies(unit) == size
            seen[size] = [text for text in texts if not text.startswith(("BEGIN", "COMMIT"))]
    assert seen[1] == seen[10]
    assert len(seen[1]) == 6  # due, copies, and one write of each of documents, copies, acts and the journal
