"""Mappings of a connection: tried on samples, proposed by one, put in force by another, compared before a replay."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters import catalogue
from adapters.contract import Item
from adapters.runtime.decoding import decode_item
from adapters.runtime.main import make_replica
from adapters.runtime.rpc.mapping import MappingService
from adapters.runtime.translate import UNIT
from adapters.runtime.trying import differences, try_item
from adapters.runtime.units import Units
from chassis import db
from chassis.actor import Actor, TokenSigner, TokenVerifier
from chassis.clock import SystemClock
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from chassis.replica import ReplicaRow
from chassis.rpc import Server, bearer, connect
from chassis.uow import Database
from onnara.adapters.v1 import mapping_service_pb2 as pb
from onnara.adapters.v1.mapping_service_pb2_grpc import MappingServiceStub, add_MappingServiceServicer_to_server
from onnara.directory.v1.events_pb2 import UnitData
from support.runtime import AGENCY, Runtime, make_batch

SHIPPED = (catalogue.folder("mpb_budget") / "adapter.toml").read_text("utf-8")


def changed(version: int = 2) -> str:
    """The shipped mapping, but requests are keyed and told apart by a stricter number."""
    text = SHIPPED.replace("mapping_version = 1", f"mapping_version = {version}")
    return text.replace('pattern = "[0-9A-Z-]{4,14}"', 'pattern = "[0-9]{14}"')


async def units_of(pool: Any) -> Units:
    """The directory's answer for the one agency of these tests."""
    replica = make_replica(pool, None)
    unit = UnitData(code="Z090000", name="기획예산처", agency_id=AGENCY)
    await replica.apply([ReplicaRow(UNIT, "z09", date(2000, 1, 1), None, 1, unit.SerializeToString())])
    await replica.refresh()
    return Units(replica)


@dataclass
class Desk:
    runtime: Runtime
    stub: MappingServiceStub
    signer: TokenSigner

    async def call(
        self, method: str, who: str = "kang", *, roles: tuple[str, ...] = ("operator",), **values: Any
    ) -> Any:
        kind = getattr(pb, f"{method}Request")
        if "request_id" in kind.DESCRIPTOR.fields_by_name:
            values.setdefault("request_id", uuid4().hex)
        actor = Actor(who, f"a-{who}", f"p-{who}", AGENCY, "Z090101", who, "operator", roles=frozenset(roles))
        token = self.signer.issue(actor, "onnara", SystemClock().now())
        return await getattr(self.stub, method)(kind(**values), metadata=bearer(token))

    async def in_force(self, text: str) -> None:
        version = (
            await self.call("ProposeMapping", endpoint="mpb-budget", text=text, note="새 번호 체계")
        ).version.version
        await self.call("DecideMapping", "oh", endpoint="mpb-budget", version=version)


@pytest_asyncio.fixture
async def desk(runtime: Runtime) -> AsyncIterator[Desk]:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    pool = await db.open_pool(runtime.database_address.url("rpc"), size=3)
    clock = SystemClock()
    units = await units_of(runtime.database.pool)
    service = MappingService(Database(pool, clock), runtime.endpoints, runtime.blobs, runtime.decoder, units)
    verifier = TokenVerifier(lambda _: public, "onnara", clock)
    server = Server(
        "127.0.0.1:0", [(add_MappingServiceServicer_to_server, service)], verifier=verifier, clock=clock, grace=0
    )
    async with server, connect(f"127.0.0.1:{server.port}") as connection:
        yield Desk(runtime, MappingServiceStub(connection), TokenSigner("key", key.private_bytes_raw()))
    await pool.close()


async def states(desk: Desk) -> list[tuple[int, str, bool]]:
    listed = await desk.call("ListMappings", endpoint="mpb-budget")
    return [(each.version, pb.MappingState.Name(each.state)[14:], each.in_force) for each in listed.versions]


async def test_two_people_are_needed_for_a_mapping(desk: Desk) -> None:
    assert await states(desk) == [(1, "SHIPPED", True)]
    made = await desk.call("ProposeMapping", endpoint="mpb-budget", text=changed(), note="새 번호 체계")
    assert (made.version.version, made.version.own, made.version.in_force) == (2, True, False)
    with pytest.raises(ForbiddenError, match="mapping-own-proposal"):
        await desk.call("DecideMapping", endpoint="mpb-budget", version=2)
    with pytest.raises(ConflictError, match="mapping-proposed-already"):
        await desk.call("ProposeMapping", "oh", endpoint="mpb-budget", text=changed(3), note="x")
    done = await desk.call("DecideMapping", "oh", endpoint="mpb-budget", version=2)
    assert (done.version.decided_by, done.version.in_force) == ("oh", True)
    with pytest.raises(ConflictError, match="mapping-decided-already"):
        await desk.call("DecideMapping", "seo", endpoint="mpb-budget", version=2)
    await desk.call("ProposeMapping", "oh", endpoint="mpb-budget", text=changed(3), note="다시")
    await desk.call("DecideMapping", endpoint="mpb-budget", version=3, refuse=True, reason="근거 없음")
    await desk.call("ProposeMapping", "oh", endpoint="mpb-budget", text=changed(4), note="다시")
    await desk.call("DecideMapping", endpoint="mpb-budget", version=4)
    assert await states(desk) == [
        (4, "LIVE", True),
        (3, "REFUSED", False),
        (2, "SUPERSEDED", False),
        (1, "SHIPPED", False),
    ]
    assert (await desk.call("GetMapping", endpoint="mpb-budget")).text == changed(4)
    assert (await desk.call("GetMapping", endpoint="mpb-budget", version=1)).text == SHIPPED


async def test_what_cannot_be_proposed(desk: Desk) -> None:
    for text, code in (
        ("no toml [", "mapping-invalid"),
        (SHIPPED.replace('loss = "reject"', 'loss = "shrug"', 1), "mapping-invalid"),
        (SHIPPED.replace("width = 14", 'width = "wide"', 1), "mapping-invalid"),
        (SHIPPED, "mapping-version-not-next"),
        (changed(7), "mapping-version-not-next"),
    ):
        with pytest.raises(InvalidError, match=code):
            await desk.call("ProposeMapping", endpoint="mpb-budget", text=text, note="x")
    with pytest.raises(InvalidError, match="note-missing"):
        await desk.call("ProposeMapping", endpoint="mpb-budget", text=changed())
    with pytest.raises(ForbiddenError, match="role-missing"):
        await desk.call("ListMappings", roles=("drafter",), endpoint="mpb-budget")
    with pytest.raises(NotFoundError, match="endpoint-unknown"):
        await desk.call("ListMappings", endpoint="nobody")
    assert await states(desk) == [(1, "SHIPPED", True)]


async def test_a_sample_shows_fields_beside_bytes_and_the_loss_report(desk: Desk) -> None:
    data = make_batch(3).replace(b"00000000000002", b"2026-0002     ", 1)
    sample = pb.Sample(name="A.DAT", parts={"A.DAT": data})
    now = await desk.call("TryMapping", endpoint="mpb-budget", sample=sample)
    assert (now.accepted, now.refused) == (3, 0)
    [record] = [each for each in now.records if each.ordinal == 2] or now.records[:1]
    assert {field.name for field in record.fields} >= {"request_no", "agency_code"}
    later = await desk.call("TryMapping", endpoint="mpb-budget", sample=sample, text=changed())
    assert (later.accepted, later.refused) == (2, 1)
    assert later.findings[0].severity == "reject"
    assert [each.accepted for each in later.records].count(False) == 1
    wrong = await desk.call("TryMapping", endpoint="mpb-budget", sample=sample, text="x = [")
    assert wrong.problems
    assert not wrong.records
    with pytest.raises(InvalidError, match="sample-missing"):
        await desk.call("TryMapping", endpoint="mpb-budget")
    hopeless = await desk.call("TryMapping", endpoint="mpb-budget", sample=pb.Sample(name="x", parts={"x": b"\x00"}))
    assert (hopeless.accepted, [each.first.code for each in hopeless.findings]) == (0, ["file-empty"])


async def test_files_are_read_by_the_mapping_in_force_and_say_so(desk: Desk) -> None:
    runtime = desk.runtime
    await desk.in_force(changed())
    runtime.drop("A.DAT", make_batch(2).replace(b"00000000000002", b"2026-0002     ", 1))
    intake = runtime.intake()
    for _ in range(2):
        await intake.scan_once()
    assert await runtime.states() == {"in-flight": 1, "quarantined": 1}
    file = await runtime.database.pool.fetchrow("SELECT id, mapping_version FROM intake_file")
    assert file["mapping_version"] == 2
    # Back to a mapping that takes such numbers: the difference is shown, then the record goes on.
    text = SHIPPED.replace("mapping_version = 1", "mapping_version = 3")
    await desk.in_force(text)
    shown = await desk.call("CompareFile", file_id=str(file["id"]))
    assert (shown.version_before, shown.version_after, shown.records, shown.changed) == (2, 3, 2, 1)
    [change] = shown.changes
    assert (change.accepted_before, change.accepted_after, change.state) == (False, True, "quarantined")
    assert await runtime.states() == {"in-flight": 1, "quarantined": 1}
    done = await desk.call("ReplayFile", file_id=str(file["id"]), note="번호 체계를 되돌림")
    assert (done.sent_on, done.still_quarantined) == (1, 0)
    assert await runtime.states() == {"in-flight": 2}
    again = await desk.call("ReplayFile", file_id=str(file["id"]), note="다시")
    assert (again.sent_on, again.still_quarantined) == (0, 0)
    for call in ("CompareFile", "ReplayFile"):
        with pytest.raises(NotFoundError, match="file-unknown"):
            await desk.call(call, file_id=str(uuid4()), **({"note": "x"} if call == "ReplayFile" else {}))


async def test_a_file_is_decoded_once_and_corrections_stay(desk: Desk, monkeypatch: Any) -> None:
    runtime = desk.runtime
    await desk.in_force(changed())
    bad = [f"2026-{number:04}     ".encode() for number in range(2, 5)]
    data = make_batch(5)
    for number, each in enumerate(bad, 2):
        data = data.replace(f"{number:014}".encode(), each, 1)
    runtime.drop("A.DAT", data)
    intake = runtime.intake()
    for _ in range(2):
        await intake.scan_once()
    assert await runtime.states() == {"in-flight": 2, "quarantined": 3}
    pool = runtime.database.pool
    rows = await pool.fetch("SELECT id, file_id, byte_offset, byte_length FROM record")
    [row] = [each for each in rows if b"2026-0004 " in data[each["byte_offset"] :][: each["byte_length"]]]
    raw = data[row["byte_offset"] : row["byte_offset"] + row["byte_length"]].replace(b"2026-0004 ", b"2026-9999 ")
    await pool.execute("UPDATE record SET corrected = $2 WHERE id = $1", row["id"], raw)
    await desk.in_force(SHIPPED.replace("mapping_version = 1", "mapping_version = 3"))
    asked = []
    decode = runtime.decoder.decode

    async def counted(*arguments: Any) -> Any:
        asked.append(arguments)
        return await decode(*arguments)

    monkeypatch.setattr(runtime.decoder, "decode", counted)
    done = await desk.call("ReplayFile", file_id=str(row["file_id"]), note="다시")
    assert (done.sent_on, done.still_quarantined) == (3, 0)
    assert len(asked) == 2
    keys = {each["natural_key"] for each in await pool.fetch("SELECT natural_key FROM record")}
    assert any("2026-9999" in key for key in keys)
    assert not any("2026-0004" in key for key in keys)


def test_two_mappings_are_compared_value_by_value() -> None:
    item = Item("A.DAT", {"A.DAT": make_batch(2)})
    before = decode_item("mpb_budget", item)
    other = SHIPPED.replace('sender_name = "기획예산처장관"', 'sender_name = "기획예산처장"')
    assert list(differences(before, before)) == []
    found = list(differences(before, decode_item("mpb_budget", item, other)))
    assert [each.fields for each in found] == [[("document.sender_name", "기획예산처장관", "기획예산처장")]] * 2


def test_a_mapping_that_breaks_the_adapter_is_told_and_breaks_nothing() -> None:
    item = Item("A.DAT", {"A.DAT": make_batch(1)})
    assert try_item("mpb_budget", "", item, 5).accepted == 1
