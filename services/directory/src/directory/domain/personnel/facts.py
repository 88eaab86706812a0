"""Facts as they are reported: snapshots of one subject each, named by the reporting system's own number."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from chassis.errors import Problem

REGULAR, ADDITIONAL, SECONDED, ACTING = "regular", "additional", "seconded", "acting"


@dataclass(frozen=True, slots=True)
class Source:
    """Who reports, and when it stood so. number: of the report itself; grows within one moment."""

    system: str
    agency_code: str
    reported_at: datetime
    number: str


@dataclass(frozen=True, slots=True)
class PersonFact:
    """A person. Days are inclusive; last_day None: still in service. problems: values that could not be read."""

    kind: ClassVar[str] = "official"
    source: Source
    key: str
    name: str
    login: str
    email: str
    first_day: date | None
    last_day: date | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PostFact:
    """A person in a post. form: 본직, 겸직, 파견, 직무대리. person: the system's number of the person."""

    kind: ClassVar[str] = "appointment"
    source: Source
    key: str
    person: str
    form: str
    department_code: str
    position: str
    level: int
    first_day: date | None
    last_day: date | None
    withdrawn: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class AbsenceFact:
    """An absence. ends_at None: until reported otherwise. deputy: the system's number of a person; empty: nobody acts."""

    kind: ClassVar[str] = "absence"
    source: Source
    key: str
    person: str
    reason: str
    note: str
    starts_at: datetime | None
    ends_at: datetime | None
    deputy: str
    withdrawn: bool
    problems: tuple[Problem, ...] = ()


Fact = PersonFact | PostFact | AbsenceFact
