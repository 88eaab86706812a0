"""Changes for replicas, units by code and by words. Rows -> records."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.db import Connection
from chassis.errors import NotFoundError
from chassis.uow import UnitOfWork
from directory import translate
from directory.domain.records import Unit, holds
from directory.domain.search import Words
from directory.domain.successors import at_day, living

MOST_CHANGES = 5000
USUAL_CHANGES = 1000
MOST_UNITS = 100
USUAL_UNITS = 20

_CHANGES = (
    "SELECT version, kind, id, valid_from, valid_to, payload FROM change WHERE version > $1 ORDER BY version LIMIT $2"
)
_LATEST = "SELECT n FROM change_counter"
# The index finds candidates by pairs of characters; LIKE decides. Of several rows of one unit the last one counts.
# Order: living before abolished, the whole name, a name that begins so, a name that contains it, the rest; short first.
_SEARCH = """
WITH found AS (
    SELECT DISTINCT ON (unit_id) * FROM unit
    WHERE {match} AND search_text LIKE ALL ($1::text[])
      AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > valid_from)
    ORDER BY unit_id, valid_from DESC
)
SELECT * FROM found
WHERE NOT $4 OR valid_to IS NULL OR valid_to > $3
ORDER BY valid_to IS NOT NULL AND valid_to <= $3,
         CASE WHEN lower(code) = $6 OR replace(name, ' ', '') = $6 OR replace(full_name, ' ', '') = $2 THEN 0
              WHEN starts_with(replace(name, ' ', ''), $6) THEN 1
              WHEN strpos(replace(name, ' ', ''), $6) > 0 THEN 2
              WHEN starts_with(search_text, $2) THEN 3 ELSE 4 END,
         length(full_name), code
LIMIT $5
"""
_SEARCH_BY_GRAMS = _SEARCH.format(match="unit_grams(search_text) @> $7::text[]")
_SEARCH_ALL = _SEARCH.format(match="true")
_CHAIN = """
WITH RECURSIVE chain AS (
    SELECT $1::text AS code
    UNION
    SELECT s.code FROM chain c JOIN unit u USING (code), jsonb_array_elements_text(u.successor_codes) AS s (code)
)
SELECT u.* FROM chain JOIN unit u USING (code)
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of the change log in order of version, and the newest version there was before they were read."""

    latest: int
    rows: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit as it was on a day, and the units that carry on its work now."""

    unit: Unit
    successors: list[Unit]


async def changes_after(connection: Connection, after: int, page_size: int) -> Changes:
    """Rows after a version, in the order they were committed in; an empty page: nothing newer."""
    limit = min(page_size, MOST_CHANGES) if page_size > 0 else USUAL_CHANGES
    # The counter first: rows committed between the two statements make the page newer than ``latest``, never older.
    latest = await connection.fetchval(_LATEST)
    return Changes(latest, list(await connection.fetch(_CHANGES, after, limit)))


async def unit_of_code(
    unit: UnitOfWork, code: str, on: date, today: date, successors_on: date | None = None
) -> FoundUnit:
    """The unit that had a code on a day; raises NotFoundError. successors_on: None: on the later of both days."""
    by_code = await _units_from(unit, code)
    found = at_day(by_code.get(code, ()), on)
    if found is None:
        raise NotFoundError("unit-unknown", params={"code": code}, field="code")
    day = successors_on or max(on, today)
    # A unit that still works has not been followed by anybody, even where a part of it was split off.
    return FoundUnit(found, [] if holds(found, day) else living(found, by_code, day))


async def units_with(connection: Connection, words: Words, today: date, *, limit: int, only_active: bool) -> list[Unit]:
    """Units whose full name or code contains every word, best first."""
    if not words.patterns:
        return []
    most = min(limit, MOST_UNITS) if limit > 0 else USUAL_UNITS
    shared = (list(words.patterns), words.whole, today, only_active, most, words.last)
    if words.grams:
        rows = await connection.fetch(_SEARCH_BY_GRAMS, *shared, list(words.grams))
    else:
        rows = await connection.fetch(_SEARCH_ALL, *shared)
    return [translate.unit(row) for row in rows]


async def _units_from(unit: UnitOfWork, code: str) -> dict[str, list[Unit]]:
    """Rows of a code and of all codes that followed it, however far; by code."""
    found: dict[str, list[Unit]] = defaultdict(list)
    for row in await unit.fetch(_CHAIN, code):
        found[row["code"]].append(translate.unit(row))
    return dict(found)
