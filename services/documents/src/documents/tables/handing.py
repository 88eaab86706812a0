"""Hand-overs of records to the records system."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from documents.tables.metadata import METADATA

RECORD_TRANSFER = Table(
    "record_transfer",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Text),
    Column("department_code", Text),
    Column("department_name", Text),
    # transfer, production-report
    Column("kind", Text),
    Column("year", Integer),
    Column("task_code", Text),
    # exchange.Retention as number; 0: any.
    Column("minimum_retention", Integer),
    # preparing, waiting, accepted, returned
    Column("state", Text),
    Column("version", BigInteger),
    Column("records", Integer),
    Column("files", Integer),
    Column("accepted", Integer),
    Column("returned", Integer),
    Column("digest", LargeBinary),
    Column("made_by", Text),
    Column("made_name", Text),
    Column("made_position", Text),
    Column("made_at", DateTime(timezone=True)),
    # While it is prepared: when somebody may look at it (again).
    Column("look_at", DateTime(timezone=True)),
    Column("answered_at", DateTime(timezone=True)),
    Column("code", Text),
    Column("reason", Text),
    # Faults that name none of its records, as translate.handing keeps them.
    Column("faults", JSONB),
    Column("corrects_id", Uuid),
    Column("correlation_id", Text),
    info={"write_order": -1},
)

RECORD_TRANSFER_ENTRY = Table(
    "record_transfer_entry",
    METADATA,
    Column("transfer_id", Uuid, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
    Column("agency_id", Text),
    Column("kind", Text),
    Column("position", Integer),
    # Department 7 + year 4 + serial 6.
    Column("registration_key", Text),
    Column("file_code", Text),
    # State of the document it was handed over in.
    Column("before", Text),
    # waiting, accepted, returned
    Column("state", Text),
    Column("faults", JSONB),
)

RECORD_RENDITION = Table(
    "record_rendition",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sha256", LargeBinary),
    Column("size", BigInteger),
    Column("pages", Integer),
    Column("made_at", DateTime(timezone=True)),
)

TRANSFER_EXTENSION = Table(
    "transfer_extension",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Text),
    Column("department_code", Text),
    Column("year", Integer),
    # At whose end the extension ends.
    Column("until_year", Integer),
    Column("reason", Text),
    Column("decided_by", Text),
    Column("decided_name", Text),
    Column("decided_at", DateTime(timezone=True)),
)
