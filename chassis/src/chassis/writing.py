"""Several writes in one statement: what a commit costs is round trips more than rows.

shapes of writes -> ``statement``, a chain of data-modifying CTEs -> one execution -> ``Write.missed`` for updates that found
too few rows. All parts see the moment before the statement, so two of them must not touch the same row, and what decides
over one row must not be written by another part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import MetaData, Table

from chassis import db
from chassis.errors import TransientError
from chassis.tables import journal_table, parcel_table

_METADATA = MetaData()
JOURNAL = journal_table(_METADATA)
PARCEL = parcel_table(_METADATA)
JOURNAL_KEYS = (
    "id", "type", "aggregate_id", "aggregate_version", "agency_id", "actor", "correlation_id", "occurred_at", "payload", "salt",
)  # fmt: skip
PARCEL_KEYS = ("id", "type", "agency_id", "actor", "correlation_id", "occurred_at", "payload")


class Shape(NamedTuple):
    """What a part does, whatever its rows: the text of its statement depends on nothing else.

    kind: insert, update, delete, journal or parcel. match: columns that name a row, of update and delete. conflict: text
    after ON CONFLICT.
    """

    kind: str
    table: Table
    keys: tuple[str, ...]
    match: tuple[str, ...] = ()
    conflict: str = ""

    @property
    def parameters(self) -> int:
        """How many the part takes; the journal's last one names the types that are not published."""
        return len(self.keys) + (self.kind == "journal")


@dataclass(frozen=True, slots=True)
class Write:
    """A part with its rows. expected: rows that an update must find; None: as many as there are."""

    shape: Shape
    columns: Sequence[Any]
    expected: int | None = None

    def missed(self, found: int) -> TransientError | None:
        """Why the whole transaction must not be committed."""
        if self.expected is None or found == self.expected:
            return None
        params = {"table": self.shape.table.name, "expected": self.expected, "found": found}
        return TransientError("row-vanished", params=params)


async def carry_out(connection: db.Connection, writes: Sequence[Write]) -> None:
    """Carries out all of them in one statement. Raises TransientError row-vanished."""
    if not writes:
        return
    text = statement(tuple(write.shape for write in writes))
    found = await connection.fetchrow(text, *(column for write in writes for column in write.columns))
    counts = iter(found or ())
    for write in writes:
        if write.shape.kind == "update" and (error := write.missed(next(counts))):
            raise error


@cache
def statement(shapes: tuple[Shape, ...]) -> str:
    """One statement for parts of these shapes; answers a row with a count for each update, in order."""
    parts, counts, first = [], [], 1
    for number, shape in enumerate(shapes):
        parts += _PARTS[shape.kind](shape, f"w{number}", first)
        if shape.kind == "update":
            counts.append(f"(SELECT count(*) FROM w{number})")
        first += shape.parameters
    return f"WITH {', '.join(parts)}\nSELECT {', '.join(counts)}"


def _insert(shape: Shape, name: str, first: int, returning: str = "") -> list[str]:
    columns = ", ".join(shape.keys)
    tail = f" ON CONFLICT {shape.conflict}" if shape.conflict else ""
    source = db.unnest(shape.table, shape.keys, first=first)
    return [f"{name} AS (INSERT INTO {shape.table.name} ({columns}) SELECT {columns} FROM {source}{tail}{returning})"]


def _update(shape: Shape, name: str, first: int) -> list[str]:
    changes = ", ".join(f"{key} = v.{key}" for key in shape.keys if key not in shape.match)
    source = db.unnest(shape.table, shape.keys, first=first)
    return [
        f"{name} AS (UPDATE {shape.table.name} AS t SET {changes} FROM {source} WHERE {_same(shape.match)} RETURNING 1)"
    ]


def _delete(shape: Shape, name: str, first: int) -> list[str]:
    source = db.unnest(shape.table, shape.keys, first=first)
    return [f"{name} AS (DELETE FROM {shape.table.name} AS t USING {source} WHERE {_same(shape.match)})"]


def _journal(shape: Shape, name: str, first: int) -> list[str]:
    """The row and the pointer to it cannot come apart."""
    silent = first + len(shape.keys)
    pointers = f"SELECT 'j', seq FROM {name} WHERE NOT type = ANY (${silent}::text[])"
    return [
        *_insert(shape, name, first, " RETURNING seq, type"),
        f"{name}p AS (INSERT INTO outbox (kind, seq) {pointers})",
    ]


def _parcel(shape: Shape, name: str, first: int) -> list[str]:
    return [
        *_insert(shape, name, first, " RETURNING seq"),
        f"{name}p AS (INSERT INTO outbox (kind, seq) SELECT 'p', seq FROM {name})",
    ]


def _same(match: Sequence[str]) -> str:
    return " AND ".join(f"t.{key} = v.{key}" for key in match)


_PARTS = {"insert": _insert, "update": _update, "delete": _delete, "journal": _journal, "parcel": _parcel}
