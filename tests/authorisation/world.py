"""The services as they run, in this process: one directory that knows everybody, documents and approval that follow it.

directory over gRPC -> replicas of documents and approval; what one of these two records is handed to the other at once,
as the broker would. Tokens are signed by the directory's own key.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import asyncpg
from argon2 import PasswordHasher
from google.protobuf.message import Message

from adapters.runtime import main as adapters_main
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.intake import Intake
from adapters.runtime.rpc.interoperability import InteroperabilityService
from adapters.runtime.rpc.mapping import MappingService
from adapters.runtime.translate import DirectoryFeed as AdaptersFeed
from adapters.runtime.transports.folders import Folders
from adapters.runtime.units import Units
from approval import main as approval_main
from approval.settings import Settings as ApprovalSettings
from approval.translate.directory import DirectoryFeed as ApprovalFeed
from authorisation.personas import (
    ABROAD,
    BUREAU,
    HOME,
    HOME_AGENCY,
    OFFICE,
    OTHER,
    OTHER_OFFICE,
    PARKS,
    PEOPLE,
    POSTS,
    ROADS,
    SYSTEMS,
    Persona,
)
from authorisation.services import DEPLOYABLES, SERVICES
from chassis import db
from chassis.actor import Actor, TokenSigner, TokenVerifier, system_actor
from chassis.blobs import Blobs
from chassis.clock import FrozenClock
from chassis.envelope import Incoming
from chassis.messaging.inbox import Inbox
from chassis.rpc import Connection, Server, bearer, connect
from chassis.testing.servers import ServiceDatabase
from chassis.uow import Database
from directory import main as directory_main
from directory.domain.records import NAMESPACE, Appointment, Official, Post, Task, Unit, unit_id
from directory.handlers.seed_government import seed_government
from directory.handlers.token_keys import signing_key
from directory.ports.passwords import Passwords
from directory.seed.government import DEMO_PASSWORD, Login, Seed
from directory.settings import Settings as DirectorySettings
from documents import main as documents_main
from documents.settings import Settings as DocumentsSettings
from documents.translate.directory import DirectoryFeed as DocumentsFeed
from onnara.adapters.v1.interoperability_service_pb2_grpc import add_InteroperabilityServiceServicer_to_server
from onnara.adapters.v1.mapping_service_pb2_grpc import add_MappingServiceServicer_to_server
from onnara.directory.v1 import directory_service_pb2 as directory_pb
from onnara.directory.v1 import events_pb2
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceStub

FOLDER = Path(__file__).parents[2] / "services"
SINCE = date(2020, 1, 1)
TASK = "A0000001"
NAMES = {
    HOME: "시험시",
    BUREAU: "도로국",
    ROADS: "도로정책과",
    PARKS: "공원과",
    OFFICE: "총무과",
    OTHER: "이웃시",
    OTHER_OFFICE: "민원과",
    ABROAD: "먼시",
}
_PARENTS = {BUREAU: HOME, ROADS: BUREAU, PARKS: HOME, OFFICE: HOME, OTHER_OFFICE: OTHER}


def agency_of(code: str) -> UUID:
    """Id of the agency a unit belongs to."""
    return unit_id(HOME if code in HOME_AGENCY else OTHER if code in {OTHER, OTHER_OFFICE} else code)


def official(persona: Persona) -> str:
    """Id of a person in the directory."""
    return str(uuid5(NAMESPACE, f"official:{persona.value}"))


def actor(persona: Persona) -> Actor:
    """Who a token of theirs names."""
    post = POSTS[persona]
    if persona in SYSTEMS:
        return system_actor(persona.value, str(agency_of(post.code)))
    return Actor(
        official(persona),
        str(uuid5(NAMESPACE, f"appointment:{persona.value}")),
        str(uuid5(NAMESPACE, f"post:{persona.value}")),
        str(agency_of(post.code)),
        post.code,
        persona.value,
        post.english,
        roles=frozenset(post.roles),
    )


def government() -> Seed:
    """Everybody in their posts: three agencies, of which the last is not served here."""
    people = sorted(PEOPLE)
    posts = [_post(each) for each in people]
    return Seed(
        units=tuple(_unit(code, name) for code, name in NAMES.items()),
        officials=tuple(_official(each) for each in people),
        posts=tuple(posts),
        appointments=tuple(_appointment(each, post) for each, post in zip(people, posts, strict=True)),
        identities=(),
        systems=(),
        tasks=(Task(TASK, "도로 점용", 4, (ROADS, PARKS), unit_id(HOME), SINCE),),
        rules=(),
        logins=tuple(Login(each.value, UUID(official(each))) for each in people),
    )


def _unit(code: str, name: str) -> Unit:
    is_agency = code not in _PARENTS
    return Unit(
        unit_id(code), code, name, name, agency_of(code), _PARENTS.get(code, "0000000"), is_agency, SINCE,
        served_here=code != ABROAD, head_title=f"{name}장" if is_agency else "",
        document_department_code=OFFICE if code == HOME else "",
    )  # fmt: skip


def _official(persona: Persona) -> Official:
    return Official(UUID(official(persona)), persona.value, agency_of(POSTS[persona].code), persona.value, SINCE)


def _post(persona: Persona) -> Post:
    post, identity = POSTS[persona], uuid5(NAMESPACE, f"post:{persona.value}")
    return Post(identity, post.code, post.english, post.roles, agency_of(post.code), SINCE, level=post.level)


def _appointment(persona: Persona, post: Post) -> Appointment:
    return Appointment(
        uuid5(NAMESPACE, f"appointment:{persona.value}"), UUID(official(persona)), post.post_id, post.position,
        post.department_code, post.agency_id, post.roles, SINCE, level=post.level,
    )  # fmt: skip


@dataclass
class World:
    """The running services and the way into each of them."""

    databases: Mapping[str, ServiceDatabase]
    connections: Mapping[str, Connection]
    parts: Mapping[str, Any]
    tokens: Mapping[Persona, Any]
    blobs: Blobs
    blob_folder: Path
    sessions: dict[Persona, str]
    _seen: dict[str, int]

    async def call(self, method: str, message: Any, persona: Persona) -> Any:
        """Calls "Service/Method" of a package as somebody. message: one, or a list for a stream; a stream answers a list."""
        service, name = method.split("/")
        found = SERVICES[service]
        stub = found.stub(self.connections[found.deployable])
        sent = message if isinstance(message, Message) else _stream(message)
        answer = getattr(stub, name)(sent, metadata=self.tokens[persona])
        if hasattr(answer, "__aiter__"):
            return [piece async for piece in answer]
        return await answer

    async def settle(self) -> None:
        """Hands on what documents and approval have recorded since, until nothing new comes of it."""
        moved = True
        while moved:
            moved = bool(await self._hand_on("documents", "approval") + await self._hand_on("approval", "documents"))

    async def take(self, deployable: str, message: Message, agency_id: str) -> None:
        """Hands a message of another part of the suite to a service."""
        parts = self.parts[deployable]
        subscription = next(each for each in parts.subscriptions if each.name == message.DESCRIPTOR.full_name)
        now = parts.worker.clock.now()
        arrived = Incoming(
            uuid5(NAMESPACE, message.SerializeToString(deterministic=True).hex()),
            message.DESCRIPTOR.full_name, agency_id, {"system": "tests"}, "journey", now, message.SerializeToString(),
        )  # fmt: skip
        await Inbox(parts.worker).handle(subscription, [arrived])
        await self.settle()

    async def _hand_on(self, source: str, target: str) -> int:
        known = {each.name: each for each in self.parts[target].subscriptions}
        find = "SELECT * FROM journal WHERE seq > $1 ORDER BY seq"
        rows = await self.parts[source].worker.pool.fetch(find, self._seen.get(source, 0))
        for row in rows:
            self._seen[source] = row["seq"]
            if row["type"] not in known:
                continue
            message = Incoming(
                row["id"], row["type"], row["agency_id"], row["actor"], row["correlation_id"], row["occurred_at"],
                bytes(row["payload"]),
            )  # fmt: skip
            await Inbox(self.parts[target].worker).handle(known[row["type"]], [message])
        return len(rows)


async def _stream(messages: Any) -> AsyncIterator[Any]:
    for message in messages:
        yield message


# Somebody else's, for an operator to decide on; the rule that there is one proposal at a time is the adapters' own test.
_PROPOSAL = """
INSERT INTO mapping (endpoint, version, adapter, agency_id, manifest, note, state, proposed_by, proposed_name, proposed_at,
    decided_by, decided_name, reason)
VALUES ('mpb-budget', 2, 'mpb_budget', $1, '', 'x', 'proposed', $2, 'x', now(), '', '', '')
"""


@dataclass
class Adapting:
    """The adapters as far as people call them. record_id: of a record in quarantine, which came in a file."""

    rpc: Database
    record_id: str
    file_id: str


@asynccontextmanager
async def adapting(
    folder: Path, make_database: "MakeDatabase", directory: Any, clock: FrozenClock
) -> AsyncIterator[tuple[Adapting, Connection]]:
    """The adapters of the agency, with a file nobody can read."""
    address = await make_database("adapters", FOLDER.parent / "adapters" / "migrations")
    pools = [await db.open_pool(address.url(role), size=4) for role in ("worker", "rpc")]
    worker, rpc = (Database(pool, clock) for pool in pools)
    blobs, decoder = Blobs(f"file://{folder}/adapters"), Decoder()
    folders = Folders(folder / "in", folder / "taken")
    endpoint = Endpoint("mpb-budget", "mpb_budget", HOME, folders, (), "mpb-budget")
    (folder / "in").mkdir()
    (folder / "in" / "A.DAT").write_bytes(b"nothing of this can be read")
    intake = Intake(endpoint, worker, blobs, decoder, lambda code: str(unit_id(code)))
    for _ in range(2):
        await intake.scan_once()
    record_id = str(await pools[0].fetchval("SELECT id FROM record"))
    file_id = str(await pools[0].fetchval("SELECT file_id FROM record"))
    owner = await asyncpg.connect(address.url("owner"))
    await owner.execute(_PROPOSAL, str(agency_of(HOME)), official(Persona.COLLEAGUE))
    await owner.close()
    replica = adapters_main.make_replica(pools[0], AdaptersFeed(directory))
    parts = (rpc, Endpoints([endpoint]), blobs, decoder, Units(replica))
    services = [
        (add_InteroperabilityServiceServicer_to_server, InteroperabilityService(*parts)),
        (add_MappingServiceServicer_to_server, MappingService(*parts)),
    ]
    verifier = TokenVerifier(lambda key_id: adapters_main.find_key(replica, key_id), "onnara", clock)
    server = Server("127.0.0.1:0", services, verifier=verifier, clock=clock, grace=0)
    async with replica, server, connect(f"127.0.0.1:{server.port}") as connection:
        yield Adapting(rpc, record_id, file_id), connection
    decoder.close()
    for pool in pools:
        await pool.close()


MakeDatabase = Callable[[str, Path], Awaitable[ServiceDatabase]]


@asynccontextmanager
async def running(make_database: MakeDatabase, clock: FrozenClock, folder: Path) -> AsyncIterator[World]:
    """All three services, with somebody on leave already."""
    databases = {name: await make_database(name, FOLDER / name / "migrations") for name in DEPLOYABLES}
    roles = {
        name: {f"{role}_database_url": database.url(role) for role in ("worker", "rpc")}
        for name, database in databases.items()
    }
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    settings = DirectorySettings(**roles["directory"], key_folder=folder / "keys", demo=True, shutdown_seconds=0)
    async with (
        directory_main.build(settings, clock=clock, passwords=passwords) as directory,
        directory.server as server,
        connect(f"127.0.0.1:{server.port}") as to_directory,
    ):
        async with directory.worker.transaction() as unit:
            await seed_government(unit, government(), await passwords.hash(DEMO_PASSWORD))
            key_id = await signing_key(unit)
        signer = TokenSigner(key_id, directory.folder.read(key_id))
        tokens = {
            each: () if each is Persona.NOBODY else bearer(signer.issue(actor(each), "onnara", clock.now()))
            for each in Persona
        }
        stub = DirectoryServiceStub(to_directory)
        await stub.RegisterAbsence(_leave(), metadata=tokens[Persona.TURN])
        blob_url = {"blob_url": f"file://{folder}/blobs"}
        async with (
            documents_main.build(
                DocumentsSettings(**roles["documents"], **blob_url, shutdown_seconds=0),
                clock=clock,
                fetch=DocumentsFeed(stub),
            ) as documents,
            approval_main.build(
                ApprovalSettings(**roles["approval"], shutdown_seconds=0), clock=clock, fetch=ApprovalFeed(stub)
            ) as approval,
            documents.server as documents_server,
            approval.server as approval_server,
            connect(f"127.0.0.1:{documents_server.port}") as to_documents,
            connect(f"127.0.0.1:{approval_server.port}") as to_approval,
            adapting(folder, make_database, stub, clock) as (adapters, to_adapters),
        ):
            yield World(
                databases,
                {
                    "directory": to_directory,
                    "documents": to_documents,
                    "approval": to_approval,
                    "adapters": to_adapters,
                },
                {"directory": directory, "documents": documents, "approval": approval, "adapters": adapters},
                tokens,
                Blobs(blob_url["blob_url"]),
                folder / "blobs",
                {},
                {},
            )


def _leave() -> Message:
    absence = events_pb2.AbsenceData(reason="leave", deputy_official_id=official(Persona.DEPUTY))
    return directory_pb.RegisterAbsenceRequest(request_id="leave", absence=absence)
