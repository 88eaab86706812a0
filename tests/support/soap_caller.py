"""A system that calls us with SOAP: its requests, the front that answers it, and what it is told."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from adapters.formats.soap.model import Message
from adapters.formats.soap.read import read
from adapters.formats.soap.write import write
from adapters.runtime.decoding import Decoder
from adapters.runtime.endpoints import Endpoint, Endpoints
from adapters.runtime.mappings import Mapping, shipped
from adapters.runtime.soapfront import SoapFront
from adapters.runtime.transports.folders import Folders
from adapters.runtime.transports.soap import Account, Soap, SoapServed
from chassis.http import serving

SIGNED = ("most", "secret")


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
