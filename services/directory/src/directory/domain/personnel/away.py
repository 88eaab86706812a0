"""An absence as reported, and the deputy's time (대결, 행정업무규정 10③): begins, changes, is taken back. Pure.

The rules are those of absences that people register themselves (`domain.absences`); one person cannot be away twice, so
what the person has registered and what the personnel system reports of the same time is one absence.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

from chassis.errors import ConflictError, InvalidError, RefusalError
from directory.domain import absences
from directory.domain.absences import Wish, overlap
from directory.domain.capacities import day_in
from directory.domain.personnel.facts import AbsenceFact
from directory.domain.personnel.register import Register, Taken, unreadable
from directory.domain.records import NAMESPACE, Absence, Unit, holds

AUTHORITY = frozenset({"reviewer", "approver"})


def judge(fact: AbsenceFact, known: Register) -> Taken | RefusalError:
    """Rows of the absence; an absence that is over already leaves none."""
    if fact.problems:
        return unreadable(fact.problems)
    agency = known.agency(fact.source)
    if isinstance(agency, RefusalError):
        return agency
    who = known.person(fact.source, fact.person, "person_number")
    if isinstance(who, RefusalError):
        return who
    deputy = known.person(fact.source, fact.deputy, "deputy_person_number") if fact.deputy else None
    if isinstance(deputy, RefusalError):
        return deputy
    if fact.starts_at is None or not fact.key:
        return InvalidError("absence-start-missing", field="starts_at")
    mine, adopted = _mine(fact, known, who)
    subject = mine.absence_id if mine else uuid5(NAMESPACE, f"absence:{fact.source.system}:{fact.key}")
    if fact.withdrawn or (fact.ends_at is not None and fact.ends_at <= max(known.now, fact.starts_at)):
        ended = absences.end(mine, agency.time_zone, known.now) if mine else None
        return Taken(subject, (ended,) if isinstance(ended, Absence) else ())
    wish = Wish(
        official_id=who,
        reason=fact.reason,
        note=fact.note,
        # What was decided before the report came, was decided by people who were there.
        starts_at=max(fact.starts_at, known.now),
        ends_at=fact.ends_at,
        deputy_official_id=deputy or (mine.deputy_official_id if mine and adopted else None),
    )
    if mine is not None and _says(mine, wish, fact):
        return Taken(subject, (mine,))
    return _registered(fact, wish, mine, subject, known, agency)


def _mine(fact: AbsenceFact, known: Register, who: UUID) -> tuple[Absence | None, bool]:
    """The absence the report is about, if it is known; and whether somebody else has registered it."""
    told = known.subject(fact)
    found = known.absences.get(told.subject) if told else None
    if found is not None and (found.ends_at is None or found.ends_at > known.now):
        return found, False
    others = known.others(fact)
    for absence in known.absences.values():
        theirs = absence.official_id == who and absence.absence_id not in others
        if theirs and fact.starts_at is not None and overlap(absence, max(fact.starts_at, known.now), fact.ends_at):
            return absence, True
    return None, False


def _says(mine: Absence, wish: Wish, fact: AbsenceFact) -> bool:
    same = (mine.reason, mine.note, mine.ends_at, mine.deputy_official_id)
    begins = mine.starts_at == fact.starts_at or (mine.starts_at <= (wish.starts_at or mine.starts_at))
    return same == (wish.reason, wish.note.strip(), wish.ends_at, wish.deputy_official_id) and begins


def _registered(
    fact: AbsenceFact, wish: Wish, mine: Absence | None, subject: UUID, known: Register, agency: Unit
) -> Taken | RefusalError:
    others = tuple(each for each in known.absences.values() if mine is None or each.absence_id != mine.absence_id)
    held = tuple(row for rows in known.appointments.values() for row in rows)
    told = absences.Register(agency.agency_id, agency.time_zone, known.now, others, held)
    made = absences.register(wish, told, subject)
    if isinstance(made, RefusalError):
        return made
    refusal = _authority(made, known, day_in(agency.time_zone, made.starts_at))
    if refusal is not None:
        return refusal
    if mine is None:
        # A number whose absence is over stands for a new one: its beginning never changes.
        if subject in known.absences:
            made = replace(made, absence_id=uuid5(subject, fact.source.number))
        return Taken(made.absence_id, (made,))
    if mine.starts_at <= known.now:
        return Taken(subject, (replace(made, starts_at=mine.starts_at, valid_from=mine.valid_from),))
    if made.starts_at == mine.starts_at:
        return Taken(subject, (made,))
    moved = replace(made, absence_id=uuid5(mine.absence_id, fact.source.number))
    return Taken(moved.absence_id, (replace(mine, ends_at=mine.starts_at, valid_to=mine.valid_from), moved))


def _authority(made: Absence, known: Register, day: date) -> RefusalError | None:
    """Who acts for somebody who decides or reviews, holds a post with such authority (행정업무규정 10③)."""
    if made.deputy_official_id is None:
        return None
    needed, offered = (_rights(known, who, day) for who in (made.official_id, made.deputy_official_id))
    if needed & AUTHORITY and not offered & AUTHORITY:
        return ConflictError("deputy-without-authority", field="deputy_person_number", source=absences.SOURCE)
    return None


def _rights(known: Register, official_id: UUID, day: date) -> frozenset[str]:
    return frozenset(role for row in known.held_by(official_id) if holds(row, day) for role in row.roles)
