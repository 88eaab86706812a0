"""Acknowledgements: late, doubled, disordered, about nothing we know; arrivals from other agencies."""

import asyncio
from itertools import permutations

import pytest

from chassis.messaging.inbox import Inbox
from onnara.documents.v1.events_pb2 import DeliveryChanged, DocumentReceived
from onnara.exchange.v1 import official_document_pb2 as pb
from onnara.exchange.v1.events_pb2 import ArrivalStored, RequestRefused
from support.documents_cards import ABROAD_CODE, HOME, OFFICE, PARKS, ROADS, arrival, incoming, recipient, report


async def copy_states(documents) -> list[tuple[str, bool]]:
    return [(row["state"], row["needs_person"]) for row in await documents.rows("delivery", "receiver_code")]


async def test_a_copy_goes_its_way(documents) -> None:
    [card] = await documents.registered("A1")
    seen = []
    for step in ("SENT", "ARRIVED", "RECEIVED", "ACCEPTED"):
        await documents.take(report(card["id"], step))
        seen.append(((await documents.card("A1"))["state"], (await copy_states(documents))[0][0]))
    assert seen == [("sent", "SENT"), ("sent", "ARRIVED"), ("sent", "RECEIVED"), ("sent", "ACCEPTED")]
    changes = await documents.events(DeliveryChanged)
    assert [change.state for change in changes] == ["SENT", "ARRIVED", "RECEIVED", "ACCEPTED"]
    versions = [row["aggregate_version"] for row in await documents.rows("journal", "seq")]
    assert versions[-4:] == [3, 4, 5, 6]


async def test_any_order_with_doubles_ends_the_same(documents) -> None:
    steps = ("SENT", "ARRIVED", "ACCEPTED")
    keys = ["".join(order) for order in permutations("012")]
    cards = await documents.registered(*keys)
    for place in range(3):
        batch = [report(card["id"], steps[int(key[place])]) for key, card in zip(keys, cards, strict=True)]
        await documents.take(*batch, *batch)
        await documents.take(*batch)
    assert await copy_states(documents) == [("ACCEPTED", False)] * 6
    assert len(await documents.rows("delivery_event")) == 18


async def test_reports_of_one_name_count_for_each_copy(documents) -> None:
    one, two = await documents.registered("A1", "A2")
    await documents.take(report(one["id"], "SENT", "same"), report(two["id"], "SENT", "same"))
    assert await copy_states(documents) == [("SENT", False)] * 2
    assert len(await documents.rows("delivery_event")) == 2


async def test_reports_without_a_name_are_told_apart_by_their_message(documents) -> None:
    [card] = await documents.registered("A1")
    first, second = report(card["id"], "SENT"), report(card["id"], "ARRIVED")
    first.report_id = second.report_id = ""
    await documents.take(first, second)
    assert await copy_states(documents) == [("ARRIVED", False)]


async def test_what_is_sent_again_is_no_trouble_any_more(documents) -> None:
    [card] = await documents.registered("A1")
    await documents.take(report(card["id"], "SENT", "s1"), report(card["id"], "RESEND_REQUESTED", "r1"))
    assert (await copy_states(documents), (await documents.card("A1"))["state"]) == (
        [("RESEND_REQUESTED", True)], "sent-partial",
    )  # fmt: skip
    await documents.take(report(card["id"], "SENT", "s2"))
    assert (await copy_states(documents), (await documents.card("A1"))["state"]) == ([("SENT", False)], "sent")


async def test_a_returned_copy_waits_for_a_person_even_when_accepted(documents) -> None:
    [card] = await documents.registered("A1", recipients=[recipient(), recipient(OFFICE)])
    await documents.take(
        report(card["id"], "RETURNED", reason="수신처가 잘못\x00되어"),
        report(card["id"], "SENT", "o", receiver_code=OFFICE),
    )
    await documents.take(report(card["id"], "ACCEPTED"))
    assert await copy_states(documents) == [("RETURNED", True), ("SENT", False)]
    assert (await documents.card("A1"))["state"] == "sent-partial"
    [returned] = [row for row in await documents.rows("delivery_event") if row["step"] == "RETURNED"]
    assert returned["reason"] == "수신처가 잘못되어"


async def test_reports_about_nothing_we_know(documents) -> None:
    [card] = await documents.registered("A1", recipients=[recipient(), recipient(OFFICE)])
    stranger = report(card["id"], "SENT", receiver_code="T123456")
    nonsense = report(card["id"], "SENT")
    nonsense.step = 77
    await documents.take(report("no-id", "SENT"), stranger, nonsense, report(card["line_id"], "SENT"))
    assert sorted(code for [code] in await documents.refusals()) == [
        "delivery-step-unknown", "delivery-unknown", "document-unknown",
    ]  # fmt: skip
    assert await documents.parked() == ["document-not-there-yet"]
    assert await documents.rows("delivery_event") == []


async def test_replicas_with_the_same_reports_agree(documents) -> None:
    cards = await documents.registered(*(f"A{number}" for number in range(20)))
    reports = [report(card["id"], step) for card in cards for step in ("ACCEPTED", "SENT", "ARRIVED")]
    inbox, taking = Inbox(documents.parts.worker), documents.subscription(reports[0])
    orders = (reports, reports[::-1], reports[30:] + reports[:30])
    await asyncio.gather(*(inbox.handle(taking, [incoming(each) for each in order]) for order in orders))
    assert await copy_states(documents) == [("ACCEPTED", False)] * 20
    assert (len(await documents.rows("delivery_event")), await documents.parked()) == (60, [])


async def test_an_arrival_is_stored_and_said(documents) -> None:
    await documents.take(arrival("D1"))
    card = await documents.card("D1")
    assert (card["state"], card["agency_id"], card["department_code"]) == ("to-accept", HOME, ROADS)
    [received] = await documents.events(DocumentReceived)
    assert (received.sender_code, received.sender_document_id) == (OFFICE, "DCT-D1")
    [stored] = await documents.events(ArrivalStored)
    assert (stored.origin.natural_key, stored.document_id) == ("D1", str(card["id"]))
    tokens = {row["token"] for row in await documents.rows("audience")}
    assert tokens == {f"department:{ROADS}", f"records:{HOME}"}


async def test_an_arrival_asked_about_again_is_said_again_and_stored_once(documents) -> None:
    await documents.take(arrival("D1"), arrival("D1"))
    await documents.take(arrival("D1"))
    assert len(await documents.rows("document")) == 1
    assert len({each.document_id for each in await documents.events(ArrivalStored)}) == 1
    assert len(await documents.events(DocumentReceived)) == 1


async def test_one_arrival_at_several_replicas_is_stored_once(documents) -> None:
    batch = [arrival(f"D{number}", (ROADS, PARKS)[number % 2]) for number in range(20)]
    inbox, taking = Inbox(documents.parts.worker), documents.subscription(batch[0])
    orders = (batch, batch[::-1], batch[10:] + batch[:10])
    await asyncio.gather(*(inbox.handle(taking, [incoming(each) for each in order]) for order in orders))
    assert (len(await documents.rows("document")), await documents.parked()) == (20, [])


@pytest.mark.parametrize(
    ("code", "receiver", "changes"),
    [
        ("receiver-not-here", ABROAD_CODE, {}),
        ("receiver-not-here", "T000000", {}),
        ("title-missing", ROADS, {"title": ""}),
        ("body-element-foreign", ROADS, {"body": "<iframe>"}),
        ("nul-inside", ROADS, {"body": "a\x00"}),
        ("attachment-hash-missing", ROADS, {"attachments": [pb.Attachment(name="a")]}),
    ],
)
async def test_what_cannot_be_stored_returns_into_quarantine(documents, code, receiver, changes) -> None:
    await documents.take(arrival("bad", receiver, **changes), arrival("good"))
    [refused] = await documents.events(RequestRefused)
    assert (refused.origin.natural_key, refused.errors[0].code) == ("bad", code)
    assert [row["origin_key"] for row in await documents.rows("document")] == ["enara-home|good"]
    assert (await documents.refusals(), await documents.parked()) == ([[code]], [])
