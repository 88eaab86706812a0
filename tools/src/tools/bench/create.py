"""Creating documents over gRPC with 8 clients, beside a bare grpc.aio + asyncpg server that commits two rows per call."""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

import asyncpg
import grpc

from chassis.rpc import connect
from onnara.documents.v1.documents_service_pb2 import CreateDocumentRequest, CreateDocumentResponse
from onnara.documents.v1.documents_service_pb2_grpc import DocumentsServiceStub
from onnara.exchange.v1.official_document_pb2 import DisclosureLevel
from tools.demo.officials import Official, services_of
from tools.suite import Suite

CLIENTS = 8
SECONDS = 6.0
BODY = "<p>" + "본문 내용입니다. " * 400 + "</p>"
METHOD = "/bench.Bare/Create"

Call = Callable[[CreateDocumentRequest], Awaitable[object]]


def request() -> CreateDocumentRequest:
    """A draft of about 10 kB."""
    message = CreateDocumentRequest(request_id=str(uuid4()))
    message.content.title = "자료 제출 요청"
    message.content.body = BODY
    message.content.task.code = "ZB010101"
    message.content.disclosure.level = DisclosureLevel.DISCLOSURE_LEVEL_OPEN
    return message


async def rate(call: Call, seconds: float = SECONDS) -> float:
    """Calls per second of 8 clients, each waiting for its answer."""
    done = 0
    deadline = time.perf_counter() + seconds

    async def client() -> None:
        nonlocal done
        while time.perf_counter() < deadline:
            await call(request())
            done += 1

    await asyncio.gather(*(call(request()) for _ in range(CLIENTS)))
    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return done / (time.perf_counter() - started)


async def ours(suite: Suite) -> float:
    """Drafts created per second by the documents service."""
    async with services_of(suite) as services:
        drafter = await Official.sign_in(services, "mpb.kim")
        authority = await drafter.authority()
        stub = DocumentsServiceStub(services.documents)
        return await rate(lambda message: stub.CreateDocument(message, metadata=authority))


async def bare(postgres: str) -> float:
    """The same message against a server that does nothing but commit two rows."""
    admin = await asyncpg.connect(postgres)
    await admin.execute("DROP TABLE IF EXISTS bare_card, bare_text")
    await admin.execute(
        "CREATE TABLE bare_card (id uuid PRIMARY KEY, title text); CREATE TABLE bare_text (id uuid PRIMARY KEY, body text)"
    )
    context = multiprocessing.get_context("spawn")
    ready: multiprocessing.Queue[int] = context.Queue()
    server = context.Process(target=_serve, args=(postgres, ready))
    server.start()
    try:
        port = await asyncio.to_thread(ready.get)
        async with connect(f"127.0.0.1:{port}") as channel:
            create = channel.unary_unary(
                METHOD,
                request_serializer=CreateDocumentRequest.SerializeToString,
                response_deserializer=CreateDocumentResponse.FromString,
            )
            return await rate(create)
    finally:
        server.terminate()
        server.join()
        await admin.execute("DROP TABLE bare_card, bare_text")
        await admin.close()


def _serve(postgres: str, ready: "multiprocessing.Queue[int]") -> None:
    asyncio.run(_bare_server(postgres, ready))


async def _bare_server(postgres: str, ready: "multiprocessing.Queue[int]") -> None:
    pool = await asyncpg.create_pool(postgres, min_size=CLIENTS, max_size=CLIENTS)

    async def create(message: CreateDocumentRequest, _: object) -> CreateDocumentResponse:
        identity = uuid4()
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("INSERT INTO bare_card VALUES ($1, $2)", identity, message.content.title)
            await connection.execute("INSERT INTO bare_text VALUES ($1, $2)", identity, message.content.body)
        return CreateDocumentResponse(document_id=str(identity), version=1)

    server = grpc.aio.server()
    handler = grpc.unary_unary_rpc_method_handler(
        create,
        request_deserializer=CreateDocumentRequest.FromString,
        response_serializer=CreateDocumentResponse.SerializeToString,
    )
    service, _, name = METHOD.strip("/").partition("/")
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {name: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    ready.put(port)
    await server.wait_for_termination()
