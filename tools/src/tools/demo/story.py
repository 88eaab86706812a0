"""The main job, step by step, told while it happens."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from adapters.formats.exchange import Result, read_exchange
from adapters.formats.findings import Finding
from adapters.formats.messages import render
from adapters.formats.pack import read_pack
from adapters.formats.pubdoc import read_pubdoc
from onnara.adapters.v1.interoperability_service_pb2 import (
    IntakeFile,
    ListFilesRequest,
    ListFilesResponse,
    ListQuarantineRequest,
)
from onnara.adapters.v1.interoperability_service_pb2_grpc import InteroperabilityServiceStub
from onnara.approval.v1.approval_service_pb2 import Action
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.documents.v1.documents_service_pb2 import Document
from tools.checkout import ROOT
from tools.demo.input import BUDGET_BAD, BUDGET_RECORDS, TITLE, drop_budget_batch, drop_enara_request
from tools.demo.officials import Official, Services, approving, services_of
from tools.demo.timeline import Timeline, table
from tools.suite import Suite

RECIPIENTS = ("3490000", "3520000", "3540000")
REVIEW = "기한을 2주로 늘려 주시면 좋겠습니다."
DECISION = "원안대로 시행합니다."


class Story:
    """One run of the demo against a running suite."""

    def __init__(self, suite: Suite, delivered: Path, timeline: Timeline) -> None:
        self._suite = suite
        self._delivered = delivered
        self._timeline = timeline

    async def run(self) -> None:
        """Plays the main job and the budget batch to their ends."""
        async with services_of(self._suite) as services:
            counterpart = await self._start_counterpart()
            try:
                await self._enara(services)
                await self._budget(services)
                await self._reconcile(services)
            finally:
                counterpart.terminate()
                await asyncio.to_thread(counterpart.wait)

    async def _start_counterpart(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tools.demo.counterpart", str(self._delivered)]
        return await asyncio.to_thread(subprocess.Popen, [*command, str(self._suite.transport / "relay" / "receive")])

    async def _enara(self, services: Services) -> None:
        say = self._timeline
        say.title("A request from E-nara becomes a document, is decided, goes out and is acknowledged")
        number = drop_enara_request(self._suite, datetime.now(UTC))
        say.step("E-nara", f"drops {number}: exchange.xml, header.inf, a HWPX attachment, eof.inf")
        reviewer = await Official.sign_in(services, "mogaha.lee")
        line = await reviewer.wait_for(TITLE)
        card = await reviewer.open(line.document_id)
        say.step(
            "documents, approval",
            f"card opened with {len(card.content.attachments)} attachment; line of {len(line.steps)} steps",
        )
        await reviewer.decide(line, Action.ACTION_APPROVE, REVIEW)
        say.step(f"{reviewer.name} 과장", f"reviewed, with opinion: {REVIEW}")
        cooperator = await Official.sign_in(services, "mogaha.kang")
        await cooperator.decide(await cooperator.wait_for(TITLE), Action.ACTION_APPROVE)
        say.step(f"{cooperator.name} 전산사무관", "co-operated: agreed")
        approver = await Official.sign_in(services, "mogaha.park")
        line = await approver.wait_for(TITLE)
        await approver.decide(line, Action.ACTION_HOLD, "첨부를 확인하고 있습니다.")
        say.step(f"{approver.name} 국장", "held, to look at the attachment")
        line.version += 1
        await approver.decide(line, Action.ACTION_RESUME)
        line.version += 1
        await approver.decide(line, Action.ACTION_APPROVE, DECISION)
        say.step(f"{approver.name} 국장", f"decided (전결): {DECISION}")
        card = await self._follow(approver, line.document_id)
        await self._tell_outcome(card, number)

    async def _follow(self, official: Official, document_id: str) -> Document:
        """Waits until every copy was accepted, telling each new state once."""
        told: set[tuple[str, str]] = set()
        registered = False
        card = Document()
        for _ in range(400):
            card = await official.open(document_id)
            if card.content.registration.text and not registered:
                registered = True
                number = card.content.registration
                self._timeline.step(
                    "documents", f"registered {number.text} on {number.date}, filed under {card.file_code}"
                )
            for delivery in card.deliveries:
                key = (delivery.receiver_code, delivery.state)
                if key not in told:
                    told.add(key)
                    self._timeline.step(
                        "delivery", f"{delivery.receiver_code} {delivery.receiver_name}: {delivery.state}"
                    )
            if card.deliveries and all(delivery.state == "ACCEPTED" for delivery in card.deliveries):
                break
            await asyncio.sleep(0.1)
        return card

    async def _tell_outcome(self, card: Document, number: str) -> None:
        say = self._timeline
        say.expect(bool(card.content.registration.text), "the E-nara request was not registered")
        for code in RECIPIENTS:
            state = next((d.state for d in card.deliveries if d.receiver_code == code), "missing")
            say.expect(state == "ACCEPTED", f"copy to {code} is {state}, not ACCEPTED")
        packs = sorted(self._delivered.glob("*.xml"))
        say.expect(len(packs) >= len(RECIPIENTS), f"{len(packs)} packs arrived, {len(RECIPIENTS)} were expected")
        for path in packs[: len(RECIPIENTS)]:
            pack, _ = read_pack(path.read_bytes())
            pubdoc, _ = read_pubdoc(next(c.data for c in pack.contents if c.role == "pubdoc"))
            files = ", ".join(content.filename for content in pack.contents if content.role == "attach")
            say.line(f"          {path.relative_to(ROOT)}: {pubdoc.title} · {pubdoc.regnumber} · {files}")
        final = await self._result(number)
        say.expect(final is not None, "E-nara did not get its final result")
        if final is not None:
            words = ", ".join(f"{line.type} {line.person.name} {line.result}" for line in final.lines)
            say.step("E-nara", f"gets its result back: {final.status}, {final.doc_number} ({words})")

    async def _result(self, number: str) -> Result | None:
        """E-nara's final result, from its own folder."""
        for _ in range(100):
            for path in (self._suite.transport / "enara" / "out").glob("*/exchange.xml"):
                exchange, _ = read_exchange(path.read_bytes())
                found = exchange.direction
                if exchange.administrative_num == number and isinstance(found, Result) and found.status == "완료":
                    return found
            await asyncio.sleep(0.1)
        return None

    async def _budget(self, services: Services) -> None:
        say = self._timeline
        say.title(f"A batch of {BUDGET_RECORDS} budget requests, some of them bad, decided in bulk")
        drop_budget_batch(self._suite, "BUDGET_20260511.DAT")
        say.step(
            "budget system",
            f"drops BUDGET_20260511.DAT with {BUDGET_RECORDS} records, {sum(BUDGET_BAD.values())} of them odd",
        )
        officials = [await Official.sign_in(services, login) for login in ("mpb.lee", "mpb.park", "mpb.yoon")]
        accepted = await self._accepted(services, "mpb.kang")
        say.step("adapters", f"{accepted} requests sent on, {BUDGET_RECORDS - accepted} in quarantine")
        async with approving(*officials) as done:
            registered = await self._registered(services, accepted)
        words = ", ".join(f"{official.name} {done[official.login]}" for official in officials)
        say.step("officials", f"reviewed and decided in bulk (일괄결재): {words}")
        say.step("documents", f"registered {registered} without a gap")
        say.expect(registered == accepted, f"{registered} of {accepted} budget requests were registered")

    async def _registered(self, services: Services, expected: int) -> int:
        """Registered records of the batch, once all are or a minute has gone."""
        registered = 0
        for _ in range(300):
            files = await files_of(services, "mpb.kang", "mpb-budget")
            registered = files[0].totals.registered if files else 0
            if registered == expected:
                break
            await asyncio.sleep(0.2)
        return registered

    async def _accepted(self, services: Services, login: str) -> int:
        """Records of the batch that were sent on, once the refusals of documents are back too."""
        before = -1
        for _ in range(300):
            files = await files_of(services, login, "mpb-budget")
            quarantined = files[0].totals.quarantined if files else -1
            if files and quarantined == before:
                return files[0].totals.received - quarantined
            before = quarantined
            await asyncio.sleep(0.4)
        return 0

    async def _reconcile(self, services: Services) -> None:
        say = self._timeline
        say.title("Every file, accounted for: in = registered + quarantined + in flight")
        rows, ok = [], True
        for login, endpoint in (("mogaha.kang", "enara"), ("mpb.kang", "mpb-budget"), ("mogaha.kang", "relay")):
            files = await files_of(services, login, endpoint)
            say.expect(bool(files), f"no file of {endpoint} is in the accounts")
            rows += [_row(file) for file in files[:4]]
            if len(files) > 4:
                rows.append(
                    [
                        endpoint,
                        f"… {len(files) - 4} more",
                        *_sums(files[4:]),
                        "yes" if all(f.reconciled for f in files) else "NO",
                    ]
                )
            ok = ok and all(file.reconciled for file in files)
        for line in table(["endpoint", "file", "in", "registered", "quarantined", "in flight", "reconciled"], rows):
            say.line(line)
        say.expect(ok, "a file does not reconcile")
        await self._tell_quarantine(services)

    async def _tell_quarantine(self, services: Services) -> None:
        say = self._timeline
        operator = await Official.sign_in(services, "mpb.kang")
        stub = InteroperabilityServiceStub(services.adapters)
        request = ListQuarantineRequest(endpoint="mpb-budget", page_size=100)
        records = (await stub.ListQuarantine(request, metadata=await operator.authority())).records
        say.title(f"In quarantine: {len(records)} records, each with its place and its reason, for example")
        shown: set[str] = set()
        for record in records:
            for reason in record.reasons:
                if reason.code not in shown:
                    shown.add(reason.code)
                    say.line(
                        f"record {record.ordinal}, byte {record.offset}, field {reason.field or '-'}: {render_reason(reason)}"
                    )


def render_reason(reason: ErrorDetail) -> str:
    """A sentence for a reason; the code alone where it belongs to a service and not to a format."""
    params = dict(reason.params)
    finding = Finding(
        reason.code, reason.field or None, int(params.get("offset", 0)), int(params.get("length", 0)), params, "reject"
    )
    try:
        return f"{render(finding, 'en')} ({reason.code})"
    except KeyError:
        return f"{reason.code} {params}"


async def files_of(services: Services, login: str, endpoint: str) -> Sequence[IntakeFile]:
    """Files of an endpoint as its operator sees them, newest first."""
    operator = await Official.sign_in(services, login)
    stub = InteroperabilityServiceStub(services.adapters)
    request = ListFilesRequest(endpoint=endpoint, page_size=200)
    answer: ListFilesResponse = await stub.ListFiles(request, metadata=await operator.authority())
    return answer.files


def _row(file: IntakeFile) -> list[str]:
    return [file.endpoint, file.name[:48], *_sums([file]), "yes" if file.reconciled else "NO"]


def _sums(files: Sequence[IntakeFile]) -> list[str]:
    totals = [file.totals for file in files]
    return [
        f"{sum(t.received for t in totals):,}",
        f"{sum(t.registered for t in totals):,}",
        f"{sum(t.quarantined for t in totals):,}",
        f"{sum(t.in_flight for t in totals):,}",
    ]
