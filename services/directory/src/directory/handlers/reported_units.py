"""Takes what the table of agency codes reports: set-based, every report answered.

A unit that works here ends only when nobody has a post in it any more: until then its report waits in the adapters'
quarantine, where the operator finds it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from chassis.envelope import Incoming
from chassis.errors import RefusalError
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from directory import tables, translate
from directory.domain import reported_units as units
from directory.domain.capacities import TIME_ZONE, day_in
from directory.domain.records import Record, Unit, unit_id
from directory.domain.reported_units import Link, Links, UnitFact
from directory.handlers import answering
from directory.handlers.change_records import By, change_parts, lock_directory
from directory.translate.reports import Reported

_TOLD = "SELECT key, reported_at, number FROM reported WHERE kind = 'unit' AND system = ANY ($1) AND key = ANY ($2)"
_LINKS = (
    "SELECT code, predecessor_code FROM unit_link WHERE code = ANY ($1::text[]) OR predecessor_code = ANY ($1::text[])"
)
_KNOWN = "SELECT * FROM unit WHERE code = ANY ($1::text[]) ORDER BY code, valid_from"
_UNLINK = """
DELETE FROM unit_link l USING unnest($1::text[], $2::text[]) AS k (code, predecessor_code)
WHERE l.code = k.code AND l.predecessor_code = k.predecessor_code
"""
_OCCUPIED = """
SELECT DISTINCT k.code, k.day FROM unnest($1::text[], $2::date[]) AS k (code, day)
JOIN unit u ON u.code = k.code AND u.served_here
JOIN appointment a ON a.department_code = u.code OR (u.is_agency AND a.agency_id = u.unit_id)
WHERE (a.valid_to IS NULL OR (a.valid_to > k.day AND a.valid_to > a.valid_from))
"""
_SPEAK = """
SELECT s.system, u.code FROM client_system s JOIN unit u ON s.agency_ids ? u.unit_id::text
WHERE s.system = ANY ($1::text[]) AND u.code = ANY ($2::text[]) AND s.valid_from <= $3 AND (s.valid_to IS NULL OR s.valid_to > $3)
"""
_REPLACE = "(system, kind, key) DO UPDATE SET subject = excluded.subject, reported_at = excluded.reported_at, number = excluded.number"


async def report_units(unit: UnitOfWork, batch: Sequence[Incoming[Reported[UnitFact]]]) -> Sequence[Outcome]:
    """Units; the newest report of a code counts."""
    await lock_directory(unit)
    reported = [message.content.fact for message in batch]
    stored_links = await _links(unit, reported)
    known = await _known(unit, reported, stored_links)
    speaks, occupied = await _speakers(unit, batch), await _occupied(unit, reported)
    refusals = [_refusal(fact, speaks, known, occupied) for fact in reported]
    fit = [fact for fact, refusal in zip(reported, refusals, strict=True) if refusal is None]
    taken = units.newest(fit, await _told(unit, fit))
    facts = list(taken.values())
    links = units.links_of(facts, stored_links)
    merged = units.units_of(facts, known, links)
    changed = _changed(merged.units, known)
    if changed:
        await change_parts(unit, _parts(batch, taken, changed))
    if links.removed:
        await unit.connection.execute(_UNLINK, *map(list, zip(*sorted(links.removed), strict=True)))
    _keep(unit, facts, links, known)
    codes = {row.code for row in changed}
    for message, refusal in zip(batch, refusals, strict=True):
        fact, origin = message.content.fact, message.content.origin
        if refusal is not None:
            answering.refused(unit, message, origin, refusal)
        elif taken.get(fact.code) is not fact:
            answering.stored(unit, message, origin, answering.OUTDATED)
        else:
            answering.stored(unit, message, origin, answering.CHANGED if fact.code in codes else answering.UNCHANGED)
    return refusals


async def _speakers(unit: UnitOfWork, batch: Sequence[Incoming[Reported[UnitFact]]]) -> set[tuple[str, str]]:
    facts = [message.content.fact for message in batch]
    today = day_in(TIME_ZONE, unit.now)
    systems, agencies = sorted({fact.system for fact in facts}), sorted({fact.agency_code for fact in facts})
    return {(row["system"], row["code"]) for row in await unit.fetch(_SPEAK, systems, agencies, today)}


async def _occupied(unit: UnitOfWork, facts: Sequence[UnitFact]) -> frozenset[tuple[str, date]]:
    """Codes and days on which somebody still has a post there: in an agency, in any of its departments."""
    ends = sorted({(fact.code, day) for fact in facts if (day := units.end_of(fact)) is not None})
    rows = await unit.fetch(_OCCUPIED, [code for code, _ in ends], [day for _, day in ends])
    return frozenset((row["code"], row["day"]) for row in rows)


def _refusal(
    fact: UnitFact,
    speaks: set[tuple[str, str]],
    known: dict[str, list[Unit]],
    occupied: frozenset[tuple[str, date]],
) -> RefusalError | None:
    if (fact.system, fact.agency_code) not in speaks:
        return units.not_allowed(fact)
    return units.fault(fact) or units.still_works(fact, known.get(fact.code, ()), occupied)


async def _told(unit: UnitOfWork, facts: Sequence[UnitFact]) -> dict[str, tuple[datetime, str]]:
    systems, codes = sorted({fact.system for fact in facts}), sorted({fact.code for fact in facts})
    return {row["key"]: (row["reported_at"], row["number"]) for row in await unit.fetch(_TOLD, systems, codes)}


async def _links(unit: UnitOfWork, facts: Sequence[UnitFact]) -> list[Link]:
    codes = {fact.code for fact in facts} | {each for fact in facts for each in fact.predecessors}
    return [(row["code"], row["predecessor_code"]) for row in await unit.fetch(_LINKS, sorted(codes))]


async def _known(unit: UnitOfWork, facts: Sequence[UnitFact], links: Sequence[Link]) -> dict[str, list[Unit]]:
    codes = {fact.code for fact in facts} | {fact.representative_code for fact in facts}
    codes |= {each for fact in facts for each in fact.predecessors} | {predecessor for _, predecessor in links}
    found: dict[str, list[Unit]] = defaultdict(list)
    for row in await unit.fetch(_KNOWN, sorted(codes)):
        found[row["code"]].append(translate.unit(row))
    return dict(found)


def _changed(rows: Sequence[Unit], known: dict[str, list[Unit]]) -> list[Unit]:
    return [row for row in rows if row not in known.get(row.code, ())]


def _parts(
    batch: Sequence[Incoming[Reported[UnitFact]]], taken: dict[str, UnitFact], changed: Sequence[Unit]
) -> list[tuple[By, list[Record]]]:
    """Rows of a file go out together: who reported is the same, and each report's answer names its record."""
    causes: dict[tuple[str, str], Incoming[Any]] = {}
    for message in batch:
        causes.setdefault((message.content.fact.system, message.agency_id), message)
    by_code = {message.content.fact.code: (message.content.fact.system, message.agency_id) for message in batch}
    parts: dict[tuple[str, str], list[Record]] = defaultdict(list)
    first = next(iter(causes))
    for row in changed:
        parts[by_code.get(row.code, first) if row.code in taken else first].append(row)
    return [
        (By(causes[key].actor, causes[key].correlation_id, causes[key].agency_id), rows) for key, rows in parts.items()
    ]


def _keep(unit: UnitOfWork, facts: Sequence[UnitFact], links: Links, known: dict[str, list[Unit]]) -> None:
    for code, predecessor in sorted(links.added):
        unit.insert(
            tables.UNIT_LINK,
            {"code": code, "predecessor_code": predecessor},
            conflict="(code, predecessor_code) DO NOTHING",
        )
    for fact in facts:
        rows = known.get(fact.code)
        unit.insert(
            tables.REPORTED,
            {
                "system": fact.system,
                "kind": fact.kind,
                "key": fact.code,
                "subject": rows[-1].unit_id if rows else unit_id(fact.code),
                "reported_at": fact.reported_at,
                "number": fact.number,
            },
            conflict=_REPLACE,
        )
