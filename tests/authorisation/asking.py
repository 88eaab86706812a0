"""What is asked in each cell: for every method of the suite the request somebody who may would send.

``ON_DOCUMENT``: asked about the document of a stage. ``ONCE``: about no document, or about everything the caller has.
A method with several acts has one row per act (``Service/Method:act``), because each act has its own people.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from adapters import catalogue
from authorisation.personas import ABROAD, PARKS, ROADS, Persona
from authorisation.stages import Papers, Stage, asked, content, path
from authorisation.world import TASK, official
from directory.seed.government import DEMO_PASSWORD
from onnara.adapters.v1 import interoperability_service_pb2 as adapters
from onnara.adapters.v1 import mapping_service_pb2 as mappings
from onnara.approval.v1 import approval_service_pb2 as approval
from onnara.directory.v1 import directory_service_pb2 as directory
from onnara.directory.v1 import events_pb2 as people
from onnara.documents.v1 import dispatch_service_pb2 as dispatch
from onnara.documents.v1 import documents_service_pb2 as documents
from onnara.documents.v1 import receipt_service_pb2 as receipts
from onnara.documents.v1 import records_service_pb2 as records
from onnara.documents.v1 import upload_service_pb2 as uploads
from onnara.exchange.v1 import official_document_pb2 as doc
from onnara.exchange.v1.records_pb2 import HAND_OVER_KIND_PRODUCTION_REPORT, HAND_OVER_KIND_TRANSFER
from support.documents_cards import recipient

Ask: TypeAlias = Callable[[Papers, Stage, Persona], Any]
AskOnce: TypeAlias = Callable[[Papers, Persona], Any]
_MODULES = {"DocumentsService": documents, "DispatchService": dispatch, "ReceiptService": receipts}


def _about(method: str, **values: Any) -> Ask:
    """A request that names the document, and its version where one is expected. Callables are asked for their value."""
    service, _, name = method.partition("/")
    kind = getattr(_MODULES[service], f"{name.partition(':')[0]}Request")
    fields = kind.DESCRIPTOR.fields_by_name

    def ask(papers: Papers, stage: Stage, persona: Persona) -> Any:
        row = papers.rows[stage]
        filled = {key: value(papers, stage) if callable(value) else value for key, value in values.items()}
        if "expected_version" in fields:
            filled["expected_version"] = row["version"]
        if "document_id" in fields:
            filled["document_id"] = str(row["id"])
        return kind(**filled)

    return ask


def _decide(action: int, *, bulk: bool = False) -> Ask:
    def ask(papers: Papers, stage: Stage, persona: Persona) -> Any:
        line = papers.lines[stage]
        acting = official(Persona.TURN) if persona is Persona.DEPUTY else ""
        named = {
            "line_id": str(line["id"]),
            "expected_version": line["version"],
            "manifest_hash": line["manifest_hash"],
        }
        if bulk:
            item = approval.BulkItem(**named, acting_for=acting)
            return approval.DecideInBulkRequest(items=[item], action=action, opinion="의견")
        return approval.DecideRequest(**named, action=action, opinion="의견", acting_for=acting)

    return ask


def _line(kind: type[Any], **values: Any) -> Ask:
    def ask(papers: Papers, stage: Stage, persona: Persona) -> Any:
        line = papers.lines[stage]
        named = {"line_id": str(line["id"])}
        if "expected_version" in kind.DESCRIPTOR.fields_by_name:
            named["expected_version"] = line["version"]
        return kind(**named, **values)

    return ask


def _prepare(papers: Papers, stage: Stage, persona: Persona) -> Any:
    line = papers.lines[stage]
    item = approval.BulkItem(
        line_id=str(line["id"]), expected_version=line["version"], manifest_hash=line["manifest_hash"]
    )
    return approval.PrepareDecisionRequest(items=[item], action=approval.ACTION_APPROVE)


def _batch(papers: Papers, stage: Stage, persona: Persona) -> Any:
    row = papers.rows[stage]
    draft = documents.DraftVersion(document_id=str(row["id"]), expected_version=row["version"])
    return documents.SubmitBatchRequest(drafts=[draft], steps=path())


def _content(papers: Papers, _stage: Stage) -> Any:
    return content(papers, title="고친 제목")


def _own_content(papers: Papers, persona: Persona) -> Any:
    return documents.CreateDocumentRequest(content=content(papers, attachments=[]))


_INSERT = approval.StepChange(insert=approval.InsertStep(before=4, step=asked(doc.STEP_ROLE_REVIEW, Persona.COLLEAGUE)))
_HOLD, _RELEASE, _CANCEL = dispatch.HOLD_ACTION_HOLD, dispatch.HOLD_ACTION_RELEASE, dispatch.HOLD_ACTION_CANCEL
_SETTLE = {
    "resend": dispatch.SETTLE_ACTION_RESEND,
    "recall": dispatch.SETTLE_ACTION_RECALL,
    "close": dispatch.SETTLE_ACTION_CLOSE,
}
_ACTIONS = {
    "approve": approval.ACTION_APPROVE,
    "return": approval.ACTION_RETURN,
    "hold": approval.ACTION_HOLD,
    "resume": approval.ACTION_RESUME,
    "disagree": approval.ACTION_DISAGREE,
    "withdraw": approval.ACTION_WITHDRAW,
    "stop": approval.ACTION_STOP,
}

ON_DOCUMENT: Mapping[str, Ask] = {
    **{
        f"DocumentsService/{name}": _about(f"DocumentsService/{name}", **values)
        for name, values in {
            "GetDocument": {},
            "GetDocument:open": {"open": True},
            "GetHistory": {},
            "ListReadings": {},
            "CompareVersions": {"from": 1, "to": 1},
            "DownloadAttachment": {"sha256": lambda papers, _: papers.things["attachment"].sha256},
            "RenderDocument": {"format": documents.OUTPUT_FORMAT_PUBDOC},
            "UpdateDraft": {"content": _content},
            "DeleteDraft": {},
            "SetCoDrafters": {"official_ids": [official(Persona.CO_DRAFTER), official(Persona.NEIGHBOUR)]},
            "SubmitDocument": {"steps": path()},
            "Redraft": {},
            "Redraft:answer": {"answer": True},
            "ReviseDocument": {
                "content": _content,
                "base_hash": lambda papers, stage: papers.rows[stage]["manifest_hash"] or b"",
            },
            "SetReaders": {
                "grant": [documents.Reader(official_id=official(Persona.NEIGHBOUR))],
                "reason": "업무 협의",
            },
            "Circulate": {"official_ids": [official(Persona.NEIGHBOUR)]},
            "ChangeRegistration": {
                "fields": ["title"],
                "changed": doc.OfficialDocument(title="바로잡은 제목"),
                "reason": "오기",
            },
            "DecideReview": {"kind": documents.REVIEW_KIND_DISCLOSURE, "year": 2026, "reason": "그대로 둠"},
        }.items()
    },
    "DocumentsService/SubmitBatch": _batch,
    **{
        f"DispatchService/{name}": _about(f"DispatchService/{name}", **values)
        for name, values in {
            "AskSeal": {},
            "ReviewSeal:apply": {},
            "ReviewSeal:refuse": {"refuse": True, "reason": "확인 필요"},
            "Send": {},
            "HoldDispatch:hold": {"action": _HOLD, "reason": "확인 중"},
            "HoldDispatch:release": {"action": _RELEASE, "reason": "확인함"},
            "HoldDispatch:cancel": {"action": _CANCEL, "reason": "불필요"},
            "AskRecipients": {"recipients": [recipient("T990101")], "ground": "mistake"},
            "DecideRecipients": {"request_key": lambda papers, _: papers.things["asked"]},
            **{
                f"SettleDelivery:{name}": {
                    "delivery_id": lambda papers, _: papers.things["delivery"],
                    "action": action,
                    "reason": "사유",
                }
                for name, action in _SETTLE.items()
            },
        }.items()
    },
    **{
        f"ReceiptService/{name}": _about(f"ReceiptService/{name}", **values)
        for name, values in {
            "Distribute": {"department_code": ROADS},
            "Accept": {"task_code": TASK},
            "Assign": {"official_id": official(Persona.IN_CHARGE)},
            "AskRedistribution": {"reason": "소관이 아님"},
            "Transfer": {"recipient": recipient(ABROAD), "reason": "소관이 아님"},
            "SendBack": {"defect": receipts.DEFECT_FORM, "reason": "번호 없음"},
            "Forward": {"recipient": recipient(ABROAD), "opinion": "의견 없음"},
            "Complete": {},
        }.items()
    },
}

ON_LINE: Mapping[str, Ask] = {
    "ApprovalService/GetLine": _line(approval.GetLineRequest),
    "ApprovalService/GetLineHistory": lambda papers, stage, _: approval.GetLineHistoryRequest(
        document_id=str(papers.rows[stage]["id"])
    ),
    "ApprovalService/PrepareDecision": _prepare,
    **{f"ApprovalService/Decide:{name}": _decide(action) for name, action in _ACTIONS.items()},
    "ApprovalService/DecideInBulk": _decide(approval.ACTION_APPROVE, bulk=True),
    "ApprovalService/ChangeLine": _line(approval.ChangeLineRequest, changes=[_INSERT], reason="검토자 추가"),
    "ApprovalService/SkipStep": _line(approval.SkipStepRequest, order=3, reason="휴가"),
    "ApprovalService/TakeUpStep": _line(
        approval.TakeUpStepRequest, order=2, steps=[asked(doc.STEP_ROLE_DECIDE, Persona.OTHER_HEAD)]
    ),
    "ApprovalService/GetProof": _line(approval.GetProofRequest, version=3),
}


def _fixed(message: Any) -> AskOnce:
    return lambda _papers, _persona: message


def _session(kind: type[Any], **values: Any) -> AskOnce:
    """A request that speaks for the caller's own session; who has none names one that is nobody's."""

    def ask(papers: Papers, persona: Persona) -> Any:
        filled = {key: value(papers) if callable(value) else value for key, value in values.items()}
        return kind(session_token=papers.world.sessions.get(persona, "nobody"), **filled)

    return ask


def _begin(papers: Papers, persona: Persona) -> Any:
    return uploads.BeginUploadRequest(name="a.txt", size=3, fingerprint=uuid4().hex)


_CONNECTION = "mpb-budget"
_NEXT_MAPPING = (
    (catalogue.folder("mpb_budget") / catalogue.MANIFEST)
    .read_text("utf-8")
    .replace("mapping_version = 1", "mapping_version = 3")
)
_RULE = people.DelegationRuleData(title="위임전결규정", task_code=TASK, level=4)
_LINE = [asked(doc.STEP_ROLE_DECIDE, Persona.LATER, doc.STEP_MODE_OWN)]
# The documents of the stages are this year's, which is not over.
_TRANSFER = records.HandOverSelection(kind=HAND_OVER_KIND_TRANSFER, department_code=ROADS, year=2026)
_REPORT = records.HandOverSelection(kind=HAND_OVER_KIND_PRODUCTION_REPORT, department_code=ROADS, year=2026)

ONCE: Mapping[str, AskOnce] = {
    "ApprovalService/ListPending": _fixed(approval.ListPendingRequest()),
    "ApprovalService/CountBoxes": _fixed(approval.CountBoxesRequest()),
    "ApprovalService/ListBox": _fixed(approval.ListBoxRequest(box=approval.LINE_BOX_PENDING)),
    "ApprovalService/ProposeLine": _fixed(approval.ProposeLineRequest(task_code=TASK)),
    "ApprovalService/CheckLine": _fixed(approval.CheckLineRequest(task_code=TASK, steps=_LINE)),
    "ApprovalService/ListTemplates": _fixed(approval.ListTemplatesRequest()),
    "ApprovalService/SaveTemplate:own": _fixed(
        approval.SaveTemplateRequest(template=approval.LineTemplate(name="나의 결재선", steps=_LINE))
    ),
    "ApprovalService/SaveTemplate:shared": _fixed(
        approval.SaveTemplateRequest(template=approval.LineTemplate(name="과 결재선", steps=_LINE, shared=True))
    ),
    "ApprovalService/DeleteTemplate": lambda papers, _: approval.DeleteTemplateRequest(
        template_id=papers.things["template"]
    ),
    "ApprovalService/ReadJournal": _fixed(approval.ReadJournalRequest()),
    "DocumentsService/CreateDocument": _own_content,
    "DocumentsService/ListDocuments": _fixed(documents.ListDocumentsRequest(box=documents.BOX_REGISTERED)),
    "DocumentsService/CountBoxes": _fixed(documents.CountBoxesRequest()),
    "DocumentsService/UploadAttachment": _fixed(
        [documents.UploadAttachmentRequest(name="a.txt", media_type="text/plain", chunk=b"abc")]
    ),
    "DocumentsService/CheckBody": _fixed(documents.CheckBodyRequest(title="제목", body="<p>본문  끝.</p>")),
    "DocumentsService/SearchDocuments": _fixed(documents.SearchDocumentsRequest(title="도로")),
    "DocumentsService/ListReviews": _fixed(documents.ListReviewsRequest(kind=documents.REVIEW_KIND_DISCLOSURE)),
    "DocumentsService/ListTasks": _fixed(documents.ListTasksRequest()),
    "DocumentsService/ReadJournal": _fixed(documents.ReadJournalRequest()),
    "DispatchService/ListDispatches": _fixed(dispatch.ListDispatchesRequest()),
    "DispatchService/ListImprints": _fixed(dispatch.ListImprintsRequest(kind=doc.SEAL_KIND_OFFICIAL_SEAL)),
    "DispatchService/ListSeals": _fixed(dispatch.ListSealsRequest()),
    "DispatchService/RegisterSeal": lambda papers, _: dispatch.RegisterSealRequest(
        seal=dispatch.RegisteredSeal(name="도로정책과장인", kind=doc.SEAL_KIND_SIGNATURE, image=papers.things["image"])
    ),
    "DispatchService/DisposeSeal": lambda papers, _: dispatch.DisposeSealRequest(
        seal_id=papers.things["seal"], reason="마모"
    ),
    "RecordsService/ListRecordYears": _fixed(records.ListRecordYearsRequest()),
    "RecordsService/PlanHandOver": _fixed(records.PlanHandOverRequest(selection=_TRANSFER)),
    "RecordsService/HandOver:transfer": _fixed(records.HandOverRequest(selection=_TRANSFER)),
    "RecordsService/HandOver:report": _fixed(records.HandOverRequest(selection=_REPORT)),
    "RecordsService/ListHandOvers": _fixed(records.ListHandOversRequest()),
    "RecordsService/GetHandOver": _fixed(records.GetHandOverRequest(transfer_id=str(UUID(int=1)))),
    "RecordsService/ExtendTransfer": _fixed(
        records.ExtendTransferRequest(department_code=ROADS, year=2025, until_year=2028, reason="업무 참고 빈번")
    ),
    "UploadService/BeginUpload": _begin,
    "UploadService/AppendUpload": lambda papers, _: [
        uploads.AppendUploadRequest(upload_id=papers.things["upload"], offset=0),
        uploads.AppendUploadRequest(chunk=b"abc"),
    ],
    "UploadService/FinishUpload": lambda papers, _: uploads.FinishUploadRequest(upload_id=papers.things["whole"]),
    "UploadService/CancelUpload": lambda papers, _: uploads.CancelUploadRequest(upload_id=papers.things["upload"]),
    "InteroperabilityService/ListEndpoints": _fixed(adapters.ListEndpointsRequest()),
    "InteroperabilityService/GetTraffic": _fixed(adapters.GetTrafficRequest(hours=24)),
    "InteroperabilityService/ListFiles": _fixed(adapters.ListFilesRequest()),
    "InteroperabilityService/ListQuarantine": _fixed(adapters.ListQuarantineRequest()),
    "InteroperabilityService/GetRecord": lambda papers, _: adapters.GetRecordRequest(
        record_id=papers.world.parts["adapters"].record_id
    ),
    "InteroperabilityService/ReplayRecord": lambda papers, _: adapters.ReplayRecordRequest(
        record_id=papers.world.parts["adapters"].record_id, note="전화로 확인"
    ),
    "MappingService/ListMappings": _fixed(mappings.ListMappingsRequest(endpoint=_CONNECTION)),
    "MappingService/GetMapping": _fixed(mappings.GetMappingRequest(endpoint=_CONNECTION)),
    "MappingService/TryMapping": _fixed(
        mappings.TryMappingRequest(endpoint=_CONNECTION, sample=mappings.Sample(name="a", parts={"a": b"x"}))
    ),
    "MappingService/ProposeMapping": _fixed(
        mappings.ProposeMappingRequest(endpoint=_CONNECTION, text=_NEXT_MAPPING, note="새 번호 체계")
    ),
    "MappingService/DecideMapping": _fixed(mappings.DecideMappingRequest(endpoint=_CONNECTION, version=2)),
    "MappingService/CompareFile": lambda papers, _: mappings.CompareFileRequest(
        file_id=papers.world.parts["adapters"].file_id
    ),
    "MappingService/ReplayFile": lambda papers, _: mappings.ReplayFileRequest(
        file_id=papers.world.parts["adapters"].file_id, note="다시 읽음"
    ),
    "DirectoryService/SignIn": lambda _, persona: directory.SignInRequest(login=persona.value, password=DEMO_PASSWORD),
    "DirectoryService/IssueToken:own": lambda papers, persona: directory.IssueTokenRequest(
        session_token=papers.world.sessions.get(persona, "nobody"), appointment_id=papers.things["posts"][persona]
    ),
    "DirectoryService/IssueToken:another's": _session(
        directory.IssueTokenRequest, appointment_id=lambda papers: papers.things["posts"][Persona.CO_DRAFTER]
    ),
    "DirectoryService/SignOut": _session(directory.SignOutRequest),
    "DirectoryService/ListChanges": _fixed(directory.ListChangesRequest(page_size=1)),
    "DirectoryService/GetUnit": _fixed(directory.GetUnitRequest(code=ROADS)),
    "DirectoryService/SearchUnits": _fixed(directory.SearchUnitsRequest(query="도로")),
    "DirectoryService/ListOfficials": _fixed(directory.ListOfficialsRequest(department_code=PARKS)),
    "DirectoryService/SearchOfficials": _fixed(directory.SearchOfficialsRequest()),
    "DirectoryService/RegisterAbsence:own": _fixed(
        directory.RegisterAbsenceRequest(absence=people.AbsenceData(reason="leave"))
    ),
    "DirectoryService/RegisterAbsence:another's": _fixed(
        directory.RegisterAbsenceRequest(
            absence=people.AbsenceData(reason="leave", official_id=official(Persona.COLLEAGUE))
        )
    ),
    "DirectoryService/EndAbsence": lambda papers, _: directory.EndAbsenceRequest(absence_id=papers.things["absence"]),
    "DirectoryService/ListAbsences:own": _fixed(directory.ListAbsencesRequest()),
    "DirectoryService/ListAbsences:agency": _fixed(directory.ListAbsencesRequest(agency=True)),
    "DirectoryService/ListDelegationRules": _fixed(directory.ListDelegationRulesRequest()),
    "DirectoryService/PutDelegationRule": _fixed(directory.PutDelegationRuleRequest(rule=_RULE)),
    "DirectoryService/EndDelegationRule": lambda papers, _: directory.EndDelegationRuleRequest(
        rule_id=papers.things["rule"]
    ),
    "DirectoryService/BeginPasskey": _session(directory.BeginPasskeyRequest),
    "DirectoryService/FinishPasskey": _session(directory.FinishPasskeyRequest, credential_json="{}", name="열쇠"),
    "DirectoryService/ListPasskeys": _session(directory.ListPasskeysRequest),
    "DirectoryService/RemovePasskey": _session(directory.RemovePasskeyRequest, passkey_id="nobody's"),
    "DirectoryService/BeginPasskeySignIn": _fixed(directory.BeginPasskeySignInRequest()),
    "DirectoryService/FinishPasskeySignIn": _fixed(directory.FinishPasskeySignInRequest(credential_json="{}")),
    "DirectoryService/ListSessions": _session(directory.ListSessionsRequest),
    "DirectoryService/EndSession": _session(
        directory.EndSessionRequest, session_id=lambda papers: papers.things["session"]
    ),
    "DirectoryService/ChangePassword": _session(
        directory.ChangePasswordRequest, old_password=DEMO_PASSWORD, new_password="a-new-password-2026"
    ),
}
