"""Systems that are called by SOAP: in order, in the generation of their question; what they refuse delays no other."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zeep
from lxml import etree

from adapters import catalogue
from adapters.formats.soap.model import Fault, Message
from adapters.formats.soap.read import read
from adapters.formats.soap.write import write
from adapters.runtime import handlers
from adapters.runtime.delivery import Delivery
from adapters.runtime.endpoints import Endpoint, Endpoints, read_endpoints
from adapters.runtime.intake import Intake
from adapters.runtime.transports.contract import Handed, TransportError
from adapters.runtime.transports.folders import Folders, put_all
from adapters.runtime.transports.soap import Account, Soap, SoapCalled, SoapServed, SoapTarget, as_item
from chassis.envelope import Incoming
from chassis.http import serving
from chassis.ids import uuid7
from onnara.exchange.v1.events_pb2 import RequestReceived, RequestStatus, ResultReported
from onnara.exchange.v1.official_document_pb2 import StepMode, StepOutcome, StepRole
from support.runtime import AGENCY, Runtime

SAMPLES = Path(str(catalogue.folder("most_projects"))) / "samples"


@pytest.fixture
def account(tmp_path: Path) -> Account:
    (tmp_path / "password").write_text("secret\n", encoding="utf-8")
    return Account("most", tmp_path / "password")


@asynccontextmanager
async def their_service(answers: Sequence[tuple[int, Message | bytes]]) -> AsyncIterator[tuple[str, list[Any]]]:
    """A system that is called: it answers in turn, the last answer for ever, and keeps what it got."""
    got: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        event = await receive()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        got.append((headers.get("message-id"), headers.get("soapaction"), headers.get("authorization"), event["body"]))
        status, answer = answers[min(len(got), len(answers)) - 1]
        body, kind = (answer, "text/plain") if isinstance(answer, bytes) else write(answer)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})
        await send({"type": "http.response.body", "body": body})

    async with serving(app, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}/", got


FINE = (200, Message("ok", "urn:x", {}))
ITEMS = [as_item(f"R{n}", b"<r/>", "text/xml; charset=utf-8") for n in range(3)]


async def test_they_are_called_in_order_and_what_they_refuse_delays_none(account: Account) -> None:
    refusal = (500, Message("", "", {}, fault=Fault("Client", "번호가 없습니다")))
    async with their_service([FINE, refusal, FINE]) as (url, got):
        target = SoapTarget(SoapCalled(url, "urn:answer", account))
        assert await target.put(ITEMS) == Handed({1: "번호가 없습니다"})
        await target.close()
    assert [(name, action) for name, action, _, _ in got] == [(f"R{n}", '"urn:answer"') for n in range(3)]
    assert got[0][2] == "Basic " + base64.b64encode(b"most:secret").decode()


@pytest.mark.parametrize(
    "trouble",
    [(503, b"later"), (500, Message("", "", {}, fault=Fault("Server", "데이터베이스 오류"))), (302, b"")],
)
async def test_a_side_in_trouble_gets_the_rest_later(trouble: Any) -> None:
    async with their_service([FINE, trouble]) as (url, got):
        target = SoapTarget(SoapCalled(url))
        handed = await target.put(ITEMS)
        assert (handed.refused, sorted(handed.failed)) == ({}, [1, 2])
        await target.close()
    assert len(got) == 2
    dead = SoapTarget(SoapCalled(url))
    assert sorted((await dead.put(ITEMS)).failed) == [0, 1, 2]
    with pytest.raises(TransportError, match="ConnectError"):
        await dead._post(ITEMS[0])


async def decided(runtime: Runtime, endpoint: Endpoint) -> None:
    """The services decide on the one request that came, and report it."""
    [row] = await runtime.database.pool.fetch("SELECT id FROM record")
    [parcel] = await runtime.database.pool.fetch("SELECT payload FROM parcel")
    request = RequestReceived.FromString(parcel["payload"])
    report = ResultReported(
        origin=request.origin, version=1, status=RequestStatus.REQUEST_STATUS_REGISTERED, title=request.document.title
    )
    assert report.origin.record_id == str(row["id"])
    step = report.steps.add(order=1, role=StepRole.STEP_ROLE_DECIDE, mode=StepMode.STEP_MODE_OWN)
    step.outcome, step.opinion = StepOutcome.STEP_OUTCOME_APPROVED, "2차연도 장비는 따로 협의"
    report.registration.text, report.registration.serial = "연구개발조정과-41", 41
    report.reported_at.GetCurrentTime()
    async with runtime.database.transaction() as unit:
        incoming = Incoming(uuid7(), "t", AGENCY, {"system": "test"}, "c", unit.now, report)
        assert list(await handlers.report_results(unit, Endpoints([endpoint]), [incoming])) == [None]


@pytest.mark.parametrize(("sample", "style"), [("generations/in/C1", "document"), ("references/in/A1", "rpc")])
async def test_an_answer_is_delivered_in_the_generation_of_the_question(
    runtime: Runtime, tmp_path: Path, sample: str, style: str
) -> None:
    folders = Folders(tmp_path / "in", tmp_path / "taken", tmp_path / "error")
    async with their_service([(503, b"later"), FINE]) as (url, got):
        endpoint = Endpoint(
            "most", "most_projects", "Z350000", Soap(folders, None, SoapCalled(url)), (), "most-projects"
        )
        parts = [(SAMPLES / sample / name).read_bytes() for name in ("body", "content-type")]
        put_all(tmp_path / "in", [as_item("Q1", parts[0], parts[1].decode())])
        intake = Intake(endpoint, runtime.database, runtime.blobs, runtime.decoder, lambda _: AGENCY)
        await intake.scan_once()
        await decided(runtime, endpoint)
        delivery = Delivery(endpoint, runtime.database, runtime.blobs)
        assert await delivery.deliver_once() == 1
        await runtime.database.pool.execute("UPDATE outgoing SET next_attempt_at = now()")
        assert await delivery.deliver_once() == 1
        await delivery._target.close()
    assert [row["state"] for row in await runtime.database.pool.fetch("SELECT state FROM outgoing")] == ["sent"]
    (first, *_, refused), (second, *_, body) = got
    assert (first, refused) == (second, body)
    answer = read(body)
    assert (answer.operation, answer.style, answer.version) == ("reportResult", style, "1.1")
    assert answer.values["request"]["registration"]["number"] == "연구개발조정과-41"
    if style == "document":
        (tmp_path / "most.wsdl").write_bytes(catalogue.load("most_projects").wsdl("http://localhost/"))
        client = zeep.Client(str(tmp_path / "most.wsdl"))
        element = client.get_element("{urn:most:projects:approval}reportResult")
        understood = element.parse(etree.fromstring(body)[-1][0], client.wsdl.types).request
        assert (understood.status, understood.registration.serial) == ("REGISTERED", 41)
        assert understood.approvalLine.signer[0].opinion == "2차연도 장비는 따로 협의"


def test_endpoints_that_speak_soap_are_read(tmp_path: Path, account: Account) -> None:
    text = """
[[endpoint]]
name = "most"
adapter = "mpb_budget"
agency_code = "Z090000"
inbox = "in"
taken = "taken"
[endpoint.soap.served]
path = "/most"
caller = { user = "most", password_file = "password" }
[endpoint.soap.called]
url = "https://most.example/approval"
action = "urn:answer"
"""
    (tmp_path / "endpoints.toml").write_text(text, encoding="utf-8")
    [found] = read_endpoints(tmp_path / "endpoints.toml", tmp_path).all
    assert (found.direction, found.transport) == (
        "both",
        Soap(
            Folders(tmp_path / "in", tmp_path / "taken"),
            SoapServed("/most", account),
            SoapCalled("https://most.example/approval", "urn:answer"),
        ),
    )
    for wrong in (
        text.replace("path =", "paths ="),
        text.replace("user =", "users ="),
        text.replace(".called]", ".call]"),
    ):
        (tmp_path / "endpoints.toml").write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError, match=r"endpoint 1 \(most\): unknown key soap"):
            read_endpoints(tmp_path / "endpoints.toml", tmp_path)
    no_taken = replace(found.transport, folders=Folders(tmp_path / "in"))
    with pytest.raises(ValueError, match="folders inbox and taken"):
        no_taken.source(lambda _: True)
