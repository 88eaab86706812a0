"""Large attachments: pieces that survive a broken line and a restart, then one blob by content.

Bytes -> pieces in the blob store, how far they go in ``upload`` -> all of them hashed on their way into one blob.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from chassis.blobs import Blobs
from chassis.errors import ConflictError, InvalidError, NotFoundError, TransientError
from chassis.ids import uuid7
from chassis.uow import Database
from documents import repository
from documents.domain import uploading
from documents.rpc.bringing import Incoming, keep_brought, take_share
from documents.rpc.calls import Calls, Context, official
from documents.translate.content import uuid_or_none
from onnara.documents.v1 import upload_service_pb2 as pb
from onnara.documents.v1.upload_service_pb2_grpc import UploadServiceServicer
from onnara.exchange.v1.official_document_pb2 import Attachment

_AT_ONCE = 200
_DROP_EVERY = timedelta(minutes=15)
LONGEST_MARK = 200
_LOG = structlog.get_logger(__name__)


class UploadServicer(Calls, UploadServiceServicer):
    """Uploads of the caller."""

    async def BeginUpload(self, request: pb.BeginUploadRequest, context: Context) -> pb.BeginUploadResponse:
        """Opens an upload, or answers how far the same one has come."""
        actor, name = official(), uploading.file_name(request.name)
        uploading.check_begin(name, request.size, request.sha256, self._desk.upload_limit)
        marks = request.sha256, _plain(request.fingerprint)
        async with self._reading(actor) as unit:
            rows = await repository.live(unit, actor.official_id, actor.agency_id)
            for row in rows:
                # Two files may have one name and size: without a mark of its own none is taken for the other.
                same = any(marks) and (row["name"], row["size"]) == (name, request.size)
                same = same and (row["sha256"], row["fingerprint"]) == marks
                if same and (row["finished"] is None or request.sha256):
                    return _begun(row["id"], row["arrived"], row["expires_at"])
            if sum(row["finished"] is None for row in rows) >= uploading.MOST_AT_A_TIME:
                raise ConflictError("uploads-too-many", params={"limit": uploading.MOST_AT_A_TIME})
            await take_share(unit, actor.official_id, actor.agency_id, request.size, self._desk.upload_share)
            upload_id, expires_at = uuid7(), unit.now + uploading.KEPT_FOR
            raw = request.name if request.name != name else ""
            names, owner = (name, raw, request.media_type), (actor.agency_id, actor.official_id)
            await repository.add(unit, upload_id, owner, names, request.size, marks, expires_at)
        return _begun(upload_id, 0, expires_at)

    async def AppendUpload(
        self, request_iterator: AsyncIterator[pb.AppendUploadRequest], context: Context
    ) -> pb.AppendUploadResponse:
        """Adds bytes; what had arrived before the line broke stays."""
        official()
        first = await anext(aiter(request_iterator), None)
        upload_id = _identity(first.upload_id if first is not None else "")
        row = await self._row(upload_id)
        offset, waiting = (first.offset, bytearray(first.chunk)) if first is not None else (0, bytearray())
        uploading.fresh(bytes(waiting), offset, row["arrived"], row["size"])
        async for message in request_iterator:
            waiting += message.chunk
            while len(waiting) >= uploading.PIECE:
                await self._keep(upload_id, offset, bytes(waiting[: uploading.PIECE]))
                offset += uploading.PIECE
                del waiting[: uploading.PIECE]
        arrived = await self._keep(upload_id, offset, bytes(waiting))
        return pb.AppendUploadResponse(offset=arrived)

    async def FinishUpload(self, request: pb.FinishUploadRequest, context: Context) -> pb.FinishUploadResponse:
        """Makes one blob of the pieces; asked again, it answers the same."""
        official()
        upload_id = _identity(request.upload_id)
        row = await self._row(upload_id)
        if row["finished"] is None and row["arrived"] != row["size"]:
            raise ConflictError("upload-incomplete", params={"offset": row["arrived"], "size": row["size"]})
        if row["finished"] is None:
            try:
                return pb.FinishUploadResponse(attachment=await self._whole(upload_id, row))
            except NotFoundError:
                # Somebody beside us has made it whole and thrown the pieces away.
                row = await self._row(upload_id)
                if row["finished"] is None:
                    raise
        return pb.FinishUploadResponse(attachment=Attachment.FromString(row["finished"]))

    async def CancelUpload(self, request: pb.CancelUploadRequest, context: Context) -> pb.CancelUploadResponse:
        """Throws it away; what was finished stays where it is used."""
        official()
        upload_id = _identity(request.upload_id)
        row = await self._row(upload_id)
        await self._drop(upload_id, row["agency_id"])
        return pb.CancelUploadResponse()

    async def _row(self, upload_id: UUID) -> Any:
        async with self._reading(official()) as unit:
            row = await repository.find(unit, upload_id)
        if row is None:
            raise NotFoundError("upload-unknown", params={"upload": upload_id}, field="upload_id")
        return row

    async def _keep(self, upload_id: UUID, offset: int, data: bytes) -> int:
        """Keeps what is new of the bytes; answers how far the upload is. Two lines at once do no harm to each other."""
        while True:
            row = await self._row(upload_id)
            arrived: int = row["arrived"]
            new = uploading.fresh(data, offset, arrived, row["size"])
            if not new:
                return arrived
            uploading.check_pieces(len(row["pieces"]))
            piece = f"{arrived:012}-{uuid7().hex}"
            await self._blobs.put_piece(row["agency_id"], str(upload_id), piece, new)
            async with self._reading(official()) as unit:
                expires_at = unit.now + uploading.KEPT_FOR
                if await repository.advance(unit, upload_id, arrived, arrived + len(new), piece, expires_at):
                    return arrived + len(new)

    async def _whole(self, upload_id: UUID, row: Any) -> Attachment:
        agency_id, incoming = row["agency_id"], Incoming(row["name"])
        pieces = incoming.checked(self._blobs.pieces(agency_id, str(upload_id), row["pieces"]))
        try:
            blob = await self._blobs.put_stream(agency_id, pieces, limit=row["size"], expected=row["sha256"])
        except InvalidError as error:
            await self._drop(upload_id, agency_id)
            if error.code == "blob-hash-differs":
                raise InvalidError("upload-hash-differs", params=error.problems[0].params) from error
            raise
        file = Attachment(
            sha256=blob.sha256,
            size=blob.size,
            media_type=incoming.media_type(),
            name=row["name"],
            raw_name=row["raw_name"],
        )
        async with self._reading(official()) as unit:
            await repository.finish(unit, upload_id, file.SerializeToString())
            await keep_brought(unit, row["official_id"], agency_id, blob)
        await self._blobs.drop_pieces(agency_id, str(upload_id))
        return file

    async def _drop(self, upload_id: UUID, agency_id: str) -> None:
        async with self._reading(official()) as unit:
            await repository.delete(unit, upload_id)
        await self._blobs.drop_pieces(agency_id, str(upload_id))


async def drop_expired(database: Database, blobs: Blobs) -> int:
    """Throws away what nobody finished within a day; answers how many. database: under the worker role."""
    rows = await repository.expired(database, _AT_ONCE)
    for row in rows:
        await blobs.drop_pieces(row["agency_id"], str(row["id"]))
    if rows:
        await repository.forget(database, [row["id"] for row in rows])
    return len(rows)


async def keep_dropping_expired(database: Database, blobs: Blobs) -> None:
    """Looks for expired uploads now and then, for good. Of many replicas each may do it: dropping twice is dropping once."""
    while True:
        try:
            while await drop_expired(database, blobs) == _AT_ONCE:
                pass
        except (TransientError, OSError) as error:
            _LOG.warning("uploads-not-dropped", error=str(error))
        await asyncio.sleep(_DROP_EVERY.total_seconds())


def _begun(upload_id: UUID, offset: int, expires_at: Any) -> pb.BeginUploadResponse:
    response = pb.BeginUploadResponse(upload_id=str(upload_id), offset=offset, piece=uploading.PIECE)
    response.expires_at.FromDatetime(expires_at)
    return response


def _plain(text: str) -> str:
    return text.replace("\x00", "")[:LONGEST_MARK]


def _identity(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise NotFoundError("upload-unknown", params={"upload": text}, field="upload_id")
    return found
