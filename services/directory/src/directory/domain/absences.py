"""Absences and deputies (대결, 행정업무규정 10③): which one may be registered, and what its end makes of it. Pure.

No deputies in a circle: whoever would close one names somebody who is away at that time, and that is refused. A deputy may
fall ill all the same; then nobody acts, and approval refuses a deputy who is away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from chassis.errors import ConflictError, InvalidError, NotFoundError, RefusalError
from directory.domain.capacities import day_in, days_of
from directory.domain.records import Absence, Appointment, holds

REASONS = ("leave", "trip", "training", "vacancy", "other")
LONGEST_NOTE = 200
SOURCE = "행정업무규정 10③"


@dataclass(frozen=True, slots=True)
class Wish:
    """An absence somebody wants registered. starts_at None: from now on. ends_at None: until ended."""

    official_id: UUID
    reason: str
    note: str
    starts_at: datetime | None
    ends_at: datetime | None
    deputy_official_id: UUID | None


@dataclass(frozen=True, slots=True)
class Register:
    """What is known beside the wish: absences and appointments of the official and of the deputy, and the place's time."""

    agency_id: UUID
    time_zone: str
    now: datetime
    absences: tuple[Absence, ...]
    appointments: tuple[Appointment, ...]


def overlap(one: Absence, starts_at: datetime, ends_at: datetime | None) -> bool:
    """True when an absence and a span have a moment in common; a taken back absence has none."""
    if one.ends_at is not None and one.ends_at <= one.starts_at:
        return False
    return (ends_at is None or one.starts_at < ends_at) and (one.ends_at is None or starts_at < one.ends_at)


def away(absences: Iterable[Absence], official_id: UUID, moment: datetime) -> Absence | None:
    """The absence of an official that covers a moment."""
    return next(
        (
            absence
            for absence in absences
            if absence.official_id == official_id
            and absence.starts_at <= moment
            and (absence.ends_at is None or moment < absence.ends_at)
        ),
        None,
    )


def register(wish: Wish, known: Register, absence_id: UUID) -> Absence | RefusalError:
    """The absence as it is registered, or why not."""
    starts_at = wish.starts_at or known.now
    first = day_in(known.time_zone, max(starts_at, known.now))
    if not _serves(wish.official_id, known, first):
        return NotFoundError("official-not-here", field="absence.official_id")
    refusal = _time(wish, starts_at, known) or _words(wish) or _deputy(wish, starts_at, known, first)
    if refusal is not None:
        return refusal
    return Absence(
        absence_id=absence_id,
        official_id=wish.official_id,
        agency_id=known.agency_id,
        reason=wish.reason,
        note=wish.note.strip(),
        starts_at=starts_at,
        ends_at=wish.ends_at,
        deputy_official_id=wish.deputy_official_id,
        valid_from=days_of(known.time_zone, starts_at)[0],
        valid_to=_day_after(known.time_zone, wish.ends_at) if wish.ends_at else None,
    )


def end(absence: Absence, time_zone: str, now: datetime) -> Absence | RefusalError:
    """The absence ended now; one that has not begun is taken back: it holds on no day."""
    if absence.ends_at is not None and absence.ends_at <= now:
        return ConflictError("absence-ended", field="absence_id")
    if absence.starts_at >= now:
        return replace(absence, ends_at=absence.starts_at, valid_to=absence.valid_from)
    return replace(absence, ends_at=now, valid_to=_day_after(time_zone, now))


def _time(wish: Wish, starts_at: datetime, known: Register) -> RefusalError | None:
    # What was decided yesterday was decided by people who were there: nobody is made absent afterwards.
    if day_in(known.time_zone, starts_at) < day_in(known.time_zone, known.now):
        return InvalidError("absence-in-past", field="absence.starts_at")
    if wish.ends_at is not None and wish.ends_at <= max(starts_at, known.now):
        return InvalidError("absence-ends-early", field="absence.ends_at")
    mine = (absence for absence in known.absences if absence.official_id == wish.official_id)
    if any(overlap(absence, starts_at, wish.ends_at) for absence in mine):
        return ConflictError("absence-overlaps", field="absence.starts_at")
    return None


def _words(wish: Wish) -> RefusalError | None:
    if wish.reason not in REASONS:
        return InvalidError("absence-reason-unknown", params={"value": wish.reason[:20]}, field="absence.reason")
    if len(wish.note.strip()) > LONGEST_NOTE:
        return InvalidError("absence-note-too-long", params={"most": LONGEST_NOTE}, field="absence.note")
    if wish.reason == "other" and not wish.note.strip():
        # 시행규칙 6④: where a reviewer is skipped the cell says why, and "other" says nothing.
        return InvalidError("absence-note-missing", field="absence.note", source="행정업무규정 시행규칙 6④")
    return None


def _deputy(wish: Wish, starts_at: datetime, known: Register, first: date) -> RefusalError | None:
    deputy = wish.deputy_official_id
    if deputy is None:
        return None
    place = "absence.deputy_official_id"
    if deputy == wish.official_id:
        return InvalidError("deputy-is-oneself", field=place, source=SOURCE)
    if not _serves(deputy, known, first):
        return InvalidError("deputy-not-in-agency", field=place, source=SOURCE)
    theirs = (absence for absence in known.absences if absence.official_id == deputy)
    if any(overlap(absence, starts_at, wish.ends_at) for absence in theirs):
        return ConflictError("deputy-is-away", field=place, source=SOURCE)
    return None


def _serves(official_id: UUID, known: Register, day: date) -> bool:
    return any(
        held.official_id == official_id and held.agency_id == known.agency_id and holds(held, day)
        for held in known.appointments
    )


def _day_after(time_zone: str, moment: datetime) -> date:
    return days_of(time_zone, moment)[1] + timedelta(days=1)
