"""Who may read, who was shown what, who read."""

from sqlalchemy import Boolean, Column, DateTime, Table, Text, Uuid

from documents.tables.metadata import METADATA

AUDIENCE = Table(
    "audience",
    METADATA,
    Column("token", Text, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
    Column("reader_agency", Text),
    Column("registered_at", DateTime(timezone=True)),
    # By what right: see domain.visibility.
    Column("basis", Text),
    info={"write_order": -1},
)

READING = Table(
    "reading",
    METADATA,
    Column("document_id", Uuid),
    Column("agency_id", Text),
    Column("official_id", Text),
    Column("reader_agency", Text),
    Column("reader_name", Text),
    Column("allowed", Boolean),
    Column("read_at", DateTime(timezone=True)),
    Column("department_name", Text),
    Column("agency_name", Text),
    Column("basis", Text),
    # body, attachment, output
    Column("what", Text),
)

CIRCULATION = Table(
    "circulation",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("official_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("agency_id", Text),
    Column("reader_agency", Text),
    Column("asked_by", Text),
    Column("asked_at", DateTime(timezone=True)),
    Column("instruction", Text),
    Column("read_at", DateTime(timezone=True)),
    Column("reminded_at", DateTime(timezone=True)),
    Column("name", Text),
    Column("position", Text),
    Column("department_name", Text),
)

READER_GRANT = Table(
    "reader_grant",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("token", Text, primary_key=True),
    Column("agency_id", Text),
    Column("reader_agency", Text),
    Column("granted_by", Text),
    Column("granted_name", Text),
    Column("granted_at", DateTime(timezone=True), primary_key=True),
    Column("reason", Text),
    Column("revoked_by", Text),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoke_reason", Text),
)
