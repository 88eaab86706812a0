"""A person as reported: new, known under the same login, renamed, gone. Pure."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid5

from chassis.errors import ConflictError, InvalidError, RefusalError
from directory.domain.capacities import day_in
from directory.domain.personnel.facts import PersonFact
from directory.domain.personnel.register import Register, Taken, real, succeed, unreadable
from directory.domain.records import NAMESPACE, Appointment, ExternalIdentity, Official


def judge(fact: PersonFact, known: Register) -> Taken | RefusalError:
    """Rows of the person; whoever leaves service leaves every post on the same day."""
    if fact.problems:
        return unreadable(fact.problems)
    if not fact.name.strip() or not fact.key:
        return InvalidError("name-missing", field="name")
    agency = known.agency(fact.source)
    if isinstance(agency, RefusalError):
        return agency
    who = _who(fact, known, agency.agency_id)
    if isinstance(who, RefusalError):
        return who
    day = day_in(agency.time_zone, fact.source.reported_at)
    rows = known.officials.get(who, [])
    last = next(reversed(real(rows)), None)
    new = Official(
        official_id=who,
        name=fact.name.strip(),
        agency_id=agency.agency_id,
        login=fact.login or (last.login if last else ""),
        valid_from=fact.first_day or day,
        valid_to=fact.last_day + timedelta(days=1) if fact.last_day else None,
        email=fact.email or (last.email if last else ""),
    )
    identity = ExternalIdentity(
        fact.source.system, fact.key, who, agency.agency_id, last.valid_from if last else new.valid_from
    )
    return Taken(who, (*succeed(rows, new, day), identity, *_left(new, known)))


def _who(fact: PersonFact, known: Register, agency_id: UUID) -> UUID | RefusalError:
    """The person: by the system's number, else by the login within the agency, else somebody new."""
    number = (fact.source.system, fact.key)
    owner = next(
        (
            rows[-1]
            for rows in map(real, known.officials.values())
            if rows and fact.login and rows[-1].login == fact.login
        ),
        None,
    )
    mine = known.identities.get(number)
    if owner is not None and owner.official_id != mine:
        claimed = any(
            system == fact.source.system and official == owner.official_id
            for (system, _), official in known.identities.items()
        )
        if mine is not None or claimed or owner.agency_id != agency_id:
            return ConflictError("login-taken", params={"login": fact.login}, field="login")
        return owner.official_id
    return mine or uuid5(NAMESPACE, f"official:{fact.source.system}:{fact.key}")


def _left(official: Official, known: Register) -> list[Appointment]:
    ends = official.valid_to
    if ends is None:
        return []
    return [
        replace(row, valid_to=max(ends, row.valid_from))
        for row in known.held_by(official.official_id)
        if row.valid_from != row.valid_to and (row.valid_to is None or row.valid_to > ends)
    ]
