"""What else is handed over: received documents, versions with numbers of their own, all records of an abolished department."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from chassis.blobs import Blobs
from chassis.rpc import bearer
from documents.translate import directory as kinds
from onnara.directory.v1 import events_pb2 as directory
from onnara.documents.v1 import records_service_pb2 as records
from onnara.documents.v1.records_service_pb2_grpc import RecordsServiceStub
from onnara.exchange.v1 import records_pb2 as exchange
from support.documents_cards import ABROAD_CODE, HOME, HOME_CODE, ROADS, Government, official, person
from support.receiving import Office, staffed

RECORDS = person("neighbour", official_id=official("keeper of the register"), roles=frozenset({"records"}))
GONE = "T319999"
INTERNAL: dict[str, Any] = {"recipients": [], "sender_name": ""}
_VERSION = """
INSERT INTO version_registration (department_code, year, serial, document_id, number, agency_id, text, date)
VALUES ($2, 2026, 77, $1, 1, $3, '도로정책과-77', '2026-05-10')
"""


@pytest.fixture
def government(government: Government) -> Government:
    gone = directory.UnitData(unit_id="gone", code=GONE, name="폐지과", agency_id=HOME)
    government.add(kinds.UNIT, "gone", gone, valid_to=date(2026, 1, 1))
    return staffed(government)


@pytest.fixture
def office(documents: Any, tmp_path: Path) -> Office:
    return Office(documents, Blobs(f"file://{tmp_path}/blobs"))


async def handed_over(documents: Any, department: str, year: int = 2026) -> tuple[str, exchange.RecordsContent]:
    stub = RecordsServiceStub(documents.connection)
    selection = records.HandOverSelection(kind=exchange.HAND_OVER_KIND_TRANSFER, department_code=department, year=year)
    wanted = records.HandOverRequest(request_id=uuid4().hex, selection=selection)
    begun = await stub.HandOver(wanted, metadata=bearer(documents.token(RECORDS)))
    assert await documents.parts.preparing.prepare_once()
    parcel = (await documents.parcels(exchange.RecordsHandedOver))[-1]
    return begun.transfer_id, exchange.RecordsContent.FromString(parcel.content)


def next_year(clock: Any) -> None:
    clock.advance(datetime(2027, 3, 2, tzinfo=UTC) - clock.now())


async def test_received_documents_go_with_sender_distribution_and_who_was_in_charge(
    office: Office, documents, frozen_clock
) -> None:
    row = await office.arrived(HOME_CODE)
    await office.act("doc-clerk", "Distribute", row, department_code=ROADS)
    await office.act("clerk", "Accept", row, task_code="A0000001")
    await office.act("clerk", "Assign", row, official_id=official("worker"))
    open_one = await office.accepted()
    await office.act("worker", "Complete", row, note="처리함")
    year = (await documents.rows("registration"))[0]["year"]
    frozen_clock.advance(datetime(year + 1, 3, 2, tzinfo=UTC) - frozen_clock.now())
    transfer_id, lists = await handed_over(documents, ROADS, year)
    [item] = lists.records
    assert (item.kind, item.counterpart, item.approver) == (exchange.REGISTRATION_KIND_RECEIVED, "먼시", "worker")
    assert (item.registration.text, item.components[0].pages) == ("도로정책과-1", 1)
    [line] = lists.distributions
    assert (line.record_id, line.receiver.code, line.number) == (str(row["id"]), ROADS, 0)
    assert (await office.card(row["id"]))["state"] == "receipt-handed-over"
    assert (await office.card(open_one["id"]))["state"] == "accepted"
    said = exchange.HandOverAnswered(transfer_id=transfer_id, outcome=exchange.HAND_OVER_OUTCOME_RETURNED)
    await documents.take(said)
    assert (await office.card(row["id"]))["state"] == "completed"
    again, _ = await handed_over(documents, ROADS, year)
    await documents.take(exchange.HandOverAnswered(transfer_id=again, outcome=exchange.HAND_OVER_OUTCOME_ACCEPTED))
    assert (await office.card(row["id"]))["state"] == "receipt-transferred"
    shown = await office.opened(row, "worker")
    assert shown.content.sender.agency.code == ABROAD_CODE


async def test_a_version_with_a_number_of_its_own_is_a_record_of_its_own(documents, frozen_clock) -> None:
    [card] = await documents.registered("A1", **INTERNAL)
    await documents.parts.worker.pool.execute(_VERSION, card["id"], ROADS, HOME)
    next_year(frozen_clock)
    _, lists = await handed_over(documents, ROADS)
    whole, version = lists.records
    assert (version.record_id, version.rejected_version) == (f"{card['id']}:1", True)
    assert (version.registration.text, whole.registration.text) == ("도로정책과-77", "도로정책과-1")
    assert version.components[0].file.sha256 == whole.components[0].file.sha256
    assert lists.files[0].record_count == 2


async def test_an_abolished_department_hands_over_this_year_too(documents) -> None:
    [card] = await documents.registered("A1", **INTERNAL)
    owner = await asyncpg.connect(documents.database.url("owner"))
    for table, key in (("document", "id"), ("registration", "document_id")):
        await owner.execute(f"UPDATE {table} SET department_code = $2 WHERE {key} = $1", card["id"], GONE)
    await owner.close()
    _, lists = await handed_over(documents, GONE)
    assert [item.record_id for item in lists.records] == [str(card["id"])]
    assert (lists.department.code, lists.department.name) == (GONE, card["department_name"])
