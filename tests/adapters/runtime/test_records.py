"""Hand-overs of records on their way to the records system and its answers on their way back, by the table of kinds."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.canonical.forms import BY_TYPE
from adapters.contract import Encoded, Item, Outgoing
from adapters.formats.findings import Finding, reject
from adapters.runtime.decoding import Result, Wire
from adapters.runtime.delivery import Delivery
from adapters.runtime.endpoints import Endpoints, read_endpoints
from adapters.runtime.handlers import take_parcels
from adapters.runtime.intake import Taking, store_item
from adapters.runtime.kinds import ARRIVING, LEAVING, files_of
from chassis.envelope import Incoming
from chassis.ids import uuid7
from onnara.exchange.v1 import records_pb2 as pb
from onnara.exchange.v1.events_pb2 import DispatchRequested
from onnara.exchange.v1.official_document_pb2 import Attachment
from support.runtime import AGENCY, Runtime

MOMENT = datetime(2027, 3, 2, tzinfo=UTC)


def taking(runtime: Runtime) -> Endpoints:
    """The connections; behind the relay's stands the records system."""
    return Endpoints(
        [
            replace(each, takes=("RecordsHandedOver",)) if each.name == "relay" else each
            for each in runtime.endpoints.all
        ]
    )


async def handed_over(runtime: Runtime, *, stored: bool = True) -> pb.RecordsHandedOver:
    blob = await runtime.blobs.put(AGENCY, b"%PDF body")
    file = Attachment(sha256=blob.sha256 if stored else bytes(32), size=blob.size, name="body.pdf")
    part = pb.RecordComponent(role=pb.RecordComponent.ROLE_BODY, file=file, pages=1)
    nothing = pb.RecordComponent(role=pb.RecordComponent.ROLE_BODY)
    lists = pb.RecordsContent(
        transfer_id="t-1",
        records=[pb.RecordItem(record_id="r1", components=[part, nothing]), pb.RecordItem(components=[part])],
    )
    content = lists.SerializeToString()
    return pb.RecordsHandedOver(transfer_id="t-1", agency_id=AGENCY, content=content)


def incoming(message: Any) -> Incoming[Any]:
    actor = {"system": "documents"}
    return Incoming(uuid7(), message.DESCRIPTOR.full_name, AGENCY, actor, "journey", MOMENT, message)


async def take(runtime: Runtime, endpoints: Endpoints, *messages: Any, owner: str = AGENCY) -> None:
    async with runtime.database.transaction() as unit:
        await take_parcels(unit, endpoints, lambda _: owner, [incoming(each) for each in messages])


async def answers(runtime: Runtime) -> list[pb.HandOverAnswered]:
    rows = await runtime.database.pool.fetch("SELECT type, payload FROM parcel ORDER BY seq")
    return [pb.HandOverAnswered.FromString(row["payload"]) for row in rows if row["type"].endswith("HandOverAnswered")]


class Taker:
    """A records system's format that keeps what it was given, or cannot say it."""

    name, mapping_version = "taker", 1

    def __init__(self, finding: Finding | None = None) -> None:
        self.given: list[Outgoing] = []
        self.finding = finding

    def encode(self, messages: Any) -> Encoded:
        self.given += messages
        if self.finding:
            return Encoded([], rejected=dict.fromkeys(range(len(messages)), (self.finding,)))
        return Encoded([Item("T310101_TRANS_LIST", {"T310101_TRANS_LIST": b"x"})])


async def delivered(runtime: Runtime, endpoints: Endpoints, taker: Taker, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    delivery = Delivery(endpoints.by_name["relay"], runtime.database, runtime.blobs)

    async def made(*_: Any) -> Any:
        class Mapping:
            def made(self) -> Taker:
                return taker

        return Mapping()

    monkeypatch.setattr("adapters.runtime.delivery.in_force", made)
    await delivery.deliver_once()
    return list(await runtime.database.pool.fetch("SELECT * FROM outgoing"))


async def test_a_hand_over_goes_once_to_the_system_that_takes_it_with_its_files(runtime, monkeypatch) -> None:
    endpoints, parcel, taker = taking(runtime), await handed_over(runtime), Taker()
    await take(runtime, endpoints, parcel, parcel)
    [row] = await delivered(runtime, endpoints, taker, monkeypatch)
    assert (row["kind"], row["key"], row["state"], row["name"]) == ("records", "t-1", "sent", "")
    [given] = taker.given
    assert given.message == parcel
    assert list(given.blobs.values()) == [b"%PDF body"]
    assert await answers(runtime) == []


@pytest.mark.parametrize("case", ["nobody takes it", "another agency's"])
async def test_without_a_system_that_takes_it_the_department_hears_at_once(runtime, case: str) -> None:
    endpoints = runtime.endpoints if case == "nobody takes it" else taking(runtime)
    await take(
        runtime, endpoints, await handed_over(runtime), owner="" if endpoints is not runtime.endpoints else AGENCY
    )
    [told] = await answers(runtime)
    assert (told.transfer_id, told.outcome, told.code) == ("t-1", pb.HAND_OVER_OUTCOME_RETURNED, "no-route")
    assert [each.meaning.code for each in told.faults] == ["hand-over-not-sent"]
    assert not told.HasField("origin")
    assert not await runtime.database.pool.fetch("SELECT 1 FROM outgoing")


async def test_what_the_format_cannot_say_comes_back(runtime, monkeypatch) -> None:
    endpoints = taking(runtime)
    await take(runtime, endpoints, await handed_over(runtime))
    [row] = await delivered(runtime, endpoints, Taker(reject("record-kind-unexpected", type="x")), monkeypatch)
    assert row["state"] == "failed"
    [told] = await answers(runtime)
    assert (told.code, told.outcome) == ("record-kind-unexpected", pb.HAND_OVER_OUTCOME_RETURNED)


async def test_a_file_that_is_not_there_is_waited_for(runtime, monkeypatch) -> None:
    endpoints = taking(runtime)
    await take(runtime, endpoints, await handed_over(runtime, stored=False))
    [row] = await delivered(runtime, endpoints, Taker(), monkeypatch)
    assert (row["state"], row["problems"][0]["code"]) == ("waiting", "blob-missing")
    assert await answers(runtime) == []


async def test_an_answer_is_a_record_that_goes_to_its_service(runtime) -> None:
    said = pb.HandOverAnswered(transfer_id="t-1", outcome=pb.HAND_OVER_OUTCOME_ACCEPTED, code="00000")
    said.origin.natural_key = "T310101_20270302"
    wire = Wire(1, "", 0, 5, "answer-1", said.DESCRIPTOR.full_name, said.SerializeToString(), ())
    for name in ("A.txt", "B.txt"):
        item = Item(name, {name: b"00000"})
        at = Taking(runtime.endpoints.by_name["relay"], item, bytes(32), AGENCY, uuid4(), Result([wire], (), {}), 1)
        async with runtime.database.transaction() as unit:
            await store_item(unit, at)
    rows = await runtime.database.pool.fetch("SELECT kind, state FROM record ORDER BY id")
    assert [(row["kind"], row["state"]) for row in rows] == [("report", "in-flight"), ("report", "settled")]
    [sent] = await answers(runtime)
    assert (sent.origin.natural_key, sent.origin.endpoint, sent.transfer_id) == ("T310101_20270302", "relay", "t-1")
    assert sent.HasField("happened_at")


def test_an_endpoint_takes_only_what_can_be_handed_on(tmp_path: Path) -> None:
    entry = '[[endpoint]]\nname = "r"\nadapter = "relay"\nagency_code = "Z090000"\noutbox = "out"\ntakes = ["{}"]\n'
    config = tmp_path / "endpoints.toml"
    config.write_text(entry.format("RecordsHandedOver"), "utf-8")
    found = read_endpoints(config, tmp_path)
    assert found.taking("RecordsHandedOver", "a", lambda code: {"Z090000": "a"}.get(code, "")) is found.all[0]
    assert found.taking("RecordsHandedOver", "b", lambda _: "a") is None
    config.write_text(entry.format("ResultReported"), "utf-8")
    with pytest.raises(ValueError, match="takes: unknown message 'ResultReported'"):
        read_endpoints(config, tmp_path)


def test_every_kind_of_the_tables_is_a_form_of_the_contract() -> None:
    assert set(ARRIVING) <= set(BY_TYPE)
    assert {form.DESCRIPTOR.full_name for form in LEAVING} <= set(BY_TYPE)
    for name, row in ARRIVING.items():
        assert not row.moment or row.moment in BY_TYPE[name].DESCRIPTOR.fields_by_name
    assert not files_of(DispatchRequested())
