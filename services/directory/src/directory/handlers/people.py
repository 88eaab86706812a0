"""Loads a person with all capacities, for those who decide whether they may act."""

from dataclasses import dataclass
from uuid import UUID

from chassis.uow import UnitOfWork
from directory import translate
from directory.domain.capacities import TIME_ZONE, Capacity, day_in

_PERSON = """
SELECT official_id, name, agency_id, valid_from, valid_to FROM official
WHERE official_id = $1 AND (valid_to IS NULL OR valid_to > valid_from) ORDER BY valid_from
"""
_REAL = "u.valid_from <= $2 AND (u.valid_to IS NULL OR u.valid_to > u.valid_from)"
_CAPACITIES = f"""
SELECT a.*, coalesce(d.name, a.department_code) AS department_name, g.name AS agency_name, g.time_zone
FROM appointment a
LEFT JOIN LATERAL (
    SELECT name FROM unit u WHERE u.code = a.department_code AND {_REAL} ORDER BY u.valid_from DESC LIMIT 1
) d ON true
JOIN LATERAL (
    SELECT name, time_zone FROM unit u WHERE u.unit_id = a.agency_id AND {_REAL} ORDER BY u.valid_from DESC LIMIT 1
) g ON true
WHERE a.official_id = $1
"""


@dataclass(frozen=True, slots=True)
class Person:
    """An official as known today."""

    official_id: UUID
    name: str
    agency_id: UUID
    capacities: list[Capacity]


async def person_of(unit: UnitOfWork, official_id: UUID) -> Person | None:
    """An official who works today, with all capacities, past and future ones too; None when there is nobody."""
    today = day_in(TIME_ZONE, unit.now)
    capacities = [
        Capacity(
            translate.appointment(row), row["department_name"], row["agency_name"], row["time_zone"], row["version"]
        )
        for row in await unit.fetch(_CAPACITIES, official_id, today)
    ]
    for row in await unit.fetch(_PERSON, official_id):
        if row["valid_from"] <= today and (row["valid_to"] is None or today < row["valid_to"]):
            return Person(row["official_id"], row["name"], row["agency_id"], capacities)
    return None
