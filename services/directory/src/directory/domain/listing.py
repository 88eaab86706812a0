"""From the public table of agency codes to units: what its columns mean for days, agencies and successors.

rows of a table -> ``list_units`` -> ``Listed`` for ``merging``. A row without a code cannot be kept, and of several rows
with one code only one is; both are told. Everything else is taken, however odd.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from directory.domain.agency_codes import CodeRow, Tree
from directory.domain.merging import Listed
from directory.domain.records import ROOT_CODE

# The one character PostgreSQL's text does not take; one damaged cell must not cost the whole table.
_UNSTORABLE = {0: "\ufffd"}


@dataclass(frozen=True, slots=True)
class Listing:
    """units: one for each code. outside: successors of codes that have no row here. left_out: rows not taken."""

    units: tuple[Listed, ...]
    outside: Mapping[str, tuple[str, ...]]
    left_out: tuple[CodeRow, ...]


def list_units(rows: Sequence[CodeRow]) -> Listing:
    """The units of a table."""
    tree = Tree(rows)
    taken = {code: row for code, row in tree.by_code.items() if code}
    return Listing(
        units=tuple(_listed(row, tree) for row in taken.values()),
        outside={code: tree.successors(code) for code in tree.links if code not in taken},
        left_out=tuple(row for row in rows if taken.get(row.code) is not row),
    )


def agency_of(row: CodeRow, tree: Tree) -> str:
    """Code of the agency that sends and receives for a unit: as its row says, else as those above say, else itself."""
    named = (above.representative_code for above in (row, *tree.ancestors(row.code)) if above.representative_code)
    return next(named, row.code)


def _listed(row: CodeRow, tree: Tree) -> Listed:
    # An unknown beginning lies before every day; an abolished unit whose end is unknown is gone on every later day.
    begins = row.created or date.min
    ends = (row.abolished_on or begins) if row.abolished else None
    texts = {name: getattr(row, name).translate(_UNSTORABLE) for name in ("address", "telephone", "fax")}
    return Listed(
        code=row.code,
        name=(row.name or row.full_name).translate(_UNSTORABLE),
        full_name=(row.full_name or row.name).translate(_UNSTORABLE),
        parent_code=row.parent_code or ROOT_CODE,
        agency_code=agency_of(row, tree),
        valid_from=begins,
        valid_to=ends,
        successor_codes=tuple(dict.fromkeys(tree.successors(row.code))),
        zipcode=row.postcode,
        **texts,
    )
