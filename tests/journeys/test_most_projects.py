"""A research project through the running suite: an independent SOAP client asks with our description, gets its answer and confirms it."""

import asyncio
import base64
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import zeep
from lxml import etree

from adapters import catalogue
from adapters.formats.soap.model import EXCHANGE, Message, many
from adapters.formats.soap.read import read
from adapters.formats.soap.write import write
from onnara.approval.v1.approval_service_pb2 import Action
from onnara.documents.v1.documents_service_pb2 import DownloadAttachmentRequest
from tools.demo.officials import Official, services_of
from tools.suite import Suite

pytestmark = [pytest.mark.servers]
LONGEST = 20.0
PLAN = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PROJECTS = "urn:most:projects:approval"


def client_of(suite: Suite) -> zeep.Client:
    """The ministry's client, made of our description."""
    transport = zeep.Transport(timeout=30)
    password = (suite.transport / "keys" / "most-projects.password").read_text("utf-8").strip()
    transport.session.auth = ("most-projects", password)
    address = f"http://127.0.0.1:{suite.port('adapters-soap')}/most/projects?wsdl"
    return zeep.Client(address, transport=transport)


def request_of(number: str, title: str) -> dict[str, Any]:
    """A project as that client has it: numbers, days and moments of its own language."""
    return {
        "project": {
            "number": number, "round": 1, "title": title, "program": "NR", "institute": "가람과학기술연구원", "leader": "홍가람",
            "begins": date(2027, 1, 1), "ends": date(2029, 12, 31), "amount": 1_250_000_000, "summary": "첫 줄\n둘째 줄",
        },
        "approval": {
            "department": "Z350101", "requestedAt": datetime(2026, 11, 23, 0, 30, tzinfo=UTC), "task": "ZD010101",
            "retention": 10, "disclosure": "1NNNNNNNN",
        },
        "budgets": {"budget": [{"year": 2027, "item": "인건비", "amount": 1_250_000_000}]},
        "approvalLine": {
            "signer": [
                {"kind": "기안", "userId": "MOST0101", "actedAt": datetime(2026, 11, 23, 0, 30, tzinfo=UTC)},
                {"kind": "검토", "userId": "MOST0102"},
                {"kind": "전결", "userId": "MOST0103"},
            ]
        },
        "attachments": {"attachment": [{"fileName": "연구계획서.pdf", "fileSize": len(PLAN), "content": PLAN}]},
    }  # fmt: skip


async def called(operation: Callable[..., Any], **values: Any) -> Any:
    """Calls as that client does, which waits."""
    return await asyncio.to_thread(operation, **values)


async def test_a_project_is_asked_for_decided_and_its_answer_collected(suite: Suite) -> None:
    number = f"2026-{datetime.now(UTC):%H%M%S}"
    title = f"연구과제 시험 {number}"
    client = await asyncio.to_thread(client_of, suite)
    request = request_of(number, title)
    stored = await called(client.service.submitProject, request=request)
    assert (stored.records, stored.waiting) == (1, 0)
    assert (await called(client.service.submitProject, request=request)).name == stored.name
    async with services_of(suite) as services:
        for login in ("most.lee", "most.park"):
            official = await Official.sign_in(services, login)
            line = await official.wait_for(title)
            [file] = (await official.look(line.document_id)).content.attachments
            asked = DownloadAttachmentRequest(document_id=line.document_id, sha256=file.sha256)
            pieces = official.documents.DownloadAttachment(asked, metadata=await official.authority())
            assert (file.name, b"".join([piece.chunk async for piece in pieces])) == ("연구계획서.pdf", PLAN)
            await official.decide(line, Action.ACTION_APPROVE)
    answer: Any = None
    async with asyncio.timeout(LONGEST):
        while answer is None:
            for item in await called(client.service.collect) or []:
                found = result_of(client, item.content)
                if found.project.number == number and found.status == "REGISTERED":
                    answer, name = found, item.name
            await asyncio.sleep(0.1)
    assert answer.project.title == title
    assert answer.registration.number.startswith("연구개발조정과-")
    assert [signer.outcome for signer in answer.approvalLine.signer] == ["SUBMITTED", "APPROVED", "APPROVED"]
    assert await called(client.service.confirm, name=[name]) == 1
    assert name not in [item.name for item in await called(client.service.collect) or []]


def result_of(client: zeep.Client, content: bytes) -> Any:
    """What that client understands of an answer."""
    body = etree.fromstring(content)[-1]
    return client.get_element(f"{{{PROJECTS}}}reportResult").parse(body[0], client.wsdl.types).request


async def test_a_client_is_told_what_is_wrong(suite: Suite) -> None:
    client = await asyncio.to_thread(client_of, suite)
    request = request_of("2026-WRONG-1", "틀린 과제")
    request["project"]["program"] = "XX"
    with pytest.raises(zeep.exceptions.Fault, match="저장된 것이 없으니 고쳐서 다시 보내 주십시오") as refusal:
        await called(client.service.submitProject, request=request)
    assert "project.program" in etree.tostring(refusal.value.detail, encoding="unicode")


async def test_an_old_client_is_answered_in_its_own_way(suite: Suite) -> None:
    folder = Path(str(catalogue.folder("most_projects"))) / "samples" / "references" / "in" / "A1"
    password = (suite.transport / "keys" / "most-projects.password").read_text("utf-8").strip()
    address = f"http://127.0.0.1:{suite.port('adapters-soap')}/most/projects"
    async with httpx.AsyncClient(auth=("most-projects", password), timeout=30) as client:
        kind = (folder / "content-type").read_text("latin-1")
        stored = await client.post(address, content=(folder / "body").read_bytes(), headers={"Content-Type": kind})
        assert read(stored.content, stored.headers["content-type"]).operation == "submitProjectResponse"
        async with services_of(suite) as services:
            reviewer = await Official.sign_in(services, "most.lee")
            await reviewer.decide(await reviewer.wait_for("나노 촉매 원천기술"), Action.ACTION_APPROVE)
            minister = await Official.sign_in(services, "most.yoon")
            line = await minister.wait_for("나노 촉매 원천기술")
            await minister.decide(line, Action.ACTION_RETURN, "3차연도 예산을 나누어 다시 올릴 것")
        asked, told = write(Message("collect", EXCHANGE, {}, style="rpc"))
        answers: list[Message] = []
        async with asyncio.timeout(LONGEST):
            while not answers:
                got = await client.post(address, content=asked, headers={"Content-Type": told})
                items = many(read(got.content, got.headers["content-type"]).values.get("item"))
                found = [read(base64.b64decode(str(each["content"]))) for each in items if isinstance(each, Mapping)]
                answers = [each for each in found if each.style == "rpc"]
                await asyncio.sleep(0.1)
    answer: Any = answers[0].values["request"]
    assert (answer["project"]["number"], answer["project"]["round"]) == ("2004-FR-0117", "2")
    assert answer["status"] == "RETURNED"
    assert answer["approvalLine"][-1]["opinion"] == "3차연도 예산을 나누어 다시 올릴 것"
