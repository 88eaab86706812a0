"""A person in a post as reported: 본직, 겸직, 파견, 직무대리; begins, changes, ends, taken back. Pure.

Rights attach to posts. A post that nobody else holds is taken over with all its rights, and so is one that is carried out
for its holder (직무대리). Beside a holder a new post is made, with the rights of its level in an approval line and no more:
clerks, seal keepers and operators are made by the operator, not by a personnel file.
"""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid5

from chassis.errors import ConflictError, InvalidError, NotFoundError, Problem, RefusalError
from directory.domain.capacities import day_in
from directory.domain.personnel.facts import ACTING, PostFact
from directory.domain.personnel.register import Register, Taken, not_allowed, real, succeed, unreadable
from directory.domain.records import NAMESPACE, Appointment, Post, Unit, holds
from directory.domain.successors import at_day

LEVELS = range(8)
# Whoever carries out another's post signs as such (행정업무규정 14).
ACTING_MARK = " 직무대리"


def judge(fact: PostFact, known: Register) -> Taken | RefusalError:
    """Rows of the appointment, and the post where it is new."""
    if fact.problems:
        return unreadable(fact.problems)
    if not fact.position.strip() or not fact.key or fact.level not in LEVELS:
        return InvalidError("appointment-incomplete", field="position" if fact.level in LEVELS else "level")
    agency = known.agency(fact.source)
    if isinstance(agency, RefusalError):
        return agency
    who = known.person(fact.source, fact.person, "person_number")
    if isinstance(who, RefusalError):
        return who
    day = day_in(agency.time_zone, fact.source.reported_at)
    today = day_in(agency.time_zone, known.now)
    appointment_id = _appointment_id(fact, known, who)
    rows = known.appointments.get(appointment_id, [])
    if fact.withdrawn:
        return Taken(appointment_id, _taken_back(rows, today))
    unit = _unit(fact, known, day)
    if isinstance(unit, RefusalError):
        return unit
    new, posts = _made(fact, known, unit, appointment_id, who, day)
    last = next(reversed(real(rows)), None)
    if last is not None and last.valid_from > today and new.valid_from != last.valid_from:
        return Taken(appointment_id, (replace(last, valid_to=last.valid_from), new), posts)
    return Taken(appointment_id, succeed(rows, new, day), posts, _began(fact, rows))


def roles_of(level: int) -> tuple[str, ...]:
    """Rights in an approval line of a post of a level: staff draft, team and division heads review, those above decide."""
    if level in {0, 7}:
        return ("drafter",)
    return ("reviewer",) if level in {5, 6} else ("approver",)


def _appointment_id(fact: PostFact, known: Register, who: UUID) -> UUID:
    """The appointment: as reported before, else the same post the person holds already, else a new one."""
    told = known.subject(fact)
    if told is not None:
        return told.subject
    taken = known.others(fact)
    same = [
        row.appointment_id
        for row in known.held_by(who)
        if row.appointment_id not in taken
        and row.valid_to is None
        and (row.department_code, row.position) == (fact.department_code, _shown(fact))
    ]
    return min(same, default=uuid5(NAMESPACE, f"appointment:{fact.source.system}:{fact.key}"))


def _unit(fact: PostFact, known: Register, day: date) -> Unit | RefusalError:
    first = fact.first_day or day
    stands = max(first, day)
    if fact.last_day is not None and fact.last_day < stands:
        stands = max(first, fact.last_day)
    unit = at_day(known.units.get(fact.department_code, ()), stands)
    if unit is None:
        return NotFoundError("unit-unknown", params={"code": fact.department_code}, field="department_code")
    if not holds(unit, stands):
        params = {
            "code": unit.code,
            "day": str(unit.valid_to or ""),
            "successors": " ".join(unit.successor_codes) or "-",
        }
        return ConflictError("unit-abolished", params=params, field="department_code")
    return unit if known.may_speak(fact.source, unit.agency_id) else not_allowed(fact.source, unit.code)


def _made(
    fact: PostFact, known: Register, unit: Unit, appointment_id: UUID, who: UUID, day: date
) -> tuple[Appointment, tuple[Post, ...]]:
    last = next(reversed(real(known.appointments.get(appointment_id, []))), None)
    first = fact.first_day or day
    shown = _shown(fact)
    same = last is not None and (last.department_code, last.position) == (unit.code, shown)
    if last is not None and same and fact.level in {0, last.level}:
        held = (last.post_id, last.roles, last.level)
        posts: tuple[Post, ...] = ()
    else:
        post = _post(fact, known, unit, who, max(first, day))
        held = (post.post_id, post.roles, post.level)
        posts = () if post.post_id in known.posts else (post,)
    ends = [fact.last_day + timedelta(days=1)] if fact.last_day else []
    ends += [row.valid_to for row in real(known.officials.get(who, []))[-1:] if row.valid_to is not None]
    made = Appointment(
        appointment_id=appointment_id,
        official_id=who,
        post_id=held[0],
        position=shown,
        department_code=unit.code,
        agency_id=unit.agency_id,
        roles=held[1],
        valid_from=first,
        valid_to=max(first, min(ends)) if ends else None,
        level=held[2],
    )
    return made, posts


def _post(fact: PostFact, known: Register, unit: Unit, who: UUID, day: date) -> Post:
    """The post: one of the name that is free, or anybody's for whom it is carried out; else a new one."""
    named = sorted(
        (p for p in known.posts.values() if (p.department_code, p.position) == (unit.code, fact.position.strip())),
        key=lambda post: post.post_id,
    )
    for post in named:
        if fact.form == ACTING or not _is_held(known, post, who, day):
            return post
    identity = uuid5(NAMESPACE, f"post:{fact.source.system}:{fact.key}:{unit.code}:{fact.position.strip()}")
    return Post(identity, unit.code, fact.position.strip(), roles_of(fact.level), unit.agency_id, day, level=fact.level)


def _is_held(known: Register, post: Post, who: UUID, day: date) -> bool:
    return any(
        row.post_id == post.post_id
        and row.official_id != who
        and row.valid_from != row.valid_to
        and (row.valid_to is None or row.valid_to > day)
        for rows in known.appointments.values()
        for row in rows
    )


def _taken_back(rows: list[Appointment], today: date) -> tuple[Appointment, ...]:
    """Taken back before it began, it holds on no day; afterwards it ends today, for what was done in it was done."""
    last = next(reversed(real(rows)), None)
    if last is None or (last.valid_to is not None and last.valid_to <= today):
        return ()
    return (replace(last, valid_to=max(last.valid_from, today)),)


def _began(fact: PostFact, rows: list[Appointment]) -> tuple[Problem, ...]:
    known = real(rows)
    if not known or fact.first_day is None or fact.first_day == known[0].valid_from:
        return ()
    params = {"reported": str(fact.first_day), "kept": str(known[0].valid_from)}
    return (Problem("appointment-began", params, "first_day"),)


def _shown(fact: PostFact) -> str:
    return fact.position.strip() + (ACTING_MARK if fact.form == ACTING else "")
