"""An immutable picture of dated rows in memory: by kind and id, and by any key a service asks for.

Stored rows -> ``Snapshot.with_rows`` -> a new snapshot that shares with the old what has not changed. Readers keep the one
they began with, so a decision sees one directory from its first look to its last.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

Keys: TypeAlias = Callable[[Any], Iterable[Hashable]]


@dataclass(slots=True, eq=False)
class Dated:
    """One decoded row. valid_to: first day on which it no longer holds, None when open."""

    kind: str
    id: str
    valid_from: date
    valid_to: date | None
    version: int
    content: Any

    def covers(self, day: date) -> bool:
        """True when the row holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """How rows of a kind are found by something else than their id."""

    kind: str
    keys: Keys


ById: TypeAlias = Mapping[str, tuple[Dated, ...]]
ByKey: TypeAlias = Mapping[Hashable, Sequence[Dated]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the directory looked like. version: the highest of its rows, 0 for an empty one."""

    version: int = 0
    kinds: Mapping[str, ById] = field(default_factory=dict)
    indexes: Mapping[str, ByKey] = field(default_factory=dict)

    def at(self, kind: str, identity: str, day: date) -> Any | None:
        """Content of the row of an id that holds on a day; of overlapping rows the one that began last. None: no such."""
        for row in self.kinds.get(kind, _NO_ROWS).get(identity, ()):
            if row.covers(day):
                return row.content
        return None

    def all(self, kind: str, day: date) -> list[Any]:
        """Contents of all rows of a kind that hold on a day, one per id."""
        found = (self.at(kind, identity, day) for identity in self.kinds.get(kind, _NO_ROWS))
        return [content for content in found if content is not None]

    def history(self, kind: str, identity: str) -> tuple[Dated, ...]:
        """All rows of an id, the latest first."""
        return self.kinds.get(kind, _NO_ROWS).get(identity, ())

    def find(self, name: str, key: Hashable, day: date) -> list[Any]:
        """Contents that an index has under a key and that hold on a day. Raises KeyError for an index nobody registered."""
        return [row.content for row in self.indexes[name].get(key, ()) if row.covers(day)]

    def ever(self, name: str, key: Hashable) -> list[Any]:
        """Contents that an index has under a key on any day, the one that began last at the end."""
        return [row.content for row in sorted(self.indexes[name].get(key, ()), key=_begin)]

    def holds(self, row: Dated) -> bool:
        """True when this row, or a newer one in its place, is in here."""
        return any(
            known.version >= row.version
            for known in self.history(row.kind, row.id)
            if known.valid_from == row.valid_from
        )

    def with_rows(self, rows: Iterable[Dated], plans: Mapping[str, IndexPlan]) -> "Snapshot":
        """A snapshot that also has these rows. Of rows of one (kind, id, valid_from) the highest version stays."""
        newest: dict[tuple[str, str, date], Dated] = {}
        for row in rows:
            place = (row.kind, row.id, row.valid_from)
            if not self.holds(row) and (place not in newest or newest[place].version < row.version):
                newest[place] = row
        if not newest:
            return self
        by_kind: dict[str, list[Dated]] = {}
        for row in newest.values():
            by_kind.setdefault(row.kind, []).append(row)
        kinds = dict(self.kinds)
        replaced: dict[str, list[Dated]] = {}
        for kind, added in by_kind.items():
            kinds[kind], replaced[kind] = _placed(kinds.get(kind, _NO_ROWS), added)
        indexes = {
            name: _reindexed(
                self.indexes.get(name, {}), replaced.get(plan.kind, ()), by_kind.get(plan.kind, ()), plan.keys
            )
            for name, plan in plans.items()
        }
        return Snapshot(max(self.version, *(row.version for row in newest.values())), kinds, indexes)


_NO_ROWS: ById = {}


def _placed(known: ById, added: Iterable[Dated]) -> tuple[ById, list[Dated]]:
    """Rows by id with the new ones in place, and the rows that had to go for them."""
    result = dict(known)
    replaced: list[Dated] = []
    for row in added:
        others: list[Dated] = []
        for other in result.get(row.id, ()):
            (replaced if other.valid_from == row.valid_from else others).append(other)
        result[row.id] = tuple(sorted((*others, row), key=_begin, reverse=True)) if others else (row,)
    return result, replaced


def _begin(row: Dated) -> date:
    return row.valid_from


def _reindexed(known: ByKey, replaced: Iterable[Dated], added: Iterable[Dated], keys: Keys) -> ByKey:
    result: dict[Hashable, Sequence[Dated]] = dict(known)
    fresh: dict[Hashable, list[Dated]] = {}

    def rows_of(key: Hashable) -> list[Dated]:
        """The rows under a key, copied once: the old snapshot keeps its own."""
        if key not in fresh:
            result[key] = fresh[key] = list(result.get(key, ()))
        return fresh[key]

    for row in replaced:
        for key in keys(row.content):
            rows_of(key).remove(row)
    for row in added:
        for key in keys(row.content):
            rows_of(key).append(row)
    return result
