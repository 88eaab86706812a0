"""Tables of the adapters' database: what came in, what became of each record, what has to go out, by which mappings."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

METADATA = MetaData()

INTAKE_FILE = Table(
    "intake_file",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("endpoint", Text),
    Column("adapter", Text),
    Column("mapping_version", Integer),
    Column("agency_id", Text),
    Column("name", Text),
    Column("size", BigInteger),
    Column("sha256", LargeBinary),
    Column("taken_at", DateTime(timezone=True)),
    # Records the decoder found: the accounts are held against it.
    Column("record_count", BigInteger),
    # Findings about the item as a whole: code, params, field, source.
    Column("findings", JSONB),
    # Null: the bytes are kept still.
    Column("raw_removed_at", DateTime(timezone=True)),
    info={"write_order": -2},
)

RECORD = Table(
    "record",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("file_id", Uuid),
    Column("ordinal", BigInteger),
    Column("part", Text),
    Column("byte_offset", BigInteger),
    Column("byte_length", BigInteger),
    Column("endpoint", Text),
    Column("agency_id", Text),
    Column("natural_key", Text),
    # request, arrival, acknowledgement, result, report
    Column("kind", Text),
    # in-flight, returned, registered, quarantined; settled: an acknowledgement handed on, a report taken.
    Column("state", Text),
    # Where it was refused: intake, documents, approval.
    Column("stage", Text),
    Column("reasons", JSONB),
    Column("revision", Integer),
    Column("document_id", Text),
    Column("result_version", BigInteger),
    # Bytes a person put in place of those that came; the original stays in the file.
    Column("corrected", LargeBinary),
    Column("note", Text),
    Column("changed_at", DateTime(timezone=True)),
    info={"write_order": -1},
)

MAPPING = Table(
    "mapping",
    METADATA,
    Column("endpoint", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("adapter", Text),
    Column("agency_id", Text),
    Column("manifest", Text),
    Column("note", Text),
    # proposed, live, refused, superseded
    Column("state", Text),
    Column("proposed_by", Text),
    Column("proposed_name", Text),
    Column("proposed_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("decided_name", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("reason", Text),
)

OUTGOING = Table(
    "outgoing",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text),
    # Delivery id, record id or acknowledged document: what goes out once, or whose newest version goes out.
    Column("key", Text),
    Column("version", BigInteger),
    Column("endpoint", Text),
    Column("agency_id", Text),
    Column("type", Text),
    Column("payload", LargeBinary),
    Column("actor", JSONB),
    Column("correlation_id", Text),
    Column("sender_code", Text),
    Column("receiver_code", Text),
    Column("state", Text),
    Column("attempts", Integer),
    Column("next_attempt_at", DateTime(timezone=True)),
    # Name of the item without extension, fixed before it is first written: writing again replaces, never doubles.
    Column("name", Text),
    Column("sent_at", DateTime(timezone=True)),
    Column("problems", JSONB),
    Column("created_at", DateTime(timezone=True)),
)
