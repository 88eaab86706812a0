"""Questions about units and people, and the changes that replicas follow."""

from typing import Any
from uuid import UUID

from chassis.errors import ForbiddenError
from chassis.rpc import current_call
from directory import queries, translate
from directory.domain.capacities import TIME_ZONE, day_in
from directory.domain.search import LONGEST_QUERY, words_of
from directory.rpc.calls import Calls, day_of, require_storable, uuid_or_none
from onnara.directory.v1 import directory_service_pb2 as pb


class Looking(Calls):
    """Units, officials, changes."""

    async def ListChanges(self, request: pb.ListChangesRequest, _: Any) -> pb.ListChangesResponse:
        """A page of the change log."""
        async with self._worker.transaction() as unit:
            page = await queries.changes_after(unit.connection, request.after, request.page_size)
        return translate.changes(page.latest, page.rows)

    async def GetUnit(self, request: pb.GetUnitRequest, _: Any) -> pb.GetUnitResponse:
        """One unit by code and day, with what has followed it."""
        require_storable(request)
        async with self._rpc.transaction() as unit:
            today = day_in(TIME_ZONE, unit.now)
            on, then = day_of(request.on, "on") or today, day_of(request.successors_on, "successors_on")
            found = await queries.unit_of_code(unit, request.code, on, today, then)
        return translate.found_unit(found.unit, found.successors)

    async def SearchUnits(self, request: pb.SearchUnitsRequest, _: Any) -> pb.SearchUnitsResponse:
        """Units by words."""
        require_storable(request)
        async with self._rpc.transaction() as unit:
            found = await queries.units_with(
                unit.connection,
                words_of(request.query),
                day_in(TIME_ZONE, unit.now),
                limit=request.page_size,
                only_active=request.only_active,
            )
        return translate.units(found)

    async def ListOfficials(self, request: pb.ListOfficialsRequest, _: Any) -> pb.ListOfficialsResponse:
        """Officials of the caller's agency in their posts of today."""
        require_storable(request)
        agency_id = _agency()
        async with self._rpc.transaction(agency_id=agency_id) as unit:
            today = day_in(TIME_ZONE, unit.now)
            rows = await queries.officials_of(
                unit.connection, UUID(agency_id), request.department_code, today, unit.now
            )
        return translate.officials(rows)

    async def SearchOfficials(self, request: pb.SearchOfficialsRequest, _: Any) -> pb.SearchOfficialsResponse:
        """Officials by words, best first: all of the caller's own agency.

        Of another agency served here, for drafting together (공동기안, 행정업무규정 8③): its heads and those next to them,
        which is levels 1 (head of agency) to 4 (bureau), and of an absence only until when.
        """
        require_storable(request)
        own = _agency()
        wanted = uuid_or_none(request.agency_id or own)
        if wanted is None:
            return translate.found_officials([])
        async with self._rpc.transaction(agency_id=own) as unit:
            rows = await queries.search_officials(
                unit.connection,
                wanted,
                request.query[:LONGEST_QUERY].lower().split(),
                day_in(TIME_ZONE, unit.now),
                unit.now,
                limit=request.page_size,
                own=wanted == UUID(own),
            )
        return translate.found_officials(rows)


def _agency() -> str:
    agency_id = current_call().actor.agency_id
    if not agency_id:
        raise ForbiddenError("agency-missing")
    return agency_id
