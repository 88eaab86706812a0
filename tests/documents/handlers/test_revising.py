"""Texts changed on the way: stored beside the one in effect, put into effect by the step that names them, kept for ever."""

import pytest

from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from documents.domain.manifest import hash_of
from onnara.approval.v1 import events_pb2 as approval
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.events_pb2 import ManifestStored
from onnara.exchange.v1 import events_pb2 as exchange
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import IN_PATH, RETURNED, line_changed, official, recipient
from support.documents_drafts import DECIDE, asked, drafted, opened, own_paper, path, row_of, save, submit

BETTER = "<p>1. 관련: 도로정책과-12</p><p>2. 조건을 붙여 허가합니다.  끝.</p>"


async def under_way(documents, **changes):
    made = await drafted(documents, **changes)
    await submit(documents, made.document_id, 1)
    return await row_of(documents, made.document_id)


async def revise(documents, row, who="reviewer", base: bytes = b"", **changes) -> pb.ReviseDocumentResponse:
    wanted = pb.ReviseDocumentRequest(
        document_id=str(row["id"]),
        base_hash=base or row["manifest_hash"],
        content=own_paper(**{"body": BETTER, **changes}),
    )
    return await documents.call("ReviseDocument", wanted, who)


async def test_a_changed_text_has_no_effect_until_a_step_names_it(documents) -> None:
    row = await under_way(documents)
    stored = await revise(documents, row, title="고친 제목", recipients=[recipient("T990101")])
    [event] = await documents.events(ManifestStored)
    assert (event.manifest_hash, event.base_hash, event.author_id, event.title) == (
        stored.manifest_hash, row["manifest_hash"], official("reviewer"), "고친 제목",
    )  # fmt: skip
    assert await row_of(documents, row["id"]) == row
    await documents.take(line_changed(row, 2, IN_PATH, manifest_hash=stored.manifest_hash))
    card = await opened(documents, row["id"])
    assert (card.content.title, card.content.body, card.manifest_hash) == ("고친 제목", BETTER, stored.manifest_hash)
    assert [(v.number, v.role, v.author_name, v.base_number, v.effective) for v in card.versions] == [
        (1, "draft", "drafter", 0, True), (2, "review", "reviewer", 1, True),
    ]  # fmt: skip
    await documents.take(line_changed(await row_of(documents, row["id"]), 3))
    [sent] = await documents.parcels(exchange.DispatchRequested)
    assert (sent.document.title, sent.document.body) == ("고친 제목", BETTER)
    assert [copy["receiver_code"] for copy in await documents.rows("delivery")] == ["T990101"]


async def test_the_decision_may_name_the_approvers_own_text(documents) -> None:
    row = await under_way(documents)
    stored = await revise(documents, row, "chief")
    await documents.take(line_changed(row, 2, manifest_hash=stored.manifest_hash))
    card = await opened(documents, row["id"])
    assert (card.state, card.content.body, card.versions[1].role) == (pb.DOCUMENT_STATE_SENDING, BETTER, "decide")
    for manifest in await documents.rows("manifest"):
        assert hash_of(manifest["canonical"]) == manifest["hash"]


async def test_only_those_whose_step_is_to_come_change_a_text(documents) -> None:
    row = await under_way(documents)
    for who, error in (("drafter", ForbiddenError), ("neighbour", NotFoundError)):
        with pytest.raises(error):
            await revise(documents, row, who)
    steps = doc.OfficialDocument.FromString(row["steps"]).steps
    steps[1].outcome = doc.STEP_OUTCOME_APPROVED
    await documents.take(line_changed(row, 2, IN_PATH, steps=steps))
    with pytest.raises(ForbiddenError, match="act-not-yours"):
        await revise(documents, row)
    assert "revise" in (await opened(documents, row["id"], "chief")).allowed
    await documents.take(line_changed(row, 3, RETURNED, steps=steps))
    with pytest.raises((ConflictError, ForbiddenError)):
        await revise(documents, row, "chief")


async def test_co_operation_comments_and_does_not_edit(documents) -> None:
    steps = [asked(doc.STEP_ROLE_COOPERATE, "reviewer", mode=doc.STEP_MODE_SERIAL), asked(DECIDE, "chief")]
    made = await drafted(documents)
    await submit(documents, made.document_id, 1, steps)
    with pytest.raises(ForbiddenError, match="act-not-yours"):
        await revise(documents, await row_of(documents, made.document_id))


async def test_a_change_is_made_from_the_text_in_effect_and_is_one(documents) -> None:
    row = await under_way(documents)
    with pytest.raises(ConflictError, match="manifest-moved-on"):
        await revise(documents, row, base=b"x" * 32)
    with pytest.raises(InvalidError, match="nothing-changed"):
        await revise(documents, row, body=own_paper().body)
    with pytest.raises(InvalidError) as refused:
        await revise(documents, row, title=" ", sender_name="")
    assert [problem.code for problem in refused.value.problems] == ["title-missing", "sender-name-missing"]
    one = await revise(documents, row)
    two = await revise(documents, row, "chief", title="둘")
    assert (one.number, two.number) == (2, 3)


async def test_a_text_nobody_stored_is_an_alarm(documents) -> None:
    row = await under_way(documents)
    await revise(documents, row)
    await documents.take(line_changed(row, 2, manifest_hash=b"y" * 32))
    assert (await documents.refusals(), await row_of(documents, row["id"])) == ([["manifest-differs"]], row)


async def test_rejected_and_superseded_versions_of_major_documents_are_records(documents) -> None:
    row = await under_way(documents, major=True)
    stored = await revise(documents, row)
    await documents.take(line_changed(row, 2, IN_PATH, manifest_hash=stored.manifest_hash))
    await documents.take(line_changed(await row_of(documents, row["id"]), 3, RETURNED))
    await submit(documents, row["id"], 4, path())
    # The same version comes back a second time: it has its number already.
    await documents.take(line_changed(await row_of(documents, row["id"]), 2, RETURNED))
    await save(documents, row["id"], 6, own_paper(major=True, body="<p>마지막.  끝.</p>"))
    await submit(documents, row["id"], 7)
    await documents.take(line_changed(await row_of(documents, row["id"]), 2))
    kept = [
        (each["number"], each["serial"], each["text"])
        for each in await documents.rows("version_registration", "serial")
    ]
    assert kept == [(1, 1, "도로정책과-1"), (2, 2, "도로정책과-2")]
    [number] = await documents.rows("registration")
    assert (number["serial"], [s["n"] for s in await documents.rows("number_series")]) == (3, [3])
    card = await opened(documents, row["id"])
    assert [version.registration.text for version in card.versions] == ["도로정책과-1", "도로정책과-2", ""]


async def test_a_document_that_is_not_major_leaves_no_numbers_behind(documents) -> None:
    row = await under_way(documents)
    await documents.take(line_changed(row, 2, RETURNED), line_changed(row, 3, approval.LINE_STATUS_STOPPED))
    assert (await documents.rows("version_registration"), await documents.rows("number_series")) == ([], [])


@pytest.mark.parametrize("column", ["body = 'x'", "content = ''", "title = 'x'"])
async def test_a_text_that_was_decided_on_is_not_rewritten_even_by_its_author(documents, column) -> None:
    row = await under_way(documents)
    tokens = f"official:{official('drafter')}"
    async with documents.parts.rpc.transaction(agency_id=row["agency_id"], tokens=[tokens]) as unit:
        done = await unit.connection.execute(f"UPDATE document_version SET {column} WHERE document_id = $1", row["id"])
    assert done == "UPDATE 0"
