"""Absences and deputies (대결): the person's own, or anybody's of the agency for its administrator."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import ForbiddenError, InvalidError
from chassis.uow import UnitOfWork
from directory import queries, translate
from directory.domain.absences import Wish
from directory.domain.capacities import TIME_ZONE, day_in
from directory.handlers.absences import end_absence, register_absence
from directory.rpc.calls import ADMINISTRATOR, Calls, agreed, by, person, require_storable, uuid_or_none
from onnara.directory.v1 import directory_service_pb2 as pb
from onnara.directory.v1 import events_pb2 as events


class Deputising(Calls):
    """Who is away, and who acts meanwhile."""

    async def RegisterAbsence(self, request: pb.RegisterAbsenceRequest, _: Any) -> pb.RegisterAbsenceResponse:
        """The caller's absence; an administrator may name another official of the agency."""
        require_storable(request)
        actor, official_id, agency_id = person()
        named = request.absence.official_id
        if named and named != actor.official_id and ADMINISTRATOR not in actor.roles:
            raise ForbiddenError("absence-not-yours", field="absence.official_id")
        wish = _wish(request.absence, (uuid_or_none(named) or UUID(int=0)) if named else official_id)

        async def handle(unit: UnitOfWork) -> pb.RegisterAbsenceResponse:
            absence = agreed(await register_absence(unit, agency_id, wish, by(actor)))
            return pb.RegisterAbsenceResponse(absence=translate.absence_message(absence))

        return await self._command(handle, pb.RegisterAbsenceResponse, "RegisterAbsence", request.request_id)

    async def EndAbsence(self, request: pb.EndAbsenceRequest, _: Any) -> pb.EndAbsenceResponse:
        """Ends an absence of the caller's; an administrator ends anybody's of the agency."""
        actor, official_id, agency_id = person()
        asking = None if ADMINISTRATOR in actor.roles else official_id

        async def handle(unit: UnitOfWork) -> pb.EndAbsenceResponse:
            wanted = uuid_or_none(request.absence_id)
            agreed(await end_absence(unit, agency_id, wanted, by(actor), official_id=asking))
            return pb.EndAbsenceResponse()

        return await self._command(handle, pb.EndAbsenceResponse, "EndAbsence", request.request_id)

    async def ListAbsences(self, request: pb.ListAbsencesRequest, _: Any) -> pb.ListAbsencesResponse:
        """Absences that have not ended: the caller's and those stood in for, or all of the agency."""
        actor, official_id, agency_id = person()
        async with self._rpc.transaction(agency_id=actor.agency_id) as unit:
            found = await queries.absences_of(
                unit.connection,
                agency_id,
                day_in(TIME_ZONE, unit.now),
                unit.now,
                None if request.agency else official_id,
            )
        return translate.absences(found)


def _wish(absence: events.AbsenceData, official_id: UUID) -> Wish:
    deputy = absence.deputy_official_id
    return Wish(
        official_id=official_id,
        reason=absence.reason,
        note=absence.note,
        starts_at=_moment(absence.starts_at, "absence.starts_at") if absence.HasField("starts_at") else None,
        ends_at=_moment(absence.ends_at, "absence.ends_at") if absence.HasField("ends_at") else None,
        # What is no id is nobody's: refused as somebody who does not work here.
        deputy_official_id=(uuid_or_none(deputy) or UUID(int=0)) if deputy else None,
    )


def _moment(stamp: Timestamp, field: str) -> datetime:
    try:
        return stamp.ToDatetime(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidError("time-malformed", field=field) from error
