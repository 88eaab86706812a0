"""Several drafts in one line, and drafts of several agencies."""

from uuid import uuid4

import pytest

from chassis.errors import InvalidError, NotFoundError
from documents.domain.manifest import companions_of
from documents.translate.sheet import sender_names
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import DocumentSubmitted
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import (
    ABROAD,
    ABROAD_CODE,
    HOME_CODE,
    IN_PATH,
    RETURNED,
    line_changed,
    official,
    person,
)
from support.documents_drafts import DECIDE, REVIEW, asked, drafted, opened, own_paper, path, row_of, save, submit


async def batch(documents, count: int = 3, versions: int = 1, ids=(), **changes) -> pb.SubmitBatchResponse:
    ids = ids or [(await drafted(documents, title=f"문서 {number}", **changes)).document_id for number in range(count)]
    drafts = [pb.DraftVersion(document_id=each, expected_version=versions) for each in ids]
    return await documents.call(
        "SubmitBatch", pb.SubmitBatchRequest(request_id=uuid4().hex, drafts=drafts, steps=path())
    )


async def test_a_batch_is_one_line_and_gets_its_numbers_in_order(documents) -> None:
    sent = await batch(documents)
    lead, *companions = sent.documents
    [event] = await documents.events(DocumentSubmitted)
    assert (event.document_id, event.line_id, event.companion_count) == (lead.document_id, sent.line_id, 2)
    canonical = await documents.parts.worker.pool.fetchval(
        "SELECT canonical FROM manifest WHERE hash = $1", lead.manifest_hash
    )
    assert companions_of(canonical) == [each.manifest_hash.hex() for each in companions]
    await documents.take(line_changed(await row_of(documents, lead.document_id), 2, IN_PATH))
    await documents.take(line_changed(await row_of(documents, lead.document_id), 3))
    numbers = [(str(r["document_id"]), r["serial"], r["date"]) for r in await documents.rows("registration", "serial")]
    assert numbers == [(each.document_id, place, "2026-05-11") for place, each in enumerate(sent.documents, 1)]
    card = await opened(documents, companions[0].document_id, "chief")
    assert [each.document_id for each in card.companions] == [lead.document_id, companions[1].document_id]
    assert len(await documents.rows("delivery")) == 3


async def test_a_batch_comes_back_together_and_goes_again(documents) -> None:
    sent = await batch(documents)
    await documents.take(line_changed(await row_of(documents, sent.documents[0].document_id), 2, RETURNED))
    assert {row["state"] for row in await documents.rows("document")} == {"returned"}
    ids = [each.document_id for each in sent.documents]
    # One goes its own way, the others again together under another lead.
    await submit(documents, ids[0], 3)
    again = await batch(documents, ids=[ids[2], ids[1]], versions=3)
    await documents.take(line_changed(await row_of(documents, ids[2]), 2))
    serials = {str(r["document_id"]): r["serial"] for r in await documents.rows("registration")}
    assert serials == {ids[2]: 1, ids[1]: 2}
    assert (again.line_id, (await row_of(documents, ids[0]))["state"]) == (
        str((await row_of(documents, ids[1]))["line_id"]),
        "in-path",
    )


async def test_a_swapped_companion_stops_the_decision(documents) -> None:
    sent = await batch(documents)
    swap = "UPDATE document SET manifest_hash = $1 WHERE id = $2::uuid"
    await documents.parts.worker.pool.execute(swap, b"z" * 32, sent.documents[1].document_id)
    await documents.take(line_changed(await row_of(documents, sent.documents[0].document_id), 2))
    assert (await documents.refusals(), await documents.rows("registration")) == ([["manifest-differs"]], [])


async def test_the_lead_may_be_changed_and_keeps_its_companions(documents) -> None:
    sent = await batch(documents, 2)
    row = await row_of(documents, sent.documents[0].document_id)
    change = pb.ReviseDocumentRequest(
        document_id=str(row["id"]), base_hash=row["manifest_hash"], content=own_paper(title="고침")
    )
    stored = await documents.call("ReviseDocument", change, "reviewer")
    await documents.take(line_changed(row, 2, manifest_hash=stored.manifest_hash))
    assert [r["serial"] for r in await documents.rows("registration", "serial")] == [1, 2]
    assert (await row_of(documents, row["id"]))["title"] == "고침"


async def test_problems_of_a_batch_say_which_draft(documents) -> None:
    ids = [(await drafted(documents, title=title)).document_id for title in ("하나", " ")]
    with pytest.raises(InvalidError) as refused:
        await batch(documents, ids=ids)
    assert [(p.code, p.field) for p in refused.value.problems] == [("title-missing", "drafts[1].document.title")]
    for wanted, code in (((ids[0], ids[0]), "draft-doubled"), ((ids * 51), "drafts-too-many")):
        with pytest.raises(InvalidError, match=code):
            await batch(documents, ids=wanted)
    with pytest.raises(InvalidError, match="drafts-missing"):
        await documents.call("SubmitBatch", pb.SubmitBatchRequest(steps=path()))


def joint_path() -> list[doc.ApprovalStep]:
    return [
        asked(REVIEW, "reviewer"),
        asked(DECIDE, "chief", mode=doc.STEP_MODE_OWN),
        asked(DECIDE, "chief", ABROAD, mode=doc.STEP_MODE_JOINT),
    ]


@pytest.fixture
def government(government):
    """The other agency works here too."""
    government.rows = [row for row in government.rows if row.id != ABROAD]
    government.add_unit(ABROAD, ABROAD_CODE, "먼시", ABROAD, is_agency=True, served_here=True, head_title="먼시장")
    return government


async def test_a_joint_draft_is_read_and_decided_in_both_agencies(documents) -> None:
    made = await drafted(documents, joint_agencies=[doc.Unit(code=ABROAD_CODE)])
    await submit(documents, made.document_id, 1, joint_path())
    [event] = await documents.events(DocumentSubmitted)
    assert list(event.joint_agency_ids) == [ABROAD]
    assert [(s.agency_id, s.person.department) for s in event.steps][-1] == (ABROAD, "민원실")
    head, stranger = person("chief", ABROAD), person("drafter", ABROAD)
    keeper = person("drafter", ABROAD, roles=frozenset({"records"}))
    content = (await opened(documents, made.document_id, head)).content
    assert (content.joint_agencies[0].name, list(content.joint_sender_names)) == ("먼시", ["먼시장"])
    assert sender_names(content) == ["시험시장", "먼시장"]
    for who in (stranger, keeper):
        with pytest.raises(NotFoundError):
            await opened(documents, made.document_id, who)
    await documents.take(line_changed(await row_of(documents, made.document_id), 2))
    assert (await opened(documents, made.document_id, keeper)).content.registration.text == "도로정책과-1"
    with pytest.raises(NotFoundError):
        await opened(documents, made.document_id, stranger)


@pytest.mark.parametrize(
    ("codes", "steps", "expected"),
    [
        (["T123456"], path(), ["joint-agency-unknown"]),
        ([HOME_CODE], path(), ["joint-agency-own"]),
        ([ABROAD_CODE], path(), ["joint-decision-missing"]),
        ([ABROAD_CODE, ABROAD_CODE], joint_path(), ["joint-agency-doubled"]),
        ([], joint_path(), ["step-agency-not-joint"]),
        ([ABROAD_CODE], [joint_path()[2], *joint_path()[:2]], ["joint-step-too-early"]),
    ],
)
async def test_joint_drafts_have_their_own_rules(documents, codes, steps, expected) -> None:
    made = await drafted(documents, joint_agencies=[doc.Unit(code=code) for code in codes])
    with pytest.raises(InvalidError) as refused:
        await submit(documents, made.document_id, 1, steps)
    assert [problem.code for problem in refused.value.problems] == expected


async def test_an_official_of_the_other_agency_does_not_rewrite_the_text(documents) -> None:
    made = await drafted(documents, joint_agencies=[doc.Unit(code=ABROAD_CODE)])
    await submit(documents, made.document_id, 1, joint_path())
    row = await row_of(documents, made.document_id)
    card = await opened(documents, made.document_id, person("chief", ABROAD))
    assert "revise" not in card.allowed
    await save_is_refused(documents, row)


async def save_is_refused(documents, row) -> None:
    wanted = pb.UpdateDraftRequest(document_id=str(row["id"]), expected_version=row["version"], content=own_paper())
    with pytest.raises(NotFoundError):
        await documents.call("UpdateDraft", wanted, person("chief", ABROAD))
    with pytest.raises(Exception, match="act-not-now"):
        await save(documents, row["id"], row["version"], own_paper())
    assert official("chief", ABROAD) != official("chief")
