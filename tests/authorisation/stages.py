"""One document in every state, brought there by the calls of those who may: what the table's cells are carried out on.

The line of a produced document: drafter, a reviewer who acts, a reviewer on leave with a deputy, the head of the agency, the
head of the other agency (공동기안), one who is informed. What is registered or accepted was shown to one person and opened to
another.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import uuid4

from authorisation.personas import ABROAD, HOME, OTHER, OTHER_OFFICE, PARKS, PEOPLE, ROADS, Persona
from authorisation.world import TASK, World, agency_of, official
from directory.seed.government import DEMO_PASSWORD
from onnara.approval.v1 import approval_service_pb2 as approval
from onnara.directory.v1 import directory_service_pb2 as directory
from onnara.directory.v1 import events_pb2 as people
from onnara.documents.v1 import dispatch_service_pb2 as dispatch
from onnara.documents.v1 import documents_service_pb2 as documents
from onnara.documents.v1 import receipt_service_pb2 as receipts
from onnara.documents.v1 import upload_service_pb2 as uploads
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import arrival, paper, recipient
from support.sending import png

P = Persona


class Stage(StrEnum):
    """Where the document stands; what came from elsewhere from ``ARRIVED`` on."""

    DRAFT = "draft"
    ASKED = "asked"
    IN_PATH = "in-path"
    HELD = "held"
    RETURNED = "returned"
    STOPPED = "stopped"
    FILED = "filed"
    SEND_WAIT = "send-wait"
    SEAL_REVIEW = "seal-review"
    SEAL_REJECTED = "seal-rejected"
    SEND_HELD = "send-held"
    SEND_CANCELLED = "send-cancelled"
    SENDING = "sending"
    ARRIVED = "arrived"
    TO_ACCEPT = "to-accept"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    REDISTRIBUTION = "redistribution-asked"
    TRANSFERRING = "transferring"
    SENT_BACK = "sent-back"
    FORWARDING = "forwarding"
    COMPLETED = "completed"


@dataclass
class Papers:
    """The documents by stage, and what else calls name: a seal, an upload, an attachment, templates, rules."""

    world: World
    rows: dict[Stage, Any] = field(default_factory=dict)
    lines: dict[Stage, Any] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    async def call(self, method: str, persona: Persona, message: Any) -> Any:
        """Calls, and lets everybody hear of it."""
        answer = await self.world.call(method, message, persona)
        await self.world.settle()
        return answer

    async def row(self, document_id: Any) -> Any:
        """A card as it lies there now."""
        return await self.world.parts["documents"].worker.pool.fetchrow(
            "SELECT * FROM document WHERE id = $1", document_id
        )

    async def line(self, document_id: Any) -> Any:
        """The newest line of a document as it is now."""
        find = "SELECT * FROM line WHERE document_id = $1 ORDER BY submitted_at DESC, id DESC LIMIT 1"
        return await self.world.parts["approval"].worker.pool.fetchrow(find, document_id)


def asked(role: int, persona: Persona, mode: int = 0, **changes: Any) -> doc.ApprovalStep:
    """A step as a drafter asks for it."""
    return doc.ApprovalStep(role=role, mode=mode, person=doc.StepPerson(official_id=official(persona)), **changes)


def path(*, department: bool = False) -> list[doc.ApprovalStep]:
    """The line behind the drafter. department: another department is asked first, with one more at its side."""
    co_operation = [
        doc.ApprovalStep(role=doc.STEP_ROLE_COOPERATE, mode=doc.STEP_MODE_DEPARTMENT, department_code=PARKS),
    ]
    reviews = [asked(doc.STEP_ROLE_REVIEW, P.ACTED), asked(doc.STEP_ROLE_REVIEW, P.TURN)]
    return [
        *(co_operation if department else []),
        *reviews,
        asked(doc.STEP_ROLE_DECIDE, P.LATER, doc.STEP_MODE_OWN),
        asked(doc.STEP_ROLE_DECIDE, P.JOINT, doc.STEP_MODE_JOINT, agency_id=str(agency_of(OTHER))),
        asked(doc.STEP_ROLE_AFTER, P.INFORMED, doc.STEP_MODE_INFORM),
    ]


def content(papers: Papers, **changes: Any) -> doc.OfficialDocument:
    """What the drafter writes."""
    values = {
        "seal": doc.Seal(kind=doc.SEAL_KIND_OFFICIAL_SEAL),
        "steps": [],
        "recipients": [recipient(ABROAD)],
        "joint_agencies": [doc.Unit(code=OTHER)],
        "attachments": [papers.things["attachment"]],
        **changes,
    }
    return paper(**values)


async def draft(papers: Papers, **changes: Any) -> Any:
    """A private draft with somebody who writes on it too."""
    wanted = documents.CreateDocumentRequest(content=content(papers, **changes))
    made = await papers.call("DocumentsService/CreateDocument", P.AUTHOR, wanted)
    share = documents.SetCoDraftersRequest(document_id=made.document_id, official_ids=[official(P.CO_DRAFTER)])
    await papers.call("DocumentsService/SetCoDrafters", P.AUTHOR, share)
    return made.document_id


async def submitted(papers: Papers, *, department: bool = False, **changes: Any) -> Any:
    """In its line, nobody has acted."""
    document_id = await draft(papers, **changes)
    version = (await papers.row(document_id))["version"]
    wanted = documents.SubmitDocumentRequest(
        document_id=document_id, expected_version=version, steps=path(department=department)
    )
    await papers.call("DocumentsService/SubmitDocument", P.AUTHOR, wanted)
    return document_id


async def decided(papers: Papers, document_id: Any, persona: Persona, action: int, opinion: str = "") -> Any:
    """A step of the line."""
    line = await papers.line(document_id)
    wanted = approval.DecideRequest(
        request_id=uuid4().hex, line_id=str(line["id"]), expected_version=line["version"],
        manifest_hash=line["manifest_hash"], action=action, opinion=opinion,
    )  # fmt: skip
    await papers.call("ApprovalService/Decide", persona, wanted)
    return document_id


async def in_path(papers: Papers, **changes: Any) -> Any:
    """The first reviewer has acted, the one on leave has the turn."""
    return await decided(papers, await submitted(papers, **changes), P.ACTED, approval.ACTION_APPROVE)


async def registered(papers: Papers, **changes: Any) -> Any:
    """Decided by everybody, shown to one and opened to another."""
    document_id = await in_path(papers, **changes)
    for persona in (P.TURN, P.LATER, P.JOINT):
        await decided(papers, document_id, persona, approval.ACTION_APPROVE)
    await opened_to_others(papers, document_id, P.AUTHOR)
    return document_id


async def opened_to_others(papers: Papers, document_id: Any, by: Persona) -> None:
    """Shown to one person (공람) and opened to another (열람 허가)."""
    shown = documents.CirculateRequest(document_id=str(document_id), official_ids=[official(P.SHOWN)])
    await papers.call("DocumentsService/Circulate", by, shown)
    reader = documents.Reader(official_id=official(P.GRANTED))
    opened = documents.SetReadersRequest(document_id=str(document_id), grant=[reader], reason="업무 협의")
    await papers.call("DocumentsService/SetReaders", by, opened)


async def acted(papers: Papers, method: str, document_id: Any, persona: Persona, **values: Any) -> Any:
    """An act of sending or receiving on the version there is now."""
    service, name = method.split("/")
    module = dispatch if service == "DispatchService" else receipts
    kind = getattr(module, f"{name}Request")
    if "expected_version" in kind.DESCRIPTOR.fields_by_name:
        values["expected_version"] = (await papers.row(document_id))["version"]
    await papers.call(method, persona, kind(document_id=str(document_id), **values))
    return document_id


async def _asked_seal(papers: Papers) -> Any:
    return await acted(papers, "DispatchService/AskSeal", await registered(papers), P.AUTHOR)


async def _refused_seal(papers: Papers) -> Any:
    document_id = await _asked_seal(papers)
    return await acted(papers, "DispatchService/ReviewSeal", document_id, P.KEEPER, refuse=True, reason="발신명의 확인")


async def _held_back(papers: Papers, action: int) -> Any:
    document_id = await registered(papers)
    return await acted(papers, "DispatchService/HoldDispatch", document_id, P.AUTHOR, action=action, reason="확인 중")


async def _sent(papers: Papers) -> Any:
    document_id = await _asked_seal(papers)
    await acted(papers, "DispatchService/ReviewSeal", document_id, P.KEEPER)
    await acted(papers, "DispatchService/Send", document_id, P.AUTHOR)
    more = {"recipients": [recipient(OTHER_OFFICE)], "ground": "mistake"}
    return await acted(papers, "DispatchService/AskRecipients", document_id, P.AUTHOR, **more)


async def _arrived(papers: Papers, receiver: str = HOME) -> Any:
    key = f"R{len(papers.rows)}-{uuid4().hex[:6]}"
    await papers.world.take(
        "documents", arrival(key, receiver, attachments=[papers.things["attachment"]]), str(agency_of(HOME))
    )
    find = "SELECT id FROM document WHERE origin_key LIKE '%|' || $1"
    return await papers.world.parts["documents"].worker.pool.fetchval(find, key)


async def _distributed(papers: Papers) -> Any:
    return await acted(
        papers, "ReceiptService/Distribute", await _arrived(papers), P.DOCUMENT_CLERK, department_code=ROADS
    )


async def _accepted(papers: Papers) -> Any:
    document_id = await acted(papers, "ReceiptService/Accept", await _distributed(papers), P.CLERK, task_code=TASK)
    await opened_to_others(papers, document_id, P.HEAD)
    return document_id


async def _assigned(papers: Papers) -> Any:
    charge = {"official_id": official(P.IN_CHARGE)}
    return await acted(papers, "ReceiptService/Assign", await _accepted(papers), P.CLERK, **charge)


async def _transferring(papers: Papers) -> Any:
    onward = {"recipient": recipient(ABROAD), "reason": "소관이 아님"}
    return await acted(papers, "ReceiptService/Transfer", await _assigned(papers), P.CLERK, **onward)


async def _returned(papers: Papers) -> Any:
    return await decided(papers, await in_path(papers), P.TURN, approval.ACTION_RETURN, "다시 검토")


_MAKERS: Mapping[Stage, Callable[[Papers], Awaitable[Any]]] = {
    Stage.DRAFT: draft,
    Stage.ASKED: lambda papers: submitted(papers, department=True),
    Stage.IN_PATH: in_path,
    Stage.HELD: lambda papers: _then(papers, P.TURN, approval.ACTION_HOLD),
    Stage.RETURNED: _returned,
    Stage.STOPPED: lambda papers: _then(papers, P.AUTHOR, approval.ACTION_STOP),
    Stage.FILED: lambda papers: registered(papers, recipients=[], sender_name="", seal=None),
    Stage.SEND_WAIT: registered,
    Stage.SEAL_REVIEW: _asked_seal,
    Stage.SEAL_REJECTED: _refused_seal,
    Stage.SEND_HELD: lambda papers: _held_back(papers, dispatch.HOLD_ACTION_HOLD),
    Stage.SEND_CANCELLED: lambda papers: _held_back(papers, dispatch.HOLD_ACTION_CANCEL),
    Stage.SENDING: _sent,
    Stage.ARRIVED: _arrived,
    Stage.TO_ACCEPT: _distributed,
    Stage.ACCEPTED: _accepted,
    Stage.ASSIGNED: _assigned,
    Stage.REDISTRIBUTION: lambda papers: _from(papers, _distributed, "AskRedistribution", P.CLERK, reason="소관 아님"),
    Stage.TRANSFERRING: _transferring,
    Stage.SENT_BACK: lambda papers: _from(
        papers, _assigned, "SendBack", P.CLERK, defect=receipts.DEFECT_FORM, reason="번호 없음"
    ),
    Stage.FORWARDING: lambda papers: _from(
        papers, _assigned, "Forward", P.IN_CHARGE, recipient=recipient(ABROAD), opinion="의견 없음"
    ),
    Stage.COMPLETED: lambda papers: _from(papers, _assigned, "Complete", P.IN_CHARGE),
}


async def _then(papers: Papers, persona: Persona, action: int) -> Any:
    return await decided(papers, await in_path(papers), persona, action, "사유")


async def _from(papers: Papers, make: Callable[[Papers], Awaitable[Any]], act: str, who: Persona, **values: Any) -> Any:
    return await acted(papers, f"ReceiptService/{act}", await make(papers), who, **values)


async def _brought(world: World, persona: Persona, name: str, data: bytes) -> doc.Attachment:
    """A file as somebody has stored it."""
    piece = documents.UploadAttachmentRequest(name=name, media_type="application/octet-stream", chunk=data)
    return (await world.call("DocumentsService/UploadAttachment", [piece], persona)).attachment


async def prepare(world: World) -> Papers:
    """All of them."""
    papers = Papers(world)
    papers.things["attachment"] = await _brought(world, P.AUTHOR, "붙임.txt", b"x")
    papers.things["image"] = await _brought(world, P.KEEPER, "seal.png", png())
    seal = dispatch.RegisteredSeal(name="시험시장의인", kind=doc.SEAL_KIND_OFFICIAL_SEAL, image=papers.things["image"])
    kept = await papers.call("DispatchService/RegisterSeal", P.KEEPER, dispatch.RegisterSealRequest(seal=seal))
    papers.things["seal"] = kept.seal.seal_id
    for stage, make in _MAKERS.items():
        document_id = await make(papers)
        papers.rows[stage], papers.lines[stage] = await papers.row(document_id), await papers.line(document_id)
    await _name_things(papers)
    return papers


async def _name_things(papers: Papers) -> None:
    """What calls name beside documents: each belongs to somebody who may do something with it."""
    world, things = papers.world, papers.things
    sending = await world.call(
        "DocumentsService/GetDocument",
        documents.GetDocumentRequest(document_id=str(papers.rows[Stage.SENDING]["id"])),
        P.AUTHOR,
    )
    things["delivery"] = sending.document.deliveries[0].delivery_id
    things["asked"] = sending.document.recipients_asked[0].request_key
    for name in ("upload", "whole"):
        begun = uploads.BeginUploadRequest(name=f"{name}.txt", size=3, fingerprint=name)
        things[name] = (await world.call("UploadService/BeginUpload", begun, P.AUTHOR)).upload_id
    pieces = [uploads.AppendUploadRequest(upload_id=things["whole"]), uploads.AppendUploadRequest(chunk=b"abc")]
    await world.call("UploadService/AppendUpload", pieces, P.AUTHOR)
    line = approval.LineTemplate(name="늘 쓰는 결재선", steps=[asked(doc.STEP_ROLE_DECIDE, P.LATER, doc.STEP_MODE_OWN)])
    saved = await world.call("ApprovalService/SaveTemplate", approval.SaveTemplateRequest(template=line), P.AUTHOR)
    things["template"] = saved.template.template_id
    rule = people.DelegationRuleData(title="위임전결규정", document_kind=doc.DOCUMENT_KIND_DAILY_ORDER, level=1)
    put = await world.call(
        "DirectoryService/PutDelegationRule", directory.PutDelegationRuleRequest(rule=rule), P.OPERATOR
    )
    things["rule"] = put.entry.rule.rule_id
    away = await world.call("DirectoryService/ListAbsences", directory.ListAbsencesRequest(), P.TURN)
    things["absence"] = away.absences[0].absence.absence_id
    things["posts"] = {}
    for persona in P:
        if persona not in PEOPLE:
            things["posts"][persona] = "nobody's"
            continue
        signed = directory.SignInRequest(login=persona.value, password=DEMO_PASSWORD)
        answer = await world.call("DirectoryService/SignIn", signed, persona)
        world.sessions[persona] = answer.session_token
        things["posts"][persona] = answer.capacities[0].appointment_id
    mine = directory.ListSessionsRequest(session_token=world.sessions[P.AUTHOR])
    things["session"] = (await world.call("DirectoryService/ListSessions", mine, P.AUTHOR)).sessions[0].session_id
