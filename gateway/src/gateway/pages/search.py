"""Finding documents by number, title, person, day: only what the person may see."""

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.errors import RefusalError
from gateway.counts import box_counts
from gateway.page import Official
from gateway.sentences import Sentence, sentences
from gateway.views.words import DOCUMENT, badge
from onnara.documents.v1 import documents_service_pb2 as pb

router = APIRouter()


@router.get("/search")
async def search(
    page: Official,
    title: str = "",
    number: str = "",
    person: str = "",
    since: str = "",
    until: str = "",
    after: str = "",
) -> Response:
    """The form, and what was found when something was asked."""
    asked = {"title": title, "number": number, "person": person, "since": since, "until": until}
    found, problems = pb.SearchDocumentsResponse(), list[Sentence]()
    if any(value.strip() for value in asked.values()):
        request = pb.SearchDocumentsRequest(
            title=title.strip(),
            number=number.strip(),
            person=person.strip(),
            from_day=since,
            to_day=until,
            page_size=50,
            page_token=after,
        )
        try:
            found = await page.caller.call(page.site.clients.documents.SearchDocuments, request)
        except RefusalError as error:
            problems = sentences(page.reader, error.problems)
    return page.render(
        "search.html",
        boxes=await box_counts(page),
        here="search",
        asked=asked,
        searched=any(asked.values()),
        rows=[(each, badge(page.reader, DOCUMENT, each.state)) for each in found.documents],
        following=found.next_page_token,
        first_page=not after,
        problems=problems,
    )
