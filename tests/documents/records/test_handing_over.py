"""Records handed over to the records system over gRPC: planned, sent with their files, accepted, returned and sent again."""

import hashlib
import io
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from chassis.blobs import Blobs
from chassis.clock import FrozenClock
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from chassis.messaging.inbox import Inbox
from chassis.rpc import bearer
from chassis.testing.statements import counted_pool
from chassis.uow import Database
from documents.handlers.handing import hand_over as begin
from documents.handlers.preparing import Preparing, seal_hand_over
from documents.translate.handing import Selection
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1 import records_service_pb2 as records
from onnara.documents.v1.events_pb2 import HandOverProgressed
from onnara.documents.v1.records_service_pb2_grpc import RecordsServiceStub
from onnara.exchange.v1 import official_document_pb2 as doc
from onnara.exchange.v1 import records_pb2 as exchange
from onnara.exchange.v1.events_pb2 import RequestRefused
from onnara.exchange.v1.reports_pb2 import REPORT_EFFECT_CHANGED, REPORT_EFFECT_UNCHANGED, ReportStored
from support.documents_cards import ABROAD, HOME, HOME_CODE, ROADS, TASK, incoming, official, origin, person, report

RECORDS = person("neighbour", official_id=official("keeper of the register"), roles=frozenset({"records"}))
TRANSFER, REPORT = exchange.HAND_OVER_KIND_TRANSFER, exchange.HAND_OVER_KIND_PRODUCTION_REPORT
ACCEPTED, RETURNED = exchange.HAND_OVER_OUTCOME_ACCEPTED, exchange.HAND_OVER_OUTCOME_RETURNED
INTERNAL: dict[str, Any] = {"recipients": [], "sender_name": ""}
PDF = b"%PDF-1.4 plan"


def selection(kind: int = TRANSFER, year: int = 2026, **changes: Any) -> records.HandOverSelection:
    return records.HandOverSelection(kind=kind, department_code=ROADS, year=year, **changes)


async def call(documents: Any, method: str, message: Any, who: Any = RECORDS) -> Any:
    stub = RecordsServiceStub(documents.connection)
    return await getattr(stub, method)(message, metadata=bearer(documents.token(who)))


async def plan(documents: Any, **changes: Any) -> records.PlanHandOverResponse:
    return await call(documents, "PlanHandOver", records.PlanHandOverRequest(selection=selection(**changes)))


async def hand_over(documents: Any, who: Any = RECORDS, expected: int = 0, corrects: str = "", **changes: Any) -> str:
    wanted = records.HandOverRequest(
        request_id=uuid4().hex,
        selection=selection(**changes),
        expected_records=expected,
        corrects_transfer_id=corrects,
    )
    return (await call(documents, "HandOver", wanted, who)).transfer_id


async def shown(documents: Any, transfer_id: str) -> records.GetHandOverResponse:
    return await call(documents, "GetHandOver", records.GetHandOverRequest(transfer_id=transfer_id))


async def states(documents: Any) -> list[str]:
    return [row["state"] for row in await documents.rows("document", "id")]


def answer(transfer_id: str, outcome: int, *faults: exchange.RecordFault, key: str = "A", **changes: Any) -> Any:
    return exchange.HandOverAnswered(
        origin=origin(key, system="records"), transfer_id=transfer_id, outcome=outcome, faults=faults, **changes
    )


def at(clock: FrozenClock, moment: datetime) -> None:
    clock.advance(moment - clock.now())


@pytest.fixture
def blobs(tmp_path: Any) -> Blobs:
    return Blobs(f"file://{tmp_path}/blobs")


@pytest.fixture
async def done(documents: Any, blobs: Blobs, frozen_clock: Any) -> list[Any]:
    """Two internal documents of last year, one with an attachment; it is next year now."""
    blob = await blobs.put("agency-home", PDF)
    file = doc.Attachment(sha256=blob.sha256, size=blob.size, media_type="application/pdf", name="도면.PDF")
    cards = [
        *await documents.registered("A1", **INTERNAL, attachments=[file]),
        *await documents.registered("A2", **INTERNAL),
    ]
    at(frozen_clock, datetime(2027, 3, 2, 1, 0, tzinfo=UTC))
    return cards


async def prepared(documents: Any) -> exchange.RecordsHandedOver:
    assert await documents.parts.preparing.prepare_once()
    return (await documents.parcels(exchange.RecordsHandedOver))[-1]


async def test_a_department_hands_over_last_year_and_keeps_copies(documents, done, blobs) -> None:
    planned = await plan(documents)
    assert (planned.ready, planned.not_ready, list(planned.refusals)) == (2, 0, [])
    assert [(each.file_code, each.task.name, each.ready) for each in planned.files] == [
        (f"{ROADS}{TASK}2026000001", "도로 점용", 2)
    ]
    transfer_id = await hand_over(documents, expected=2)
    assert await states(documents) == ["handed-over", "handed-over"]
    parcel = await prepared(documents)
    assert parcel.seal.digest == hashlib.sha256(parcel.content).digest()
    lists = exchange.RecordsContent.FromString(parcel.content)
    assert (lists.transfer_id, lists.agency.code, lists.department.name) == (transfer_id, HOME_CODE, "도로정책과")
    assert [each.registration.text for each in lists.records] == ["도로정책과-1", "도로정책과-2"]
    [file] = lists.files
    assert (file.key.task_code, file.record_count, file.e_file_count, file.retention) == (TASK, 2, 3, 4)
    first = lists.records[0]
    assert (first.approver, first.drafter, first.counterpart, first.pages) == ("chief", "drafter", "내부결재", 1)
    body, attached = first.components
    pdf = await blobs.get("agency-home", body.file.sha256)
    assert (len(PdfReader(io.BytesIO(pdf)).pages), len(pdf)) == (body.pages, body.file.size)
    assert (attached.extension, attached.sequence, attached.file.size) == ("pdf", 1, len(PDF))
    waiting = await shown(documents, transfer_id)
    assert (waiting.hand_over.state, waiting.hand_over.digest) == ("waiting", parcel.seal.digest)
    assert [each.state for each in waiting.records] == ["waiting", "waiting"]
    await documents.take(answer(transfer_id, ACCEPTED, code="00000"))
    assert await states(documents) == ["transferred", "transferred"]
    ended = (await shown(documents, transfer_id)).hand_over
    assert (ended.state, ended.accepted, ended.returned, ended.code) == ("accepted", 2, 0, "00000")
    [stored] = await documents.events(ReportStored)
    assert (stored.stage, stored.effect) == ("documents", REPORT_EFFECT_CHANGED)
    assert (await plan(documents)).ready == 0
    [told] = (await call(documents, "ListRecordYears", records.ListRecordYearsRequest())).years
    assert (told.department.name, told.year, told.registered, told.accepted) == ("도로정책과", 2026, 2, 2)
    steps = [event.state for event in await documents.events(HandOverProgressed)]
    assert steps == ["preparing", "waiting", "accepted"]


async def test_the_card_tells_of_it_and_is_not_changed_any_more(documents, done) -> None:
    transfer_id = await hand_over(documents)
    await prepared(documents)
    wanted = pb.GetDocumentRequest(document_id=str(done[0]["id"]))
    for state in (pb.DOCUMENT_STATE_HANDED_OVER, pb.DOCUMENT_STATE_TRANSFERRED):
        card = (await documents.call("GetDocument", wanted, RECORDS)).document
        assert card.state == state
        assert not {"change-registration", "cancel-registration", "review"} & set(card.allowed)
        await documents.take(answer(transfer_id, ACCEPTED))
    listed = await documents.call("ListDocuments", pb.ListDocumentsRequest(box=pb.BOX_REGISTERED))
    assert len(listed.documents) == 2
    asked = pb.GetHistoryRequest(document_id=str(done[0]["id"]))
    entries = (await documents.call("GetHistory", asked, RECORDS)).entries
    told = [(each.params["act"], each.params["source"]) for each in entries if each.type == "RecordProgressed"]
    assert told == [(act, "공공기록물법 시행령 제32조") for act in ("hand-over-records", "accept-records")]


async def test_what_came_back_is_shown_corrected_and_handed_over_again(documents, done) -> None:
    first = await hand_over(documents)
    await prepared(documents)
    fault = exchange.RecordFault(registration_key=f"{ROADS}2026000002", field="TITLE", code="E101", reason="제목 오류")
    stray = exchange.RecordFault(record_id="nobody's", code="E999")
    await documents.take(answer(first, RETURNED, fault, stray, code="99999", reason="오류\x00 있음"))
    assert await states(documents) == ["filed", "filed"]
    back = await shown(documents, first)
    assert (back.hand_over.state, back.hand_over.returned, back.hand_over.reason) == ("returned", 2, "오류 있음")
    assert [each.code for each in back.hand_over.faults] == ["E999"]
    assert [(each.document.registration.text, [f.code for f in each.faults]) for each in back.records] == [
        ("도로정책과-2", ["E101"]),
        ("도로정책과-1", []),
    ]
    assert (await plan(documents)).returned_transfer_id == first
    card = next(row for row in await documents.rows("document", "id") if row["id"] == done[1]["id"])
    wanted = pb.ChangeRegistrationRequest(
        request_id=uuid4().hex,
        document_id=str(card["id"]),
        expected_version=card["version"],
        reason="기록관 지적",
        changed=doc.OfficialDocument(title="바로잡은 제목"),
        fields=["title"],
    )
    await documents.call("ChangeRegistration", wanted, RECORDS)
    second = await hand_over(documents, corrects=first)
    lists = exchange.RecordsContent.FromString((await prepared(documents)).content)
    assert lists.corrects_transfer_id == first
    assert lists.records[1].title == "바로잡은 제목"
    assert [each.field for each in lists.records[1].amendments[0].fields] == ["title"]
    await documents.take(answer(second, ACCEPTED))
    assert await states(documents) == ["transferred", "transferred"]
    await documents.take(answer(first, RETURNED, key="B"), answer(second, RETURNED, key="C"))
    assert await states(documents) == ["transferred", "transferred"]
    assert [each.effect for each in await documents.events(ReportStored)][-1] == REPORT_EFFECT_UNCHANGED
    [refused] = await documents.events(RequestRefused)
    assert [each.code for each in refused.errors] == ["hand-over-answered"]


async def test_what_is_not_ready_stays_and_says_why(documents, done, blobs, frozen_clock) -> None:
    gone = doc.Attachment(sha256=bytes(32), size=1, name="없는 파일.hwp")
    at(frozen_clock, datetime(2026, 6, 1, tzinfo=UTC))
    [out] = await documents.registered("A3")
    [lost] = await documents.registered("A4", **INTERNAL)
    content = doc.OfficialDocument.FromString((await documents.card("A4"))["content"])
    content.attachments.append(gone)
    pool = documents.parts.worker.pool
    await pool.execute(
        "UPDATE document SET content = $2, attachment_count = 1 WHERE id = $1", lost["id"], content.SerializeToString()
    )
    at(frozen_clock, datetime(2027, 3, 2, tzinfo=UTC))
    planned = await plan(documents)
    found = {each.document.registration.text: [reason.code for reason in each.reasons] for each in planned.unready}
    assert found == {"도로정책과-3": ["record-in-dispatch"], "도로정책과-4": ["record-attachment-missing"]}
    assert (planned.ready, planned.unready[1].reasons[0].params["name"]) == (2, "없는 파일.hwp")
    with pytest.raises(ConflictError, match="hand-over-moved-on"):
        await hand_over(documents, expected=4)
    await hand_over(documents, expected=2)
    assert (await documents.card("A3"))["state"] == "sending"
    again = await plan(documents)
    reasons = [reason.code for each in again.unready for reason in each.reasons]
    assert sorted(reasons) == [
        "record-attachment-missing",
        "record-handed-over",
        "record-handed-over",
        "record-in-dispatch",
    ]
    with pytest.raises(InvalidError, match="hand-over-nothing"):
        await hand_over(documents)
    await documents.take(report(out["id"], "SENT"), report(out["id"], "ACCEPTED"))
    assert (await plan(documents)).ready == 1


async def test_late_reports_of_copies_do_not_take_a_record_back(documents, frozen_clock) -> None:
    [card] = await documents.registered("A1")
    await documents.take(report(card["id"], "SENT"))
    at(frozen_clock, datetime(2027, 3, 2, tzinfo=UTC))
    transfer_id = await hand_over(documents)
    await documents.take(report(card["id"], "RETURNED"))
    assert await states(documents) == ["handed-over"]
    await prepared(documents)
    await documents.take(answer(transfer_id, RETURNED))
    assert await states(documents) == ["sent-partial"]


async def test_only_the_records_officer_of_the_agency_and_only_what_is_over(documents, done, frozen_clock) -> None:
    for who in (person("drafter"), person("chief", roles=frozenset({"clerk"}))):
        with pytest.raises(ForbiddenError, match="role-missing"):
            await hand_over(documents, who)
    stranger = person("chief", ABROAD, roles=frozenset({"records"}))
    with pytest.raises(InvalidError, match="hand-over-nothing"):
        await hand_over(documents, stranger)
    transfer_id = await hand_over(documents)
    for wanted in (transfer_id, str(uuid4())):
        message = records.GetHandOverRequest(transfer_id=wanted)
        with pytest.raises(NotFoundError, match="hand-over-unknown"):
            await call(documents, "GetHandOver", message, stranger)
    with pytest.raises(InvalidError, match="hand-over-too-early"):
        await hand_over(documents, year=2027)
    with pytest.raises(InvalidError, match="hand-over-kind-unknown"):
        await hand_over(documents, kind=0)
    await prepared(documents)
    elsewhere = Inbox(documents.parts.worker)
    message = answer(transfer_id, ACCEPTED)
    await elsewhere.handle(documents.subscription(message), [incoming(message, ABROAD)])
    assert await documents.refusals() == [["hand-over-unknown"]]
    assert await states(documents) == ["handed-over", "handed-over"]


async def test_an_extension_keeps_them_here_for_a_reason(documents, done, frozen_clock) -> None:
    def extend(until: int, reason: str = "업무 참고 빈번") -> Any:
        wanted = records.ExtendTransferRequest(
            request_id=uuid4().hex, department_code=ROADS, year=2026, until_year=until, reason=reason
        )
        return call(documents, "ExtendTransfer", wanted)

    with pytest.raises(InvalidError, match="extension-too-long"):
        await extend(2038)
    assert (await extend(2030)).extension.until == "2030-12-31"
    planned = await plan(documents)
    assert [each.code for each in planned.refusals] == ["transfer-extended"]
    assert (planned.extension.reason, planned.due_on) == ("업무 참고 빈번", "2030-12-31")
    with pytest.raises(InvalidError, match="transfer-extended"):
        await hand_over(documents)
    assert await hand_over(documents, kind=REPORT)
    at(frozen_clock, datetime(2028, 1, 2, tzinfo=UTC))
    await extend(2027, "기록관 설치")
    assert await hand_over(documents)


async def test_a_production_report_tells_of_everything_and_moves_nothing(documents, done, frozen_clock) -> None:
    at(frozen_clock, datetime(2026, 6, 1, tzinfo=UTC))
    await documents.registered("A3")
    at(frozen_clock, datetime(2027, 5, 2, tzinfo=UTC))
    planned = await plan(documents, kind=REPORT)
    assert (planned.ready, planned.not_ready, planned.due_on) == (3, 0, "2027-05-31")
    first = await hand_over(documents, kind=REPORT)
    with pytest.raises(ConflictError, match="hand-over-open"):
        await hand_over(documents, kind=REPORT)
    lists = exchange.RecordsContent.FromString((await prepared(documents)).content)
    assert (lists.kind, len(lists.records), lists.records[2].counterpart) == (REPORT, 3, "T990000장")
    assert await states(documents) == ["filed", "filed", "sending"]
    row = (await documents.rows("record_transfer", "id"))[0]
    said = answer("", RETURNED, code="1", department_code=ROADS, kind=REPORT)
    said.made_at.FromDatetime(row["made_at"])
    await documents.take(said)
    assert (await shown(documents, first)).hand_over.state == "returned"
    second = await hand_over(documents, kind=REPORT, corrects=first)
    await prepared(documents)
    await documents.take(answer(second, ACCEPTED, key="B"))
    with pytest.raises(ConflictError, match="hand-over-done"):
        await hand_over(documents, kind=REPORT)
    assert await states(documents) == ["filed", "filed", "sending"]
    [told] = (await call(documents, "ListRecordYears", records.ListRecordYearsRequest(year=2026))).years
    assert (told.report_state, told.report_due_on, told.transfer_due_on) == ("accepted", "2027-05-31", "2027-12-31")


async def test_a_record_no_file_can_be_made_of_stays_behind(documents, done, monkeypatch) -> None:
    transfer_id = await hand_over(documents)
    parts = documents.parts

    class Stuck:
        """A press that ends one file."""

        made = 0

        async def make(self, kind: str, sheet: Any) -> bytes:
            self.made += 1
            if self.made == 1:
                raise InvalidError("rendering-too-long")
            return PDF + b" /Type /Page "

    blobs = parts.preparing._blobs
    preparing = Preparing(parts.worker, parts.directory, blobs, Stuck())  # type: ignore[arg-type]
    assert await preparing.prepare_once()
    assert await states(documents) == ["filed", "handed-over"]
    found = await shown(documents, transfer_id)
    assert [(each.state, [f.meaning.code for f in each.faults]) for each in found.records] == [
        ("returned", ["rendering-too-long"]),
        ("waiting", []),
    ]
    assert not await preparing.prepare_once()


async def test_handing_over_costs_the_same_for_1_and_10(documents, documents_database, frozen_clock) -> None:
    seen, view = {}, documents.parts.directory.view(frozen_clock.now())
    wanted, tokens = Selection("transfer", ROADS, 2026), (f"records:{HOME}", f"agency:{HOME}")
    at(frozen_clock, datetime(2027, 3, 2, tzinfo=UTC))
    async with (
        counted_pool(documents_database.url("rpc")) as (rpc, asked),
        counted_pool(documents_database.url("worker")) as (pool, sealed),
    ):
        worker = Database(pool, frozen_clock)
        for size in (2, 1, 10):
            await documents.registered(*(f"K{size}-{n}" for n in range(size)), **INTERNAL)
            asked.clear()
            async with Database(rpc, frozen_clock).transaction(agency_id=HOME, tokens=tokens) as unit:
                transfer_id, records_ = await begin(unit, wanted, RECORDS, view, {})
            assert records_ == size
            sealed.clear()
            async with worker.transaction() as unit:
                await seal_hand_over(unit, transfer_id, view)
            seen[size] = [text for text in (*asked, *sealed) if not text.startswith(("BEGIN", "COMMIT"))]
    assert seen[1] == seen[10]
    assert len(seen[1]) == 15


async def test_answers_cost_the_same_for_1_and_5(documents, documents_database, frozen_clock) -> None:
    seen = {}
    async with counted_pool(documents_database.url("worker")) as (pool, texts):
        inbox = Inbox(Database(pool, frozen_clock))
        for size in (2, 1, 5):
            at(frozen_clock, datetime(2026, 6, 1, tzinfo=UTC))
            answers = []
            for place in range(size):
                at(frozen_clock, datetime(2026, 6, 1, tzinfo=UTC))
                await documents.registered(*(f"K{size}-{place}-{n}" for n in range(place + 1)), **INTERNAL)
                at(frozen_clock, datetime(2027, 3, 2, tzinfo=UTC))
                transfer_id = await hand_over(documents)
                await prepared(documents)
                answers.append(answer(transfer_id, ACCEPTED, key=f"{size}-{place}"))
            texts.clear()
            await inbox.handle(documents.subscription(answers[0]), [incoming(each) for each in answers])
            seen[size] = [text for text in texts if not text.startswith(("BEGIN", "COMMIT"))]
    assert set(await states(documents)) == {"transferred"}
    assert seen[1] == seen[5]
    assert len(seen[1]) == 9
