"""What reports of a personnel system are judged against, in one question for each table, whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from chassis.uow import UnitOfWork
from directory import translate
from directory.domain.capacities import TIME_ZONE, day_in
from directory.domain.personnel.facts import AbsenceFact, Fact, PersonFact, PostFact
from directory.domain.personnel.register import Register, Told

_SYSTEMS = """
SELECT system, agency_ids FROM client_system
WHERE system = ANY ($1::text[]) AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
"""
_UNITS = "SELECT * FROM unit WHERE code = ANY ($1::text[]) ORDER BY valid_from"
_OFFICIALS = """
SELECT * FROM official WHERE login = ANY ($3::text[]) OR official_id IN (
    SELECT i.official_id FROM external_identity i
    JOIN unnest($1::text[], $2::text[]) AS k (system, external_id) USING (system, external_id)
) ORDER BY valid_from
"""
_IDENTITIES = "SELECT system, external_id, official_id FROM external_identity WHERE official_id = ANY ($1::uuid[])"
_APPOINTMENTS = """
SELECT * FROM appointment WHERE official_id = ANY ($1::uuid[]) OR department_code = ANY ($2::text[]) ORDER BY valid_from
"""
_POSTS = "SELECT * FROM post WHERE department_code = ANY ($1::text[]) ORDER BY valid_from"
_ABSENCES = """
SELECT * FROM absence WHERE (official_id = ANY ($1::uuid[]) AND (ends_at IS NULL OR ends_at > $2)) OR absence_id IN (
    SELECT r.subject FROM reported r JOIN unnest($3::text[], $4::text[]) AS k (system, key) USING (system, key)
    WHERE r.kind = 'absence'
)
"""
_REPORTED = """
SELECT r.* FROM reported r
LEFT JOIN unnest($1::text[], $2::text[], $3::text[]) AS k (system, kind, key) USING (system, kind, key)
WHERE k.key IS NOT NULL OR r.subject = ANY ($4::uuid[])
"""


async def load(unit: UnitOfWork, facts: Sequence[Fact]) -> Register:
    """The register for a batch of one kind."""
    systems = sorted({fact.source.system for fact in facts})
    today = day_in(TIME_ZONE, unit.now)
    known = Register(
        unit.now,
        {
            row["system"]: frozenset(UUID(agency) for agency in row["agency_ids"])
            for row in await unit.fetch(_SYSTEMS, systems, today)
        },
        await _units(unit, facts),
    )
    numbers = sorted({(fact.source.system, number) for fact in facts for number in _numbers(fact)})
    logins = sorted({fact.login for fact in facts if isinstance(fact, PersonFact) and fact.login})
    split = ([system for system, _ in numbers], [number for _, number in numbers])
    for row in await unit.fetch(_OFFICIALS, *split, logins):
        known.officials.setdefault(row["official_id"], []).append(translate.official(row))
    people = list(known.officials)
    for row in await unit.fetch(_IDENTITIES, people):
        known.identities[row["system"], row["external_id"]] = row["official_id"]
    await _posts(unit, known, people, facts)
    await _away(unit, known, people, facts)
    await _told(unit, known, facts)
    return known


def _numbers(fact: Fact) -> Iterable[str]:
    match fact:
        case PersonFact():
            return (fact.key,)
        case PostFact():
            return (fact.person,)
        case AbsenceFact():
            return (fact.person, fact.deputy) if fact.deputy else (fact.person,)


async def _units(unit: UnitOfWork, facts: Sequence[Fact]) -> dict[str, list[Any]]:
    codes = {fact.source.agency_code for fact in facts}
    codes |= {fact.department_code for fact in facts if isinstance(fact, PostFact)}
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await unit.fetch(_UNITS, sorted(code for code in codes if "\x00" not in code)):
        found[row["code"]].append(translate.unit(row))
    return dict(found)


async def _posts(unit: UnitOfWork, known: Register, people: Sequence[UUID], facts: Sequence[Fact]) -> None:
    departments = sorted({fact.department_code for fact in facts if isinstance(fact, PostFact)} & known.units.keys())
    for row in await unit.fetch(_APPOINTMENTS, people, departments):
        known.appointments.setdefault(row["appointment_id"], []).append(translate.appointment(row))
    if departments:
        known.posts |= {row["post_id"]: translate.post(row) for row in await unit.fetch(_POSTS, departments)}


async def _away(unit: UnitOfWork, known: Register, people: Sequence[UUID], facts: Sequence[Fact]) -> None:
    mine = [fact for fact in facts if isinstance(fact, AbsenceFact)]
    if mine:
        keys = ([fact.source.system for fact in mine], [fact.key for fact in mine])
        rows = await unit.fetch(_ABSENCES, people, unit.now, *keys)
        known.absences |= {row["absence_id"]: translate.absence(row) for row in rows}


async def _told(unit: UnitOfWork, known: Register, facts: Sequence[Fact]) -> None:
    keys = (
        [fact.source.system for fact in facts],
        [fact.kind for fact in facts],
        [fact.key for fact in facts],
    )
    subjects = [*known.appointments, *known.absences]
    for row in await unit.fetch(_REPORTED, *keys, subjects):
        told = Told(row["subject"], row["reported_at"], row["number"])
        known.told[row["system"], row["kind"], row["key"]] = told
