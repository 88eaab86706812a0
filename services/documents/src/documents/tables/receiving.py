"""What became of received documents."""

from sqlalchemy import Column, DateTime, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from documents.tables.metadata import METADATA

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
    # Codes of departments that gave it back.
    Column("given_back", JSONB),
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
