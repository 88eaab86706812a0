"""Attachments: bytes in and out, in pieces."""

from collections.abc import AsyncIterator

from chassis.errors import InvalidError, NotFoundError
from chassis.rpc import current_call
from documents import queries
from documents.domain.uploading import file_name
from documents.handlers.reading import ATTACHMENT, note_reading
from documents.rpc.bringing import Incoming, keep_brought, take_share
from documents.rpc.calls import PIECE, Calls, Context, identity, official
from documents.translate.readers import right_of
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1.official_document_pb2 import Attachment, OfficialDocument

LARGEST_UPLOAD = 32 * 1024 * 1024
"""Bytes of a file that comes in one go; larger ones come in pieces that survive a broken line."""


class Attaching(Calls):
    """Files of documents the caller may see, and of the caller's own."""

    async def DownloadAttachment(
        self, request: pb.DownloadAttachmentRequest, context: Context
    ) -> AsyncIterator[pb.DownloadAttachmentResponse]:
        """Bytes of an attachment of a document the caller may see; recorded as a reading, like the body."""
        actor, document_id = current_call().actor, identity(request.document_id)
        async with self._reading(actor) as unit:
            found = await queries.attached(unit, document_id)
        agency_id, right = (found["agency_id"], right_of(found["bases"])) if found else ("", "")
        await note_reading(self._worker, document_id, actor, agency_id, self._view(), right=right, what=ATTACHMENT)
        files = OfficialDocument.FromString(found["content"]).attachments if found else ()
        if found is None or all(file.sha256 != request.sha256 for file in files):
            raise NotFoundError("attachment-unknown", field="sha256")
        async for piece in self._blobs.stream(found["agency_id"], request.sha256, piece=PIECE):
            yield pb.DownloadAttachmentResponse(chunk=piece)

    async def UploadAttachment(
        self, request_iterator: AsyncIterator[pb.UploadAttachmentRequest], context: Context
    ) -> pb.UploadAttachmentResponse:
        """Stores a small attachment by content; the caller may name it from then on."""
        actor = official()
        first = await anext(aiter(request_iterator), None)
        name = file_name(first.name) if first is not None else ""
        if first is None or not name:
            raise InvalidError("attachment-name-missing", field="name")

        async def pieces() -> AsyncIterator[bytes]:
            yield first.chunk
            async for message in request_iterator:
                yield message.chunk

        async with self._reading(actor) as unit:
            await take_share(unit, actor.official_id, actor.agency_id, 1, self._desk.upload_share)
        incoming = Incoming(name)
        blob = await self._blobs.put_stream(actor.agency_id, incoming.checked(pieces()), limit=LARGEST_UPLOAD)
        async with self._reading(actor) as unit:
            await keep_brought(unit, actor.official_id, actor.agency_id, blob)
        file = Attachment(sha256=blob.sha256, size=blob.size, media_type=incoming.media_type(), name=name)
        return pb.UploadAttachmentResponse(attachment=file)
