"""Documents as files: PDF, ODT or pubdoc of a document the caller may see, in pieces."""

import re
from collections.abc import AsyncIterator
from typing import Any

from chassis.errors import InvalidError, NotFoundError
from chassis.rpc import current_call
from documents import queries
from documents.handlers.printing import printed
from documents.handlers.reading import OUTPUT, note_reading
from documents.rendering import sheet as kinds
from documents.rpc.calls import PIECE, Calls, Context, identity
from documents.translate.readers import right_of
from onnara.documents.v1 import documents_service_pb2 as pb

_KINDS = {
    pb.OUTPUT_FORMAT_PDF: (kinds.PDF, "application/pdf"),
    pb.OUTPUT_FORMAT_ODT: (kinds.ODT, "application/vnd.oasis.opendocument.text"),
    pb.OUTPUT_FORMAT_PUBDOC: (kinds.PUBDOC, "application/xml"),
}
_UNFIT = re.compile(r"[\x00-\x1f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e]+")
_LONGEST_NAME = 80


class Rendering(Calls):
    """Files of documents."""

    async def RenderDocument(
        self, request: pb.RenderDocumentRequest, context: Context
    ) -> AsyncIterator[pb.RenderDocumentResponse]:
        """The document as it stands now, as a file; recorded as a reading."""
        actor, document_id = current_call().actor, identity(request.document_id)
        if request.format not in _KINDS:
            raise InvalidError("output-format-unknown", params={"format": request.format}, field="format")
        kind, media_type = _KINDS[request.format]
        async with self._reading(actor) as unit:
            card = await queries.card(unit, document_id)
        agency_id, right = (card.row["agency_id"], right_of(card.row["bases"])) if card else ("", "")
        await note_reading(self._worker, document_id, actor, agency_id, self._view(), right=right, what=OUTPUT)
        if card is None:
            raise NotFoundError("document-unknown", params={"document": request.document_id}, field="document_id")
        made = await self._file(card, kind)
        name = _file_name(card.row["number"] or "", card.row["title"], kind)
        yield pb.RenderDocumentResponse(file_name=name, media_type=media_type, chunk=made[:PIECE])
        for start in range(PIECE, len(made), PIECE):
            yield pb.RenderDocumentResponse(chunk=made[start : start + PIECE])

    async def _file(self, card: Any, kind: str) -> bytes:
        row = card.row
        body = next((each["body"] for each in card.versions if each["number"] == row["body_number"]), "")
        zone = self._view().zone(row["agency_id"])
        return await printed(self._desk.press, self._blobs, row, body, zone, kind)


def _file_name(number: str, title: str, kind: str) -> str:
    """Number and title, without what folders and other systems stumble over."""
    words = _UNFIT.sub(" ", f"{number} {title}".strip())
    return f"{' '.join(words.split())[:_LONGEST_NAME].strip(' .') or 'document'}.{kind}"
