"""Questions over gRPC: boxes, one line, its history, the journal."""

from typing import Any

from approval.domain.line import Box, Line, department_token
from approval.domain.people import concerns
from approval.queries import lines as queries
from approval.queries.waiting import line_at_least
from approval.rpc.calls import Calls, agency, looking, official
from approval.rpc.showing import Shown
from approval.translate.history import history_message
from approval.translate.journal import journal_page, position_of
from approval.translate.lines import uuid_of
from chassis import journal
from chassis.errors import ForbiddenError, InvalidError, NotFoundError
from chassis.rpc import current_call
from onnara.approval.v1 import approval_service_pb2 as pb

MOST_ENTRIES = 1_000
USUAL_ENTRIES = 100
# The history holds everybody's opinions.
JOURNAL_ROLES = frozenset({"records", "operator"})
_KINDS = {
    pb.LINE_BOX_PENDING: Box.PENDING,
    pb.LINE_BOX_HELD: Box.HELD,
    pb.LINE_BOX_ACTED: Box.ACTED,
    pb.LINE_BOX_RETURNED: Box.RETURNED,
    pb.LINE_BOX_DEPARTMENT: Box.PENDING,
}


class Reading(Calls):
    """Lines the caller has to do with, as they are."""

    async def ListPending(self, request: pb.ListPendingRequest, _: Any) -> pb.ListPendingResponse:
        """Lines whose turn is the caller's, or somebody's the caller stands in for, oldest first."""
        actor, after = official(), queries.PagePosition.of(request.page_token)
        view = self._directory.view(self._database.clock.now())
        reader = looking(actor, view)
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            page = await queries.pending_lines(unit.connection, reader.hands, actor.agency_id, after, request.page_size)
        shown = Shown(reader, view)
        return pb.ListPendingResponse(
            lines=[shown.message(line) for line in page.lines],
            next_page_token=page.following.token() if page.following else "",
        )

    async def ListBox(self, request: pb.ListBoxRequest, _: Any) -> pb.ListBoxResponse:
        """Lines of one of the caller's boxes, newest first."""
        actor = official()
        if request.box not in _KINDS:
            raise InvalidError("box-unknown", params={"box": request.box}, field="box")
        before = queries.PagePosition.of(request.page_token) if request.page_token else queries.LATEST
        view = self._directory.view(self._database.clock.now())
        reader = looking(actor, view)
        owners: tuple[str, ...] = (actor.official_id,)
        if request.box == pb.LINE_BOX_PENDING:
            owners = reader.hands
        if request.box == pb.LINE_BOX_DEPARTMENT:
            owners = (department_token(actor.department_code),)
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            page = await queries.box_lines(
                unit.connection, owners, actor.agency_id, _KINDS[request.box], before, request.page_size
            )
        shown = Shown(reader, view)
        return pb.ListBoxResponse(
            lines=[shown.message(line) for line in page.lines],
            next_page_token=page.following.token() if page.following else "",
        )

    async def CountBoxes(self, _request: pb.CountBoxesRequest, _: Any) -> pb.CountBoxesResponse:
        """Numbers for the home page."""
        actor = official()
        reader = looking(actor, self._directory.view(self._database.clock.now()))
        department = department_token(actor.department_code)
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            found = await queries.box_counts(unit.connection, (*reader.hands, department), actor.agency_id)
        own = actor.official_id
        return pb.CountBoxesResponse(
            pending=found.get((own, Box.PENDING), 0),
            held=found.get((own, Box.HELD), 0),
            in_progress=found.get((own, Box.ACTED), 0),
            returned=found.get((own, Box.RETURNED), 0),
            department=found.get((department, Box.PENDING), 0),
            acting=sum(found.get((one, Box.PENDING), 0) for one in reader.stands_in_for),
        )

    async def GetLine(self, request: pb.GetLineRequest, _: Any) -> pb.GetLineResponse:
        """One line, by its id or its document's; waits for a version the caller has heard of.

        For those it concerns, and for systems that speak for the agency; for others there is no such line.
        """
        by_line = bool(request.line_id)
        key = uuid_of(request.line_id or request.document_id, "line_id" if by_line else "document_id")
        agency_id, find = agency(), queries.line_by_id if by_line else queries.line_by_document
        actor, view = current_call().actor, self._directory.view(self._database.clock.now())
        reader = looking(actor, view)

        async def read() -> Line | None:
            async with self._database.transaction(agency_id=agency_id) as unit:
                line = await find(unit.connection, key)
            if line and not actor.is_system and not concerns(line, reader):
                raise NotFoundError("line-unknown")
            return line

        seconds = (current_call().deadline - self._database.clock.now()).total_seconds()
        line = await line_at_least(read, self._watch, key, request.at_least_version, seconds)
        return pb.GetLineResponse(line=Shown(reader, view).message(line))

    async def GetLineHistory(self, request: pb.GetLineHistoryRequest, _: Any) -> pb.GetLineHistoryResponse:
        """Everything that happened to a document's lines, as far as they concern the caller, oldest first."""
        actor, document_id = official(), uuid_of(request.document_id, "document_id")
        reader = looking(actor, self._directory.view(self._database.clock.now()))
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            lines = await queries.lines_of_document(unit.connection, document_id)
            mine = [line.id for line in lines if concerns(line, reader)]
            if not mine:
                raise NotFoundError("line-unknown", field="document_id")
            rows = await journal.history(unit.connection, mine)
        return history_message(rows)

    async def ReadJournal(self, request: pb.ReadJournalRequest, _: Any) -> pb.ReadJournalResponse:
        """The history of the caller's agency after a position, for systems and for those who keep records."""
        actor = current_call().actor
        if not actor.is_system and not actor.roles & JOURNAL_ROLES:
            raise ForbiddenError("role-missing", params={"roles": ", ".join(sorted(JOURNAL_ROLES))})
        limit = min(request.page_size, MOST_ENTRIES) if request.page_size > 0 else USUAL_ENTRIES
        async with self._database.transaction(agency_id=agency()) as unit:
            rows = await journal.read_after(unit.connection, position_of(request.after), limit)
        return journal_page(rows)
