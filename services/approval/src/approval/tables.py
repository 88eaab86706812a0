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
    Column("kind", Integer),
    Column("task_code", Text),
    Column("rule", Text),
    Column("joint", JSONB),
    info={"together": True},
)
# In whose box an open line lies: pending, held, acted, returned. Rows go when the line is closed. official_id is also
# department:<code>; agency_id is the official's, lead_id the line's (on a joint draft they differ).
BOX = Table(
    "box",
    METADATA,
    Column("line_id", Uuid, primary_key=True),
    Column("official_id", Text, primary_key=True),
    Column("agency_id", Text),
    Column("kind", Text),
    Column("submitted_at", DateTime(timezone=True)),
    Column("lead_id", Text),
    info={"together": True},
)
# Texts stored beside the one that is under way; each counts once its author's step names it.
MANIFEST = Table(
    "manifest",
    METADATA,
    Column("line_id", Uuid, primary_key=True),
    Column("author_id", Text, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("base_hash", LargeBinary),
    Column("agency_id", Text),
    Column("title", Text),
    Column("attachment_count", Integer),
    Column("has_recipients", Boolean),
    info={"together": True},
)
LINE_TEMPLATE = Table(
    "line_template",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Text),
    Column("department_code", Text),
    Column("owner_id", Text),
    Column("name", Text),
    Column("kind", Integer),
    Column("task_code", Text),
    Column("shared", Boolean),
    Column("steps", JSONB),
    Column("changed_at", DateTime(timezone=True)),
)
# Hot for somebody who drafts much: written after everything else, in order of key.
LAST_USED = Table(
    "last_used",
    METADATA,
    Column("agency_id", Text, primary_key=True),
    Column("official_id", Text, primary_key=True),
    Column("kind", Integer, primary_key=True),
    Column("task_code", Text, primary_key=True),
    Column("steps", JSONB),
    Column("used_at", DateTime(timezone=True)),
    info={"write_order": 9, "together": True},
)
# What a passkey signed, with what is needed to verify it again; path: hashes of 32 bytes, one after the other.
STEP_PROOF = Table(
    "step_proof",
    METADATA,
    Column("line_id", Uuid, primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("agency_id", Text),
    Column("decided_version", BigInteger),
    Column("manifest_hash", LargeBinary),
    Column("action", Text),
    Column("opinion_hash", LargeBinary),
    Column("return_to", Integer),
    Column("acting_for", Text),
    Column("leaf", LargeBinary),
    Column("leaf_index", Integer),
    Column("leaf_count", Integer),
    Column("path", LargeBinary),
    Column("root", LargeBinary),
    Column("credential_json", Text),
    Column("passkey_id", Text),
    Column("public_key", LargeBinary),
    Column("rp_id", Text),
    Column("official_id", Text),
    Column("signed_at", DateTime(timezone=True)),
    info={"together": True},
)
