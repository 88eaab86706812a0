"""The table as a tree: who belongs to whom, who is alive on a day, who carries on what an abolished unit did."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from directory.domain.agency_codes.circles import circles
from directory.domain.agency_codes.rows import CodeRow


class Outcome(StrEnum):
    """How a search for the units that carry on a code ended."""

    ACTIVE = "active"  # alive itself
    RESOLVED = "resolved"  # others are, and the table's links lead there
    NO_SUCCESSOR = "no-successor"  # no row names it as predecessor
    ENDED = "successors-ended"  # all that followed are gone too, and nobody followed them
    CIRCLE = "successor-circle"  # those that followed name each other
    LATER = "successor-later"  # those that follow begin only after the day
    NOT_BEGUN = "not-begun"  # the code itself begins only after the day
    UNKNOWN = "unknown-code"  # neither a row nor a predecessor of one


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who carries on a code on a day. Nothing is inferred from names or parents: only the table's own links count.

    successors: codes alive on the day, nearest first, itself while alive. ended: codes at which a branch of the search
    stopped without one. circle: codes met that succeed themselves. Both may be filled beside successors: a unit was
    split and one part has ended since.
    """

    code: str
    day: date
    outcome: Outcome
    successors: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    circle: tuple[str, ...] = ()


class Tree:
    """Rows by code. Where a code stands in several rows, the living one counts, else the last."""

    def __init__(self, rows: Iterable[CodeRow]) -> None:
        self.by_code: dict[str, CodeRow] = {}
        self._children: dict[str, list[str]] = defaultdict(list)
        self._next: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            known = self.by_code.get(row.code)
            if known is None or known.abolished or not row.abolished:
                self.by_code[row.code] = row
        for row in self.by_code.values():
            self._children[row.parent_code].append(row.code)
            for code in row.predecessor_codes:
                if code != row.code:
                    self._next[code].append(row.code)

    def parent(self, code: str) -> CodeRow | None:
        """Row of the parent; None at the top and where the table has no row for it."""
        row = self.by_code.get(code)
        return self.by_code.get(row.parent_code) if row and row.parent_code else None

    def children(self, code: str) -> tuple[str, ...]:
        """Codes directly below, abolished ones too, in the table's own order of siblings; '' for the tops."""
        return tuple(sorted(self._children.get(code, ()), key=self._rank))

    def ancestors(self, code: str) -> tuple[CodeRow, ...]:
        """Rows above, nearest first, until the top, an unknown parent, or a row met before."""
        found: dict[str, CodeRow] = {}
        above = self.parent(code)
        while above and above.code != code and above.code not in found:
            found[above.code] = above
            above = self.parent(above.code)
        return tuple(found.values())

    def top(self, code: str) -> CodeRow | None:
        """Row of the topmost agency: the end of the chain of parents, where that is whole, else the one the row names."""
        row = self.by_code.get(code)
        if row is None:
            return None
        last = (row, *self.ancestors(code))[-1]
        return last if not last.parent_code else self.by_code.get(row.top_code)

    def is_active(self, code: str, day: date) -> bool:
        """True when the table has the code and the unit exists on the day."""
        row = self.by_code.get(code)
        return row is not None and row.begun(day) and not row.ended(day)

    def successors(self, code: str) -> tuple[str, ...]:
        """Codes whose rows name this one as predecessor, without itself, in the table's order."""
        return tuple(self._next.get(code, ()))

    def resolve(self, code: str, day: date) -> Resolution:
        """Follows the links from a code until units alive on the day, through any number of reorganisations."""
        row = self.by_code.get(code)
        if row is None and code not in self._next:
            return Resolution(code, day, Outcome.UNKNOWN)
        if row is not None and not row.ended(day):
            return Resolution(code, day, Outcome.ACTIVE, (code,)) if row.begun(day) else Resolution(
                code, day, Outcome.NOT_BEGUN
            )  # fmt: skip
        return self._follow(code, day)

    def _follow(self, code: str, day: date) -> Resolution:
        alive: list[str] = []
        ended: list[str] = []
        later = False
        seen, waiting = {code}, deque([code])
        while waiting:
            here = waiting.popleft()
            row = self.by_code.get(here)
            if here != code and row is not None and not row.ended(day):
                alive.extend([here] if row.begun(day) else ())
                later = later or not row.begun(day)
                continue
            following = self.successors(here)
            if not following:
                ended.append(here)
            waiting.extend(other for other in dict.fromkeys(following) if other not in seen)
            seen.update(following)
        circle = tuple(sorted(seen & self._circular))
        outcome = _outcome(code, alive, ended, later=later, circle=bool(circle))
        return Resolution(code, day, outcome, tuple(alive), tuple(ended), circle)

    @cached_property
    def parent_circles(self) -> list[tuple[str, ...]]:
        """Groups of units that are above each other."""
        return circles({code: (row.parent_code,) for code, row in self.by_code.items() if row.parent_code})

    @cached_property
    def successor_circles(self) -> list[tuple[str, ...]]:
        """Groups of units of which each carries on the others; a unit that only names itself is not one."""
        return circles(self.links)

    @property
    def links(self) -> Mapping[str, Sequence[str]]:
        """Successors by code."""
        return self._next

    @cached_property
    def _circular(self) -> frozenset[str]:
        return frozenset(code for group in self.successor_circles for code in group)

    def _rank(self, code: str) -> tuple[bool, int, str]:
        order = self.by_code[code].order
        return order is None, order or 0, code


def _outcome(code: str, alive: list[str], ended: list[str], *, later: bool, circle: bool) -> Outcome:
    if alive:
        return Outcome.RESOLVED
    if later:
        return Outcome.LATER
    if circle:
        return Outcome.CIRCLE
    return Outcome.NO_SUCCESSOR if ended == [code] else Outcome.ENDED
