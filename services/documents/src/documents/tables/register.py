"""Numbers, and what became of them."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from documents.tables.metadata import METADATA

REGISTRATION = Table(
    "registration",
    METADATA,
    Column("department_code", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("serial", BigInteger, primary_key=True),
    Column("document_id", Uuid),
    Column("agency_id", Text),
    Column("text", Text),
    Column("date", Text),
    # exchange.DisclosureLevel as number; last day of the retention period, null: never.
    Column("disclosure", Integer),
    Column("retained_until", Date),
    Column("cancelled", Boolean),
)

VERSION_REGISTRATION = Table(
    "version_registration",
    METADATA,
    Column("department_code", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("serial", BigInteger, primary_key=True),
    Column("document_id", Uuid),
    Column("number", Integer),
    Column("agency_id", Text),
    Column("text", Text),
    Column("date", Text),
)

SPECIAL_NUMBER = Table(
    "special_number",
    METADATA,
    Column("agency_id", Text, primary_key=True),
    Column("kind", Integer, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("serial", BigInteger, primary_key=True),
    Column("document_id", Uuid),
    Column("text", Text),
)

REGISTRATION_CHANGE = Table(
    "registration_change",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("document_id", Uuid),
    Column("agency_id", Text),
    Column("version", BigInteger),
    Column("changes", JSONB),
    Column("reason", Text),
    Column("cancelled", Boolean),
    Column("changed_by", Text),
    Column("changed_name", Text),
    Column("changed_at", DateTime(timezone=True)),
)

REVIEW = Table(
    "review",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("agency_id", Text),
    Column("reviewed_at", DateTime(timezone=True)),
    Column("reviewed_by", Text),
    Column("reviewed_name", Text),
    Column("reason", Text),
    Column("changed", Boolean),
)
