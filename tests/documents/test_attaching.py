"""What may be attached: files that the caller has brought, or that stand in a document the caller may read."""

import hashlib
from uuid import uuid4

import pytest

from chassis.errors import InvalidError, NotFoundError
from chassis.rpc import bearer
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.dispatch_service_pb2 import RegisteredSeal, RegisterSealRequest
from onnara.documents.v1.dispatch_service_pb2_grpc import DispatchServiceStub
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import HOME, person, request
from support.documents_drafts import drafted, opened, own_paper, row_of, save, submit
from support.documents_files import SECRET, brought
from support.documents_sheets import png


async def create(documents, who: str, *files: doc.Attachment) -> pb.CreateDocumentResponse:
    wanted = pb.CreateDocumentRequest(request_id=uuid4().hex, content=own_paper(attachments=files))
    return await documents.call("CreateDocument", wanted, who)


async def test_knowing_a_hash_is_no_right_to_the_file(documents) -> None:
    file = await brought(documents)
    await create(documents, "drafter", file)
    mine = await create(documents, "neighbour")
    with pytest.raises(InvalidError, match="blob-missing"):
        await create(documents, "neighbour", file)
    with pytest.raises(InvalidError, match="blob-missing"):
        await save(documents, mine.document_id, 1, own_paper(attachments=[file]), "neighbour")


async def test_whoever_reads_a_document_may_attach_its_files(documents) -> None:
    file = await brought(documents)
    made = await drafted(documents, attachments=[file])
    for who in ("reviewer", "chief"):
        with pytest.raises(InvalidError, match="blob-missing"):
            await create(documents, who, file)
    await submit(documents, made.document_id, 1)
    row = await row_of(documents, made.document_id)
    assert await create(documents, "reviewer", file)
    wanted = pb.ReviseDocumentRequest(
        document_id=made.document_id,
        base_hash=row["manifest_hash"],
        content=own_paper(title="고친 제목", attachments=[file]),
    )
    assert (await documents.call("ReviseDocument", wanted, "chief")).number == 2


async def test_files_of_requests_and_of_changed_texts_are_files_of_their_documents(documents) -> None:
    data = b"from an old system"
    file = doc.Attachment(sha256=hashlib.sha256(data).digest(), size=len(data), name="붙임.txt")
    await brought(documents, data, who="neighbour")
    await documents.take(request("A1", attachments=[file]))
    assert await create(documents, "reviewer", file)
    row = await documents.card("A1")
    other = await brought(documents, b"other", who="chief")
    wanted = pb.ReviseDocumentRequest(
        document_id=str(row["id"]), base_hash=row["manifest_hash"], content=own_paper(attachments=[file, other])
    )
    await documents.call("ReviseDocument", wanted, "chief")
    assert await create(documents, "reviewer", other)


async def test_a_file_is_as_large_as_it_is(documents) -> None:
    file = await brought(documents)
    for size in (0, len(SECRET) - 1, 1 << 40):
        wrong = doc.Attachment(sha256=file.sha256, size=size, name=file.name)
        with pytest.raises(InvalidError, match="attachment-size-differs"):
            await create(documents, "drafter", wrong)
    assert (await opened(documents, (await create(documents, "drafter", file)).document_id)).content.attachments == [
        file
    ]


async def test_a_seal_is_made_of_a_picture_its_keeper_has_brought(documents) -> None:
    picture = await brought(documents, png(), "seal.png", "neighbour")
    stub = DispatchServiceStub(documents.connection)
    keeper = bearer(documents.token(person("drafter", roles=frozenset({"seal-keeper"}))))
    wanted = RegisterSealRequest(
        request_id=uuid4().hex, seal=RegisteredSeal(kind=doc.SEAL_KIND_OFFICIAL_SEAL, name="시장인", image=picture)
    )
    with pytest.raises(NotFoundError, match="blob-missing"):
        await stub.RegisterSeal(wanted, metadata=keeper)
    await brought(documents, png(), "seal.png")
    assert (await stub.RegisterSeal(wanted, metadata=keeper)).seal.image.sha256 == picture.sha256


@pytest.mark.parametrize("name", ["사진.jpg", "program.exe"])
async def test_a_program_is_no_attachment_by_whatever_way(documents, tmp_path, name) -> None:
    with pytest.raises(InvalidError, match="upload-type-forbidden"):
        await brought(documents, b"MZ\x90\0" + bytes(100), name)
    assert [path for path in (tmp_path / "blobs" / HOME).rglob("*") if path.is_file()] == []
