"""The gRPC side of documents. Authority comes from the actor token; row-level security is the second wall."""

import base64
import time
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import grpc
import msgspec
from google.protobuf.message import Message

from chassis import journal
from chassis.actor import Actor
from chassis.blobs import Blobs
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, TransientError
from chassis.requests import answered, run_command
from chassis.rpc import current_call
from chassis.uow import Database, UnitOfWork
from documents import queries
from documents.handlers.drafting import create_draft, submit_draft
from documents.handlers.reading import note_reading
from documents.ports.directory import Directory
from documents.ports.watch import CardWatch
from documents.queries import Reader
from documents.translate import views
from documents.translate.content import uuid_or_none
from onnara.common.v1.journal_pb2 import JournalEntry, JournalPosition
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.documents.v1.documents_service_pb2_grpc import DocumentsServiceServicer
from onnara.exchange.v1.official_document_pb2 import Attachment, OfficialDocument

R = TypeVar("R", bound=Message)
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

PAGE, MOST = 50, 100
PIECE = 256 * 1024
LARGEST_UPLOAD = 512 * 1024 * 1024
HASH_BYTES = 32
POLL_SECONDS = 0.2
# Room for the answer to travel before the caller's own deadline ends the call.
SPARE_SECONDS = 0.1
# The history holds what everybody in the agency did.
JOURNAL_ROLES = frozenset({"records", "operator"})
MOST_ENTRIES, USUAL_ENTRIES = 1_000, 500
_END, _LAST = datetime(9999, 12, 31, tzinfo=UTC), UUID(int=2**128 - 1)


class DocumentsServicer(DocumentsServiceServicer):
    """rpc: people's role, row-level security on. worker: for the reading log, which must survive a refusal."""

    def __init__(self, rpc: Database, worker: Database, directory: Directory, blobs: Blobs, watch: CardWatch) -> None:
        self._rpc = rpc
        self._worker = worker
        self._directory = directory
        self._blobs = blobs
        self._watch = watch

    async def CreateDocument(self, request: pb.CreateDocumentRequest, context: Context) -> pb.CreateDocumentResponse:
        """Saves a private draft."""
        call = current_call()
        _official()
        await self._check_stored(request.content.attachments, call.actor.agency_id)

        async def handle(unit: UnitOfWork) -> pb.CreateDocumentResponse:
            view = self._directory.view(unit.now)
            row = await create_draft(unit, request.content, call.actor, view, call.correlation_id)
            return pb.CreateDocumentResponse(document_id=str(row["id"]), version=row["version"])

        return await self._command(handle, pb.CreateDocumentResponse, "CreateDocument", request.request_id)

    async def SubmitDocument(self, request: pb.SubmitDocumentRequest, context: Context) -> pb.SubmitDocumentResponse:
        """Sends a draft into its line."""
        call, document_id = current_call(), _identity(request.document_id)
        _official()

        async def handle(unit: UnitOfWork) -> pb.SubmitDocumentResponse:
            view = self._directory.view(unit.now)
            row = await submit_draft(
                unit, document_id, request.expected_version, request.steps, call.actor, view, call.correlation_id
            )
            return pb.SubmitDocumentResponse(
                document_id=str(row["id"]),
                version=row["version"],
                line_id=str(row["line_id"]),
                manifest_hash=row["manifest_hash"],
            )

        return await self._command(handle, pb.SubmitDocumentResponse, "SubmitDocument", request.request_id)

    async def GetDocument(self, request: pb.GetDocumentRequest, context: Context) -> pb.GetDocumentResponse:
        """The card. Opening it is recorded, and so is a refused attempt; unless it is opened its text stays closed."""
        actor, document_id = current_call().actor, _identity(request.document_id)
        if request.at_least_line_version:
            await self._follow(actor, document_id, request.at_least_line_version)
        async with self._reading(actor) as unit:
            card = await queries.card(unit, document_id)
        if request.open:
            await note_reading(self._worker, document_id, actor, card.row["agency_id"] if card else "")
        if card is None:
            raise NotFoundError("document-unknown", params={"document": request.document_id}, field="document_id")
        shown = views.document(card.row, card.versions, card.deliveries, card.events)
        return pb.GetDocumentResponse(document=shown if request.open else views.closed(shown))

    async def ListDocuments(self, request: pb.ListDocumentsRequest, context: Context) -> pb.ListDocumentsResponse:
        """A page of a box, newest first."""
        actor, size = _official(), min(request.page_size, MOST) if request.page_size > 0 else PAGE
        box = views.BOXES.get(request.box)
        if box is None:
            raise InvalidError("box-unknown", params={"box": request.box}, field="box")
        async with self._reading(actor) as unit:
            rows = await queries.page(unit, _reader(actor), box, _read_token(request.page_token), size + 1)
        return pb.ListDocumentsResponse(
            documents=[views.summary(row) for row in rows[:size]], next_page_token=_next_token(rows, size)
        )

    async def CountBoxes(self, request: pb.CountBoxesRequest, context: Context) -> pb.CountBoxesResponse:
        """Numbers of the home page."""
        actor = _official()
        async with self._reading(actor) as unit:
            found, trouble = await queries.counts(unit, _reader(actor))
        return pb.CountBoxesResponse(**dict(found), delivery_trouble=trouble)

    async def GetHistory(self, request: pb.GetHistoryRequest, context: Context) -> pb.GetHistoryResponse:
        """Everything that happened to a document."""
        actor, document_id = current_call().actor, _identity(request.document_id)
        async with self._reading(actor) as unit:
            if await queries.line_version(unit, document_id) is None:
                raise NotFoundError("document-unknown", params={"document": request.document_id}, field="document_id")
            rows = await queries.history(unit, document_id)
        return pb.GetHistoryResponse(entries=[views.history_entry(row) for row in rows])

    async def DownloadAttachment(
        self, request: pb.DownloadAttachmentRequest, context: Context
    ) -> AsyncIterator[pb.DownloadAttachmentResponse]:
        """Bytes of an attachment of a document the caller may see; recorded as a reading, like the body."""
        actor, document_id = current_call().actor, _identity(request.document_id)
        async with self._reading(actor) as unit:
            found = await queries.attached(unit, document_id)
        await note_reading(self._worker, document_id, actor, found["agency_id"] if found else "")
        files = OfficialDocument.FromString(found["content"]).attachments if found else ()
        if found is None or all(file.sha256 != request.sha256 for file in files):
            raise NotFoundError("attachment-unknown", field="sha256")
        async for piece in self._blobs.stream(found["agency_id"], request.sha256, piece=PIECE):
            yield pb.DownloadAttachmentResponse(chunk=piece)

    async def UploadAttachment(
        self, request_iterator: AsyncIterator[pb.UploadAttachmentRequest], context: Context
    ) -> pb.UploadAttachmentResponse:
        """Stores an attachment of the caller's agency by content."""
        actor = _official()
        first = await anext(aiter(request_iterator), None)
        name = _file_name(first.name) if first is not None else ""
        if first is None or not name:
            raise InvalidError("attachment-name-missing", field="name")

        async def pieces() -> AsyncIterator[bytes]:
            yield first.chunk
            async for message in request_iterator:
                yield message.chunk

        blob = await self._blobs.put_stream(actor.agency_id, pieces(), limit=LARGEST_UPLOAD)
        file = Attachment(sha256=blob.sha256, size=blob.size, media_type=first.media_type, name=name)
        return pb.UploadAttachmentResponse(attachment=file)

    async def ReadJournal(self, request: pb.ReadJournalRequest, context: Context) -> pb.ReadJournalResponse:
        """The decision history after a position, for systems and operators."""
        actor = current_call().actor
        if not actor.is_system and not actor.roles & JOURNAL_ROLES:
            raise ForbiddenError("role-missing", params={"roles": ", ".join(sorted(JOURNAL_ROLES))})
        if not actor.agency_id:
            raise ForbiddenError("agency-missing")
        limit = min(request.page_size, MOST_ENTRIES) if request.page_size > 0 else USUAL_ENTRIES
        after = journal.Position(request.after.transaction, request.after.seq)
        async with self._reading(actor) as unit:
            rows = await journal.read_after(unit.connection, after, limit)
        return pb.ReadJournalResponse(entries=[_entry(row) for row in rows])

    def _reading(self, actor: Actor) -> Any:
        return self._rpc.transaction(agency_id=actor.agency_id, tokens=_reader(actor).tokens)

    async def _command(
        self, handle: Callable[[UnitOfWork], Awaitable[R]], response: type[R], method: str, request_id: str
    ) -> R:
        actor = current_call().actor

        async def once(unit: UnitOfWork) -> R:
            try:
                return await handle(unit)
            except ConflictError:
                # Behind the same request, which was first while this one waited for the row: its answer is ours.
                known = await answered(unit, actor.official_id, method, [request_id]) if request_id else {}
                if request_id not in known:
                    raise
                return response.FromString(known[request_id])

        return await run_command(
            self._rpc,
            once,
            response,
            agency_id=actor.agency_id,
            tokens=_reader(actor).tokens,
            client=actor.official_id,
            method=method,
            request_id=request_id,
        )

    async def _follow(self, actor: Actor, document_id: UUID, wanted: int) -> None:
        """Waits until the card has followed its line, so that a caller reads what it has just decided."""
        seconds = (current_call().deadline - self._rpc.clock.now()).total_seconds() - SPARE_SECONDS
        until = time.monotonic() + seconds
        while True:
            async with self._reading(actor) as unit:
                version = await queries.line_version(unit, document_id)
            if version is None or version >= wanted:
                return
            left = until - time.monotonic()
            if left <= 0:
                raise TransientError("card-behind-line", params={"seen": version, "wanted": wanted})
            await self._watch.wait(min(POLL_SECONDS, left))

    async def _check_stored(self, files: Sequence[Attachment], agency_id: str) -> None:
        """A draft names files that are there: what is decided on must be what can be sent."""
        for number, file in enumerate(files):
            place = f"content.attachments[{number}].sha256"
            if len(file.sha256) != HASH_BYTES:
                raise InvalidError("attachment-hash-missing", field=place)
            if not await self._blobs.exists(agency_id, file.sha256):
                raise InvalidError("blob-missing", params={"sha256": file.sha256.hex()}, field=place)


def _official() -> Actor:
    """The caller, who must be a person of an agency: systems have neither drafts nor boxes."""
    actor = current_call().actor
    if not actor.official_id or actor.is_system:
        raise ForbiddenError("person-missing")
    if not actor.agency_id:
        raise ForbiddenError("agency-missing")
    return actor


def _file_name(text: str) -> str:
    """A file name without folders, in NFC: other systems compare names byte by byte."""
    name = unicodedata.normalize("NFC", text).replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in name if each.isprintable()).strip()


def _reader(actor: Actor) -> Reader:
    return Reader(actor.official_id, actor.agency_id, actor.department_code, actor.roles)


def _identity(text: str) -> UUID:
    found = uuid_or_none(text)
    if found is None:
        raise InvalidError("id-invalid", params={"value": text}, field="document_id")
    return found


def _read_token(token: str) -> tuple[datetime, UUID]:
    if not token:
        return _END, _LAST
    try:
        moment, identity = msgspec.json.decode(base64.urlsafe_b64decode(token), type=tuple[datetime, UUID])
    except (ValueError, msgspec.DecodeError) as error:
        raise InvalidError("page-token-invalid", field="page_token") from error
    if moment.tzinfo is None:
        raise InvalidError("page-token-invalid", field="page_token")
    return moment, identity


def _next_token(rows: Sequence[Any], size: int) -> str:
    if len(rows) <= size:
        return ""
    last = rows[size - 1]
    return base64.urlsafe_b64encode(msgspec.json.encode((last["registered_at"], last["id"]))).decode()


def _entry(row: Any) -> JournalEntry:
    entry = JournalEntry(
        position=JournalPosition(transaction=row["xid"], seq=row["seq"]),
        id=str(row["id"]),
        type=row["type"],
        aggregate_id=str(row["aggregate_id"]),
        aggregate_version=row["aggregate_version"],
        actor=views.actor(row["actor"]),
        payload=row["payload"] or b"",
    )
    entry.occurred_at.FromDatetime(row["occurred_at"])
    return entry
