"""The card with everything that belongs to it, and its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from chassis import journal
from chassis.uow import UnitOfWork
from documents.domain.state import State
from documents.queries.boxes import SUMMARIES
from documents.translate.content import related_to

_CARD = """
SELECT d.*, r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on,
    r.retained_until, r.cancelled, array(SELECT a.basis FROM audience a WHERE a.document_id = d.id) AS bases
FROM document d LEFT JOIN registration r ON r.document_id = d.id WHERE d.id = $1
"""
_VERSIONS = """
SELECT number, title, body, author_name, manifest_hash, created_at, content FROM document_version
WHERE document_id = $1 ORDER BY number
"""
_CIRCULATION = "SELECT * FROM circulation WHERE document_id = $1 ORDER BY asked_at, name"
_LINE_VERSION = "SELECT line_version FROM document WHERE id = $1"
_ROW = "SELECT * FROM document WHERE id = $1"
_BASES = "array(SELECT a.basis FROM audience a WHERE a.document_id = d.id) AS bases"
_ATTACHED = f"SELECT agency_id, content, {_BASES} FROM document d WHERE id = $1"
_READINGS = "SELECT * FROM reading WHERE document_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"


@dataclass(frozen=True, slots=True)
class Card:
    """A card with its texts, those it was shown to, and the documents it goes back to."""

    row: Mapping[str, Any]
    versions: Sequence[asyncpg.Record]
    circulation: Sequence[asyncpg.Record]
    related: Sequence[asyncpg.Record]


async def card(unit: UnitOfWork, document_id: UUID) -> Card | None:
    """The card; None when it does not exist or is not the reader's to see. At most four statements."""
    rows = await unit.fetch(_CARD, document_id)
    if not rows:
        return None
    versions = await unit.fetch(_VERSIONS, document_id)
    row = _as_written(rows[0], versions)
    circulation = await unit.fetch(_CIRCULATION, document_id)
    before = related_to(row["content"])
    others = {each["id"]: each for each in await unit.fetch(SUMMARIES, before)} if before else {}
    return Card(row, versions, circulation, [others[each] for each in before if each in others])


def _as_written(row: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The card with the text its author goes on writing after it was returned; others have no such version."""
    unsent = versions[-1] if row["state"] == State.RETURNED and versions else None
    if unsent is None or unsent["manifest_hash"]:
        return row
    return {**row, "title": unsent["title"], "content": unsent["content"], "body_number": unsent["number"]}


async def line_version(unit: UnitOfWork, document_id: UUID) -> int | None:
    """Version of the line the card has followed; None when there is no such card."""
    rows = await unit.fetch(_LINE_VERSION, document_id)
    return rows[0]["line_version"] if rows else None


async def row(unit: UnitOfWork, document_id: UUID) -> asyncpg.Record | None:
    """The card's row alone; None when it does not exist or is not the reader's to see."""
    rows = await unit.fetch(_ROW, document_id)
    return rows[0] if rows else None


async def readings(unit: UnitOfWork, document_id: UUID, before: int, limit: int) -> Sequence[asyncpg.Record]:
    """Readings and attempts, newest first; under the worker role."""
    return await unit.fetch(_READINGS, document_id, before, limit)


async def attached(unit: UnitOfWork, document_id: UUID) -> asyncpg.Record | None:
    """Agency and stored content of a document, to find an attachment in."""
    rows = await unit.fetch(_ATTACHED, document_id)
    return rows[0] if rows else None


async def history(unit: UnitOfWork, document_id: UUID) -> Sequence[asyncpg.Record]:
    """Journal rows of a document, oldest first."""
    return await journal.history(unit.connection, [document_id])
