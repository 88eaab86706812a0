"""Absences: registered and ended, one at a time, by the person or by the agency's administrator."""

from uuid import UUID

from chassis.errors import ForbiddenError, NotFoundError, RefusalError
from chassis.ids import uuid7
from chassis.uow import UnitOfWork
from directory import translate
from directory.domain.absences import Register, Wish, end, register
from directory.domain.capacities import TIME_ZONE
from directory.domain.records import Absence
from directory.handlers.change_records import By, change_records, lock_directory

_ABSENCES = "SELECT * FROM absence WHERE official_id = ANY ($1::uuid[]) AND (ends_at IS NULL OR ends_at > $2)"
_APPOINTMENTS = "SELECT * FROM appointment WHERE official_id = ANY ($1::uuid[]) AND agency_id = $2"
_ABSENCE = "SELECT * FROM absence WHERE absence_id = $1 AND agency_id = $2"
_ZONE = """
SELECT time_zone FROM unit WHERE unit_id = $1 AND (valid_to IS NULL OR valid_to > valid_from) ORDER BY valid_from DESC LIMIT 1
"""


async def register_absence(unit: UnitOfWork, agency_id: UUID, wish: Wish, by: By) -> Absence | RefusalError:
    """Registers an absence of an official of the agency."""
    # Before anything is read: two people who name each other at the same moment come one after the other.
    await lock_directory(unit)
    people = [wish.official_id, *([wish.deputy_official_id] if wish.deputy_official_id else [])]
    absences = tuple(translate.absence(row) for row in await unit.fetch(_ABSENCES, people, unit.now))
    held = tuple(translate.appointment(row) for row in await unit.fetch(_APPOINTMENTS, people, agency_id))
    known = Register(agency_id, await zone_of(unit, agency_id), unit.now, absences, held)
    registered = register(wish, known, uuid7())
    if isinstance(registered, Absence):
        await change_records(unit, [registered], by=by)
    return registered


async def end_absence(
    unit: UnitOfWork, agency_id: UUID, absence_id: UUID | None, by: By, *, official_id: UUID | None
) -> Absence | RefusalError:
    """Ends an absence now, or takes it back. official_id: who asks; None: an administrator, who may end anybody's."""
    await lock_directory(unit)
    rows = await unit.fetch(_ABSENCE, absence_id, agency_id)
    if not rows:
        return NotFoundError("absence-unknown", field="absence_id")
    absence = translate.absence(rows[0])
    if official_id is not None and absence.official_id != official_id:
        return ForbiddenError("absence-not-yours", field="absence_id")
    ended = end(absence, await zone_of(unit, agency_id), unit.now)
    if isinstance(ended, Absence):
        await change_records(unit, [ended], by=by)
    return ended


async def zone_of(unit: UnitOfWork, agency_id: UUID) -> str:
    """IANA name of the time zone an agency works in."""
    rows = await unit.fetch(_ZONE, agency_id)
    return (rows[0]["time_zone"] if rows else "") or TIME_ZONE
