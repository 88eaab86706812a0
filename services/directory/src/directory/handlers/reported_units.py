"""Takes what the table of agency codes reports: set-based, every report answered, abolition of a served unit told."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.envelope import Incoming
from chassis.errors import Problem, RefusalError
from chassis.messaging import Outcome
from chassis.uow import UnitOfWork
from directory import tables, translate
from directory.domain import reported_units as units
from directory.domain.capacities import TIME_ZONE, day_in
from directory.domain.merging import Finding
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
_SPEAK = """
SELECT s.system, u.code FROM client_system s JOIN unit u ON s.agency_ids ? u.unit_id::text
WHERE s.system = ANY ($1::text[]) AND u.code = ANY ($2::text[]) AND s.valid_from <= $3 AND (s.valid_to IS NULL OR s.valid_to > $3)
"""
_REPLACE = "(system, kind, key) DO UPDATE SET subject = excluded.subject, reported_at = excluded.reported_at, number = excluded.number"


async def report_units(unit: UnitOfWork, batch: Sequence[Incoming[Reported[UnitFact]]]) -> Sequence[Outcome]:
    """Units; the newest report of a code counts."""
    await lock_directory(unit)
    speaks = await _speakers(unit, batch)
    refusals = [_refusal(message.content.fact, speaks) for message in batch]
    fit = [message.content.fact for message, refusal in zip(batch, refusals, strict=True) if refusal is None]
    taken = units.newest(fit, await _told(unit, fit))
    facts = list(taken.values())
    links = units.links_of(facts, await _links(unit, facts))
    known = await _known(unit, facts, links)
    merged = units.units_of(facts, known, links)
    changed = _changed(merged.units, known)
    if changed:
        await change_parts(unit, _parts(batch, taken, changed))
    if links.removed:
        await unit.connection.execute(_UNLINK, *map(list, zip(*sorted(links.removed), strict=True)))
    _keep(unit, facts, links, known)
    notices = {finding.unit_code: _notice(finding) for finding in merged.findings}
    codes = {row.code for row in changed}
    for message, refusal in zip(batch, refusals, strict=True):
        fact, origin = message.content.fact, message.content.origin
        if refusal is not None:
            answering.refused(unit, message, origin, refusal)
        elif taken.get(fact.code) is not fact:
            answering.stored(unit, message, origin, answering.OUTDATED)
        else:
            effect = answering.CHANGED if fact.code in codes else answering.UNCHANGED
            answering.stored(unit, message, origin, effect, [notices[fact.code]] if fact.code in notices else [])
    return refusals


async def _speakers(unit: UnitOfWork, batch: Sequence[Incoming[Reported[UnitFact]]]) -> set[tuple[str, str]]:
    facts = [message.content.fact for message in batch]
    today = day_in(TIME_ZONE, unit.now)
    systems, agencies = sorted({fact.system for fact in facts}), sorted({fact.agency_code for fact in facts})
    return {(row["system"], row["code"]) for row in await unit.fetch(_SPEAK, systems, agencies, today)}


def _refusal(fact: UnitFact, speaks: set[tuple[str, str]]) -> RefusalError | None:
    if (fact.system, fact.agency_code) not in speaks:
        return units.not_allowed(fact)
    return units.fault(fact)


async def _told(unit: UnitOfWork, facts: Sequence[UnitFact]) -> dict[str, tuple[datetime, str]]:
    systems, codes = sorted({fact.system for fact in facts}), sorted({fact.code for fact in facts})
    return {row["key"]: (row["reported_at"], row["number"]) for row in await unit.fetch(_TOLD, systems, codes)}


async def _links(unit: UnitOfWork, facts: Sequence[UnitFact]) -> list[Link]:
    codes = {fact.code for fact in facts} | {each for fact in facts for each in fact.predecessors}
    return [(row["code"], row["predecessor_code"]) for row in await unit.fetch(_LINKS, sorted(codes))]


async def _known(unit: UnitOfWork, facts: Sequence[UnitFact], links: Links) -> dict[str, list[Unit]]:
    codes = {fact.code for fact in facts} | {fact.representative_code for fact in facts}
    codes |= {predecessor for _, predecessor in links.said | links.removed}
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


def _notice(finding: Finding) -> Problem:
    """What the import does not decide: people, posts and open documents of the unit must be handed over first."""
    params = {"code": finding.unit_code, "successors": " ".join(finding.successor_codes) or "-"}
    return Problem(finding.code, params, "abolished_on")
