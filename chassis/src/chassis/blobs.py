"""Attachments and raw intake: one store of bytes by hash, in a folder or in S3; messages carry hash, size, type and name.

bytes -> SHA-256 -> ``<agency_id>/ab/cdef...`` -> read back and checked against the hash. What is stored never changes;
storing it again is free. Tenants are apart even when the bytes are equal. Nothing appears under its key half written.
"""

import asyncio
import contextlib
import hashlib
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore import exceptions
from obstore.exceptions import AlreadyExistsError, GenericError, JoinError
from obstore.store import LocalStore, ObjectStore, from_url

from chassis.errors import InvalidError, NotFoundError, OnnaraError, TransientError
from chassis.ids import uuid7

PIECE = 1 << 20
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_HASH_BYTES = 32
# Above this size it is cheaper to ask first than to send bytes that are there already.
_ASK_FIRST = 64 << 10
# Stores answer with one or the other.
_MISSING = (FileNotFoundError, exceptions.NotFoundError)


@dataclass(frozen=True, slots=True)
class Blob:
    """Stored bytes: SHA-256 (32 bytes) and size in bytes."""

    sha256: bytes
    size: int


class BlobCorruptError(OnnaraError):
    """The store holds other bytes than were put there: an alarm, neither a refusal nor passing trouble."""


class Blobs:
    """A content-addressed store.

    url: ``file:///folder`` (made when missing) or ``s3://bucket/prefix``. durable: a folder's writes reach the disk before
    ``put`` returns, because a database row will name them. Raises ValueError for a url it cannot use.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        parts = urlsplit(url)
        self._folder: Path | None = None
        if parts.scheme == "file":
            self._folder = Path(unquote(parts.path))
            self._store: ObjectStore = LocalStore(prefix=self._folder, mkdir=True)
        elif parts.scheme == "s3":
            self._store = from_url(url)
        else:
            raise ValueError(f"no blob store for scheme {parts.scheme!r}")
        self._durable = durable

    async def put(self, agency_id: str, data: bytes) -> Blob:
        """Stores bytes. Raises TransientError blob-store-away."""
        blob = Blob(hashlib.sha256(data).digest(), len(data))
        key = key_of(agency_id, blob.sha256)
        with _reachable():
            if blob.size < _ASK_FIRST or not await self._holds(key):
                # Two writers of the same bytes: whoever is second finds them there.
                with contextlib.suppress(AlreadyExistsError):
                    await obstore.put_async(self._store, key, data, mode="create", use_multipart=False)
                await self._settle(key)
        return blob

    async def put_stream(
        self, agency_id: str, pieces: AsyncIterable[bytes], *, limit: int, expected: bytes = b""
    ) -> Blob:
        """Stores a stream without holding it in memory: staged while hashed, then moved under its key.

        limit: most bytes allowed. expected: SHA-256 the sender announced. Raises InvalidError blob-too-large or
        blob-hash-differs; then nothing is left behind.
        """
        staged = f"{_tenant(agency_id)}/staging/{uuid7()}"
        blob = await self._stage(staged, pieces, limit)
        with _reachable():
            key = key_of(agency_id, blob.sha256)
            if expected and blob.sha256 != expected:
                await obstore.delete_async(self._store, staged)
                raise InvalidError("blob-hash-differs", params={"expected": expected.hex(), "found": blob.sha256.hex()})
            if await self._holds(key):
                await obstore.delete_async(self._store, staged)
            else:
                await obstore.rename_async(self._store, staged, key)
                await self._settle(key)
        return blob

    async def _stage(self, staged: str, pieces: AsyncIterable[bytes], limit: int) -> Blob:
        digest, size = hashlib.sha256(), 0
        writer = obstore.open_writer_async(self._store, staged)
        async for piece in pieces:
            size += len(piece)
            if size > limit:
                raise InvalidError("blob-too-large", params={"limit": limit})
            digest.update(piece)
            with _reachable():
                await writer.write(piece)
        # Closed only when complete: an upload that breaks off never becomes an object.
        with _reachable():
            await writer.close()
        return Blob(digest.digest(), size)

    async def put_piece(self, agency_id: str, upload: str, name: str, data: bytes) -> None:
        """Keeps one piece of something that is not whole yet. Putting it again under its name replaces it."""
        with _reachable():
            key = f"{_upload(agency_id, upload)}/{name}"
            await obstore.put_async(self._store, key, data, use_multipart=False)
            if self._folder and self._durable:
                await asyncio.to_thread(_to_disk, self._folder / key)

    async def pieces(self, agency_id: str, upload: str, names: Sequence[str]) -> AsyncIterator[bytes]:
        """The pieces one after the other, each at most as large as it was put. Raises NotFoundError blob-missing."""
        for name in names:
            with _reachable():
                found = await obstore.get_async(self._store, f"{_upload(agency_id, upload)}/{name}")
                data = bytes(await found.bytes_async())
            yield data

    async def drop_pieces(self, agency_id: str, upload: str) -> None:
        """Throws all pieces of an upload away. Nothing happens when there are none."""
        folder = _upload(agency_id, upload)
        with _reachable(), contextlib.suppress(*_MISSING):
            async for batch in obstore.list(self._store, prefix=folder):
                await obstore.delete_async(self._store, [each["path"] for each in batch])
        if self._folder:
            with contextlib.suppress(OSError):
                await asyncio.to_thread((self._folder / folder).rmdir)

    async def get(self, agency_id: str, sha256: bytes) -> bytes:
        """The bytes. Raises NotFoundError blob-missing, BlobCorruptError blob-corrupt, TransientError blob-store-away."""
        with _reachable(sha256):
            found = await obstore.get_async(self._store, key_of(agency_id, sha256))
            data = bytes(await found.bytes_async())
        if hashlib.sha256(data).digest() != sha256:
            raise BlobCorruptError("blob-corrupt", params={"sha256": sha256.hex()})
        return data

    async def stream(self, agency_id: str, sha256: bytes, *, piece: int = PIECE) -> AsyncIterator[bytes]:
        """The bytes piece by piece. That they are whole is known after the last piece only: then blob-corrupt is raised."""
        digest = hashlib.sha256()
        with _reachable(sha256):
            found = await obstore.get_async(self._store, key_of(agency_id, sha256))
            async for buffer in found.stream(min_chunk_size=piece):
                data = bytes(buffer)
                digest.update(data)
                yield data
        if digest.digest() != sha256:
            raise BlobCorruptError("blob-corrupt", params={"sha256": sha256.hex()})

    async def exists(self, agency_id: str, sha256: bytes) -> bool:
        """True when the store holds it for this tenant."""
        with _reachable():
            return await self._holds(key_of(agency_id, sha256))

    async def size(self, agency_id: str, sha256: bytes) -> int | None:
        """Size in bytes of what the store holds for this tenant; None when it holds none."""
        with _reachable():
            try:
                found = await obstore.head_async(self._store, key_of(agency_id, sha256))
            except _MISSING:
                return None
        return int(found["size"])

    async def delete(self, agency_id: str, sha256: bytes) -> None:
        """Removes it, when no record refers to it any more. Nothing happens when it is not there."""
        with _reachable(), contextlib.suppress(*_MISSING):
            await obstore.delete_async(self._store, key_of(agency_id, sha256))

    async def _holds(self, key: str) -> bool:
        try:
            await obstore.head_async(self._store, key)
        except _MISSING:
            return False
        return True

    async def _settle(self, key: str) -> None:
        if self._folder and self._durable:
            await asyncio.to_thread(_to_disk, self._folder / key)


def key_of(agency_id: str, sha256: bytes) -> str:
    """Where a blob lies. Raises ValueError for a tenant id or hash that cannot be one."""
    if len(sha256) != _HASH_BYTES:
        raise ValueError("a SHA-256 has 32 bytes")
    text = sha256.hex()
    return f"{_tenant(agency_id)}/{text[:2]}/{text[2:]}"


def _tenant(agency_id: str) -> str:
    if not _TENANT.fullmatch(agency_id):
        raise ValueError("an agency id has letters, digits, '-' and '_' only")
    return agency_id


def _upload(agency_id: str, upload: str) -> str:
    if not _TENANT.fullmatch(upload):
        raise ValueError("an upload's id has letters, digits, '-' and '_' only")
    return f"{_tenant(agency_id)}/uploads/{upload}"


@contextlib.contextmanager
def _reachable(sha256: bytes = b"") -> Iterator[None]:
    """Errors of the store in our terms: a missing object, or a store that is away."""
    try:
        yield
    except _MISSING as error:
        raise NotFoundError("blob-missing", params={"sha256": sha256.hex()}) from error
    except (GenericError, JoinError) as error:
        raise TransientError("blob-store-away") from error


def _to_disk(path: Path) -> None:
    """Flushes a file and the folders that name it."""
    for target in (path, path.parent, path.parent.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
