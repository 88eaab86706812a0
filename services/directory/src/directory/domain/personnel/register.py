"""What is known when facts are judged, and how it changes from one fact of a batch to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from chassis.errors import ForbiddenError, InvalidError, NotFoundError, Problem, RefusalError
from directory.domain.capacities import TIME_ZONE, day_in
from directory.domain.personnel.facts import Fact, Source
from directory.domain.records import (
    Absence,
    Appointment,
    ExternalIdentity,
    Official,
    Post,
    Record,
    Unit,
)
from directory.domain.successors import at_day

Row = TypeVar("Row", Official, Appointment)


@dataclass(frozen=True, slots=True)
class Told:
    """The newest report of a subject: what it is in the directory, and when it stood so."""

    subject: UUID
    reported_at: datetime
    number: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a fact makes: rows to write, posts among them, and what a person should look at."""

    subject: UUID
    records: tuple[Record, ...] = ()
    posts: tuple[Post, ...] = ()
    notices: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Register:
    """Rows by what they are found by. identities: (system, number) to person. told: by (system, kind, number)."""

    now: datetime
    systems: Mapping[str, frozenset[UUID]]
    units: Mapping[str, Sequence[Unit]]
    identities: dict[tuple[str, str], UUID] = field(default_factory=dict)
    officials: dict[UUID, list[Official]] = field(default_factory=dict)
    posts: dict[UUID, Post] = field(default_factory=dict)
    appointments: dict[UUID, list[Appointment]] = field(default_factory=dict)
    absences: dict[UUID, Absence] = field(default_factory=dict)
    told: dict[tuple[str, str, str], Told] = field(default_factory=dict)

    def subject(self, fact: Fact) -> Told | None:
        """What a fact's subject was last reported as."""
        return self.told.get((fact.source.system, fact.kind, fact.key))

    def is_outdated(self, fact: Fact) -> bool:
        """True when a newer report of the same subject is known: it stays."""
        told = self.subject(fact)
        return told is not None and (told.reported_at, told.number) > (fact.source.reported_at, fact.source.number)

    def others(self, fact: Fact) -> frozenset[UUID]:
        """Subjects of the same kind that other numbers of the same system stand for."""
        system, kind = fact.source.system, fact.kind
        return frozenset(
            t.subject for (s, k, key), t in self.told.items() if (s, k) == (system, kind) and key != fact.key
        )

    def take(self, fact: Fact, taken: Taken) -> tuple[Record, ...]:
        """Takes over what a fact has made; answers the rows that are new or different."""
        self.told[fact.source.system, fact.kind, fact.key] = Told(
            taken.subject, fact.source.reported_at, fact.source.number
        )
        self.posts |= {post.post_id: post for post in taken.posts}
        return tuple(record for record in taken.records if self._put(record))

    def _put(self, record: Record) -> bool:
        match record:
            case ExternalIdentity():
                key = (record.system, record.external_id)
                fresh = self.identities.get(key) != record.official_id
                self.identities[key] = record.official_id
                return fresh
            case Official():
                return _laid(self.officials.setdefault(record.official_id, []), record)
            case Appointment():
                return _laid(self.appointments.setdefault(record.appointment_id, []), record)
            case Absence():
                fresh = self.absences.get(record.absence_id) != record
                self.absences[record.absence_id] = record
                return fresh
            case _:
                return True

    def agency(self, source: Source) -> Unit | RefusalError:
        """The agency a system speaks for, or why it may not."""
        unit = at_day(self.units.get(source.agency_code, ()), day_in(TIME_ZONE, self.now))
        if unit is None:
            return NotFoundError("agency-unknown", params={"code": source.agency_code}, field="origin.agency_code")
        return unit if self.may_speak(source, unit.agency_id) else not_allowed(source, source.agency_code)

    def may_speak(self, source: Source, agency_id: UUID) -> bool:
        """Whether the reporting system is registered for an agency."""
        return agency_id in self.systems.get(source.system, frozenset())

    def person(self, source: Source, number: str, place: str) -> UUID | NotFoundError:
        """The person behind a number of the reporting system."""
        found = self.identities.get((source.system, number))
        return found or NotFoundError("person-unreported", params={"number": number}, field=place)

    def held_by(self, official_id: UUID) -> list[Appointment]:
        """All rows of a person's appointments."""
        return [row for rows in self.appointments.values() for row in rows if row.official_id == official_id]


def _laid(rows: list[Row], record: Row) -> bool:
    if record in rows:
        return False
    rows[:] = [row for row in rows if row.valid_from != record.valid_from]
    rows.append(record)
    return True


def not_allowed(source: Source, agency_code: str) -> ForbiddenError:
    """The refusal of a system that speaks for an agency it is not registered for."""
    params = {"system": source.system, "agency": agency_code}
    return ForbiddenError("client-system-not-allowed", params=params, field="origin.system")


def unreadable(problems: Sequence[Problem]) -> InvalidError:
    """The refusal of a fact whose values could not be read."""
    first = problems[0]
    return InvalidError(
        first.code, params=dict(first.params), field=first.field, source=first.source, more=tuple(problems[1:])
    )


def real(rows: Iterable[Row]) -> list[Row]:
    """Rows that hold on some day, in order of time."""
    return sorted((row for row in rows if row.valid_from != row.valid_to), key=lambda row: row.valid_from)


def succeed(rows: Iterable[Row], new: Row, day: date) -> tuple[Row, ...]:
    """Rows to write so that what is known goes over into ``new`` from a day on. What held before the day, held."""
    known = real(rows)
    if not known:
        return (new,)
    last = known[-1]
    ended = last.valid_to is not None and last.valid_to <= day
    if ended and (new.valid_to is None or new.valid_to > day):
        return (replace(new, valid_from=max(day, new.valid_from)),)
    if replace(new, valid_from=last.valid_from, valid_to=last.valid_to) == last or (
        new.valid_to is not None and new.valid_to <= day
    ):
        return (replace(last, valid_to=_not_before(last.valid_from, new.valid_to)),)
    if day <= last.valid_from:
        return (replace(new, valid_from=last.valid_from, valid_to=_not_before(last.valid_from, new.valid_to)),)
    return replace(last, valid_to=day), replace(new, valid_from=day)


def _not_before(first: date, end: date | None) -> date | None:
    return end if end is None else max(first, end)
