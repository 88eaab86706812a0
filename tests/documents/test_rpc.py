"""Documents over gRPC: drafts, submitting, cards, boxes, history, attachments, the journal, and how each refuses."""

import asyncio
import hashlib
from uuid import uuid4

import pytest

from chassis.actor import system_actor
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, TransientError
from chassis.ids import uuid7
from chassis.rpc import bearer
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.documents_service_pb2_grpc import DocumentsServiceStub
from onnara.documents.v1.events_pb2 import DocumentSubmitted
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import (
    HOME,
    IN_PATH,
    RETURNED,
    ROADS,
    arrival,
    line_changed,
    line_refused,
    official,
    paper,
    person,
    report,
    request,
)

DRAFT, REVIEW, DECIDE = doc.STEP_ROLE_DRAFT, doc.STEP_ROLE_REVIEW, doc.STEP_ROLE_DECIDE
CLERK = person("reviewer", roles=frozenset({"clerk"}))


def asked(role: int, name: str, **changes) -> doc.ApprovalStep:
    return doc.ApprovalStep(role=role, person=doc.StepPerson(official_id=official(name)), **changes)


def path() -> list[doc.ApprovalStep]:
    return [asked(REVIEW, "reviewer"), asked(DECIDE, "chief", mode=doc.STEP_MODE_OWN)]


def creation(request_id: str = "", **changes) -> pb.CreateDocumentRequest:
    changes = {"seal": doc.Seal(kind=doc.SEAL_KIND_SEAL_OMITTED)} | changes
    return pb.CreateDocumentRequest(request_id=request_id or uuid4().hex, content=paper(**changes))


async def draft(documents, **changes) -> pb.CreateDocumentResponse:
    return await documents.call("CreateDocument", creation(**changes))


def submission(created, steps=None, request_id: str = "", version: int = 1) -> pb.SubmitDocumentRequest:
    return pb.SubmitDocumentRequest(
        request_id=request_id or uuid4().hex,
        document_id=created.document_id,
        expected_version=version,
        steps=path() if steps is None else steps,
    )


async def submitted(documents, **changes) -> pb.SubmitDocumentResponse:
    return await documents.call("SubmitDocument", submission(await draft(documents, **changes)))


async def opened(documents, document_id: object, who="drafter", **changes) -> pb.Document:
    wanted = pb.GetDocumentRequest(document_id=str(document_id), open=True, **changes)
    return (await documents.call("GetDocument", wanted, who)).document


async def row_of(documents, document_id: str):
    return await documents.parts.worker.pool.fetchrow("SELECT * FROM document WHERE id = $1", document_id)


async def test_a_draft_is_private_and_without_history(documents) -> None:
    created = await draft(documents)
    card = await opened(documents, created.document_id)
    assert (card.state, card.version, card.content.title) == (pb.DOCUMENT_STATE_DRAFT, 1, "도로 점용 허가")
    assert (card.content.sender.agency.code, card.content.sender.department.code) == ("T310000", ROADS)
    assert (list(card.content.steps), card.content.HasField("registration")) == ([], False)
    assert await documents.events() == []
    for who in ("chief", "reviewer", "neighbour"):
        with pytest.raises(NotFoundError, match="document-unknown"):
            await opened(documents, created.document_id, who)


async def test_a_draft_may_be_unfinished_but_must_be_storable(documents) -> None:
    await draft(documents, title="", steps=[], recipients=[], body="")
    for changes, code in (
        ({"title": "a\x00"}, "nul-inside"),
        ({"body": "x" * (256 * 1024 + 1)}, "body-too-large"),
        ({"attachments": [doc.Attachment(sha256=b"x", name="a")]}, "attachment-hash-missing"),
        ({"attachments": [doc.Attachment(sha256=b"x" * 32, name="a")]}, "blob-missing"),
    ):
        with pytest.raises(InvalidError, match=code):
            await draft(documents, **changes)


async def test_submitting_freezes_and_opens_the_line(documents) -> None:
    created = await draft(documents)
    answer = await documents.call("SubmitDocument", submission(created))
    [event] = await documents.events(DocumentSubmitted)
    assert (event.line_id, event.manifest_hash, event.version) == (answer.line_id, answer.manifest_hash, 2)
    assert [(s.order, s.role, s.outcome, s.person.name) for s in event.steps] == [
        (1, DRAFT, doc.STEP_OUTCOME_SUBMITTED, "drafter"),
        (2, REVIEW, doc.STEP_OUTCOME_PENDING, "reviewer"),
        (3, DECIDE, doc.STEP_OUTCOME_PENDING, "chief"),
    ]
    card = await opened(documents, created.document_id, "chief")
    assert (card.state, card.manifest_hash) == (pb.DOCUMENT_STATE_IN_PATH, answer.manifest_hash)
    assert [version.manifest_hash for version in card.versions] == [answer.manifest_hash]
    assert (card.content.task.name, card.content.retention) == ("도로 점용", 4)


async def test_nobody_brings_decisions_along(documents) -> None:
    forged = asked(
        REVIEW,
        "reviewer",
        outcome=doc.STEP_OUTCOME_APPROVED,
        opinion="좋습니다",
        asserted_by="somebody",
        manifest_hash=b"x" * 32,
    )
    await documents.call("SubmitDocument", submission(await draft(documents), [forged, *path()[1:]]))
    [event] = await documents.events(DocumentSubmitted)
    review = event.steps[1]
    assert (review.outcome, review.opinion, review.asserted_by, review.manifest_hash) == (
        doc.STEP_OUTCOME_PENDING, "", "", b"",
    )  # fmt: skip


async def test_all_problems_of_a_submission_come_at_once(documents) -> None:
    created = await draft(documents, title=" ", body="<b><video></b>", task=doc.Task(code="A9999999"), sender_name="")
    with pytest.raises(InvalidError) as refused:
        await documents.call("SubmitDocument", submission(created, [asked(99, "chief")]))
    assert [(p.code, p.field) for p in refused.value.problems] == [
        ("step-kind-unknown", "document.steps[1].role"),
        ("final-step-missing", "document.steps"),
        ("unknown-task", "document.task.code"),
        ("title-missing", "document.title"),
        ("body-element-foreign", "document.body"),
        ("sender-name-missing", "document.sender_name"),
    ]
    assert (await opened(documents, created.document_id)).state == pb.DOCUMENT_STATE_DRAFT


async def test_who_chose_no_task_is_not_told_of_an_unknown_one(documents) -> None:
    created = await draft(documents, task=doc.Task())
    with pytest.raises(InvalidError) as refused:
        await documents.call("SubmitDocument", submission(created, [asked(2, "chief")]))
    assert ("task-missing", "document.task.code") in [(p.code, p.field) for p in refused.value.problems]
    assert "unknown-task" not in [p.code for p in refused.value.problems]


async def test_commands_repeated_have_one_effect(documents) -> None:
    creating = creation("r")
    answers = await asyncio.gather(*(documents.call("CreateDocument", creating) for _ in range(10)))
    assert len({answer.document_id for answer in answers}) == 1
    submitting = submission(answers[0], request_id="r")
    sent = await asyncio.gather(*(documents.call("SubmitDocument", submitting) for _ in range(10)))
    assert len({answer.SerializeToString() for answer in sent}) == 1
    assert [len(await documents.rows(table)) for table in ("document", "journal")] == [1, 1]


async def test_of_many_submissions_one_wins(documents) -> None:
    created = await draft(documents)
    calls = (documents.call("SubmitDocument", submission(created)) for _ in range(10))
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(result, pb.SubmitDocumentResponse) for result in results) == 1
    assert {str(r.code) for r in results if isinstance(r, ConflictError)} == {"document-moved-on"}
    assert len(await documents.rows("journal")) == 1


async def test_refusals_of_submitting(documents) -> None:
    created = await draft(documents)
    with pytest.raises(ConflictError, match="document-moved-on"):
        await documents.call("SubmitDocument", submission(created, version=2))
    with pytest.raises(NotFoundError, match="document-unknown"):
        await documents.call("SubmitDocument", submission(created), "chief")
    with pytest.raises(InvalidError, match="id-invalid"):
        await documents.call("SubmitDocument", pb.SubmitDocumentRequest(document_id="x"))
    robot = system_actor("adapters", HOME)
    for method, message in (
        ("CreateDocument", creation()),
        ("SubmitDocument", submission(created)),
        ("ListDocuments", pb.ListDocumentsRequest(box=pb.BOX_DRAFTS)),
        ("CountBoxes", pb.CountBoxesRequest()),
    ):
        with pytest.raises(ForbiddenError, match="person-missing"):
            await documents.call(method, message, robot)


async def test_only_opening_shows_the_text_and_is_recorded(documents) -> None:
    created = await draft(documents)
    closed = (await documents.call("GetDocument", pb.GetDocumentRequest(document_id=created.document_id))).document
    assert (closed.content.title, closed.content.body, closed.versions[0].body) == ("도로 점용 허가", "", "")
    assert await documents.rows("reading") == []
    assert (await opened(documents, created.document_id)).content.body == paper().body
    with pytest.raises(NotFoundError):
        await opened(documents, created.document_id, "neighbour")
    readings = [(r["official_id"], r["allowed"]) for r in await documents.rows("reading", "id")]
    assert readings == [(official("drafter"), True), (official("neighbour"), False)]


async def test_a_reader_waits_for_what_it_has_just_decided(documents) -> None:
    answer = await submitted(documents)
    waiting = asyncio.create_task(opened(documents, answer.document_id, at_least_line_version=2))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await documents.take(line_changed(await row_of(documents, answer.document_id), 2))
    assert (await asyncio.wait_for(waiting, 2)).line_version == 2
    wanted = pb.GetDocumentRequest(document_id=answer.document_id, at_least_line_version=3)
    with pytest.raises(TransientError, match="card-behind-line"):
        await documents.call("GetDocument", wanted, timeout=0.5)
    with pytest.raises(NotFoundError, match="document-unknown"):
        await opened(documents, uuid7(), at_least_line_version=2)


async def fill(documents) -> None:
    """Some of everything, several of each: boxes overlap in tokens and times."""
    for _ in range(5):
        await draft(documents)
    keys = [f"A{number}" for number in range(30)]
    await documents.take(*(request(key) for key in keys))
    rows = [await documents.card(key) for key in keys]
    await documents.take(*(line_changed(row, 2) for row in rows[:12]))
    await documents.take(*(line_changed(row, 2, RETURNED) for row in rows[12:18]))
    await documents.take(*(line_changed(row, 2, IN_PATH) for row in rows[18:21]))
    await documents.take(line_refused(rows[29]))
    await documents.take(report(rows[0]["id"], "FAILED"), report(rows[1]["id"], "SENT"))
    mine = await submitted(documents)
    await documents.take(line_refused(await row_of(documents, mine.document_id)))
    internal = [f"I{number}" for number in range(4)]
    await documents.registered(*internal, recipients=[], sender_name="")
    await documents.take(*(arrival(f"D{number}", (ROADS, "T310000")[number % 2]) for number in range(9)))


BOXES = {
    pb.BOX_DRAFTS: "drafts",
    pb.BOX_IN_PROGRESS: "in_progress",
    pb.BOX_RETURNED: "returned",
    pb.BOX_REGISTERED: "registered",
    pb.BOX_SENT: "sent",
    pb.BOX_ARRIVED: "arrived",
}


async def test_lists_have_no_gap_and_no_repeat_and_agree_with_the_counts(documents) -> None:
    await fill(documents)
    expected = {
        "drafter": [6, 11, 6, 16, 12, 0],
        "chief": [0, 11, 0, 16, 12, 0],
        "clerk": [0, 11, 0, 16, 12, 4],
        "neighbour": [0] * 6,
    }
    for name in expected:
        actor = CLERK if name == "clerk" else person(name)
        counted = await documents.call("CountBoxes", pb.CountBoxesRequest(), actor)
        for place, (box, count) in enumerate(BOXES.items()):
            seen = await pages(documents, actor, box)
            assert len(seen) == len(set(seen)) == getattr(counted, count) == expected[name][place], (name, count)
        assert counted.delivery_trouble == (0 if name == "neighbour" else 1)


async def pages(documents, actor, box) -> list[str]:
    seen, token = [], ""
    while True:
        wanted = pb.ListDocumentsRequest(box=box, page_size=4, page_token=token)
        page = await documents.call("ListDocuments", wanted, actor)
        assert len(page.documents) <= 4
        seen += [each.document_id for each in page.documents]
        token = page.next_page_token
        if not token:
            return seen


async def test_a_row_of_a_list_says_what_is_needed(documents) -> None:
    await documents.registered("A1")
    [row] = (await documents.call("ListDocuments", pb.ListDocumentsRequest(box=pb.BOX_SENT))).documents
    assert (row.registration.text, row.recipients_label, row.drafter_name) == ("도로정책과-1", "T990000장", "drafter")


async def test_lists_refuse_what_they_do_not_know(documents) -> None:
    with pytest.raises(InvalidError, match="box-unknown"):
        await documents.call("ListDocuments", pb.ListDocumentsRequest())
    for token in (
        "no token",
        "W10=",
        "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIl0=",
    ):
        with pytest.raises(InvalidError, match="page-token-invalid"):
            await documents.call("ListDocuments", pb.ListDocumentsRequest(box=pb.BOX_SENT, page_token=token))
    assert (
        await documents.call("ListDocuments", pb.ListDocumentsRequest(box=pb.BOX_SENT, page_size=-1))
    ).documents == []


async def test_the_history_tells_everything_in_order(documents) -> None:
    [card] = await documents.registered("A1")
    await documents.take(report(card["id"], "SENT"), report(card["id"], "ACCEPTED"))
    history = await documents.call("GetHistory", pb.GetHistoryRequest(document_id=str(card["id"])))
    assert [(entry.type, dict(entry.params)) for entry in history.entries] == [
        ("DocumentSubmitted", {"steps": "3", "attachments": "0", "source": "행정업무규정 제8조"}),
        (
            "DocumentRegistered",
            {
                "number": "도로정책과-1",
                "file": f"{ROADS}A00000012026000001",
                "source": "행정업무규정 제11조, 공공기록물법 시행규칙 제4조·제7조",
            },
        ),
        ("ResultReported", {}),
        ("DeliveryChanged", {"receiver": "T990000", "state": "SENT"}),
        ("DeliveryChanged", {"receiver": "T990000", "state": "ACCEPTED"}),
    ]
    with pytest.raises(NotFoundError, match="document-unknown"):
        await documents.call("GetHistory", pb.GetHistoryRequest(document_id=str(card["id"])), "neighbour")


async def upload(documents, *pieces: bytes, name: str = "붙임.hwp") -> doc.Attachment:
    async def stream():
        yield pb.UploadAttachmentRequest(name=name, media_type="application/x-hwp", chunk=pieces[0])
        for piece in pieces[1:]:
            yield pb.UploadAttachmentRequest(chunk=piece)

    return (await documents.call("UploadAttachment", stream())).attachment


async def download(documents, document_id: str, sha256: bytes, who="drafter") -> bytes:
    stub = DocumentsServiceStub(documents.connection)
    wanted = pb.DownloadAttachmentRequest(document_id=document_id, sha256=sha256)
    answer = stub.DownloadAttachment(wanted, metadata=bearer(documents.token(person(who))))
    return b"".join([piece.chunk async for piece in answer])


async def test_attachments_come_back_as_they_were(documents) -> None:
    data = bytes(range(256)) * 3000
    file = await upload(documents, data[:100_000], data[100_000:], name="C:\\folder/가\u0000.hwp")
    # 가 was sent as two letters; names are compared byte by byte, so it is kept as one.
    assert (file.sha256, file.size, file.name) == (hashlib.sha256(data).digest(), len(data), "가.hwp")
    created = await draft(documents, attachments=[file])
    assert await download(documents, created.document_id, file.sha256) == data
    with pytest.raises(NotFoundError, match="attachment-unknown"):
        await download(documents, created.document_id, b"x" * 32)
    with pytest.raises(NotFoundError, match="attachment-unknown"):
        await download(documents, created.document_id, file.sha256, "neighbour")
    # Opening a file is a reading like opening the text.
    assert [(r["reader_name"], r["allowed"]) for r in await documents.rows("reading", "id")] == [
        ("drafter", True), ("drafter", True), ("neighbour", False),
    ]  # fmt: skip
    with pytest.raises(InvalidError, match="attachment-name-missing"):
        await upload(documents, b"x", name="folder/")


async def test_the_journal_is_for_systems_and_for_those_who_keep_records(documents) -> None:
    await documents.registered("A1", "A2")
    keeper = person("chief", roles=frozenset({"records"}))
    entries, wanted = [], pb.ReadJournalRequest(page_size=2)
    async with asyncio.timeout(30):
        while len(entries) < 6:
            page = (await documents.call("ReadJournal", wanted, keeper)).entries
            entries += page
            if page:
                wanted.after.CopyFrom(page[-1].position)
            else:
                await asyncio.sleep(0.02)
    assert [entry.id for entry in entries] == [str(row["id"]) for row in await documents.events()]
    assert (
        await documents.call("ReadJournal", pb.ReadJournalRequest(), system_actor("x", "agency-abroad"))
    ).entries == []
    with pytest.raises(ForbiddenError, match="role-missing"):
        await documents.call("ReadJournal", pb.ReadJournalRequest())
