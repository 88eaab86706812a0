"""Systems that speak SOAP: what they call us with is stored before it is answered; they are called, or collect and confirm."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from adapters.formats.soap.model import EXCHANGE, Message, Style, Version, many
from adapters.formats.soap.read import read
from adapters.formats.soap.shape import BODY, TYPE
from adapters.formats.soap.write import write
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.intake import Intake
from adapters.runtime.mappings import Mapping, shipped, shipped_text
from adapters.runtime.soapfront import LARGEST, SoapFront
from adapters.runtime.transports.folders import Folders, put_all
from adapters.runtime.transports.soap import Account, Soap, SoapServed, as_item
from chassis.http import serving
from support.runtime import AGENCY, Runtime

SIGNED = ("most", "secret")


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


@pytest.fixture
def account(tmp_path: Path) -> Account:
    (tmp_path / "password").write_text("secret\n", encoding="utf-8")
    return Account("most", tmp_path / "password")


def served(tmp_path: Path, account: Account, adapter: str = "most_projects") -> Endpoint:
    folders = Folders(tmp_path / "in", tmp_path / "taken", tmp_path / "error", tmp_path / "out")
    return Endpoint("most", adapter, "Z350000", Soap(folders, SoapServed("/most", account)), (), "most")


PROJECT = {
    "number": "2026-NR-0001", "round": "1", "title": "양자점 소자", "program": "NR", "institute": "가람연구원", "leader": "홍가람",
    "begins": "2027-01-01", "ends": "2027-12-31", "amount": "1000000", "summary": "소자를 만든다.",
}  # fmt: skip


def project(number: str, **change: Any) -> Message:
    """A whole request. change: parts of it to put otherwise."""
    request: dict[str, Any] = {
        "project": {**PROJECT, "number": number},
        "approval": {
            "department": "Z350101",
            "requestedAt": "2026-11-23T09:30:00+09:00",
            "task": "ZD010101",
            "disclosure": "1NNNNNNNN",
        },
        "budgets": {"budget": [{"year": "2027", "item": "인건비", "amount": "1000000"}]},
        "approvalLine": {
            "signer": [
                {"kind": "기안", "userId": "MOST0101", "actedAt": "2026-11-23T09:30:00+09:00"},
                {"kind": "전결", "userId": "MOST0103"},
            ]
        },
        **change,
    }
    return Message("submitProject", "urn:most:projects:approval", {"request": request})


async def as_shipped(endpoint: Endpoint) -> Mapping:
    return shipped(endpoint)


@asynccontextmanager
async def front(
    decoder: Decoder, endpoint: Endpoint, mapping_of: Callable[[Endpoint], Awaitable[Mapping]] = as_shipped
) -> AsyncIterator[httpx.AsyncClient]:
    app = SoapFront(Endpoints([endpoint]), decoder, mapping_of)
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
    runtime: Runtime, tmp_path: Path, account: Account
) -> None:
    endpoint = served(tmp_path, account)
    async with front(runtime.decoder, endpoint) as client:
        answer = await call(client, project("2026-NR-0001"), **{"Message-Id": "M-1"})
        assert (answer.operation, answer.values["records"], answer.values["waiting"]) == ("stored", "1", "0")
        name = str(answer.values["name"])
        assert name.startswith("M-1-")
        assert sorted(path.name for path in (tmp_path / "in" / name).iterdir()) == [BODY, TYPE]
        assert (await call(client, project("2026-NR-0001"), **{"Message-Id": "M-1"})).values == answer.values
        # The same name for something else replaces nothing; a name that is a path is none.
        other = await call(client, project("2026-NR-0002"), **{"Message-Id": "M-1"})
        assert other.values["name"] != name
        nameless = await call(client, project("2026-NR-0003"), **{"Message-Id": "../../etc/passwd"})
        assert len(str(nameless.values["name"])) == 32
    assert len(list((tmp_path / "in").iterdir())) == 3
    intake = Intake(endpoint, runtime.database, runtime.blobs, runtime.decoder, lambda _: AGENCY)
    assert await intake.scan_once() == 3
    assert await runtime.states() == {"in-flight": 3}
    assert list((tmp_path / "in").iterdir()) == []
    async with front(runtime.decoder, endpoint) as client:
        # Asked again, wrapped otherwise, after it was taken.
        again = replace(project("2026-NR-0001"), headers={"attempt": "2"})
        assert (await call(client, again, **{"Message-Id": "M-1"})).values == answer.values
    assert list((tmp_path / "in").iterdir()) == []


async def test_the_same_message_at_the_same_time_is_stored_once(
    decoder: Decoder, tmp_path: Path, account: Account
) -> None:
    async with front(decoder, served(tmp_path, account)) as client:
        answers = await asyncio.gather(*(call(client, project("2026-NR-0009")) for _ in range(5)))
    assert len({str(answer.values["name"]) for answer in answers}) == 1
    assert len(list((tmp_path / "in").iterdir())) == 1


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("style", ["rpc", "document"])
async def test_answers_and_faults_are_of_the_generation_of_the_question(
    decoder: Decoder, tmp_path: Path, account: Account, style: Style, version: Version
) -> None:
    async with front(decoder, served(tmp_path, account)) as client:
        question = replace(project("2026-NR-0001"), style=style, version=version)
        answer = await call(client, question)
        wanted = "stored" if style == "document" else "submitProjectResponse"
        assert (answer.operation, answer.style, answer.version) == (wanted, style, version)
        fault = await call(client, replace(question, values={"request": {"project": {"number": "2026-NR-0001"}}}))
        assert (fault.version, fault.fault and fault.fault.code) == (version, "Client")


async def test_what_is_wrong_with_a_call_is_told_in_korean_and_nothing_is_kept(
    decoder: Decoder, tmp_path: Path, account: Account
) -> None:
    wrong: dict[str, Any] = {**PROJECT, "number": "x", "leader": None, "amount": "십억"}
    async with front(decoder, served(tmp_path, account)) as client:
        body, content_type = write(project("", project=wrong))
        answer = await client.post("/most", content=body, headers={"Content-Type": content_type})
        assert answer.status_code == 500
        assert 'xml:lang="ko"' in answer.text
        for code, field in (("pattern-mismatch", "number"), ("value-missing", "leader"), ("amount-invalid", "amount")):
            assert f"<o:code>{code}</o:code><o:field>project.{field}</o:field>" in answer.text
        assert "고쳐서 다시 보내 주십시오" in answer.text
    assert not (tmp_path / "in").exists()


HOSTILE = {
    "external": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "laughs": b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>',
}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<soap:Envelope", HOSTILE["external"] + b"<soap:Envelope", "xml-entity-forbidden"),
        (b"<soap:Envelope", HOSTILE["laughs"] + b"<soap:Envelope", "xml-entity-forbidden"),
        (b"urn:most:projects:approval", b"urn:most:projects:approvals", "soap-namespace-unknown"),
        (b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2001/12/soap-envelope", "soap-version-unknown"),
        (b"submitProject", b"submitProjects", "soap-operation-unknown"),
        (b"<soap:Body>", b'<soap:Header><w:Security xmlns:w="urn:w" soap:mustUnderstand="1"/></soap:Header><soap:Body>', "soap-header-demanded"),
        (b"</submitProject>", b"", "xml-malformed"),
        (b"<number>", b'<number href="#nowhere">', "soap-reference-missing"),
    ],
)  # fmt: skip
async def test_hostile_and_foreign_calls_are_refused_with_a_reason(
    decoder: Decoder, tmp_path: Path, account: Account, old: bytes, new: bytes, code: str
) -> None:
    body, content_type = write(project("2026-NR-0001"))
    async with front(decoder, served(tmp_path, account)) as client:
        answer = await client.post("/most", content=body.replace(old, new), headers={"Content-Type": content_type})
        assert answer.status_code == 500
        assert f"<o:code>{code}</o:code>" in answer.text
        fault = read(answer.content, answer.headers["content-type"]).fault
        wanted = {"soap-version-unknown": "VersionMismatch", "soap-header-demanded": "MustUnderstand"}
        assert fault is not None
        assert fault.code == wanted.get(code, "Client")
    assert not (tmp_path / "in").exists()


async def test_a_call_that_breaks_off_leaves_nothing(decoder: Decoder, tmp_path: Path, account: Account) -> None:
    body, content_type = write(project("2026-NR-0001"))
    token = base64.b64encode(b"most:secret").decode()
    head = (
        f"POST /most HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {token}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    async with front(decoder, served(tmp_path, account)) as client:
        _, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(head.encode() + body[: len(body) // 2])
        await writer.drain()
        writer.close()
        assert (await call(client, Message("collect", EXCHANGE, {}))).values == {}
    assert not (tmp_path / "in").exists()


async def test_a_full_disk_is_no_fault_of_the_caller(decoder: Decoder, tmp_path: Path, account: Account) -> None:
    (tmp_path / "in").write_bytes(b"in the way of the folder")
    async with front(decoder, served(tmp_path, account)) as client:
        body, content_type = write(project("2026-NR-0001"))
        answer = await client.post("/most", content=body, headers={"Content-Type": content_type})
        fault = read(answer.content, answer.headers["content-type"]).fault
        assert (answer.status_code, fault and fault.code) == (503, "Server")


async def test_the_mapping_in_force_decides_at_the_door(decoder: Decoder, tmp_path: Path, account: Account) -> None:
    endpoint = served(tmp_path, account)
    text = shipped_text(endpoint).replace("[codes.programs]", '[codes.programs]\nXX = "시험사업"')
    new = Mapping("most_projects", 2, text.replace("mapping_version = 1", "mapping_version = 2"))

    async def later(_: Endpoint) -> Mapping:
        return new

    call_of = project("2026-NR-0001", project={**PROJECT, "program": "XX"})
    async with front(decoder, endpoint) as client:
        assert (await call(client, call_of)).fault is not None
    async with front(decoder, endpoint, later) as client:
        assert (await call(client, call_of)).operation == "stored"


async def test_a_database_that_does_not_answer_is_no_fault_of_the_caller(
    decoder: Decoder, tmp_path: Path, account: Account
) -> None:
    async def away(_: Endpoint) -> Mapping:
        raise asyncpg.InterfaceError("away")

    async with front(decoder, served(tmp_path, account), away) as client:
        fault = (await call(client, project("2026-NR-0001"))).fault
        assert fault is not None
        assert fault.code == "Server"
        assert (await client.get("/most?wsdl")).status_code == 503
    assert not (tmp_path / "in").exists()


async def test_a_password_is_made_up_where_there_is_none(decoder: Decoder, tmp_path: Path) -> None:
    account = Account("most", tmp_path / "keys" / "most.password")
    app = SoapFront(Endpoints([served(tmp_path, account)]), decoder, as_shipped)
    async with front(decoder, served(tmp_path, account)) as client:
        assert (await client.post("/most", content=b"")).status_code == 401
        app.make_passwords()
        made = account.password()
        app.make_passwords()
        assert (account.password(), len(made), account.password_file.stat().st_mode & 0o777) == (made, 32, 0o600)
        assert (await client.post("/most", content=b"", auth=("most", made))).status_code == 500


async def test_the_description_is_there_for_anybody(decoder: Decoder, tmp_path: Path, account: Account) -> None:
    async with front(decoder, served(tmp_path, account)) as client:
        found = await client.get("/most?wsdl", auth=None)
        assert (found.status_code, found.headers["content-type"]) == (200, "text/xml; charset=utf-8")
        assert f'location="{client.base_url}/most"' in found.text
        assert (await client.get("/other?wsdl", auth=None)).status_code == 404
    plain = served(tmp_path, account, "mpb_budget")
    async with front(decoder, plain) as client:
        assert (await client.get("/most?wsdl", auth=None)).status_code == 405


async def test_who_is_wrong_is_told(decoder: Decoder, tmp_path: Path, account: Account) -> None:
    async with front(decoder, served(tmp_path, account)) as client:
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
    decoder: Decoder, tmp_path: Path, account: Account
) -> None:
    async with front(decoder, served(tmp_path, account)) as client:
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
