"""Tables that every service's database has beside its own: journal, outbox, parcels, inbox, requests, parked, audit of reading.

The journal is the decision history and the source of events; the outbox only points at what has still to be published.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB


def chassis_tables(metadata: MetaData) -> None:
    """Adds the chassis' tables to a service's metadata, so that handlers and migrations name the same thing."""
    for make in (journal_table, parcel_table, outbox_table, inbox_table, request_table, parked_table):
        make(metadata)


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


def outbox_table(metadata: MetaData) -> Table:
    """Pointers at journal rows (kind j) and parcels (kind p) that wait to be published."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("kind", Text, nullable=False),
        Column("seq", BigInteger, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("leased_until", DateTime(timezone=True), nullable=False, server_default="-infinity"),
    )


def inbox_table(metadata: MetaData) -> Table:
    """What was handled, by consumer and message, with the refusal if there was one."""
    return Table(
        "inbox",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("message_id", Uuid, primary_key=True),
        Column("handled_at", DateTime(timezone=True), nullable=False),
        Column("refusal", JSONB),
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
    )


def parked_table(metadata: MetaData) -> Table:
    """Messages that could not be handled: tried again by time, or kept until a person fixes and replays them."""
    return Table(
        "parked",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("message_id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("agency_id", Text, nullable=False),
        Column("actor", JSONB, nullable=False),
        Column("correlation_id", Text, nullable=False),
        Column("occurred_at", DateTime(timezone=True), nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("problems", JSONB, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("parked_at", DateTime(timezone=True), nullable=False),
        # Null: waits for a person.
        Column("next_attempt_at", DateTime(timezone=True)),
        Index("parked_due", "next_attempt_at"),
    )
