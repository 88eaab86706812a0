"""What is made of texts without changing them: findings, differences, files."""

import asyncio
from collections.abc import Mapping
from typing import Any

from chassis.errors import InvalidError, NotFoundError
from chassis.rpc import current_call
from documents import queries
from documents.domain.body import LARGEST, problems_of
from documents.domain.cleaning import clean
from documents.domain.difference import compare
from documents.domain.layout import check, correct
from documents.handlers.reading import note_reading
from documents.rpc.calls import Context, identity, official
from documents.rpc.files import Rendering
from documents.translate import comparing, views
from documents.translate.readers import right_of
from onnara.documents.v1 import documents_service_pb2 as pb

# A paste from a word processor is many times as large as what is left of it.
LARGEST_PASTE = 8 * LARGEST
_MANIFESTS = "SELECT hash, canonical FROM manifest WHERE document_id = $1 AND hash = ANY ($2::bytea[])"


class Output(Rendering):
    """Findings on a text, differences of versions, files."""

    async def CheckBody(self, request: pb.CheckBodyRequest, context: Context) -> pb.CheckBodyResponse:
        """What the layout rules say of a text as it is being written, and the text put right if that is asked for."""
        official()
        if len(request.body.encode()) > LARGEST_PASTE:
            raise InvalidError("body-too-large", params={"limit": LARGEST_PASTE}, field="body")
        return await asyncio.to_thread(_checked, request)

    async def CompareVersions(self, request: pb.CompareVersionsRequest, context: Context) -> pb.CompareVersionsResponse:
        """The difference of two versions of a document the caller may see; recorded as a reading."""
        actor, document_id = current_call().actor, identity(request.document_id)
        async with self._reading(actor) as unit:
            card = await queries.card(unit, document_id)
            numbers = {version["number"]: version for version in card.versions} if card else {}
            wanted = [numbers[number] for number in (getattr(request, "from"), request.to) if number in numbers]
            hashes = [version["manifest_hash"] for version in wanted]
            rows = await unit.fetch(_MANIFESTS, document_id, hashes) if wanted else []
        agency_id, right = (card.row["agency_id"], right_of(card.row["bases"])) if card else ("", "")
        await note_reading(self._worker, document_id, actor, agency_id, self._view(), right=right)
        if card is None:
            raise NotFoundError("document-unknown", params={"document": request.document_id}, field="document_id")
        for field in ("from", "to"):
            if getattr(request, field) not in numbers:
                raise NotFoundError("version-unknown", params={"number": getattr(request, field)}, field=field)
        frozen = {row["hash"]: row["canonical"] for row in rows}
        before, after = wanted
        return await asyncio.to_thread(_compared, before, after, frozen)


def _checked(request: pb.CheckBodyRequest) -> pb.CheckBodyResponse:
    layout = check(request.title, request.body, request.attachment_count)
    response = pb.CheckBodyResponse(findings=comparing.findings(layout, problems_of(request.body)))
    if request.correct:
        response.corrected = correct(clean(request.body))
    return response


def _compared(
    before: Mapping[str, Any], after: Mapping[str, Any], frozen: Mapping[bytes, bytes]
) -> pb.CompareVersionsResponse:
    canonical = [frozen.get(bytes(version["manifest_hash"])) for version in (before, after)]
    if None in canonical:
        # What was not frozen on one side cannot be compared: a draft's recipients are not those of its version.
        canonical = [None, None]
    one, two = (comparing.lines_of(each, text) for each, text in zip((before, after), canonical, strict=True))
    blocks = [comparing.block(each) for each in compare(one, two)]
    if all(each.same for each in blocks) and before["body"] != after["body"]:
        blocks.append(comparing.marks_changed())
    response = pb.CompareVersionsResponse(blocks=blocks, to=views.version(after))
    getattr(response, "from").CopyFrom(views.version(before))
    return response
