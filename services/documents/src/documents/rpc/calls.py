"""What every method needs: who calls, in which transaction, how a command is carried out once.

Authority comes from the actor token; row-level security is the second wall.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import grpc
from google.protobuf.message import Message

from chassis.actor import Actor
from chassis.blobs import Blobs
from chassis.errors import ConflictError, ForbiddenError, InvalidError
from chassis.requests import answered, run_command
from chassis.rpc import current_call
from chassis.uow import Database, UnitOfWork
from documents import queries
from documents.ports.directory import Directory, View
from documents.ports.watch import CardWatch
from documents.queries import Reader
from documents.rendering.press import Press
from documents.translate.content import uuid_or_none
from onnara.exchange.v1.official_document_pb2 import Attachment

R = TypeVar("R", bound=Message)
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

PIECE = 256 * 1024
HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Desk:
    """What the methods work with. rpc: people's role, row-level security on. worker: for what must survive a refusal."""

    rpc: Database
    worker: Database
    directory: Directory
    blobs: Blobs
    watch: CardWatch
    press: Press
    # Largest file that may be uploaded, bytes.
    upload_limit: int = 1 << 30
    # Most that one person brings in a day, bytes.
    upload_share: int = 20 << 30


class Calls:
    """Base of the servicers' parts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rpc = desk.rpc
        self._worker = desk.worker
        self._directory = desk.directory
        self._blobs = desk.blobs
        self._watch = desk.watch

    def _reading(self, actor: Actor, *, snapshot: bool = False) -> Any:
        return self._rpc.transaction(agency_id=actor.agency_id, tokens=reader(actor).tokens, snapshot=snapshot)

    def _view(self) -> View:
        """The directory as it is now."""
        return self._directory.view(self._rpc.clock.now())

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
            tokens=reader(actor).tokens,
            client=actor.official_id,
            method=method,
            request_id=request_id,
        )

    async def _check_attached(self, files: Sequence[Attachment], actor: Actor) -> None:
        """A draft names files that are there, as they are, and that the caller has: what is decided on can be sent.

        Raises InvalidError attachment-hash-missing, attachment-size-differs, or blob-missing: for files that the caller
        neither brought nor finds in a document he reads, it answers as for those that are not there.
        """
        for number, file in enumerate(files):
            if len(file.sha256) != HASH_BYTES:
                raise InvalidError("attachment-hash-missing", field=f"content.attachments[{number}].sha256")
        held = await self._held([file.sha256 for file in files], actor)
        for number, file in enumerate(files):
            place = f"content.attachments[{number}]"
            size = await self._blobs.size(actor.agency_id, file.sha256) if file.sha256 in held else None
            if size is None:
                raise InvalidError("blob-missing", params={"sha256": file.sha256.hex()}, field=f"{place}.sha256")
            if size != file.size:
                params = {"name": file.name, "size": size}
                raise InvalidError("attachment-size-differs", params=params, field=f"{place}.size")

    async def _held(self, hashes: Sequence[bytes], actor: Actor) -> frozenset[bytes]:
        """Those of the files that the caller may attach."""
        if not hashes:
            return frozenset()
        async with self._reading(actor) as unit:
            return await queries.held(unit, actor.official_id, actor.agency_id, hashes)


def official() -> Actor:
    """The caller, who must be a person of an agency: systems have neither drafts nor boxes."""
    actor = current_call().actor
    if not actor.official_id or actor.is_system:
        raise ForbiddenError("person-missing")
    if not actor.agency_id:
        raise ForbiddenError("agency-missing")
    return actor


def reader(actor: Actor) -> Reader:
    """Whom the audience table knows the caller as."""
    return Reader(actor.official_id, actor.agency_id, actor.department_code, actor.roles)


def identity(text: str) -> UUID:
    """The id of a document; raises InvalidError id-invalid."""
    found = uuid_or_none(text)
    if found is None:
        raise InvalidError("id-invalid", params={"value": text}, field="document_id")
    return found
