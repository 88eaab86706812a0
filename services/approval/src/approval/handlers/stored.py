"""Lines and boxes in the database: found, locked, opened, saved; one statement each, however many lines.

Boxes of a line are touched only by whoever holds the line's row, so they need no order of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from approval.domain.line import Line, boxes
from approval.tables import BOX, LINE
from approval.translate.lines import line_of, line_row
from chassis import db
from chassis.errors import TransientError
from chassis.uow import UnitOfWork

_LINE_KEYS = tuple(column.name for column in LINE.c)
_BOX_KEYS = tuple(column.name for column in BOX.c)
_CHANGED_KEYS = ("id", "status", "version", "steps", "decided_at", "last_actor")
_GONE_KEYS = ("line_id", "official_id")

_KNOWN = "SELECT id, document_id, status FROM line WHERE id = ANY ($1::uuid[]) OR document_id = ANY ($2::uuid[])"
_LOCK = f"SELECT {', '.join(_LINE_KEYS)} FROM line WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"


def _shifted(unnest: str, by: int, count: int) -> str:
    """Parameters of an unnest moved on, so that several stand in one statement."""
    for number in range(count, 0, -1):
        unnest = unnest.replace(f"${number}::", f"${number + by}::")
    return unnest


_OPEN = f"""
WITH opened AS (
    INSERT INTO line ({", ".join(_LINE_KEYS)})
    SELECT {", ".join(_LINE_KEYS)} FROM {db.unnest(LINE, _LINE_KEYS)}
    ON CONFLICT DO NOTHING RETURNING id
), boxed AS (
    INSERT INTO box ({", ".join(_BOX_KEYS)})
    SELECT {", ".join(f"v.{key}" for key in _BOX_KEYS)}
    FROM {_shifted(db.unnest(BOX, _BOX_KEYS), len(_LINE_KEYS), len(_BOX_KEYS))} JOIN opened ON opened.id = v.line_id
), gone AS (
    DELETE FROM box WHERE line_id = ANY (${len(_LINE_KEYS) + len(_BOX_KEYS) + 1}::uuid[])
)
SELECT id FROM opened
"""
_SAVE = f"""
WITH changed AS (
    UPDATE line AS l SET {", ".join(f"{key} = v.{key}" for key in _CHANGED_KEYS[1:])}
    FROM {db.unnest(LINE, _CHANGED_KEYS)} WHERE l.id = v.id RETURNING 1
), gone AS (
    DELETE FROM box AS b USING {_shifted(db.unnest(BOX, _GONE_KEYS), len(_CHANGED_KEYS), len(_GONE_KEYS))}
    WHERE b.line_id = v.line_id AND b.official_id = v.official_id
), kept AS (
    INSERT INTO box ({", ".join(_BOX_KEYS)})
    SELECT {", ".join(_BOX_KEYS)}
    FROM {_shifted(db.unnest(BOX, _BOX_KEYS), len(_CHANGED_KEYS) + len(_GONE_KEYS), len(_BOX_KEYS))}
    ON CONFLICT (line_id, official_id) DO UPDATE SET kind = excluded.kind
)
SELECT count(*) FROM changed
"""


@dataclass(frozen=True, slots=True)
class Known:
    """Lines there already: ids by themselves; by document the living one and those that were returned."""

    ids: frozenset[UUID]
    living: dict[UUID, UUID]
    returned: dict[UUID, list[UUID]]


async def known_lines(unit: UnitOfWork, line_ids: Sequence[UUID], document_ids: Sequence[UUID]) -> Known:
    """What is there of some lines and documents."""
    living: dict[UUID, UUID] = {}
    returned: dict[UUID, list[UUID]] = {}
    rows = await unit.fetch(_KNOWN, line_ids, document_ids)
    for identity, document_id, status in rows:
        if status == "returned":
            returned.setdefault(document_id, []).append(identity)
        else:
            living[document_id] = identity
    return Known(frozenset(row["id"] for row in rows), living, returned)


async def insert_lines(unit: UnitOfWork, lines: Iterable[Line], replaced: Sequence[UUID]) -> set[UUID]:
    """Opens lines with their boxes; answers the ids of those that somebody else has not opened meanwhile.

    replaced: returned lines that leave their drafters' boxes, because the documents go on with new lines.
    """
    ordered = sorted(lines, key=lambda line: line.id)
    rows = [line_row(line) for line in ordered]
    entries = [_box_row(line, official, kind) for line in ordered for official, kind in boxes(line).items()]
    opened = await unit.fetch(
        _OPEN, *db.columns_of(rows, _LINE_KEYS), *db.columns_of(entries, _BOX_KEYS), list(replaced)
    )
    return {row["id"] for row in opened}


async def lock_lines(unit: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Line]:
    """Lines the caller may see, locked in order of id until the transaction ends."""
    return {row["id"]: line_of(row) for row in await unit.fetch(_LOCK, list(set(ids)))}


async def save_lines(unit: UnitOfWork, changes: Sequence[tuple[Line, Line]]) -> None:
    """Writes lines as they are after, and moves them between boxes. changes: (before, after), one for each line."""
    entries, gone = [], []
    for before, after in changes:
        was, now = boxes(before), boxes(after)
        entries += [_box_row(after, official, kind) for official, kind in now.items() if was.get(official) is not kind]
        gone += [{"line_id": after.id, "official_id": official} for official in was if official not in now]
    rows = [line_row(after) for _, after in changes]
    [count] = await unit.fetch(
        _SAVE,
        *db.columns_of(rows, _CHANGED_KEYS),
        *db.columns_of(gone, _GONE_KEYS),
        *db.columns_of(entries, _BOX_KEYS),
    )
    if count[0] != len(rows):
        raise TransientError("row-vanished", params={"table": "line", "expected": len(rows), "found": count[0]})


def _box_row(line: Line, official_id: str, kind: str) -> db.Row:
    return {
        "line_id": line.id,
        "official_id": official_id,
        "agency_id": line.agency_id,
        "kind": str(kind),
        "submitted_at": line.submitted_at,
    }
