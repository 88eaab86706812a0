"""Calls that are refused: who is told what, and that nothing of them is kept."""

import asyncio
import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.formats.soap.model import EXCHANGE, Message
from adapters.formats.soap.read import read
from adapters.formats.soap.write import write
from adapters.runtime.decoding import Decoder
from adapters.runtime.soapfront import LARGEST
from adapters.runtime.transports.soap import Account
from support.soap_caller import PROJECT, call, front, project, served


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


@pytest.fixture
def account(tmp_path: Path) -> Account:
    (tmp_path / "password").write_text("secret\n", encoding="utf-8")
    return Account("most", tmp_path / "password")


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
