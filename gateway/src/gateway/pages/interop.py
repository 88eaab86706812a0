"""Exchange with other systems: connections and their sums, files taken in, records in quarantine."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from gateway.counts import box_counts
from gateway.i18n import Reader
from gateway.page import Official, Page
from gateway.sentences import from_details
from gateway.views.traffic import chart
from gateway.views.words import DIRECTION, STAGE, word
from onnara.adapters.v1 import interoperability_service_pb2 as pb

router = APIRouter()
SPANS = {"day": 24, "week": 168}
_HASHED = re.compile(r"[0-9a-f]{64}(:|$)")


@router.get("/interop")
async def endpoints(page: Official, span: str = "day") -> Response:
    """All connections the person may see, with a day or a week of what went through them."""
    adapters = page.site.clients.adapters
    answer = await page.caller.call(adapters.ListEndpoints, pb.ListEndpointsRequest())
    hours = SPANS.get(span, SPANS["day"])
    traffic = await page.caller.call(adapters.GetTraffic, pb.GetTrafficRequest(hours=hours))
    now = datetime.now(UTC)
    charts = {each.endpoint: chart(page.reader, each, traffic.bucket_hours, now) for each in traffic.endpoints}
    rows = [
        (
            each,
            word(page.reader, DIRECTION, each.direction),
            _error(page, each),
            balance(each.totals),
            charts.get(each.name),
        )
        for each in answer.endpoints
    ]
    template = "parts/endpoints.html" if page.is_fragment else "interop.html"
    boxes = [] if page.is_fragment else await box_counts(page)
    return page.render(template, boxes=boxes, here="interop", rows=rows, span=span if span in SPANS else "day")


@router.get("/interop/files")
async def files(page: Official, endpoint: str = "", after: str = "") -> Response:
    """Files taken in, newest first, each with its sum."""
    request = pb.ListFilesRequest(endpoint=endpoint, page_size=50, page_token=after)
    answer = await page.caller.call(page.site.clients.adapters.ListFiles, request)
    rows = [(each, from_details(page.reader, each.findings), balance(each.totals)) for each in answer.files]
    return await _page(
        page, "files.html", "files", rows=rows, endpoint=endpoint, following=answer.next_page_token, after=after
    )


@router.get("/interop/quarantine")
async def quarantine(page: Official, endpoint: str = "", file_id: str = "", after: str = "") -> Response:
    """Records that could not be taken in, with the reasons in words."""
    request = pb.ListQuarantineRequest(endpoint=endpoint, file_id=file_id, page_size=50, page_token=after)
    answer = await page.caller.call(page.site.clients.adapters.ListQuarantine, request)
    rows = [
        (
            each,
            from_details(page.reader, each.reasons),
            word(page.reader, STAGE, each.stage),
            record_name(page.reader, each),
        )
        for each in answer.records
    ]
    return await _page(
        page,
        "quarantine.html",
        "quarantine",
        rows=rows,
        endpoint=endpoint,
        file_id=file_id,
        job_id=uuid4().hex,
        names=msgspec.json.encode({each.record_id: name for each, _, _, name in rows}).decode(),
        following=answer.next_page_token,
        after=after,
    )


def record_name(reader: Reader, record: pb.QuarantinedRecord) -> str:
    """What people call a record: its own key, or where it stands when it has none that could be read.

    Adapters key a record they could not identify by the hash of its file, which tells nobody anything.
    """
    if record.natural_key and not _HASHED.match(record.natural_key):
        return record.natural_key
    return reader.text("{file}, record {ordinal}", file=record.file_name, ordinal=record.ordinal)


def balance(totals: pb.Totals) -> int:
    """Received minus what is accounted for: 0 when nothing is lost."""
    return totals.received - totals.registered - totals.quarantined - totals.in_flight


def _error(page: Page, endpoint: pb.Endpoint) -> Any:
    return from_details(page.reader, [endpoint.last_error])[0] if endpoint.HasField("last_error") else None


async def _page(page: Page, template: str, here: str, *, after: str, **values: Any) -> Response:
    return page.render(template, boxes=await box_counts(page), here=here, first_page=not after, **values)
