"""What waits goes out once under a fixed name, a dead target is tried again, and the sender hears what became of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from adapters.contract import Adapter, Encoded, Item, Outgoing
from adapters.formats.findings import FormatError, reject
from adapters.formats.pack import parse_pack_file_name, read_pack
from adapters.runtime import handlers
from adapters.runtime.delivery import MOST_ATTEMPTS, Delivery, item_name
from adapters.runtime.encoding import encode
from adapters.runtime.transports.folders import Folders
from chassis.envelope import Incoming
from chassis.ids import uuid7
from onnara.exchange.v1.events_pb2 import DeliveryReported, DeliveryStep, DispatchRequested, Transmission
from onnara.exchange.v1.official_document_pb2 import OfficialDocument
from support.runtime import AGENCY, Runtime, registered_document

RECEIVER = "3490000"


async def dispatch(runtime: Runtime, count: int = 1, *, registered: bool = True) -> None:
    async with runtime.database.transaction() as unit:
        batch = []
        for _ in range(count):
            document = registered_document(str(uuid7()))
            if not registered:
                document.ClearField("registration")
            request = DispatchRequested(
                document=document, agency_id=AGENCY, clerk_department="예산총괄과", clerk_name="김나래"
            )
            request.deliveries.add(
                delivery_id=str(uuid7()),
                recipient=0,
                receiver_code=RECEIVER,
                transmission=Transmission.TRANSMISSION_SEND,
            )
            batch.append(Incoming(uuid7(), "t", AGENCY, {"system": "test"}, "c", unit.now, request))
        assert list(await handlers.dispatch_documents(unit, runtime.endpoints, batch)) == [None] * count
        # The same event again, as a redelivery would bring it past a pruned inbox.
        await handlers.dispatch_documents(unit, runtime.endpoints, batch)


def delivery(runtime: Runtime) -> Delivery:
    return Delivery(runtime.endpoints.by_name["relay"], runtime.database, runtime.blobs)


def outbox(runtime: Runtime) -> Path:
    return runtime.folder / "relay" / "out"


async def reports(runtime: Runtime) -> list[DeliveryReported]:
    rows = await runtime.database.pool.fetch("SELECT payload FROM journal ORDER BY seq")
    return [DeliveryReported.FromString(row["payload"]) for row in rows]


async def test_packs_arrive_whole_and_the_sender_hears_it(runtime: Runtime) -> None:
    await dispatch(runtime, 3)
    assert await delivery(runtime).deliver_once() == 3
    packs = sorted(outbox(runtime).iterdir())
    assert len(packs) == 3
    assert {parse_pack_file_name(path.name).receive_id for path in packs} == {RECEIVER}
    pack, findings = read_pack(packs[0].read_bytes())
    assert (pack.doc_type, list(findings)) == ("send", [])
    assert [report.step for report in await reports(runtime)] == [DeliveryStep.DELIVERY_STEP_SENT] * 3
    assert await delivery(runtime).deliver_once() == 0


async def test_a_target_that_is_away_gets_its_items_later_under_the_same_name(runtime: Runtime) -> None:
    await dispatch(runtime)
    outbox(runtime).parent.mkdir(parents=True, exist_ok=True)
    outbox(runtime).write_text("not a folder", encoding="utf-8")
    assert await delivery(runtime).deliver_once() == 1
    row = await runtime.database.pool.fetchrow(
        "SELECT state, name, attempts, problems, next_attempt_at - now() AS pause FROM outgoing"
    )
    assert (row["state"], row["attempts"], row["problems"][0]["code"]) == ("waiting", 1, "transport-failed")
    assert row["pause"] > timedelta(0)
    outbox(runtime).unlink()
    await runtime.database.pool.execute("UPDATE outgoing SET next_attempt_at = now()")
    assert await delivery(runtime).deliver_once() == 1
    assert [path.name for path in outbox(runtime).iterdir()] == [f"{row['name']}.xml"]


async def test_a_document_without_number_never_goes_out(runtime: Runtime) -> None:
    await dispatch(runtime, registered=False)
    await delivery(runtime).deliver_once()
    row = await runtime.database.pool.fetchrow("SELECT state, problems FROM outgoing")
    assert (row["state"], row["problems"][0]["code"]) == ("failed", "not-registered")
    assert not outbox(runtime).exists() or list(outbox(runtime).iterdir()) == []
    [report] = await reports(runtime)
    assert (report.step, report.reason) == (DeliveryStep.DELIVERY_STEP_FAILED, "not-registered")


async def test_a_burst_to_one_receiver_gets_distinct_names(runtime: Runtime) -> None:
    await dispatch(runtime, 250)
    worker = delivery(runtime)
    while await worker.deliver_once():
        pass
    assert len(list(outbox(runtime).iterdir())) == 250


@given(st.integers(min_value=0, max_value=400_000_000_000), st.integers(min_value=0, max_value=400_000_000_000))
def test_names_are_as_distinct_as_their_numbers(one: int, two: int) -> None:
    names = [item_name("1310000", RECEIVER, n) for n in (one, two)]
    assert (names[0] == names[1]) == (one == two)
    assert {len(name) for name in names} == {30}


@pytest.mark.parametrize("code", ["9999999"])
async def test_where_nobody_delivers_the_sender_hears_no_route(runtime: Runtime, code: str) -> None:
    from adapters.runtime.endpoints import Endpoints

    document = registered_document(str(uuid7()))
    request = DispatchRequested(document=document, agency_id=AGENCY)
    request.deliveries.add(delivery_id=str(uuid7()), receiver_code=code)
    async with runtime.database.transaction() as unit:
        message = Incoming(uuid7(), "t", AGENCY, {}, "c", unit.now, request)
        await handlers.dispatch_documents(unit, Endpoints([]), [message])
    [report] = await reports(runtime)
    assert (report.step, report.reason, report.receiver_code) == (DeliveryStep.DELIVERY_STEP_FAILED, "no-route", code)


async def test_a_newer_snapshot_that_comes_while_an_older_goes_out_goes_out_too(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await dispatch(runtime)
    worker = delivery(runtime)
    encode = worker._encode_and_put

    statement = "UPDATE outgoing SET version = version + 1, state = 'waiting', next_attempt_at = now()"

    async def while_going_out(*arguments: object) -> object:
        await runtime.database.pool.execute(statement)
        return await encode(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(worker, "_encode_and_put", while_going_out)
        assert await worker.deliver_once() == 1
    assert await runtime.database.pool.fetchval("SELECT state FROM outgoing") == "waiting"
    assert await worker.deliver_once() == 1
    assert await runtime.database.pool.fetchval("SELECT state FROM outgoing") == "sent"


async def test_pauses_grow_to_an_hour_for_days_and_a_new_worker_goes_on_where_the_old_one_was(runtime: Runtime) -> None:
    await dispatch(runtime)
    outbox(runtime).parent.mkdir(parents=True, exist_ok=True)
    outbox(runtime).write_text("not a folder", encoding="utf-8")
    pauses = []
    for _ in range(MOST_ATTEMPTS):
        # A worker of its own each time, as after a restart: what is known of the attempts is in the database alone.
        assert await delivery(runtime).deliver_once() == 1
        row = await runtime.database.pool.fetchrow("SELECT state, next_attempt_at - now() AS pause FROM outgoing")
        if row["state"] != "waiting":
            break
        pauses.append(round(row["pause"] / timedelta(seconds=1)))
        await runtime.database.pool.execute("UPDATE outgoing SET next_attempt_at = now()")
    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses == sorted(pauses)
    assert set(pauses[12:]) == {3600}
    assert timedelta(days=3) < timedelta(seconds=sum(pauses)) < timedelta(days=5)
    assert (len(pauses), row["state"]) == (MOST_ATTEMPTS - 1, "failed")
    [report] = await reports(runtime)
    assert (report.step, report.reason) == (DeliveryStep.DELIVERY_STEP_FAILED, "transport-failed")


async def test_a_dead_target_delays_no_other(runtime: Runtime) -> None:
    await dispatch(runtime, 5)
    dead = runtime.endpoints.by_name["relay"]
    alive = replace(dead, name="relay-beside", transport=Folders(outbox=runtime.folder / "beside" / "out"))
    outbox(runtime).parent.mkdir(parents=True, exist_ok=True)
    outbox(runtime).write_text("not a folder", encoding="utf-8")
    await runtime.database.pool.execute(
        "UPDATE outgoing SET endpoint = 'relay-beside' WHERE id IN (SELECT id FROM outgoing LIMIT 2)"
    )
    workers = [Delivery(endpoint, runtime.database, runtime.blobs) for endpoint in (dead, alive)]
    assert await asyncio.gather(*(worker.deliver_once() for worker in workers)) == [3, 2]
    assert len(list((runtime.folder / "beside" / "out").iterdir())) == 2
    rows = await runtime.database.pool.fetch("SELECT endpoint, state, count(*) AS n FROM outgoing GROUP BY 1, 2")
    assert {tuple(row) for row in rows} == {("relay", "waiting", 3), ("relay-beside", "sent", 2)}


class Tripping:
    """An adapter that does not foresee some messages, and refuses others as a whole."""

    name, mapping_version = "tripping", 1

    def encode(self, messages: Sequence[Outgoing]) -> Encoded:
        titles = [message.message.title for message in messages]  # type: ignore[attr-defined]
        if "bug" in titles:
            raise KeyError("bug")
        if "bad" in titles:
            raise FormatError([reject("not-registered")])
        if "lonely" in titles and len(titles) > 1:
            raise ValueError("not together")
        rejected = {i: (reject("no-route"),) for i, title in enumerate(titles) if title == "refused"}
        carried = tuple(i for i, title in enumerate(titles) if title != "refused")
        name = "+".join(titles[i] for i in carried)
        return Encoded(
            [Item(name, {name: b""})] if carried else [], rejected=rejected, carried=[carried] * bool(carried)
        )


@given(st.lists(st.sampled_from(["a", "b", "bug", "bad", "refused", "lonely"]), min_size=1, max_size=9))
def test_a_message_that_an_adapter_trips_over_keeps_no_other(titles: list[str]) -> None:
    with capture_logs() as logged:
        encoded = encode(cast("Adapter", Tripping()), [Outgoing(OfficialDocument(title=title)) for title in titles])
    # Whoever keeps the adapter finds where it tripped.
    assert any(isinstance(line["exc_info"], KeyError) for line in logged) == ("bug" in titles)
    why = {"bug": "encode-failed", "bad": "not-registered", "refused": "no-route"}
    assert {index: findings[0].code for index, findings in encoded.rejected.items()} == {
        index: why[title] for index, title in enumerate(titles) if title in why
    }
    went = sorted(index for carried in encoded.carried for index in carried)
    assert went == [index for index, title in enumerate(titles) if title not in why]
    assert len(encoded.carried) == len(encoded.items)
    for item, carried in zip(encoded.items, encoded.carried, strict=True):
        assert item.name == "+".join(titles[index] for index in carried)
