"""Calls between services over real sockets: who may, until when, and how refusals come back."""

import asyncio
import datetime as dt
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import grpc
import pytest
import pytest_asyncio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from chassis import log
from chassis.actor import ANONYMOUS, Actor, TokenSigner, TokenVerifier, system_actor
from chassis.clock import FrozenClock
from chassis.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    OnnaraError,
    Problem,
    TransientError,
)
from chassis.rpc import Call, Connection, Server, bearer, connect, current_call, translated_errors
from chassis.rpc.client import service_config
from chassis.rpc.status import MOST_DETAIL_BYTES, packed, status_of
from onnara.directory.v1 import directory_service_pb2 as directory
from onnara.directory.v1 import directory_service_pb2_grpc as directory_grpc
from onnara.documents.v1 import documents_service_pb2 as documents
from onnara.documents.v1 import documents_service_pb2_grpc as documents_grpc

NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
SIGNER = TokenSigner("k1", b"1" * 32)
KIM = Actor("o-1", "ap-1", "p-1", "a-1", "1741000", "김한결", "사무관")
SIGN_IN = "/onnara.directory.v1.DirectoryService/SignIn"

Seen = list[Call]


# The generated stubs declare every method abstract; at run time the rest answers UNIMPLEMENTED, which is tested too.
DirectoryServicer: Any = directory_grpc.DirectoryServiceServicer
DocumentsServicer: Any = documents_grpc.DocumentsServiceServicer


class Directory(DirectoryServicer):  # type: ignore[misc]
    """Does what the code of the unit asked for says."""

    def __init__(self) -> None:
        self.seen: Seen = []
        self.errors: dict[str, BaseException] = {}
        self.attempts = 0
        self.cancelled = asyncio.Event()
        self.proceed = asyncio.Event()

    async def GetUnit(self, request: Any, context: Any) -> Any:  # noqa: N802 - the contract's name
        self.attempts += 1
        self.seen.append(current_call())
        if request.code in self.errors:
            raise self.errors[request.code]
        if request.code == "hang":
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                self.cancelled.set()
                raise
        if request.code == "wait":
            await self.proceed.wait()
        if request.code == "refuse once" and self.attempts == 1:
            raise TransientError("not-yet")
        return directory.GetUnitResponse(valid_from=request.code)

    async def SignIn(self, request: Any, context: Any) -> Any:  # noqa: N802 - the contract's name
        self.seen.append(current_call())
        return directory.SignInResponse(name=request.login)


class Documents(DocumentsServicer):  # type: ignore[misc]
    """Streams both ways."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    async def DownloadAttachment(self, request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802 - the contract's name
        try:
            for number in range(10):
                yield documents.DownloadAttachmentResponse(chunk=bytes([number]))
                if request.document_id == "short" and number == 2:
                    raise NotFoundError("blob-missing")
                if request.document_id == "hang" and number == 2:
                    await asyncio.sleep(30)
        finally:
            self.ended.set()

    async def UploadAttachment(self, request_iterator: Any, context: Any) -> Any:  # noqa: N802 - the contract's name
        size = 0
        async for piece in request_iterator:
            size += len(piece.chunk)
        if size > 5:
            raise InvalidError("blob-too-large", params={"limit": 5}, field="chunk")
        answer = documents.UploadAttachmentResponse()
        answer.attachment.size = size
        return answer


class Site:
    """A server, and ways to call it."""

    def __init__(self, server: Server, units: Directory, files: Documents, clock: FrozenClock) -> None:
        self.server, self.units, self.files, self.clock = server, units, files, clock
        self.connection: Connection = connect(f"127.0.0.1:{server.port}")
        self.directory: Any = directory_grpc.DirectoryServiceStub(self.connection)
        self.documents: Any = documents_grpc.DocumentsServiceStub(self.connection)

    @property
    def token(self) -> tuple[tuple[str, str], ...]:
        return bearer(SIGNER.issue(KIM, "onnara", self.clock.now(), appointment_version=7))

    async def unit(self, code: str, **more: Any) -> Any:
        metadata = more.pop("metadata", self.token)
        return await self.directory.GetUnit(directory.GetUnitRequest(code=code), metadata=metadata, **more)

    async def error(self, code: str, **more: Any) -> OnnaraError:
        with pytest.raises(OnnaraError) as caught:
            await self.unit(code, **more)
        return caught.value


def server_of(units: Directory, files: Documents, clock: FrozenClock, **more: Any) -> Server:
    services: Any = [
        (directory_grpc.add_DirectoryServiceServicer_to_server, units),
        (documents_grpc.add_DocumentsServiceServicer_to_server, files),
    ]
    verifier = TokenVerifier({"k1": SIGNER.public_key}.get, "onnara", clock)
    settings = {"public": [SIGN_IN], "grace": 0.5, "deadline": 5.0, **more}
    return Server("127.0.0.1:0", services, verifier=verifier, clock=clock, **settings)


Make = Callable[..., Awaitable[Site]]


@pytest_asyncio.fixture
async def make() -> AsyncIterator[Make]:
    """Maker of sites with settings of their own."""
    made: list[Site] = []

    async def one(**more: Any) -> Site:
        units, files, clock = Directory(), Documents(), FrozenClock(NOW)
        server = server_of(units, files, clock, **more)
        await server.start()
        made.append(Site(server, units, files, clock))
        return made[-1]

    yield one
    for site in made:
        await site.connection.close()
        await site.server.stop()


@pytest_asyncio.fixture
async def site(make: Make) -> Site:
    return await make()


async def test_a_handler_knows_who_calls_and_on_which_journey(site: Site) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    metadata = (*site.token, ("x-correlation-id", "c-1"), ("traceparent", trace))
    assert (await site.unit("1741000", metadata=metadata, timeout=9)).valid_from == "1741000"
    [call] = site.units.seen
    assert (call.actor, call.appointment_version, call.correlation_id, call.traceparent) == (KIM, 7, "c-1", trace)
    assert call.method == "/onnara.directory.v1.DirectoryService/GetUnit"
    assert 8 < (call.deadline - NOW).total_seconds() <= 9


async def test_outside_of_a_call_there_is_none() -> None:
    with pytest.raises(LookupError):
        current_call()


async def test_a_journey_goes_on_from_a_consumer(site: Site) -> None:
    with log.bound(correlation_id="from-the-broker"):
        await site.unit("1")
    await site.unit("1", metadata=(*site.token, ("x-correlation-id", "no\\good"), ("traceparent", "nonsense")))
    first, second = site.units.seen
    assert first.correlation_id == "from-the-broker"
    assert (len(second.correlation_id), second.traceparent) == (36, "")


async def test_tokens_are_asked_for_unless_the_method_is_public(site: Site) -> None:
    for metadata, code in (
        ((), "token-missing"),
        ((("authorization", "Basic abc"),), "token-missing"),
        (bearer("nonsense"), "token-invalid"),
        (bearer(SIGNER.issue(KIM, "elsewhere", NOW)), "token-audience"),
        (bearer(SIGNER.issue(KIM, "onnara", NOW - dt.timedelta(hours=1))), "token-expired"),
    ):
        error = await site.error("1", metadata=metadata)
        assert (type(error), error.code) == (ForbiddenError, code)
    assert site.units.seen == []
    answer = await site.directory.SignIn(directory.SignInRequest(login="kim"), metadata=bearer("nonsense"))
    assert (answer.name, site.units.seen[0].actor) == ("kim", ANONYMOUS)


async def test_a_public_method_must_exist() -> None:
    with pytest.raises(ValueError, match="SignInn"):
        await server_of(Directory(), Documents(), FrozenClock(NOW), public=[f"{SIGN_IN}n"]).start()


async def test_a_system_brings_its_own_token(site: Site) -> None:
    async def token() -> str:
        return SIGNER.issue(system_actor("documents"), "onnara", NOW)

    async with connect(f"127.0.0.1:{site.server.port}", token=token) as connection:
        stub: Any = directory_grpc.DirectoryServiceStub(connection)
        await stub.GetUnit(directory.GetUnitRequest(code="1"))
        await stub.GetUnit(directory.GetUnitRequest(code="1"), metadata=site.token)
    assert [call.actor.name for call in site.units.seen] == ["documents", "김한결"]


REFUSALS: list[OnnaraError] = [
    NotFoundError("unit-unknown", params={"code": "9999999"}, field="code"),
    ConflictError("line-moved-on", params={"expected": 3, "found": 4}),
    InvalidError("title-too-long", field="document.title", source="행정업무규정 10①", more=(Problem("body-missing"),)),
    ForbiddenError("not-your-turn"),
    TransientError("unit-not-here-yet"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
async def test_refusals_arrive_as_they_were_raised(site: Site, refusal: OnnaraError) -> None:
    site.units.errors["x"] = refusal
    error = await site.error("x")
    assert (type(error), error.problems) == (type(refusal), refusal.problems)


async def test_the_wire_holds_codes_and_no_sentences(site: Site) -> None:
    site.units.errors["x"] = InvalidError("title-too-long", params={"limit": 100}, field="title", source="규정 10①")
    async with grpc.aio.insecure_channel(f"127.0.0.1:{site.server.port}") as channel:
        stub: Any = directory_grpc.DirectoryServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.GetUnit(directory.GetUnitRequest(code="x"), metadata=site.token)
        assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.INVALID_ARGUMENT, "title-too-long")
        with pytest.raises(InvalidError), translated_errors():
            await stub.GetUnit(directory.GetUnitRequest(code="x"), metadata=site.token)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.GetUnit(directory.GetUnitRequest(code="x"))
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_bug_leaks_nothing_but_the_way_to_find_it(
    site: Site, caplog: pytest.LogCaptureFixture, capsys: Any
) -> None:
    site.units.errors["x"] = KeyError("비밀 제목")
    error = await site.error("x", metadata=(*site.token, ("x-correlation-id", "c-9")))
    assert (type(error), error.problems) == (OnnaraError, (Problem("internal", {"correlation_id": "c-9"}),))
    site.units.errors["x"] = OnnaraError("blob-corrupt", params={"title": "비밀 제목"})
    assert (await site.error("x")).code == "internal"


@pytest.mark.parametrize(
    "passing",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.DeadlockDetectedError(),
        asyncpg.InterfaceError("x"),
        asyncpg.InternalClientError("x"),
    ],
)
async def test_a_database_that_is_away_means_try_again(site: Site, passing: Exception) -> None:
    site.units.errors["x"] = passing
    error = await site.error("x")
    assert (type(error), error.code) == (TransientError, "service-unavailable")


async def test_what_is_logged_finds_the_call(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    import structlog

    root, config = logging.getLogger(), structlog.get_config()
    before = list(root.handlers), root.level
    try:
        log.configure("probe", json=True)
        site.units.errors.update(bug=KeyError("비밀"), refusal=InvalidError("title-too-long"))
        await site.error("bug", metadata=(*site.token, ("x-correlation-id", "c-9")))
        await site.error("refusal")
    finally:
        root.handlers, root.level = before
        structlog.configure(**config)
    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["correlation_id"], line["error"]) == ("call-broke", "c-9", "KeyError")
    assert "비밀" not in json.dumps(line, ensure_ascii=False)


async def test_many_problems_are_cut_to_what_fits(site: Site) -> None:
    many = tuple(Problem("recipient-unknown", {"code": f"{n:07}"}, f"recipients[{n}].code") for n in range(1000))
    site.units.errors["x"] = InvalidError("recipients-unknown", more=many)
    error = await site.error("x")
    *kept, last = error.problems
    assert tuple(kept) == site.units.errors["x"].problems[: len(kept)]  # type: ignore[attr-defined]
    assert (last.code, int(last.params["count"])) == ("more-problems", 1001 - len(kept))
    assert len(packed(grpc.StatusCode.ABORTED, (Problem("x", {"y": "가" * MOST_DETAIL_BYTES}),))) < 300


async def test_a_caller_without_a_deadline_gets_one(make: Make) -> None:
    site = await make(deadline=0.2)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{site.server.port}") as channel:
        stub: Any = directory_grpc.DirectoryServiceStub(channel)
        with pytest.raises(TransientError, match="deadline-exceeded"), translated_errors():
            await stub.GetUnit(directory.GetUnitRequest(code="hang"), metadata=site.token)
        assert (site.units.seen[0].deadline - NOW).total_seconds() == 0.2
    request = documents.DownloadAttachmentRequest(document_id="hang")
    pieces = site.documents.DownloadAttachment(request, metadata=site.token)
    assert [(await anext(pieces)).chunk for _ in range(3)] == [b"\x00", b"\x01", b"\x02"]
    with pytest.raises(TransientError, match="deadline-exceeded"):
        await anext(pieces)
    assert site.files.ended.is_set()
    assert site.units.cancelled.is_set()


async def test_the_callers_deadline_ends_the_handler(site: Site) -> None:
    error = await site.error("hang", timeout=0.2)
    assert (type(error), error.code) == (TransientError, "deadline-exceeded")
    async with asyncio.timeout(2):
        await site.units.cancelled.wait()


async def test_nobody_may_ask_for_years(site: Site) -> None:
    await site.unit("1", timeout=1e9)
    assert (site.units.seen[0].deadline - NOW).total_seconds() == 3600


async def test_streams_both_ways(site: Site) -> None:
    async def download(name: str) -> bytes:
        request = documents.DownloadAttachmentRequest(document_id=name)
        pieces = [piece.chunk async for piece in site.documents.DownloadAttachment(request, metadata=site.token)]
        return b"".join(pieces)

    async def upload(size: int) -> Any:
        pieces = (documents.UploadAttachmentRequest(chunk=b"x") for _ in range(size))
        return await site.documents.UploadAttachment(pieces, metadata=site.token)

    assert await download("whole") == bytes(range(10))
    with pytest.raises(NotFoundError, match="blob-missing"):
        await download("short")
    assert (await upload(5)).attachment.size == 5
    with pytest.raises(InvalidError, match="blob-too-large"):
        await upload(6)
    with pytest.raises(ForbiddenError, match="token-missing"):
        await site.documents.UploadAttachment(iter([]))


async def test_a_reader_that_stops_early_ends_the_stream(site: Site) -> None:
    pieces = site.documents.DownloadAttachment(
        documents.DownloadAttachmentRequest(document_id="hang"), metadata=site.token
    )
    assert (await anext(pieces)).chunk == b"\x00"
    await pieces.aclose()
    async with asyncio.timeout(2):
        await site.files.ended.wait()


async def test_messages_over_4_mb_are_refused_for_good(site: Site) -> None:
    error = await site.error("x" * (5 << 20))
    assert (type(error), error.code) == (InvalidError, "message-too-large")


async def test_a_server_that_is_not_there_is_passing_trouble() -> None:
    async with connect("127.0.0.1:1", timeout=2) as connection:
        stub: Any = directory_grpc.DirectoryServiceStub(connection)
        with pytest.raises(TransientError, match="service-unavailable"):
            await stub.GetUnit(directory.GetUnitRequest())


async def test_a_method_nobody_has_written(site: Site) -> None:
    with pytest.raises(OnnaraError, match="unimplemented"):
        await site.directory.SignOut(directory.SignOutRequest(), metadata=site.token)


async def test_only_repeatable_methods_are_repeated(site: Site) -> None:
    assert (await site.error("refuse once")).code == "not-yet"
    site.units.attempts = 0
    method = "onnara.directory.v1.DirectoryService/GetUnit"
    async with connect(f"127.0.0.1:{site.server.port}", repeatable=[method]) as connection:
        stub: Any = directory_grpc.DirectoryServiceStub(connection)
        await stub.GetUnit(directory.GetUnitRequest(code="refuse once"), metadata=site.token)
    assert site.units.attempts == 2
    names = json.loads(service_config(["a.B/C", "a.D"]))["methodConfig"][0]["name"]
    assert names == [{"service": "a.B", "method": "C"}, {"service": "a.D"}]


async def test_health_and_reflection(make: Make) -> None:
    site = await make(reflect=True)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{site.server.port}") as channel:
        health: Any = health_pb2_grpc.HealthStub(channel)
        for name in ("", "onnara.directory.v1.DirectoryService"):
            assert (await health.Check(health_pb2.HealthCheckRequest(service=name))).status == 1
        asked: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
        requests = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
        [answer] = [answer async for answer in asked.ServerReflectionInfo(requests)]
    names = {service.name for service in answer.list_services_response.service}
    assert {"onnara.directory.v1.DirectoryService", "onnara.documents.v1.DocumentsService"} <= names


async def test_running_calls_may_finish_when_the_server_stops(site: Site) -> None:
    running = asyncio.create_task(site.unit("wait"))
    while not site.units.seen:
        await asyncio.sleep(0.01)
    stopping = asyncio.create_task(site.server.stop())
    await asyncio.sleep(0.05)
    site.units.proceed.set()
    assert (await running).valid_from == "wait"
    await stopping
    assert (await site.error("1")).code == "service-unavailable"


async def test_a_taken_port_is_an_error(site: Site) -> None:
    other = server_of(Directory(), Documents(), site.clock)
    other._address = f"127.0.0.1:{site.server.port}"
    with pytest.raises(RuntimeError, match="bind"):
        await other.start()


def test_one_table_for_all_errors() -> None:
    codes = {status_of(refusal, "c")[0] for refusal in REFUSALS}
    assert codes == {
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.UNAVAILABLE,
    }
