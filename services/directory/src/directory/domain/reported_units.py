"""Units as the table of agency codes reports them one by one: newest first, what carries on what, and the rows they make.

Reports of a table come in batches and in any order, so links between units are kept by themselves (`Links`): a unit learns
of its successors whichever of the two is reported first. Abolition is a day; nothing is deleted. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from chassis.errors import ConflictError, ForbiddenError, InvalidError, Problem, RefusalError
from directory.domain.merging import Listed, Merged, merge
from directory.domain.records import ROOT_CODE, Unit

Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit as reported. system, reported_at, number: who reports, as of when, and the report's own number.

    abolished_on: first day without it. predecessors: codes it carries on.
    """

    kind: ClassVar[str] = "unit"
    system: str
    agency_code: str
    reported_at: datetime
    number: str
    code: str
    name: str
    full_name: str
    parent_code: str
    representative_code: str
    created_on: date | None
    abolished_on: date | None
    changed_on: date | None
    abolished: bool
    predecessors: tuple[str, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def age(self) -> tuple[datetime, str]:
        """The greater the newer."""
        return self.reported_at, self.number


def fault(fact: UnitFact) -> RefusalError | None:
    """Why a report cannot be taken."""
    problems = list(fact.problems)
    if not fact.code:
        problems.append(Problem("unit-code-missing", {}, "code"))
    if not (fact.name.strip() or fact.full_name.strip()):
        problems.append(Problem("unit-name-missing", {"code": fact.code}, "full_name"))
    if not problems:
        return None
    first, more = problems[0], tuple(problems[1:])
    return InvalidError(first.code, params=dict(first.params), field=first.field, more=more)


def end_of(fact: UnitFact) -> date | None:
    """First day without the unit; None while it goes on. One abolished on an unknown day is gone on every later day."""
    return (fact.abolished_on or fact.created_on or date.min) if fact.abolished else None


def still_works(fact: UnitFact, rows: Sequence[Unit], occupied: frozenset[tuple[str, date]]) -> ConflictError | None:
    """The refusal to end a unit that works here while somebody has a post in it: people hand over first."""
    end = end_of(fact)
    if end is None or (fact.code, end) not in occupied or not any(row.served_here for row in rows):
        return None
    if not any(row.valid_to is None or row.valid_to > end for row in rows):
        return None
    return ConflictError("served-unit-abolished", params={"code": fact.code, "day": str(end)}, field="abolished_on")


def not_allowed(fact: UnitFact) -> ForbiddenError:
    """The refusal of a system that is not registered for the agency it speaks for."""
    params = {"system": fact.system, "agency": fact.agency_code}
    return ForbiddenError("client-system-not-allowed", params=params, field="origin.system")


def newest(facts: Iterable[UnitFact], told: Mapping[str, tuple[datetime, str]]) -> dict[str, UnitFact]:
    """The report that counts of each code, without those older than what is known. told: newest known by code."""
    found: dict[str, UnitFact] = {}
    for fact in facts:
        known = max(
            (age for age in (told.get(fact.code), found[fact.code].age if fact.code in found else None) if age),
            default=None,
        )
        if known is None or fact.age >= known:
            found[fact.code] = fact
    return found


@dataclass(frozen=True, slots=True)
class Links:
    """Which unit carries on which: (code, predecessor). known: stored. said: by the reports of this batch."""

    known: frozenset[Link]
    said: frozenset[Link]
    codes: frozenset[str]

    @property
    def added(self) -> frozenset[Link]:
        """New ones."""
        return self.said - self.known

    @property
    def removed(self) -> frozenset[Link]:
        """Those the reported units no longer name."""
        return frozenset(link for link in self.known if link[0] in self.codes) - self.said

    def successors(self) -> dict[str, list[str]]:
        """Codes that carry on a code, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, predecessor in sorted((self.known | self.said) - self.removed):
            found[predecessor].append(code)
        return found


def links_of(facts: Iterable[UnitFact], known: Iterable[Link]) -> Links:
    """The links of a batch beside those stored about its codes. A unit that names itself is not its own successor."""
    taken = list(facts)
    said = frozenset((fact.code, each) for fact in taken for each in fact.predecessors if each != fact.code)
    return Links(frozenset(known), said, frozenset(fact.code for fact in taken))


def units_of(facts: Sequence[UnitFact], known: Mapping[str, Sequence[Unit]], links: Links) -> Merged:
    """Rows of the reported units and of those they carry on, as they should be."""
    successors = links.successors()
    codes = {fact.code for fact in facts}
    outside = {each: tuple(successors[each]) for _, each in links.said if each not in codes}
    merged = merge(known, [_listed(fact, successors) for fact in facts], outside)
    gone = defaultdict(set)
    for code, predecessor in links.removed:
        gone[predecessor].add(code)
    ends = {fact.code: end for fact in facts if (end := end_of(fact)) is not None}
    rows = {(row.unit_id, row.valid_from): _ended(row, ends.get(row.code)) for row in merged.units}
    for predecessor, lost in gone.items():
        for row in known.get(predecessor, ()):
            current = rows.get((row.unit_id, row.valid_from), row)
            kept = tuple(each for each in current.successor_codes if each not in lost)
            if kept != current.successor_codes:
                rows[row.unit_id, row.valid_from] = replace(current, successor_codes=kept)
    return Merged(list(rows.values()), merged.findings)


def _ended(row: Unit, end: date | None) -> Unit:
    """A unit that works here and that nobody works in any more ends as the table says (`still_works`)."""
    if end is None or not row.served_here or row.valid_to is not None:
        return row
    return replace(row, valid_to=max(end, date.fromordinal(row.valid_from.toordinal() + 1)))


def _listed(fact: UnitFact, successors: Mapping[str, Sequence[str]]) -> Listed:
    # An unknown beginning lies before every day; an abolished unit whose end is unknown is gone on every later day.
    begins = fact.created_on or date.min
    return Listed(
        code=fact.code,
        name=fact.name or fact.full_name,
        full_name=fact.full_name or fact.name,
        parent_code=fact.parent_code or ROOT_CODE,
        agency_code=fact.representative_code or fact.code,
        valid_from=begins,
        valid_to=end_of(fact),
        successor_codes=tuple(successors.get(fact.code, ())),
        changed_on=fact.changed_on,
        **fact.texts,
    )
