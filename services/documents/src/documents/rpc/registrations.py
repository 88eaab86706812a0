"""The records officer's desk: registration data, cancelling, yearly looks."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.actor import Actor
from chassis.errors import ForbiddenError, InvalidError
from chassis.uow import UnitOfWork
from documents.handlers.registering import DISCLOSURE, RETENTION, change_registration, decide_review, open_case
from documents.handlers.relations import RECORDS_ROLE
from documents.queries.reviews import reviews
from documents.rpc.calls import Calls, Context, identity, official
from documents.translate import register as translate
from documents.translate.content import uuid_or_none
from onnara.documents.v1 import documents_service_pb2 as pb

PAGE, MOST = 50, 100
_KINDS: Mapping[int, str] = {pb.REVIEW_KIND_DISCLOSURE: DISCLOSURE, pb.REVIEW_KIND_RETENTION: RETENTION}
_NOBODY = UUID(int=0)


class Registering(Calls):
    """Registration data after registration."""

    async def ChangeRegistration(
        self, request: pb.ChangeRegistrationRequest, context: Context
    ) -> pb.ChangeRegistrationResponse:
        """Changes registration data, or cancels the registration."""
        actor, document_id = official(), identity(request.document_id)
        act = "cancel-registration" if request.cancel else "change-registration"

        async def handle(unit: UnitOfWork) -> pb.ChangeRegistrationResponse:
            case = await open_case(unit, document_id, act, actor, self._directory.view(unit.now))
            version = await change_registration(
                case, request.expected_version, request.changed, request.fields, request.reason, cancel=request.cancel
            )
            return pb.ChangeRegistrationResponse(version=version)

        return await self._command(handle, pb.ChangeRegistrationResponse, "ChangeRegistration", request.request_id)

    async def ListReviews(self, request: pb.ListReviewsRequest, context: Context) -> pb.ListReviewsResponse:
        """Documents of the agency to be looked at in a year, oldest number first."""
        actor = official()
        if RECORDS_ROLE not in actor.roles:
            raise ForbiddenError("role-missing", params={"roles": RECORDS_ROLE})
        size = min(request.page_size, MOST) if request.page_size > 0 else PAGE
        kind, year = _kind(request.kind), self._year(request.year, actor)
        after = _after(kind, request.page_token)
        async with self._reading(actor) as unit:
            rows = await reviews(unit, actor.agency_id, kind, year, after, size + 1)
        token = ""
        if len(rows) > size:
            last = rows[size - 1]
            first = last["year"] if kind == DISCLOSURE else last["retained_until"].isoformat()
            token = f"{first}|{last['serial']}|{last['id']}"
        return pb.ListReviewsResponse(entries=[translate.review(row) for row in rows[:size]], next_page_token=token)

    async def DecideReview(self, request: pb.DecideReviewRequest, context: Context) -> pb.DecideReviewResponse:
        """Keeps the result of a yearly look."""
        actor, document_id = official(), identity(request.document_id)
        kind, year = _kind(request.kind), self._year(request.year, actor)

        async def handle(unit: UnitOfWork) -> pb.DecideReviewResponse:
            case = await open_case(unit, document_id, "review", actor, self._directory.view(unit.now))
            disclosure = request.disclosure if request.HasField("disclosure") else None
            await decide_review(case, kind, year, disclosure, request.reason)
            return pb.DecideReviewResponse()

        return await self._command(handle, pb.DecideReviewResponse, "DecideReview", request.request_id)

    def _year(self, asked: int, actor: Actor) -> int:
        """The year of a look, this year at the latest."""
        now = self._rpc.clock.now()
        this = now.astimezone(ZoneInfo(self._view().zone(actor.agency_id))).year
        if asked and not 1900 <= asked <= this:
            raise InvalidError("review-not-due", field="year")
        return asked or this


def _kind(kind: int) -> str:
    found = _KINDS.get(kind, "")
    if not found:
        raise InvalidError("review-kind-unknown", field="kind")
    return found


def _after(kind: str, token: str) -> tuple[int | date, int, UUID]:
    if not token:
        return (0 if kind == DISCLOSURE else date.min), 0, _NOBODY
    first, _, rest = token.partition("|")
    serial, _, identity_text = rest.partition("|")
    found = uuid_or_none(identity_text)
    try:
        place = int(first) if kind == DISCLOSURE else date.fromisoformat(first)
        number = int(serial)
    except ValueError:
        raise InvalidError("page-token-invalid", field="page_token") from None
    if found is None or not 0 <= number < 2**62 or (isinstance(place, int) and not 0 <= place <= 9999):
        raise InvalidError("page-token-invalid", field="page_token")
    return place, number, found
