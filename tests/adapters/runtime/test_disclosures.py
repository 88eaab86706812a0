"""Open documents on their way to the portal: a folder with list and file, or word to documents that it did not go."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.runtime.delivery import Delivery
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.handlers import take_parcels
from adapters.runtime.transports.folders import Folders
from chassis.envelope import Incoming
from chassis.ids import uuid7
from onnara.exchange.v1.disclosures_pb2 import DISCLOSURE_NEWS_NEW, DisclosureReturned, DocumentDisclosed
from onnara.exchange.v1.official_document_pb2 import Attachment, Retention
from support.runtime import AGENCY, Runtime

MOMENT = datetime(2026, 11, 22, 17, tzinfo=UTC)


async def disclosed(runtime: Runtime, number: int, words: str = "허가합니다.") -> DocumentDisclosed:
    blob = await runtime.blobs.put(AGENCY, b"%PDF-1.7 text")
    message = DocumentDisclosed(
        agency_id=AGENCY, document_id=f"019ac0de-{number}", version=4, news=DISCLOSURE_NEWS_NEW, title="도로 점용 허가",
        retention=Retention.RETENTION_10_YEARS, listed=True, words=words,
        files=[Attachment(sha256=blob.sha256, size=blob.size, media_type="application/pdf", name="x.pdf")],
    )  # fmt: skip
    message.agency.code, message.department.code = "1310000", "Z310101"
    message.disclosure.level = 1
    message.created_at.FromDatetime(MOMENT.replace(tzinfo=None))
    return message


def portal(runtime: Runtime) -> Endpoint:
    out = runtime.folder / "portal" / "out"
    plain = replace(runtime.budget, name="open-documents", adapter="open_documents", agency_code="1310000")
    return replace(plain, transport=Folders(None, None, None, out), takes=("DocumentDisclosed",))


async def take(runtime: Runtime, endpoints: Endpoints, *messages: Any) -> None:
    batch = [
        Incoming(uuid7(), each.DESCRIPTOR.full_name, AGENCY, {"system": "documents"}, "journey", MOMENT, each)
        for each in messages
    ]
    async with runtime.database.transaction() as unit:
        await take_parcels(unit, endpoints, lambda _: AGENCY, batch)


async def returned(runtime: Runtime) -> list[tuple[str, str]]:
    rows = await runtime.database.pool.fetch(
        "SELECT payload FROM parcel WHERE type LIKE '%DisclosureReturned' ORDER BY seq"
    )
    found = [DisclosureReturned.FromString(row["payload"]) for row in rows]
    return [(each.document_id, each.code) for each in found]


async def test_a_list_goes_out_with_its_files_and_what_holds_personal_data_comes_back(runtime: Runtime) -> None:
    endpoint = portal(runtime)
    fit, unfit = await disclosed(runtime, 1), await disclosed(runtime, 2, "연락처 010-1234-5678")
    await take(runtime, Endpoints([endpoint]), fit, unfit, fit)
    assert await Delivery(endpoint, runtime.database, runtime.blobs).deliver_once() == 2
    [folder] = (runtime.folder / "portal" / "out").iterdir()
    assert sorted(path.name.rpartition(".")[2] for path in folder.iterdir()) == ["csv", "pdf"]
    [rows] = [path.read_text("utf-8-sig") for path in folder.glob("*.csv")]
    assert ("019ac0de-1" in rows, "019ac0de-2" in rows) == (True, False)
    assert await returned(runtime) == [("019ac0de-2", "personal-data-inside")]


async def test_without_a_portal_documents_hears_that_nobody_takes_it(runtime: Runtime) -> None:
    await take(runtime, runtime.endpoints, await disclosed(runtime, 1))
    assert await returned(runtime) == [("019ac0de-1", "no-route")]
