"""What becomes of a received document reaches its sender in the sender's format, once; what has no word is counted."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters import catalogue
from adapters.contract import Item, Outgoing, TellsReceipts
from adapters.formats.dtd import validate
from adapters.formats.pack import Pack, read_pack
from adapters.runtime import handlers, recalls, receipts
from adapters.runtime.delivery import Delivery
from adapters.runtime.intake import Intake
from chassis.envelope import Incoming
from chassis.errors import InvalidError
from chassis.ids import uuid7
from chassis.testing.statements import counted_pool
from chassis.uow import Database
from onnara.exchange.v1.events_pb2 import (
    DeliveryReported,
    DeliveryStep,
    DispatchRecalled,
    DispatchRequested,
    ReceiptReported,
    Transmission,
)
from onnara.exchange.v1.official_document_pb2 import Recipient, RegistrationNumber, Sender, Unit
from support.runtime import AGENCY, Runtime, registered_document

HERE, THERE = "3490000", "Z090101"
PACK_NAME = f"{THERE}{HERE}2026051110000000.xml"


async def arrive(runtime: Runtime) -> str:
    """A pack comes in through the relay; answers the id of its record."""
    adapter = catalogue.load("relay")
    request = DispatchRequested(document=registered_document("DOC-1"), agency_id=AGENCY)
    request.deliveries.add(delivery_id="d", receiver_code=HERE, transmission=Transmission.TRANSMISSION_SEND)
    [item] = adapter.encode([Outgoing(request, {}, PACK_NAME.removesuffix(".xml"))]).items
    runtime.drop(PACK_NAME, next(iter(item.parts.values())), "relay")
    intake = runtime.intake("relay")
    await intake.scan_once()
    await intake.scan_once()
    return str(await runtime.database.pool.fetchval("SELECT id FROM record"))


def told(record_id: str, step: str, **changes: object) -> Incoming[ReceiptReported]:
    values = {
        "document_id": "card",
        "step": DeliveryStep.Value(f"DELIVERY_STEP_{step}"),
        "department": Unit(code=HERE, name="총무과"),
        "person": "박접수",
        "title": "2026년도 예산 요구 1",
        "sender_document_id": "DOC-1",
        "enforced_on": "2026-05-11",
        "sender_registration": RegistrationNumber(text="예산총괄과-7"),
        **changes,
    }
    report = ReceiptReported(**values)  # type: ignore[arg-type]
    report.origin.record_id, report.origin.endpoint = record_id, "relay"
    report.happened_at.FromJsonString("2026-05-11T02:00:00Z")
    return Incoming(uuid7(), "t", AGENCY, {"system": "documents"}, "c", report.happened_at.ToDatetime(), report)


async def tell(runtime: Runtime, *messages: Incoming[ReceiptReported]) -> list[object]:
    async with runtime.database.transaction() as unit:
        return list(await receipts.tell_senders(unit, runtime.endpoints, messages))


async def packs(runtime: Runtime) -> list[Pack]:
    """Everything that has gone out, each valid to the letter."""
    delivery = Delivery(runtime.endpoints.by_name["relay"], runtime.database, runtime.blobs)
    while await delivery.deliver_once():
        pass
    found = []
    for path in sorted(Path(runtime.folder / "relay" / "out").iterdir()):
        data = path.read_bytes()
        assert list(validate("pack", data)) == []
        pack, findings = read_pack(data)
        assert list(findings) == []
        found.append(pack)
    return found


async def test_an_acceptance_goes_back_to_the_sender(runtime: Runtime) -> None:
    record_id = await arrive(runtime)
    assert await tell(runtime, told(record_id, "ACCEPTED", registration=RegistrationNumber(text="총무과-3"))) == [None]
    kinds = {pack.doc_type: pack for pack in await packs(runtime)}
    assert set(kinds) == {"arrive", "accept"}
    accepted = kinds["accept"]
    assert (accepted.doc_id, accepted.send_id, accepted.receive_ids) == ("DOC-1", HERE, (THERE,))
    assert (accepted.dept, accepted.name, accepted.contents) == ("총무과", "박접수", ())


async def test_a_return_names_number_day_title_and_reason(runtime: Runtime) -> None:
    record_id = await arrive(runtime)
    await tell(runtime, told(record_id, "RETURNED", reason="관인이 없습니다."))
    returned = next(pack for pack in await packs(runtime) if pack.doc_type == "return")
    [content] = returned.contents
    assert (content.role, content.data.decode("cp949").split("\r\n")) == (
        "return",
        [
            "생산등록번호: 예산총괄과-7",
            "시행일자: 2026-05-11",
            "제목: 2026년도 예산 요구 1",
            "반송사유: 관인이 없습니다.",
        ],
    )


async def test_a_return_is_read_back_by_the_sender_with_its_reason(runtime: Runtime) -> None:
    record_id = await arrive(runtime)
    await tell(runtime, told(record_id, "RETURNED", reason="관인이 없습니다."))
    await packs(runtime)
    adapter = catalogue.load("relay")
    reports = []
    for path in sorted(Path(runtime.folder / "relay" / "out").iterdir()):
        [record] = adapter.decode(Item(path.name, {path.name: path.read_bytes()})).records
        reports.append(record.message)
    returned = next(each for each in reports if each.step == DeliveryStep.DELIVERY_STEP_RETURNED)
    assert (returned.document_id, returned.receiver_code, returned.person) == ("DOC-1", HERE, "박접수")
    assert "반송사유: 관인이 없습니다." in returned.reason


async def test_a_transfer_is_a_receive_that_names_the_new_receiver(runtime: Runtime) -> None:
    record_id = await arrive(runtime)
    farther = Unit(code="Z150101", name="과학기술부 연구정책과")
    await tell(runtime, told(record_id, "TRANSFERRED", reason="귀 기관 소관:\n연구비", passed_to=farther))
    transferred = next(pack for pack in await packs(runtime) if pack.content("transfer"))
    assert transferred.doc_type == "receive"
    adapter = catalogue.load("relay")
    read = []
    for path in sorted(Path(runtime.folder / "relay" / "out").iterdir()):
        [record] = adapter.decode(Item(path.name, {path.name: path.read_bytes()})).records
        read.append(record.message)
    [report] = [each for each in read if each.step == DeliveryStep.DELIVERY_STEP_TRANSFERRED]
    assert (report.passed_to.code, report.passed_to.name) == ("Z150101", "과학기술부 연구정책과")
    assert (report.reason, report.person) == ("귀 기관 소관: 연구비", "박접수")
    assert len({each.report_id for each in read}) == len(read)


async def test_what_is_sent_on_again_is_told_again(runtime: Runtime) -> None:
    record_id = await arrive(runtime)
    first = told(record_id, "TRANSFERRED", passed_to=Unit(code="Z150101"))
    await tell(runtime, first, first, told(record_id, "TRANSFERRED", passed_to=Unit(code="Z160101")))
    assert [pack.doc_type for pack in await packs(runtime)].count("receive") == 2


async def test_an_acceptance_by_whom_it_was_sent_on_to_names_him(runtime: Runtime) -> None:
    record_id = await arrive(runtime)
    await tell(runtime, told(record_id, "ACCEPTED", agency=Unit(code="Z150000", name="과학기술부")))
    accepted = next(pack for pack in await packs(runtime) if pack.doc_type == "accept")
    assert (accepted.dept, accepted.send_id) == ("과학기술부 총무과", HERE)


async def test_what_cannot_be_opened_is_wanted_once_more(runtime: Runtime) -> None:
    record_id = await arrive(runtime)
    await tell(runtime, told(record_id, "RESEND_REQUESTED", reason="열리지 않습니다."))
    assert {pack.doc_type for pack in await packs(runtime)} == {"arrive", "req-resend"}


async def test_a_repeated_report_is_one_pack(runtime: Runtime) -> None:
    record_id = await arrive(runtime)
    message = told(record_id, "ACCEPTED")
    await tell(runtime, message, message)
    await tell(runtime, message)
    assert [pack.doc_type for pack in await packs(runtime)].count("accept") == 1


async def test_without_a_way_or_a_word_it_is_counted_only(runtime: Runtime) -> None:
    before = receipts.UNTOLD.labels("relay")._value.get()
    assert await tell(runtime, told(str(uuid7()), "ACCEPTED"), told("no uuid", "RETURNED")) == [None, None]
    assert receipts.UNTOLD.labels("relay")._value.get() == before + 2
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM outgoing") == 0
    assert isinstance(catalogue.load("relay"), TellsReceipts)
    assert not isinstance(catalogue.load("mpb_budget"), TellsReceipts)


@pytest.mark.parametrize("step", ["RECEIVED", "FAILED", "UNSPECIFIED"])
async def test_other_steps_are_not_told_this_way(runtime: Runtime, step: str) -> None:
    [outcome] = await tell(runtime, told(str(uuid7()), step))
    assert isinstance(outcome, InvalidError)


async def test_telling_costs_the_same_for_1_10_and_100(runtime: Runtime) -> None:
    record_id = await arrive(runtime)
    find = "INSERT INTO outgoing SELECT gen_random_uuid(), kind, gen_random_uuid()::text || ':arrive', version, endpoint, agency_id, type, payload, actor, correlation_id, sender_code, receiver_code, 'sent', 0, NULL, '', NULL, problems, created_at FROM outgoing, generate_series(1, 100) WHERE key = $1"
    await runtime.database.pool.execute(find, f"{record_id}:arrive")
    rows = await runtime.database.pool.fetch("SELECT key FROM outgoing WHERE state = 'sent'")
    records = [row["key"].removesuffix(":arrive") for row in rows]
    seen = set()
    async with counted_pool(runtime.database_address.url("worker")) as (pool, texts):
        database = Database(pool, runtime.database.clock)
        for size in (2, 1, 10, 80):
            texts.clear()
            async with database.transaction() as unit:
                batch = [told(records.pop(), "ACCEPTED") for _ in range(size)]
                await receipts.tell_senders(unit, runtime.endpoints, batch)
            if size != 2:
                seen.add(len([text for text in texts if not text.startswith(("BEGIN", "COMMIT"))]))
    assert seen == {2}


async def test_a_transferred_document_keeps_its_paper_and_answers_to_us(runtime: Runtime) -> None:
    request = DispatchRequested(document=registered_document("CARD"), agency_id=AGENCY)
    request.document.recipients.append(Recipient(agency=Unit(code="1310000", name="행정자치부")))
    request.transferred_by.CopyFrom(
        Sender(agency=Unit(code=HERE, name="인천광역시 중구"), department=Unit(code="3490001"))
    )
    request.deliveries.add(delivery_id=str(uuid7()), receiver_code="1310000", transmission=1)
    async with runtime.database.transaction() as unit:
        message = Incoming(uuid7(), "t", AGENCY, {"system": "test"}, "c", unit.now, request)
        await handlers.dispatch_documents(unit, runtime.endpoints, [message])
    [pack] = await packs(runtime)
    assert (pack.send_orgcode, pack.send_id, pack.send_name, pack.doc_id) == (
        HERE,
        "3490001",
        "인천광역시 중구",
        "CARD",
    )
    paper = next(content.data for content in pack.contents if content.role == "pubdoc").decode("cp949")
    assert "기획예산처" in paper
    [path] = (runtime.folder / "relay" / "out").iterdir()
    assert path.name.startswith("34900011310000")


async def test_files_are_kept_for_the_agency_a_pack_is_addressed_to(runtime: Runtime) -> None:
    document = registered_document("DOC-2")
    data = b"attached"
    blob = await runtime.blobs.put(AGENCY, data)
    document.attachments.add(sha256=blob.sha256, size=len(data), media_type="text/plain", name="a.txt")
    request = DispatchRequested(document=document, agency_id=AGENCY)
    request.deliveries.add(delivery_id="d", receiver_code=HERE, transmission=1)
    [item] = (
        catalogue.load("relay").encode([Outgoing(request, {blob.sha256: data}, PACK_NAME.removesuffix(".xml"))]).items
    )
    runtime.drop(PACK_NAME, next(iter(item.parts.values())), "relay")
    intake = Intake(
        runtime.endpoints.by_name["relay"], runtime.database, runtime.blobs, runtime.decoder,
        lambda code: "receiving-agency" if code == HERE else AGENCY,
    )  # fmt: skip
    await intake.scan_once()
    await intake.scan_once()
    assert await runtime.blobs.get("receiving-agency", blob.sha256) == data
    [row] = await runtime.database.pool.fetch("SELECT agency_id, state FROM record")
    assert (row["agency_id"], row["state"]) == (AGENCY, "in-flight")


def test_reports_are_acknowledgements_of_the_contract() -> None:
    """Runtime and adapter agree on what travels."""
    arrival = DeliveryReported(document_id="D", receiver_code=HERE, sender_code=THERE)
    arrival.reporter.code = HERE
    relay = catalogue.load("relay")
    assert isinstance(relay, TellsReceipts)
    report = relay.encode_receipt(told("r", "ACCEPTED").content, arrival)
    assert report is not None
    assert (report.step, report.sender_code, report.reporter.code) == (DeliveryStep.DELIVERY_STEP_ACCEPTED, THERE, HERE)


async def test_a_recalled_copy_that_waits_does_not_go_out(runtime: Runtime) -> None:
    taken_back, other = str(uuid7()), str(uuid7())
    request = DispatchRequested(document=registered_document("CARD"), agency_id=AGENCY)
    for delivery_id in (taken_back, other):
        request.deliveries.add(
            delivery_id=delivery_id, receiver_code="1310000", transmission=Transmission.TRANSMISSION_SEND
        )
    recalled = DispatchRecalled(document_id="CARD", delivery_ids=[taken_back])
    async with runtime.database.transaction() as unit:
        message = Incoming(uuid7(), "t", AGENCY, {"system": "test"}, "c", unit.now, request)
        await handlers.dispatch_documents(unit, runtime.endpoints, [message])
    async with runtime.database.transaction() as unit:
        await recalls.stop_deliveries(unit, [replace(message, content=recalled)])
    assert [pack.doc_type for pack in await packs(runtime)] == ["send"]
    states = await runtime.database.pool.fetch("SELECT key, state FROM outgoing")
    assert {row["key"].partition(":")[0]: row["state"] for row in states} == {taken_back: "recalled", other: "sent"}


async def test_a_copy_goes_out_again_as_often_as_it_is_asked_for(runtime: Runtime) -> None:
    request = DispatchRequested(document=registered_document("CARD"), agency_id=AGENCY)
    request.deliveries.add(
        delivery_id=str(uuid7()), receiver_code="1310000", transmission=Transmission.TRANSMISSION_NORMAL_RESEND
    )
    async with runtime.database.transaction() as unit:
        for message_id in (first := uuid7(), uuid7(), first):
            message = Incoming(message_id, "t", AGENCY, {"system": "test"}, "c", unit.now, request)
            await handlers.dispatch_documents(unit, runtime.endpoints, [message])
    assert [pack.doc_type for pack in await packs(runtime)] == ["normal-resend", "normal-resend"]
