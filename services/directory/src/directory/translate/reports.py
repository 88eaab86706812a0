"""Reports of neighbouring systems into facts, and the answers to them. No decision is made here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import Problem
from directory.domain.personnel import facts
from directory.domain.reported_units import UnitFact
from onnara.common.v1.error_pb2 import ErrorDetail
from onnara.exchange.v1.events_pb2 import Origin, RequestRefused
from onnara.exchange.v1.personnel_pb2 import (
    AbsenceReported,
    AppointmentKind,
    AppointmentReported,
    OfficialReported,
)
from onnara.exchange.v1.reports_pb2 import ReportEffect, ReportStored
from onnara.exchange.v1.units_pb2 import UnitReported

F = TypeVar("F")
_FORMS = {
    AppointmentKind.APPOINTMENT_KIND_REGULAR: facts.REGULAR,
    AppointmentKind.APPOINTMENT_KIND_ADDITIONAL: facts.ADDITIONAL,
    AppointmentKind.APPOINTMENT_KIND_SECONDED: facts.SECONDED,
    AppointmentKind.APPOINTMENT_KIND_ACTING: facts.ACTING,
}
_STAGE = "directory"


@dataclass(frozen=True, slots=True)
class Reported(Generic[F]):
    """A fact and where it came from."""

    origin: Origin
    fact: F


def person_of(message: OfficialReported) -> Reported[facts.PersonFact]:
    """A person."""
    problems: list[Problem] = []
    fact = facts.PersonFact(
        source_of(message.origin, message.reported_at),
        key=plain(message.person_number),
        name=message.name,
        login=plain(message.login).strip().lower(),
        email=message.email,
        first_day=day_of(message.first_day, "first_day", problems),
        last_day=day_of(message.last_day, "last_day", problems),
        problems=tuple(
            problems
            + nul_in(name=message.name, login=message.login, email=message.email, person_number=message.person_number)
        ),
    )
    return Reported(message.origin, fact)


def post_of(message: AppointmentReported) -> Reported[facts.PostFact]:
    """A person in a post."""
    problems: list[Problem] = []
    fact = facts.PostFact(
        source_of(message.origin, message.reported_at),
        key=plain(message.order_number),
        person=plain(message.person_number),
        form=_FORMS.get(message.kind, facts.REGULAR),
        department_code=plain(message.department_code),
        position=message.position,
        level=message.level,
        first_day=day_of(message.first_day, "first_day", problems),
        last_day=day_of(message.last_day, "last_day", problems),
        withdrawn=message.withdrawn,
        problems=tuple(problems + nul_in(position=message.position, order_number=message.order_number)),
    )
    return Reported(message.origin, fact)


def absence_of(message: AbsenceReported) -> Reported[facts.AbsenceFact]:
    """An absence."""
    fact = facts.AbsenceFact(
        source_of(message.origin, message.reported_at),
        key=plain(message.absence_number),
        person=plain(message.person_number),
        reason=message.reason,
        note=message.note,
        starts_at=moment_of(message.starts_at) if message.HasField("starts_at") else None,
        ends_at=moment_of(message.ends_at) if message.HasField("ends_at") else None,
        deputy=plain(message.deputy_person_number),
        withdrawn=message.withdrawn,
        problems=tuple(nul_in(note=message.note, absence_number=message.absence_number)),
    )
    return Reported(message.origin, fact)


def unit_of(message: UnitReported) -> Reported[UnitFact]:
    """A unit of the table of agency codes."""
    problems: list[Problem] = []
    source = source_of(message.origin, message.reported_at)
    fact = UnitFact(
        source.system,
        source.agency_code,
        source.reported_at,
        source.number,
        code=plain(message.code),
        name=plain(message.name),
        full_name=plain(message.full_name),
        parent_code=plain(message.parent_code),
        representative_code=plain(message.representative_code),
        created_on=day_of(message.created_on, "created_on", problems),
        abolished_on=day_of(message.abolished_on, "abolished_on", problems),
        changed_on=day_of(message.changed_on, "changed_on", problems),
        abolished=message.abolished,
        predecessors=tuple(dict.fromkeys(plain(each) for each in message.predecessor_codes if each)),
        texts={name: plain(getattr(message, name)) for name in ("zipcode", "address", "telephone", "fax")},
        problems=tuple(problems),
    )
    return Reported(message.origin, fact)


def source_of(origin: Origin, reported_at: Timestamp) -> facts.Source:
    """Who reports, and when it stood so."""
    system = origin.system or origin.endpoint
    return facts.Source(plain(system), plain(origin.agency_code), moment_of(reported_at), plain(origin.natural_key))


def plain(text: str) -> str:
    """A text to look something up by: without the one character the database does not take."""
    return text.replace("\x00", "\ufffd")


def moment_of(stamp: Timestamp) -> datetime:
    """A moment with its zone."""
    return stamp.ToDatetime(UTC)


def day_of(text: str, field: str, problems: list[Problem]) -> date | None:
    """A day, None for nothing; anything else is a problem."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(Problem("day-malformed", {"value": text[:20]}, field))
        return None


def nul_in(**texts: str) -> list[Problem]:
    """Problems of texts that hold the one character the database does not take."""
    return [Problem("character-unstorable", {}, field) for field, text in texts.items() if "\x00" in text]


def report_stored(
    origin: Origin, effect: ReportEffect.ValueType, notices: Sequence[Problem], now: datetime
) -> ReportStored:
    """The answer to a report that was taken."""
    answer = ReportStored(origin=origin, stage=_STAGE, effect=effect, notices=[_detail(each) for each in notices])
    answer.stored_at.FromDatetime(now)
    return answer


def report_refused(origin: Origin, problems: Sequence[Problem]) -> RequestRefused:
    """The answer to a report that was not."""
    return RequestRefused(origin=origin, stage=_STAGE, errors=[_detail(problem) for problem in problems])


def _detail(problem: Problem) -> ErrorDetail:
    return ErrorDetail(code=problem.code, params=dict(problem.params), field=problem.field, source=problem.source)
