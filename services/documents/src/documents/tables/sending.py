"""Copies on their way, marks, ledgers."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from documents.tables.metadata import METADATA

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
    # Why a person is asked: failed, returned, resend-requested, recall-too-late, overdue, not-arrived, by-hand.
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
    # Whom it was sent on to (이송).
    Column("passed_to", Text),
    info={"write_order": 1},
)

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
