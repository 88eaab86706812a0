"""Systems that speak SOAP: what they call us with is stored before it is answered; they are called, or collect and confirm."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.contract import Item
from adapters.formats.soap.model import Fault, Message, many
from adapters.formats.soap.read import read
from adapters.formats.soap.write import write
from adapters.runtime.decoding import Result, Wire
from adapters.runtime.endpoints import Endpoint, Endpoints, read_endpoints
from adapters.runtime.intake import Intake
from adapters.runtime.soapfront import LARGEST, SoapFront
from adapters.runtime.transports.contract import Handed, TransportError
from adapters.runtime.transports.folders import Folders, put_all
from adapters.runtime.transports.soap import BODY, TYPE, Account, Soap, SoapCalled, SoapServed, SoapTarget, as_item
from chassis.http import serving
from support.runtime import AGENCY, Runtime

SIGNED = ("most", "secret")


@pytest.fixture
def account(tmp_path: Path) -> Account:
    (tmp_path / "password").write_text("secret\n", encoding="utf-8")
    return Account("most", tmp_path / "password")


def served(tmp_path: Path, account: Account, adapter: str = "mpb_budget") -> Endpoint:
    folders = Folders(tmp_path / "in", tmp_path / "taken", tmp_path / "error", tmp_path / "out")
    return Endpoint("most", adapter, "Z090000", Soap(folders, SoapServed("/most", account)), (), "most")


@asynccontextmanager
async def front(runtime: Runtime, endpoint: Endpoint) -> AsyncIterator[httpx.AsyncClient]:
    app = SoapFront(Endpoints([endpoint]), runtime.decoder)
    async with (
        serving(app, "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", auth=SIGNED, timeout=30) as client,
    ):
        yield client


async def call(client: httpx.AsyncClient, message: Message, **headers: str) -> Message:
    body, content_type = write(message)
    answer = await client.post("/most", content=body, headers={"Content-Type": content_type, **headers})
    return read(answer.content, answer.headers["content-type"])


async def test_a_message_is_on_the_disk_before_it_is_answered(
    runtime: Runtime, tmp_path: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def decode(adapter: str, item: Item, mapping: str = "") -> Result:
        """Stands for an adapter that reads SOAP: two records, one of them refused there."""
        message = read(item.parts[BODY], item.parts[TYPE].decode())
        assert message.operation == "submit"
        return Result([Wire(n, BODY, 0, 1, "", "", b"", ()) for n in (1, 2)], (), {})

    monkeypatch.setattr(runtime.decoder, "decode", decode)
    endpoint = served(tmp_path, account)
    async with front(runtime, endpoint) as client:
        answer = await call(client, Message("submit", "urn:x", {"title": "제목"}), **{"Message-Id": "M-1"})
        assert (answer.operation, answer.values) == ("stored", {"name": "M-1", "records": "2", "waiting": "0"})
        assert sorted(path.name for path in (tmp_path / "in" / "M-1").iterdir()) == [BODY, TYPE]
        again = await call(client, Message("submit", "urn:x", {"title": "제목"}), **{"Message-Id": "M-1"})
        assert again.values == answer.values
        nameless = await call(client, Message("submit", "urn:x", {}), **{"Message-Id": "../../etc/passwd"})
        assert len(str(nameless.values["name"])) == 36
    assert len(list((tmp_path / "in").iterdir())) == 2
    intake = Intake(endpoint, runtime.database, runtime.blobs, runtime.decoder, lambda _: AGENCY)
    assert await intake.scan_once() == 2
    assert await runtime.states() == {"quarantined": 4}
    assert list((tmp_path / "in").iterdir()) == []


async def test_who_is_wrong_is_told(runtime: Runtime, tmp_path: Path, account: Account) -> None:
    async with front(runtime, served(tmp_path, account)) as client:
        good, content_type = write(Message("submit", "urn:x", {}))

        async def status(**changes: Any) -> tuple[int, str]:
            wanted: dict[str, Any] = {"method": "POST", "url": "/most", "content": good, **changes}
            answer = await client.request(**wanted, headers={"Content-Type": content_type})
            fault = read(answer.content, answer.headers["content-type"]).fault
            return answer.status_code, fault.code if fault else ""

        assert await status(auth=("most", "wrong")) == (401, "Client")
        assert await status(auth=("nobody", "secret")) == (401, "Client")
        assert await status(auth=None) == (401, "Client")
        assert await status(url="/other") == (404, "Client")
        assert await status(method="GET") == (405, "Client")
        assert await status(content=b"x" * (LARGEST + 1)) == (413, "Client")
        assert await status(content=b"<html/>") == (500, "Client")
        assert await status(content=b"") == (500, "Client")
    assert not (tmp_path / "in").exists()


async def test_what_waits_is_collected_until_it_is_confirmed(
    runtime: Runtime, tmp_path: Path, account: Account
) -> None:
    async with front(runtime, served(tmp_path, account)) as client:
        assert (await call(client, Message("collect", "urn:onnara:exchange", {}))).values == {}
        put_all(tmp_path / "out", [as_item(f"R{n}", f"<r{n}/>".encode(), "text/xml") for n in range(3)])
        for _ in range(2):
            found = await call(client, Message("collect", "urn:onnara:exchange", {"most": "2"}))
            items = many(found.values["item"])
            assert [each["name"] for each in items] == ["R0", "R1"]
            assert base64.b64decode(items[0]["content"]) == b"<r0/>"
        names = {"name": ["R0", "R1", "../in", "nobody"]}
        assert (await call(client, Message("confirm", "urn:onnara:exchange", names))).values == {"count": "2"}
        [rest] = many((await call(client, Message("collect", "urn:onnara:exchange", {}))).values["item"])
        assert rest["name"] == "R2"
    assert sorted(path.name for path in (tmp_path / "out-confirmed").iterdir()) == ["R0", "R1"]


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
