"""Deciding steps and listing documents over gRPC with 8 clients: drafts are made and submitted first, then the clock runs."""

import asyncio
import signal
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import asyncpg

from onnara.approval.v1.approval_service_pb2 import Action, Line, ListPendingRequest
from onnara.approval.v1.approval_service_pb2_grpc import ApprovalServiceStub
from onnara.documents.v1.documents_service_pb2 import (
    Box,
    GetDocumentRequest,
    ListDocumentsRequest,
    SubmitDocumentRequest,
)
from onnara.documents.v1.documents_service_pb2_grpc import DocumentsServiceStub
from onnara.exchange.v1.official_document_pb2 import ApprovalStep, StepMode, StepRole
from tools.bench.create import CLIENTS, request
from tools.demo.officials import Official, services_of
from tools.suite import Suite

LINES = 2_000
LISTS = 400
PAGE = 100
WAIT_SECONDS = 120.0
DRAFTER, REVIEWER, APPROVER = "mpb.kim", "mpb.lee", "mpb.park"


@dataclass(frozen=True, slots=True)
class Figures:
    """decisions: per second while the whole suite follows; by_itself: while documents is down. list_p50, list_p95: milliseconds of a page of 100, asked for by 8 clients; list_alone: by one."""

    decisions: float
    by_itself: float
    list_p50: float
    list_p95: float
    list_alone: float


async def measure(suite: Suite) -> Figures:
    """Decisions per second on reviews, each with commit and history, and the delay of a list of 100."""
    async with services_of(suite) as services:
        drafter, reviewer, approver = [
            await Official.sign_in(services, login) for login in (DRAFTER, REVIEWER, APPROVER)
        ]
        await _submit(DocumentsServiceStub(services.documents), drafter, [reviewer, approver])
        lines = await _pending(ApprovalServiceStub(services.approval), reviewer)
        rate = await _rate(reviewer, lines[: LINES // 2])
        # The same with nobody following: what approval itself can do on this machine.
        await asyncio.to_thread(suite.stop, "documents", signal.SIGTERM)
        try:
            by_itself = await _rate(reviewer, lines[LINES // 2 :])
        finally:
            await asyncio.to_thread(suite.start, "documents")
        # The connection tries again by itself, but a call in between would be told that nobody is there.
        await services.documents.channel_ready()
        await _followed(DocumentsServiceStub(services.documents), reviewer, lines)
        await _analyze(suite)
        documents = DocumentsServiceStub(services.documents)
        alone = statistics.median(await _list(documents, drafter, 1))
        delays = sorted(await _list(documents, drafter, CLIENTS))
        return Figures(rate, by_itself, statistics.median(delays), delays[int(len(delays) * 0.95)], alone)


async def _submit(documents: DocumentsServiceStub, drafter: Official, people: Sequence[Official]) -> None:
    authority = await drafter.authority()
    kinds = [
        (StepRole.STEP_ROLE_REVIEW, StepMode.STEP_MODE_NORMAL),
        (StepRole.STEP_ROLE_DECIDE, StepMode.STEP_MODE_DELEGATED),
    ]
    steps = []
    for person, (role, mode) in zip(people, kinds, strict=True):
        step = ApprovalStep(role=role, mode=mode)
        step.person.official_id = person.official_id
        steps.append(step)

    async def one() -> None:
        made = await documents.CreateDocument(request(), metadata=authority)
        submission = SubmitDocumentRequest(
            request_id=str(uuid4()), document_id=made.document_id, expected_version=made.version, steps=steps
        )
        await documents.SubmitDocument(submission, metadata=authority)

    for _ in range(LINES // CLIENTS):
        await asyncio.gather(*(one() for _ in range(CLIENTS)))


async def _pending(approval: ApprovalServiceStub, reviewer: Official) -> list[Line]:
    """The reviewer's lines once all are open."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            lines: list[Line] = []
            token = ""
            while True:
                asked = ListPendingRequest(page_size=500, page_token=token)
                answer = await approval.ListPending(asked, metadata=await reviewer.authority())
                lines += answer.lines
                token = answer.next_page_token
                if not token:
                    break
            if len(lines) >= LINES:
                return lines
            await asyncio.sleep(0.2)


async def _rate(reviewer: Official, lines: Sequence[Line]) -> float:
    """Decisions per second of 8 clients."""
    started = time.perf_counter()
    await asyncio.gather(*(_decide(reviewer, lines[client::CLIENTS]) for client in range(CLIENTS)))
    return len(lines) / (time.perf_counter() - started)


async def _decide(reviewer: Official, lines: Sequence[Line]) -> None:
    for line in lines:
        await reviewer.decide(line, Action.ACTION_APPROVE)


async def _followed(documents: DocumentsServiceStub, reviewer: Official, lines: Sequence[Line]) -> None:
    """Waits until the cards have followed: the list is timed on a machine that has nothing else to do."""
    for line in lines[-CLIENTS:]:
        request = GetDocumentRequest(document_id=line.document_id, at_least_line_version=line.version + 1)
        await documents.GetDocument(request, metadata=await reviewer.authority())


async def _analyze(suite: Suite) -> None:
    """Statistics as the server gathers them within a minute by itself: without, a list is planned for empty tables."""
    connection = await asyncpg.connect(suite.database_url("documents"))
    await connection.execute("ANALYZE")
    await connection.close()


async def _list(documents: DocumentsServiceStub, drafter: Official, clients: int) -> list[float]:
    """Milliseconds of each page, asked for by some clients at once."""
    authority = await drafter.authority()
    delays: list[float] = []

    async def client() -> None:
        for _ in range(LISTS // CLIENTS):
            started = time.perf_counter()
            await documents.ListDocuments(
                ListDocumentsRequest(box=Box.BOX_IN_PROGRESS, page_size=PAGE), metadata=authority
            )
            delays.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(client() for _ in range(clients)))
    return delays
