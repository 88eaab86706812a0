"""Drafts over gRPC: changed, shared, thrown away, taken back, submitted again, drafted again, answered."""

from uuid import uuid4

import pytest

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from onnara.approval.v1 import events_pb2 as approval
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import DocumentSubmitted
from onnara.exchange.v1 import official_document_pb2 as doc
from onnara.exchange.v1.events_pb2 import REQUEST_STATUS_RETURNED, DispatchRequested, ResultReported
from support.documents_cards import (
    RETURNED,
    ROADS,
    TASK,
    arrival,
    line_changed,
    line_refused,
    official,
    recipient,
    request,
)
from support.documents_drafts import drafted, listed, opened, own_paper, path, row_of, save, submit

WITHDRAWN, STOPPED = approval.LINE_STATUS_WITHDRAWN, approval.LINE_STATUS_STOPPED


async def test_a_draft_is_written_over_without_history(documents) -> None:
    made = await drafted(documents)
    assert (await save(documents, made.document_id, 1, own_paper(title="둘째"))).version == 2
    card = await opened(documents, made.document_id)
    assert (card.content.title, card.version, len(card.versions)) == ("둘째", 2, 1)
    assert (card.content.sender.department.code, await documents.events()) == (ROADS, [])
    with pytest.raises(ConflictError, match="document-moved-on"):
        await save(documents, made.document_id, 1, own_paper())
    for changes, code in (({"title": "\x00"}, "nul-inside"), ({"body": "x" * (256 * 1024 + 1)}, "body-too-large")):
        with pytest.raises(InvalidError, match=code):
            await save(documents, made.document_id, 2, own_paper(**changes))


async def test_what_a_writer_has_not_to_say_is_not_kept(documents) -> None:
    image = doc.Attachment(sha256=b"x" * 32, name="seal.png")
    forged = own_paper(
        special_number="훈령 제1호",
        registration=doc.RegistrationNumber(text="도로정책과-1"),
        seal=doc.Seal(kind=doc.SEAL_KIND_OFFICIAL_SEAL, image=image),
    )
    made = await documents.call("CreateDocument", pb.CreateDocumentRequest(content=forged))
    kept = (await opened(documents, made.document_id)).content
    assert (kept.special_number, kept.HasField("registration"), kept.seal.HasField("image")) == ("", False, False)
    assert kept.seal.kind == doc.SEAL_KIND_OFFICIAL_SEAL


async def test_co_drafters_write_and_only_the_author_submits(documents) -> None:
    made = await drafted(documents)
    share = pb.SetCoDraftersRequest(
        document_id=made.document_id, official_ids=[official("reviewer"), official("drafter")]
    )
    await documents.call("SetCoDrafters", share)
    assert await listed(documents, pb.BOX_DRAFTS, "reviewer") == [made.document_id]
    await save(documents, made.document_id, 1, own_paper(title="함께"), "reviewer")
    card = await opened(documents, made.document_id)
    assert (card.content.title, card.versions[0].author_name, card.versions[0].author_position) == (
        "함께", "reviewer", "도로정책과 position of reviewer",
    )  # fmt: skip
    for method, message in (
        ("SubmitDocument", pb.SubmitDocumentRequest(document_id=made.document_id, expected_version=2, steps=path())),
        ("DeleteDraft", pb.DeleteDraftRequest(document_id=made.document_id, expected_version=2)),
        ("SetCoDrafters", pb.SetCoDraftersRequest(document_id=made.document_id)),
    ):
        with pytest.raises((ForbiddenError, NotFoundError)):
            await documents.call(method, message, "reviewer")
    await documents.call("SetCoDrafters", pb.SetCoDraftersRequest(document_id=made.document_id))
    assert await listed(documents, pb.BOX_DRAFTS, "reviewer") == []
    with pytest.raises(NotFoundError):
        await save(documents, made.document_id, 2, own_paper(), "reviewer")


async def test_who_may_write_along_is_an_official_of_the_agency(documents) -> None:
    made = await drafted(documents)
    for ids, code in (
        ([official("nobody")], "unknown-official"),
        ([uuid4().hex for _ in range(21)], "co-drafters-too-many"),
    ):
        with pytest.raises(InvalidError, match=code):
            await documents.call(
                "SetCoDrafters", pb.SetCoDraftersRequest(document_id=made.document_id, official_ids=ids)
            )


async def test_a_draft_is_thrown_away_until_it_is_a_record(documents) -> None:
    made = await drafted(documents)
    await documents.call("DeleteDraft", pb.DeleteDraftRequest(document_id=made.document_id, expected_version=1))
    assert [len(await documents.rows(table)) for table in ("document", "document_version", "audience")] == [0, 0, 0]
    made = await drafted(documents)
    await submit(documents, made.document_id, 1)
    await documents.take(line_changed(await row_of(documents, made.document_id), 2, WITHDRAWN))
    with pytest.raises(ConflictError, match="draft-submitted"):
        await documents.call("DeleteDraft", pb.DeleteDraftRequest(document_id=made.document_id, expected_version=3))


async def test_taken_back_it_is_private_and_what_was_submitted_stays(documents) -> None:
    made = await drafted(documents)
    sent = await submit(documents, made.document_id, 1)
    assert (await opened(documents, made.document_id, "chief")).state == pb.DOCUMENT_STATE_IN_PATH
    await documents.take(line_changed(await row_of(documents, made.document_id), 2, WITHDRAWN))
    with pytest.raises(NotFoundError):
        await opened(documents, made.document_id, "chief")
    await save(documents, made.document_id, 3, own_paper(title="고친 것"))
    card = await opened(documents, made.document_id)
    assert [(v.number, v.title, bool(v.manifest_hash), v.base_number) for v in card.versions] == [
        (1, "도로 점용 허가", True, 0), (2, "고친 것", False, 1),
    ]  # fmt: skip
    again = await submit(documents, made.document_id, 4)
    assert again.line_id != sent.line_id
    assert (await opened(documents, made.document_id, "chief")).content.title == "고친 것"
    # What comes late of the first line changes nothing, and nobody waits for it.
    late = line_changed(await row_of(documents, made.document_id), 3, line_id=sent.line_id)
    await documents.take(late)
    assert (await documents.parked(), await documents.refusals()) == ([], [])
    assert (await row_of(documents, made.document_id))["state"] == "in-path"


async def test_a_returned_document_goes_again_and_may_carry_approvals_over(documents) -> None:
    made = await drafted(documents)
    first = await submit(documents, made.document_id, 1)
    await documents.take(line_changed(await row_of(documents, made.document_id), 2, RETURNED))
    with pytest.raises(NotFoundError, match="document-unknown"):
        await save(documents, made.document_id, 3, own_paper(), "reviewer")
    again = await submit(documents, made.document_id, 3, carry_over=True)
    events = await documents.events(DocumentSubmitted)
    assert [event.carry_over_line_id for event in events] == ["", first.line_id]
    # Nothing was changed, so it is the same version of the same manifest.
    assert (again.manifest_hash, len(await documents.rows("document_version"))) == (first.manifest_hash, 1)
    await documents.take(line_changed(await row_of(documents, made.document_id), 2, RETURNED))
    await save(documents, made.document_id, 5, own_paper(body="<p>고침.  끝.</p>"))
    third = await submit(documents, made.document_id, 6)
    assert third.manifest_hash != first.manifest_hash
    assert (await documents.events(DocumentSubmitted))[-1].carry_over_line_id == ""
    await documents.take(line_changed(await row_of(documents, made.document_id), 2))
    [number] = await documents.rows("registration")
    assert (number["serial"], (await row_of(documents, made.document_id))["state"]) == (1, "sending")


async def test_a_line_that_cannot_be_opened_gives_the_draft_back_with_its_reasons(documents) -> None:
    made = await drafted(documents)
    await submit(documents, made.document_id, 1)
    news = line_refused(await row_of(documents, made.document_id), "final-level-too-low")
    await documents.take(news, news)
    card = await opened(documents, made.document_id)
    assert (card.state, [problem.code for problem in card.problems]) == (
        pb.DOCUMENT_STATE_DRAFT,
        ["final-level-too-low"],
    )
    assert "submit" in card.allowed
    assert "delete" not in card.allowed
    with pytest.raises(NotFoundError):
        await opened(documents, made.document_id, "chief")
    await submit(documents, made.document_id, 3)
    assert list((await opened(documents, made.document_id)).problems) == []


async def test_stopped_is_the_end_of_the_card_and_a_beginning_of_a_draft(documents) -> None:
    made = await drafted(documents)
    await submit(documents, made.document_id, 1)
    row = await row_of(documents, made.document_id)
    await documents.take(line_changed(row, 2, STOPPED))
    await documents.take(line_changed(row, 3))
    assert (await documents.refusals(), await documents.rows("registration")) == ([["act-not-now"]], [])
    new = await documents.call("Redraft", pb.RedraftRequest(document_id=made.document_id), "reviewer")
    card = await opened(documents, new.document_id, "reviewer")
    [source] = card.content.sources
    assert (source.kind, source.id) == (doc.Source.KIND_PRODUCED_DOCUMENT, made.document_id)
    assert (card.content.body, card.state, list(card.content.steps)) == (own_paper().body, pb.DOCUMENT_STATE_DRAFT, [])
    with pytest.raises(NotFoundError):
        await documents.call("Redraft", pb.RedraftRequest(document_id=made.document_id), "neighbour")


async def test_a_received_document_is_answered_to_its_sender(documents) -> None:
    number = doc.RegistrationNumber(text="민원실-7", date="2026-05-06")
    await documents.take(arrival("D1", registration=number))
    [row] = await documents.rows("document")
    made = await documents.call("Redraft", pb.RedraftRequest(document_id=str(row["id"]), answer=True))
    content = (await opened(documents, made.document_id)).content
    [recipient] = content.recipients
    assert (recipient.agency.name, recipient.printed_as, content.body) == (
        "먼시", "시험시장", "<p>1. 관련: 민원실-7(2026. 5. 6.)</p><p>2. </p>",
    )  # fmt: skip
    assert (content.sources[0].kind, content.sender.department.code) == (doc.Source.KIND_RECEIVED_DOCUMENT, ROADS)


async def test_a_request_of_an_old_system_is_corrected_there(documents) -> None:
    await documents.take(request("A1"))
    card = await documents.card("A1")
    await documents.take(line_changed(card, 2, WITHDRAWN))
    assert (await documents.card("A1"))["state"] == "returned"
    assert "submit" not in (await opened(documents, card["id"])).allowed
    with pytest.raises(ConflictError, match="request-of-another-system"):
        await submit(documents, card["id"], 2)
    await documents.take(request("A1", 2))
    assert (await documents.card("A1"))["state"] == "in-path"
    await documents.take(line_changed(await documents.card("A1"), 2, STOPPED))
    await documents.take(request("A1", 3))
    assert (await documents.card("A1"))["origin_revision"] == 3
    told = await documents.events(ResultReported)
    assert [each.status for each in told] == [REQUEST_STATUS_RETURNED] * 2


async def test_tasks_of_the_department_may_be_chosen(documents) -> None:
    answer = await documents.call("ListTasks", pb.ListTasksRequest())
    assert [(each.task.code, each.task.name, each.retention) for each in answer.tasks] == [(TASK, "도로 점용", 4)]


async def returned(documents):
    made = await drafted(documents)
    await submit(documents, made.document_id, 1)
    await documents.take(line_changed(await row_of(documents, made.document_id), 2, RETURNED))
    return await row_of(documents, made.document_id)


async def test_what_an_author_makes_of_a_returned_text_is_private_until_it_is_submitted(documents) -> None:
    row = await returned(documents)
    wanted = own_paper(title="아직 쓰는 중", body="<p>비밀</p>")
    saved = await save(documents, row["id"], row["version"], wanted)
    for who in ("reviewer", "chief"):
        card = await opened(documents, row["id"], who)
        assert (card.content.title, card.content.body) == ("도로 점용 허가", own_paper().body)
        assert [version.number for version in card.versions] == [1]
        compared = pb.CompareVersionsRequest(document_id=str(row["id"]), **{"from": 1, "to": 2})
        with pytest.raises(NotFoundError, match="version-unknown"):
            await documents.call("CompareVersions", compared, who)
    mine = await opened(documents, row["id"])
    assert (mine.content.title, mine.content.body, len(mine.versions)) == ("아직 쓰는 중", "<p>비밀</p>", 2)
    wanted = own_paper(title="고친 제목", recipients=[recipient("T990101")])
    saved = await save(documents, row["id"], saved.version, wanted)
    sent = await submit(documents, row["id"], saved.version)
    card = await opened(documents, row["id"], "reviewer")
    assert (card.content.title, card.manifest_hash) == ("고친 제목", sent.manifest_hash)
    now = await row_of(documents, row["id"])
    assert (now["title"], now["recipients_label"], now["body_number"]) == ("고친 제목", "T990101장", 2)


async def test_a_decision_on_a_returned_text_never_registers_another_one(documents) -> None:
    row = await returned(documents)
    await save(documents, row["id"], row["version"], own_paper(title="슬쩍 고친 제목"))
    await documents.take(line_changed(row, 3))
    for sent in await documents.parcels(DispatchRequested):
        assert sent.document.title == "도로 점용 허가"
    now = await row_of(documents, row["id"])
    assert (now["title"], now["body_number"]) == ("도로 점용 허가", 1)
