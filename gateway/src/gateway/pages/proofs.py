"""The proof of a decision: what a passkey signed, verified anew at this moment; the same as a file to verify elsewhere."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.errors import NotFoundError
from gateway.counts import box_counts
from gateway.page import Official, Page
from gateway.views.proof import proof_file, proof_view
from gateway.views.words import ROLE, STRENGTH, word
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.documents.v1 import documents_service_pb2 as documents_pb

router = APIRouter(prefix="/proofs/{line_id}/{version}")
_LEAF = (
    "leaf = SHA-256(00 || line id, 16 bytes || version, 8 bytes || manifest, 32 bytes || return to, 4 bytes"
    " || SHA-256(opinion) || act || 00 || acting for)"
)
# How anybody computes it: || joins bytes, numbers are big-endian, texts are UTF-8.
_FORMULAS = (_LEAF, "node = SHA-256(01 || left || right)", "challenge of the passkey = root")


@router.get("")
async def show(page: Official, line_id: str, version: int) -> Response:
    """What was signed by whom, and whether it holds."""
    answer = await _proof(page, line_id, version)
    approval, documents = page.site.clients.approval, page.site.clients.documents
    line = (await page.caller.call(approval.GetLine, pb.GetLineRequest(line_id=line_id))).line
    history, document, boxes = await asyncio.gather(
        page.caller.call(approval.GetLineHistory, pb.GetLineHistoryRequest(document_id=line.document_id)),
        page.caller.call(documents.GetDocument, documents_pb.GetDocumentRequest(document_id=line.document_id)),
        box_counts(page),
    )
    entry = next((each for each in history.entries if (each.line_id, each.version) == (line_id, version)), None)
    proven = answer.HasField("proof")
    return page.render(
        "proof.html",
        boxes=boxes,
        here="",
        document_id=line.document_id,
        title=document.document.content.title or line.title,
        who=_who(page, entry),
        strength=word(page.reader, STRENGTH, answer.strength),
        texts=[
            (each.number, each.title)
            for each in document.document.versions
            if proven and each.manifest_hash == answer.proof.manifest_hash
        ],
        proof=proof_view(page.reader, answer.proof, version, history.entries) if proven else None,
        address=f"/proofs/{line_id}/{version}",
        command=f"python -m approval verify {line_id} {version}",
        formulas=_FORMULAS,
    )


@router.get("/file")
async def as_file(page: Official, line_id: str, version: int) -> Response:
    """The proof as JSON."""
    answer = await _proof(page, line_id, version)
    if not answer.HasField("proof"):
        raise NotFoundError("act-unknown", params={"version": version})
    headers = {"Content-Disposition": f'attachment; filename="proof-{answer.proof.line_id}-{version}.json"'}
    return Response(proof_file(answer.proof, version), media_type="application/json", headers=headers)


async def _proof(page: Page, line_id: str, version: int) -> pb.GetProofResponse:
    request = pb.GetProofRequest(line_id=line_id, version=version)
    answer: pb.GetProofResponse = await page.caller.call(page.site.clients.approval.GetProof, request)
    return answer


def _who(page: Page, entry: pb.LineHistoryEntry | None) -> str:
    """The official with position and part; empty when the history does not tell."""
    if entry is None:
        return ""
    step = next((each for each in entry.steps if each.order == entry.order), None)
    part = word(page.reader, ROLE, step.role) if step else ""
    name = " ".join(each for each in (entry.actor.position, entry.actor.name) if each)
    return " · ".join(each for each in (name, part) if each)
