"""The HTTP side of systems that call us with SOAP: they sign in, their message is stored, and the answer says so.

Operations of our own: ``collect`` (most: how many) hands out what waits for the caller, ``confirm`` (names) takes it away.
Every other operation is a message for the endpoint's adapter. Nothing is acknowledged that is not on the disk.
"""

import asyncio
import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

import structlog

from adapters.formats.findings import FormatError, rejected
from adapters.formats.messages import render
from adapters.formats.soap.model import Fault, Message, Value, many, text_of
from adapters.formats.soap.read import read
from adapters.formats.soap.write import write
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.transports import folders, soap
from chassis.ids import uuid7

log = structlog.get_logger(__name__)

LARGEST: Final = 32 * 1024 * 1024
# A message of these is read here; larger ones only in a worker.
_OWN_LARGEST: Final = 64 * 1024
_MOST_COLLECTED: Final = 100
NAMESPACE: Final = "urn:onnara:exchange"


class SoapFront:
    """The ASGI application for all endpoints that are served."""

    def __init__(self, endpoints: Endpoints, decoder: Decoder) -> None:
        self._decoder = decoder
        self._served = {
            each.transport.served.path: (each, each.transport)
            for each in endpoints.all
            if isinstance(each.transport, soap.Soap) and each.transport.served
        }

    @property
    def serves(self) -> bool:
        """True when there is anything to serve."""
        return bool(self._served)

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        status, message = await self._answer(scope, receive)
        body, content_type = write(message)
        headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
        if status == 401:
            headers.append((b"www-authenticate", b'Basic realm="onnara"'))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Mapping[str, Any], receive: Any) -> tuple[int, Message]:
        found = self._served.get(scope["path"])
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if found is None:
            return 404, _fault("Client", "no such service")
        endpoint, transport = found
        if scope["method"] != "POST":
            return 405, _fault("Client", "POST is needed")
        if not await _signed_in(transport, headers.get("authorization", "")):
            log.warning("soap-sign-in-refused", endpoint=endpoint.name)
            return 401, _fault("Client", "signing in was refused")
        body = await _body(receive)
        if body is None:
            return 413, _fault("Client", f"at most {LARGEST} bytes are taken")
        content_type = headers.get("content-type", "text/xml")
        own = await self._own(transport, body, content_type)
        if own is not None:
            return 200, own
        return await self._store(endpoint, transport, body, content_type, headers.get("message-id", ""))

    async def _store(
        self, endpoint: Endpoint, transport: soap.Soap, body: bytes, content_type: str, name: str
    ) -> tuple[int, Message]:
        item = soap.as_item(_safe(name) or str(uuid7()), body, content_type)
        result = await self._decoder.decode(endpoint.adapter, item)
        if result.unreadable:
            reason = " ".join(render(finding, "ko") for finding in result.findings if finding.severity == "reject")
            return 500, _fault("Client", reason or "unreadable")
        inbox = transport.folders.inbox
        if inbox is None:
            raise ValueError(f"endpoint {endpoint.name} has no inbox")
        await asyncio.to_thread(folders.put_all, inbox, [item])
        refused = sum(rejected(record.findings) for record in result.records)
        values: dict[str, Value] = {
            "name": item.name,
            "records": str(len(result.records)),
            "waiting": str(refused),
        }
        return 200, Message("stored", NAMESPACE, values)

    async def _own(self, transport: soap.Soap, body: bytes, content_type: str) -> Message | None:
        """The answer to an operation of ours; None for a message that is the adapter's."""
        outbox = transport.folders.outbox
        if outbox is None or transport.called or len(body) > _OWN_LARGEST:
            return None
        try:
            message = read(body, content_type)
        except FormatError:
            return None
        if message.operation == "collect":
            most = text_of(message.values.get("most"))
            count = min(int(most), _MOST_COLLECTED) if most.isdecimal() else _MOST_COLLECTED
            found = await asyncio.to_thread(_waiting, folders.Inbox(outbox, lambda names: soap.TYPE in names), count)
            return Message("collected", NAMESPACE, {"item": found} if found else {})
        if message.operation == "confirm":
            wanted = [text_of(each) for each in many(message.values.get("name"))]
            done = await asyncio.to_thread(_confirmed, outbox, [_safe(each) for each in wanted])
            return Message("confirmed", NAMESPACE, {"count": str(done)})
        return None


def _waiting(outbox: folders.Inbox, most: int) -> list[Value]:
    found: list[Value] = []
    for name in outbox.complete_names():
        if len(found) == most:
            break
        parts = outbox.read(name).parts
        content = base64.b64encode(parts[soap.BODY]).decode()
        found.append({"name": name, "contentType": parts[soap.TYPE].decode(), "content": content})
    return found


def _confirmed(outbox: Any, names: list[str]) -> int:
    done = 0
    for name in names:
        source = outbox / name
        if name and source.is_dir():
            folders.move(source, outbox.parent / f"{outbox.name}-confirmed")
            done += 1
    return done


async def _signed_in(transport: soap.Soap, header: str) -> bool:
    kind, _, token = header.partition(" ")
    if kind.lower() != "basic" or transport.served is None:
        return False
    try:
        user, _, password = base64.b64decode(token, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return await asyncio.to_thread(transport.served.caller.fits, user, password)


async def _body(receive: Any) -> bytes | None:
    pieces, size = [], 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return b""
        pieces.append(event.get("body", b""))
        size += len(pieces[-1])
        if size > LARGEST:
            return None
        if not event.get("more_body"):
            return b"".join(pieces)


def _safe(name: str) -> str:
    """A name that is a file's and nothing else; empty when it is none."""
    return name if name.isascii() and len(name) <= 100 and name.replace("-", "").replace("_", "").isalnum() else ""


def _fault(code: str, reason: str) -> Message:
    return Message("", "", {}, fault=Fault(code, reason))
