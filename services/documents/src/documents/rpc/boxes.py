"""Lists: boxes, their numbers, searching."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.actor import Actor
from chassis.errors import InvalidError
from documents import queries
from documents.domain.searching import LONGEST, plain, wanted_of
from documents.queries.boxes import REGISTERS, Place
from documents.queries.searches import Search
from documents.rpc.calls import Calls, Context, official, reader
from documents.translate import views
from documents.translate.content import uuid_or_none
from onnara.documents.v1 import documents_service_pb2 as pb

PAGE, MOST = 50, 100
_DIGITS = 18


class Listing(Calls):
    """Documents the caller may see, by box and by search."""

    async def ListDocuments(self, request: pb.ListDocumentsRequest, context: Context) -> pb.ListDocumentsResponse:
        """A page of a box, newest first."""
        actor, size = official(), _size(request.page_size)
        box = views.BOXES.get(request.box)
        if box is None:
            raise InvalidError("box-unknown", params={"box": request.box}, field="box")
        if box == "recipients-asked" and not self._heads(actor):
            return pb.ListDocumentsResponse()
        place = _place(box, request.page_token)
        async with self._reading(actor) as unit:
            rows = await queries.page(unit, reader(actor), box, place, size + 1)
        token = (lambda row: f"{row['year']}-{row['serial']}") if box in REGISTERS else (lambda row: str(row["id"]))
        return pb.ListDocumentsResponse(
            documents=[views.summary(row) for row in rows[:size]], next_page_token=_next(rows, size, token)
        )

    async def CountBoxes(self, request: pb.CountBoxesRequest, context: Context) -> pb.CountBoxesResponse:
        """Numbers of the home page."""
        actor = official()
        async with self._reading(actor) as unit:
            found = await queries.counts(unit)
        shown = pb.CountBoxesResponse(
            **{views.COUNTED[box]: number for box, number in found.items() if box != "recipients-asked"}
        )
        shown.recipients_asked = found.get("recipients-asked", 0) if self._heads(actor) else 0
        return shown

    async def SearchDocuments(self, request: pb.SearchDocumentsRequest, context: Context) -> pb.SearchDocumentsResponse:
        """By words of the title, number, person, days, department and state: all that is given must hold."""
        actor, size = official(), _size(request.page_size)
        wanted = self._wanted(request, actor)
        below = _place("", request.page_token).id
        async with self._reading(actor) as unit:
            rows = await queries.search(unit, wanted, below, size + 1)
        return pb.SearchDocumentsResponse(
            documents=[views.summary(row) for row in rows[:size]],
            next_page_token=_next(rows, size, lambda row: str(row["id"])),
        )

    def _heads(self, actor: Actor) -> bool:
        """Whether the caller heads the department he acts for."""
        return actor.official_id in self._view().head_of(actor.department_code)

    def _wanted(self, request: pb.SearchDocumentsRequest, actor: Actor) -> Search:
        texts = (("title", request.title), ("number", request.number), ("person", request.person))
        for field, text in (*texts, ("department_code", request.department_code)):
            if len(text) > LONGEST or "\x00" in text:
                raise InvalidError("search-too-long", params={"limit": LONGEST}, field=field)
        days = (("from_day", request.from_day), ("to_day", request.to_day))
        for field, day in days:
            _check_day(day, field)
        if request.state not in views.STATE_NAMES:
            raise InvalidError("state-unknown", params={"state": request.state}, field="state")
        search = Search(
            wanted_of(request.title, request.person),
            number="".join(request.number.split()),
            from_day=request.from_day,
            to_day=request.to_day,
            department_code=request.department_code,
            state=views.STATE_NAMES[request.state],
            zone=self._view().zone(actor.agency_id),
        )
        if not any((plain(request.title), search.number, plain(request.person), *dict(days).values())) and not (
            search.department_code or search.state
        ):
            raise InvalidError("search-empty")
        return search


def _size(asked: int) -> int:
    return min(asked, MOST) if asked > 0 else PAGE


def _check_day(text: str, field: str) -> None:
    if not text:
        return
    try:
        valid = date.fromisoformat(text).isoformat() == text and text < "9999"
    except ValueError:
        valid = False
    if not valid:
        raise InvalidError("day-invalid", params={"value": text}, field=field)


def _next(rows: Sequence[Any], size: int, token: Callable[[Any], str]) -> str:
    return token(rows[size - 1]) if len(rows) > size else ""


def _place(box: str, token: str) -> Place:
    """Where a page goes on. Raises InvalidError for what no page has ever answered."""
    if not token:
        return Place()
    if box in REGISTERS:
        year, _, serial = token.partition("-")
        if year.isascii() and year.isdigit() and serial.isascii() and serial.isdigit() and len(token) <= _DIGITS:
            return Place(year=min(int(year), 9999), serial=int(serial))
    else:
        found: UUID | None = uuid_or_none(token)
        if found is not None:
            return Place(id=found)
    raise InvalidError("page-token-invalid", field="page_token")
