"""What a table of agency codes holds once it is read: rows, findings about them, and the table of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from directory.domain.agency_codes.columns import Column


@dataclass(frozen=True, slots=True)
class CodeFinding:
    """Something odd in a table; the row stands in the table all the same.

    code: kebab-case and stable. line: 1 is the line of headings. column: heading, empty for the whole line. params: what
    a rendered sentence needs. unit_code: code the row carries. file: place of the file among those read, from 0.
    """

    code: str
    line: int
    column: str
    params: Mapping[str, str]
    unit_code: str = ""
    file: int = 0


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One unit under one code. Text is trimmed, '' where the table has nothing; ``cells`` keeps every cell as it came.

    name: the last part of ``full_name``. level: depth, 1 for a government's top. order: among its siblings. agency_level:
    depth below the agency it belongs to. parent_code: '' at the top. representative_code: the agency that sends and
    receives for the unit. kind: large, middle, small class. created: None where unknown. abolished_on: None where the unit
    is alive or the day is unknown. predecessor_codes: units it carries on.
    """

    code: str
    full_name: str
    name: str
    level: int | None
    order: int | None
    agency_level: int | None
    parent_code: str
    top_code: str
    representative_code: str
    kind: tuple[str, str, str]
    postcode: str
    administrative_area: str
    location: str
    address: str
    lot_number: str
    telephone: str
    fax: str
    created: date | None
    abolished_on: date | None
    changed: date | None
    abolished: bool
    predecessor_codes: tuple[str, ...]
    line: int
    cells: tuple[str, ...]
    file: int = 0

    def ended(self, day: date) -> bool:
        """True when the unit is gone on a day; the day of its abolition is the first day without it.

        Successors begin on the very day their predecessor ends, hence half-open. A unit marked as alive is alive
        whatever day stands beside it; one abolished on an unknown day counts as gone on every day.
        """
        return self.abolished and (self.abolished_on is None or self.abolished_on <= day)

    def begun(self, day: date) -> bool:
        """True when the unit had been set up by a day; an unknown beginning lies before every day."""
        return self.created is None or self.created <= day

    def finding(self, code: str, column: Column | None = None, **params: str) -> CodeFinding:
        """A finding about this row."""
        return CodeFinding(code, self.line, column or "", params, self.code, self.file)


@dataclass(frozen=True, slots=True)
class Table:
    """All rows in the order of the files, and all findings in the order of the lines they are about."""

    rows: tuple[CodeRow, ...]
    findings: tuple[CodeFinding, ...]

    @property
    def as_of(self) -> date | None:
        """Newest day that stands in the table: what it says was so on this day. None in a table without days."""
        days = (day for row in self.rows for day in (row.created, row.abolished_on, row.changed) if day)
        return max(days, default=None)
