"""Petitions through the runtime and a real broker: kept for a service that is not there, accounted for, told, and answered."""

import asyncio
import contextlib
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import aiormq
import pytest

from adapters import catalogue
from adapters.agencies.petition_portal.reading import DOCUMENT, HASHES
from adapters.contract import Item, Outgoing
from adapters.items import read
from adapters.runtime.awaited import Awaited, declare
from adapters.runtime.delivery import Delivery
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.handlers import refuse_requests, take_parcels
from adapters.runtime.intake import Intake
from adapters.runtime.kinds import AWAITED
from adapters.runtime.reports import settle_reports
from adapters.runtime.transports.folders import Folders, put_all
from adapters.runtime.troubles import Troubles
from chassis.blobs import Blobs
from chassis.envelope import Incoming
from chassis.ids import uuid7
from chassis.messaging import Broker, Relay
from chassis.messaging import broker as amqp
from chassis.messaging.frame import unpack
from chassis.wakeup import WakeUp
from onnara.exchange.v1 import petitions_pb2 as pb
from onnara.exchange.v1.events_pb2 import RequestRefused
from onnara.exchange.v1.official_document_pb2 import Attachment
from onnara.exchange.v1.reports_pb2 import ReportStored
from support.runtime import AGENCY, Runtime

ADAPTER = catalogue.load("petition_portal")
MOMENT = datetime(2026, 11, 23, 1, tzinfo=UTC)
QUEUE = "onnara.exchange.v1.PetitionReceived"
_RECORDS = "SELECT id::text, state, stage, revision, natural_key FROM record ORDER BY id"


def portal(runtime: Runtime) -> Endpoint:
    root = runtime.folder / "portal"
    folders = Folders(root / "in", root / "taken", root / "error", root / "out")
    plain = replace(runtime.budget, name="petition-portal", adapter="petition_portal", agency_code="1310000")
    return replace(plain, transport=folders, takes=("PetitionStatusReported",), system="petition-portal")


def petition(number: str, body: str = "가로등이 꺼져 있습니다. 😀 <b>급함</b>") -> Item:
    message = pb.PetitionReceived(portal_number=number, title="가로등 고장", body=body, kind=5)
    message.petitioners.add(name="홍가람")
    message.applied_at.FromDatetime(MOMENT)
    [item] = ADAPTER.encode([Outgoing(message)]).items
    return Item(f"{item.name}-{uuid7()}", item.parts)


async def taken(runtime: Runtime, endpoint: Endpoint, *items: Item) -> None:
    put_all(runtime.folder / "portal" / "in", items)
    intake = Intake(endpoint, runtime.database, runtime.blobs, runtime.decoder, lambda _: AGENCY)
    assert await intake.scan_once() == len(items)
    assert list((runtime.folder / "portal" / "in").iterdir()) == []


async def records(runtime: Runtime) -> list[tuple[str, str]]:
    return [(row["state"], row["stage"]) for row in await runtime.database.pool.fetch(_RECORDS)]


async def published(runtime: Runtime, broker: Broker) -> None:
    async with amqp.connection(broker, "test.relay") as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await amqp.declare_exchanges(broker, channel)
        relay = Relay("adapters", runtime.database.pool, broker, WakeUp())
        while await relay.publish_once(await amqp.wire(channel)):
            pass


async def waiting(broker: Broker) -> list[pb.PetitionReceived]:
    """What whoever comes first finds in the queue; it stays there."""
    found: list[pb.PetitionReceived] = []
    async with amqp.connection(broker, "test.petitions") as connection:
        channel = await connection.channel()
        queue = await channel.get_queue(broker.queue("petitions", QUEUE))
        while message := await queue.get(fail=False):
            assert message.delivery_mode == 2
            found += [
                pb.PetitionReceived.FromString(event.content)
                for event in unpack(message.body, message.type, message.content_type)
            ]
    return found


def awaited(runtime: Runtime, broker: Broker, endpoint: Endpoint, troubles: Troubles) -> Awaited:
    return Awaited(broker, runtime.database, Endpoints([endpoint]), troubles, WakeUp())


def outbox(runtime: Runtime) -> list[str]:
    folder = runtime.folder / "portal" / "out"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


async def test_a_petition_waits_in_a_durable_queue_and_counts_as_delivered_only_then(
    runtime: Runtime, broker: Broker
) -> None:
    endpoint, troubles = portal(runtime), Troubles()
    keeper = awaited(runtime, broker, endpoint, troubles)
    await taken(runtime, endpoint, petition("1AA-2611-0000001"), petition("1AA-2611-0000002"))
    # Nobody has declared the queue: the broker gives it back, it stays with us, and nobody is told that it is safe.
    with contextlib.suppress(aiormq.exceptions.DeliveryError):
        await published(runtime, broker)
    await keeper.look_once()
    assert await records(runtime) == [("in-flight", "")] * 2
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM parcel") == 2

    await declare(broker)
    await runtime.database.pool.execute("UPDATE outbox SET leased_until = now() - interval '1 second'")
    await published(runtime, broker)
    assert await records(runtime) == [("in-flight", "")] * 2
    await keeper.look_once()
    assert await records(runtime) == [("settled", "queued")] * 2
    noted = troubles.of("petition-portal")
    assert noted is not None
    assert (noted["code"], noted["params"]) == ("petitions-waiting", {"count": "2"})

    # Whoever reads and does not acknowledge, leaves them to whoever comes next.
    for _ in range(2):
        found = await waiting(broker)
        assert sorted(each.portal_number for each in found) == ["1AA-2611-0000001", "1AA-2611-0000002"]
    assert {each.body for each in found} == {"가로등이 꺼져 있습니다. 😀 <b>급함</b>"}
    assert all(each.HasField("received_at") and each.origin.agency_code == "1310000" for each in found)

    delivery = Delivery(endpoint, runtime.database, runtime.blobs)
    assert await delivery.deliver_once() == 2
    assert outbox(runtime) == ["1AA-2611-0000001-ARRIVED", "1AA-2611-0000002-ARRIVED"]
    await keeper.look_once()
    assert await delivery.deliver_once() == 0


async def test_the_queues_are_durable_quorum_queues_that_their_service_will_declare_alike(broker: Broker) -> None:
    await declare(broker)
    async with amqp.connection(broker, "test.declare") as connection:
        for form in AWAITED["petitions"]:
            name = broker.queue("petitions", form.DESCRIPTOR.full_name)
            # As a service's consumer declares it: another durability or type would be refused.
            channel = await connection.channel()
            await amqp.declare_queue(broker, channel, "petitions", form.DESCRIPTOR.full_name)
            with pytest.raises(aiormq.exceptions.ChannelPreconditionFailed):
                await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "classic"})


async def test_the_same_petition_counts_once_and_another_under_its_number_waits_for_people(
    runtime: Runtime, broker: Broker
) -> None:
    endpoint = portal(runtime)
    await taken(runtime, endpoint, petition("1AA-2611-0000001"))
    await taken(runtime, endpoint, petition("1AA-2611-0000001"))
    await taken(runtime, endpoint, petition("1AA-2611-0000001", "다른 내용"))
    assert await records(runtime) == [("in-flight", ""), ("settled", ""), ("quarantined", "intake")]
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM parcel") == 1


async def test_the_service_takes_or_refuses_what_waited(runtime: Runtime, broker: Broker) -> None:
    endpoint, troubles = portal(runtime), Troubles()
    await declare(broker)
    await taken(runtime, endpoint, petition("1AA-2611-0000001"), petition("1AA-2611-0000002"))
    await published(runtime, broker)
    keeper = awaited(runtime, broker, endpoint, troubles)
    await keeper.look_once()
    first, second = (each.origin for each in await waiting(broker))
    async with runtime.database.transaction() as unit:
        assert await settle_reports(unit, [incoming(ReportStored(origin=first, stage="petitions"))]) == [None]
        assert await refuse_requests(unit, [incoming(RequestRefused(origin=second, stage="petitions"))]) == [None]
    assert sorted(await records(runtime)) == [("quarantined", "petitions"), ("settled", "")]
    await keeper.look_once()
    assert sorted(await records(runtime)) == [("quarantined", "petitions"), ("settled", "")]


def incoming(message):
    return Incoming(uuid7(), message.DESCRIPTOR.full_name, AGENCY, {"system": "petitions"}, "journey", MOMENT, message)


async def answered(
    blobs: Blobs, number: str, version: int, attached: bytes = b"%PDF-1.7 answer"
) -> pb.PetitionStatusReported:
    blob = await blobs.put(AGENCY, attached)
    message = pb.PetitionStatusReported(
        agency_id=AGENCY, portal_number=number, version=version, status=pb.PETITION_STATUS_ANSWERED,
        answer="11월 30일까지 고치겠습니다.", officer="김도윤", officer_telephone="044-000-0000",
        attachments=[Attachment(sha256=blob.sha256, size=blob.size, media_type="application/pdf", name="안내.pdf")],
    )  # fmt: skip
    message.happened_at.FromDatetime(MOMENT)
    return message


async def put(runtime: Runtime, endpoints: Sequence[Endpoint], *messages: pb.PetitionStatusReported) -> None:
    async with runtime.database.transaction() as unit:
        await take_parcels(unit, Endpoints(endpoints), lambda _: AGENCY, [incoming(each) for each in messages])


async def test_an_answer_goes_out_once_with_its_files_and_what_cannot_go_comes_back(runtime: Runtime) -> None:
    endpoint = portal(runtime)
    good, again = (
        await answered(runtime.blobs, "1AA-2611-0000001", 6),
        await answered(runtime.blobs, "1AA-2611-0000001", 6),
    )
    bad = await answered(runtime.blobs, "1AA-2611-0000001", 7)
    bad.attachments[0].name = "../밖.pdf"
    await put(runtime, [endpoint], good, again, bad)
    assert await Delivery(endpoint, runtime.database, runtime.blobs).deliver_once() == 2
    assert outbox(runtime) == ["1AA-2611-0000001-R000006"]
    item = read(Path(runtime.folder / "portal" / "out" / "1AA-2611-0000001-R000006"))
    assert sorted(item.parts) == sorted([DOCUMENT, HASHES, "안내.pdf"])
    [record] = ADAPTER.decode(item).records
    good.ClearField("agency_id")
    assert record.message == good
    await put(runtime, [], await answered(runtime.blobs, "1AA-2611-0000002", 1))
    rows = await runtime.database.pool.fetch("SELECT payload FROM parcel ORDER BY seq")
    back = [pb.PetitionStatusReturned.FromString(row["payload"]) for row in rows]
    assert [(each.portal_number, each.version, each.code) for each in back] == [
        ("1AA-2611-0000001", 7, "json-member-invalid"),
        ("1AA-2611-0000002", 1, "no-route"),
    ]


async def test_what_is_not_as_agreed_waits_with_its_bytes_and_may_come_again_put_right(runtime: Runtime) -> None:
    endpoint = portal(runtime)
    item = petition("1AA-2611-0000001")
    broken = Item("broken", {**item.parts, DOCUMENT: item.parts[DOCUMENT].replace(b'"title"', b'"titel"')})
    await taken(runtime, endpoint, broken)
    await taken(runtime, endpoint, item)
    assert await records(runtime) == [("quarantined", "intake"), ("in-flight", "")]
    assert await runtime.database.pool.fetchval("SELECT count(*) FROM intake_file") == 2


def broker_command(action: str, name: str, *more: str) -> str:
    command = [sys.executable, "-m", "tools.stack", "broker", action, "--name", name, "--json", *more]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


@pytest.fixture
def mortal() -> Iterator[tuple[str, str]]:
    """A broker of this test's own: name and address."""
    name = f"mortal-{secrets.token_hex(3)}"
    yield name, json.loads(broker_command("start", name))["rabbitmq_url"]
    broker_command("stop", name, "--wipe")


async def test_a_petition_outlives_the_brokers_death(runtime: Runtime, mortal: tuple[str, str]) -> None:
    name, url = mortal
    broker = Broker(url)
    await declare(broker)
    await taken(runtime, portal(runtime), petition("1AA-2611-0000001"))
    await published(runtime, broker)
    await asyncio.to_thread(broker_command, "kill", name)
    await asyncio.to_thread(broker_command, "start", name)
    # Nobody has declared anything again.
    assert [each.portal_number for each in await waiting(broker)] == ["1AA-2611-0000001"]
