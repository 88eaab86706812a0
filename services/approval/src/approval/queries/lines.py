"""Questions about lines: the caller's turn, counts of the caller's boxes, one line, the history."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from approval.domain.line import Box, Line
from approval.tables import LINE
from approval.translate.lines import line_of
from chassis.db import Connection
from chassis.errors import InvalidError

MOST_LINES = 500
USUAL_LINES = 50

_COLUMNS = ", ".join(f"l.{column.name}" for column in LINE.c)
# The index of the box gives the page in order; each of its lines is then found by its key.
_PENDING = f"""
SELECT {_COLUMNS} FROM box b JOIN line l ON l.id = b.line_id
WHERE b.official_id = $1 AND b.kind = 'pending' AND b.agency_id = $5 AND (b.submitted_at, b.line_id) > ($2, $3)
ORDER BY b.submitted_at, b.line_id LIMIT $4
"""
# For several officials: a page of each, of which the first ones make the page. A line that waits for two of them comes once.
_PENDING_OF_SEVERAL = f"""
WITH found AS (
    SELECT DISTINCT b.submitted_at, b.line_id FROM unnest($1::text[]) AS w(id) CROSS JOIN LATERAL (
        SELECT submitted_at, line_id FROM box
        WHERE official_id = w.id AND kind = 'pending' AND agency_id = $5 AND (submitted_at, line_id) > ($2, $3)
        ORDER BY submitted_at, line_id LIMIT $4
    ) AS b ORDER BY b.submitted_at, b.line_id LIMIT $4
)
SELECT {_COLUMNS} FROM found f JOIN line l ON l.id = f.line_id ORDER BY f.submitted_at, f.line_id
"""
_BOX = f"""
WITH found AS (
    SELECT DISTINCT b.submitted_at, b.line_id FROM unnest($1::text[]) AS w(id) CROSS JOIN LATERAL (
        SELECT submitted_at, line_id FROM box
        WHERE official_id = w.id AND kind = $6 AND agency_id = $5 AND (submitted_at, line_id) < ($2, $3)
        ORDER BY submitted_at DESC, line_id DESC LIMIT $4
    ) AS b ORDER BY b.submitted_at DESC, b.line_id DESC LIMIT $4
)
SELECT {_COLUMNS} FROM found f JOIN line l ON l.id = f.line_id ORDER BY f.submitted_at DESC, f.line_id DESC
"""
_COUNTS = """
SELECT official_id, kind, count(*) FROM box WHERE official_id = ANY ($1::text[]) AND agency_id = $2 GROUP BY 1, 2
"""
_BY_ID = f"SELECT {_COLUMNS} FROM line l WHERE id = $1"
# The newest: a returned document may have been submitted again.
_BY_DOCUMENT = f"SELECT {_COLUMNS} FROM line l WHERE document_id = $1 ORDER BY submitted_at DESC LIMIT 1"
# Acts of all lines of a document; lines another agency leads let the reader into their journal, see app.leads.
_LINES = f"""
SELECT {_COLUMNS}, CASE WHEN l.agency_id <> nullif(current_setting('app.agency', true), '') THEN
    set_config('app.leads', concat_ws(',', nullif(current_setting('app.leads', true), ''), l.agency_id), true)
END FROM line l WHERE document_id = $1 ORDER BY submitted_at
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_LINE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PagePosition:
    """Last line of the page before."""

    submitted_at: datetime = _EPOCH
    line_id: UUID = _NO_LINE

    def token(self) -> str:
        """The position as an opaque text."""
        micros = (self.submitted_at - _EPOCH) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(micros.to_bytes(8, signed=True) + self.line_id.bytes).decode()

    @classmethod
    def of(cls, token: str) -> "PagePosition":
        """The position of a token; empty: the beginning. Raises InvalidError page-token-invalid."""
        if not token:
            return cls()
        try:
            data = base64.b64decode(token, altchars=b"-_", validate=True)
            moment = _EPOCH + timedelta(microseconds=int.from_bytes(data[:8], signed=True))
            # UUID refuses anything but 16 bytes.
            return cls(moment, UUID(bytes=data[8:]))
        except (binascii.Error, ValueError, OverflowError):
            raise InvalidError("page-token-invalid", field="page_token") from None


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in order, and where to go on; None on the last page."""

    lines: Sequence[Line]
    following: PagePosition | None


LATEST = PagePosition(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=(1 << 128) - 1))
"""Where lists begin that go from the newest to the oldest."""


async def pending_lines(
    connection: Connection, hands: Sequence[str], agency_id: str, after: PagePosition, page_size: int
) -> Page:
    """Lines whose turn is one of these officials', oldest first. page_size: at most 500; 0 means 50."""
    most = _size(page_size)
    place = (after.submitted_at, after.line_id, most + 1, agency_id)
    if len(hands) == 1:
        return _page(await connection.fetch(_PENDING, hands[0], *place), most)
    return _page(await connection.fetch(_PENDING_OF_SEVERAL, list(hands), *place), most)


async def box_lines(
    connection: Connection, owners: Sequence[str], agency_id: str, kind: Box, before: PagePosition, page_size: int
) -> Page:
    """Lines in a box of some officials or departments, newest first."""
    most = _size(page_size)
    place = (before.submitted_at, before.line_id, most + 1, agency_id)
    return _page(await connection.fetch(_BOX, list(owners), *place, kind.value), most)


def _size(page_size: int) -> int:
    return min(page_size, MOST_LINES) if page_size > 0 else USUAL_LINES


def _page(rows: Sequence[Mapping[str, Any]], most: int) -> Page:
    lines = [line_of(row) for row in rows[:most]]
    more = len(rows) > most
    return Page(lines, PagePosition(lines[-1].submitted_at, lines[-1].id) if more else None)


async def box_counts(connection: Connection, owners: Sequence[str], agency_id: str) -> dict[tuple[str, Box], int]:
    """How many lines lie in each box of some officials or departments."""
    rows = await connection.fetch(_COUNTS, list(owners), agency_id)
    return {(row["official_id"], Box(row["kind"])): row["count"] for row in rows}


async def lines_of_document(connection: Connection, document_id: UUID) -> list[Line]:
    """All lines of a document, oldest first, as far as the caller's agency may see them."""
    return [line_of(row) for row in await connection.fetch(_LINES, document_id)]


async def line_by_id(connection: Connection, line_id: UUID) -> Line | None:
    """The line, if the caller may see it."""
    row = await connection.fetchrow(_BY_ID, line_id)
    return line_of(row) if row else None


async def line_by_document(connection: Connection, document_id: UUID) -> Line | None:
    """The newest line of a document, if the caller may see it."""
    row = await connection.fetchrow(_BY_DOCUMENT, document_id)
    return line_of(row) if row else None
