"""The directory's tables as SQLAlchemy Core describes them, for bulk writes. The schema itself is in migrations/."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

METADATA = MetaData()


def _dated(name: str, key: Sequence[str], *columns: "Column[Any]") -> Table:
    return Table(
        name, METADATA, *columns, Column("valid_from", Date), Column("valid_to", Date), info={"key": tuple(key)}
    )


def _version() -> "Column[Any]":
    return Column("version", BigInteger)


UNIT = _dated(
    "unit",
    ("unit_id",),
    Column("unit_id", Uuid),
    *(Column(name, Text) for name in ("code", "name", "full_name", "parent_code", "time_zone", "head_title")),
    *(Column(name, Text) for name in ("zipcode", "address", "telephone", "fax", "homepage")),
    Column("agency_id", Uuid),
    Column("is_agency", Boolean),
    Column("served_here", Boolean),
    Column("successor_codes", JSONB),
    Column("decision_strength", SmallInteger),
    Column("document_department_code", Text),
    _version(),
)
OFFICIAL = _dated(
    "official",
    ("official_id",),
    Column("official_id", Uuid),
    Column("agency_id", Uuid),
    *(Column(name, Text) for name in ("name", "login", "email")),
    _version(),
)
POST = _dated(
    "post",
    ("post_id",),
    Column("post_id", Uuid),
    Column("agency_id", Uuid),
    Column("department_code", Text),
    Column("position", Text),
    Column("roles", JSONB),
    Column("level", SmallInteger),
)
APPOINTMENT = _dated(
    "appointment",
    ("appointment_id",),
    *(Column(name, Uuid) for name in ("appointment_id", "official_id", "post_id", "agency_id")),
    Column("position", Text),
    Column("department_code", Text),
    Column("roles", JSONB),
    Column("level", SmallInteger),
    _version(),
)
EXTERNAL_IDENTITY = _dated(
    "external_identity",
    ("system", "external_id"),
    Column("system", Text),
    Column("external_id", Text),
    Column("official_id", Uuid),
    Column("agency_id", Uuid),
    _version(),
)
CLIENT_SYSTEM = _dated(
    "client_system",
    ("system",),
    Column("system", Text),
    Column("name", Text),
    Column("agency_ids", JSONB),
    _version(),
)
TASK = _dated(
    "task",
    ("code",),
    Column("code", Text),
    Column("name", Text),
    Column("retention", SmallInteger),
    Column("department_codes", JSONB),
    Column("agency_id", Uuid),
    _version(),
)
TOKEN_KEY = _dated(
    "token_key",
    ("key_id",),
    Column("key_id", Text),
    Column("public_key", LargeBinary),
    Column("made_at", DateTime(timezone=True)),
    Column("retired_at", DateTime(timezone=True)),
)
DELEGATION_RULE = _dated(
    "delegation_rule",
    ("rule_id",),
    Column("rule_id", Uuid),
    Column("agency_id", Uuid),
    Column("title", Text),
    Column("task_code", Text),
    *(Column(name, SmallInteger) for name in ("document_kind", "level", "decision_strength")),
    Column("audit", Boolean),
    _version(),
    Column("changed_by", Text),
    Column("changed_at", DateTime(timezone=True)),
)
ABSENCE = _dated(
    "absence",
    ("absence_id",),
    *(Column(name, Uuid) for name in ("absence_id", "official_id", "agency_id", "deputy_official_id")),
    Column("reason", Text),
    Column("note", Text),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    _version(),
)
PASSKEY = _dated(
    "passkey",
    ("passkey_id",),
    Column("passkey_id", Text),
    Column("official_id", Uuid),
    Column("agency_id", Uuid),
    Column("public_key", LargeBinary),
    Column("name", Text),
    Column("registered_at", DateTime(timezone=True)),
    Column("sign_count", BigInteger),
    _version(),
)
REPORTED = Table(
    "reported",
    METADATA,
    *(Column(name, Text) for name in ("system", "kind", "key")),
    Column("subject", Uuid),
    Column("reported_at", DateTime(timezone=True)),
    Column("number", Text),
)
UNIT_LINK = Table("unit_link", METADATA, Column("code", Text), Column("predecessor_code", Text))
CHANGE = _dated(
    "change",
    ("kind", "id"),
    Column("kind", SmallInteger),
    Column("id", Text),
    Column("payload", LargeBinary),
    _version(),
)
CREDENTIAL = Table(
    "credential",
    METADATA,
    Column("login", Text),
    Column("official_id", Uuid),
    Column("password_hash", Text),
    Column("must_change", Boolean),
    Column("changed_at", DateTime(timezone=True)),
)
SESSION = Table(
    "session",
    METADATA,
    Column("token_hash", LargeBinary),
    Column("official_id", Uuid),
    Column("agency_id", Uuid),
    Column("created_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
    Column("session_id", Uuid),
    Column("strength", Text),
    Column("passkey_id", Text),
    Column("client_address", Text),
)
CHALLENGE = Table(
    "challenge",
    METADATA,
    Column("challenge", LargeBinary),
    Column("purpose", Text),
    Column("official_id", Uuid),
    Column("named", Boolean),
    Column("expires_at", DateTime(timezone=True)),
)
SIGN_IN = Table(
    "sign_in",
    METADATA,
    Column("id", Uuid),
    Column("at", DateTime(timezone=True)),
    Column("login", Text),
    Column("official_id", Uuid),
    Column("agency_id", Uuid),
    Column("outcome", Text),
    Column("client_address", Text),
)


def replacing(table: Table, columns: Sequence[str]) -> str:
    """ON CONFLICT text that makes an insert of dated rows replace those of the same key and first day."""
    key = (*table.info["key"], "valid_from")
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f"({', '.join(key)}) DO UPDATE SET {changes}"
