"""Files on their way in, whichever way they come: programs are refused before they are stored, and who brought what is kept.

Bytes -> the head is looked at -> blob store -> ``brought_file``, by which a day's share is counted and files are attached.
"""

import mimetypes
from collections.abc import AsyncIterator

from chassis.blobs import Blob
from chassis.errors import ConflictError, InvalidError
from chassis.uow import UnitOfWork
from documents import repository
from documents.domain import uploading
from documents.domain.filetype import HEAD, UNKNOWN, Kind, kind_of


class Incoming:
    """One file while it comes in. name: as it will be kept."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._head = bytearray()

    async def checked(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The pieces, none before its kind is known. Raises InvalidError upload-type-forbidden for a program."""
        waiting: list[bytes] = []
        known = False
        async for piece in pieces:
            waiting.append(piece)
            if not known:
                self._head += piece[: HEAD - len(self._head)]
                known = len(self._head) == HEAD
                if not known:
                    continue
                self._check()
            for each in waiting:
                yield each
            waiting = []
        if not known:
            self._check()
        for each in waiting:
            yield each

    def media_type(self) -> str:
        """The content's own type; where it says nothing, the name's, but never what was merely announced."""
        kind = self._kind()
        if kind.media_type != UNKNOWN:
            return kind.media_type
        return mimetypes.guess_type(self._name)[0] or UNKNOWN

    def _kind(self) -> Kind:
        return kind_of(bytes(self._head), self._name)

    def _check(self) -> None:
        program = self._kind().program
        if program:
            raise InvalidError("upload-type-forbidden", params={"type": program}, field="name")


async def take_share(unit: UnitOfWork, official_id: str, agency_id: str, size: int, limit: int) -> None:
    """Holds the caller's share of a day until the commit. size: bytes that are to come. limit: of a day, bytes.

    Raises ConflictError uploads-too-much. Two uploads that begin at once come one after the other.
    """
    if await repository.taken(unit, official_id, agency_id, unit.now - uploading.KEPT_FOR) + size > limit:
        raise ConflictError("uploads-too-much", params={"limit": limit})


async def keep_brought(unit: UnitOfWork, official_id: str, agency_id: str, blob: Blob) -> None:
    """Notes that the caller has brought a file: he may attach it."""
    await repository.bring(unit, official_id, agency_id, blob.sha256, blob.size)
