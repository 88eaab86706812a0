"""Questions about lines: the caller's turn, counts of the caller's boxes, one line, the history."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
WHERE b.official_id = $1 AND b.kind = 'pending' AND (b.submitted_at, b.line_id) > ($2, $3)
ORDER BY b.submitted_at, b.line_id LIMIT $4
"""
_COUNTS = "SELECT kind, count(*) FROM box WHERE official_id = $1 GROUP BY kind"
_BY_ID = f"SELECT {_COLUMNS} FROM line l WHERE id = $1"
# The newest: a returned document may have been submitted again.
_BY_DOCUMENT = f"SELECT {_COLUMNS} FROM line l WHERE document_id = $1 ORDER BY submitted_at DESC LIMIT 1"
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


async def pending_lines(connection: Connection, official_id: str, after: PagePosition, page_size: int) -> Page:
    """Lines whose turn is the official's, oldest first. page_size: at most 500; 0 means 50."""
    most = min(page_size, MOST_LINES) if page_size > 0 else USUAL_LINES
    rows = await connection.fetch(_PENDING, official_id, after.submitted_at, after.line_id, most + 1)
    lines = [line_of(row) for row in rows[:most]]
    more = len(rows) > most
    return Page(lines, PagePosition(lines[-1].submitted_at, lines[-1].id) if more else None)


async def box_counts(connection: Connection, official_id: str) -> dict[Box, int]:
    """How many lines lie in each box of an official."""
    return {Box(row["kind"]): row["count"] for row in await connection.fetch(_COUNTS, official_id)}


async def line_by_id(connection: Connection, line_id: UUID) -> Line | None:
    """The line, if the caller may see it."""
    row = await connection.fetchrow(_BY_ID, line_id)
    return line_of(row) if row else None


async def line_by_document(connection: Connection, document_id: UUID) -> Line | None:
    """The newest line of a document, if the caller may see it."""
    row = await connection.fetchrow(_BY_DOCUMENT, document_id)
    return line_of(row) if row else None
