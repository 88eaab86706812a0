"""Seals: asked for, applied by whom the rules let, entered in a ledger without gaps, carried by what is sent."""

import asyncio
from uuid import uuid4

import pytest

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from onnara.exchange.v1 import official_document_pb2 as doc
from onnara.exchange.v1.events_pb2 import DispatchRequested
from support.documents_cards import ABROAD, PARKS, person, recipient
from support.sending import CLERK, DRAFTER, HEAD, KEEPER, SEAL, SIGNATURE, STRANGER, png

INSIDE = [recipient(PARKS)]


async def test_what_needs_a_seal_waits_and_goes_out_sealed(desk) -> None:
    seal = await desk.registered_seal()
    card = await desk.waiting()
    assert (await desk.state(card), await desk.copies(card)) == ("send-wait", [])
    await desk.call("AskSeal", CLERK, card=card)
    assert await desk.state(card) == "seal-review"
    answer = await desk.call("ReviewSeal", KEEPER, card=card)
    entry = answer.imprint
    assert (entry.number, entry.year, entry.kind, entry.seal_name) == (1, 2026, SEAL, "시험시장의인")
    assert (entry.title, entry.applied_by, entry.registration.text) == ("도로 점용 허가", "neighbour", "도로정책과-1")
    assert (entry.document_id, entry.recipients_label) == (str(card["id"]), "T990000장")
    assert await desk.state(card) == "send-wait"
    await desk.call("Send", card=card)
    assert await desk.state(card) == "sending"
    [request] = await desk.documents.parcels(DispatchRequested)
    assert request.document.seal.image.sha256 == seal.image.sha256
    assert (request.document.seal.kind, request.document.registration.serial) == (SEAL, 1)
    assert request.document.body == "<p>1. 관련: 도로정책과-12</p><p>2. 허가합니다.  끝.</p>"
    assert [(d.receiver_code, d.recipient) for d in request.deliveries] == [("T990000", 0)]
    assert await desk.acts() == ["ask-seal", "seal", "send"]


@pytest.mark.parametrize("kind", [0, doc.SEAL_KIND_SEAL_OMITTED, doc.SEAL_KIND_SIGNATURE_OMITTED])
async def test_without_a_seal_it_goes_at_once(desk, kind) -> None:
    card = await desk.waiting(kind=kind)
    assert await desk.state(card) == "sending"
    with pytest.raises(ConflictError, match="act-not-now"):
        await desk.call("Send", card=card)


async def test_nothing_goes_out_without_the_seal_it_needs(desk) -> None:
    card = await desk.waiting()
    with pytest.raises(ConflictError, match="seal-missing"):
        await desk.call("Send", card=card)
    assert (await desk.state(card), await desk.documents.parcels(DispatchRequested)) == ("send-wait", [])


async def test_the_keeper_refuses_with_a_reason(desk) -> None:
    card = await desk.waiting()
    await desk.call("AskSeal", card=card)
    with pytest.raises(InvalidError, match="reason-missing"):
        await desk.call("ReviewSeal", KEEPER, card=card, refuse=True, reason=" ")
    await desk.call("ReviewSeal", KEEPER, card=card, refuse=True, reason="붙임이 빠졌습니다.")
    assert await desk.state(card) == "seal-rejected"
    [note] = await desk.documents.rows("dispatch_note")
    assert (note["act"], note["reason"], note["actor_name"]) == ("refuse-seal", "붙임이 빠졌습니다.", "neighbour")
    await desk.call("AskSeal", card=card)
    assert await desk.state(card) == "seal-review"
    assert await desk.documents.rows("seal_imprint") == []


async def test_who_may_do_what(desk) -> None:
    await desk.registered_seal()
    card = await desk.waiting()
    for who in (HEAD, person("reviewer")):
        with pytest.raises(ForbiddenError, match="act-not-yours"):
            await desk.call("AskSeal", who, card=card)
    for who in (STRANGER, KEEPER, person("chief", ABROAD)):  # the keeper sees it once he is asked
        with pytest.raises(NotFoundError, match="document-unknown"):
            await desk.call("AskSeal", who, card=card)
    await desk.call("AskSeal", card=card)
    for who in (DRAFTER, CLERK, HEAD):
        with pytest.raises(ForbiddenError, match="act-not-yours"):
            await desk.call("ReviewSeal", who, card=card)
    await desk.call("ReviewSeal", KEEPER, card=card)
    with pytest.raises(ForbiddenError, match="act-not-yours"):
        await desk.call("Send", KEEPER, card=card)
    with pytest.raises(ConflictError, match="seal-applied"):
        await desk.call("AskSeal", card=card)


async def test_drafter_and_clerk_sign_themselves(desk) -> None:
    await desk.registered_seal(SIGNATURE, "도로정책과장인", department_code="T310101")
    for key, who in (("A1", DRAFTER), ("A2", CLERK)):
        card = await desk.waiting(key, SIGNATURE, recipients=INSIDE)
        answer = await desk.call("ReviewSeal", who, card=card)
        assert (answer.imprint.kind, answer.imprint.applied_by) == (SIGNATURE, who.name)
        await desk.call("Send", who, card=card)
    card = await desk.waiting("A3", SIGNATURE, recipients=INSIDE)
    with pytest.raises(ForbiddenError, match="act-not-yours"):
        await desk.call("ReviewSeal", HEAD, card=card)


async def test_an_unusual_mark_is_confirmed_not_refused(desk) -> None:
    await desk.registered_seal()
    card = await desk.waiting(recipients=INSIDE)
    with pytest.raises(ConflictError, match="seal-kind-unusual") as refused:
        await desk.call("AskSeal", card=card)
    assert refused.value.problems[0].params == {"expected": "signature"}
    with pytest.raises(InvalidError, match="seal-kind-invalid"):
        await desk.call("AskSeal", card=card, kind=doc.SEAL_KIND_SEAL_OMITTED)
    await desk.call("AskSeal", card=card, confirmed=["seal-kind-unusual"])
    assert (await desk.call("ReviewSeal", KEEPER, card=card)).imprint.number == 1


async def test_each_seal_has_its_keeper(desk) -> None:
    card = await desk.waiting()
    await desk.call("AskSeal", card=card)
    with pytest.raises(NotFoundError, match="seal-unknown"):
        await desk.call("ReviewSeal", KEEPER, card=card)
    await desk.registered_seal(name="도로의인", keeper_department_code="T310101")
    with pytest.raises(ForbiddenError, match="seal-of-another-keeper"):
        await desk.call("ReviewSeal", KEEPER, card=card)
    other = await desk.registered_seal(name="공원의인", keeper_department_code=PARKS)
    with pytest.raises(InvalidError, match="seal-ambiguous"):
        await desk.call("ReviewSeal", KEEPER, card=card)
    assert (await desk.call("ReviewSeal", KEEPER, card=card, seal_id=other.seal_id)).imprint.seal_name == "공원의인"


async def test_numbers_have_no_gaps_when_keepers_hurry(desk) -> None:
    await desk.registered_seal()
    cards = [await desk.waiting(f"A{number}") for number in range(9)]
    for card in cards:
        await desk.call("AskSeal", card=card)
    asked = [*cards, *cards[:4]]  # some twice: only one of them can be first
    calls = (desk.call("ReviewSeal", KEEPER, card=card) for card in asked)
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(result, Exception) for result in results) == 4
    ledger = await desk.call("ListImprints", KEEPER)
    assert [entry.number for entry in ledger.imprints] == list(range(9, 0, -1))
    assert len({entry.document_id for entry in ledger.imprints}) == 9


async def test_ledgers_by_kind_and_page(desk) -> None:
    await desk.registered_seal()
    await desk.registered_seal(SIGNATURE, "도로정책과장인")
    for key in ("A1", "A2", "A3"):
        await desk.sealed(key)
    signed = await desk.waiting("A4", SIGNATURE, recipients=INSIDE)
    await desk.call("ReviewSeal", card=signed)
    first = await desk.call("ListImprints", KEEPER, page_size=2)
    assert [entry.number for entry in first.imprints] == [3, 2]
    rest = await desk.call("ListImprints", KEEPER, page_size=2, page_token=first.next_page_token)
    assert ([entry.number for entry in rest.imprints], rest.next_page_token) == ([1], "")
    assert [e.number for e in (await desk.call("ListImprints", DRAFTER, kind=SIGNATURE)).imprints] == [1]
    assert len((await desk.call("ListImprints", DRAFTER)).imprints) == 3
    assert list((await desk.call("ListImprints", STRANGER)).imprints) == []
    assert list((await desk.call("ListImprints", KEEPER, year=2025)).imprints) == []
    for changes in ({"kind": doc.SEAL_KIND_SEAL_OMITTED}, {"page_token": "x"}):
        with pytest.raises(InvalidError):
            await desk.call("ListImprints", KEEPER, **changes)


async def test_the_register_of_seals(desk) -> None:
    seal = await desk.registered_seal()
    assert (seal.image.media_type, seal.image.size) == ("image/png", len(png()))
    with pytest.raises(ConflictError, match="seal-registered"):
        await desk.registered_seal()
    again = await desk.registered_seal(seal_id=seal.seal_id, data=png(4))
    assert [each.seal_id for each in (await desk.call("ListSeals")).seals] == [again.seal_id]
    assert len((await desk.call("ListSeals", disposed=True)).seals) == 2
    with pytest.raises(ConflictError, match="seal-disposed"):
        await desk.call("DisposeSeal", KEEPER, seal_id=seal.seal_id, reason="마모")
    with pytest.raises(InvalidError, match="reason-missing"):
        await desk.call("DisposeSeal", KEEPER, seal_id=again.seal_id)
    await desk.call("DisposeSeal", KEEPER, seal_id=again.seal_id, reason="마모")
    assert list((await desk.call("ListSeals")).seals) == []
    with pytest.raises(InvalidError, match="id-invalid"):
        await desk.call("DisposeSeal", KEEPER, reason="r", seal_id="x")
    with pytest.raises(NotFoundError, match="seal-unknown"):
        await desk.call("DisposeSeal", KEEPER, reason="r", seal_id=str(uuid4()))


async def test_what_cannot_be_a_seal(desk) -> None:
    for changes, code in (
        ({"data": b"GIF89a" + png()}, "seal-image-invalid"),
        ({"data": png()[:-4]}, "seal-image-invalid"),
        ({"data": png().replace(b"IHDR", b"IHDX")}, "seal-image-invalid"),
        ({"data": png() + b"x" * (1024 * 1024)}, "seal-image-too-large"),
        ({"image": doc.Attachment(sha256=b"x", name="a.png")}, "attachment-hash-missing"),
        ({"name": " "}, "seal-name-invalid"),
        ({"kind": doc.SEAL_KIND_SEAL_OMITTED}, "seal-kind-invalid"),
        ({"department_code": "T990101"}, "department-unknown"),
    ):
        with pytest.raises(InvalidError, match=code):
            await desk.registered_seal(**changes)
    with pytest.raises(NotFoundError, match="blob-missing"):
        await desk.registered_seal(image=doc.Attachment(sha256=b"x" * 32, name="a.png"))
    for method in ("RegisterSeal", "DisposeSeal"):
        with pytest.raises(ForbiddenError, match="role-missing"):
            await desk.call(method, CLERK)
