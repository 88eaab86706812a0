"""Copies that need somebody, recipients added later, and what waits before it is sent."""

import pytest

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from onnara.documents.v1 import dispatch_service_pb2 as pb
from onnara.documents.v1.documents_service_pb2 import GetDocumentRequest
from onnara.exchange.v1.events_pb2 import (
    TRANSMISSION_NORMAL_RESEND,
    TRANSMISSION_RESEND,
    TRANSMISSION_SEND,
    DispatchRecalled,
    DispatchRequested,
)
from onnara.exchange.v1.official_document_pb2 import RECIPIENT_KIND_PRIVATE_BODY, Recipient, Unit
from support.documents_cards import OFFICE, PARKS, recipient, report
from support.sending import CLERK, DRAFTER, HEAD, KEEPER, STRANGER

RESEND, RECALL, CLOSE = pb.SETTLE_ACTION_RESEND, pb.SETTLE_ACTION_RECALL, pb.SETTLE_ACTION_CLOSE
HOLD, RELEASE, CANCEL = pb.HOLD_ACTION_HOLD, pb.HOLD_ACTION_RELEASE, pb.HOLD_ACTION_CANCEL


async def settle(desk, card, action, place=0, who=DRAFTER, reason="수신처 확인"):
    copy = (await desk.copies(card))[place]
    return await desk.call("SettleDelivery", who, card=card, delivery_id=str(copy["id"]), action=action, reason=reason)


async def standing(desk, card) -> tuple[str, list[tuple[str, str]]]:
    return await desk.state(card), [(copy["state"], copy["reason"]) for copy in await desk.copies(card)]


async def test_hold_release_cancel(desk) -> None:
    card = await desk.waiting()
    with pytest.raises(InvalidError, match="reason-missing"):
        await desk.call("HoldDispatch", card=card, action=HOLD)
    await desk.call("HoldDispatch", CLERK, card=card, action=HOLD, reason="첨부 확인 중")
    assert await desk.state(card) == "send-held"
    for method, values in (("AskSeal", {}), ("Send", {}), ("HoldDispatch", {"action": HOLD, "reason": "r"})):
        with pytest.raises(ConflictError, match="act-not-now"):
            await desk.call(method, card=card, **values)
    await desk.call("HoldDispatch", HEAD, card=card, action=RELEASE)
    assert await desk.state(card) == "send-wait"
    await desk.call("HoldDispatch", card=card, action=CANCEL, reason="방침 변경")
    assert await desk.state(card) == "send-cancelled"
    with pytest.raises(ConflictError, match="act-not-now"):
        await desk.call("HoldDispatch", card=card, action=RELEASE)
    with pytest.raises(InvalidError, match="action-unknown"):
        await desk.call("HoldDispatch", card=card, action=0)
    assert await desk.acts() == ["hold", "release", "cancel"]


async def test_a_version_that_has_passed(desk) -> None:
    card = await desk.waiting()
    with pytest.raises(ConflictError, match="document-moved-on"):
        await desk.call("AskSeal", card=card, expected_version=1)


async def test_sending_one_copy_again(desk) -> None:
    card = await desk.waiting(kind=0, recipients=[recipient(), recipient(OFFICE)])
    await desk.documents.take(
        report(card["id"], "SENT"),
        report(card["id"], "RESEND_REQUESTED"),
        report(card["id"], "RETURNED", "r", receiver_code=OFFICE),
    )
    assert await standing(desk, card) == (
        "sent-partial", [("RESEND_REQUESTED", "resend-requested"), ("RETURNED", "returned")],
    )  # fmt: skip
    answer = await settle(desk, card, RESEND, reason="")
    assert (answer.delivery.state, answer.delivery.to_settle) == ("SENT", False)
    await settle(desk, card, RESEND, place=1, who=CLERK)
    assert await standing(desk, card) == ("sending", [("SENT", ""), ("QUEUED", "")])
    first, again, other = await desk.documents.parcels(DispatchRequested)
    assert [d.transmission for d in first.deliveries] == [TRANSMISSION_SEND] * 2
    assert [(d.recipient, d.transmission) for d in again.deliveries] == [(0, TRANSMISSION_RESEND)]
    assert [(d.recipient, d.transmission) for d in other.deliveries] == [(1, TRANSMISSION_NORMAL_RESEND)]
    assert other.document.body == first.document.body
    assert other.deliveries[0].delivery_id == first.deliveries[1].delivery_id
    # What is reported afterwards is new trouble, whatever was settled.
    await desk.documents.take(report(card["id"], "RETURNED", "r2", receiver_code=OFFICE))
    assert (await standing(desk, card))[1][1] == ("RETURNED", "returned")


async def test_taking_back_ends_with_arrival(desk) -> None:
    card = await desk.waiting(kind=0, recipients=[recipient(), recipient(OFFICE)])
    await desk.documents.take(report(card["id"], "ARRIVED"))
    with pytest.raises(ConflictError, match="delivery-not-now"):
        await settle(desk, card, RECALL)
    await settle(desk, card, RECALL, place=1)
    assert await standing(desk, card) == ("sent-partial", [("ARRIVED", ""), ("RECALLED", "")])
    copy = (await desk.copies(card))[1]
    assert copy["watch_at"] is None
    [recalled] = await desk.documents.events(DispatchRecalled)
    assert (recalled.document_id, list(recalled.delivery_ids)) == (str(card["id"]), [str(copy["id"])])
    await desk.documents.take(report(card["id"], "ARRIVED", "late", receiver_code=OFFICE))
    assert await standing(desk, card) == ("sent", [("ARRIVED", ""), ("ARRIVED", "recall-too-late")])
    await settle(desk, card, CLOSE, place=1, reason="수신처에 폐기를 요청함")
    assert await standing(desk, card) == ("sent", [("ARRIVED", ""), ("CLOSED", "")])


async def test_closing_says_why(desk) -> None:
    card = await desk.waiting(kind=0)
    await desk.documents.take(report(card["id"], "FAILED"))
    with pytest.raises(InvalidError, match="reason-missing"):
        await settle(desk, card, CLOSE, reason="")
    await settle(desk, card, CLOSE, reason="우편으로 보냄")
    assert await standing(desk, card) == ("sent", [("CLOSED", "")])
    with pytest.raises(ConflictError, match="delivery-not-now"):
        await settle(desk, card, RESEND)
    [act] = await desk.documents.rows("delivery_act")
    assert (act["act"], act["reason"], act["actor_name"]) == ("CLOSED", "우편으로 보냄", "drafter")


async def test_whose_copies_they_are(desk) -> None:
    card = await desk.waiting(kind=0)
    with pytest.raises(ForbiddenError, match="act-not-yours"):
        await settle(desk, card, CLOSE, who=HEAD)
    with pytest.raises(NotFoundError, match="document-unknown"):
        await settle(desk, card, CLOSE, who=STRANGER)
    other = await desk.waiting("A2", kind=0)
    [copy] = await desk.copies(other)
    with pytest.raises(NotFoundError, match="delivery-unknown"):
        await desk.call("SettleDelivery", card=card, delivery_id=str(copy["id"]), action=CLOSE, reason="r")
    for values, code in (({"delivery_id": "x", "action": CLOSE}, "id-invalid"), ({}, "action-unknown")):
        with pytest.raises(InvalidError, match=code):
            await desk.call("SettleDelivery", card=card, **values)


async def test_the_head_agrees_to_further_recipients(desk) -> None:
    card = await desk.waiting(kind=0)
    asking = {"card": card, "recipients": [recipient(PARKS)], "ground": "mistake", "note": "수신처 누락"}
    for who in (CLERK, DRAFTER):
        answer = await desk.call("AskRecipients", who, **asking)
        with pytest.raises(ForbiddenError, match="act-not-yours"):
            await desk.call("DecideRecipients", who, card=card, request_key=answer.request_key)
        await desk.call(
            "DecideRecipients", HEAD, card=card, request_key=answer.request_key, refuse=True, reason="불필요"
        )
    answer = await desk.call("AskRecipients", **asking)
    assert len(await desk.copies(card)) == 1
    with pytest.raises(InvalidError, match="recipient-doubled"):
        await desk.call("AskRecipients", **asking)
    await desk.call("DecideRecipients", HEAD, card=card, request_key=answer.request_key)
    with pytest.raises(ConflictError, match="recipients-request-decided"):
        await desk.call("DecideRecipients", HEAD, card=card, request_key=answer.request_key)
    assert [(c["receiver_code"], c["position"]) for c in await desk.copies(card)] == [("T990000", 0), (PARKS, 1)]
    _, added = await desk.documents.parcels(DispatchRequested)
    assert [(d.receiver_code, d.recipient) for d in added.deliveries] == [(PARKS, 1)]
    assert [r.agency.code for r in added.document.recipients] == ["T990000", PARKS]
    row = (await desk.documents.rows("recipient_addition", "id"))[-1]
    assert (row["state"], row["decided_name"], row["decided_at"]) == ("added", "chief", desk.documents.clock.now())
    # What was decided on is as it was; the copy that was added keeps its place when it is sent again.
    assert (await desk.row(card["id"]))["content"] == card["content"]
    await settle(desk, card, RESEND, place=1)
    again = (await desk.documents.parcels(DispatchRequested))[-1]
    assert [(d.recipient, len(again.document.recipients)) for d in again.deliveries] == [(1, 2)]


async def test_the_head_asking_needs_nobody_else(desk) -> None:
    card = await desk.waiting(kind=0)
    for code, ground in ((PARKS, "approver-order"), (OFFICE, "agency-request")):
        await desk.call("AskRecipients", HEAD, card=card, recipients=[recipient(code)], ground=ground)
    assert [copy["position"] for copy in await desk.copies(card)] == [0, 1, 2]
    assert {row["state"] for row in await desk.documents.rows("recipient_addition")} == {"added"}
    assert await desk.acts() == ["add-recipients", "add-recipients"]


async def test_what_cannot_be_added(desk) -> None:
    card = await desk.waiting(kind=0)
    for changes, code in (
        ({"ground": "because"}, "ground-unknown"),
        ({"recipients": []}, "recipients-missing"),
        ({"recipients": [recipient()]}, "recipient-doubled"),
        ({"recipients": [recipient("T000009")]}, "recipient-unknown"),
        ({"note": "\x00"}, "note-invalid"),
        ({"recipients": [recipient(PARKS, printed_as="a\x00")]}, "nul-inside"),
    ):
        values = {"card": card, "recipients": [recipient(PARKS)], "ground": "mistake", **changes}
        with pytest.raises(InvalidError, match=code):
            await desk.call("AskRecipients", **values)
    waiting = await desk.waiting("A2")
    with pytest.raises(ConflictError, match="act-not-now"):
        await desk.call("AskRecipients", card=waiting, recipients=[recipient(PARKS)], ground="mistake")
    with pytest.raises(NotFoundError, match="recipients-request-unknown"):
        await desk.call("DecideRecipients", HEAD, card=card, request_key=str(card["id"]))


async def test_the_departments_board(desk) -> None:
    cards = [await desk.waiting(f"A{number}", kind=0) for number in range(3)]
    waiting = await desk.waiting("A9")
    newest = [str(card["id"]) for card in (waiting, *reversed(cards))]
    first = await desk.call("ListDispatches", page_size=3)
    rest = await desk.call("ListDispatches", page_size=3, page_token=first.next_page_token)
    assert [entry.document.document_id for entry in (*first.entries, *rest.entries)] == newest
    assert (rest.next_page_token, [len(entry.deliveries) for entry in first.entries]) == ("", [0, 1, 1])
    assert list((await desk.call("ListDispatches", STRANGER)).entries) == []
    assert list((await desk.call("ListDispatches", KEEPER)).entries) == []
    assert list((await desk.call("ListDispatches", to_settle=True)).entries) == []


async def test_a_command_repeated_has_one_effect(desk) -> None:
    card = await desk.waiting(kind=0)
    await desk.documents.take(report(card["id"], "FAILED"))
    [copy] = await desk.copies(card)
    asked = {"card": card, "delivery_id": str(copy["id"]), "action": RESEND, "request_id": "once"}
    assert await desk.call("SettleDelivery", **asked) == await desk.call("SettleDelivery", **asked)
    assert len(await desk.documents.parcels(DispatchRequested)) == 2


async def test_the_card_shows_its_sending(desk) -> None:
    await desk.registered_seal()
    card = await desk.waiting()
    await desk.call("AskSeal", card=card)
    await desk.call("ReviewSeal", KEEPER, card=card, refuse=True, reason="붙임 누락")

    async def shown(who=DRAFTER):
        wanted = GetDocumentRequest(document_id=str(card["id"]))
        return (await desk.documents.call("GetDocument", wanted, who)).document

    seen = await shown()
    assert [(note.act, note.reason, note.by) for note in seen.dispatch_notes] == [
        ("refuse-seal", "붙임 누락", "neighbour"),
    ]
    assert set(seen.allowed) >= {"ask-seal", "hold", "cancel"}
    await desk.call("AskSeal", card=card)
    assert {"seal", "refuse-seal"} <= set((await shown(KEEPER)).allowed)
    await desk.call("ReviewSeal", KEEPER, card=card)
    assert "send" in (await shown()).allowed
    await desk.call("Send", card=card)
    await desk.call("AskRecipients", card=card, recipients=[recipient(PARKS)], ground="mistake")
    seen, by_head = await shown(), await shown(HEAD)
    assert (seen.imprint.number, seen.imprint.seal_name) == (1, "시험시장의인")
    assert [(asked.state, asked.ground, asked.asked_by) for asked in seen.recipients_asked] == [
        ("asked", "mistake", "drafter"),
    ]
    assert [list(copy.allowed) for copy in seen.deliveries] == [["resend", "recall", "close"]]
    assert [list(copy.allowed) for copy in by_head.deliveries] == [[]]
    assert {"add-recipients", "refuse-recipients"} <= set(by_head.allowed)
    assert "add-recipients" not in seen.allowed


async def test_whom_a_copy_was_sent_on_to_is_shown(desk) -> None:
    card = await desk.waiting(kind=0)
    passed = Unit(code="Z150101", name="과학기술부 연구정책과")
    await desk.documents.take(report(card["id"], "TRANSFERRED", reason="귀 기관 소관", passed_to=passed))
    await desk.documents.take(report(card["id"], "RECEIVED"))
    assert await standing(desk, card) == ("sent", [("TRANSFERRED", "")])
    wanted = GetDocumentRequest(document_id=str(card["id"]), open=True)
    [copy] = (await desk.documents.call("GetDocument", wanted, DRAFTER)).document.deliveries
    assert [(event.passed_to, event.reason) for event in copy.events if event.passed_to] == [
        ("과학기술부 연구정책과", "귀 기관 소관")
    ]
    await desk.documents.take(report(card["id"], "ACCEPTED"))
    assert await standing(desk, card) == ("sent", [("ACCEPTED", "")])


def outside(name: str = "주식회사 한빛") -> Recipient:
    return Recipient(kind=RECIPIENT_KIND_PRIVATE_BODY, printed_as=name)


async def test_who_has_no_code_is_sent_to_by_hand(desk) -> None:
    card = await desk.waiting(kind=0, recipients=[recipient(), outside(), outside("홍길동")])
    [sent] = await desk.documents.parcels(DispatchRequested)
    assert [delivery.recipient for delivery in sent.deliveries] == [0], "no adapter reaches the others"
    assert len(sent.document.recipients) == 3
    assert await standing(desk, card) == ("sending", [("QUEUED", ""), ("QUEUED", "by-hand"), ("QUEUED", "by-hand")])
    await desk.documents.take(report(card["id"], "ACCEPTED"))
    with pytest.raises(ConflictError, match="delivery-not-now"):
        await settle(desk, card, RESEND, place=1)
    with pytest.raises(InvalidError, match="reason-missing"):
        await settle(desk, card, CLOSE, place=1, reason="")
    await settle(desk, card, CLOSE, place=1, reason="등기우편")
    assert await desk.state(card) == "sending"
    await settle(desk, card, CLOSE, place=2, reason="직접 교부")
    assert await standing(desk, card) == ("sent", [("ACCEPTED", ""), ("CLOSED", ""), ("CLOSED", "")])


async def test_a_document_to_companies_only_goes_to_no_adapter(desk) -> None:
    card = await desk.waiting(kind=0, recipients=[outside()])
    assert await desk.documents.parcels(DispatchRequested) == []
    assert await standing(desk, card) == ("sending", [("QUEUED", "by-hand")])


async def test_a_company_is_added_later_once_by_its_name(desk) -> None:
    card = await desk.waiting(kind=0)
    await desk.call("AskRecipients", HEAD, card=card, recipients=[outside()], ground="mistake")
    assert (await standing(desk, card))[1][-1] == ("QUEUED", "by-hand")
    for wrong, code in ((outside(), "recipient-doubled"), (outside(" "), "recipient-name-missing")):
        with pytest.raises(InvalidError, match=code):
            await desk.call("AskRecipients", HEAD, card=card, recipients=[wrong], ground="mistake")
