"""Records on their way to the records system and back: handed over -> files in its folder, its answer in ours -> answered."""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters import catalogue
from adapters.contract import Outgoing
from adapters.formats.control import read_control
from adapters.items import read
from adapters.runtime.delivery import Delivery
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.handlers import take_parcels
from adapters.runtime.intake import Intake
from adapters.runtime.transports.folders import Folders, put_all
from chassis.envelope import Incoming
from chassis.ids import uuid7
from onnara.exchange.v1 import records_pb2 as pb
from onnara.exchange.v1.official_document_pb2 import Attachment, RegistrationNumber
from support.runtime import AGENCY, Runtime

ADAPTER = catalogue.load("records_system")
DEPARTMENT = "Z310101"
PDF = b"%PDF-1.7 body"


def connection(root: Path) -> Endpoint:
    folders = Folders(root / "in", root / "taken", root / "error", root / "out")
    return Endpoint("records", "records_system", "1310000", folders, (), "records", ("RecordsHandedOver",))


def hand_over(kind: int) -> pb.RecordsHandedOver:
    content = pb.RecordsContent(transfer_id=str(uuid7()), kind=kind, year=2025)  # type: ignore[arg-type]
    content.agency.code, content.department.code, content.department.name = "1310000", DEPARTMENT, "행정제도과"
    content.made_at.FromDatetime(datetime(2026, 5, 20, 1, 2, 3, tzinfo=UTC))
    record = content.records.add(
        record_id=str(uuid7()), kind=1, title="유통 계획", retention=4, form=1, electronic=True
    )
    record.completed_on = "2025-03-02"
    record.registration.CopyFrom(
        RegistrationNumber(department_code=DEPARTMENT, year=2025, serial=12, text="행정제도과-12", date="2025-03-02")
    )
    record.disclosure.level = 1
    part = record.components.add(role=1, extension="pdf", pages=1)
    part.file.CopyFrom(Attachment(sha256=hashlib.sha256(PDF).digest(), size=len(PDF), name="body.pdf"))
    data = content.SerializeToString(deterministic=True)
    message = pb.RecordsHandedOver(transfer_id=content.transfer_id, agency_id=AGENCY, content=data)
    message.seal.digest, message.seal.name = hashlib.sha256(data).digest(), "최민아"
    message.seal.sealed_at.FromDatetime(datetime(2026, 5, 20, 1, 2, 4, tzinfo=UTC))
    return message


async def sent(runtime: Runtime, endpoint: Endpoint, *messages: pb.RecordsHandedOver, stored: bool = True) -> list[Any]:
    if stored:
        await runtime.blobs.put(AGENCY, PDF)
    batch = [
        Incoming(
            uuid7(), message.DESCRIPTOR.full_name, AGENCY, {"system": "documents"}, "c", datetime.now(UTC), message
        )
        for message in messages
    ]
    async with runtime.database.transaction() as unit:
        await take_parcels(unit, Endpoints([endpoint]), lambda _: AGENCY, batch)
    assert await Delivery(endpoint, runtime.database, runtime.blobs).deliver_once() == len(messages)
    return list(await runtime.database.pool.fetch("SELECT state, problems FROM outgoing ORDER BY id"))


def intake(runtime: Runtime, endpoint: Endpoint) -> Intake:
    return Intake(endpoint, runtime.database, runtime.blobs, runtime.decoder, lambda _: AGENCY)


async def answered(runtime: Runtime) -> list[pb.HandOverAnswered]:
    rows = await runtime.database.pool.fetch("SELECT payload FROM parcel ORDER BY seq")
    return [pb.HandOverAnswered.FromString(row["payload"]) for row in rows]


def reply(message: pb.RecordsHandedOver, endpoint: Endpoint) -> None:
    """The records system returns what it took: one fault in its one record."""
    lists = pb.RecordsContent.FromString(message.content)
    answer = pb.HandOverAnswered(
        transfer_id=message.transfer_id, outcome=pb.HAND_OVER_OUTCOME_RETURNED, code="90000", reason="반려",
        department_code=DEPARTMENT, kind=lists.kind,
        faults=[pb.RecordFault(registration_key=f"{DEPARTMENT}2025000012", code="00302", reason="열 수 없음")],
    )  # fmt: skip
    answer.made_at.CopyFrom(lists.made_at)
    answer.happened_at.FromDatetime(datetime(2026, 6, 1, tzinfo=UTC))
    assert isinstance(endpoint.transport, Folders)
    assert endpoint.transport.inbox is not None
    put_all(endpoint.transport.inbox, ADAPTER.encode([Outgoing(answer)]).items)


async def test_a_transfer_lies_in_the_outbox_and_its_answer_is_heard(runtime: Runtime) -> None:
    endpoint = connection(runtime.folder / "records")
    message = hand_over(pb.HAND_OVER_KIND_TRANSFER)
    [row] = await sent(runtime, endpoint, message)
    assert (row["state"], row["problems"]) == ("sent", [])
    [folder] = (runtime.folder / "records" / "out").iterdir()
    item = read(folder)
    assert item.parts["2025Z31010100001200N.pdf"] == PDF
    control, _ = read_control(item.parts["exchange.xml"], "exchange.xml")
    assert {file.name: file.size for file in control.files} == {
        name: len(data) for name, data in item.parts.items() if name != "exchange.xml"
    }
    assert ADAPTER.decode(item).records[0].message.content == message.content
    reply(message, endpoint)
    await intake(runtime, endpoint).scan_once()
    [told] = await answered(runtime)
    assert (told.transfer_id, told.outcome) == (message.transfer_id, pb.HAND_OVER_OUTCOME_RETURNED)
    assert [(fault.code, fault.meaning.code) for fault in told.faults] == [("00302", "records-file-damaged")]
    assert (told.origin.endpoint, told.origin.agency_code) == ("records", "1310000")
    assert await runtime.states() == {"in-flight": 1}


async def test_two_of_one_second_lie_beside_each_other(runtime: Runtime) -> None:
    endpoint = connection(runtime.folder / "records")
    rows = await sent(
        runtime,
        endpoint,
        hand_over(pb.HAND_OVER_KIND_PRODUCTION_REPORT),
        hand_over(pb.HAND_OVER_KIND_TRANSFER),
        hand_over(pb.HAND_OVER_KIND_TRANSFER),
    )
    assert [row["state"] for row in rows] == ["sent"] * 3
    assert len(list((runtime.folder / "records" / "out").iterdir())) == 3


async def test_a_report_needs_no_bytes_of_the_files_it_tells_of(runtime: Runtime) -> None:
    endpoint = connection(runtime.folder / "records")
    [row] = await sent(runtime, endpoint, hand_over(pb.HAND_OVER_KIND_PRODUCTION_REPORT), stored=False)
    assert row["state"] == "sent"
    [folder] = (runtime.folder / "records" / "out").iterdir()
    assert not [part.name for part in folder.iterdir() if part.name.endswith(".pdf")]


async def test_our_own_hand_over_in_our_inbox_is_no_hand_over_to_us(runtime: Runtime) -> None:
    endpoint = connection(runtime.folder / "records")
    await sent(runtime, endpoint, hand_over(pb.HAND_OVER_KIND_TRANSFER))
    [folder] = (runtime.folder / "records" / "out").iterdir()
    shutil.copytree(folder, runtime.folder / "records" / "in" / folder.name)
    await intake(runtime, endpoint).scan_once()
    [row] = await runtime.database.pool.fetch("SELECT state, reasons FROM record")
    assert row["state"] == "quarantined"
    assert row["reasons"][-1]["code"] == "record-kind-unexpected"
    assert await answered(runtime) == []
