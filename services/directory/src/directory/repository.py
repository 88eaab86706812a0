"""Loads what handlers decide on: a person with their capacities, units of a code with what followed them."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from chassis.uow import UnitOfWork

from directory import translate
from directory.domain.capacities import Capacity, day_in
from directory.domain.records import Unit

_PERSON = """
SELECT official_id, name, agency_id, valid_from, valid_to FROM official
WHERE official_id = $1 AND (valid_to IS NULL OR valid_to > valid_from) ORDER BY valid_from
"""
_CAPACITIES = """
SELECT a.*, coalesce(d.name, a.department_code) AS department_name, g.name AS agency_name, g.time_zone
FROM appointment a
LEFT JOIN LATERAL (SELECT name FROM unit u WHERE u.code = a.department_code ORDER BY u.valid_from DESC LIMIT 1) d ON true
JOIN LATERAL (SELECT name, time_zone FROM unit u WHERE u.unit_id = a.agency_id ORDER BY u.valid_from DESC LIMIT 1) g ON true
WHERE a.official_id = $1
"""
_CHAIN = """
WITH RECURSIVE chain AS (
    SELECT $1::text AS code
    UNION
    SELECT s.code FROM chain c JOIN unit u USING (code), jsonb_array_elements_text(u.successor_codes) AS s (code)
)
SELECT u.* FROM chain JOIN unit u USING (code)
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
    capacities = [
        Capacity(translate.appointment(row), row["department_name"], row["agency_name"], row["time_zone"])
        for row in await unit.fetch(_CAPACITIES, official_id)
    ]
    today = day_in(capacities[0].time_zone if capacities else "Asia/Seoul", unit.now)
    for row in await unit.fetch(_PERSON, official_id):
        if row["valid_from"] <= today and (row["valid_to"] is None or today < row["valid_to"]):
            return Person(row["official_id"], row["name"], row["agency_id"], capacities)
    return None


async def units_from(unit: UnitOfWork, code: str) -> dict[str, list[Unit]]:
    """Rows of a code and of all codes that followed it, however far; by code."""
    found: dict[str, list[Unit]] = defaultdict(list)
    for row in await unit.fetch(_CHAIN, code):
        found[row["code"]].append(translate.unit(row))
    return dict(found)
