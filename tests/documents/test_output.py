"""Findings on a text, differences of versions and files over gRPC."""

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from adapters.formats.dtd import validate
from chassis.errors import ConflictError, InvalidError, NotFoundError
from chassis.rpc import bearer
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.documents_service_pb2_grpc import DocumentsServiceStub
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import NOW, line_changed, official, paper, person, request
from support.documents_sheets import png

SEALED = doc.Seal(kind=doc.SEAL_KIND_SEAL_OMITTED)
SECOND = """
INSERT INTO document_version (document_id, number, title, body, author_name, manifest_hash, created_at)
SELECT document_id, 2, $2, $3, 'reviewer', manifest_hash, created_at FROM document_version WHERE document_id = $1
"""


async def submitted(documents, **changes) -> str:
    created = await documents.call(
        "CreateDocument", pb.CreateDocumentRequest(request_id=uuid4().hex, content=paper(**{"seal": SEALED, **changes}))
    )
    person = doc.StepPerson(official_id=official("chief"))
    decide = doc.ApprovalStep(role=doc.STEP_ROLE_DECIDE, mode=doc.STEP_MODE_OWN, person=person)
    await documents.call(
        "SubmitDocument",
        pb.SubmitDocumentRequest(
            request_id=uuid4().hex, document_id=created.document_id, expected_version=1, steps=[decide]
        ),
    )
    return created.document_id


def comparison(document_id: str, before: int = 1, after: int = 2) -> pb.CompareVersionsRequest:
    return pb.CompareVersionsRequest(**{"document_id": document_id, "from": before, "to": after})


async def test_a_text_is_checked_and_put_right(documents) -> None:
    body = '<p class="x">1. 일시: 2026-05-06</p><p>3. 장소</p><script>x()</script>'
    answer = await documents.call("CheckBody", pb.CheckBodyRequest(title="회의", body=body, correct=True))
    found = [(each.detail.code, each.excerpt, each.suggestion, each.must, each.paragraph) for each in answer.findings]
    assert found == [
        ("body-element-foreign", "", "", True, 0),
        ("layout-day-form", "2026-05-06", "2026. 5. 6.", True, 0),
        ("layout-item-order", "3.", "2.", True, 1),
        ("layout-end-missing", "", "  끝.", True, 1),
    ]
    assert answer.corrected == "<p>1. 일시: 2026. 5. 6.</p><p>2. 장소  끝.</p>"
    again = await documents.call("CheckBody", pb.CheckBodyRequest(body=answer.corrected))
    assert (list(again.findings), again.corrected) == ([], "")


async def test_a_paste_without_end_is_refused(documents) -> None:
    with pytest.raises(InvalidError, match="body-too-large"):
        await documents.call("CheckBody", pb.CheckBodyRequest(body="가" * 1_000_000))


async def test_the_difference_of_two_versions(documents) -> None:
    document_id = await submitted(documents)
    changed = "<p>1. 관련: 도로정책과-12</p><p>2. 불허합니다.  끝.</p>"
    await documents.parts.worker.pool.execute(SECOND, UUID(document_id), "도로 점용 불허", changed)
    answer = await documents.call("CompareVersions", comparison(document_id), "chief")
    shown = {
        (each.field, each.kind): [(piece.kind, piece.text) for piece in each.pieces]
        for each in answer.blocks
        if not each.same
    }
    same, removed, added = pb.DiffPiece.KIND_SAME, pb.DiffPiece.KIND_REMOVED, pb.DiffPiece.KIND_ADDED
    assert shown == {
        ("title", "value"): [(same, "도로 점용 "), (removed, "허가"), (added, "불허")],
        ("body", "paragraph"): [(same, "2. "), (removed, "허가"), (added, "불허"), (same, "합니다.  끝.")],
    }
    fields = [each.field for each in answer.blocks]
    assert fields == ["title", "recipients", "sender_name", "disclosure", "task", "body", "body"]
    assert (getattr(answer, "from").number, answer.to.number, answer.to.title) == (1, 2, "도로 점용 불허")
    readings = await documents.rows("reading", "id")
    assert [(row["reader_name"], row["allowed"]) for row in readings] == [("chief", True)]


async def test_marks_alone_are_said(documents) -> None:
    document_id = await submitted(documents)
    body = "<p>1. 관련: <b>도로정책과-12</b></p><p>2. 허가합니다.  끝.</p>"
    await documents.parts.worker.pool.execute(SECOND, UUID(document_id), "도로 점용 허가", body)
    answer = await documents.call("CompareVersions", comparison(document_id))
    assert [each.field for each in answer.blocks if not each.same] == ["marks"]


async def test_only_who_may_read_compares_and_the_try_is_kept(documents) -> None:
    document_id = await submitted(documents)
    with pytest.raises(NotFoundError, match="document-unknown"):
        await documents.call("CompareVersions", comparison(document_id), "neighbour")
    with pytest.raises(NotFoundError, match="version-unknown"):
        await documents.call("CompareVersions", comparison(document_id, 1, 7))
    readings = await documents.rows("reading", "id")
    assert [(row["reader_name"], row["allowed"]) for row in readings] == [("neighbour", False), ("drafter", True)]


async def rendered(documents, document_id: object, kind: int, who: str = "drafter") -> tuple[str, str, bytes]:
    stub = DocumentsServiceStub(documents.connection)
    wanted = pb.RenderDocumentRequest(document_id=str(document_id), format=kind)
    pieces = [piece async for piece in stub.RenderDocument(wanted, metadata=bearer(documents.token(person(who))))]
    assert all(len(piece.chunk) <= 256 * 1024 for piece in pieces)
    assert [piece.file_name for piece in pieces[1:]] == [""] * (len(pieces) - 1)
    return pieces[0].file_name, pieces[0].media_type, b"".join(piece.chunk for piece in pieces)


async def decided(documents) -> Any:
    """A registered document whose line says who did what when."""
    await documents.take(request("A"))
    row = await documents.card("A")
    steps = doc.OfficialDocument.FromString(row["steps"]).steps
    for step in steps:
        step.outcome = doc.STEP_OUTCOME_APPROVED
        step.acted_at.FromDatetime(NOW)
    await documents.take(line_changed(row, 2, steps=steps))
    return await documents.card("A")


async def test_a_registered_document_as_a_file_of_each_kind(documents) -> None:
    card = await decided(documents)
    name, media_type, data = await rendered(documents, card["id"], pb.OUTPUT_FORMAT_PDF)
    assert (name, media_type) == ("도로정책과-1 도로 점용 허가.pdf", "application/pdf")
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
    assert [
        each
        for each in (
            "T990000장",
            "2. 허가합니다. 끝.",
            "시험시장",
            "도로정책과-1 (2026. 5. 11.)",
            "전결 2026. 5. 11. chief",
        )
        if each not in text
    ] == []
    name, media_type, data = await rendered(documents, card["id"], pb.OUTPUT_FORMAT_ODT, "chief")
    assert (name[-4:], data[:2]) == (".odt", b"PK")
    _, _, data = await rendered(documents, card["id"], pb.OUTPUT_FORMAT_PUBDOC)
    assert validate("pubdoc", data) == []
    readings = await documents.rows("reading", "id")
    assert [(row["reader_name"], row["what"]) for row in readings] == [
        ("drafter", "output"),
        ("chief", "output"),
        ("drafter", "output"),
    ]


async def test_an_undecided_document_is_printed_but_not_exchanged(documents) -> None:
    document_id = await submitted(documents, recipients=[], sender_name="")
    _, _, data = await rendered(documents, document_id, pb.OUTPUT_FORMAT_PDF)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "생산등록번호" in text
    with pytest.raises(ConflictError, match="document-not-decided"):
        await rendered(documents, document_id, pb.OUTPUT_FORMAT_PUBDOC)
    with pytest.raises(NotFoundError, match="document-unknown"):
        await rendered(documents, document_id, pb.OUTPUT_FORMAT_PDF, "neighbour")
    with pytest.raises(InvalidError, match="output-format-unknown"):
        await rendered(documents, document_id, pb.OUTPUT_FORMAT_UNSPECIFIED)


async def test_pictures_of_attachments_stand_on_the_page(documents) -> None:
    stub = DocumentsServiceStub(documents.connection)
    piece = pb.UploadAttachmentRequest(name="그림.png", media_type="image/png", chunk=png())
    stored = await stub.UploadAttachment(iter([piece]), metadata=bearer(documents.token(person("drafter"))))
    body = '<p>그림: <img src="그림.png" alt="그림"/></p>'
    document_id = await submitted(documents, body=body, attachments=[stored.attachment])
    _, _, data = await rendered(documents, document_id, pb.OUTPUT_FORMAT_PDF)
    assert [len(page.images) for page in PdfReader(io.BytesIO(data)).pages] == [1]
