"""Bytes by hash: stored once, read back whole, apart by tenant."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.blobs import Blob, BlobCorruptError, Blobs, key_of
from chassis.errors import InvalidError, NotFoundError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "한글 폴더" / "blobs"


@pytest.fixture
def blobs(folder: Path) -> Blobs:
    return Blobs(folder.as_uri())


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def pieces(data: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


async def read(blobs: Blobs, agency: str, sha256: bytes, piece: int = 1 << 20) -> bytes:
    return b"".join([part async for part in blobs.stream(agency, sha256, piece=piece)])


async def test_the_key_is_tenant_and_hash(blobs: Blobs, folder: Path) -> None:
    blob = await blobs.put("a-1", b"abc")
    digest = hashlib.sha256(b"abc").hexdigest()
    assert blob == Blob(bytes.fromhex(digest), 3)
    assert files(folder) == [f"a-1/{digest[:2]}/{digest[2:]}"]
    assert await blobs.get("a-1", blob.sha256) == b"abc"


async def test_storing_again_changes_nothing(blobs: Blobs, folder: Path) -> None:
    for size in (10, 100_000):
        first = await blobs.put("a-1", b"x" * size)
        path = folder / key_of("a-1", first.sha256)
        written = path.stat().st_mtime_ns, path.stat().st_ino
        assert await blobs.put("a-1", b"x" * size) == first
        assert await blobs.put_stream("a-1", pieces([b"x" * size]), limit=size) == first
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == written
    assert len(files(folder)) == 2


async def test_tenants_are_apart(blobs: Blobs) -> None:
    blob = await blobs.put("a-1", b"abc")
    assert await blobs.exists("a-1", blob.sha256)
    assert not await blobs.exists("a-2", blob.sha256)
    with pytest.raises(NotFoundError, match="blob-missing"):
        await blobs.get("a-2", blob.sha256)
    with pytest.raises(NotFoundError, match="blob-missing"):
        await read(blobs, "a-2", blob.sha256)


async def test_writers_of_the_same_bytes_do_not_meet(blobs: Blobs, folder: Path) -> None:
    stored = await asyncio.gather(
        *(blobs.put("a-1", b"same") for _ in range(20)),
        *(blobs.put_stream("a-1", pieces([b"sa", b"me"]), limit=4) for _ in range(20)),
    )
    assert len(set(stored)) == 1
    assert len(files(folder)) == 1


async def test_damage_is_noticed(blobs: Blobs, folder: Path) -> None:
    blob = await blobs.put("a-1", b"abc")
    (folder / key_of("a-1", blob.sha256)).write_bytes(b"abd")
    with pytest.raises(BlobCorruptError, match="blob-corrupt"):
        await blobs.get("a-1", blob.sha256)
    with pytest.raises(BlobCorruptError, match="blob-corrupt"):
        await read(blobs, "a-1", blob.sha256)


async def test_a_large_stream_comes_back_in_pieces(blobs: Blobs, folder: Path) -> None:
    data = os.urandom(25 << 20)
    cut = [data[start : start + 300_000] for start in range(0, len(data), 300_000)]
    blob = await blobs.put_stream("a-1", pieces(cut), limit=len(data), expected=hashlib.sha256(data).digest())
    assert blob.size == len(data)
    assert len(files(folder)) == 1
    parts = [part async for part in blobs.stream("a-1", blob.sha256)]
    assert b"".join(parts) == data
    assert 10 < len(parts) < 40


async def test_what_is_refused_leaves_nothing(blobs: Blobs, folder: Path) -> None:
    async def breaks_off() -> AsyncIterator[bytes]:
        yield b"x" * (12 << 20)
        raise ConnectionResetError

    with pytest.raises(InvalidError, match="blob-too-large"):
        await blobs.put_stream("a-1", pieces([b"x" * 6, b"x" * 5]), limit=10)
    with pytest.raises(InvalidError, match="blob-hash-differs"):
        await blobs.put_stream("a-1", pieces([b"abc"]), limit=10, expected=b"\0" * 32)
    with pytest.raises(ConnectionResetError):
        await blobs.put_stream("a-1", breaks_off(), limit=20 << 20)
    for _ in range(50):
        if not files(folder):
            break
        await asyncio.sleep(0.02)
    assert files(folder) == []


async def test_names_cannot_lead_out_of_the_folder(blobs: Blobs) -> None:
    for agency in ("", "../a", "a/b", "a\0b", ".", "가", "a" * 65):
        with pytest.raises(ValueError, match="agency"):
            await blobs.put(agency, b"abc")
        with pytest.raises(ValueError, match="agency"):
            await blobs.put_stream(agency, pieces([]), limit=1)
    with pytest.raises(ValueError, match="32 bytes"):
        await blobs.get("a-1", b"abc")


async def test_deleting_twice_is_deleting_once(blobs: Blobs) -> None:
    blob = await blobs.put("a-1", b"abc")
    await blobs.delete("a-1", blob.sha256)
    await blobs.delete("a-1", blob.sha256)
    assert not await blobs.exists("a-1", blob.sha256)


def test_addresses() -> None:
    Blobs("s3://bucket/prefix")
    for url in ("", "/folder", "http://somewhere", "memory:///"):
        with pytest.raises(ValueError, match="scheme"):
            Blobs(url)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(1, 20))
async def test_stored_is_what_is_read(blobs: Blobs, cut: list[bytes], piece: int) -> None:
    data = b"".join(cut)
    blob = await blobs.put_stream("a-1", pieces(cut), limit=400)
    assert blob == await blobs.put("a-1", data)
    assert await blobs.get("a-1", blob.sha256) == await read(blobs, "a-1", blob.sha256, piece) == data


async def test_pieces_of_an_upload_are_kept_until_they_are_dropped(tmp_path: Path) -> None:
    blobs = Blobs(f"file://{tmp_path}")
    for name, data in (("0", b"first "), ("1", b"wrong"), ("1", b"second")):
        await blobs.put_piece("agency", "upload", name, data)
    assert [piece async for piece in blobs.pieces("agency", "upload", ["0", "1"])] == [b"first ", b"second"]
    blob = await blobs.put_stream("agency", blobs.pieces("agency", "upload", ["0", "1"]), limit=100)
    await blobs.drop_pieces("agency", "upload")
    await blobs.drop_pieces("agency", "upload")
    assert not (tmp_path / "agency" / "uploads" / "upload").exists()
    assert await blobs.get("agency", blob.sha256) == b"first second"
    with pytest.raises(NotFoundError, match="blob-missing"):
        _ = [piece async for piece in blobs.pieces("agency", "upload", ["0"])]
    with pytest.raises(ValueError, match="upload"):
        await blobs.put_piece("agency", "../other", "0", b"")
