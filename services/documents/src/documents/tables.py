"""Documents' own tables as SQLAlchemy Core describes them, for bulk writes. The schema itself is in migrations/."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from chassis.schedule import schedule_table

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

# What was decided on, word for word; rows are never changed.
MANIFEST = Table(
    "manifest",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("canonical", LargeBinary),
    Column("created_at", DateTime(timezone=True)),
)

# In which documents a file stands, in whatever version.
ATTACHED_FILE = Table(
    "attached_file",
    METADATA,
    Column("sha256", LargeBinary, primary_key=True),
    Column("document_id", Uuid, primary_key=True),
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
    # exchange.DisclosureLevel as number; last day of the retention period, null: never.
    Column("disclosure", Integer),
    Column("retained_until", Date),
    Column("cancelled", Boolean),
)

# Rejected and superseded versions that are records of their own.
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

# Further numbers of orders and notices; year 0: a series that runs on over the years.
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

# Lines that documents have left behind by being submitted again.
PAST_LINE = Table(
    "past_line",
    METADATA,
    Column("line_id", Uuid, primary_key=True),
    Column("document_id", Uuid),
)

# Who may see a document: one row a token (official:<id>, department:<code>, agency:<id>, member:<agency>, records:<agency>, all).
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
    # Index into the recipients: those decided on, then those added.
    Column("position", Integer),
    Column("refer", Boolean),
    # Why a person is asked: failed, returned, resend-requested, recall-too-late, overdue, not-arrived.
    Column("reason", Text),
    Column("due_at", DateTime(timezone=True)),
    # When the clock looks at it next; null: nothing is waited for.
    Column("watch_at", DateTime(timezone=True)),
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
    Column("department_name", Text),
    Column("agency_name", Text),
    Column("basis", Text),
    # body, attachment, output
    Column("what", Text),
)

# Who was shown a document, and when that person read it. kind: circulate, inform, confirm.
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

# Who may read beyond the reading range, on whose word.
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

# Registration data before and after, word for word. changes: [field, before, after] each.
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

# Results of yearly looks. kind: disclosure, retention.
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

# What was done with a copy here, by a person or by the clock.
DELIVERY_ACT = Table(
    "delivery_act",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("delivery_id", Uuid),
    Column("document_id", Uuid),
    Column("agency_id", Text),
    Column("act", Text),
    Column("settled", JSONB),
    Column("reason", Text),
    Column("actor_id", Text),
    Column("actor_name", Text),
    Column("done_at", DateTime(timezone=True)),
    info={"write_order": 1},
)

# Recipients asked for after sending; recipients: an OfficialDocument with nothing else.
RECIPIENT_ADDITION = Table(
    "recipient_addition",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("document_id", Uuid),
    Column("agency_id", Text),
    Column("recipients", LargeBinary),
    Column("ground", Text),
    Column("note", Text),
    Column("asked_by", Text),
    Column("asked_name", Text),
    Column("asked_at", DateTime(timezone=True)),
    Column("state", Text),
    Column("decided_by", Text),
    Column("decided_name", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("decision_reason", Text),
    Column("first_position", Integer),
)

# In whose words sending was refused, held back, released or cancelled.
DISPATCH_NOTE = Table(
    "dispatch_note",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("document_id", Uuid),
    Column("agency_id", Text),
    Column("act", Text),
    Column("reason", Text),
    Column("actor_id", Text),
    Column("actor_name", Text),
    Column("noted_at", DateTime(timezone=True)),
)

SEAL = Table(
    "seal",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Text),
    Column("name", Text),
    Column("kind", Text),
    Column("department_code", Text),
    # exchange.Attachment
    Column("image", LargeBinary),
    Column("keeper_department_code", Text),
    Column("registered_by", Text),
    Column("registered_at", DateTime(timezone=True)),
    Column("disposed_by", Text),
    Column("disposed_at", DateTime(timezone=True)),
    Column("dispose_reason", Text),
)

# The ledgers of seals and signatures; rows are never changed.
SEAL_IMPRINT = Table(
    "seal_imprint",
    METADATA,
    Column("agency_id", Text, primary_key=True),
    Column("series", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("document_id", Uuid),
    Column("seal_id", Uuid),
    Column("seal_name", Text),
    Column("title", Text),
    Column("registration", LargeBinary),
    Column("recipients_label", Text),
    Column("department_code", Text),
    Column("department_name", Text),
    Column("applied_by", Text),
    Column("applied_name", Text),
    Column("applied_at", DateTime(timezone=True)),
)

# What becomes of a received document, beside its card.
RECEIPT = Table(
    "receipt",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("agency_id", Text),
    # As the sender addressed it.
    Column("receiver_code", Text),
    Column("arrived_at", DateTime(timezone=True)),
    # Begin of the working time in which it is dealt with.
    Column("handed_over_at", DateTime(timezone=True)),
    Column("distributed_at", DateTime(timezone=True)),
    Column("accepted_at", DateTime(timezone=True)),
    # Codes of departments that were informed beside the one that accepts.
    Column("informed", JSONB),
    Column("task_code", Text),
    Column("in_charge_name", Text),
    Column("instruction", Text),
    Column("due_on", Text),
    Column("passed_to", Text),
    Column("reason", Text),
    Column("defect", Text),
    Column("note", Text),
    Column("answer_id", Uuid),
    Column("forward_id", Uuid),
)

# What a document is found by: title and people as domain.searching makes them plain; the database makes the grams.
SEARCH_ENTRY = Table(
    "search_entry",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("title", Text),
    Column("people", Text),
    info={"write_order": 1},
)

TIMER = schedule_table(METADATA)
