"""Drafts of our own people for tests of documents: papers, lines, and the calls that write and submit them."""

from typing import Any
from uuid import UUID, uuid4

from onnara.documents.v1 import documents_service_pb2 as pb
from onnara.exchange.v1 import official_document_pb2 as doc
from support.documents_cards import HOME, official, paper

REVIEW, DECIDE, AFTER = doc.STEP_ROLE_REVIEW, doc.STEP_ROLE_DECIDE, doc.STEP_ROLE_AFTER


def own_paper(**changes: Any) -> doc.OfficialDocument:
    """A document as its own drafter writes it, the seal left out."""
    return paper(**{"seal": doc.Seal(kind=doc.SEAL_KIND_SEAL_OMITTED), "steps": [], **changes})


def asked(role: int, name: str, agency_id: str = HOME, **changes: Any) -> doc.ApprovalStep:
    """A step as a drafter asks for it."""
    if agency_id != HOME:
        changes["agency_id"] = agency_id
    return doc.ApprovalStep(role=role, person=doc.StepPerson(official_id=official(name, agency_id)), **changes)


def path() -> list[doc.ApprovalStep]:
    return [asked(REVIEW, "reviewer"), asked(DECIDE, "chief", mode=doc.STEP_MODE_OWN)]


async def drafted(documents: Any, **changes: Any) -> pb.CreateDocumentResponse:
    wanted = pb.CreateDocumentRequest(request_id=uuid4().hex, content=own_paper(**changes))
    return await documents.call("CreateDocument", wanted)


async def save(
    documents: Any, document_id: object, version: int, content: doc.OfficialDocument, who: str = "drafter"
) -> pb.UpdateDraftResponse:
    wanted = pb.UpdateDraftRequest(document_id=str(document_id), expected_version=version, content=content)
    return await documents.call("UpdateDraft", wanted, who)


async def submit(
    documents: Any, document_id: object, version: int, steps: Any = None, **changes: Any
) -> pb.SubmitDocumentResponse:
    wanted = pb.SubmitDocumentRequest(
        request_id=uuid4().hex,
        document_id=str(document_id),
        expected_version=version,
        steps=path() if steps is None else steps,
        **changes,
    )
    return await documents.call("SubmitDocument", wanted)


async def opened(documents: Any, document_id: object, who: Any = "drafter") -> pb.Document:
    wanted = pb.GetDocumentRequest(document_id=str(document_id), open=True)
    return (await documents.call("GetDocument", wanted, who)).document


async def listed(documents: Any, box: int, who: Any = "drafter") -> list[str]:
    answer = await documents.call("ListDocuments", pb.ListDocumentsRequest(box=box), who)
    return [each.document_id for each in answer.documents]


async def row_of(documents: Any, document_id: object) -> Any:
    find = "SELECT * FROM document WHERE id = $1"
    return await documents.parts.worker.pool.fetchrow(find, UUID(str(document_id)))
