"""Boxes: lists and their numbers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.uow import UnitOfWork
from documents.domain.state import REGISTERED, State
from documents.queries.reader import Reader

# The newest of each token, merged; a document that several tokens show stands under the first of them only.
_LIST = """
SELECT d.id, d.title, d.state, d.department_name, d.drafter_name, d.changed_at, d.attachment_count, d.line_id,
    d.recipients_label, a.registered_at,
    r.department_code AS reg_department, r.year, r.serial, r.text AS number, r.date AS registered_on
FROM unnest($1::text[]) WITH ORDINALITY AS wanted(token, place)
CROSS JOIN LATERAL (
    SELECT s.document_id, s.registered_at FROM audience s JOIN document c ON c.id = s.document_id
    WHERE s.token = wanted.token AND (s.registered_at, s.document_id) < ($3, $4) AND c.state = ANY ($2::text[])
        AND ($6::text = '' OR c.author_id = $6 AND (c.state <> 'refused' OR c.origin IS NULL))
        AND NOT EXISTS (
            SELECT FROM audience o WHERE o.document_id = s.document_id
            AND o.token = ANY (($1::text[])[1:wanted.place::integer - 1])
        )
    ORDER BY s.registered_at DESC, s.document_id DESC LIMIT $5
) a
JOIN document d ON d.id = a.document_id
LEFT JOIN registration r ON r.document_id = d.id
ORDER BY a.registered_at DESC, a.document_id DESC LIMIT $5
"""
_COUNTS = """
SELECT
    count(*) FILTER (WHERE mine AND state = 'draft') AS drafts,
    count(*) FILTER (WHERE mine AND state IN ('in-path', 'held')) AS in_progress,
    count(*) FILTER (
        WHERE mine AND author_id = $1 AND (state = 'returned' OR state = 'refused' AND own)
    ) AS returned,
    count(*) FILTER (WHERE ours AND state IN ('filed', 'sending', 'sent', 'sent-partial')) AS registered,
    count(*) FILTER (WHERE ours AND state IN ('sending', 'sent', 'sent-partial')) AS sent,
    count(*) FILTER (WHERE came AND state = 'arrived') AS arrived
FROM (
    SELECT d.state, d.author_id, d.origin IS NULL AS own, bool_or(a.token = 'official:' || $1) AS mine, bool_or(a.token = $2) AS ours,
        bool_or(a.token = $2 OR a.token = $3) AS came
    FROM audience a JOIN document d ON d.id = a.document_id GROUP BY d.id
) seen
"""
_TROUBLE = "SELECT count(*) FROM delivery WHERE needs_person"


async def page(
    unit: UnitOfWork, reader: Reader, box: str, before: tuple[datetime, UUID], limit: int
) -> Sequence[asyncpg.Record]:
    """A page of a box, newest first."""
    tokens, states = boxes(reader)[box]
    author = reader.official_id if box == "returned" else ""
    return await unit.fetch(_LIST, list(tokens), [str(state) for state in states], *before, limit, author)


def boxes(reader: Reader) -> Mapping[str, tuple[Sequence[str], Sequence[State]]]:
    """Which tokens and states make up each box.

    What came back is its author's; a request that was refused is in no box, its adapter has it in quarantine.
    """
    own, department = f"official:{reader.official_id}", f"department:{reader.department_code}"
    sent = (State.SENDING, State.SENT, State.SENT_PARTIAL)
    arrived = [token for token in reader.tokens if token != own]
    return {
        "drafts": ([own], [State.DRAFT]),
        "in-progress": ([own], [State.IN_PATH, State.HELD]),
        "returned": ([own], [State.RETURNED, State.REFUSED]),
        "registered": ([department], sorted(REGISTERED)),
        "sent": ([department], sent),
        "arrived": (arrived, [State.ARRIVED]),
    }


async def counts(unit: UnitOfWork, reader: Reader) -> tuple[asyncpg.Record, int]:
    """Numbers of the boxes, and of copies that wait for a person."""
    rows = await unit.fetch(
        _COUNTS, reader.official_id, f"department:{reader.department_code}", f"agency:{reader.agency_id}"
    )
    trouble = await unit.fetch(_TROUBLE)
    return rows[0], trouble[0]["count"]
