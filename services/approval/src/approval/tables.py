"""Approval's own tables as SQLAlchemy Core describes them, for bulk writes. The schema itself is in migrations/."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

METADATA = MetaData()

LINE = Table(
    "line",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("document_id", Uuid),
    Column("agency_id", Text),
    Column("department_code", Text),
    Column("title", Text),
    Column("status", Text),
    Column("version", BigInteger),
    Column("manifest_hash", LargeBinary),
    # The whole line in one place: a decision reads and writes one row, and its history is the journal.
    Column("steps", JSONB),
    Column("submitted_at", DateTime(timezone=True)),
    Column("decided_at", DateTime(timezone=True)),
    Column("correlation_id", Text),
    Column("last_actor", Text),
    Column("attachment_count", Integer),
    Column("has_recipients", Boolean),
)
# In whose box an open line lies: pending, held, acted, returned. Rows go when the line is decided.
BOX = Table(
    "box",
    METADATA,
    Column("line_id", Uuid, primary_key=True),
    Column("official_id", Text, primary_key=True),
    Column("agency_id", Text),
    Column("kind", Text),
    Column("submitted_at", DateTime(timezone=True)),
)
