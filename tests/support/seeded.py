"""Documents for pages to show, made through the services: a draft, one under way with a signed review, one registered.

The signature comes from a passkey of the records officer, who decides nothing elsewhere in the tests.
"""

import json
from dataclasses import dataclass
from uuid import uuid4

from onnara.approval.v1 import approval_service_pb2 as approval_pb
from onnara.directory.v1 import directory_service_pb2 as directory_pb
from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as doc
from support.authenticator import SoftAuthenticator
from tools.demo.officials import PASSWORD, Official, Services

TASK = "ZA010101"


@dataclass(slots=True)
class Seeded:
    """Ids of what was made. waiting: under way, at its approver, with two versions; line, signed_version: of its review."""

    draft: str
    waiting: str
    line: str
    signed_version: int
    filed: str
    # Addresses of a record in quarantine and of its file beside the mapping in force.
    record: str = ""
    compared: str = ""
    # A record to be made one of last year, addresses of the plan of its hand-over and of a hand-over.
    old: str = ""
    planned: str = ""
    handed_over: str = ""


async def seeded(services: Services) -> Seeded:
    """Makes it all; takes a second or two."""
    drafter = await Official.sign_in(services, "mogaha.kim")
    officer = await Official.sign_in(services, "mogaha.choi")
    approver = await Official.sign_in(services, "mogaha.park")
    draft, _ = await _draft(drafter, "화면에 보일 임시 문서")
    filed = await registered(drafter, approver, "화면에 보일 등록 문서")
    old = await registered(drafter, approver, "화면에 보일 지난해 문서")
    steps = step(officer, doc.STEP_ROLE_REVIEW), step(approver, doc.STEP_ROLE_DECIDE)
    waiting = await _submit(drafter, "화면에 보일 결재 중 문서", *steps)
    line, version = await _sign(officer, await _passkey(services, officer), "화면에 보일 결재 중 문서")
    await _revise(approver, waiting)
    return Seeded(draft, waiting, line, version, filed, old=old)


async def registered(drafter: Official, approver: Official, title: str) -> str:
    """A closed document that was decided: it gets its number a moment later."""
    document_id = await _submit(drafter, title, step(approver, doc.STEP_ROLE_DECIDE))
    await approver.decide(await approver.wait_for(title), approval_pb.ACTION_APPROVE)
    return document_id


def step(official: Official, role: int) -> doc.ApprovalStep:
    """A step of a line."""
    mode = doc.STEP_MODE_DELEGATED if role == doc.STEP_ROLE_DECIDE else doc.STEP_MODE_NORMAL
    return doc.ApprovalStep(role=role, mode=mode, person=doc.StepPerson(official_id=official.official_id))  # type: ignore[arg-type]


async def _draft(drafter: Official, title: str) -> tuple[str, int]:
    content = doc.OfficialDocument(
        title=title,
        body="<p>1. 관련 사항을 보고합니다.  끝.</p>",
        disclosure=doc.Disclosure(level=doc.DISCLOSURE_LEVEL_CLOSED, items=[5], reason="검토 중인 사항"),
        task=doc.Task(code=TASK),
    )
    request = pb.CreateDocumentRequest(request_id=uuid4().hex, content=content)
    made = await drafter.call(drafter.documents.CreateDocument, request)
    return made.document_id, made.version


async def _submit(drafter: Official, title: str, *steps: doc.ApprovalStep) -> str:
    document_id, version = await _draft(drafter, title)
    request = pb.SubmitDocumentRequest(
        request_id=uuid4().hex, document_id=document_id, expected_version=version, steps=steps
    )
    await drafter.call(drafter.documents.SubmitDocument, request)
    return document_id


async def _passkey(services: Services, official: Official) -> SoftAuthenticator:
    """A device with a passkey of the official, made right after signing in."""
    signed_in = directory_pb.SignInRequest(login=official.login, password=PASSWORD, client_address="127.0.0.1")
    session = (await official.directory.SignIn(signed_in)).session_token
    begun = await official.directory.BeginPasskey(directory_pb.BeginPasskeyRequest(session_token=session))
    device = SoftAuthenticator()
    made = device.make(begun.options_json)
    await official.directory.FinishPasskey(
        directory_pb.FinishPasskeyRequest(session_token=session, credential_json=made, name="화면 시험")
    )
    return device


async def _sign(official: Official, device: SoftAuthenticator, title: str) -> tuple[str, int]:
    """Approves with the passkey; answers line and its version after the act."""
    line = await official.wait_for(title)
    act = approval_pb.BulkItem(
        request_id=uuid4().hex, line_id=line.line_id, expected_version=line.version, manifest_hash=line.manifest_hash
    )
    options = ""
    while not json.loads(options or "{}").get("allowCredentials"):  # the new key reaches approval as a replica
        wanted = approval_pb.PrepareDecisionRequest(items=[act], action=approval_pb.ACTION_APPROVE)
        options = (await official.call(official.lines.PrepareDecision, wanted)).options_json
    decision = approval_pb.DecideRequest(
        request_id=act.request_id,
        line_id=line.line_id,
        expected_version=line.version,
        manifest_hash=line.manifest_hash,
        action=approval_pb.ACTION_APPROVE,
        assertion=approval_pb.PasskeyAssertion(credential_json=device.prove(options)),
    )
    answer = await official.call(official.lines.Decide, decision)
    return line.line_id, answer.version


async def _revise(official: Official, document_id: str) -> None:
    """Stores a changed text that no step has named yet: a second version."""
    await official.wait_for("화면에 보일 결재 중 문서")
    document = await official.open(document_id)
    document.content.body = "<p>1. 관련 사항을 고쳐서 보고합니다.  끝.</p>"
    request = pb.ReviseDocumentRequest(
        request_id=uuid4().hex,
        document_id=document_id,
        base_hash=document.manifest_hash,
        content=document.content,
    )
    await official.call(official.documents.ReviseDocument, request)
