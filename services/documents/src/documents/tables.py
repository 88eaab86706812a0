"""Documents' own tables as SQLAlchemy Core describes them, for bulk writes. The schema itself is in migrations/."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid

METADATA = MetaData()

DOCUMENT = Table(
    "document",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Text),
    Column("agency_name", Text),
    Column("department_code", Text),
    Column("department_name", Text),
    Column("title", Text),
    Column("state", Text),
    Column("version", BigInteger),
    # OfficialDocument without body and steps; the body stands in document_version, the steps beside it.
    Column("content", LargeBinary),
    Column("steps", LargeBinary),
    Column("body_number", Integer),
    Column("manifest_hash", LargeBinary),
    Column("line_id", Uuid),
    Column("line_version", BigInteger),
    Column("author_id", Text),
    Column("drafter_name", Text),
    # exchange.Origin of a document that came from a legacy system; origin_key names its record once.
    Column("origin", LargeBinary),
    Column("origin_key", Text),
    Column("origin_revision", Integer),
    Column("report_version", BigInteger),
    Column("notification", Integer),
    Column("file_code", Text),
    Column("retention", Integer),
    Column("recipients_label", Text),
    Column("attachment_count", Integer),
    Column("directory_version", BigInteger),
    Column("correlation_id", Text),
    Column("created_at", DateTime(timezone=True)),
    Column("changed_at", DateTime(timezone=True)),
    info={"write_order": -2},
)

VERSION = Table(
    "document_version",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text),
    Column("body", Text),
    Column("author_name", Text),
    Column("manifest_hash", LargeBinary),
    Column("created_at", DateTime(timezone=True)),
)

# What was decided on, word for word; rows are never changed.
MANIFEST = Table(
    "manifest",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("canonical", LargeBinary),
    Column("created_at", DateTime(timezone=True)),
)

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
)

# Who may see a document: one row a token (official:<id>, department:<code>, agency:<id>).
AUDIENCE = Table(
    "audience",
    METADATA,
    Column("token", Text, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
    Column("reader_agency", Text),
    Column("registered_at", DateTime(timezone=True)),
    info={"write_order": -1},
)

DELIVERY = Table(
    "delivery",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("document_id", Uuid),
    Column("agency_id", Text),
    Column("receiver_code", Text),
    Column("receiver_name", Text),
    Column("state", Text),
    Column("needs_person", Boolean),
    Column("changed_at", DateTime(timezone=True)),
)

DELIVERY_EVENT = Table(
    "delivery_event",
    METADATA,
    Column("report_id", Text, primary_key=True),
    Column("delivery_id", Uuid, primary_key=True),
    Column("document_id", Uuid),
    Column("agency_id", Text),
    Column("step", Text),
    Column("happened_at", DateTime(timezone=True)),
    Column("recorded_at", DateTime(timezone=True)),
    Column("department", Text),
    Column("person", Text),
    Column("reason", Text),
    Column("file_name", Text),
    info={"write_order": 1},
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
)
