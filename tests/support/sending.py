"""The sending desk of a small agency: calls to DispatchService, seals with images, documents that need one."""

import struct
import zlib
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from chassis.actor import Actor
from chassis.rpc import bearer
from onnara.documents.v1 import dispatch_service_pb2 as pb
from onnara.documents.v1.dispatch_service_pb2_grpc import DispatchServiceStub
from onnara.documents.v1.events_pb2 import DispatchProgressed
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import person
from support.documents_files import brought

DRAFTER, HEAD, STRANGER = person("drafter"), person("chief"), person("neighbour")
CLERK = person("reviewer", roles=frozenset({"clerk"}))
KEEPER = person("neighbour", roles=frozenset({"seal-keeper"}))
SEAL, SIGNATURE = doc.SEAL_KIND_OFFICIAL_SEAL, doc.SEAL_KIND_SIGNATURE


def png(side: int = 3) -> bytes:
    """A small picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixels = zlib.compress(b"".join(b"\x00" + b"\xff\x00\x00" * side for _ in range(side)))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@dataclass
class SendingDesk:
    """DispatchService of the documents that run."""

    documents: Any

    async def call(self, method: str, actor: Actor = DRAFTER, **values: Any) -> Any:
        """Calls a method; a document is named by its row, and its version by what is there now."""
        message = getattr(pb, f"{method}Request")
        names = message.DESCRIPTOR.fields_by_name
        card = values.pop("card", None)
        if card is not None:
            values["document_id"] = str(card["id"])
            if "expected_version" in names and "expected_version" not in values:
                values["expected_version"] = (await self.row(card["id"]))["version"]
        if "request_id" in names:
            values.setdefault("request_id", uuid4().hex)
        stub = DispatchServiceStub(self.documents.connection)
        token = bearer(self.documents.token(actor))
        return await getattr(stub, method)(message(**values), metadata=token)

    async def row(self, document_id: Any) -> Any:
        return await self.documents.parts.worker.pool.fetchrow("SELECT * FROM document WHERE id = $1", document_id)

    async def state(self, card: Any) -> str:
        return (await self.row(card["id"]))["state"]

    async def waiting(self, key: str = "A1", kind: int = SEAL, **changes: Any) -> Any:
        """A registered document that waits for its mark."""
        [card] = await self.documents.registered(key, seal=doc.Seal(kind=kind), **changes)
        return card

    async def registered_seal(self, kind: int = SEAL, name: str = "시험시장의인", **changes: Any) -> pb.RegisteredSeal:
        data = changes.pop("data", png())
        image = await brought(self.documents, data, "seal.png", "neighbour")
        values = {"name": name, "kind": kind, "image": image, **changes}
        return (await self.call("RegisterSeal", KEEPER, seal=pb.RegisteredSeal(**values))).seal

    async def sealed(self, key: str = "A1", kind: int = SEAL, **changes: Any) -> Any:
        card = await self.waiting(key, kind, **changes)
        await self.call("AskSeal", card=card)
        await self.call("ReviewSeal", KEEPER, card=card)
        return card

    async def copies(self, card: Any) -> list[Any]:
        find = "SELECT * FROM delivery WHERE document_id = $1 ORDER BY position"
        return list(await self.documents.parts.worker.pool.fetch(find, card["id"]))

    async def acts(self) -> list[str]:
        """Acts on sending, as the journal has them."""
        return [event.act for event in await self.documents.events(DispatchProgressed)]
