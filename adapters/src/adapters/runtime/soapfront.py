"""The HTTP side of systems that call us with SOAP: they sign in, their message is stored, and the answer says so.

Operations of our own: ``collect`` (most: how many) hands out what waits for the caller, ``confirm`` (names) takes it away.
Every other operation is a message for the endpoint's adapter. Nothing is acknowledged that is not on the disk, and the same
message again is the same message: it is answered alike and stored once. ``GET …?wsdl`` describes the operations to anybody.
"""

import asyncio
import base64
import binascii
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog

from adapters.contract import DescribesCalls
from adapters.formats.findings import FormatError, rejected
from adapters.formats.soap.asked import Asked, asked
from adapters.formats.soap.model import Message, Typed, Value, many, text_of
from adapters.formats.soap.read import read
from adapters.formats.soap.shape import BODY, TYPE
from adapters.formats.soap.write import write
from adapters.runtime import mappings, soapanswers
from adapters.runtime.decoding import Decoder, Result
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.transports import folders, soap
from chassis import db

log = structlog.get_logger(__name__)

LARGEST: Final = 32 * 1024 * 1024
# A message of these is read here; larger ones only in a worker.
_OWN_LARGEST: Final = 64 * 1024
_MOST_COLLECTED: Final = 100
_MOST_NAME: Final = 60
_MOST_DIGITS: Final = 12
# Trying again later helps.
_NOT_NOW: Final = db.SERVER_ERRORS
_XML: Final = "text/xml; charset=utf-8"


class SoapFront:
    """The ASGI application for all endpoints that are served.

    mapping_of: the mapping an endpoint works by now; raises what a database raises that does not answer.
    """

    def __init__(
        self, endpoints: Endpoints, decoder: Decoder, mapping_of: Callable[[Endpoint], Awaitable[mappings.Mapping]]
    ) -> None:
        self._decoder = decoder
        self._mapping_of = mapping_of
        # The same message may come twice at a time.
        self._storing = asyncio.Lock()
        self._served = {
            each.transport.served.path: (each, each.transport)
            for each in endpoints.all
            if isinstance(each.transport, soap.Soap) and each.transport.served
        }

    @property
    def serves(self) -> bool:
        """True when there is anything to serve."""
        return bool(self._served)

    def make_passwords(self) -> None:
        """Makes up passwords for callers that have none yet, so that an endpoint nobody prepared lets nobody in."""
        for endpoint, transport in self._served.values():
            if transport.served is None:
                continue
            file = str(transport.served.caller.password_file)
            try:
                if transport.served.caller.make():
                    log.info("soap-password-made", endpoint=endpoint.name, file=file)
            except OSError as error:
                # The others go on; this one lets nobody in.
                log.warning("soap-password-not-made", endpoint=endpoint.name, file=file, error=type(error).__name__)

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Answers one request; one that broke off in the middle is not answered, and nothing of it is kept."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            described = await self._described(scope, headers)
            if described is not None:
                await _send(send, 200, described, _XML)
                return
            status, message = await self._answer(scope, headers, receive)
        except _NOT_NOW as error:
            log.warning("soap-not-now", path=scope["path"], error=type(error).__name__)
            status, message = soapanswers.not_now(asked(headers.get("content-type", "")))
        except _BrokenOffError:
            log.warning("soap-call-broken-off", path=scope["path"])
            return
        await _send(send, status, *write(message))

    async def _described(self, scope: Mapping[str, Any], headers: Mapping[str, str]) -> bytes | None:
        """The description of an endpoint's operations; None when nobody asked for it, or there is none."""
        found = self._served.get(scope["path"])
        if found is None or scope["method"] != "GET" or scope["query_string"].lower() not in {b"wsdl", b"singlewsdl"}:
            return None
        endpoint, transport = found
        adapter = (await self._mapping_of(endpoint)).made()
        if not isinstance(adapter, DescribesCalls) or transport.served is None:
            return None
        called = f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}{scope['path']}"
        return adapter.wsdl(transport.served.address or called)

    async def _answer(self, scope: Mapping[str, Any], headers: Mapping[str, str], receive: Any) -> tuple[int, Message]:
        content_type = headers.get("content-type", "text/xml")
        blind = asked(content_type)
        found = self._served.get(scope["path"])
        if found is None:
            return soapanswers.turned_away(404, blind, "soap-service-unknown", path=scope["path"][:100])
        endpoint, transport = found
        if scope["method"] != "POST":
            return soapanswers.turned_away(405, blind, "soap-post-needed", method=scope["method"][:10])
        if not await _signed_in(transport, headers.get("authorization", "")):
            log.warning("soap-sign-in-refused", endpoint=endpoint.name)
            return soapanswers.turned_away(401, blind, "soap-sign-in-refused")
        body = await _body(receive, headers.get("content-length", ""))
        if body is None:
            return soapanswers.turned_away(413, blind, "soap-body-too-large", limit=str(LARGEST // 1024**2))
        how = asked(content_type, body)
        own = await self._own(transport, how, body, content_type)
        if own is not None:
            return own
        try:
            return await self._store(endpoint, transport, how, body, content_type, headers.get("message-id", ""))
        except _NOT_NOW as error:
            log.warning("soap-not-stored", endpoint=endpoint.name, error=type(error).__name__)
            return soapanswers.not_now(how)

    async def _store(
        self, endpoint: Endpoint, transport: soap.Soap, how: Asked, body: bytes, content_type: str, name: str
    ) -> tuple[int, Message]:
        mapping = await self._mapping_of(endpoint)
        result = await self._decoder.decode(endpoint.adapter, soap.as_item(BODY, body, content_type), mapping.text)
        refused = sum(rejected(record.findings) for record in result.records)
        if result.unreadable or (result.records and refused == len(result.records)):
            findings = [*result.findings, *(each for record in result.records for each in record.findings)]
            log.warning("soap-call-refused", endpoint=endpoint.name, codes=sorted({each.code for each in findings}))
            return soapanswers.refusal(how, findings)
        wanted, meaning = _safe(name), _meaning(result, body)
        # Another message under a name that was used before is another message: nothing is replaced.
        name = f"{wanted[:_MOST_NAME]}-{meaning}" if wanted else meaning
        async with self._storing:
            await asyncio.to_thread(_kept, transport.folders, name, body, content_type)
        values: dict[str, Value] = {
            "name": name,
            "records": Typed(str(len(result.records)), "int"),
            "waiting": Typed(str(refused), "int"),
        }
        return soapanswers.answer(how, "stored", values)

    async def _own(
        self, transport: soap.Soap, how: Asked, body: bytes, content_type: str
    ) -> tuple[int, Message] | None:
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
            count = (
                min(int(most), _MOST_COLLECTED) if most.isdecimal() and len(most) < _MOST_DIGITS else _MOST_COLLECTED
            )
            found = await asyncio.to_thread(_waiting, folders.Inbox(outbox, lambda names: TYPE in names), count)
            return soapanswers.answer(how, "collected", {"item": found} if found else {})
        if message.operation == "confirm":
            wanted = [text_of(each) for each in many(message.values.get("name"))]
            done = await asyncio.to_thread(_confirmed, outbox, [_safe(each) for each in wanted])
            return soapanswers.answer(how, "confirmed", {"count": Typed(str(done), "int")})
        return None


class _BrokenOffError(Exception):
    """The caller went away before all of its message had come."""


async def _send(send: Any, status: int, body: bytes, content_type: str) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="onnara"'))
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _meaning(result: Result, body: bytes) -> str:
    """A digest of what a message says: toolkits that try again choose other boundaries and names for the same parts."""
    digest = hashlib.sha256()
    if not result.records or not all(record.payload for record in result.records):
        digest.update(body)
    for record in result.records:
        digest.update(record.type.encode() + record.natural_key.encode() + record.payload)
    return digest.hexdigest()[:32]


def _kept(where: folders.Folders, name: str, body: bytes, content_type: str) -> None:
    """Stores a message, unless it came before, taken since or not. Raises OSError."""
    if where.inbox is None or where.taken is None:
        raise FileNotFoundError("inbox")
    if not any((folder / name / BODY).is_file() for folder in (where.inbox, where.taken)):
        folders.put_all(where.inbox, [soap.as_item(name, body, content_type)])


def _waiting(outbox: folders.Inbox, most: int) -> list[Value]:
    found: list[Value] = []
    for name in outbox.complete_names():
        if len(found) == most:
            break
        parts = outbox.read(name).parts
        content = base64.b64encode(parts[BODY]).decode()
        found.append({"name": name, "contentType": parts[TYPE].decode(), "content": content})
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
    try:
        return await asyncio.to_thread(transport.served.caller.fits, user, password)
    except OSError as error:
        log.warning("soap-password-unreadable", path=transport.served.path, error=type(error).__name__)
        return False


async def _body(receive: Any, said: str) -> bytes | None:
    """The whole body; None when it is too large. Raises _BrokenOffError when its rest never comes."""
    if said.isdecimal() and (len(said) > _MOST_DIGITS or int(said) > LARGEST):
        return None
    pieces, size = [], 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise _BrokenOffError
        pieces.append(event.get("body", b""))
        size += len(pieces[-1])
        if size > LARGEST:
            return None
        if not event.get("more_body"):
            return b"".join(pieces)


def _safe(name: str) -> str:
    """A name that is a file's and nothing else; empty when it is none."""
    return name if name.isascii() and len(name) <= 100 and name.replace("-", "").replace("_", "").isalnum() else ""
