"""The service's methods: messages in, one transaction each, messages out. Errors are raised as data.

Authority comes from the verified token only. Everything runs under the rpc role, cut to the agency the token names.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg

from approval.domain.deciding import Decision, Signer
from approval.domain.line import Box, Line
from approval.handlers.deciding import Item, Result, decide_lines
from approval.ports.directory import Directory, View
from approval.ports.watch import LineWatch
from approval.queries import lines as queries
from approval.queries.waiting import line_at_least
from approval.translate.journal import journal_page, position_of
from approval.translate.lines import action_of, line_message, outcome_message, uuid_of
from chassis import journal
from chassis.actor import Actor
from chassis.errors import ForbiddenError, InvalidError, RefusalError
from chassis.rpc import current_call
from chassis.uow import Database, UnitOfWork
from onnara.approval.v1 import approval_service_pb2 as pb
from onnara.approval.v1 import approval_service_pb2_grpc as pb_grpc

MOST_ITEMS = 500
MOST_ENTRIES = 1_000
USUAL_ENTRIES = 100
# The history holds everybody's opinions.
JOURNAL_ROLES = frozenset({"records", "operator"})


class ApprovalServicer(pb_grpc.ApprovalServiceServicer):
    """Lines of the caller's agency."""

    def __init__(self, database: Database, directory: Directory, watch: LineWatch) -> None:
        self._database = database
        self._directory = directory
        self._watch = watch

    async def ListPending(self, request: pb.ListPendingRequest, _: Any) -> pb.ListPendingResponse:
        """Lines whose turn is the caller's, oldest first."""
        actor, after = _official(), queries.PagePosition.of(request.page_token)
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            page = await queries.pending_lines(unit.connection, actor.official_id, after, request.page_size)
        return pb.ListPendingResponse(
            lines=[line_message(line) for line in page.lines],
            next_page_token=page.following.token() if page.following else "",
        )

    async def CountBoxes(self, _request: pb.CountBoxesRequest, _: Any) -> pb.CountBoxesResponse:
        """Numbers for the home page."""
        actor = _official()
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
        agency_id, find = _agency(), queries.line_by_id if by_line else queries.line_by_document

        async def read() -> Line | None:
            async with self._database.transaction(agency_id=agency_id) as unit:
                return await find(unit.connection, key)

        seconds = (current_call().deadline - self._database.clock.now()).total_seconds()
        line = await line_at_least(read, self._watch, key, request.at_least_version, seconds)
        return pb.GetLineResponse(line=line_message(line))

    async def Decide(self, request: pb.DecideRequest, _: Any) -> pb.DecideResponse:
        """Acts on the caller's step; a refusal is raised."""
        [result] = await self._decide([request], request.action, request.opinion)
        if isinstance(result, RefusalError):
            raise result
        return result

    async def DecideInBulk(self, request: pb.DecideInBulkRequest, _: Any) -> pb.DecideInBulkResponse:
        """Acts on many lines, each with an outcome of its own (일괄결재)."""
        if not 0 < len(request.items) <= MOST_ITEMS:
            params = {"most": MOST_ITEMS, "count": len(request.items)}
            raise InvalidError("bulk-size", params=params, field="items")
        results = await self._decide(request.items, request.action, request.opinion)
        pairs = zip(request.items, results, strict=True)
        return pb.DecideInBulkResponse(outcomes=[outcome_message(item.line_id, result) for item, result in pairs])

    async def ReadJournal(self, request: pb.ReadJournalRequest, _: Any) -> pb.ReadJournalResponse:
        """The history of the caller's agency after a position, for systems and for those who keep records."""
        actor = current_call().actor
        if not actor.is_system and not actor.roles & JOURNAL_ROLES:
            raise ForbiddenError("role-missing", params={"roles": ", ".join(sorted(JOURNAL_ROLES))})
        limit = min(request.page_size, MOST_ENTRIES) if request.page_size > 0 else USUAL_ENTRIES
        async with self._database.transaction(agency_id=_agency()) as unit:
            rows = await journal.read_after(unit.connection, position_of(request.after), limit)
        return journal_page(rows)

    async def _decide(
        self, wanted: Sequence[pb.DecideRequest | pb.BulkItem], action: int, opinion: str
    ) -> Sequence[Result]:
        """One transaction for all. Repeated once when the same request ran beside us on another line and was first."""
        actor = _official()
        try:
            async with self._database.transaction(agency_id=actor.agency_id) as unit:
                return await self._carry_out(unit, actor, wanted, action, opinion)
        except asyncpg.UniqueViolationError as error:
            if error.table_name != "request":
                raise
        async with self._database.transaction(agency_id=actor.agency_id) as unit:
            return await self._carry_out(unit, actor, wanted, action, opinion)

    async def _carry_out(
        self,
        unit: UnitOfWork,
        actor: Actor,
        wanted: Sequence[pb.DecideRequest | pb.BulkItem],
        action: int,
        opinion: str,
    ) -> Sequence[Result]:
        view = self._directory.view(unit.now)
        act, signer = action_of(action), _signer(actor, view)
        results: list[Result | None] = [None] * len(wanted)
        items, places = [], []
        for place, request in enumerate(wanted):
            try:
                line_id = uuid_of(request.line_id, "line_id")
            except InvalidError as error:
                results[place] = error
                continue
            decision = Decision(
                line_id, request.expected_version, request.manifest_hash, act, opinion, signer, unit.now, view.version
            )
            items.append(Item(request.request_id, decision))
            places.append(place)
        done = await decide_lines(unit, items, actor, self._watch) if items else []
        for place, result in zip(places, done, strict=True):
            results[place] = result
        return [result for result in results if result is not None]


def _agency() -> str:
    agency_id = current_call().actor.agency_id
    if not agency_id:
        raise ForbiddenError("agency-missing")
    return agency_id


def _official() -> Actor:
    """The caller, who must be a person: systems neither decide nor have boxes."""
    actor = current_call().actor
    if not actor.official_id or actor.is_system:
        raise ForbiddenError("person-missing")
    _agency()
    return actor


def _signer(actor: Actor, view: View) -> Signer:
    """Who signs, in a capacity that has not ended as far as our copy of the directory knows."""
    if view.has_ended(actor.appointment_id, actor.agency_id):
        raise ForbiddenError("capacity-ended", params={"position": actor.position})
    return Signer(
        official_id=actor.official_id,
        appointment_id=actor.appointment_id,
        name=actor.name,
        position=actor.position,
        department_code=actor.department_code,
        department=view.department_name(actor.department_code, actor.agency_id),
        strength=actor.strength,
    )
