"""How a table of agency codes changes the units that are known: pure, the whole table at once.

Everything in the table is taken, abolished units too, because old documents name them. What the table does not know
(who is served here, titles, zones) stays as it was. A unit that is not in the table stays as it was too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from directory.domain.records import Unit, unit_id


@dataclass(frozen=True, slots=True)
class Listed:
    """One unit as a table of agency codes has it. agency_code: the agency it belongs to, itself for an agency.

    changed_on: when the table last changed the row: a new name holds from then on; None: as if it had always been so.
    """

    code: str
    name: str
    full_name: str
    parent_code: str
    agency_code: str
    valid_from: date
    valid_to: date | None
    successor_codes: tuple[str, ...] = ()
    zipcode: str = ""
    address: str = ""
    telephone: str = ""
    fax: str = ""
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at. Codes: served-unit-abolished."""

    code: str
    unit_code: str
    successor_codes: tuple[str, ...] = ()


@dataclass(slots=True)
class Merged:
    """Rows to write, withdrawn ones included, and what was left for a person."""

    units: list[Unit] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def merge(
    known: Mapping[str, Sequence[Unit]], table: Sequence[Listed], outside: Mapping[str, Sequence[str]] | None = None
) -> Merged:
    """Rows of all units of a table, as they should be. The same table again yields the same rows.

    known: rows by code. outside: successors that the table names of units which stand in another table.
    """
    merged = Merged()
    codes = {listed.code for listed in table}
    for listed in table:
        last = _last(known.get(listed.code, ()))
        if last is None:
            merged.units.append(_new(listed, known))
            continue
        # Links from units of other tables are kept; those of this table are as it says now.
        elsewhere = (code for code in last.successor_codes if code not in codes)
        linked = replace(listed, successor_codes=_joined(listed.successor_codes, elsewhere))
        if last.served_here:
            merged.units.extend(_renamed(last, _served(last, linked, merged.findings), linked))
        else:
            merged.units.extend(_again(last, _continued(linked, known[listed.code]), known))
    for code, successors in (outside or {}).items():
        last = _last(known.get(code, ()))
        if last is not None and code not in codes:
            merged.units.append(replace(last, successor_codes=_joined(last.successor_codes, successors)))
    return merged


def _last(rows: Sequence[Unit]) -> Unit | None:
    real = (row for row in rows if row.valid_from != row.valid_to)
    return max(real, key=lambda row: row.valid_from, default=None)


def _joined(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    # Sorted, so that the order in which tables come does not matter.
    return tuple(sorted({*first, *second}))


def _new(listed: Listed, known: Mapping[str, Sequence[Unit]]) -> Unit:
    return Unit(
        unit_id=unit_id(listed.code),
        code=listed.code,
        name=listed.name,
        full_name=listed.full_name,
        agency_id=_agency_id(listed.agency_code, known),
        parent_code=listed.parent_code,
        is_agency=listed.agency_code == listed.code,
        valid_from=listed.valid_from,
        # Some tables have units that ended on the day they began: withdrawn means something else, so they get a day.
        valid_to=_ending(listed),
        successor_codes=_joined(listed.successor_codes, ()),
        zipcode=listed.zipcode,
        address=listed.address,
        telephone=listed.telephone,
        fax=listed.fax,
    )


def _again(last: Unit, listed: Listed, known: Mapping[str, Sequence[Unit]]) -> list[Unit]:
    """The row as the table has it now; if it begins on another day, the old row is withdrawn (an empty interval)."""
    fresh = _new(listed, known)
    row = replace(
        fresh,
        unit_id=last.unit_id,
        agency_id=last.unit_id if fresh.is_agency else fresh.agency_id,
        time_zone=last.time_zone,
        head_title=last.head_title,
        homepage=last.homepage,
        decision_strength=last.decision_strength,
        document_department_code=last.document_department_code,
    )
    if row.valid_from == last.valid_from:
        return _renamed(last, row, listed)
    return [replace(last, valid_to=last.valid_from), row]


def _continued(listed: Listed, rows: Sequence[Unit]) -> Listed:
    """The table knows one beginning; what has been renamed since has several rows, and the last goes on."""
    real = sorted((row for row in rows if row.valid_from != row.valid_to), key=lambda row: row.valid_from)
    if len(real) < 2 or real[0].valid_from != listed.valid_from:
        return listed
    return replace(listed, valid_from=real[-1].valid_from)


def _renamed(last: Unit, row: Unit, listed: Listed) -> list[Unit]:
    """A new name under the same code begins on the day of the change; under the old one it stays findable."""
    day = listed.changed_on
    if row.name == last.name and row.full_name == last.full_name:
        return [row]
    if day is None or day <= last.valid_from or (row.valid_to is not None and row.valid_to <= day):
        return [row]
    return [replace(last, valid_to=day), replace(row, valid_from=day)]


def _served(last: Unit, listed: Listed, findings: list[Finding]) -> Unit:
    """A unit that works here keeps what makes it work; its end is a hand-over that people decide, not an import."""
    if listed.valid_to is not None and last.valid_to is None:
        findings.append(Finding("served-unit-abolished", listed.code, listed.successor_codes))
    return replace(
        last,
        name=listed.name,
        full_name=listed.full_name,
        parent_code=listed.parent_code,
        successor_codes=listed.successor_codes,
    )


def _agency_id(code: str, known: Mapping[str, Sequence[Unit]]) -> UUID:
    rows = known.get(code)
    return rows[-1].unit_id if rows else unit_id(code)


def _ending(listed: Listed) -> date | None:
    if listed.valid_to is None:
        return None
    return max(listed.valid_to, date.fromordinal(listed.valid_from.toordinal() + 1))
