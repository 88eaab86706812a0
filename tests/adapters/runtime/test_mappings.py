"""Mappings of a connection: tried on samples, proposed by one, put in force by another, compared before a replay."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters import catalogue
from adapters.contract import Item
from adapters.runtime.decoding import decode_item
from adapters.runtime.rpc.mapping import MappingService
from adapters.runtime.trying import differences, try_item
from chassis import db
from chassis.actor import Actor, TokenSigner, TokenVerifier
from chassis.clock import SystemClock
from chassis.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from chassis.rpc import Server, bearer, connect
from chassis.uow import Database
from onnara.adapters.v1 import mapping_service_pb2 as pb
from onnara.adapters.v1.mapping_service_pb2_grpc import MappingServiceStub, add_MappingServiceServicer_to_server
from support.runtime import AGENCY, Runtime, make_batch

SHIPPED = (catalogue.folder("mpb_budget") / "adapter.toml").read_text("utf-8")


def changed(version: int = 2) -> str:
    """The shipped mapping, but requests are keyed and told apart by a stricter number."""
    text = SHIPPED.replace("mapping_version = 1", f"mapping_version = {version}")
    return text.replace('pattern = "[0-9A-Z-]{4,14}"', 'pattern = "[0-9]{14}"')


class Units:
    """The directory's answer for the one agency of these tests."""

    def owner(self, code: str) -> str:
        return AGENCY if code == "Z090000" else ""


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
    units: Any = Units()
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
