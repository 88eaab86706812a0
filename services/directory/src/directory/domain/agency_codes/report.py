"""Totals of a table, for a person who decides whether to take it in."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from directory.domain.agency_codes.rows import Table
from directory.domain.agency_codes.tree import Outcome, Tree

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How often a finding was made, and the first lines it was made in."""

    count: int
    lines: tuple[int, ...]
    unit_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Numbers of rows.

    as_of: day the table speaks of. roots: rows at the top. incomplete: rows whose chain of parents does not reach a top.
    resolvable: abolished rows that somebody alive carries on. unresolvable: abolished rows by the reason why nobody does.
    """

    as_of: date | None
    rows: int
    active: int
    abolished: int
    roots: int
    incomplete: int
    max_depth: int
    with_predecessor: int
    resolvable: int
    unresolvable: dict[str, int]
    findings: dict[str, FindingCount]

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON takes it: days as ISO text."""
        return {**asdict(self), "as_of": self.as_of.isoformat() if self.as_of else None}


def report(table: Table, day: date | None = None) -> Report:
    """Counts. day: on which successors must be alive; the table's own newest day where not given."""
    tree = Tree(table.rows)
    as_of = day or table.as_of
    chains = [(row, *tree.ancestors(row.code)) for row in table.rows]
    outcomes = Counter(tree.resolve(row.code, as_of or date.max).outcome for row in table.rows if row.abolished)
    resolvable = outcomes.pop(Outcome.RESOLVED, 0)
    return Report(
        as_of=as_of,
        rows=len(table.rows),
        active=sum(not row.abolished for row in table.rows),
        abolished=sum(row.abolished for row in table.rows),
        roots=sum(not row.parent_code for row in table.rows),
        incomplete=sum(bool(chain[-1].parent_code) for chain in chains),
        max_depth=max(map(len, chains), default=0),
        with_predecessor=sum(bool(row.predecessor_codes) for row in table.rows),
        resolvable=resolvable,
        unresolvable={outcome.value: count for outcome, count in sorted(outcomes.items())},
        findings=_counts(table),
    )


def _counts(table: Table) -> dict[str, FindingCount]:
    found: dict[str, FindingCount] = {}
    for finding in table.findings:
        known = found.get(finding.code, FindingCount(0, (), ()))
        found[finding.code] = FindingCount(
            known.count + 1,
            (*known.lines, finding.line)[:EXAMPLES],
            (*known.unit_codes, finding.unit_code)[:EXAMPLES],
        )
    return dict(sorted(found.items()))
