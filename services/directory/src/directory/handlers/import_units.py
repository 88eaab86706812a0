"""Takes a table of agency codes into the directory: everything or nothing, the same statements for any size."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.uow import UnitOfWork
from directory import translate
from directory.domain.merging import Finding, Listed, merge
from directory.domain.records import Unit
from directory.handlers.change_records import change_records, lock_directory

_KNOWN = "SELECT * FROM unit WHERE code = ANY ($1::text[]) ORDER BY code, valid_from"


@dataclass(frozen=True, slots=True)
class Imported:
    """units: in the table. changed: rows written, 0 when the same table came before. findings: for a person."""

    units: int
    changed: int
    findings: list[Finding]


async def import_units(
    unit: UnitOfWork, table: Sequence[Listed], outside: Mapping[str, Sequence[str]] | None = None
) -> Imported:
    """Writes all units of a table; every code stands in it once. outside: see ``merging.merge``."""
    await lock_directory(unit)
    codes = {listed.code for listed in table} | {listed.agency_code for listed in table} | set(outside or ())
    known: dict[str, list[Unit]] = defaultdict(list)
    for row in await unit.fetch(_KNOWN, sorted(codes)):
        known[row["code"]].append(translate.unit(row))
    merged = merge(known, table, outside)
    changed = await change_records(unit, merged.units, correlation_id="import-codes")
    return Imported(len(table), changed, merged.findings)
