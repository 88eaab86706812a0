"""Questions over gRPC: boxes, one line, the journal."""

from typing import Any

from approval.domain.line import Box, Line
from approval.queries import lines as queries
from approval.queries.waiting import line_at_least
from approval.rpc.calls import Calls, agency, official
from approval.translate.journal import journal_page, position_of
from approval.translate.lines import line_message, uuid_of
from chassis import journal
from chassis.errors import ForbiddenError
from chassis.rpc import current_call
from onnara.approval.v1 import approval_service_pb2 as pb

MOST_ENTRIES = 1_000
USUAL_ENTRIES = 100
# The history holds everybody's opinions.
JOURNAL_ROLES = frozenset({"records", "operator"})


class Reading(Calls):
    """Lines of the caller's agency, as they are."""

    async def ListPending(self, request: pb.ListPendingRequest, _: Any) -> pb.ListPendingResponse:
        """Lines whose turn is the caller's, oldest first."""
        actor, after = official(), queries.PagePosition.of(request.page_token)
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            page = await queries.pending_lines(unit.connection, actor.official_id, after, request.page_size)
        return pb.ListPendingResponse(
            lines=[line_message(line) for line in page.lines],
            next_page_token=page.following.token() if page.following else "",
        )

    async def CountBoxes(self, _request: pb.CountBoxesRequest, _: Any) -> pb.CountBoxesResponse:
        """Numbers for the home page."""
        actor = official()
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            found = await queries.box_counts(unit.connection, actor.official_id)
        return pb.CountBoxesResponse(
            pending=found.get(Box.PENDING, 0),
            held=found.get(Box.HELD, 0),
            in_progress=found.get(Box.ACTED, 0),
            returned=found.get(Box.RETURNED, 0),
        )

    async def GetLine(self, request: pb.GetLineRequest, _: Any) -> pb.GetLineResponse:
        """One line, by its id or its document's; waits for a version the caller has heard of."""
        by_line = bool(request.line_id)
        key = uuid_of(request.line_id or request.document_id, "line_id" if by_line else "document_id")
        agency_id, find = agency(), queries.line_by_id if by_line else queries.line_by_document

        async def read() -> Line | None:
            async with self._database.transaction(agency_id=agency_id) as unit:
                return await find(unit.connection, key)

        seconds = (current_call().deadline - self._database.clock.now()).total_seconds()
        line = await line_at_least(read, self._watch, key, request.at_least_version, seconds)
        return pb.GetLineResponse(line=line_message(line))

    async def ReadJournal(self, request: pb.ReadJournalRequest, _: Any) -> pb.ReadJournalResponse:
        """The history of the caller's agency after a position, for systems and for those who keep records."""
        actor = current_call().actor
        if not actor.is_system and not actor.roles & JOURNAL_ROLES:
            raise ForbiddenError("role-missing", params={"roles": ", ".join(sorted(JOURNAL_ROLES))})
        limit = min(request.page_size, MOST_ENTRIES) if request.page_size > 0 else USUAL_ENTRIES
        async with self._database.transaction(agency_id=agency()) as unit:
            rows = await journal.read_after(unit.connection, position_of(request.after), limit)
        return journal_page(rows)
