"""What the open-document portal was told."""

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, Table, Text, Uuid

from documents.tables.metadata import METADATA

DISCLOSED = Table(
    "disclosed",
    METADATA,
    Column("document_id", Uuid, primary_key=True),
    Column("agency_id", Text),
    Column("version", BigInteger),
    Column("said", LargeBinary),
    Column("problem", Text),
    Column("looked_at", DateTime(timezone=True)),
    Column("look_at", DateTime(timezone=True)),
)
