"""Officials in their posts of today, and who is away. Of other agencies only their heads and those next to them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.db import Connection
from directory import translate
from directory.domain.records import Absence

MOST_OFFICIALS = 100
USUAL_OFFICIALS = 20

_OWN = """
SELECT o.official_id, o.name, a.appointment_id, a.agency_id, a.position, a.department_code, a.roles, a.level
FROM appointment a JOIN official o ON o.official_id = a.official_id
WHERE a.agency_id = $1 AND a.valid_from <= $2 AND (a.valid_to IS NULL OR a.valid_to > $2)
  AND o.valid_from <= $2 AND (o.valid_to IS NULL OR o.valid_to > $2)
"""
_HEADS = """
SELECT official_id, name, appointment_id, agency_id, position, department_code, roles, level FROM heads
WHERE agency_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
  AND official_from <= $2 AND (official_to IS NULL OR official_to > $2)
"""
_OWN_AWAY = "SELECT absence_id, official_id, reason, note, starts_at, ends_at, deputy_official_id FROM absence"
# Another agency learns that somebody is away and until when, not why.
_HEADS_AWAY = """
SELECT absence_id, official_id, '' AS reason, '' AS note, starts_at, ends_at, NULL::uuid AS deputy_official_id FROM heads_away
"""
_REAL = "u.valid_from <= $2 AND (u.valid_to IS NULL OR u.valid_to > u.valid_from)"
_ENTRIES = f"""
SELECT p.*, coalesce(d.name, p.department_code) AS department_name, coalesce(g.name, '') AS agency_name,
       b.absence_id, b.reason, b.note, b.starts_at, b.ends_at, b.deputy_official_id
FROM ({{people}}) p
LEFT JOIN LATERAL (
    SELECT name FROM unit u WHERE u.code = p.department_code AND {_REAL} ORDER BY u.valid_from DESC LIMIT 1
) d ON true
LEFT JOIN LATERAL (
    SELECT name FROM unit u WHERE u.unit_id = p.agency_id AND {_REAL} ORDER BY u.valid_from DESC LIMIT 1
) g ON true
LEFT JOIN LATERAL (
    SELECT * FROM ({{away}}) w
    WHERE w.official_id = p.official_id AND w.starts_at <= $3 AND (w.ends_at IS NULL OR w.ends_at > $3)
    ORDER BY w.starts_at LIMIT 1
) b ON true
"""
_OF_DEPARTMENT = " WHERE $4 = '' OR p.department_code = $4 ORDER BY p.department_code, p.name, p.appointment_id"
# Every word begins a name, a position or a department. Names before positions before departments, high posts first.
_BY_WORDS = """
WHERE NOT EXISTS (
    SELECT FROM unnest($4::text[]) AS w (word)
    WHERE NOT (starts_with(lower(p.name), w.word) OR starts_with(lower(p.position), w.word)
               OR starts_with(lower(replace(coalesce(d.name, ''), ' ', '')), w.word) OR lower(p.department_code) = w.word)
)
ORDER BY CASE WHEN starts_with(lower(p.name), $5) THEN 0 WHEN starts_with(lower(p.position), $5) THEN 1 ELSE 2 END,
         nullif(p.level, 0) NULLS LAST, p.name, p.department_code, p.appointment_id
LIMIT $6
"""
_LIST = _ENTRIES.format(people=_OWN, away=_OWN_AWAY) + _OF_DEPARTMENT
_SEARCH_OWN = _ENTRIES.format(people=_OWN, away=_OWN_AWAY) + _BY_WORDS
_SEARCH_HEADS = _ENTRIES.format(people=_HEADS, away=_HEADS_AWAY) + _BY_WORDS
_NAME = """
LEFT JOIN LATERAL (
    SELECT name FROM official o WHERE o.official_id = {id} AND o.valid_from <= $2 ORDER BY o.valid_from DESC LIMIT 1
) {alias} ON true
"""
_ABSENCES = f"""
SELECT b.*, coalesce(n.name, '') AS official_name, coalesce(m.name, '') AS deputy_name
FROM absence b {_NAME.format(id="b.official_id", alias="n")} {_NAME.format(id="b.deputy_official_id", alias="m")}
WHERE b.agency_id = $1 AND (b.ends_at IS NULL OR b.ends_at > greatest($3, b.starts_at))
  AND ($4::uuid IS NULL OR b.official_id = $4 OR b.deputy_official_id = $4)
ORDER BY b.starts_at, b.absence_id
"""


async def officials_of(
    connection: Connection, agency_id: UUID, department_code: str, today: date, now: datetime
) -> list[Mapping[str, Any]]:
    """Officials of an agency in their live posts; one entry for each post. department_code empty: of all."""
    return list(await connection.fetch(_LIST, agency_id, today, now, department_code))


async def search_officials(
    connection: Connection,
    agency_id: UUID,
    words: Sequence[str],
    today: date,
    now: datetime,
    *,
    limit: int,
    own: bool,
) -> list[Mapping[str, Any]]:
    """Officials by words, best first; one entry for each post.

    own: of the caller's agency, all of them. Else of another agency served here, for drafting together (공동기안,
    행정업무규정 8③): only its heads and those next to them, which is levels 1 to 4, without the reason of an absence.
    """
    most = min(limit, MOST_OFFICIALS) if limit > 0 else USUAL_OFFICIALS
    statement = _SEARCH_OWN if own else _SEARCH_HEADS
    first = words[0] if words else ""
    return list(await connection.fetch(statement, agency_id, today, now, list(words), first, most))


async def absences_of(
    connection: Connection, agency_id: UUID, today: date, now: datetime, official_id: UUID | None
) -> list[tuple[Absence, str, str]]:
    """Absences that have not ended, soonest first, with the names of official and deputy.

    official_id: only those of an official, and those the official stands in for; None: of the whole agency.
    """
    rows = await connection.fetch(_ABSENCES, agency_id, today, now, official_id)
    return [(translate.absence(row), row["official_name"], row["deputy_name"]) for row in rows]
