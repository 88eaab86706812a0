"""Lines and boxes in the database: found, locked, opened, saved; one statement each, however many lines.

Boxes of a line are touched only by whoever holds the line's row, so they need no order of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from approval.domain.line import ENDED, Box, Line, Status, box_agencies, boxes
from approval.domain.manifests import Edit
from approval.tables import BOX, LINE
from approval.translate.lines import line_of, line_row
from chassis import db
from chassis.uow import UnitOfWork

_LINE_KEYS = tuple(column.name for column in LINE.c)
_BOX_KEYS = tuple(column.name for column in BOX.c)
_CHANGED_KEYS = (
    "id", "status", "version", "steps", "decided_at", "last_actor",
    "manifest_hash", "title", "attachment_count", "has_recipients",
)  # fmt: skip
_MOVED = "(line_id, official_id) DO UPDATE SET kind = excluded.kind"

_COLUMNS = ", ".join(_LINE_KEYS)

_KNOWN = f"""
SELECT {_COLUMNS}, id = ANY ($3::uuid[]) AS carries FROM line
WHERE id = ANY ($1::uuid[]) OR document_id = ANY ($2::uuid[]) OR id = ANY ($3::uuid[])
"""
# Lines another agency leads: what is written about them from here on belongs to that agency, see app.leads in schema_0001.sql.
# Only rows that row-level security lets through are locked, so only their agencies are let in. answer: of the request that is
# about the line, one look into the index for each. A request that ran beside this one may have answered since.
_LOCK = f"""
SELECT {_COLUMNS}, (
    SELECT jsonb_agg(jsonb_build_array(encode(m.hash, 'hex'), encode(m.base_hash, 'hex'), m.author_id, m.title,
                                       m.attachment_count, m.has_recipients))
    FROM manifest AS m WHERE m.line_id = line.id AND m.author_id = $2
) AS edits, (
    SELECT response FROM request
    WHERE client = $2 AND method = $3 AND request_id = ($4::text[])[array_position($1::uuid[], line.id)]
) AS answer, CASE WHEN agency_id <> nullif(current_setting('app.agency', true), '') THEN
    set_config('app.leads', concat_ws(',', nullif(current_setting('app.leads', true), ''), agency_id), true)
END FROM line WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""


_OPEN = f"""
WITH opened AS (
    INSERT INTO line ({", ".join(_LINE_KEYS)})
    SELECT {", ".join(_LINE_KEYS)} FROM {db.unnest(LINE, _LINE_KEYS)}
    ON CONFLICT DO NOTHING RETURNING id
), boxed AS (
    INSERT INTO box ({", ".join(_BOX_KEYS)})
    SELECT {", ".join(f"v.{key}" for key in _BOX_KEYS)}
    FROM {db.unnest(BOX, _BOX_KEYS, first=len(_LINE_KEYS) + 1)} JOIN opened ON opened.id = v.line_id
), gone AS (
    DELETE FROM box WHERE line_id = ANY (${len(_LINE_KEYS) + len(_BOX_KEYS) + 1}::uuid[])
)
SELECT id FROM opened
"""


@dataclass(frozen=True, slots=True)
class Known:
    """Lines there already: ids by themselves; by document the living one and those that ended without a decision.

    former: whole lines whose approvals are to carry over, by id.
    """

    ids: frozenset[UUID]
    living: dict[UUID, UUID]
    returned: dict[UUID, list[UUID]]
    former: dict[UUID, Line]


@dataclass(frozen=True, slots=True)
class Locked:
    """Lines that nobody else changes until the transaction ends, and texts the caller has stored for each.

    answers: by request id, those given before the lines were looked for.
    """

    lines: dict[UUID, Line]
    edits: dict[UUID, tuple[Edit, ...]]
    answers: dict[str, bytes]


async def known_lines(
    unit: UnitOfWork, line_ids: Sequence[UUID], document_ids: Sequence[UUID], former_ids: Sequence[UUID] = ()
) -> Known:
    """What is there of some lines and documents."""
    known = Known(frozenset(), {}, {}, {})
    rows = await unit.fetch(_KNOWN, line_ids, document_ids, list(former_ids))
    wanted = set(document_ids)
    for row in rows:
        if row["carries"]:
            known.former[row["id"]] = line_of(row)
        if row["document_id"] not in wanted:
            continue
        if Status(row["status"]) in ENDED:
            known.returned.setdefault(row["document_id"], []).append(row["id"])
        else:
            known.living[row["document_id"]] = row["id"]
    return replace(known, ids=frozenset(row["id"] for row in rows))


async def insert_lines(unit: UnitOfWork, lines: Iterable[Line], replaced: Sequence[UUID]) -> set[UUID]:
    """Opens lines with their boxes; answers the ids of those that somebody else has not opened meanwhile.

    replaced: returned lines that leave their drafters' boxes, because the documents go on with new lines.
    """
    ordered = sorted(lines, key=lambda line: line.id)
    rows = [line_row(line) for line in ordered]
    entries = [row for line in ordered for row in _box_rows(line, boxes(line))]
    opened = await unit.fetch(
        _OPEN, *db.columns_of(rows, _LINE_KEYS), *db.columns_of(entries, _BOX_KEYS), list(replaced)
    )
    return {row["id"] for row in opened}


async def lock_lines(
    unit: UnitOfWork, wanted: Iterable[tuple[UUID, str]], official_id: str, method: str = ""
) -> Locked:
    """Lines the caller may see, locked in order of id until the transaction ends.

    wanted: lines with the id of the request about each, or an empty one. official_id: whose edits and answers are asked for.
    """
    requests: dict[UUID, str] = {}
    for line_id, request_id in wanted:
        requests.setdefault(line_id, request_id)
    rows = await unit.fetch(_LOCK, list(requests), official_id, method, list(requests.values()))
    return Locked(
        {row["id"]: line_of(row) for row in rows},
        {row["id"]: tuple(map(_edit, row["edits"])) for row in rows if row["edits"]},
        {requests[row["id"]]: row["answer"] for row in rows if row["answer"] is not None},
    )


def _edit(stored: Sequence[Any]) -> Edit:
    manifest_hash, base_hash, author_id, title, attachments, recipients = stored
    return Edit(bytes.fromhex(manifest_hash), bytes.fromhex(base_hash), author_id, title, attachments, recipients)


def save_lines(unit: UnitOfWork, changes: Sequence[tuple[Line, Line]]) -> None:
    """Writes lines as they are after, and moves them between boxes. changes: (before, after), one for each line."""
    for before, after in changes:
        was, now = boxes(before), boxes(after)
        row = line_row(after)
        unit.update(LINE, {key: row[key] for key in _CHANGED_KEYS})
        for official in was:
            if official not in now:
                unit.delete(BOX, {"line_id": after.id, "official_id": official})
        for entry in _box_rows(after, {who: kind for who, kind in now.items() if was.get(who) is not kind}):
            unit.insert(BOX, entry, conflict=_MOVED)


def _box_rows(line: Line, kinds: Mapping[str, Box]) -> list[db.Row]:
    agencies = box_agencies(line) if line.joint else {}
    return [
        {
            "line_id": line.id,
            "official_id": who,
            "agency_id": agencies.get(who, line.agency_id),
            "kind": kind.value,
            "submitted_at": line.submitted_at,
            "lead_id": line.agency_id,
        }
        for who, kind in kinds.items()
    ]
