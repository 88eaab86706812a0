"""Cards, their texts and what was decided on."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from documents.tables.metadata import METADATA

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
    # 담당자 of a received document.
    Column("in_charge_id", Text),
    # 일괄기안: the document whose decision is this one's too, and its place behind it; null: it stands for itself.
    Column("lead_id", Uuid),
    Column("place", Integer),
    # Officials who write on a private draft beside its author.
    Column("co_drafters", JSONB),
    # Why no line was opened: [code, params, field, source] each.
    Column("problems", JSONB),
    info={"write_order": -2},
)

VERSION = Table(
    "document_version",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text),
    Column("body", Text),
    Column("author_id", Text),
    Column("author_name", Text),
    # Capacity the author wrote in: "정책과 행정사무관".
    Column("author_position", Text),
    # Role of the author's step: draft, review, decide.
    Column("role", Text),
    # Version it was made from; 0: none.
    Column("base_number", Integer),
    # False: stored beside the text under way, no step has named it.
    Column("effective", Boolean),
    # As document.content, of this version.
    Column("content", LargeBinary),
    # Empty: still being written.
    Column("manifest_hash", LargeBinary),
    Column("created_at", DateTime(timezone=True)),
)

MANIFEST = Table(
    "manifest",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("canonical", LargeBinary),
    Column("created_at", DateTime(timezone=True)),
)

ATTACHED_FILE = Table(
    "attached_file",
    METADATA,
    Column("sha256", LargeBinary, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
)

PAST_LINE = Table(
    "past_line",
    METADATA,
    Column("line_id", Uuid, primary_key=True),
    Column("document_id", Uuid),
)

SEARCH_ENTRY = Table(
    "search_entry",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("title", Text),
    Column("people", Text),
    info={"write_order": 1},
)
