"""Uploads in pieces: whole after broken lines, once whatever is sent twice, the owner's alone, refused when they are not what they say."""

import asyncio
import hashlib
import os
import random
import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chassis.blobs import Blobs
from chassis.errors import ConflictError, InvalidError, NotFoundError
from chassis.rpc import bearer
from documents.domain import uploading
from documents.rpc.uploads import drop_expired
from documents.settings import Settings
from onnara.documents.v1 import upload_service_pb2 as pb
from onnara.documents.v1.upload_service_pb2_grpc import UploadServiceStub
from support.documents_cards import HOME, person
from support.documents_files import brought

MIB = 1 << 20


class Uploader:
    """Uploads as somebody."""

    def __init__(self, documents, who: str = "drafter") -> None:
        self._stub = UploadServiceStub(documents.connection)
        self._metadata = bearer(documents.token(person(who)))

    async def begin(
        self, name: str, size: int, sha256: bytes = b"", media_type: str = "", fingerprint: str = ""
    ) -> pb.BeginUploadResponse:
        request = pb.BeginUploadRequest(
            name=name, size=size, sha256=sha256, media_type=media_type, fingerprint=fingerprint
        )
        return await self._stub.BeginUpload(request, metadata=self._metadata)

    async def append(self, upload_id: str, offset: int, chunks) -> int:
        async def messages() -> AsyncIterator[pb.AppendUploadRequest]:
            yield pb.AppendUploadRequest(upload_id=upload_id, offset=offset)
            async for chunk in chunks if hasattr(chunks, "__aiter__") else each(chunks):
                yield pb.AppendUploadRequest(chunk=chunk)

        return (await self._stub.AppendUpload(messages(), metadata=self._metadata, timeout=60)).offset

    async def finish(self, upload_id: str):
        request = pb.FinishUploadRequest(upload_id=upload_id)
        return (await self._stub.FinishUpload(request, metadata=self._metadata, timeout=60)).attachment

    async def cancel(self, upload_id: str) -> None:
        await self._stub.CancelUpload(pb.CancelUploadRequest(upload_id=upload_id), metadata=self._metadata)

    async def whole(self, name: str, data: bytes, **options):
        begun = await self.begin(name, len(data), **options)
        await self.append(begun.upload_id, 0, [data])
        return await self.finish(begun.upload_id)


async def each(chunks) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


@pytest.fixture
def upload(documents) -> Uploader:
    return Uploader(documents)


@pytest.fixture
def blobs(tmp_path) -> Blobs:
    return Blobs(f"file://{tmp_path}/blobs", durable=False)


async def test_a_small_file_arrives_with_the_type_of_its_content(upload, blobs) -> None:
    name = unicodedata.normalize("NFD", "폴더/계획서.hwp")
    file = await upload.whole(name, b"%PDF-1.7 text", media_type="application/x-hwp")
    assert (file.name, file.raw_name) == ("계획서.hwp", name)
    assert (file.media_type, file.size) == ("application/pdf", 13)
    assert await blobs.get(HOME, file.sha256) == b"%PDF-1.7 text"


async def test_a_large_file_survives_broken_lines(documents, upload, blobs, tmp_path) -> None:
    size, block = 100 * MIB, random.Random(1).randbytes(MIB)
    digest = hashlib.sha256()
    for number in range(100):
        digest.update(number.to_bytes(4, "big") + block[4:])

    async def bytes_from(offset: int, stop: int | None = None) -> AsyncIterator[bytes]:
        for number in range(offset // MIB, 100):
            if stop is not None and number >= stop:
                await asyncio.sleep(60)
            part = number.to_bytes(4, "big") + block[4:]
            start = offset - number * MIB if number == offset // MIB else 0
            for place in range(start, MIB, 256 * 1024):
                yield part[place : place + 256 * 1024]

    begun = await upload.begin("영상.bin", size, digest.digest())
    assert (begun.offset, begun.piece) == (0, 2 * MIB)
    broken = asyncio.create_task(upload.append(begun.upload_id, 0, bytes_from(0, stop=41)))
    while (await documents.rows("upload"))[0]["arrived"] < 40 * MIB:
        await asyncio.sleep(0.01)
    broken.cancel()
    with pytest.raises(asyncio.CancelledError):
        await broken
    again = await Uploader(documents).begin("영상.bin", size, digest.digest())
    assert (again.upload_id, again.offset) == (begun.upload_id, 40 * MIB)
    assert await upload.append(begun.upload_id, again.offset, bytes_from(again.offset)) == size
    file = await upload.finish(begun.upload_id)
    assert (file.sha256, file.size) == (digest.digest(), size)
    assert await blobs.exists(HOME, file.sha256)
    assert not list((tmp_path / "blobs" / HOME / "uploads").iterdir())
    assert await upload.finish(begun.upload_id) == file
    assert (await upload.begin("영상.bin", size, digest.digest())).offset == size


async def test_two_files_of_one_name_and_size_are_never_mixed(upload) -> None:
    first, second = os.urandom(MIB), os.urandom(MIB)
    begun = await upload.begin("같은 이름.bin", MIB, fingerprint="a")
    await upload.append(begun.upload_id, 0, [first[: MIB // 2]])
    assert (await upload.begin("같은 이름.bin", MIB, fingerprint="a")).offset == MIB // 2
    for mark in ("b", ""):
        other = await upload.begin("같은 이름.bin", MIB, fingerprint=mark)
        assert (other.upload_id != begun.upload_id, other.offset) == (True, 0)
    await upload.append(other.upload_id, 0, [second])
    assert (await upload.finish(other.upload_id)).sha256 == hashlib.sha256(second).digest()


async def test_bytes_sent_twice_change_nothing_and_holes_are_refused(upload, blobs) -> None:
    data = os.urandom(3 * MIB)
    begun = await upload.begin("a.bin", len(data))
    assert await upload.append(begun.upload_id, 0, [data[:MIB]]) == MIB
    assert await upload.append(begun.upload_id, 0, [data[: MIB // 2]]) == MIB
    with pytest.raises(ConflictError, match="upload-offset-ahead"):
        await upload.append(begun.upload_id, MIB + 1, [data[MIB + 1 :]])
    with pytest.raises(ConflictError, match="upload-incomplete"):
        await upload.finish(begun.upload_id)
    # Two lines at once, from different places.
    answers = await asyncio.gather(
        upload.append(begun.upload_id, 0, [data]), upload.append(begun.upload_id, MIB // 3, [data[MIB // 3 :]])
    )
    assert answers == [len(data), len(data)]
    with pytest.raises(InvalidError, match="upload-too-long"):
        await upload.append(begun.upload_id, len(data), [b"x"])
    file = await upload.finish(begun.upload_id)
    assert await blobs.get(HOME, file.sha256) == data


async def test_another_content_than_announced_is_refused_and_thrown_away(documents, upload) -> None:
    with pytest.raises(InvalidError, match="upload-hash-differs"):
        await upload.whole("a.txt", b"text", sha256=hashlib.sha256(b"other").digest())
    assert await documents.rows("upload") == []


async def test_programs_are_refused_whatever_they_are_called(documents, upload, tmp_path) -> None:
    for name in ("사진.jpg", "program.exe"):
        with pytest.raises(InvalidError, match="upload-type-forbidden"):
            await upload.whole(name, b"MZ\x90\0" + bytes(100))
    assert await documents.rows("upload") == []
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


async def test_uploads_are_their_owners_alone(documents, upload) -> None:
    begun = await upload.begin("a.txt", 4)
    other = Uploader(documents, "reviewer")
    for attempt in (
        other.append(begun.upload_id, 0, [b"text"]),
        other.finish(begun.upload_id),
        other.cancel(begun.upload_id),
    ):
        with pytest.raises(NotFoundError, match="upload-unknown"):
            await attempt
    assert (await other.begin("a.txt", 4)).upload_id != begun.upload_id
    await upload.cancel(begun.upload_id)
    with pytest.raises(NotFoundError, match="upload-unknown"):
        await upload.append(begun.upload_id, 0, [b"text"])
    with pytest.raises(NotFoundError, match="upload-unknown"):
        await upload.finish("nonsense")


async def test_what_cannot_be_begun(upload) -> None:
    for name, size, sha256, code in (
        ("", 1, b"", "attachment-name-missing"),
        ("folder/", 1, b"", "attachment-name-missing"),
        ("a", 0, b"", "upload-size-missing"),
        ("a", (1 << 30) + 1, b"", "upload-too-large"),
        ("a", 1, b"short", "upload-hash-invalid"),
    ):
        with pytest.raises(InvalidError, match=code):
            await upload.begin(name, size, sha256)
    begun = [await upload.begin(f"{number}.txt", 4) for number in range(50)]
    with pytest.raises(ConflictError, match="uploads-too-many"):
        await upload.begin("more.txt", 4)
    await upload.cancel(begun[0].upload_id)
    await upload.begin("more.txt", 4)


async def test_what_nobody_finishes_is_thrown_away_after_a_day(documents, upload, blobs, tmp_path) -> None:
    begun = await upload.begin("a.bin", 10)
    await upload.append(begun.upload_id, 0, [b"12345"])
    documents.clock.advance(timedelta(hours=23))
    assert await drop_expired(documents.parts.worker, blobs) == 0
    documents.clock.advance(timedelta(hours=2))
    with pytest.raises(NotFoundError, match="upload-unknown"):
        await Uploader(documents).append(begun.upload_id, 5, [b"67890"])
    assert await drop_expired(documents.parts.worker, blobs) == 1
    assert await documents.rows("upload") == []
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


async def test_a_person_fills_no_more_than_his_share_of_a_day(documents, upload) -> None:
    share = Settings.model_fields["upload_share"].default
    for number in range(share >> 30):
        begun = await upload.begin(f"{number}.bin", 1 << 30)
    with pytest.raises(ConflictError, match="uploads-too-much"):
        await upload.begin("more.txt", 1)
    await Uploader(documents, "reviewer").begin("more.txt", 1)
    with pytest.raises(ConflictError, match="uploads-too-much"):
        await brought(documents)
    await upload.cancel(begun.upload_id)
    await upload.whole("a.bin", os.urandom(MIB))
    with pytest.raises(ConflictError, match="uploads-too-much"):
        await upload.begin("again.bin", 1 << 30)
    documents.clock.advance(timedelta(days=1, seconds=1))
    await Uploader(documents).begin("again.bin", 1 << 30)


async def test_two_who_begin_at_once_do_not_share_one_share(documents, upload) -> None:
    share = Settings.model_fields["upload_share"].default
    for number in range((share >> 30) - 1):
        await upload.begin(f"{number}.bin", 1 << 30)
    begun = await asyncio.gather(
        *(upload.begin(f"last-{number}.bin", 1 << 30) for number in range(8)), return_exceptions=True
    )
    assert sum(not isinstance(each, Exception) for each in begun) == 1


async def test_bytes_in_crumbs_fill_no_folder(upload, monkeypatch) -> None:
    monkeypatch.setattr(uploading, "MOST_PIECES", 20)
    begun = await upload.begin("a.bin", 10 * MIB)
    for place in range(uploading.MOST_PIECES):
        assert await upload.append(begun.upload_id, place, [b"x"]) == place + 1
    with pytest.raises(ConflictError, match="upload-torn"):
        await upload.append(begun.upload_id, uploading.MOST_PIECES, [b"x"])


async def test_finishing_twice_at_once_gives_one_answer(upload) -> None:
    data = os.urandom(24 * MIB)
    begun = await upload.begin("a.bin", len(data))
    await upload.append(begun.upload_id, 0, [data[place : place + MIB] for place in range(0, len(data), MIB)])
    files = await asyncio.gather(*(upload.finish(begun.upload_id) for _ in range(6)))
    assert {(file.sha256, file.size) for file in files} == {(hashlib.sha256(data).digest(), len(data))}
