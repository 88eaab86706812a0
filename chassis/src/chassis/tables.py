"""The chassis' tables that are written in bulk, described: journal, parcels, answered requests. All of them: ``schema.sql``.

The journal is the decision history and the source of events; the outbox only points at what has still to be published.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB


def journal_table(metadata: MetaData) -> Table:
    """Append-only history. Version uniqueness lives on the aggregate's row, because partitions cannot share an index."""
    return Table(
        "journal",
        metadata,
        Column("seq", BigInteger, Identity(always=True), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("aggregate_id", Uuid, nullable=False),
        Column("aggregate_version", BigInteger, nullable=False),
        Column("agency_id", Text, nullable=False),
        Column("actor", JSONB, nullable=False),
        Column("correlation_id", Text, nullable=False),
        Column("occurred_at", DateTime(timezone=True), nullable=False),
        # xid8 of the writing transaction: readers stay below pg_snapshot_xmin, so no late commit is missed.
        Column("xid", Text, nullable=False),
        # Null once disposed of by a recorded disposal decision; the leaf keeps proving that it was there.
        Column("payload", LargeBinary),
        Column("salt", LargeBinary),
        Column("leaf_index", BigInteger),
    )


def parcel_table(metadata: MetaData) -> Table:
    """Messages that carry document content: published once, then deleted; they never enter the journal."""
    return Table(
        "parcel",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("agency_id", Text, nullable=False),
        Column("actor", JSONB, nullable=False),
        Column("correlation_id", Text, nullable=False),
        Column("occurred_at", DateTime(timezone=True), nullable=False),
        Column("payload", LargeBinary, nullable=False),
    )


def request_table(metadata: MetaData) -> Table:
    """Commands already carried out, by client and method: the same request id yields the same answer."""
    return Table(
        "request",
        metadata,
        Column("client", Text, primary_key=True),
        Column("method", Text, primary_key=True),
        Column("request_id", Text, primary_key=True),
        Column("handled_at", DateTime(timezone=True), nullable=False),
        Column("response", LargeBinary, nullable=False),
        info={"together": True},
    )
